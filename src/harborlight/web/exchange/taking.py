"""How each table's rows become records: one function a table, each Refused with its reason."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _

from harborlight.web.audit.acts import Refused
from harborlight.web.cases import guards, happened
from harborlight.web.cases.audiences import Audience
from harborlight.web.cases.events import Event, EventKind, Place, PlaceKind, Relationship, Tie
from harborlight.web.cases.models import Case
from harborlight.web.cases.persons import (
    RESTRICTED,
    VERIFIED,
    AgeBasis,
    Allegation,
    Involvement,
    Part,
    Person,
)
from harborlight.web.cases.work import Note, Task, TaskState
from harborlight.web.exchange import standard
from harborlight.web.exchange.cells import OF_PERSON, OF_PLACE, moment_of, names_of, one
from harborlight.web.exchange.exporting import FINER
from harborlight.web.exchange.rows import Row, Taking, case_for
from harborlight.web.protection import deciding

if TYPE_CHECKING:
    from collections.abc import Mapping

_STATUS = {"Active": Case.Status.OPEN, "Closed": Case.Status.CLOSED, **FINER}
_PARTS = {
    "ActualVictimOfTrafficking": Part.VICTIM,
    "PossibleVictimOfTrafficking": Part.POSSIBLE_VICTIM,
}


def organization(_taking: Taking, row: Row) -> None:
    """Kept, and no agency is made of it."""
    if not row.cells.get("org_Name"):
        raise Refused(_("There is no %(column)s.") % {"column": "org_Name"})


def case(taking: Taking, row: Row) -> Case:
    text = row.cells.get("cas_Status", "")
    status = _STATUS.get(standard.read("cas_Status", text)[0], Case.Status.OPEN)
    return case_for(taking, row.cells.get("harborlight_Title", ""), status)


def person(taking: Taking, row: Row) -> Person:
    """Somebody, whose age is claimed whatever the package says of it."""
    if not taking.made.get("cases"):
        raise Refused(_("The case of this row was not taken."))
    state = row.text("harborlight_State", 2)
    made = Person(
        agency=taking.member.agency, county=row.text("harborlight_County", 64), state=state
    )
    if not state:
        made.state = taking.member.agency.state or "MN"
    values: dict[str, Any] = {name: one(row.cells, name) for name in OF_PERSON}
    values["safety"] = row.cells.get("harborlight_Safety", "")
    born = _born(row, values.pop("prs_Birthdate"))
    names = names_of(row.cells.get("harborlight_OtherNames", ""))
    put = {name: value for name, value in values.items() if value}
    made.put(**put, **({"other_names": names} if names else {}))
    made.save()
    said = row.choice("harborlight_AgeBasis", AgeBasis, AgeBasis.CLAIMED)
    if said in VERIFIED:
        row.beside["harborlight_AgeBasisSaid"] = said
        said = AgeBasis.CLAIMED
    deciding.set_age(made, born, said, taking.member)
    row.person = made
    return made


def _born(row: Row, text: str) -> date | None:
    if not text:
        return None
    day = standard.day_of(text)
    if day is None or day > timezone.localdate():
        exact = "harborlight_Birthdate"
        name = exact if exact in row.cells else "prs_Birthdate"
        row.remark(
            name,
            _("this is no day in the past, as year-month-day"),
            keep_as="harborlight_BirthdateSaid",
        )
        return None
    return day


def part_of(cells: Mapping[str, str]) -> Part:
    """The part of somebody of whom a package gives only the codes of the standard.

    The list of what perpetrators do names also what is done to somebody: whoever has one of those
    codes is nobody's suspect. Who is neither is somebody who may have been sold, as those whom the
    standard is about.
    """
    status = standard.read("vic_TraffickingStatus", cells.get("vic_TraffickingStatus", ""))[0]
    if status in _PARTS:
        return _PARTS[status]
    fit, _rest = standard.read("per_RoleInProcess", cells.get("per_RoleInProcess", ""))
    roles = set(fit.split(";")) - {""}
    if roles & standard.DONE_TO_SOMEBODY:
        return Part.POSSIBLE_VICTIM
    if roles:
        return Part.SUSPECT
    return Part.WITNESS if status == "NotAVictimOfTrafficking" else Part.POSSIBLE_VICTIM


def involvement(taking: Taking, row: Row) -> Involvement:
    """A part in a case. Safe Harbor is asked as if it went on, also of one that ended elsewhere."""
    of: Case = taking.find(row, "harborlight_Case")
    row.person = taking.find(row, "harborlight_Person")
    made = Involvement(
        case=of,
        person=row.person,
        part=row.choice("harborlight_Part", Part),
        allegation=row.choice("harborlight_Allegation", Allegation, Allegation.NONE),
        offense_on=_day(row, "harborlight_OffenseOn"),
    )
    if made.part in RESTRICTED and made.allegation == Allegation.HIRED:
        guards.check(made)
    made.ended_at = _moment(row, "harborlight_EndedAt")
    made.end_reason = row.text("harborlight_EndReason", 64)
    made.save()
    return made


def place(taking: Taking, row: Row) -> Place:
    return _place(
        taking, row, row.choice("harborlight_Kind", PlaceKind, PlaceKind.OTHER), new=False
    )


def _place(taking: Taking, row: Row, kind: str, *, new: bool) -> Place:
    made = Place(
        case=taking.find(row, "harborlight_Case"),
        kind=kind,
        county="" if new else row.text("harborlight_County", 64),
        added_by=taking.member,
        added_at=timezone.now(),
    )
    state = row.cells.get("hte_State", "")
    if len(state) <= 2:
        made.state = row.text("hte_State", 2)
    else:
        row.remark("hte_State", _("two letters are needed"), keep_as="harborlight_StateSaid")
    told = {name: row.cells.get(name, "") for name in OF_PLACE}
    told["name"] = "" if new else row.cells.get("harborlight_Name", "")
    made.put(**{name: text for name, text in told.items() if text})
    made.save()
    return made


def event(taking: Taking, row: Row) -> Event:
    """Something that happened; where others give an address with it, a place of its own."""
    of: Case = taking.find(row, "harborlight_Case")
    where = taking.find(row, "harborlight_Place", needed=False)
    if where is None and any(row.cells.get(name) for name in (*OF_PLACE, "hte_State")):
        where = _place(taking, row, PlaceKind.OTHER, new=True)
    day_text = row.cells.get("hte_Date", "")
    day = standard.day_of(day_text)
    if day_text and day is None:
        row.remark("hte_Date", _("this is no day, as year-month-day"), keep_as="harborlight_Date")
    code, rest = standard.read("hte_Type", row.cells.get("hte_Type", ""))
    if rest:
        row.remark("hte_Type", _("this is none of the codes"), keep_as="harborlight_TypeSaid")
    kind = code or row.choice("harborlight_Type", EventKind, EventKind.OTHER)
    keys = [key for key in row.cells.get("harborlight_Persons", "").split(";") if key]
    known = taking.made.get("persons", {})
    if any(key not in known for key in keys):
        column = "harborlight_Persons"
        raise Refused(_("What %(column)s points to was not taken.") % {"column": column})
    return happened.keep_event(
        of,
        kind,
        row.cells.get("hte_Description", ""),
        taking.member,
        day=day,
        place=where,
        people=[known[key] for key in keys],
    )


def relationship(taking: Taking, row: Row) -> Relationship:
    of: Case = taking.find(row, "harborlight_Case")
    first: Person = taking.find(row, "harborlight_Person")
    other: Person = taking.find(row, "harborlight_Other")
    row.person = first
    tie = row.choice("harborlight_Tie", Tie)
    note = row.cells.get("harborlight_Note", "")
    ended = _moment(row, "harborlight_EndedAt")
    if ended is None:
        return happened.relate(of, first, tie, other, taking.member, note)
    made = Relationship(
        case=of,
        person=first,
        tie=tie,
        other=other,
        added_by=taking.member,
        added_at=timezone.now(),
        ended_at=ended,
        ended_by=taking.member,
    )
    made.put(note=note)
    made.save()
    return made


def comment(taking: Taking, row: Row) -> Note:
    """A note for its audience; where none is said, for one's own agency alone. Who wrote it and
    when is carried: here it is of whoever brought it in."""
    text = row.cells.get("cco_CaseComment", "")
    if not text.strip():
        raise Refused(_("The note is empty."))
    made = Note(
        case=taking.find(row, "harborlight_Case"),
        agency=taking.member.agency,
        member=taking.member,
        audience=row.choice("harborlight_Audience", Audience, Audience.AGENCY),
        at=timezone.now(),
    )
    made.put(cco_CaseComment=text)
    made.save()
    return made


def task(taking: Taking, row: Row) -> Task:
    what = row.cells.get("spl_ActionPlan", "")
    if not what.strip():
        raise Refused(_("Nothing is said of what is to be done."))
    ended = _moment(row, "harborlight_EndedAt")
    end_day = standard.day_of(row.cells.get("spl_ActualEndDate", ""))
    if ended is None and end_day is not None:
        ended = timezone.make_aware(datetime(end_day.year, end_day.month, end_day.day))
    state = row.choice("harborlight_State", TaskState, TaskState.DONE if ended else TaskState.OPEN)
    closed = state != TaskState.OPEN
    made = Task(
        case=taking.find(row, "harborlight_Case"),
        assigned=None if closed else taking.member,
        due_on=_day(row, "spl_PlannedEndDate"),
        state=state,
        made_by=taking.member,
        made_at=timezone.now(),
        ended_by=taking.member if closed else None,
        ended_at=(ended or timezone.now()) if closed else None,
    )
    how = row.cells.get("harborlight_How", "")
    made.put(what=what, **({"how": how} if how else {}))
    made.save()
    return made


def consent(taking: Taking, row: Row) -> Person:
    """Kept with the person; it opens nothing here."""
    row.person = taking.find(row, "harborlight_Person")
    return row.person


def ask_again(person: Person) -> None:
    """Ask the law, as for everybody who gets a part."""
    deciding.ask_again(person)


def _day(row: Row, name: str) -> date | None:
    text = row.cells.get(name, "")
    day = standard.day_of(text)
    if text and day is None:
        raise Refused(_("%(column)s is no day, as year-month-day.") % {"column": name})
    return day


def _moment(row: Row, name: str) -> datetime | None:
    """A moment that has passed. Refused otherwise: what ends in future has not ended."""
    try:
        at = moment_of(row.cells.get(name, ""))
    except ValueError:
        raise Refused(_("%(column)s is no moment.") % {"column": name}) from None
    if at is not None and at > timezone.now():
        raise Refused(_("%(column)s has not come yet.") % {"column": name})
    return at


Take = Callable[[Taking, Row], Any]

TAKES: dict[str, Take] = {
    "organizations": organization,
    "cases": case,
    "persons": person,
    "involvements": involvement,
    "places": place,
    "events": event,
    "relationships": relationship,
    "comments": comment,
    "tasks": task,
    "consents": consent,
}
