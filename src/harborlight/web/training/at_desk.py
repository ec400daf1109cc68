"""What of training waits for a member, and what a search of a trainer's finds."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from harborlight.web.accounts.access import may, reachable
from harborlight.web.accounts.models import Member
from harborlight.web.accounts.roles import Role
from harborlight.web.frame.waiting import Found, Waiting
from harborlight.web.training import catalog, checks, due, people
from harborlight.web.training.models import StaffPerson


def waiting(member: Member) -> Iterator[Waiting]:
    """One's own courses and checks; for a trainer, how many of the staff are due."""
    if may(member, "training", "see"):
        person = people.find(member)
        if person is None:
            new = 0 if member.role == Role.TRAINER else 1
            yield Waiting(_("Your training: say where you work"), new, reverse("training:mine"))
        elif person.active:
            standings = [standing.state for _course, standing in due.of_person(person)]
            count = sum(state != due.CURRENT for state in standings)
            late = sum(state in (due.NEVER, due.EXPIRED) for state in standings)
            yield Waiting(_("Courses for you"), count, reverse("training:mine"), late=late)
            count = len(checks.due(person))
            yield Waiting(_("Checks of what you learned"), count, reverse("training:mine"))
    if may(member, "staff", "list"):
        for course in catalog.courses().values():
            told = due.counts(member.agency, course)
            late = told[due.NEVER] + told[due.EXPIRED]
            yield Waiting(
                _("Staff who are due: %(course)s") % {"course": catalog.in_language(course.title)},
                late + told[due.EXPIRING],
                f"{reverse('training:staff')}?course={course.code}",
                late=late,
            )


def search(member: Member, words: str) -> Iterator[Found]:
    """A person by their whole employee number."""
    if not words.strip() or not may(member, "staff", "open"):
        return
    mine = reachable(StaffPerson, member, "staff", "open")
    for person in StaffPerson.having("employee", words).filter(pk__in=mine.values("pk"))[:10]:
        title = _("Employee number %(number)s") % {"number": words.strip()}
        yield Found(_("Staff"), title, person.get_absolute_url())
