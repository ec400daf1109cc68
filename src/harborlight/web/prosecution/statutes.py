"""The sections that can be charged: from the law's files into the table that the triggers read."""

from __future__ import annotations

from datetime import date
from typing import Any

from harborlight.law import Section, sections
from harborlight.web.prosecution.models import Statute


def copy(**_: Any) -> None:
    """Make the table say what the law's files say. After each migration; adds, never changes.

    A section that is about having been sold is about nothing else: a trigger asks for it.
    """
    known = set(Statute.objects.values_list("code", "allegation"))
    for each in sections(date.max):
        for conduct in each.conducts:
            if (each.code, conduct) not in known:
                Statute.objects.create(code=each.code, allegation=conduct)


def choices(allegation: str, day: date) -> list[tuple[str, str]]:
    """The sections about this conduct, as (code, words) for a list to pick from."""
    return [
        (each.code, f"{each.cited.citation}: {each.title} ({each.nibrs or '–'})")
        for each in sections(day)
        if allegation in each.conducts
    ]


def about(code: str, allegation: str, day: date) -> Section | None:
    """The section of this code, if it is about that conduct."""
    return next(
        (each for each in sections(day) if each.code == code and allegation in each.conducts), None
    )
