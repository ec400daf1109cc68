"""The order in which a course is gone through: lessons, then situations, then questions.

Situations come in an order of their own for each taking, so that neighbors do not learn answers
from each other; of a pair that differs in one trait, one comes in the first half and one in the
second, so that they are not seen side by side.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

from harborlight.courses.course import Course, Lesson, Question, Scenario
from harborlight.web.training.models import Kind


@dataclass(frozen=True)
class Step:
    """One page of a course."""

    kind: str
    """lesson, scenario or question."""
    code: str
    item: Lesson | Scenario | Question


def steps(course: Course, seed: object) -> list[Step]:
    """Every page of the course, in the order of this seed."""
    return [
        *(Step("lesson", each.code, each) for each in course.lessons),
        *(Step(Kind.SCENARIO, each.code, each) for each in shuffled(course.scenarios, seed)),
        *(Step(Kind.QUESTION, each.code, each) for each in course.questions),
    ]


def shuffled(scenarios: tuple[Scenario, ...], seed: object) -> list[Scenario]:
    """The situations in the order of a seed."""
    chance = random.Random(f"training {seed}")  # noqa: S311 - an order, no secret
    halves: tuple[list[Scenario], list[Scenario]] = ([], [])
    pairs: dict[str, list[Scenario]] = {}
    single = []
    for each in scenarios:
        if each.pair:
            pairs.setdefault(each.pair, []).append(each)
        else:
            single.append(each)
    for pair in pairs.values():
        chance.shuffle(pair)
        for place, each in enumerate(pair):
            halves[place % 2].append(each)
    chance.shuffle(single)
    for each in single:
        min(halves, key=len).append(each)
    for half in halves:
        chance.shuffle(half)
    return [*halves[0], *halves[1]]
