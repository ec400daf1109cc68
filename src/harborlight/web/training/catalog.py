"""The courses that a site has: those of Harborlight, and its own in the folder `courses` of its
home. Each version that somebody takes is kept whole, so that what was answered can be read later.
"""

from __future__ import annotations

from dataclasses import asdict, fields
from datetime import date
from functools import cache
from typing import Any, TypeVar

from django.conf import settings
from django.utils.translation import get_language

from harborlight.courses.course import (
    Course,
    Lesson,
    Question,
    Scenario,
    Source,
    bundled,
    load,
)
from harborlight.web.audit.acts import when
from harborlight.web.training.models import Edition, StaffPerson

T = TypeVar("T")


@cache
def courses() -> dict[str, Course]:
    """All courses by code; a site's own replaces one of the same code. Read once in a process."""
    own = settings.HOME.folder / "courses"
    folders = sorted(own.iterdir()) if own.is_dir() else []
    loaded = [load(folder) for folder in folders if folder.is_dir()]
    return {**bundled(), **{course.code: course for course in loaded}}


def for_work(work: str) -> list[Course]:
    """The courses for people who work there."""
    return [course for course in courses().values() if course.role == work]


def for_person(person: StaffPerson) -> list[Course]:
    """The courses that somebody is to take."""
    return for_work(person.work)


def edition_of(course: Course) -> Edition:
    """The course as it is now, kept. Within an act."""
    found = Edition.objects.filter(course=course.code, version=course.version).first()
    if found is not None:
        return found
    made, _new = Edition.objects.get_or_create(
        course=course.code,
        version=course.version,
        defaults={"title": course.title, "content": to_plain(course), "at": when()},
    )
    return made


def course_of(edition: Edition) -> Course:
    """The course as it was in that edition."""
    now = courses().get(edition.course)
    if now is not None and now.version == edition.version:
        return now
    return from_plain(edition.content)


def to_plain(course: Course) -> dict[str, Any]:
    """A course as JSON can hold it."""
    plain = asdict(course)
    for source in plain["sources"]:
        source["date"] = source["date"].isoformat()
    return plain


def from_plain(plain: dict[str, Any]) -> Course:
    """The course again; the same in every field that it had when it was kept."""
    told: dict[str, Any] = _frozen(plain)
    for each in told["sources"]:
        each["date"] = date.fromisoformat(each["date"])
    for name, kind in PARTS.items():
        told[name] = tuple(_made(kind, each) for each in told[name])
    return _made(Course, told)


PARTS: dict[str, type] = {
    "lessons": Lesson,
    "scenarios": Scenario,
    "questions": Question,
    "sources": Source,
}
#: What a field is that courses did not have yet when one was kept.
EMPTY: dict[str, Any] = {"tuple": (), "dict": {}, "str": "", "bool": False}


def _frozen(value: Any) -> Any:
    """The same with tuples for lists, as courses have them."""
    if isinstance(value, list | tuple):
        return tuple(_frozen(each) for each in value)
    if isinstance(value, dict):
        return {name: _frozen(each) for name, each in value.items()}
    return value


def _made(kind: type[T], told: dict[str, Any]) -> T:
    given = {
        each.name: told.get(each.name, EMPTY.get(str(each.type).partition("[")[0]))
        for each in fields(kind)  # type: ignore[arg-type]
    }
    return kind(**given)


def in_language(words: dict[str, str], language: str = "") -> str:
    """Words in a language, or the page's; else in English, else in whichever there is."""
    wanted = language or (get_language() or "en")[:2]
    return words.get(wanted) or words.get("en") or next(iter(words.values()), "")
