"""A referral goes from offer to outcome by its steps alone; what was not met is counted."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Callable

import pytest

from harborlight.web.accounts.roles import Role
from harborlight.web.audit.acts import Refused, act
from harborlight.web.audit.models import Entry
from harborlight.web.directory.models import Beds
from harborlight.web.directory.niem import CATEGORIES, REASONS, code_list
from harborlight.web.referral import holds, referrals
from harborlight.web.referral.models import HoldState, Outcome, Referral, UnmetNeed
from objects_directory import made_record
from objects_referral import made_referral, service
from people import TESTER, make_member

pytestmark = pytest.mark.django_db

STEPS: dict[str, Callable[[Referral], object]] = {
    "accepted": referrals.accept,
    "declined": lambda each: referrals.decline(each, "Lack of adequate resources", "No bed"),
    "started": referrals.start,
    "ended": lambda each: referrals.end(each, Outcome.MET),
    "withdrawn": referrals.withdraw,
}
ALLOWED = {
    "offered": {"accepted", "declined", "withdrawn"},
    "accepted": {"started", "declined", "withdrawn"},
    "started": {"ended"},
}


def test_no_order_of_steps_but_the_one_that_is_meant() -> None:
    asked = 0
    for steps in itertools.product(STEPS, repeat=3):
        referral = made_referral(make_member(Role.NAVIGATOR))
        state = "offered"
        for step in steps:
            asked += 1
            if step in ALLOWED.get(state, ()):
                with act(TESTER, f"referral.{step}"):
                    STEPS[step](referral)
                state = step
            else:
                with pytest.raises(Refused), act(TESTER, f"referral.{step}"):
                    STEPS[step](referral)
            referral = Referral.objects.get(pk=referral.pk)
            assert referral.state == state
    assert asked == 375


def test_what_people_write_is_sealed_and_unmet_needs_are_codes() -> None:
    member = make_member(Role.NAVIGATOR)
    with act(TESTER, "referral.offer"):
        referral = referrals.offer(
            service(),
            member,
            "Housing Services",
            about_kind="cases.case",
            about=uuid.uuid4(),
            county="Nobles",
            note="Canary words",
        )
    with act(TESTER, "referral.decline"):
        unmet = referrals.decline(referral, "Safety concerns", "More canary")
    row = Referral.objects.filter(pk=referral.pk).values().get()
    assert "anary" not in str(row)
    assert "anary" not in str(list(Entry.objects.values()))
    with act(TESTER, "referral.open"):
        assert Referral.objects.get().take() == {"note": "Canary words", "answer": "More canary"}
    assert (unmet.category, unmet.county, unmet.why) == ("Housing Services", "Nobles", "declined")
    assert referrals.unmet_counts() == [("Housing Services", "declined", 1)]
    assert UnmetNeed.objects.get().agency == member.agency


def test_a_held_place_goes_with_the_referral() -> None:
    member = make_member(Role.NAVIGATOR)
    for step, state, left in (("declined", HoldState.RELEASED, 3), ("started", HoldState.USED, 2)):
        record = made_record(make_member(Role.PROVIDER))
        beds = Beds.objects.get(service=record)
        with act(TESTER, "referral.offer"):
            held = holds.hold(beds.pk, member)
            referral = referrals.offer(record, member, "Housing Services", hold=held)
        assert holds.free_places([beds.pk]) == {beds.pk: 2}
        with act(TESTER, "referral.step"):
            if step == "started":
                referrals.accept(referral)
            STEPS[step](referral)
        held.refresh_from_db()
        assert held.state == state
        assert holds.free_places([beds.pk]) == {beds.pk: left}
    with act(TESTER, "hold.make"):
        other = holds.hold(beds.pk, member)
    with pytest.raises(Refused), act(TESTER, "referral.offer"):
        referrals.offer(service(), member, "Housing Services", hold=other)


def test_reasons_and_categories_are_those_of_niem() -> None:
    assert set(REASONS) == set(code_list("UnprovidedServiceReasonCategoryCode"))
    assert set(CATEGORIES) == set(code_list("ServiceCategoryCode"))
    referral = made_referral(make_member(Role.NAVIGATOR))
    with pytest.raises(ValueError, match="reason"), act(TESTER, "referral.decline"):
        referrals.decline(referral, "Did not like it")
