"""What a report can be found by: numbers and addresses in its text, through the blind index."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from harborlight.places.gazetteer import gazetteer
from harborlight.recognize.signals.contacts import find_contacts
from harborlight.recognize.signals.phones import find_phones

#: A plate after a word that announces one, or in the form of most plates: ABC 123, 123-ABC.
_ANNOUNCED = re.compile(
    r"\b(?:licen[cs]e\s+plate|number\s+plate|plates?|tag|placas?|matr[ií]cula|licen[cs]e)\b"
    r"(?:\s+(?:no\.?|number|n[uú]mero|is|was|es|era))*[\s:#]{1,3}([A-Z0-9]{1,4}[ -]?[A-Z0-9]{1,4})",
    re.IGNORECASE,
)
_SHAPED = re.compile(r"\b(?:[A-Z]{3}[ -]?\d{3,4}|\d{3,4}[ -]?[A-Z]{3})\b")
_TEXTS = ("where", "observed", "inferred", "people", "vehicles", "contacts", "route", "text")


def terms(content: Mapping[str, Any], town: str = "") -> dict[str, list[str]]:
    """The values of the blind index: phones, emails, plates, flights, place_days.

    `content` is a report's content or a message's; `town` a key of the gazetteer.
    """
    text = "\n".join(str(content[name]) for name in _TEXTS if content.get(name))
    flight = flight_of(content)
    return {
        "phones": sorted({each.value for each in find_phones(text)}),
        "emails": sorted({each.value for each in find_contacts(text) if each.kind == "email"}),
        "plates": plates(text),
        "flights": [flight] if flight else [],
        "place_days": [f"{town} {content['day']}"] if town and content.get("day") else [],
    }


def plates(text: str) -> list[str]:
    """License plates in a text, as letters and digits: announced ones, or of a plate's shape."""
    found = [each.group(1) for each in _ANNOUNCED.finditer(text)]
    found += _SHAPED.findall(text)
    bare = {re.sub(r"[^A-Z0-9]", "", each.upper()) for each in found}
    return sorted(each for each in bare if len(each) >= 4 and any(c.isdigit() for c in each))


def flight_of(content: Mapping[str, Any]) -> str:
    """`DL1234 2026-11-24`, or nothing when number or day is missing."""
    number = re.sub(r"[^A-Z0-9]", "", str(content.get("flight") or "").upper())
    number = re.sub(r"^([A-Z]{1,3}|[A-Z]\d|\d[A-Z])0+(?=\d)", r"\1", number)
    day = content.get("flight_day") or content.get("day")
    return f"{number} {day}" if number and day else ""


def town_of(written: str, state: str) -> str:
    """The key of the town that was written, in that state when it does not say; else nothing."""
    if not written.strip():
        return ""
    towns = gazetteer()
    return towns.resolve(f"{written}, {state}") or towns.resolve(written) or ""
