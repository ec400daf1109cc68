"""Cases for the tests of the exchange, and what of two cases must be the same."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import models
from hypothesis import strategies as st

from harborlight.web.accounts.models import Agency, Member
from harborlight.web.accounts.roles import AgencyKind, Role
from harborlight.web.audit.acts import act
from harborlight.web.cases import happened, notes, tasks
from harborlight.web.cases.audiences import audiences_of
from harborlight.web.cases.events import EventKind, PlaceKind, Tie
from harborlight.web.cases.models import Case
from harborlight.web.cases.opening import next_number
from harborlight.web.cases.persons import (
    RESTRICTED,
    AgeBasis,
    Allegation,
    Involvement,
    Part,
    Person,
)
from harborlight.web.cases.work import TaskState
from harborlight.web.exchange import exporting, importing
from harborlight.web.exchange.models import Arrival
from harborlight.web.protection import consenting, deciding
from harborlight.web.vault.models import Sealed
from people import TESTER, make_agency, make_member

#: Of no person and of no case: which row it is, who wrote it here and when. Each is in the package
#: (as a column of ours that is carried), but for keys, and what `docs/exchange.md` lists.
EXCUSED = frozenset(
    {
        "id",
        "key_id",
        "wrapped_key",
        "sealed",
        "agency",
        "assigned",
        "number",
        "opened_from",
        "opened_from_id",
        "opened_by",
        "opened_at",
        "added_by",
        "added_at",
        "made_by",
        "made_at",
        "ended_by",
        "member",
        "at",
        "since",
        "age_by",
        "age_basis",
        "case",
    }
)

#: The sending itself, of which each has its own.
OF_SENDING = frozenset(
    {
        "cas_CaseOwner",
        "cas_ReferringOrganisation",
        "cas_ReferredOrganisation",
        "cas_OutgoingReferralDate",
        "cas_OutgoingReferralDetails",
        "harborlight_Earlier",
    }
)

#: Columns that hold keys of rows.
POINTING = frozenset(
    {
        "id",
        "harborlight_Case",
        "harborlight_Person",
        "harborlight_Persons",
        "harborlight_Other",
        "harborlight_Place",
    }
)


def a_supervisor(kind: AgencyKind = AgencyKind.LAW_ENFORCEMENT) -> Member:
    return make_member(Role.SUPERVISOR, make_agency(kind))


def a_case(member: Member, title: str = "made up") -> Case:
    with act(TESTER, "test.setup"):
        case = Case(
            agency=member.agency,
            number=next_number(member.agency),
            opened_by=member,
            assigned=member,
        )
        case.put(title=title)
        case.save()
    return case


def a_person(
    case: Case,
    member: Member,
    part: str = Part.POSSIBLE_VICTIM,
    *,
    allegation: str = Allegation.NONE,
    offense_on: date | None = None,
    born: date | None = None,
    basis: str = AgeBasis.CLAIMED,
    **sealed: Any,
) -> Person:
    with act(member.actor, "test.setup"):
        person = Person(agency=member.agency, county="Brown")
        person.put(**(sealed or {"prs_FirstName": "Made", "prs_SecondName": "Up"}))
        person.save()
        deciding.set_age(person, born, basis, member)
        Involvement(
            case=case, person=person, part=part, allegation=allegation, offense_on=offense_on
        ).save()
    return person


def given(
    case: Case, recipient: Agency, member: Member, purpose: str = "made up", form: str = "json"
) -> bytes:
    with act(member.actor, "exchange.export"):
        return exporting.give(case, recipient, purpose, form, member)[1]


def brought(content: bytes, member: Member, name: str = "made-up.json") -> Arrival:
    with act(member.actor, "exchange.import"):
        return importing.bring_in(name, content, member)


def case_of(arrival: Arrival) -> Case:
    return Case.objects.get(opened_from_id=arrival.pk)


words = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
said = words.filter(lambda text: bool(text.strip())).map(str.strip)
#: What stands unsealed: no form takes a NUL, and PostgreSQL keeps none.
plain = said.map(lambda text: text.replace("\x00", "")).filter(lambda text: bool(text.strip()))
formulas = st.sampled_from(["=1+1", "'", "'=x", "+1 507", "-", "@a", "a;b", 'a"b', "a\r\nb", "[1]"])
texts = said | formulas
days = st.dates(date(1950, 1, 1), date(2026, 1, 1))
coded = st.text("abcdefghijklmnop ", max_size=20)
#: Parts in which nobody is for having been sold.
PARTS = st.sampled_from([*Part]).flatmap(
    lambda part: st.tuples(
        st.just(part),
        st.sampled_from([each for each in Allegation if part not in RESTRICTED or each != "hired"]),
        st.none() | days,
    )
)


def _maybe(strategy: Any) -> Any:
    return st.none() | strategy


people = st.fixed_dictionaries(
    {
        "prs_FirstName": _maybe(texts),
        "prs_SecondName": _maybe(texts),
        "other_names": _maybe(st.lists(texts, min_size=1, max_size=3)),
        "prs_Gender": _maybe(st.sampled_from(["Feminine", "feminine", "woman"]) | texts),
        "prs_PrimaryLanguage": _maybe(st.sampled_from(["en", "spa", "Somali"]) | texts),
        "prs_MobilePhone": _maybe(st.sampled_from(["507-555-0101", "+15075550102"]) | texts),
        "safety": _maybe(texts),
    }
)


def make_case(data: st.DataObject, member: Member) -> Case:
    """A case with something of each kind, through the functions that the pages use."""
    draw = data.draw
    case = a_case(member, draw(texts))
    there: list[Person] = []
    with act(member.actor, "test.setup"):
        for sealed in draw(st.lists(people, min_size=1, max_size=3)):
            person = Person(
                agency=member.agency, county=draw(coded), state=draw(st.sampled_from(["MN", "WI"]))
            )
            person.put(**{name: value for name, value in sealed.items() if value is not None})
            person.save()
            basis = draw(st.sampled_from([*AgeBasis]))
            deciding.set_age(person, draw(days), basis, member)
            for part, allegation, day in draw(st.lists(PARTS, min_size=1, max_size=2)):
                row = Involvement(
                    case=case, person=person, part=part, allegation=allegation, offense_on=day
                )
                row.save()
                if draw(st.booleans()):
                    row.ended_at, row.end_reason = row.since, draw(coded)
                    row.save()
            consenting.give(person, member.agency, draw(plain), member)
            there.append(person)
        places = [
            happened.keep_place(case, draw(st.sampled_from([*PlaceKind])), member, **where)
            for where in draw(
                st.lists(
                    st.fixed_dictionaries(
                        {"name": texts, "hte_Street": words, "county": coded, "hte_City": words},
                    ),
                    max_size=2,
                )
            )
        ]
        for kind in draw(st.lists(st.sampled_from([*EventKind]), max_size=3)):
            happened.keep_event(
                case,
                kind,
                draw(words),
                member,
                day=draw(st.none() | days),
                place=draw(st.sampled_from([None, *places])),
                people=draw(st.lists(st.sampled_from(there), unique=True)),
            )
        if len(there) > 1:
            for tie in draw(st.lists(st.sampled_from([*Tie]), unique=True, max_size=2)):
                made = happened.relate(case, there[0], tie, there[1], member, draw(words))
                if draw(st.booleans()):
                    happened.unrelate(made, member)
        for text in draw(st.lists(texts, max_size=2)):
            notes.write(case, text, draw(st.sampled_from(sorted(audiences_of(member)))), member)
        for what in draw(st.lists(texts, max_size=2)):
            task = tasks.add(case, what, member, member, draw(st.none() | days))
            state = draw(st.sampled_from([*TaskState]))
            if state != TaskState.OPEN:
                tasks.end(task, member, state, draw(texts))
        if draw(st.booleans()):
            case.status = Case.Status.CLOSED
            case.save()
    return case


def fields_of(case: Case) -> dict[str, list[dict[str, Any]]]:
    """Every field of every record of a case, but for `EXCUSED`: as the models have them, so that a
    field that is added to a model is asked for here. Rows are named by their place."""
    people = list(Person.objects.filter(involvements__case=case).distinct().order_by("added_at"))
    places = list(case.places.order_by("added_at"))
    named: dict[Any, str] = {each.pk: f"person {n}" for n, each in enumerate(people)}
    named |= {each.pk: f"place {n}" for n, each in enumerate(places)}

    def told(record: models.Model) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for field in record._meta.concrete_fields:
            if field.name not in EXCUSED:
                value = getattr(record, field.attname)
                found[field.name] = named.get(value, value)
        if isinstance(record, Sealed):
            found |= {name: value or None for name, value in record.take().items()}
        return found

    with act(TESTER, "test.look"):
        rows: dict[str, list[dict[str, Any]]] = {
            "case": [told(case)],
            "persons": [told(each) for each in people],
            "places": [told(each) for each in places],
            "parts": [told(each) for each in case.involvements.order_by("since", "pk")],
            "relationships": [told(each) for each in case.relationships.order_by("added_at")],
            "notes": [told(each) for each in case.notes.order_by("at")],
            "tasks": [told(each) for each in case.tasks.order_by("made_at")],
            "events": [],
        }
        for event in case.events.order_by("added_at"):
            there = sorted(named[each.person_id] for each in event.presences.all())
            rows["events"].append({**told(event), "there": there})
    return rows


def the_same(tables: dict[str, list[dict[str, str]]]) -> dict[str, list[dict[str, str]]]:
    """A package's tables without what each sending has of its own: ids are named by their place."""
    named = {
        row["id"]: f"{table} {number}"
        for table, rows in tables.items()
        for number, row in enumerate(rows)
    }
    told: dict[str, list[dict[str, str]]] = {}
    for table, rows in tables.items():
        if table == "organizations":
            continue
        told[table] = []
        for row in rows:
            cells = {name: cell for name, cell in row.items() if name not in OF_SENDING}
            for name in POINTING & set(cells):
                keys = cells[name].split(";")
                cells[name] = ";".join(sorted(named.get(each, each) for each in keys))
            if table == "persons":  # an age that was verified there is claimed here
                cells["harborlight_AgeBasis"] = cells.pop(
                    "harborlight_AgeBasisSaid", cells.get("harborlight_AgeBasis", "")
                )
            told[table].append(cells)
    return told
