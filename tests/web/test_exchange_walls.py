"""What of a case leaves with a package, to whom; and what the door of the import refuses."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone

import htcds
from harborlight.web.accounts.models import Member
from harborlight.web.accounts.roles import AgencyKind, Role
from harborlight.web.audit.acts import Refused, act
from harborlight.web.audit.models import Entry
from harborlight.web.cases import happened, notes, tasks
from harborlight.web.cases.audiences import Audience
from harborlight.web.cases.events import EventKind, PlaceKind, Tie
from harborlight.web.cases.persons import RESTRICTED, AgeBasis, Allegation, Involvement, Part
from harborlight.web.exchange.models import Arrival, Carried, Reject, Sending
from harborlight.web.protection import consenting
from harborlight.web.protection.models import Consent
from people import TESTER, client_of, make_agency, make_member

pytestmark = pytest.mark.django_db
OFFENSE, ADULT = date(2026, 3, 1), date(1990, 1, 1)
FOR = "help with housing"


def tables_of(content: bytes) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(content)
    return told


def rejects_of(arrival: Arrival) -> list[dict[str, Any]]:
    with act(TESTER, "test.look"):
        return [
            {"table": each.table, "number": each.number, "kind": each.kind, **each.take()}
            for each in Reject.objects.filter(arrival=arrival)
        ]


def a_package(member: Member, tables: dict[str, Any]) -> Arrival:
    return htcds.brought(json.dumps(tables).encode(), member)


# -- what leaves ----------------------------------------------------------------------------------


def test_nobody_leaves_without_consent_to_exactly_this_and_no_free_text_with_them() -> None:
    member, shelter = htcds.a_supervisor(), make_agency(AgencyKind.PROVIDER)
    case = htcds.a_case(member, "canary-title")
    one = htcds.a_person(case, member, prs_FirstName="canary-one")
    two = htcds.a_person(case, member, prs_FirstName="canary-two")
    with act(member.actor, "test.setup"):
        consenting.give(one, shelter, FOR, member)
        consenting.give(two, shelter, "something else", member)
        consenting.give(two, make_agency(AgencyKind.PROVIDER), FOR, member)
        gone = consenting.give(two, shelter, FOR, member)
        consenting.withdraw(gone)
        where = happened.keep_place(
            case, PlaceKind.HOME, member, name="canary-place", county="Brown"
        )
        happened.keep_event(
            case, EventKind.CONTACT, "canary-event", member, place=where, people=[one, two]
        )
        happened.relate(case, one, Tie.SIBLING, two, member, "canary-tie")
        notes.write(case, "canary-note", Audience.CASE, member)
        tasks.add(case, "canary-task", member)
    told = htcds.given(case, shelter, member, FOR)
    assert b"canary-one" in told
    assert told.count(b"canary") == 1
    assert str(two.pk).encode() not in told
    sending = Sending.objects.get(case=case)
    assert (sending.people, sending.left_out, sending.texts) == (1, 1, False)
    with act(member.actor, "test.setup"):
        consenting.give(two, shelter, FOR, member)
    whole = htcds.given(case, shelter, member, FOR)
    for canary in ("title", "one", "two", "place", "event", "tie", "note", "task"):
        assert f"canary-{canary}".encode() in whole
    consents = tables_of(whole)["consents"]
    assert {row["harborlight_Recipient"] for row in consents} == {shelter.name}


@pytest.mark.parametrize(
    ("kind", "reached"),
    [
        (AgencyKind.LAW_ENFORCEMENT, True),
        (AgencyKind.CHILD_PROTECTION, True),
        (AgencyKind.PROVIDER, False),
        (AgencyKind.AIRLINE, False),
    ],
)
def test_who_is_accused_is_told_to_few(kind: AgencyKind, reached: bool) -> None:
    member = htcds.a_supervisor()
    case = htcds.a_case(member)
    htcds.a_person(
        case, member, Part.SUSPECT, allegation=Allegation.SELLING, prs_FirstName="canary-one"
    )
    htcds.a_person(
        case, member, Part.SUSPECT, allegation=Allegation.HIRED, prs_FirstName="canary-two"
    )
    told = htcds.given(case, make_agency(kind), member)
    assert (b"canary-one" in told) is reached
    assert b"canary-two" not in told, "who is suspected of having been sold has to consent"


def test_notes_go_to_their_audience_and_shelters_to_nobody() -> None:
    member = htcds.a_supervisor()
    case = htcds.a_case(member)
    with act(member.actor, "test.setup"):
        notes.write(case, "canary-all", Audience.CASE, member)
        notes.write(case, "canary-investigators", Audience.INVESTIGATORS, member)
        notes.write(case, "canary-agency", Audience.AGENCY, member)
        hidden = happened.keep_place(
            case, PlaceKind.SERVICE, member, name="canary-shelter", hte_Street="canary-street",
            county="Brown",
        )  # fmt: skip
        happened.keep_event(case, EventKind.SAFETY, "made up", member, place=hidden)
    police = htcds.given(case, make_agency(AgencyKind.LAW_ENFORCEMENT), member)
    county = htcds.given(case, make_agency(AgencyKind.CHILD_PROTECTION), member)
    own = htcds.given(case, member.agency, member)
    assert b"canary-all" in police
    assert b"canary-investigators" in police
    assert b"canary-all" in county
    assert b"canary-investigators" not in county
    for other in (police, county):
        assert b"canary-agency" not in other
        assert b"canary-sh" not in other
        assert b"canary-st" not in other
        assert b"Brown" in other
    for word in ("agency", "shelter", "street"):
        assert f"canary-{word}".encode() in own


def test_of_a_case_without_people_no_free_text_goes_to_services() -> None:
    member = htcds.a_supervisor()
    case = htcds.a_case(member, "canary-title")
    assert b"canary" not in htcds.given(case, make_agency(AgencyKind.PROVIDER), member)
    assert b"canary" in htcds.given(case, make_agency(AgencyKind.PROSECUTOR), member)


def test_giving_out_needs_a_purpose_and_is_kept() -> None:
    member, other = htcds.a_supervisor(), make_agency(AgencyKind.PROSECUTOR)
    case = htcds.a_case(member)
    with pytest.raises(Refused):
        htcds.given(case, other, member, "  ")
    stranger = htcds.a_supervisor()
    with pytest.raises(Refused):
        htcds.given(case, other, stranger)
    htcds.given(case, other, member, "a trial")
    entries = Entry.objects.filter(act="exchange.export")
    assert [each.operation for each in entries.filter(kind="exchange.sending")] == ["create"]
    assert entries.filter(operation="refuse").count() == 2
    with pytest.raises(IntegrityError), transaction.atomic(), act(TESTER, "test.change"):
        Sending.objects.update(digest="something else")
    with pytest.raises(IntegrityError), transaction.atomic(), act(TESTER, "test.change"):
        Sending.objects.all().delete()


# -- Safe Harbor at the door ----------------------------------------------------------------------


def person_and_part(part: str, allegation: str, **more: str) -> dict[str, Any]:
    return {
        "cases": [{"id": "c"}],
        "persons": [{"id": "p", "prs_FirstName": "Made", "prs_Birthdate": "2010-01-01", **more}],
        "involvements": [
            {
                "id": "i",
                "harborlight_Person": "p",
                "harborlight_Part": part,
                "harborlight_Allegation": allegation,
                "harborlight_OffenseOn": OFFENSE.isoformat(),
            }
        ],
    }


@pytest.mark.parametrize("part", RESTRICTED)
@pytest.mark.parametrize(
    ("basis", "born"),
    [
        ("", "2010-01-01"),
        ("claimed", "1990-01-01"),
        ("document", "1990-01-01"),
        ("qualified", "1990-01-01"),
    ],
)
def test_nobody_comes_in_as_arrested_for_having_been_sold(part: str, basis: str, born: str) -> None:
    member = htcds.a_supervisor()
    tables = person_and_part(part, "hired", harborlight_AgeBasis=basis, prs_Birthdate=born)
    arrival = a_package(member, tables)
    case = htcds.case_of(arrival)
    assert [row.part for row in case.involvements.all()] == [Part.POSSIBLE_VICTIM]
    [kept] = rejects_of(arrival)
    assert (kept["table"], kept["number"], kept["file"]) == ("involvements", 1, "made-up.json")
    assert kept["row"]["harborlight_Part"] == part
    assert kept["citation"], "the citation is told"
    assert kept["reason"]
    person = case.involvements.get().person
    assert person.age_basis in (AgeBasis.UNKNOWN, AgeBasis.CLAIMED), "verified by nobody here"
    refusal = Entry.objects.get(operation="refuse", kind="cases.person")
    assert refusal.record == str(person.pk)
    assert refusal.details["citation"] == kept["citation"]


@pytest.mark.parametrize("ended", ["2026-04-01T00:00:00+00:00", "2999-01-01T00:00:00+00:00"])
def test_a_part_that_is_said_to_have_ended_does_not_get_round(ended: str) -> None:
    member = htcds.a_supervisor()
    tables = person_and_part(Part.ARRESTEE, "hired")
    tables["involvements"][0]["harborlight_EndedAt"] = ended
    case = htcds.case_of(a_package(member, tables))
    assert not Involvement.objects.filter(case=case, part__in=RESTRICTED).exists()


def test_any_other_allegation_comes_in() -> None:
    member = htcds.a_supervisor()
    case = htcds.case_of(a_package(member, person_and_part(Part.ARRESTEE, "selling")))
    assert [(row.part, row.allegation) for row in case.involvements.all()] == [
        (Part.ARRESTEE, "selling")
    ]


def test_an_adult_who_was_cleared_there_is_not_cleared_here() -> None:
    giver = htcds.a_supervisor(AgencyKind.CHILD_PROTECTION)
    case = htcds.a_case(giver)
    htcds.a_person(
        case,
        giver,
        Part.ARRESTEE,
        allegation=Allegation.HIRED,
        offense_on=OFFENSE,
        born=ADULT,
        basis=AgeBasis.DOCUMENT,
    )
    arrival = htcds.brought(htcds.given(case, giver.agency, giver), htcds.a_supervisor())
    [kept] = rejects_of(arrival)
    assert kept["row"]["harborlight_Part"] == Part.ARRESTEE
    there = htcds.case_of(arrival).involvements.get()
    assert there.part == Part.POSSIBLE_VICTIM
    carried = Carried.objects.get(person=there.person, of_model="cases.person")
    with act(TESTER, "test.look"):
        assert carried.take()["cells"]["harborlight_AgeBasisSaid"] == AgeBasis.DOCUMENT


@pytest.mark.parametrize(
    ("cells", "part"),
    [
        ({"per_RoleInProcess": "SoldIndividual"}, Part.POSSIBLE_VICTIM),
        ({"per_RoleInProcess": "RecruiterOrIntermediary;SoldIndividual"}, Part.POSSIBLE_VICTIM),
        ({"per_RoleInProcess": "Transporter"}, Part.SUSPECT),
        ({"vic_TraffickingStatus": "Actual victim of trafficking"}, Part.VICTIM),
        ({"vic_TraffickingStatus": "NotAVictimOfTrafficking"}, Part.WITNESS),
        (
            {"vic_TraffickingStatus": "PossibleVictimOfTrafficking", "per_RoleInProcess": "Abuser"},
            Part.POSSIBLE_VICTIM,
        ),
        ({}, Part.POSSIBLE_VICTIM),
    ],
)
def test_parts_by_the_codes_of_the_standard_alone(cells: dict[str, str], part: str) -> None:
    case = htcds.case_of(a_package(htcds.a_supervisor(), {"persons": [{"id": "p", **cells}]}))
    assert case.involvements.get().part == part


def test_a_consent_from_elsewhere_is_kept_and_opens_nothing() -> None:
    giver, shelter = htcds.a_supervisor(), make_agency(AgencyKind.PROVIDER)
    case = htcds.a_case(giver)
    person = htcds.a_person(case, giver)
    with act(giver.actor, "test.setup"):
        consenting.give(person, shelter, FOR, giver)
    taker = htcds.a_supervisor()
    there = htcds.case_of(htcds.brought(htcds.given(case, giver.agency, giver), taker))
    assert not Consent.objects.filter(person__involvements__case=there).exists()
    assert "persons" not in tables_of(htcds.given(there, shelter, taker, FOR))
    own = tables_of(htcds.given(there, taker.agency, taker))
    assert [row["harborlight_Purpose"] for row in own["consents"]] == [FOR]


# -- packages of others ---------------------------------------------------------------------------


def test_what_a_case_has_no_field_for_is_carried_on() -> None:
    member = htcds.a_supervisor()
    cells = {
        "prs_FirstName": "Made",
        "prs_Citizenship": "US",
        "prs_MaritalStatus": "Single",
        "vic_TypeOfExploitation": "ForcedLabour;Servitude",
        "their_own": "something",
    }
    arrival = a_package(
        member,
        {
            "cases": [{"id": "1", "cas_Status": "FollowUp", "cas_ReasonForCaseClosure": "none"}],
            "persons": [{"id": "2", **cells}],
            "events": [
                {"id": "3", "hte_Type": "Transit", "hte_City": "Mankato", "hte_Country": "US"}
            ],
        },
    )
    assert rejects_of(arrival) == []
    case = htcds.case_of(arrival)
    told = tables_of(htcds.given(case, member.agency, member))
    assert cells.items() <= told["persons"][0].items()
    assert told["cases"][0]["cas_Status"] == "FollowUp"
    assert told["cases"][0]["cas_ReasonForCaseClosure"] == "none"
    assert {"hte_City": "Mankato", "hte_Country": "US"}.items() <= told["events"][0].items()


def test_rows_that_are_not_taken_are_kept_with_file_row_and_reason() -> None:
    member = htcds.a_supervisor()
    written = io.BytesIO()
    tomorrow = (timezone.localdate() + timedelta(days=2)).isoformat()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr(
            "export/Person.csv", "id,prs_FirstName\r\np,Made\r\np,Twice\r\nq,Up,more\r\n"
        )
        archive.writestr(
            "export/Historic Trafficking Events.csv",
            f"hte_Type,hte_Date,harborlight_Persons\r\nTransit,{tomorrow},\r\nTransit,,nobody\r\n"
            "Transit,,p\r\n",
        )
        archive.writestr("export/Case Comment.csv", "cco_CaseComment\r\nkept\r\n")
    arrival = htcds.brought(written.getvalue(), member, "made-up.zip")
    kept = {(each["file"], each["number"]): each for each in rejects_of(arrival)}
    assert set(kept) == {
        ("Person.csv", 2),
        ("Person.csv", 3),
        ("Historic Trafficking Events.csv", 1),
        ("Historic Trafficking Events.csv", 2),
    }
    assert all(each["reason"] and each["row"] for each in kept.values())
    assert kept["Person.csv", 2]["row"] == {"id": "p", "prs_FirstName": "Twice"}
    assert (arrival.rows, arrival.taken) == (7, 3)
    note = htcds.case_of(arrival).notes.get()
    assert note.audience == Audience.AGENCY, "whose audience nobody said goes to the fewest"


def test_the_same_package_comes_in_once() -> None:
    member = htcds.a_supervisor()
    content = json.dumps({"persons": [{"id": "p"}]}).encode()
    first = htcds.brought(content, member)
    with pytest.raises(Refused) as refused:
        htcds.brought(content, member)
    assert refused.value.way == first.get_absolute_url()
    htcds.brought(content, htcds.a_supervisor())


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b"{}",
        b'{"persons": 1}',
        b'{"made up": [{"a": "b"}]}',
        b'{"persons": [{"prs_FirstName": "\\ud800"}]}',
        b'{"manifest": {"version": "1.0"}, "persons": [{"id": "p"}]}',
        b"PK\x03\x04 no zip",
        b"[" * 100_000,
    ],
)
def test_what_is_no_package_is_told_and_nothing_is_kept(content: bytes) -> None:
    member = make_member(Role.SUPERVISOR)
    upload = SimpleUploadedFile("made-up.json", content)
    answer = client_of(member).post("/exchange/bring/", {"file": upload})
    assert answer.status_code == 422
    assert not Arrival.objects.exists()


def test_the_pages_give_out_and_bring_in() -> None:
    member, taker = htcds.a_supervisor(), htcds.a_supervisor()
    case = htcds.a_case(member)
    htcds.a_person(case, member, prs_FirstName="canary-one")
    client = client_of(member)
    url = f"/exchange/case/{case.pk}/"
    assert url in client.get(case.get_absolute_url()).content.decode()
    told = {"recipient": member.agency.pk, "purpose": "another site", "form": "csv"}
    answer = client.post(url, told)
    assert answer.status_code == 200
    assert answer["Content-Disposition"] == f'attachment; filename="htcds-{case.number}.zip"'
    upload = SimpleUploadedFile("made-up.zip", answer.content)
    arrived = client_of(taker).post("/exchange/bring/", {"file": upload}, follow=True)
    assert arrived.status_code == 200
    assert htcds.case_of(Arrival.objects.get()).get_absolute_url() in arrived.content.decode()
    assert client_of(member).get(Arrival.objects.get().get_absolute_url()).status_code == 404
    assert "Given out" in client.get(url).content.decode()
    assert member.agency.name in client.get(f"/cases/{case.pk}/timeline/").content.decode()
