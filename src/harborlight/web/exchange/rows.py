"""A row of a package while it is taken, and what the rows before it became."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from harborlight.web.accounts.models import Member
from harborlight.web.audit.acts import Refused
from harborlight.web.cases.models import Case
from harborlight.web.cases.opening import next_number
from harborlight.web.cases.persons import Person
from harborlight.web.exchange import standard
from harborlight.web.exchange.models import Arrival

#: The columns that point to another row, and of which table.
_POINTS = {
    "harborlight_Case": "cases",
    "harborlight_Person": "persons",
    "harborlight_Other": "persons",
    "harborlight_Place": "places",
}


class Row:
    """One row that is being taken."""

    def __init__(self, table: str, number: int, cells: dict[str, str]) -> None:
        self.table, self.number, self.cells = table, number, cells
        self.remarks: list[tuple[str, str]] = []
        """Columns that could not be read, and why."""
        self.beside: dict[str, str] = {}
        """What is to be carried besides the columns that are no fields of ours."""
        self.person: Person | None = None

    def undone(self) -> None:
        """What the row became is not kept: forget whom it made."""
        if self.table == "persons":
            self.person = None

    def text(self, name: str, most: int = 0) -> str:
        """A cell. Refused where it is longer than the field."""
        value = self.cells.get(name, "")
        if most and (len(value) > most or "\0" in value):
            told = {"column": name, "n": most}
            raise Refused(_("%(column)s is longer than %(n)d characters.") % told)
        return value

    def choice(self, name: str, choices: type[models.TextChoices], default: str = "") -> str:
        """A cell that is one of our codes. Refused where it is none, and none is meant."""
        value = self.cells.get(name, "") or default
        if value not in choices.values:
            raise Refused(_("%(column)s is none of the codes.") % {"column": name})
        return value

    def remark(self, name: str, reason: str, *, keep_as: str = "") -> None:
        """Keep that a cell could not be read; the row is taken, and the cell carried."""
        self.remarks.append((name, reason))
        self.beside[keep_as or standard.beside(name)] = self.cells[name]


class Taking:
    """What the rows of a package became so far."""

    def __init__(self, arrival: Arrival, member: Member) -> None:
        self.arrival, self.member = arrival, member
        self.made: dict[str, dict[str, Any]] = {}
        """Of each table, what each id of the package became here."""

    def find(self, row: Row, name: str, *, needed: bool = True) -> Any:
        """What a row points to. Refused when that is not there, or was not taken."""
        key, table = row.cells.get(name, ""), _POINTS[name]
        made = self.made.get(table, {})
        if not key and name == "harborlight_Case" and len(made) == 1:
            return next(iter(made.values()))
        if not key and not needed:
            return None
        if key not in made:
            raise Refused(_("What %(column)s points to was not taken.") % {"column": name})
        return made[key]


def case_for(taking: Taking, title: str, status: str) -> Case:
    """A new case of the member's agency, assigned to whoever brings the package in."""
    member = taking.member
    case = Case(
        agency=member.agency,
        number=next_number(member.agency),
        status=status,
        opened_from=Arrival._meta.label_lower,
        opened_from_id=taking.arrival.pk,
        assigned=member,
        opened_by=member,
    )
    case.put(title=title)
    case.save()
    return case
