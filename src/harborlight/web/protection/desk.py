"""What of protection waits for a member, and how people are found."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from harborlight.web.accounts.access import may, reachable
from harborlight.web.accounts.models import Member
from harborlight.web.cases.models import Case
from harborlight.web.cases.persons import Involvement, Person
from harborlight.web.frame.waiting import Found, Waiting
from harborlight.web.protection.models import Clock, ProtectionReferral


def waiting(member: Member) -> Iterator[Waiting]:
    """People in one's open cases; deadlines of today, and those that have passed."""
    if may(member, "person", "list"):
        mine = Involvement.objects.filter(
            case__assigned=member.pk, case__status=Case.Status.OPEN, ended_at__isnull=True
        )
        count = mine.values("person").distinct().count()
        yield Waiting(_("People in your open cases"), count, reverse("protection:people"))
    if not may(member, "protection", "list"):
        return
    rows = reachable(ProtectionReferral, member, "protection", "list")
    running = Clock.objects.filter(referral__in=rows, stopped_at__isnull=True)
    now = timezone.now()
    today = running.filter(Q(due_at__isnull=True) | Q(due_at__lte=now + timedelta(days=1)))
    yield Waiting(
        _("Deadlines of the law within a day"),
        today.count(),
        reverse("protection:clocks"),
        late=running.filter(Q(due_at__isnull=True) | Q(due_at__lte=now)).count(),
    )


def search(member: Member, words: str) -> Iterator[Found]:
    """People by phone or last name, found by the blind index: none is opened."""
    if not may(member, "person", "open"):
        return
    mine = reachable(Person, member, "person", "open")
    found = Person.having("phone", words).union(Person.having("name", words)).values_list("pk")
    for person in mine.filter(pk__in=[key for (key,) in found]).distinct()[:20]:
        yield Found(_("Person"), str(person), reverse("protection:person", args=[person.pk]))
