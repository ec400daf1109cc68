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
from harborlight.web.cases.persons import Person
from harborlight.web.frame.waiting import Found, Waiting
from harborlight.web.protection.models import Clock, ProtectionReferral


def waiting(member: Member) -> Iterator[Waiting]:
    """Deadlines of today, and those that have passed."""
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
