"""The yearly report, recounted here from raw rows by another way; the pages and the command."""

from __future__ import annotations

import csv
import io
import json
import re
import uuid
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.utils import timezone
from typer.testing import CliRunner

import courses_world as world
from harborlight.cli import app
from harborlight.web.accounts.models import Agency, Member
from harborlight.web.accounts.roles import AgencyKind, Role
from harborlight.web.audit.acts import Refused, act
from harborlight.web.audit.models import Entry
from harborlight.web.crew import receiving, yearly
from harborlight.web.crew.models import CrewReport, Quarantine
from harborlight.web.training import taking
from people import TESTER, client_of, make_agency, make_member

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("America/Chicago")


@pytest.fixture(autouse=True)
def _courses() -> Iterator[None]:
    with world.small_courses():
        yield


@pytest.fixture
def airline() -> Agency:
    return make_agency(AgencyKind.AIRLINE, name="Sample Air")


def send(crew: Member, at: datetime, seen_by: str = "staff", *told: tuple[str, str]) -> str:
    """A report that was received at that moment."""
    number = str(uuid.uuid4())
    body = {
        "schema": 2,
        "danger": False,
        "first_seen_by": seen_by,
        "reasons": ["answers"],
        "observed": [{"at": "", "what": "Secret words"}],
        "told": [{"who": who, "how": how, "at": ""} for who, how in told],
    }
    receiving.take(number, json.dumps(body).encode(), crew, "form")
    with act(TESTER, "test.setup"):
        CrewReport.objects.filter(pk=number).update(received_at=at)
    return number


def pass_on(
    airline: Agency, number: str, day: date, percent: int = 90, work: str = "cabin"
) -> None:
    trainer = make_member(Role.TRAINER, airline)
    person = world.make_person(airline, number, "Sample Person", work)
    with act(TESTER, "test.setup"):
        taking.record(person, world.course(work), day, Decimal(percent), trainer)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def fill(airline: Agency) -> None:
    """Reports and trainings in the period of 2026, at its edges, and outside of it."""
    crew = make_member(Role.CREW, airline)
    send(crew, moment("2025-09-30T23:59:59"), "staff", ("hotline", "phone"))  # before
    send(crew, moment("2025-10-01T00:00:00"), "staff", ("hotline", "phone"))
    send(crew, moment("2026-03-01T12:00:00"), "passenger", ("airport_police", "radio"),
         ("hotline", "phone"), ("captain", "person"))  # fmt: skip
    send(crew, moment("2026-09-30T23:59:59"), "passenger", ("hsi", "phone"), ("other", "phone"))
    send(crew, moment("2026-10-01T00:00:00"), "staff", ("airport_police", "phone"))  # after
    receiving.quarantine(b"not a report", "", "unreadable", crew)
    with act(TESTER, "test.setup"):
        Quarantine.objects.update(received_at=moment("2026-01-01T00:00:00"))
    for number, day, percent in (
        ("1", date(2025, 9, 30), 90), ("2", date(2025, 10, 1), 90), ("3", date(2026, 1, 5), 79),
        ("4", date(2026, 9, 30), 80), ("5", date(2026, 10, 1), 90),
    ):  # fmt: skip
        pass_on(airline, number, day, percent)
    pass_on(airline, "6", date(2026, 2, 2), 100, "ground")


@pytest.fixture
def _december(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock of the site stands at the end of 2026, so that no day is in the future."""
    later = datetime(2026, 12, 1, 12, tzinfo=ZONE)
    monkeypatch.setattr(timezone, "now", lambda: later)


def raw(sql: str, *values: int | str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def as_time(value: object) -> datetime:
    """A moment as either database hands it out."""
    told = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return told if told.tzinfo else told.replace(tzinfo=ZoneInfo("UTC"))


def recounted(airline: Agency) -> dict[str, int]:
    """The numbers of 2026 again, from raw rows, day by day in Chicago, without the app's code."""

    def within(value: object) -> bool:
        day = as_time(value).astimezone(ZONE).date().isoformat()
        return "2025-10-01" <= day <= "2026-09-30"

    people = {
        person
        for person, at in raw(
            "SELECT person_id, finished_at FROM training_taking "
            "WHERE agency_id = %s AND passed AND finished_at IS NOT NULL",
            airline.pk,
        )
        if within(at)
    }
    reports = {
        str(uuid.UUID(str(key))): origin
        for key, at, origin in raw(
            "SELECT id, received_at, origin FROM crew_crewreport WHERE agency_id = %s", airline.pk
        )
        if within(at)
    }
    told: dict[str, set[str]] = {each: set() for each in reports}
    for key, outside in raw("SELECT report_id, outside FROM crew_told WHERE outside <> ''"):
        told.get(str(uuid.UUID(str(key))), set()).add(str(outside))
    return {
        "trained": len(people),
        "all": len(reports),
        "staff": sum(each == "staff" for each in reports.values()),
        "passenger": sum(each == "passenger" for each in reports.values()),
        "hotline": sum("hotline" in each for each in told.values()),
        "airport_police": sum("airport_police" in each for each in told.values()),
        "neither": sum(not each & {"hotline", "airport_police"} for each in told.values()),
    }


@pytest.mark.usefixtures("_december")
def test_every_number_is_that_of_the_raw_rows(airline: Agency) -> None:
    fill(airline)
    fill(make_agency(AgencyKind.AIRLINE))  # another airline's are not counted
    told = yearly.yearly(airline, 2026)
    counted = {"trained": told.trained, **{each: len(told.of(each)) for each in yearly.KINDS}}
    assert counted == recounted(airline)
    assert counted == {
        "trained": 3, "all": 3, "staff": 1, "passenger": 2,
        "hotline": 2, "airport_police": 1, "neither": 1,
    }  # fmt: skip
    assert told.by_course == {"cabin": 2, "ground": 1}
    assert (told.unreadable, told.unsettled) == (1, 1)
    for each in told.notifications:
        key = each.report.pk.hex if connection.vendor == "sqlite" else str(each.report.pk)
        rows = raw("SELECT count(*) FROM crew_told WHERE report_id = %s", key)
        assert len(each.told) == rows[0][0]


def test_the_period_is_the_laws(airline: Agency) -> None:
    period = yearly.period_of(2026)
    assert (period.first, period.last) == (date(2025, 10, 1), date(2026, 9, 30))
    assert period.due == date(2026, 10, 30)
    assert "GSA" in period.recipients
    assert {each.citation for each in period.citations} >= {"FAR 52.247-69", "49 USC 40118(g)"}
    with pytest.raises(Refused, match="no period") as refused:
        yearly.yearly(airline, 2018)
    assert refused.value.citation
    assert yearly.current_year(date(2026, 10, 30)) == 2026
    assert yearly.current_year(date(2026, 10, 31)) == 2027


@pytest.mark.usefixtures("_december")
def test_every_number_opens_its_records(airline: Agency) -> None:
    fill(airline)
    for role in (Role.OPERATIONS, Role.TRAINER):
        client = client_of(make_member(role, airline))
        page = client.get("/crew/yearly/?year=2026").content.decode()
        links = re.findall(r'href="(/crew/yearly/[\w/]+/\?year=2026[^"]*)"', page)
        counted = [each for each in links if "/file/" not in each]
        assert len(counted) == 1 + 2 + 6  # people, each course, each kind
        for where in counted:
            path = where.replace("&amp;", "&")
            number = re.search(re.escape(where) + r'"[^>]*>(?:<span.*?</span>)?(\d+)<', page)
            assert number, where
            records = client.get(path).content.decode()
            heading = re.search(r"<h1>.*: (\d+)</h1>", records)
            assert heading, where
            assert heading[1] == number[1]
            body = records.partition("<tbody>")[2].partition("</tbody>")[0]
            assert body.count("<tr>") == int(number[1])
        assert "Secret words" not in page
        assert "Sample Person" not in page
    operations = client_of(make_member(Role.OPERATIONS, airline))
    records = operations.get("/crew/yearly/notifications/all/?year=2026").content.decode()
    for where in re.findall(r'href="(/crew/report/[^"]+)"', records):
        assert operations.get(where).status_code == 200
    trainer = client_of(make_member(Role.TRAINER, airline))
    people = trainer.get("/crew/yearly/trained/?year=2026").content.decode()
    found = re.findall(r'href="(/training/staff/[^"]+)"', people)
    assert len(found) == 3
    assert all(trainer.get(each).status_code == 200 for each in found)
    assert "/crew/report/" not in trainer.get(
        "/crew/yearly/notifications/all/?year=2026"
    ).content.decode()  # fmt: skip


@pytest.mark.usefixtures("_december")
def test_a_year_without_a_period_is_told_and_nonsense_is_this_year(airline: Agency) -> None:
    client = client_of(make_member(Role.OPERATIONS, airline))
    answer = client.get("/crew/yearly/?year=2018")
    assert answer.status_code == 409
    assert "The law states no period for 2018." in answer.content.decode()
    for text in ("x", "99999", "-1", ""):
        shown = client.get(f"/crew/yearly/?year={text}").content.decode()
        assert "Yearly report 2027" in shown  # that of 2026 was due before December
    assert client.get("/crew/yearly/notifications/nothing/").status_code == 404


@pytest.mark.usefixtures("_december")
def test_the_file_has_a_line_for_each_who_was_told(airline: Agency) -> None:
    fill(airline)
    client = client_of(make_member(Role.OPERATIONS, airline))
    text = client.get("/crew/yearly/file/?year=2026").content.decode()
    numbers, _, rows = text.partition("\r\n\r\n")
    head = list(csv.reader(io.StringIO(numbers)))
    assert ["trained", "3"] in head
    assert ["notifications", "hotline", "2"] in head
    lines = list(csv.DictReader(io.StringIO(rows)))
    assert tuple(lines[0]) == yearly.COLUMNS
    told = {(each["who_was_told"], each["method"]) for each in lines}
    assert told == {
        ("Sample Air", "site"), ("hotline", "phone"), ("airport_police", "radio"),
        ("captain", "person"), ("hsi", "phone"), ("other", "phone"),
    }  # fmt: skip
    assert len({each["notification"] for each in lines}) == 3
    assert all(re.fullmatch(r"20\d\d-\d\d-\d\d", each["day"]) for each in lines)


@pytest.mark.usefixtures("_december")
def test_the_command_says_the_same(airline: Agency, tmp_path: object) -> None:
    fill(airline)
    make_agency(AgencyKind.AIRLINE, name="Other Air")

    def run(*words: str) -> tuple[int, str]:
        done = CliRunner().invoke(app, ["training", "report", *words])
        return done.exit_code, done.output

    status, shown = run("--year", "2026", "--agency", "sample air")
    assert status == 0
    for line in ("3 people trained", "3 notifications", "2   of which the hotline was told",
                 "1 that could not be read", "FAR 52.247-69"):  # fmt: skip
        assert line in shown, shown
    assert "Secret" not in shown
    assert Entry.objects.filter(act="yearly.see", operation="note").count() == 1
    file = f"{tmp_path}/report.csv"
    assert run("--year", "2026", "--agency", "Sample Air", "--out", file)[0] == 0
    with open(file, encoding="utf-8", newline="") as written:
        assert written.read() == yearly.text(yearly.yearly(airline, 2026))
    assert "Other Air, report of 2026" in run("--year", "2026")[1]
    assert run("--year", "2026", "--agency", "None")[0] == 2
    assert run("--year", "2018")[0] == 2
    assert run("--year", "2026", "--out", file)[0] == 2


def test_a_report_of_another_airline_is_nobodys_here(airline: Agency) -> None:
    crew = make_member(Role.CREW)
    send(crew, timezone.now() - timedelta(days=1), "staff", ("hotline", "phone"))
    client = client_of(make_member(Role.OPERATIONS, airline))
    shown = client.get("/crew/yearly/notifications/all/").content.decode()
    assert "<tbody>" not in shown
