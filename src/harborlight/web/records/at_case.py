"""What of records is offered on a case's page, and what waits for a member."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from harborlight.web.accounts.access import may, reachable
from harborlight.web.accounts.models import Member
from harborlight.web.cases.links import Link
from harborlight.web.cases.models import Case
from harborlight.web.frame.waiting import Waiting
from harborlight.web.records.models import Closing, Request


def links(case: Case, member: Member) -> Iterator[Link]:
    """Closing a case, and holding it."""
    if case.status == Case.Status.OPEN and may(member, "case", "close", case):
        yield Link(_("Close the case"), reverse("records:close", args=[case.pk]))
    if may(member, "legal_hold", "place", case):
        yield Link(_("Legal hold"), reverse("records:hold_case", args=[case.pk]))


def waiting(member: Member) -> Iterator[Waiting]:
    """Expungements that somebody else asked for, and what the site proposes to delete."""
    if may(member, "expungement", "carry_out"):
        asked = reachable(Request, member, "expungement", "carry_out").exclude(asked_by=member)
        yield Waiting(_("Expungements to carry out"), asked.count(), reverse("records:requests"))
    if may(member, "retention", "decide"):
        rows = reachable(Closing, member, "retention", "decide")
        proposed = rows.filter(proposed_at__isnull=False, deleted_at__isnull=True)
        yield Waiting(
            _("Closed cases proposed for deletion"), proposed.count(), reverse("records:retention")
        )
