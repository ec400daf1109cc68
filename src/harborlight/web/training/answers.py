"""One answer, kept once and for good: to a situation or a question, in a course or in a check."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from harborlight.courses.course import Lesson, Question, Scenario
from harborlight.courses.scoring import HIGHEST, LOWEST
from harborlight.web.training import catalog
from harborlight.web.training.keeping import keep_until
from harborlight.web.training.models import Answer, Check, Kind, Taking

REPORT, NONE = "report", "none"


def keep(
    taking: Taking,
    item: Lesson | Scenario | Question,
    choice: str,
    confidence: int | None,
    retrieval: Check | None = None,
) -> Answer:
    """Keep an answer, in the course or in a check of it. Within an act.

    ValueError for a choice or a confidence that there is not.
    """
    if isinstance(item, Scenario):
        if choice not in (REPORT, NONE):
            raise ValueError(choice)
        if confidence is None or not LOWEST <= confidence <= HIGHEST:
            raise ValueError(confidence)
        kind, right = Kind.SCENARIO, (choice == REPORT) == item.concern
    elif isinstance(item, Question):
        if not choice.isdecimal() or int(choice) >= len(item.options):
            raise ValueError(choice)
        kind, right, confidence = Kind.QUESTION, int(choice) == item.right, None
    else:
        raise ValueError("a lesson has no answer")
    now = timezone.now()
    course = catalog.course_of(taking.edition)
    return Answer.objects.create(
        taking=taking,
        retrieval=retrieval,
        kind=kind,
        item=item.code,
        choice=choice,
        right=right,
        confidence=confidence,
        at=now,
        keep_until=keep_until(now.date() + timedelta(days=course.expires_days)),
    )
