"""Text that strangers wrote, made safe to look at: what would act on a page is shown instead.

Markup is escaped by the page's template engine. This is about characters: controls that end or
break a page, and those that turn the reading direction around and make text look like another.
"""

from __future__ import annotations

import re

_CONTROLS = {code: 0x2400 + code for code in range(32) if code not in (9, 10)}
_CONTROLS[0x7F] = 0x2421
_CONTROLS |= dict.fromkeys([*range(0x80, 0xA0), 0xFFFE, 0xFFFF], 0xFFFD)
_TURNS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def visible(text: str, most: int | None = None) -> str:
    """The text with controls as pictures and turns of direction as "[U+202E]".

    Lines end in a newline. Of more than `most` characters only so many are kept, which is said.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if most is not None and len(text) > most:
        text = f"{text[:most]} … ({len(text) - most:,} more characters)"
    return _TURNS.sub(lambda turn: f"[U+{ord(turn[0]):04X}]", text.translate(_CONTROLS))
