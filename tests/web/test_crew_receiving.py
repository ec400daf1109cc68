"""Reports of crews: stored exactly once, signed for, never turned away."""

from __future__ import annotations

import base64
import json
import uuid
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

import sealing
from harborlight.web.accounts.models import Member
from harborlight.web.accounts.roles import AgencyKind, Role
from harborlight.web.audit.acts import act
from harborlight.web.crew import body, envelope, receipt, receiving, staff
from harborlight.web.crew.models import CrewReport, Quarantine, Told, Version
from harborlight.web.crew.reasons import has_reason, only_describes
from harborlight.web.notices.models import Notice
from people import TESTER, client_of, make_agency, make_member

pytestmark = pytest.mark.django_db


def seal(number: str, plain: bytes) -> bytes:
    return sealing.seal(number, plain, envelope.public_point("receive"))


def a_report(**fields: Any) -> bytes:
    told = {
        "schema": 2,
        "danger": False,
        "reasons": ["answers"],
        "observed": [{"at": "10:05", "what": "Somebody else answered every question"}],
        **fields,
    }
    return json.dumps(told).encode()


def a_crew() -> Member:
    return make_member(Role.CREW, make_agency(AgencyKind.AIRLINE))


def test_the_same_report_many_times_is_one_row() -> None:
    member, number, plain = a_crew(), str(uuid.uuid4()), a_report()
    taken = [receiving.take_envelope(seal(number, plain), member) for _ in range(5)]
    assert [each.new for each in taken] == [True, False, False, False, False]
    assert len({each.receipt["text"] for each in taken}) == 1
    assert Version.objects.count() == 1
    told = json.loads(taken[0].receipt["text"])
    assert (told["id"], told["sha256"]) == (number, envelope.digest(plain))
    assert receipt.verify(**taken[0].receipt)


def test_a_receipt_that_was_changed_is_no_receipt() -> None:
    taken = receiving.take_envelope(seal(str(uuid.uuid4()), a_report()), a_crew()).receipt
    other = taken["text"].replace("true", "false")
    assert not receipt.verify(other, taken["signature"])
    raw = bytearray(base64.b64decode(taken["signature"]))
    raw[7] ^= 1
    assert not receipt.verify(taken["text"], base64.b64encode(raw).decode())
    assert not receipt.verify(taken["text"], "")


def test_a_new_version_stands_beside_the_old_one() -> None:
    member, number = a_crew(), str(uuid.uuid4())
    receiving.take_envelope(seal(number, a_report()), member)
    receiving.take_envelope(seal(number, a_report(heard="More was said")), member)
    report = CrewReport.objects.get(pk=number)
    assert [each.number for each in report.versions.all()] == [1, 2]
    with act(TESTER, "crew_report.open"):
        readings = staff.open_report(report)
    assert [each.body.texts["heard"] for each in readings] == ["", "More was said"]


def test_what_was_sent_cannot_be_changed_in_the_database() -> None:
    receiving.take_envelope(seal(str(uuid.uuid4()), a_report()), a_crew())
    for statement in (
        "UPDATE crew_version SET digest = ''",
        "UPDATE crew_version SET sealed = wrapped_key",
        "UPDATE crew_told SET method = 'phone'",
        "DELETE FROM crew_told",
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_a_report_of_last_years_schema_is_read() -> None:
    old = {
        "schema": 1,
        "danger": True,
        "flight": "HL 100",
        "seats": "14C",
        "date": "2025-11-20",
        "route": "MSP-ORD",
        "notes": "One held all papers",
    }
    number = str(uuid.uuid4())
    taken = receiving.take_envelope(seal(number, json.dumps(old).encode()), a_crew())
    assert json.loads(taken.receipt["text"])["readable"] is True
    report = CrewReport.objects.get(pk=number)
    assert report.danger
    with act(TESTER, "crew_report.open"):
        (reading,) = staff.open_report(report)
    assert reading.body.texts["destination"] == "ORD"
    assert reading.body.observed == [{"at": "", "what": "One held all papers"}]


@pytest.mark.parametrize(
    "plain",
    [
        b"\xff\xfe not text",
        b"[]",
        b"{}",
        b'{"schema": 99}',
        b'{"schema": true}',
        b'{"schema": 2, "danger": "perhaps"}',
        b'{"schema": 2, "day": "some day"}',
        b'{"schema": 2, "observed": [7]}',
        b'{"schema": 2, "first_seen_by": "nobody"}',
    ],
)
def test_what_cannot_be_read_is_kept_and_signed_for(plain: bytes) -> None:
    member = a_crew()
    for _ in range(2):
        taken = receiving.take_envelope(seal(str(uuid.uuid4()), plain), member)
    told = json.loads(taken.receipt["text"])
    assert told["readable"] is False
    assert told["sha256"] == envelope.digest(plain)
    kept = Quarantine.objects.get()
    with act(TESTER, "quarantine.open"):
        assert base64.b64decode(kept.take("body")["body"]) == plain
    assert not CrewReport.objects.exists()


@given(st.binary(max_size=200))
def test_no_bytes_break_the_door(raw: bytes) -> None:
    taken = receiving.take_envelope(raw, None)
    told = json.loads(taken.receipt["text"])
    assert told["sha256"] == envelope.digest(raw)
    assert Quarantine.objects.filter(digest=told["sha256"]).count() == 1


def test_staff_are_told_of_what_cannot_be_read_and_of_what_nobody_known_sent() -> None:
    police = make_agency(AgencyKind.LAW_ENFORCEMENT)
    triage, ended = make_member(Role.TRIAGE, police), make_agency(AgencyKind.LAW_ENFORCEMENT)
    make_member(Role.TRIAGE, ended)
    with act(TESTER, "test.setup"):
        ended.active = False
        ended.save()
    member = a_crew()
    operations = make_member(Role.OPERATIONS, member.agency)
    receiving.take_envelope(b"unreadable, of a known phone", member)
    assert [each.member for each in Notice.objects.all()] == [operations]
    for unknown in (b"unreadable, of nobody known", seal(str(uuid.uuid4()), a_report())):
        Notice.objects.all().delete()
        receiving.take_envelope(unknown, None)
        assert [each.member for each in Notice.objects.all()] == [triage]
        assert client_of(triage).get("/crew/queue/").status_code == 200
    Notice.objects.all().delete()
    with act(TESTER, "test.setup"):
        report = CrewReport.objects.get(author=None)
        report.received_at -= staff.UNREAD_AFTER
        report.save()
    assert staff.escalate() == 1
    assert [(each.member, each.kind) for each in Notice.objects.all()] == [(triage, "late_report")]


def test_another_members_number_overwrites_nothing() -> None:
    first, second, number = a_crew(), a_crew(), str(uuid.uuid4())
    receiving.take_envelope(seal(number, a_report()), first)
    taken = receiving.take_envelope(seal(number, a_report(heard="not mine")), second)
    assert json.loads(taken.receipt["text"])["readable"] is False
    assert CrewReport.objects.get(pk=number).author == first
    assert Version.objects.count() == 1


def test_the_airline_and_the_agencies_chosen_are_told_once() -> None:
    police = make_agency(AgencyKind.LAW_ENFORCEMENT, takes_reports=True)
    others = make_agency(AgencyKind.PROVIDER)
    member, number = a_crew(), str(uuid.uuid4())
    tell = [str(police.pk), str(others.pk), "none", "99999"]
    told = [{"who": "captain", "how": "person", "at": ""}] * 2
    for heard in ("", "more"):
        plain = a_report(tell=tell, told=told, heard=heard)
        receiving.take_envelope(seal(number, plain), member)
    rows = Told.objects.filter(report__pk=number)
    assert {each.agency for each in rows if each.agency} == {member.agency, police}
    assert [each.outside for each in rows if not each.agency] == ["captain"]
    assert rows.count() == 3


def test_the_door_takes_in_whoever_hands_in() -> None:
    member, number = a_crew(), str(uuid.uuid4())
    raw = seal(number, a_report())
    answer = client_of(member).post("/crew/phone/")
    token = answer.json()["token"]
    door = Client()
    headers = {"authorization": f"Bearer {token}"}
    first = door.post("/crew/hand-in/", raw, content_type="application/json", headers=headers)
    again = door.post("/crew/hand-in/", raw, content_type="application/json", headers=headers)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["text"] == again.json()["text"]
    assert CrewReport.objects.get(pk=number).author == member
    stranger = door.post(
        "/crew/hand-in/", seal(str(uuid.uuid4()), a_report()), content_type="application/json"
    )
    assert stranger.status_code == 201
    assert CrewReport.objects.filter(author=None).count() == 1
    client_of(member).post("/crew/phone/end/")
    ended = seal(str(uuid.uuid4()), a_report())
    door.post("/crew/hand-in/", ended, content_type="application/json", headers=headers)
    assert CrewReport.objects.filter(author=None).count() == 2


def test_the_form_without_javascript_sends_once() -> None:
    member = a_crew()
    client = client_of(member)
    page = client.get("/crew/form/").content.decode()
    number = page.split('name="number" value="')[1].split('"')[0]
    filled = {
        "number": number,
        "danger": "no",
        "first_seen_by": "staff",
        "observed": "One person answered for all",
    }
    for _ in range(2):
        assert client.post("/crew/form/", filled).status_code == 302
    assert CrewReport.objects.get().author == member
    assert Version.objects.count() == 1
    refused = client.post(
        "/crew/form/", {**filled, "number": uuid.uuid4(), "observed": "the family looks different"}
    )
    assert refused.status_code == 200
    assert "no reason" in refused.content.decode()
    assert CrewReport.objects.count() == 1


def test_unread_reports_are_escalated_and_stay() -> None:
    number = str(uuid.uuid4())
    member = a_crew()
    operations = make_member(Role.OPERATIONS, member.agency)
    receiving.take_envelope(seal(number, a_report(danger=True)), member)
    assert Notice.objects.get(member=operations).kind == "report"
    assert staff.escalate() == 0
    report = CrewReport.objects.get(pk=number)
    with act(TESTER, "test.setup"):
        report.received_at -= timedelta(days=400)
        report.save()
    assert staff.escalate() == 1
    assert Notice.objects.filter(member=operations, kind="late_report").count() == 1
    assert staff.escalate() == 0
    assert CrewReport.objects.filter(pk=number).exists()


def test_what_cannot_be_read_is_told_of_again_each_day_until_it_is_settled() -> None:
    member = a_crew()
    operations = make_member(Role.OPERATIONS, member.agency)
    receiving.take_envelope(seal(str(uuid.uuid4()), b"neither"), member)
    late = Notice.objects.filter(member=operations, kind="late_report")
    kept = Quarantine.objects.get()
    with time_machine.travel(kept.received_at + staff.UNREAD_AFTER, tick=False):
        assert (staff.escalate(), staff.escalate()) == (1, 0)
        assert late.count() == 1
        assert "1 is late" in client_of(operations).get("/today/").content.decode()
    late.update(sent_at=kept.received_at)
    with time_machine.travel(kept.received_at + timedelta(days=2), tick=False):
        assert (staff.escalate(), staff.escalate()) == (1, 0)
        assert late.count() == 2
        client_of(operations).post(f"/crew/unreadable/{kept.pk}/settle/")
    with time_machine.travel(kept.received_at + timedelta(days=9), tick=False):
        assert staff.escalate() == 0
    assert Quarantine.objects.filter(pk=kept.pk, settled_at__isnull=False).exists()


def test_the_crew_sees_the_outcome_and_no_more() -> None:
    member, number = a_crew(), str(uuid.uuid4())
    receiving.take_envelope(seal(number, a_report()), member)
    operations = make_member(Role.OPERATIONS, member.agency)
    client = client_of(operations)
    assert client.get(f"/crew/report/{number}/").status_code == 200
    empty = client.post(f"/crew/report/{number}/outcome/", {"outcome": "unfounded", "why": " "})
    assert empty.status_code == 302
    assert CrewReport.objects.get().outcome == "received"
    told = {"outcome": "unfounded", "why": "A secret reason", "lesson": "Ask before you conclude"}
    client.post(f"/crew/report/{number}/outcome/", told)
    page = client_of(member).get("/crew/mine/").content.decode()
    assert "No sign of trafficking found" in page
    assert "A secret reason" not in page
    trainer = client_of(make_member(Role.TRAINER, member.agency))
    assert "Ask before you conclude" in trainer.get("/crew/lessons/").content.decode()
    other = client_of(make_member(Role.OPERATIONS, make_agency(AgencyKind.AIRLINE)))
    assert other.get(f"/crew/report/{number}/").status_code == 404
    assert client_of(member).get(f"/crew/report/{number}/").status_code == 403


@pytest.mark.parametrize(
    ("text", "alone"),
    [
        ("the family looks different", True),
        ("She is Asian and he is white", True),
        ("El padre es blanco y la niña es morena", True),
        ("He holds her passport and will not give it back", False),
        ("A white man held the passports of two adults", False),
        ("", False),
        ("the child", False),
    ],
)
def test_how_somebody_looks_is_no_reason(text: str, alone: bool) -> None:
    assert only_describes(text) is alone
    if alone:
        assert not has_reason(["other"], [text])


def test_every_field_of_the_form_is_a_field_of_the_body() -> None:
    content = body.read(a_report(**dict.fromkeys(body.TEXTS, "x")))
    assert set(content.texts.values()) == {"x"}
