"""Checks: some questions of a course asked again 30, 90 and 180 days after somebody passed.

What is asked is the course as it was when it was passed. A check never takes a certificate away: it
is there so that what was learned is called to mind, and so that the trainer sees how it fades.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from harborlight.courses.course import Course, Question
from harborlight.web.audit.acts import Refused
from harborlight.web.training import catalog
from harborlight.web.training.answers import keep
from harborlight.web.training.keeping import keep_until
from harborlight.web.training.models import Check, Source, StaffPerson, Taking

DAYS = (30, 90, 180)


def plan(taking: Taking, course: Course, day: date) -> None:
    """Plan the checks of a course that was passed that day; those of an earlier one fall away."""
    before = Check.objects.filter(
        person=taking.person_id, taking__course=taking.course, done_at__isnull=True, dropped=False
    )
    before.exclude(taking=taking).update(dropped=True)
    if not course.retrieval or taking.source != Source.SITE:
        return
    for days in DAYS:
        due = day + timedelta(days=days)
        Check.objects.create(
            agency_id=taking.agency_id,
            person_id=taking.person_id,
            taking=taking,
            days=days,
            due_on=due,
            keep_until=keep_until(due),
        )


def due(person: StaffPerson, day: date | None = None) -> list[Check]:
    """The checks that somebody is to do now."""
    rows = Check.objects.filter(
        person=person, done_at__isnull=True, dropped=False, due_on__lte=day or timezone.localdate()
    )
    return list(rows.select_related("taking__edition"))


def questions(check: Check) -> Sequence[Question]:
    """What the check asks."""
    return catalog.course_of(check.taking.edition).retrieval


def next_question(check: Check) -> Question | None:
    """The first question without an answer."""
    given = set(check.answers.values_list("item", flat=True))
    return next((each for each in questions(check) if each.code not in given), None)


def answer(check: Check, question: Question, choice: str) -> None:
    """Keep an answer; the first one counts. The last one finishes the check.

    ValueError for a choice that there is not.
    """
    check = Check.objects.select_for_update().get(pk=check.pk)  # sent twice: the second waits
    if check.due_on > timezone.localdate() or check.dropped:
        raise Refused(_("This check is not due."), record=check)
    if check.done_at is None and not check.answers.filter(item=question.code).exists():
        keep(check.taking, question, choice, None, check)
    if check.done_at is None and next_question(check) is None:
        given = check.answers.values_list("right", flat=True)
        check.done_at = timezone.now()
        check.asked, check.right = len(given), sum(given)
        check.save(update_fields=["done_at", "asked", "right"])
