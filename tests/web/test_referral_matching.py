"""Matching against a slow reader of the same rules, need by need and service by service."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from harborlight.bench import directory as made_up
from harborlight.places.gazetteer import gazetteer
from harborlight.web.accounts.roles import Role
from harborlight.web.audit import acts
from harborlight.web.audit.acts import act
from harborlight.web.directory.models import Beds, Offer, Record
from harborlight.web.directory.projection import PUBLIC
from harborlight.web.referral import holds
from harborlight.web.referral.matching import match
from harborlight.web.referral.needs import Need
from harborlight.web.referral.reasons import reasons
from objects_directory import keep_for, shelter
from people import TESTER, make_agency, make_member

pytestmark = pytest.mark.django_db


def fits(need: dict[str, Any], service: dict[str, Any]) -> bool:
    """Whether a service stays, written down once more and as plainly as can be."""
    must = need["must"]
    if need["category"] not in service["categories"]:
        return False
    age, low, high = need["age"], service["minimum_age"], service["maximum_age"]
    if age is not None and low is not None and age < low:
        return False
    if age is not None and high is not None and age > high:
        return False
    if (
        need["gender"]
        and service["genders"] is not None
        and need["gender"] not in service["genders"]
    ):
        return False
    if (
        "language" in must
        and need["language"]
        and service["languages"] is not None
        and need["language"] not in service["languages"]
    ):
        return False
    for asked, said in (("children", "children"), ("pets", "pets"), ("disability", "accessible"),
                        ("immigration", "immigration_safe")):  # fmt: skip
        if asked in must and need[asked] and service[said] is False:
            return False
    if "cost" in must and need["cost"] == "free" and service["cost"] in ("sliding", "paid"):
        return False
    if "cost" in must and need["cost"] == "sliding" and service["cost"] == "paid":
        return False
    if (
        "county" in must
        and need["county"]
        and service["counties"] is not None
        and need["county"] not in service["counties"]
    ):
        return False
    far = False
    if "distance" in must and need["town"] and need["kilometers"] and service["town"]:
        far = gazetteer().distance_km(need["town"], service["town"]) > need["kilometers"]
    return not far


def against_the_oracle(count: int, asked: int) -> None:
    made_up.plant(count, 7)
    services = made_up.services(count, 7)
    sizes = set()
    for need in made_up.needs(asked, 8):
        expected = {each["name"] for each in services if fits(need, each)}
        found = match(Need(**need), PUBLIC)
        assert {each.offer.name for each in found} == expected, need
        assert [each.order for each in found] == sorted(each.order for each in found)
        closed = [each.closed for each in found]
        assert closed == sorted(closed), "what is closed comes last"
        sizes.add(len(found))
    assert len(sizes) > asked / 10


def test_filters_are_those_of_the_oracle() -> None:
    against_the_oracle(500, 100)


@pytest.mark.proof
def test_filters_are_those_of_the_oracle_for_1000_needs_and_10000_services() -> None:
    against_the_oracle(10_000, 1_000)


def offered(**fields: Any) -> Offer:
    service = shelter(**fields)
    keep_for(make_agency(), service)
    return Offer.objects.get(service__key=service["id"])


HOUSING: dict[str, Any] = {"categories": ["Housing Services"]}


def test_what_is_not_known_is_said_and_rules_nothing_out() -> None:
    offered(x_harborlight={**HOUSING, "pets": True}, minimum_age=0)
    offered(x_harborlight={**HOUSING, "pets": False})
    offered(x_harborlight=HOUSING)
    need = Need("Housing Services", pets=True, must=frozenset({"pets"}))
    first, second = match(need, PUBLIC)
    assert first.answers == {"category": True, "age": True, "pets": True}
    assert second.answers == {"category": True, "age": None, "pets": None}
    assert "It is not said whether pets can come along" in reasons(second).unknown
    assert len(match(Need("Housing Services", pets=True), PUBLIC)) == 3


def test_nobody_of_unknown_age_is_taken_for_an_adult() -> None:
    offered(x_harborlight=HOUSING, minimum_age=18)
    (only,) = match(Need("Housing Services"), PUBLIC)
    assert only.answers["age"] is None
    assert match(Need("Housing Services", age=17), PUBLIC) == []
    assert match(Need("Housing Services", age=18), PUBLIC)[0].answers["age"] is True


def test_a_closed_or_full_service_says_so_and_comes_last() -> None:
    now = acts.when()
    closed = offered(x_harborlight=HOUSING, status="temporarily closed")
    full, free = offered(x_harborlight=HOUSING), offered(x_harborlight=HOUSING)
    stale = offered(x_harborlight=HOUSING)
    member = make_member(Role.NAVIGATOR)
    with act(TESTER, "test.setup"):
        for offer, available, age in ((full, 1, 1), (free, 2, 1), (stale, 5, 30), (closed, 3, 1)):
            said = now - timedelta(hours=age)
            beds = Beds.objects.filter(service=offer.service)
            beds.update(available=available, said_at=said)
    with act(TESTER, "test.setup"):
        holds.hold(Beds.objects.get(service=full.service).pk, member)
    found = match(Need("Housing Services", bed=True), PUBLIC)
    assert [each.offer for each in found] == [free, stale, full, closed]
    assert [each.free for each in found] == [2, None, 0, 3]
    assert "2 places are free" in reasons(found[0]).pro
    assert "It is not known whether a place is free: call" in reasons(found[1]).unknown
    assert "No place is free" in reasons(found[2]).contra
    assert "Closed for now" in reasons(found[3]).contra


def test_distance_is_to_the_town_a_service_names_never_to_its_address() -> None:
    hidden = {
        "id": "5a3b2a52-5f6e-4a0e-9a52-0f6f6b0e1a11",
        "location": {
            "id": "5a3b2a52-5f6e-4a0e-9a52-0f6f6b0e1a12",
            "location_type": "physical",
            "latitude": 46.7867,
            "longitude": -92.1005,
            "x_harborlight": {"confidential": True},
            "addresses": [{
                "id": "5a3b2a52-5f6e-4a0e-9a52-0f6f6b0e1a13", "address_1": "1 Lake Street",
                "city": "Duluth", "state_province": "MN", "postal_code": "55802", "country": "US",
                "address_type": "physical"}],
        },
    }  # fmt: skip
    offer = offered(x_harborlight={**HOUSING, "town": "Mankato, MN"}, service_at_locations=[hidden])
    assert offer.town == "Mankato, MN"
    (only,) = match(Need("Housing Services", town="Mankato, MN", kilometers=5.0), PUBLIC)
    assert only.kilometers == 0
    nameless = offered(x_harborlight=HOUSING, service_at_locations=[
        {**hidden, "id": "5a3b2a52-5f6e-4a0e-9a52-0f6f6b0e1a21", "location": {
            **hidden["location"], "id": "5a3b2a52-5f6e-4a0e-9a52-0f6f6b0e1a22", "addresses": []}}])  # type: ignore[dict-item]  # fmt: skip
    assert nameless.town == ""
    assert Record.objects.filter(table="address", data={}).count() == 1
