"""A course on the site: one page at a time, each answer once, feedback, result, certificate,
checks, and records that stay."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

import courses_world as world
from harborlight.courses.course import Scenario
from harborlight.courses.scoring import marks, result
from harborlight.web.accounts.models import Member
from harborlight.web.accounts.roles import AgencyKind, Role
from harborlight.web.audit.acts import NoAct, Refused, act
from harborlight.web.audit.models import Entry
from harborlight.web.training import catalog, checks, steps, taking
from harborlight.web.training.keeping import keep_until
from harborlight.web.training.models import (
    Answer,
    Certificate,
    Check,
    Edition,
    Kind,
    StaffPerson,
    Taking,
)
from people import TESTER, client_of, make_agency, make_member

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _courses() -> Iterator[None]:
    with world.small_courses():
        yield


@pytest.fixture
def crew() -> Member:
    return make_member(Role.CREW)


def test_a_site_has_its_own_courses_and_keeps_a_version_that_somebody_took(crew: Member) -> None:
    taken = world.finished(world.person_of(crew))
    old = catalog.course_of(taken.edition)
    assert old.title["en"] == "Small cabin course"
    world.write("cabin", "cabin", more=" More words.")
    now = catalog.courses()["cabin"]
    assert now.version != old.version == taken.edition.version
    assert catalog.course_of(Edition.objects.get()) == old  # read back from what was kept
    assert catalog.from_plain(catalog.to_plain(now)) == now
    # What was kept before lessons named their sources can still be read.
    older = catalog.to_plain(now)
    for each in older["lessons"]:
        del each["sources"]
    assert [each.sources for each in catalog.from_plain(older).lessons] == [()]


@given(st.integers(), st.integers(0, 4), st.integers(0, 6))
def test_the_two_of_a_pair_are_never_neighbors_in_one_half(
    seed: int, pairs: int, singles: int
) -> None:
    plain = world.course().scenarios[0]
    made = [
        Scenario(**{**plain.__dict__, "code": f"p{n}{v}", "pair": f"p{n}", "variant": v})
        for n in range(pairs)
        for v in "ab"
    ] + [Scenario(**{**plain.__dict__, "code": f"s{n}", "pair": ""}) for n in range(singles)]
    order = steps.shuffled(tuple(made), seed)
    assert sorted(each.code for each in order) == sorted(each.code for each in made)
    assert steps.shuffled(tuple(made), seed) == order
    half = (len(order) + 1) // 2
    first, second = order[:half], order[half:]
    for part in (first, second):
        named = [each.pair for each in part if each.pair]
        assert len(named) == len(set(named))


def test_a_whole_course_by_its_pages(crew: Member) -> None:
    client = client_of(crew)
    page = client.get("/training/")
    assert "Where do you work?" in page.content.decode()
    client.post("/training/join/", {"work": "cabin"})
    page = client.post("/training/begin/cabin/")
    where = page["Location"]
    # Begun twice is the same taking.
    assert client.post("/training/begin/cabin/")["Location"] == where
    taken = Taking.objects.get()
    pages = taking.pages(taken)
    assert [each.kind for each in pages] == ["lesson", *["scenario"] * 4, *["question"] * 2]
    for place, step in enumerate(pages):
        shown = client.get(where).content.decode()
        assert f"Page {place + 1} of 7" in shown
        if step.kind == "lesson":
            assert "<em>words</em>" in shown
        else:
            # Nothing goes on without an answer.
            assert client.post(where, {"place": place, "go": "on"}).status_code == 409
            assert client.post(where, {"place": place, "choice": "9"}).status_code == 422
            told = {"place": place, "choice": world.right_choice(step), "confidence": 70}
            client.post(where, told)
            client.post(where, told)  # sent twice
            shown = client.get(where).content.decode()
            assert "That is right." in shown
            assert step.item.why["en"] in shown  # type: ignore[union-attr]
        client.post(where, {"place": place, "go": "on"})
        client.post(where, {"place": place, "go": "on"})  # sent twice
    shown = client.get(where).content.decode()
    assert "Passed" in shown
    assert "100.00% of 80% needed." in shown
    assert Answer.objects.count() == 6
    taken.refresh_from_db()
    assert taken.passed
    today = timezone.localdate()
    assert taken.expires_on == today + timedelta(days=365)
    assert [each.due_on for each in taken.checks.all()] == [
        today + timedelta(days=each) for each in (30, 90, 180)
    ]
    paper = client.get(f"/training/certificate/{Certificate.objects.get().pk}/")
    assert paper.content.startswith(b"%PDF")
    done = {each.act for each in Entry.objects.filter(actor=crew.actor.name)}
    assert {"training.begin", "training.take", "training.certificate"} <= done


def test_one_can_look_back_and_answer_only_where_one_is(crew: Member) -> None:
    taken = world.begin(world.person_of(crew))
    client, where = client_of(crew), f"/training/course/{taken.pk}/"
    client.post(where, {"place": 0, "go": "on"})
    assert "What it is" in client.get(f"{where}?back=0").content.decode()
    client.post(where, {"place": 0, "go": "on"})
    client.post(where, {"place": 5, "choice": "0"})
    taken.refresh_from_db()
    assert taken.place == 1
    assert client.get(f"{where}?back=99").status_code == 200
    assert not Answer.objects.exists()


def test_the_first_answer_counts_and_wrong_ones_are_told(crew: Member) -> None:
    taken = world.begin(world.person_of(crew))
    client, where = client_of(crew), f"/training/course/{taken.pk}/"
    client.post(where, {"place": 0, "go": "on"})
    step = taking.pages(taken)[1]
    right = world.right_choice(step)
    wrong = "none" if right == "report" else "report"
    client.post(where, {"place": 1, "choice": wrong, "confidence": 100})
    client.post(where, {"place": 1, "choice": right, "confidence": 50})
    kept = Answer.objects.get()
    assert (kept.choice, kept.right, kept.confidence) == (wrong, False, 100)
    assert "That is not right." in client.get(where).content.decode()


def test_who_reports_everybody_does_not_pass_and_may_take_it_again(crew: Member) -> None:
    person = world.person_of(crew)
    taken = world.finished(person, wrong=("family-a", "family-b", "nap"))
    assert taken.passed is False
    assert float(taken.percent or 0) == pytest.approx(200 / 3, abs=0.01)
    assert not Certificate.objects.exists()
    assert not Check.objects.exists()
    shown = client_of(crew).get(f"/training/course/{taken.pk}/").content.decode()
    assert "Not passed yet" in shown
    again = world.begin(person)
    assert again.pk != taken.pk
    assert world.go_through(again).passed


def test_the_score_is_that_of_the_courses_own_scoring(crew: Member) -> None:
    taken = world.finished(world.person_of(crew), wrong=("nap", "alone"))
    course = world.course()
    reported = {each.code: each.concern for each in course.scenarios} | {"nap": True}
    chosen = {each.code: each.right for each in course.questions} | {"alone": 0}
    told = result(marks(course, reported, chosen), course.pass_at)
    assert float(taken.percent or 0) == told.percent
    assert taken.passed is told.passed


def test_a_course_begun_in_one_version_is_finished_in_it(crew: Member) -> None:
    taken = world.begin(world.person_of(crew))
    before = taken.edition.version
    world.write("cabin", "cabin", more=" More.")
    world.go_through(taken)
    assert taken.edition.version == before
    assert taken.passed


def test_checks_ask_again_and_take_nothing_away(crew: Member) -> None:
    taken = world.finished(world.person_of(crew))
    check = taken.checks.get(days=30)
    assert checks.due(taken.person) == []
    later = timezone.localdate() + timedelta(days=31)
    assert checks.due(taken.person, later) == [check]
    world.ripen(check)
    client, where = client_of(crew), f"/training/check/{check.pk}/"
    shown = client.get(where).content.decode()
    assert "Page 1 of 2" in shown
    assert client.post(where, {"item": "captain", "choice": "7"}).status_code == 422
    seen = client.post(where, {"item": "captain", "choice": "0"})["Location"]
    client.post(where, {"item": "captain", "choice": "1"})  # the first counts
    assert "That is right." in client.get(seen).content.decode()
    client.post(where, {"item": "alone", "choice": "0"})
    assert "1 of 2 right." in client.get(where).content.decode()
    check.refresh_from_db()
    taken.refresh_from_db()
    assert (check.right, check.asked, taken.passed) == (1, 2, True)
    # Passed again: the checks that are left of the first time fall away.
    world.finished(taken.person)
    assert set(taken.checks.filter(dropped=True).values_list("days", flat=True)) == {90, 180}


def test_an_old_link_to_a_check_that_is_not_due_yet_is_refused(crew: Member) -> None:
    check = world.finished(world.person_of(crew)).checks.get(days=180)
    shown = client_of(crew).post(f"/training/check/{check.pk}/", {"item": "captain", "choice": "0"})
    assert shown.status_code == 409
    assert not check.answers.exists()


def test_nothing_of_a_training_changes_or_goes(crew: Member) -> None:
    taken = world.finished(world.person_of(crew))
    world.answer_check(world.ripen(taken.checks.get(days=30)))
    given = taken.answers.filter(kind=Kind.SCENARIO)[0]
    check = taken.checks.get(days=30)
    kept = (taken, given, check, taken.certificate)
    for row in kept:
        with pytest.raises(Refused, match="kept until"), act(TESTER, "test.try"):
            row.delete()
        rows = type(row).objects.filter(pk=row.pk)
        with pytest.raises(IntegrityError), transaction.atomic(), act(TESTER, "test.try"):
            rows._raw_delete(rows.db)
        with pytest.raises(NoAct):
            rows.update(keep_until=timezone.localdate())
        with pytest.raises(IntegrityError), transaction.atomic(), act(TESTER, "test.try"):
            rows.update(keep_until=timezone.localdate())
    with pytest.raises(IntegrityError), transaction.atomic(), act(TESTER, "test.try"):
        Taking.objects.filter(pk=taken.pk).update(passed=False)
    with pytest.raises(IntegrityError), transaction.atomic(), act(TESTER, "test.try"):
        Answer.objects.filter(pk=given.pk).update(right=False)
    assert taken.keep_until == keep_until(taken.expires_on or timezone.localdate())


def test_a_row_may_go_when_its_day_has_come(crew: Member) -> None:
    taken = world.begin(world.person_of(crew))
    past = timezone.localdate() - timedelta(days=2)
    with act(TESTER, "test.setup"):
        old = Taking.objects.create(
            agency=taken.agency, person=taken.person, course="gone", edition=taken.edition,
            language="en", started_at=timezone.now(), keep_until=past,
        )  # fmt: skip
        old.delete()
    assert not Taking.objects.filter(course="gone").exists()


def test_the_same_person_by_their_address_or_by_another_membership(crew: Member) -> None:
    listed = world.make_person(crew.agency, "77")
    with act(TESTER, "test.setup"):
        listed.put(email=crew.user.email.upper())
        listed.save()
    assert world.person_of(crew) == listed
    with act(TESTER, "test.setup"):
        other = Member.objects.create(user=crew.user, agency=crew.agency, role=Role.OPERATIONS)
        elsewhere = Member.objects.create(
            user=crew.user, agency=make_agency(AgencyKind.AIRLINE), role=Role.CREW
        )
    assert world.person_of(other) == listed
    assert world.person_of(elsewhere) != listed
    assert StaffPerson.objects.count() == 2


def test_what_is_others_is_not_there(crew: Member) -> None:
    taken = world.finished(world.person_of(crew))
    colleague = client_of(make_member(Role.CREW, crew.agency))
    trainer = client_of(make_member(Role.TRAINER, crew.agency))
    for client in (colleague, trainer, client_of(make_member(Role.CREW))):
        assert client.get(f"/training/course/{taken.pk}/").status_code == 404
        assert client.get(f"/training/check/{taken.checks.all()[0].pk}/").status_code == 404
    assert Client().get("/training/").status_code == 302


def test_who_has_left_or_works_elsewhere_takes_no_course(crew: Member) -> None:
    person = world.person_of(crew)
    client = client_of(crew)
    assert client.post("/training/begin/ground/").status_code == 409
    assert client.post("/training/begin/none/").status_code == 404
    with act(TESTER, "test.setup"):
        person.active = False
        person.save()
    assert client.post("/training/begin/cabin/").status_code == 409


def test_in_spanish_the_course_is_in_spanish(crew: Member) -> None:
    client = client_of(crew)
    client.cookies["django_language"] = "es"
    world.person_of(crew)
    where = client.post("/training/begin/cabin/")["Location"]
    shown = client.get(where).content.decode()
    assert "Qué es" in shown
    assert re.search(r"Página 1 de 7", shown)
