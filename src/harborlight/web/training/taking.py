"""Taking a course: begun, gone through page by page, each answer kept once, and finished.

Everything here is called within an act. Where a taking stands is in its row alone: who closes the
browser goes on where they were, on any machine.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from harborlight.courses.course import Course
from harborlight.courses.scoring import Marks, Result, marks, result
from harborlight.web.accounts.models import Member
from harborlight.web.audit.acts import Refused
from harborlight.web.training import catalog, certificates
from harborlight.web.training.answers import REPORT, keep
from harborlight.web.training.checks import plan
from harborlight.web.training.keeping import keep_until
from harborlight.web.training.models import Answer, Kind, Source, StaffPerson, Taking
from harborlight.web.training.steps import Step, steps


def begin(person: StaffPerson, course: Course, language: str) -> Taking:
    """Begin a course, or go on with the one that is open."""
    if not person.active:
        raise Refused(_("Somebody who has left takes no course."), record=person)
    if course not in catalog.for_person(person):
        raise Refused(_("This course is for other staff."), record=person)
    StaffPerson.objects.select_for_update().get(pk=person.pk)  # a button pressed twice waits here
    opened = Taking.objects.filter(
        person=person, course=course.code, finished_at__isnull=True
    ).first()
    if opened is not None:
        return opened
    edition = catalog.edition_of(course)
    now = timezone.now()
    return Taking.objects.create(
        agency_id=person.agency_id,
        person=person,
        course=course.code,
        edition=edition,
        language=language if language in course.languages else course.languages[0],
        started_at=now,
        keep_until=keep_until(now.date()),
    )


def locked(taking: Taking) -> Taking:
    """The taking as it is now; who sends the same page at the same moment waits until the end."""
    return Taking.objects.select_for_update().get(pk=taking.pk)


def pages(taking: Taking) -> list[Step]:
    """All pages of this taking, in its order."""
    return steps(catalog.course_of(taking.edition), taking.pk)


def answered(taking: Taking, code: str) -> Answer | None:
    """The answer to this item in the course, if it was given."""
    return taking.answers.filter(item=code, retrieval__isnull=True).first()


def answer(taking: Taking, step: Step, choice: str, confidence: int | None) -> Answer:
    """Keep the answer to the page at which the taking stands. The first one counts.

    ValueError for a choice or a confidence that there is not.
    """
    before = answered(taking, step.code)
    if before is not None:
        return before
    return keep(taking, step.item, choice, confidence)


def go_on(taking: Taking, place: int) -> None:
    """Leave a page for the next one. A page that was left already is not left twice."""
    if taking.finished_at is not None or taking.place != place:
        return
    listed = pages(taking)
    step = listed[place]
    if step.kind != "lesson" and answered(taking, step.code) is None:
        raise Refused(_("This page has to be answered first."), record=taking)
    taking.place = place + 1
    if taking.place == len(listed):
        _finish(taking)
        return
    taking.save(update_fields=["place"])


def score(taking: Taking) -> tuple[Marks, Result]:
    """The counts and the result, from the answers."""
    course = catalog.course_of(taking.edition)
    given = list(taking.answers.filter(retrieval__isnull=True))
    reported = {each.item: each.choice == REPORT for each in given if each.kind == Kind.SCENARIO}
    chosen = {each.item: int(each.choice) for each in given if each.kind == Kind.QUESTION}
    told = marks(course, reported, chosen)
    return told, result(told, course.pass_at)


def _finish(taking: Taking) -> None:
    _marks, told = score(taking)
    _close(taking, timezone.now(), Decimal(str(told.percent)), told.passed)


def _close(taking: Taking, at: datetime, percent: Decimal, passed: bool) -> None:
    course = catalog.course_of(taking.edition)
    taking.finished_at = at
    taking.percent, taking.passed = percent, passed
    day = timezone.localdate(at)
    ends = day + timedelta(days=course.expires_days)
    taking.expires_on = ends if passed else None
    taking.keep_until = keep_until(ends)
    taking.save()
    if passed:
        certificates.issue(taking, day, ends)
        plan(taking, course, day)


def record(person: StaffPerson, course: Course, day: date, percent: Decimal, by: Member) -> Taking:
    """Keep that somebody took the course elsewhere, such as in the airline's own LMS."""
    if course not in catalog.for_person(person):
        raise Refused(_("This course is for other staff."), record=person)
    if day > timezone.localdate():
        raise Refused(_("The day is in the future."), record=person)
    at = timezone.make_aware(datetime.combine(day, time(12)))
    twice = Taking.objects.filter(person=person, course=course.code, source=Source.RECORDED)
    if twice.filter(finished_at=at).exists():
        raise Refused(_("That is recorded already."), record=person)
    taking = Taking(
        agency_id=person.agency_id,
        person=person,
        course=course.code,
        edition=catalog.edition_of(course),
        language=course.languages[0],
        source=Source.RECORDED,
        by=by,
        started_at=at,
        keep_until=keep_until(day),
    )
    _close(taking, at, percent, percent >= Decimal(str(course.pass_at)) * 100)
    return taking
