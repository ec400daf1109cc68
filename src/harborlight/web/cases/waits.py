"""What of cases waits for a member, and what the search finds of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from harborlight.web.accounts.access import may, reachable
from harborlight.web.accounts.models import Member
from harborlight.web.cases.handing import Step, Transfer
from harborlight.web.cases.models import Case
from harborlight.web.frame.waiting import Found, Waiting


def waiting(member: Any) -> Iterable[Waiting]:
    """Open cases that are assigned to this member, and transfers whose next step is theirs."""
    if may(member, "case", "list"):
        mine = Case.objects.filter(assigned=member, status=Case.Status.OPEN)
        yield Waiting(_("Open cases assigned to you"), mine.count(), reverse("cases:list"))
    url = reverse("cases:transfers")
    if may(member, "transfer", "answer"):
        offered = Transfer.objects.filter(to_agency=member.agency_id, state=Step.OFFERED)
        yield Waiting(_("Cases that are offered to your agency"), offered.count(), url)
    if may(member, "transfer", "complete"):
        accepted = reachable(Transfer, member, "transfer", "complete").filter(
            from_agency=member.agency_id, state=Step.ACCEPTED
        )
        yield Waiting(_("Cases to hand over: they were accepted"), accepted.count(), url)


def search(member: Any, words: str) -> Iterable[Found]:
    """Cases by number."""
    if may(member, "case", "list"):
        number = words.lower().removeprefix("case").strip()
        for case in reachable(Case, member, "case", "list").filter(number=number):
            yield Found(_("Case"), str(case), case.get_absolute_url(), case.get_status_display())


def assigned_to(member: Member) -> int:
    """How many open cases are assigned to this member."""
    return Case.objects.filter(assigned=member, status=Case.Status.OPEN).count()


def reassign(old: Member, new: Member | None) -> int:
    """Give the open cases of one member to another, or to nobody. Within an act."""
    return Case.objects.filter(assigned=old, status=Case.Status.OPEN).update(assigned=new)
