"""Who is due: never trained, expired, expiring within 30 days, or with a check to do.

of_person(person)                    the courses of one person, and where they stand
staff(agency, course)                rows with `expires` and `check_due`
rows.filter(condition("expired", today))   those in one state
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from harborlight.courses.course import Course
from harborlight.web.accounts.models import Agency
from harborlight.web.training import catalog
from harborlight.web.training.models import Check, StaffPerson, Taking

SOON = timedelta(days=30)
NEVER, EXPIRED, EXPIRING, CURRENT, CHECK = "never", "expired", "expiring", "current", "check"
STATES: dict[str, str | Promise] = {
    NEVER: _("Never trained"),
    EXPIRED: _("Expired"),
    EXPIRING: _("Expires within 30 days"),
    CHECK: _("A check is due"),
    CURRENT: _("Trained"),
}


@dataclass(frozen=True)
class Standing:
    """Where somebody stands with a course."""

    state: str
    expires: date | None
    open: Taking | None = None

    @property
    def label(self) -> str | Promise:
        """The state in words."""
        return STATES[self.state]


def state_of(expires: date | None, today: date) -> str:
    """The state by the day on which the last passed course expires. It holds through that day."""
    if expires is None:
        return NEVER
    if expires < today:
        return EXPIRED
    return EXPIRING if expires <= today + SOON else CURRENT


def of_person(person: StaffPerson) -> list[tuple[Course, Standing]]:
    """The courses that somebody is to take, and where they stand with each."""
    today = timezone.localdate()
    expiries = dict(
        person.takings.filter(passed=True)
        .order_by()
        .values_list("course")
        .annotate(last=Max("expires_on"))
    )
    opened = {each.course: each for each in person.takings.filter(finished_at__isnull=True)}
    return [
        (
            course,
            Standing(
                state_of(expiries.get(course.code), today),
                expiries.get(course.code),
                opened.get(course.code),
            ),
        )
        for course in catalog.for_person(person)
    ]


def staff(agency: Agency, course: Course) -> QuerySet[StaffPerson]:
    """The active staff who are to take the course. Nothing is opened.

    Rows have `expires` (a day or None) and `check_due` (whether a check is to be done today).
    """
    passed = (
        Taking.objects.filter(person=OuterRef("pk"), course=course.code, passed=True)
        .order_by()
        .values("person")
        .annotate(last=Max("expires_on"))
        .values("last")
    )
    waiting = Check.objects.filter(
        person=OuterRef("pk"),
        taking__course=course.code,
        done_at__isnull=True,
        dropped=False,
        due_on__lte=timezone.localdate(),
    )
    rows = StaffPerson.objects.filter(agency=agency, active=True, work=course.role)
    return rows.annotate(expires=Subquery(passed), check_due=Exists(waiting))


def condition(state: str, today: date) -> Q:
    """What holds for rows of `staff` in a state. A check is due beside any other state."""
    soon = today + SOON
    return {
        NEVER: Q(expires__isnull=True),
        EXPIRED: Q(expires__lt=today),
        EXPIRING: Q(expires__gte=today, expires__lte=soon),
        CURRENT: Q(expires__gt=soon),
        CHECK: Q(check_due=True),
    }[state]


def counts(agency: Agency, course: Course) -> dict[str, int]:
    """How many are in each state."""
    today = timezone.localdate()
    asked = {state: Count("pk", filter=condition(state, today)) for state in STATES}
    told: dict[str, int] = staff(agency, course).aggregate(**asked)
    return told


def must_act(agency: Agency, course: Course, today: date) -> QuerySet[StaffPerson]:
    """Everybody who has something to do: the course, or a check."""
    return staff(agency, course).filter(
        Q(expires__isnull=True) | Q(expires__lte=today + SOON) | Q(check_due=True)
    )
