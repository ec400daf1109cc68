"""Pages of matching, holds and referrals, as a navigator and a provider use them."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from harborlight.web.accounts.models import Member
from harborlight.web.accounts.roles import Role
from harborlight.web.audit.acts import act, when
from harborlight.web.audit.models import Entry
from harborlight.web.directory.models import Beds
from harborlight.web.referral.models import Hold, HoldState, Referral, UnmetNeed
from objects_directory import keep_for, shelter
from people import TESTER, client_of, make_member

pytestmark = pytest.mark.django_db
NEED = {"category": "Housing Services", "age": "17", "with_it": ["bed", "pets"], "must": ["pets"]}


@pytest.fixture
def provider(db: None) -> Member:
    member: Member = make_member(Role.PROVIDER)
    ours = {"categories": ["Housing Services"], "pets": True}
    keep_for(member.agency, shelter(name="Warm bed", x_harborlight=ours))
    keep_for(member.agency, shelter(name="No pets", x_harborlight={**ours, "pets": False}))
    closed = shelter(name="Shut", status="temporarily closed", x_harborlight=ours)
    keep_for(member.agency, closed)
    with act(TESTER, "test.setup"):
        Beds.objects.update(said_at=when())
    return member


@pytest.fixture
def navigator(db: None) -> Client:
    return client_of(make_member(Role.NAVIGATOR))


def page(client: Client, path: str, **given: Any) -> str:
    answer = client.post(path, given, follow=True) if given else client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def test_from_a_need_to_a_service_started(provider: Member, navigator: Client) -> None:
    found = page(navigator, "/referrals/match/", **NEED)
    assert found.index("Warm bed") < found.index("Shut")
    assert "No pets" not in found
    assert "Pets can come along" in found
    assert "Closed for now" in found
    assert "It is not known whether it takes this age: ask" in found
    beds = Beds.objects.get(service__name="Warm bed")
    assert f"/referrals/holds/new/{beds.pk}/" in found
    assert "One place is held" in page(navigator, f"/referrals/holds/new/{beds.pk}/", x="")
    key = beds.service.key
    offered = page(navigator, f"/referrals/offer/{key}/", category="Housing Services", note="Quiet")
    assert "Quiet" in offered
    referral = Referral.objects.get()
    assert referral.hold == Hold.objects.get()
    own = client_of(provider)
    assert "Quiet" in page(own, f"/referrals/{referral.pk}/")
    for step in ("accept", "start"):
        assert "Done." in page(own, f"/referrals/{referral.pk}/{step}/", x="")
    assert "cannot become" in page(own, f"/referrals/{referral.pk}/accept/", x="")
    page(own, f"/referrals/{referral.pk}/end/", outcome="met")
    referral.refresh_from_db()
    assert (referral.state, referral.outcome) == ("ended", "met")
    assert Hold.objects.get().state == HoldState.USED
    stranger = client_of(make_member(Role.NAVIGATOR))
    assert stranger.get(f"/referrals/{referral.pk}/").status_code == 404


def test_only_the_service_answers_and_only_the_offerer_takes_back(
    provider: Member, navigator: Client
) -> None:
    key = Beds.objects.get(service__name="Warm bed").service.key
    page(navigator, f"/referrals/offer/{key}/", category="Housing Services")
    referral = Referral.objects.get()
    assert navigator.post(f"/referrals/{referral.pk}/accept/").status_code == 403
    assert client_of(provider).post(f"/referrals/{referral.pk}/withdraw/").status_code == 403
    declined = page(client_of(provider), f"/referrals/{referral.pk}/decline/",
                    reason="Lack of adequate resources", words="Full tonight")  # fmt: skip
    assert "Not enough resources (no bed, no staff)" in declined
    assert "Full tonight" in declined
    assert "The service declined" in page(navigator, "/referrals/unmet/")


def test_a_need_is_not_kept_and_an_unmet_one_is_counted_as_codes(
    provider: Member, navigator: Client
) -> None:
    need = {**NEED, "county": "Canarycounty", "language": "so"}
    before = Entry.objects.count()
    page(navigator, "/referrals/match/", **need)
    assert Entry.objects.count() == before
    assert "Counted." in page(navigator, "/referrals/match/unmet/", **need)
    kept = UnmetNeed.objects.get()
    assert (kept.category, kept.why, kept.age, kept.language) == (
        "Housing Services", "full", "minor", "so")  # fmt: skip


def test_who_does_not_refer_holds_nothing(provider: Member) -> None:
    beds = Beds.objects.get(service__name="Warm bed")
    for role in (Role.INVESTIGATOR, Role.PROVIDER, Role.CREW):
        client = client_of(make_member(role))
        assert client.post(f"/referrals/holds/new/{beds.pk}/").status_code == 403
    assert not Hold.objects.exists()
