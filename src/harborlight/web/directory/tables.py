"""The tables of HSDS 3.1: their files, fields, and how they hold each other. Read from a data file.

HSDS is written in two forms. As tables, a child names its parent (`service_id`). Nested, a parent
holds its children (`phones`), or one of them (`organization`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

VERSION = "3.1"
PROFILE = "https://docs.openreferral.org/en/3.1/"

#: What is the same for everybody, and may be used by rows of another agency.
SHARED = frozenset({"taxonomy", "taxonomy_term", "unit", "meta_table_description"})


@dataclass(frozen=True)
class Table:
    """One table of the standard."""

    name: str
    file: str
    """Its name as a CSV file, without the ending."""
    needs: tuple[str, ...] = ()
    needs_in_tables: tuple[str, ...] = ()
    fields: dict[str, str] = field(default_factory=dict)
    """Name to kind: text, uuid, number, email, uri, date, time, datetime, or choices with /."""
    lists: dict[str, str] = field(default_factory=dict)
    """What it holds when nested: the name of the list to the table of its items."""
    ones: dict[str, str] = field(default_factory=dict)
    """The same for what it holds one of."""

    @property
    def points(self) -> dict[str, tuple[str, str]]:
        """Each field that names a parent: to the parent's table and the list it is in there."""
        found = {}
        for name in self.fields:
            parent = name.removesuffix("_id")
            if name.endswith("_id") and parent in tables():
                listed = [k for k, v in tables()[parent].lists.items() if v == self.name]
                if listed:
                    found[name] = (parent, listed[0])
        return found


#: The field that names what is held alone.
FIELD_OF_ONE = {
    "organization": "organization_id",
    "program": "program_id",
    "location": "location_id",
    "unit": "unit_id",
    "taxonomy_term": "taxonomy_term_id",
    "taxonomy_detail": "taxonomy_id",
}


@cache
def tables() -> dict[str, Table]:
    """All tables, by name."""
    text = (files("harborlight.web.directory") / "data" / "hsds.txt").read_text("utf-8")
    text = re.sub(r"\n    +", " ", "\n".join(x for x in text.splitlines() if x[:1] != "#"))
    found: dict[str, Table] = {}
    for block in re.split(r"\n(?! )", text.strip()):
        head, *lines = block.split("\n")
        name, file = head.split()
        said = {}
        for line in lines:
            label, _, rest = line.strip().partition(" ")
            said[label] = tuple(each.strip() for each in rest.split(","))
        holds = [each.split(":") for each in said.get("holds", ())]
        found[name] = Table(
            name,
            file,
            said.get("needs", ()),
            said.get("needs-in-tables", ()),
            {k: kind or "text" for k, _, kind in (f.partition(":") for f in said["fields"])},
            {k: kind[:-1] for k, kind in holds if kind.endswith("*")},
            {k: kind for k, kind in holds if not kind.endswith("*")},
        )
    return found


@cache
def by_file() -> dict[str, Table]:
    """All tables, by the name of their file."""
    return {table.file: table for table in tables().values()}
