"""Scores of all staff together, worked out a second time here from the rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from xml.etree import ElementTree

import pytest

import courses_world as world
from harborlight.courses.scoring import FEWEST, bias, calibration, signal
from harborlight.web.accounts.models import Agency, Member
from harborlight.web.accounts.roles import AgencyKind, Role
from harborlight.web.training import curve
from harborlight.web.training.models import Answer, StaffPerson
from harborlight.web.training.scores import Point, scores
from people import client_of, make_agency, make_member

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _courses() -> Iterator[None]:
    with world.small_courses():
        yield


@pytest.fixture
def trainer() -> Member:
    return make_member(Role.TRAINER)


def many(agency: Agency, number: int) -> list[StaffPerson]:
    """So many people who took the course: every third reports one of a pair, one misses."""
    made = []
    for each in range(number):
        person = world.make_person(agency, f"S{each}", f"Person {each}")
        wrong = ("family-b",) if each % 3 == 0 else ("papers",) if each == 1 else ()
        world.go_through(world.begin(person), wrong, confidence=50 + each % 6 * 10)
        made.append(person)
    return made


def test_too_few_people_are_not_shown(trainer: Member) -> None:
    many(trainer.agency, FEWEST - 1)
    told = scores(trainer.agency, world.course())
    assert (told.people, told.signal, told.bias) == (FEWEST - 1, None, None)
    assert all(each.share is None for each in told.curve)
    shown = client_of(trainer).get("/training/scores/?course=cabin").content.decode()
    assert "Too few people" in shown
    assert "<svg" not in shown


def test_the_scores_are_those_of_the_rows(trainer: Member) -> None:
    people = many(trainer.agency, FEWEST + 2)
    many(make_agency(AgencyKind.AIRLINE), 3)  # another airline's
    world.finished(people[0])  # a second time does not count
    course = world.course()
    kinds = {each.code: each for each in course.scenarios}
    counted: Counter[str] = Counter()
    sure, variants = [], []
    for person in people:
        first = person.takings.order_by("pk")[0]
        for given in Answer.objects.filter(taking=first, kind="scenario", retrieval=None):
            kind = kinds[given.item]
            names = {
                (True, True): "hits", (True, False): "misses",
                (False, True): "false_alarms", (False, False): "correct_rejections",
            }  # fmt: skip
            counted[names[kind.concern, given.choice == "report"]] += 1
            sure.append((given.confidence or 0, given.right))
            if kind.pair:
                variants.append((kind.pair, kind.variant, given.choice == "report"))
    told = scores(trainer.agency, course)
    assert told.people == len(people)
    assert {name: getattr(told, name) for name in counted} == dict(counted)
    assert told.signal == signal(**counted)
    assert told.calibration is not None
    assert told.calibration.bins == calibration(sorted(sure)).bins
    assert told.bias == bias(variants)
    assert told.bias is not None
    assert told.bias.overall.reported_b == 4
    shown = client_of(trainer).get("/training/scores/?course=cabin").content.decode()
    assert "4/12" in shown
    assert "Person" not in shown
    assert "S1" not in shown


def test_what_stays_known_is_counted(trainer: Member) -> None:
    passed = [
        person.takings.get(passed=True)
        for person in many(trainer.agency, FEWEST + 1)
        if person.takings.filter(passed=True).exists()
    ]
    assert len(passed) == FEWEST
    for number, taken in enumerate(passed):
        world.answer_check(world.ripen(taken.checks.get(days=30)), right=number < 7)
    told = {each.days: each for each in scores(trainer.agency, world.course()).curve}
    assert set(told) == {0, 30, 90, 180}
    assert (told[0].people, told[0].share) == (FEWEST, 1)
    assert (told[30].people, told[30].share) == (FEWEST, 7 / FEWEST)
    assert (told[90].people, told[90].share) == (0, None)


def test_the_curve_is_a_picture_with_a_name() -> None:
    points = [Point(0, 12, 0.9), Point(30, 12, 0.7), Point(90, 3, None), Point(180, 11, 0.55)]
    drawn = curve.draw(points, "What <stays>", "days")
    tree = ElementTree.fromstring(drawn)  # noqa: S314 - our own drawing
    svg = "{http://www.w3.org/2000/svg}"
    assert tree.get("aria-label") == "What <stays>"
    assert len(tree.findall(f"{svg}circle")) == 3
    heights = [float(each.get("cy") or 0) for each in tree.findall(f"{svg}circle")]
    assert heights == sorted(heights)  # less known is lower
    assert curve.draw([Point(0, 3, None)], "none", "days") == ""
