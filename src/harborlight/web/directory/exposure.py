"""What of the directory is confidential, and what gives it away. Plain functions, no database.

Confidential is a location whose address not everybody may have, and with it all that hangs on it:
its addresses, phones, contacts, schedules, its link to services, and every change that metadata
tells of these.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from harborlight.web.directory.models import View, as_text

Key = tuple[str, str]

#: Kinds of records by which people are reached. The others tell where.
REACHED_BY = frozenset({"phone", "contact", "language"})

#: Where confidentiality ends: what is held by many.
OPEN_ENDS = frozenset(
    {"service", "organization", "program", "taxonomy", "taxonomy_term", "unit", "url"}
)


@dataclass
class Node:
    """One record of an agency, as it is to be kept."""

    table: str
    key: str
    data: dict[str, Any] | None
    """None: it is kept already, sealed, and was not opened."""
    phone_to: int = View.PUBLIC
    address_to: int = View.PUBLIC
    holds: list[tuple[str, Key]] = field(default_factory=list)


def ranks(nodes: Mapping[Key, Node]) -> dict[Key, int]:
    """For each record the first view that may have it, by what holds it."""
    found: dict[Key, int] = dict.fromkeys(nodes, View.PUBLIC)
    held_by: dict[Key, list[Key]] = {}
    for key, node in nodes.items():
        for name, child in node.holds:
            if name == "location":
                # What joins a service with a confidential location is of that location.
                held_by.setdefault(child, []).append(key)
    for key, node in nodes.items():
        if node.table != "location" or node.address_to <= View.PUBLIC:
            continue
        around = [key, *(each for each in held_by.get(key, ()) if each in nodes)]
        seen: set[Key] = set()
        while around:
            here = around.pop()
            if here in seen or here not in nodes:
                continue
            seen.add(here)
            table = nodes[here].table
            may = node.phone_to if table in REACHED_BY else node.address_to
            found[here] = max(found[here], may)
            around += [
                child
                for _, child in nodes[here].holds
                if child not in seen and child[0] not in OPEN_ENDS
            ]
    return found


def plain(text: str) -> str:
    """Words and figures alone, folded."""
    return " ".join(re.findall(r"[^\W_]+", text.casefold()))


def digits_of(text: str) -> str:
    """A phone's digits, without the 1 of North America."""
    digits = re.sub(r"\D", "", text)
    return digits[1:] if len(digits) == 11 and digits.startswith("1") else digits


def needles(contents: Iterable[tuple[str, int, Mapping[str, Any]]]) -> dict[tuple[str, str], int]:
    """What gives a confidential location away, from (table, rank, content): to its rank.

    Of an address the number and the first word of its street, so that "St." is "Street" too.
    """
    found: dict[tuple[str, str], int] = {}
    for table, rank, data in contents:
        if rank <= View.PUBLIC:
            continue
        said: list[tuple[str, str]] = []
        if table == "address":
            words = plain(str(data.get("address_1") or "")).split()
            short = words[:2] if words and words[0][0].isdigit() else words
            if len(short) > 1:
                said.append(("words", " ".join(short)))
        elif table == "phone":
            digits = digits_of(str(data.get("number") or ""))
            if len(digits) >= 7:
                said.append(("digits", digits))
        elif table == "location":
            said += [
                ("text", str(data[name]))
                for name in ("latitude", "longitude")
                if len(str(data.get(name) or "").partition(".")[2]) >= 3
            ]
        for each in said:
            found[each] = max(found.get(each, 0), rank)
    return found


def gives_away(data: Mapping[str, Any], known: Mapping[tuple[str, str], int]) -> int:
    """The rank of the strictest of these that a record's text repeats; 0 when none."""
    if not known:
        return 0
    text = as_text(dict(data))
    words, digits = f" {plain(text)} ", re.sub(r"\D", "", text)
    there = {
        "words": lambda value: f" {value} " in words,
        "digits": lambda value: value in digits,
        "text": lambda value: value in text,
    }
    return max((rank for (how, value), rank in known.items() if there[how](value)), default=0)
