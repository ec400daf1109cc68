"""What happened in a case, where, and who is what to whom; its timeline; and its files."""

from __future__ import annotations

import io
import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from PIL import Image

import objects
from canaries import found_in
from harborlight.web.accounts.models import Member
from harborlight.web.accounts.roles import AgencyKind, Role
from harborlight.web.audit.acts import Refused, act
from harborlight.web.audit.models import Entry
from harborlight.web.cases import attaching, happened, notes, tasks, timeline
from harborlight.web.cases.audiences import Audience
from harborlight.web.cases.events import (
    HTCDS_EVENTS,
    HTCDS_TIES,
    Event,
    EventKind,
    Place,
    PlaceKind,
    Relationship,
    Tie,
)
from harborlight.web.cases.models import Case
from harborlight.web.cases.persons import Involvement, Part, Person
from harborlight.web.protection import consenting, deciding, referring
from harborlight.web.referral import referrals
from harborlight.web.vault.files import Upload, files_of
from objects_cases import two_people
from objects_referral import service
from people import TESTER, client_of, make_agency, make_member

pytestmark = pytest.mark.django_db

CANARY = "Zanzibar quokka"
STANDARD = Path(__file__).parents[3] / "shared/standards/htcds/htcds_2.0_fields.json"


def a_person(case: Case) -> Person:
    with act(TESTER, "test.setup"):
        person = Person(agency=case.agency)
        person.put(prs_FirstName="Made", prs_SecondName="Up")
        person.save()
        Involvement(case=case, person=person, part=Part.POSSIBLE_VICTIM).save()
    return person


def test_codes_are_those_of_the_standard() -> None:
    if not STANDARD.exists():
        pytest.skip("the standards are not beside this checkout")
    told = {each["field"]: each for each in json.loads(STANDARD.read_text())["fields"]}
    codes = {name: {code["code"] for code in each["codes"]} for name, each in told.items()}
    assert {str(each) for each in HTCDS_EVENTS} == codes["hte_Type"]
    assert set(HTCDS_TIES.values()) == codes["vic_RelationshipToTrafficker"]
    for model in (Place, Event):
        assert {name for name in model.SEALED if name.startswith("hte_")} <= set(told)


def test_places_events_and_relationships_are_kept_by_forms_and_sealed() -> None:
    member = make_member(Role.CASEWORKER)
    case, one, two = two_people(member)
    client = client_of(member)
    told = {"kind": "lodging", "name": f"{CANARY} inn", "hte_Street": CANARY, "county": "Brown"}
    assert client.post(reverse("cases:add_place", args=[case.pk]), told).status_code == 302
    place = Place.objects.get()
    event_told = {
        "kind": "Transit",
        "day": "2026-03-01",
        "what": CANARY,
        "place": str(place.pk),
        "people": [str(one.pk), str(two.pk)],
    }
    assert client.post(reverse("cases:add_event", args=[case.pk]), event_told).status_code == 302
    told = {"person": str(one.pk), "tie": "sibling", "other": str(two.pk), "note": CANARY}
    path = reverse("cases:add_tie", args=[case.pk])
    assert client.post(path, told).status_code == 302
    assert client.post(path, told).status_code == 409  # kept already
    assert client.post(path, {**told, "other": str(one.pk)}).status_code == 409  # one person
    event = Event.objects.get()
    assert (event.place, event.presences.count()) == (place, 2)
    page = client.get(reverse("cases:happenings", args=[case.pk])).content.decode()
    for text in (f"{CANARY} inn", "is a brother or sister of", "made-up-wordz", "03/01/2026"):
        assert text in page
    end = reverse("cases:end_tie", args=[Relationship.objects.get().pk])
    assert [client.post(end).status_code for _ in range(2)] == [302, 409]
    assert Relationship.objects.get().ended_by == member
    rows = [list(each.objects.values()) for each in (Place, Event, Relationship, Entry)]
    assert CANARY not in str(rows)


def test_what_is_of_another_case_or_has_not_happened_is_refused() -> None:
    member = make_member(Role.CASEWORKER)
    case, one, _two = two_people(member)
    other, away, _ = two_people(member)
    tomorrow = timezone.localdate() + timedelta(days=1)
    with act(TESTER, "test.setup"):
        place = happened.keep_place(other, PlaceKind.HOME, member, name="Made up")
    ways = (
        lambda: happened.keep_event(case, EventKind.OTHER, "", member, day=tomorrow),
        lambda: happened.keep_event(case, EventKind.OTHER, "", member, place=place),
        lambda: happened.keep_event(case, EventKind.OTHER, "", member, people=[away]),
        lambda: happened.relate(case, one, Tie.FRIEND, away, member),
        lambda: happened.keep_place(case, PlaceKind.HOME, member, name=" ", hte_City=""),
    )
    for way in ways:
        with pytest.raises(Refused), act(TESTER, "event.add"):
            way()
    with pytest.raises(IntegrityError), transaction.atomic(), act(TESTER, "shell"):
        Relationship.objects.create(
            case=case,
            person=one,
            other=one,
            tie=Tie.FRIEND,
            added_by=member,
            added_at=timezone.now(),
        )


def test_the_timeline_merges_what_every_room_tells_the_last_first() -> None:
    member = make_member(Role.CASEWORKER)
    case: Case = objects.make(Case, member)
    person = a_person(case)
    county = make_agency(AgencyKind.CHILD_PROTECTION)
    with act(TESTER, "test.setup"):
        happened.keep_event(
            case, EventKind.RECRUITMENT, "", member, day=datetime(2020, 2, 3).date()
        )
        happened.keep_event(case, EventKind.SAFETY, f"{CANARY} day", member)
        notes.write(case, "Made up", Audience.PROTECTION, member)
        tasks.end(tasks.add(case, "Call", member), member, "done")
        deciding.decide(person, timezone.localdate())
        told = referring.refer(person, case, county, member, timezone.now() - timedelta(hours=1))
        referring.stop(told.clocks.get(), member, f"{CANARY} called")
        consenting.withdraw(consenting.give(person, county, "Shelter", member))
        for about in (case, person):
            offered = referrals.offer(
                service(), member, "Housing Services", about_kind="a", about=about.pk
            )
            referrals.accept(offered)
        attaching.attach(case, Upload("made-up.txt", b"made up"))
    with act(member.actor, "event.list"):
        moments = timeline.moments(case, member)
        what = [f"{each.what}: {detail}" for each, detail in timeline.opened(moments)]
    for text in (
        "The case was opened",
        f"{person}: May have been sold",
        "A note of",
        "Task: Done",
        "the law was asked",
        "referred to child protection",
        f"Oral report: {CANARY} called",
        f"consent for {county}: Shelter",
        f"consent for {county} was withdrawn",
        "A file was added",
    ):
        assert [each for each in what if text in each] != [], text
    assert len([each for each in what if "Housing and shelter: Accepted" in each]) == 2, what
    assert what[-1] == f"Something of safety: {CANARY} day"  # its day is not known
    assert what[-2].startswith("Recruitment")
    times = [each.at for each in moments if each.at]
    assert times == sorted(times, reverse=True)
    page = client_of(member).get(reverse("cases:timeline", args=[case.pk])).content.decode()
    assert "02/03/2020" in page


def test_the_timeline_gives_each_reader_what_they_may_see() -> None:
    boss = make_member(Role.SUPERVISOR, make_agency(AgencyKind.LAW_ENFORCEMENT))
    analyst = make_member(Role.ANALYST, boss.agency)
    case: Case = objects.make(Case, boss)
    person = a_person(case)
    with act(TESTER, "test.setup"):
        deciding.decide(person, timezone.localdate())

    def told(member: Member) -> str:
        return client_of(member).get(reverse("cases:timeline", args=[case.pk])).content.decode()

    link = reverse("protection:person", args=[person.pk])
    assert link in told(boss)
    assert "the law was asked" in told(boss)
    assert link not in told(analyst)  # who may not open people
    assert "the law was asked" not in told(analyst)


def a_photo() -> bytes:
    """A picture that says where it was taken."""
    picture, exif, out = Image.new("RGB", (8, 8)), Image.Exif(), io.BytesIO()
    exif[0x010E] = CANARY
    picture.save(out, "JPEG", exif=exif)
    return out.getvalue()


def test_a_file_is_kept_as_it_came_and_shared_without_what_was_hidden() -> None:
    member = make_member(Role.INVESTIGATOR)
    case: Case = objects.make(Case, member)
    client, photo = client_of(member), a_photo()
    assert CANARY.encode() in photo
    path = reverse("cases:add_file", args=[case.pk])
    for status in (302, 409):  # the second time it is in the case already
        upload = SimpleUploadedFile("made-up.jpg", photo)
        assert client.post(path, {"file": upload}).status_code == status
    assert client.post(path, {}).status_code == 422
    assert client.post(path, {"file": SimpleUploadedFile("empty.txt", b"")}).status_code == 422
    stored = files_of(case).get()
    page = client.get(reverse("cases:files", args=[case.pk])).content.decode()
    assert "made-up.jpg" in page
    copy = client.get(reverse("cases:copy", args=[case.pk, stored.pk]))
    original = client.get(reverse("cases:original", args=[case.pk, stored.pk]))
    assert original.content == photo
    assert copy.status_code == 200
    assert found_in(copy.content, [CANARY]) == []
    assert "attachment" in copy["Content-Disposition"]
    read = Entry.objects.filter(kind="vault.storedfile", operation="read", act__startswith="case_")
    assert {(each.act, each.actor) for each in read} == {
        ("case_file.list", member.actor.name),
        ("case_file.copy", member.actor.name),
        ("case_file.evidence", member.actor.name),
    }


def test_a_file_is_of_its_case_and_the_original_is_for_few() -> None:
    boss = make_member(Role.SUPERVISOR)
    case, other = objects.make(Case, boss), objects.make(Case, boss)
    with act(TESTER, "test.setup"):
        stored = attaching.attach(case, Upload("made-up.jpg", a_photo()))
    analyst = client_of(make_member(Role.ANALYST, boss.agency))
    for name, where, status in (("copy", case, 200), ("copy", other, 404), ("original", case, 403)):
        path = reverse(f"cases:{name}", args=[where.pk, stored.pk])
        assert analyst.get(path).status_code == status
    page = analyst.get(reverse("cases:files", args=[case.pk])).content.decode()
    assert reverse("cases:original", args=[case.pk, stored.pk]) not in page
    stranger = client_of(make_member(Role.SUPERVISOR))
    assert stranger.get(reverse("cases:copy", args=[case.pk, stored.pk])).status_code == 404
