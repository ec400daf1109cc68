"""Lessons as HTML. A lesson may hold no HTML of its own; its headings come below the page's."""

from __future__ import annotations

from functools import lru_cache

from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

_READER = MarkdownIt("commonmark", {"html": False}).enable("table")


@lru_cache(maxsize=256)
def html(text: str) -> SafeString:
    """The text as HTML."""
    tokens = _READER.parse(text)
    levels = [int(each.tag[1]) for each in tokens if each.type == "heading_open"]
    down = 2 - min(levels, default=2)
    for each in tokens:
        if each.type in ("heading_open", "heading_close"):
            each.tag = f"h{min(6, int(each.tag[1]) + down)}"
    rendered: str = _READER.renderer.render(tokens, _READER.options, {})
    return mark_safe(rendered)  # noqa: S308 - the reader escapes all HTML
