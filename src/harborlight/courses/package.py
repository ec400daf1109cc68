"""A course as a package for another LMS: one zip that holds the course, the player and a manifest.

The same course gives the same bytes, on any machine: files are sorted, stored as they are, and all
bear the same day. Nothing in it knows a passenger or a person of the staff.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal

from markdown_it import MarkdownIt

from harborlight.courses import cmi5, scorm
from harborlight.courses.course import Course

Format = Literal["scorm", "cmi5"]

PLAYER = Path(__file__).parent / "player"

#: What SCORM 1.2 lets a course keep, in characters, and what the head of it takes at most.
MOST_KEPT, HEAD = 4096, 96

#: One character tells which option was chosen.
MOST_OPTIONS = 36

_DAY = (1980, 1, 1, 0, 0, 0)  # the first that a zip knows
_FORMATS: dict[str, tuple[Callable[[Course, list[str]], dict[str, str]], str, str]] = {
    # manifest, the player's way to the LMS, and whom the page may connect to
    "scorm": (scorm.manifest, "scorm.js", "'none'"),
    "cmi5": (cmi5.manifest, "cmi5.js", "https: http:"),
}


def package(course: Course, format: Format) -> bytes:  # noqa: A002 - the word of the command line
    """The zip of a course, for `scorm` (1.2) or `cmi5`. ValueError when it cannot be one."""
    items = len(course.scenarios) + len(course.questions)
    if items > MOST_KEPT - HEAD:
        raise ValueError(
            f"{course.code} asks {items} things; an LMS keeps the answers to {MOST_KEPT - HEAD}"
        )
    for question in course.questions:
        if len(question.options) > MOST_OPTIONS:
            raise ValueError(f"{question.code} has more than {MOST_OPTIONS} options")
    manifest, link, connect = _FORMATS[format]
    files = {
        "course.js": f'"use strict";\nconst COURSE = {_javascript(content(course))};\n',
        "index.html": _player("index.html")
        .replace("CONNECT", connect)
        .replace("TITLE", _html(course.title[course.languages[0]])),
        "link.js": _player(link),
        **{name: _player(name) for name in ("player.css", "player.js", "state.js", "words.js")},
    }
    return _zip({**files, **manifest(course, sorted(files))})


def content(course: Course) -> dict[str, Any]:
    """What the player shows of a course, as JSON has it; lessons as HTML."""
    markdown = MarkdownIt("commonmark", {"html": False})
    return {
        "code": course.code,
        "version": course.version,
        "minutes": course.minutes,
        "pass_at": course.pass_at,
        "languages": list(course.languages),
        "title": course.title,
        "lessons": [
            {
                "code": each.code,
                "title": each.title,
                "html": {lang: markdown.render(text) for lang, text in each.body.items()},
            }
            for each in course.lessons
        ],
        "scenarios": [
            {"code": each.code, "text": each.text, "concern": each.concern, "why": each.why}
            for each in course.scenarios
        ],
        "questions": [
            {
                "code": each.code,
                "text": each.text,
                "options": list(each.options),
                "right": each.right,
                "why": each.why,
            }
            for each in course.questions
        ],
        "sources": [
            {
                "title": each.title,
                "publisher": each.publisher,
                "url": each.url,
                "date": each.date.isoformat(),
                "verified": each.verified,
            }
            for each in course.sources
        ],
    }


def _player(name: str) -> str:
    return (PLAYER / name).read_text("utf-8")


def _javascript(value: object) -> str:
    """JSON that can stand in a script."""
    return json.dumps(value, ensure_ascii=False, indent=1).replace("</", "<\\/")


def _html(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


def _zip(files: Mapping[str, str]) -> bytes:
    """Files in a zip. They are stored and not packed: packing differs from one zlib to the next."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_STORED) as packed:
        for name, text in sorted(files.items()):
            entry = zipfile.ZipInfo(name, _DAY)
            entry.create_system = 3  # Unix, wherever it is made
            entry.external_attr = 0o100644 << 16
            packed.writestr(entry, text.encode("utf-8"))
    return whole.getvalue()
