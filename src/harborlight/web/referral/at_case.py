"""What referrals add to the timeline of a case: each step of those about it or its people."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from harborlight.web.accounts.access import may, reachable
from harborlight.web.accounts.models import Member
from harborlight.web.cases.models import Case
from harborlight.web.cases.timeline import Moment
from harborlight.web.referral.models import Referral, ReferralState


def moments(case: Case, member: Member) -> Iterator[Moment]:
    """Of the referrals that this member reaches; nothing of them is opened."""
    if not may(member, "referral", "list"):
        return
    about = [case.pk, *case.involvements.values_list("person", flat=True)]
    rows = reachable(Referral, member, "referral", "list").filter(about__in=about)
    state = ReferralState
    for row in rows.select_related("to_agency"):
        answered = state.DECLINED if row.state == state.DECLINED else state.ACCEPTED
        ended = state.WITHDRAWN if row.state == state.WITHDRAWN else state.ENDED
        for at, step in (
            (row.offered_at, state.OFFERED),
            (row.answered_at, answered),
            (row.started_at, state.STARTED),
            (row.ended_at, ended),
        ):
            if at is not None:
                what = f"{row.get_category_display()}: {step.label}"
                url = reverse("referral:one", args=[row.pk])
                yield Moment(at, what, str(row.to_agency), url)
