"""How well an airline's staff decide, all together: never of one person.

Counted is the first time that somebody finished the course here: after it they know the answers.
What fewer than so many people answered is not shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Count, Min, Q, QuerySet

from harborlight.courses.course import Course, Scenario
from harborlight.courses.scoring import FEWEST, Bias, Calibration, Signal, bias, calibration, signal
from harborlight.web.accounts.models import Agency
from harborlight.web.training import catalog
from harborlight.web.training.answers import REPORT
from harborlight.web.training.checks import DAYS
from harborlight.web.training.models import Answer, Edition, Kind, Source, Taking


@dataclass(frozen=True)
class Point:
    """A point of the curve: so many days after passing, of so many people, the share right.

    `share` is None when there are too few people to show it.
    """

    days: int
    people: int
    share: float | None


@dataclass(frozen=True)
class Scores:
    """All that a trainer sees. None where too few people took the course."""

    people: int
    hits: int = 0
    misses: int = 0
    false_alarms: int = 0
    correct_rejections: int = 0
    signal: Signal | None = None
    calibration: Calibration | None = None
    bias: Bias | None = None
    curve: tuple[Point, ...] = ()


def scores(agency: Agency, course: Course) -> Scores:
    """The scores of an airline in a course, over all of its versions."""
    firsts = first_takings(agency, course)
    people = firsts.count()
    curve = tuple(_curve(agency, course))
    if people < FEWEST:
        return Scores(people, curve=curve)
    given = Answer.objects.filter(
        taking__in=firsts.values("pk"), retrieval__isnull=True, kind=Kind.SCENARIO
    )
    counts = dict.fromkeys(("hits", "misses", "false_alarms", "correct_rejections"), 0)
    variants: list[tuple[str, str, bool]] = []
    items = _scenarios(course)
    grouped = given.order_by().values_list("taking__edition", "item", "choice")
    for edition, code, choice, number in grouped.annotate(number=Count("pk")):
        scenario = items[edition, code]
        reported = choice == REPORT
        if scenario.concern:
            counts["hits" if reported else "misses"] += number
        else:
            counts["false_alarms" if reported else "correct_rejections"] += number
        if scenario.pair:
            variants += [(scenario.pair, scenario.variant, reported)] * number
    sure: list[tuple[int, bool]] = []
    confident = given.order_by().values_list("confidence", "right").annotate(number=Count("pk"))
    for confidence, right, number in confident:
        sure += [(confidence, right)] * number
    return Scores(
        people, **counts, signal=signal(**counts), calibration=calibration(sure),
        bias=bias(variants), curve=curve,
    )  # fmt: skip


def first_takings(agency: Agency, course: Course) -> QuerySet[Taking]:
    """The first finished taking here of each person."""
    done = Taking.objects.filter(
        agency=agency, course=course.code, source=Source.SITE, finished_at__isnull=False
    )
    firsts = done.order_by().values("person").annotate(first=Min("pk")).values("first")
    return Taking.objects.filter(pk__in=firsts)


def _scenarios(course: Course) -> dict[tuple[int, str], Scenario]:
    return {
        (edition.pk, each.code): each
        for edition in Edition.objects.filter(course=course.code)
        for each in catalog.course_of(edition).scenarios
    }


def _curve(agency: Agency, course: Course) -> Iterator[Point]:
    """Of those who passed here: how much of what is asked again was right at once, and later."""
    passed = Taking.objects.filter(
        agency=agency, course=course.code, source=Source.SITE, passed=True
    )
    asked = [
        (edition.pk, each.code)
        for edition in Edition.objects.filter(course=course.code)
        for each in catalog.course_of(edition).retrieval
    ]
    given = Answer.objects.filter(taking__in=passed.values("pk"))
    again = Q(pk__in=[])
    for edition in {each for each, _code in asked}:
        codes = [code for each, code in asked if each == edition]
        again |= Q(taking__edition=edition, item__in=codes)
    yield _point(0, given.filter(again, retrieval__isnull=True))
    for days in DAYS:
        yield _point(days, given.filter(retrieval__days=days, retrieval__done_at__isnull=False))


def _point(days: int, given: QuerySet[Answer]) -> Point:
    told = given.order_by().aggregate(
        people=Count("taking__person", distinct=True),
        right=Count("pk", filter=Q(right=True)),
        all=Count("pk"),
    )
    shown = told["people"] >= FEWEST
    return Point(days, told["people"], told["right"] / told["all"] if shown else None)
