"""Whom to call: dated, sourced configuration, which an administrator can change.

`contacts.yaml` holds what was seen where on which day; a `ContactChange` stands over it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

import yaml
from django.utils.translation import get_language

from harborlight.web.intake.models import ContactChange


@dataclass(frozen=True)
class Contact:
    """A number, for whom it is, and where it was seen. Texts by language code."""

    key: str
    use: str
    """danger, help or police."""
    names: dict[str, str]
    whoms: dict[str, str]
    number: str
    text: str
    source: str
    seen: date
    conflicts: dict[str, str]
    verified: bool
    """Whether it was read at the one who answers it, or entered by an administrator."""
    changed: bool = False

    @property
    def name(self) -> str:
        return _said(self.names)

    @property
    def whom(self) -> str:
        return _said(self.whoms)

    @property
    def conflict(self) -> str:
        return _said(self.conflicts)

    @property
    def dial(self) -> str:
        """For a link that dials."""
        return "".join(each for each in self.number if each.isdigit() or each == "+")


def contacts() -> list[Contact]:
    """All contacts as they hold now, in the order of the file."""
    changes = {each.key: each for each in ContactChange.objects.order_by("pk")}
    return [_changed(each, changes.get(each.key)) for each in shipped()]


def contact(key: str) -> Contact:
    """One contact as it holds now. KeyError when there is none of that key."""
    for each in contacts():
        if each.key == key:
            return each
    raise KeyError(key)


def unverified() -> list[Contact]:
    """Those that nobody has looked up at the one who answers them."""
    return [each for each in contacts() if not each.verified]


@cache
def shipped() -> tuple[Contact, ...]:
    """The contacts of `contacts.yaml`."""
    text = (files("harborlight.web.intake") / "contacts.yaml").read_text("utf-8")
    rows: list[dict[str, Any]] = yaml.safe_load(text)
    return tuple(
        Contact(
            key=row["key"],
            use=row["for"],
            names=row["name"],
            whoms=row["whom"],
            number=row["number"],
            text=row.get("text", ""),
            source=row["source"],
            seen=row["seen"],
            conflicts=row.get("conflict", {}),
            verified=row["verified"],
        )
        for row in rows
    )


def _changed(contact: Contact, change: ContactChange | None) -> Contact:
    if change is None:
        return contact
    return replace(
        contact,
        number=change.number,
        text=change.text,
        source=change.source,
        seen=change.seen,
        conflicts={"en": change.conflict, "es": change.conflict} if change.conflict else {},
        verified=True,
        changed=True,
    )


def _said(texts: dict[str, str]) -> str:
    return texts.get((get_language() or "en")[:2], texts.get("en", ""))
