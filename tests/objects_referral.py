"""Holds, referrals and unmet needs for the tests of the walls."""

from __future__ import annotations

from harborlight.web.accounts.models import Member
from harborlight.web.accounts.roles import AgencyKind
from harborlight.web.audit.acts import act
from harborlight.web.directory.models import Beds, Record
from harborlight.web.referral import holds, referrals
from harborlight.web.referral.models import Hold, Referral, UnmetNeed, Why
from objects import arguments, makes
from objects_directory import keep_for, shelter
from people import TESTER, make_agency


def service() -> Record:
    """A service of an agency that nobody of the tests is of."""
    made = shelter()
    keep_for(make_agency(AgencyKind.PROVIDER), made)
    record: Record = Record.objects.get(key=made["id"])
    return record


@makes(Hold)
def made_hold(owner: Member) -> Hold:
    with act(TESTER, "test.setup"):
        return holds.hold(Beds.objects.get(service=service()).pk, owner)


@makes(Referral)
def made_referral(owner: Member) -> Referral:
    with act(TESTER, "test.setup"):
        return referrals.offer(service(), owner, "Housing Services")


@makes(UnmetNeed)
def made_unmet(owner: Member) -> UnmetNeed:
    with act(TESTER, "test.setup"):
        return referrals.count_unmet(owner, "Housing Services", Why.FULL, age=16)


arguments("referral:hold", lambda _record: {"beds": Beds.objects.get(service=service()).pk})
arguments("referral:offer", lambda _record: {"key": service().key})
arguments("referral:answer", lambda _record: {"step": "accept"})
