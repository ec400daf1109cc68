"""Staff of an airline: files taken in once, rows kept that could not be, who is due, what trainers
see, the ledger, reminders."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

import courses_world as world
from harborlight.cli import app
from harborlight.web.accounts.models import Member
from harborlight.web.accounts.roles import AgencyKind, Role
from harborlight.web.audit.acts import Refused, act
from harborlight.web.audit.models import Entry
from harborlight.web.notices.models import Notice
from harborlight.web.training import due, importing, ledger, reminders, taking
from harborlight.web.training.at_desk import search, waiting
from harborlight.web.training.duty import duty
from harborlight.web.training.models import StaffFile, StaffPerson, Taking, Work
from people import TESTER, client_of, make_agency, make_member

pytestmark = pytest.mark.django_db
FILE = """Employee number,Name,Role,E-mail,Base,Status
0001,Ana Example,Flight Attendant,ana@airline.example,MSP,active
0002,Bo Example,Gate agent,,RST,
0003,Cy Example,pilot,,MSP,
,Di Example,cabin,,,
0005,,cabin,,,
0006,Flo Example,cabin,no address,,
0001,Ana Again,cabin,,,
"""


@pytest.fixture(autouse=True)
def _courses() -> Iterator[None]:
    with world.small_courses():
        yield


@pytest.fixture
def trainer() -> Member:
    return make_member(Role.TRAINER)


def bring_in(trainer: Member, text: str, whole: bool = False) -> StaffFile:
    with act(TESTER, "test.setup"):
        return importing.bring_in(trainer.agency, "staff.csv", text.encode(), whole=whole)


def numbers(file: StaffFile) -> tuple[int, ...]:
    return file.rows, file.new, file.changed, file.same, file.left, file.rejected


def test_a_file_by_its_page_and_what_was_not_taken(trainer: Member) -> None:
    client = client_of(trainer)
    upload = SimpleUploadedFile("=staff.csv", FILE.encode())
    where = client.post("/training/staff/import/", {"file": upload})["Location"]
    file = StaffFile.objects.get()
    assert numbers(file) == (7, 2, 0, 0, 0, 5)
    shown = client.get(where).content.decode()
    assert "The role is none that is known" in shown
    rows = list(csv.reader(io.StringIO(client.get(f"{where}rejected/").content.decode())))
    assert rows[0][:4] == ["file", "row_number", "reason", "Employee number"]
    assert [row[1] for row in rows[1:]] == ["4", "5", "6", "7", "8"]
    assert {row[0] for row in rows[1:]} == {"'=staff.csv"}  # no formula
    assert rows[1][3:] == ["0003", "Cy Example", "pilot", "", "MSP", ""]
    assert rows[5][2] == "The employee number stands in the file twice."
    assert {each.work for each in StaffPerson.objects.all()} == {Work.CABIN, Work.GROUND}


def test_the_same_file_again_changes_nothing_and_opens_nothing(trainer: Member) -> None:
    bring_in(trainer, FILE)
    before = {each.pk: bytes(each.sealed) for each in StaffPerson.objects.all()}
    entries = Entry.objects.filter(kind="training.staffperson").count()
    assert numbers(bring_in(trainer, FILE)) == (7, 0, 0, 2, 0, 5)
    assert {each.pk: bytes(each.sealed) for each in StaffPerson.objects.all()} == before
    assert Entry.objects.filter(kind="training.staffperson").count() == entries
    # Another airline's people of the same numbers are others.
    other = make_member(Role.TRAINER)
    assert numbers(bring_in(other, FILE))[:2] == (7, 2)


def test_who_changed_left_or_came_back(trainer: Member) -> None:
    head = "number;nombre completo;puesto;estado\n"
    rows = [f"{n};Persona {n};cabina;activo\n" for n in range(5)]
    assert numbers(bring_in(trainer, head + "".join(rows)))[:2] == (5, 5)
    rows[1] = "1;Persona Nueva;puerta;activo\n"
    rows[2] = "2;Persona 2;cabina;baja\n"
    assert numbers(bring_in(trainer, head + "".join(rows))) == (5, 0, 2, 3, 1, 0)
    left = StaffPerson.objects.get(active=False)
    assert left.left_on == timezone.localdate()
    rows[2] = "2;Persona 2;cabina;activo\n"
    bring_in(trainer, head + "".join(rows))
    again = StaffPerson.objects.get(pk=left.pk)
    assert again.active
    assert again.left_on is None
    # A file of all staff: who is not in it has left; a row that is wrong is still somebody there.
    rows[0] = "0;Persona 0;nada;activo\n"
    file = bring_in(trainer, head + "".join(rows[:4]), whole=True)
    assert (file.left, file.rejected) == (1, 1)
    assert StaffPerson.objects.filter(active=True).count() == 4
    with pytest.raises(Refused, match="would have left"):
        bring_in(trainer, head + rows[3], whole=True)
    assert StaffPerson.objects.filter(active=True).count() == 4


def test_who_began_on_their_own_is_the_person_of_the_file(trainer: Member) -> None:
    crew = make_member(Role.CREW, trainer.agency)
    mine = world.person_of(crew)
    stranger = world.person_of(make_member(Role.CREW))  # another airline's
    rows = (
        f"number,name,role,email\n1,Ana Example,cabin,{crew.user.email}\n"
        f"2,Bo Example,cabin,{stranger.member.user.email}\n"  # type: ignore[union-attr]
        f"3,Cy Example,cabin,{crew.user.email}\n"
    )
    file = bring_in(trainer, rows)
    assert (file.new, file.changed) == (2, 1)
    mine.refresh_from_db()
    with act(TESTER, "test.read"):
        assert mine.take("number", "name") == {"number": "1", "name": "Ana Example"}
    assert mine.member == crew
    assert StaffPerson.having("employee", "2").get().agency == trainer.agency


def test_a_file_that_is_none_says_where(trainer: Member) -> None:
    for data, told in (
        (b"", "empty"),
        (b"number,name\n1,2\n", "role"),
        (b"number,id,name,role\n", "the same"),
        (b"\xff\xfe", "UTF-8"),
        (b'number,name,role\n1,"a', "Line"),
        (b"a\x00b", "no CSV"),
    ):
        with pytest.raises(importing.FileError, match=told):
            importing.bring_in(trainer.agency, "f", data)
    client = client_of(trainer)
    wrong = SimpleUploadedFile("f.csv", b"\xff")
    answer = client.post("/training/staff/import/", {"file": wrong})
    assert answer.status_code == 422
    assert "UTF-8" in answer.content.decode()
    assert not StaffFile.objects.exists()


def test_a_file_from_the_command_line(trainer: Member, tmp_path: Path) -> None:
    file = tmp_path / "staff.csv"
    file.write_text(FILE)

    def run(*words: str) -> tuple[int, str]:
        done = CliRunner().invoke(app, ["training", "import", str(file), *words])
        return done.exit_code, done.output

    status, told = run("--agency", trainer.agency.name.upper())
    assert status == 1
    assert "7 rows: 2 new, 0 changed, 0 as before, 0 left, 5 not taken" in told
    assert "staff.csv, row 4: The role is none that is known" in told
    file.write_text("number,name,role\n0001,Ana Example,cabin\n")
    assert run("--agency", trainer.agency.name, "--whole")[0] == 0
    assert StaffPerson.objects.filter(active=True).count() == 1
    assert run("--agency", "None")[0] == 2
    file.write_bytes(b"\xff")
    assert run("--agency", trainer.agency.name)[0] == 2


@given(st.lists(st.lists(st.text(max_size=12), min_size=1, max_size=7), max_size=8))
def test_every_row_is_taken_or_kept_with_its_reason(rows: list[list[str]]) -> None:
    out = io.StringIO()
    csv.writer(out).writerows([["number", "name", "role", "status"], *rows])
    agency = make_agency(AgencyKind.AIRLINE)
    try:
        with act(TESTER, "test.setup"):
            file = importing.bring_in(agency, "f.csv", out.getvalue().encode("utf-8", "replace"))
    except importing.FileError:
        return
    taken = file.new + file.changed + file.same
    assert file.rows == taken + file.rejected
    assert file.rejects.count() == file.rejected
    assert StaffPerson.objects.filter(agency=agency).count() == file.new


def test_who_is_due(trainer: Member) -> None:
    today = timezone.localdate()
    ends = {"a": None, "b": today - timedelta(days=1), "c": today, "d": today + due.SOON,
            "e": today + due.SOON + timedelta(days=1)}  # fmt: skip
    made = {}
    for name, end in ends.items():
        made[name] = world.make_person(trainer.agency, name, f"Person {name}")
        if end is not None:
            done = end - timedelta(days=365)
            with act(TESTER, "test.setup"):
                taking.record(made[name], world.course(), done, Decimal(90), trainer)
    told = due.counts(trainer.agency, world.course())
    assert told == {"never": 1, "expired": 1, "expiring": 2, "check": 0, "current": 1}
    world.make_person(make_member(Role.TRAINER).agency, "z")  # of another airline
    with act(TESTER, "test.setup"):
        made["a"].active = False
        made["a"].save()
    assert due.counts(trainer.agency, world.course())["never"] == 0
    for state, names in {"expired": "b", "expiring": "cd", "current": "e", "left": "a"}.items():
        page = client_of(trainer).get(f"/training/staff/?course=cabin&state={state}")
        shown = page.content.decode()
        assert [each for each in "abcde" if f"Person {each}" in shown] == list(names)
    found = client_of(trainer).get("/training/staff/?number=%20B%20").content.decode()
    assert "Person b" in found
    assert "Person c" not in found


def test_what_the_law_asks_stands_beside_with_its_citation(trainer: Member) -> None:
    client = client_of(trainer)
    for course, words in (("cabin", "initial and annual"), ("ground", "no interval stated")):
        shown = client.get(f"/training/staff/?course={course}").content.decode()
        asked = duty(course, timezone.localdate())
        assert asked.answer is True
        assert words in shown
        assert all(each.citation in shown for each in asked.citations)


def test_a_check_that_is_due_is_a_state_of_its_own(trainer: Member) -> None:
    crew = make_member(Role.CREW, trainer.agency)
    world.ripen(world.finished(world.person_of(crew)).checks.get(days=30))
    told = due.counts(trainer.agency, world.course())
    assert (told["check"], told["current"]) == (1, 1)
    labels = {str(each.label): each.count for each in waiting(crew)}
    assert labels["Checks of what you learned"] == 1


def test_what_was_taken_elsewhere_is_recorded_once_and_stays(trainer: Member) -> None:
    person = world.make_person(trainer.agency)
    client = client_of(trainer)
    day = timezone.localdate() - timedelta(days=3)
    told = {"course": "cabin", "day": day.isoformat(), "percent": "79.99"}
    client.post(f"/training/staff/{person.pk}/record/", told)
    assert Taking.objects.get().passed is False
    client.post(f"/training/staff/{person.pk}/record/", {**told, "percent": "80"})
    assert Taking.objects.count() == 1  # the same day twice is refused
    before = (day - timedelta(days=1)).isoformat()
    client.post(f"/training/staff/{person.pk}/record/", {**told, "day": before, "percent": "80"})
    passed = Taking.objects.get(passed=True)
    assert passed.by == trainer
    assert passed.certificate.issued_on == day - timedelta(days=1)
    assert not passed.checks.exists()
    ahead = (timezone.localdate() + timedelta(days=2)).isoformat()
    answer = client.post(f"/training/staff/{person.pk}/record/", {**told, "day": ahead})
    assert answer.status_code == 409
    shown = client.get(f"/training/staff/{person.pk}/").content.decode()
    assert "Elsewhere, recorded by a trainer" in shown


def test_a_trainer_sees_results_and_no_answer(trainer: Member) -> None:
    crew = make_member(Role.CREW, trainer.agency)
    taken = world.finished(world.person_of(crew), wrong=("nap",))
    shown = client_of(trainer).get(taken.person.get_absolute_url()).content.decode()
    assert f"{taken.percent}%" in shown
    for each in ("nap", "papers", "Somebody sleeps"):
        assert each not in shown
    assert client_of(make_member(Role.TRAINER)).get(
        taken.person.get_absolute_url()
    ).status_code == 404  # fmt: skip


def test_the_ledger_has_a_line_for_each_finished_course(trainer: Member) -> None:
    person = world.make_person(trainer.agency, "-5", "=HYPERLINK()")
    taken = world.finished(person)
    world.begin(person)  # not finished
    world.finished(world.make_person(make_agency(AgencyKind.AIRLINE), "9"))  # another's
    client = client_of(trainer)
    answer = client.get("/training/staff/ledger/")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    assert len(rows) == 1
    row = rows[0]
    assert tuple(row) == ledger.COLUMNS
    assert (row["employee_number"], row["name"]) == ("'-5", "'=HYPERLINK()")
    assert (row["percent"], row["passed"]) == ("100.00", "yes")
    assert row["version"] == taken.edition.version
    assert row["certificate"] == str(taken.certificate)
    read = Entry.objects.filter(act="training.ledger", operation="read", record=str(person.pk))
    assert read.count() == 1


def test_leaving_and_coming_back_by_the_page(trainer: Member) -> None:
    person = world.make_person(trainer.agency)
    client = client_of(trainer)
    client.post(f"/training/staff/{person.pk}/change/")
    person.refresh_from_db()
    assert person.active is False
    assert "Has left" in client.get(person.get_absolute_url()).content.decode()
    client.post(f"/training/staff/{person.pk}/change/")
    person.refresh_from_db()
    assert person.active is True


def test_reminders_come_once_a_week_to_who_is_due(trainer: Member) -> None:
    crew = make_member(Role.CREW, trainer.agency)
    world.person_of(crew)
    done = make_member(Role.CREW, trainer.agency)
    world.finished(world.person_of(done))
    gone = make_member(Role.CREW, trainer.agency)
    world.person_of(gone)
    with act(TESTER, "test.setup"):
        gone.until = timezone.now()
        gone.save()
    world.make_person(trainer.agency, "1")  # logs in nowhere
    assert reminders.remind() == 3
    told = set(Notice.objects.filter(kind="training").values_list("member", flat=True))
    assert told == {crew.pk, trainer.pk}
    assert reminders.remind() == 0
    Notice.objects.all().delete()
    week = timezone.now() - timedelta(days=7, minutes=1)
    with act(TESTER, "test.setup"):
        StaffPerson.objects.filter(reminded_at__isnull=False).update(reminded_at=week)
    assert reminders.remind() == 3
    assert Notice.objects.filter(kind="training", member=crew).count() == 1


def test_somebody_is_found_by_their_number_within_the_airline_alone(trainer: Member) -> None:
    world.make_person(trainer.agency, "A-77")
    assert len(list(search(trainer, "a-77"))) == 1
    assert list(search(make_member(Role.TRAINER), "a-77")) == []
    assert list(search(make_member(Role.CREW, trainer.agency), "a-77")) == []
    counted = {str(each.label): each for each in waiting(trainer)}
    assert counted["Staff who are due: Small cabin course"].late == 1


def test_a_leap_day_is_kept_until_a_day_that_there_is() -> None:
    from harborlight.web.training.keeping import keep_until

    assert keep_until(date(2028, 2, 29)) == date(2031, 3, 1)
