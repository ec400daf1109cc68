"""What referrals add to the first page."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from harborlight.web.accounts.access import may
from harborlight.web.accounts.models import Member
from harborlight.web.frame.waiting import Waiting
from harborlight.web.referral.models import Referral, ReferralState


def waiting(member: Member) -> Iterable[Waiting]:
    """Referrals that wait for one's agency's answer, and one's own that were accepted."""
    if may(member, "referral", "answer"):
        offered = Referral.objects.filter(to_agency=member.agency, state=ReferralState.OFFERED)
        yield Waiting(_("Referrals to answer"), offered.count(), reverse("referral:list"))
    if may(member, "referral", "offer"):
        mine = Referral.objects.filter(member=member, state=ReferralState.ACCEPTED)
        yield Waiting(
            _("Your referrals that were accepted and have not started"),
            mine.count(),
            reverse("referral:list"),
        )
