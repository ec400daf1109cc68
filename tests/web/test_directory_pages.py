"""The directory's pages: found by the public, kept by providers, seen by members in their view."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from harborlight.web.accounts.models import Member
from harborlight.web.accounts.roles import Role
from harborlight.web.audit.acts import act, when
from harborlight.web.directory.models import Beds, Offer, Record, View
from objects_directory import keep_for, new, shelter
from people import TESTER, client_of, make_agency, make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def provider(db: None) -> Member:
    return make_member(Role.PROVIDER)


def ours(**fields: Any) -> dict[str, Any]:
    return {"x_harborlight": fields}


def text(client: Client, path: str, **asked: str) -> str:
    answer = client.get(path, asked)
    assert answer.status_code == 200, path
    return answer.content.decode()


def test_help_is_found_by_need_county_language_and_words(provider: Member) -> None:
    names = {
        "Bed tonight": ours(categories=["Housing Services"], counties=["Brown"], languages=["so"]),
        "Bed anywhere": ours(categories=["Housing Services"]),
        "Lawyer": ours(categories=["Legal Services"], counties=["Nobles"], languages=["es"]),
    }
    for name, fields in names.items():
        keep_for(provider.agency, shelter(**{**fields, "name": name}))
    found = {
        query: [name for name in names if f">{name}</a>" in text(Client(), "/directory/", **asked)]
        for query, asked in {
            "all": {}, "need": {"need": "Housing Services"}, "county": {"county": "Brown"},
            "language": {"language": "es"}, "words": {"q": "lawyer"}, "none": {"q": "zebra"},
        }.items()
    }  # fmt: skip
    assert found == {
        "all": list(names), "need": ["Bed tonight", "Bed anywhere"],
        "county": ["Bed tonight", "Bed anywhere"], "language": ["Bed anywhere", "Lawyer"],
        "words": ["Lawyer"], "none": [],
    }  # fmt: skip
    page = text(Client(), "/directory/", county="Brown")
    assert page.index("Bed tonight") < page.index("Bed anywhere")
    assert "It is not said which counties it serves." in page
    assert 'href="tel:507-555-0150"' in page
    assert "<script" not in page.replace("<script src=", ""), "works without any script of its own"


def test_free_places_are_told_with_when_and_old_ones_as_old(provider: Member) -> None:
    service = shelter()
    keep_for(provider.agency, service)
    beds = Beds.objects.get()
    path = f"/directory/services/{service['id']}/"
    assert "That is old: call." in text(Client(), path)
    client = client_of(provider)
    answer = client.post(f"/directory/own/beds/{beds.pk}/", {"available": "7"})
    assert answer.status_code == 302
    page = text(Client(), path)
    assert "7 free (A unit)" in page
    assert "That is old" not in page
    beds.refresh_from_db()
    assert (beds.available, beds.said_by) == (7, provider)
    api = Client().get(f"/directory/hsds/services/{service['id']}").json()
    assert api["capacities"][0]["available"] == 7
    with act(TESTER, "test.setup"):
        Beds.objects.update(said_at=when() - timedelta(hours=25))
    assert "That is old: call." in text(Client(), path)
    client.post(f"/directory/own/beds/{beds.pk}/", {"available": "10"})
    assert Beds.objects.get().available == 7, "there are nine at most"


FORM = {
    "name": "Warm beds", "status": "active", "phone": "507-555-0177", "description": "A bed.",
    "categories": ["Housing Services"], "minimum_age": "16", "maximum_age": "24",
    "languages": ["en", "es"], "counties": "Blue Earth, Nicollet", "town": "mankato mn",
    "children": "no", "pets": "yes", "accessible": "", "immigration_safe": "yes", "cost": "free",
    "places": "6",
}  # fmt: skip


def test_a_provider_adds_and_changes_a_service(provider: Member) -> None:
    client = client_of(provider)
    assert client.post("/directory/own/new/", FORM).status_code == 302
    offer = Offer.objects.get()
    assert (offer.name, offer.town, offer.counties) == (
        "Warm beds", "Mankato, MN", ["Blue Earth", "Nicollet"])  # fmt: skip
    assert (offer.children, offer.pets, offer.accessible) == (False, True, None)
    assert offer.organization == provider.agency.name
    assert offer.phones[0]["number"] == "507-555-0177"
    assert (Beds.objects.get().maximum, Beds.objects.get().available) == (6, 0)
    path = f"/directory/own/{offer.service_id}/"
    page = text(client, path)
    assert 'value="Warm beds"' in page
    answer = client.post(path, {**FORM, "name": "Warmer beds", "phone": "507-555-0178", "pets": ""})
    assert answer.status_code == 302
    offer.refresh_from_db()
    assert (offer.name, offer.pets, offer.phones[0]["number"]) == (
        "Warmer beds", None, "507-555-0178")  # fmt: skip
    assert Record.objects.filter(table="phone").count() == 1
    wrong = client.post(path, {**FORM, "name": "", "minimum_age": "30", "town": "Nowhere at all"})
    assert wrong.status_code == 200
    assert wrong.content.decode().count("usa-error-message") == 3


def test_a_place_made_confidential_is_gone_from_every_view_but_its_own(provider: Member) -> None:
    service = shelter()
    address = new("address", address_1="12 Quiet Lane", city="Mankato", state_province="MN",
                  postal_code="56001", country="US", address_type="physical")  # fmt: skip
    service["service_at_locations"][0]["location"]["addresses"] = [address]
    keep_for(provider.agency, service)
    path = f"/directory/services/{service['id']}/"
    assert "12 Quiet Lane" in text(Client(), path)
    location = Record.objects.get(table="location")
    client = client_of(provider)
    answer = client.post(
        f"/directory/own/{location.pk}/walls/",
        {"confidential": "yes", "phone_to": View.PARTNER.value, "address_to": View.STAFF.value},
    )
    assert answer.status_code == 302
    navigator = client_of(make_member(Role.NAVIGATOR))
    for asker, there in ((Client(), path), (navigator, f"/directory/look/{service['id']}/")):
        page = text(asker, there)
        assert "12 Quiet" not in page
        assert "The address is confidential. Call first." in page
    assert "12 Quiet Lane" in text(client, f"/directory/look/{service['id']}/")
    assert "12 Quiet" not in str(list(Record.objects.values()))
    again = {"confidential": "no", "phone_to": View.PARTNER.value, "address_to": View.STAFF.value}
    client.post(f"/directory/own/{location.pk}/walls/", again)
    assert "12 Quiet Lane" in text(Client(), path)


def test_a_package_is_brought_in_by_a_page_and_rejects_are_told(provider: Member) -> None:
    client = client_of(provider)
    content = json.dumps([shelter(name="Good"), shelter(name="Bad", status="open")]).encode()
    upload = SimpleUploadedFile("package.json", content)
    answer = client.post("/directory/own/import/", {"file": upload, "unsaid": "open"}, follow=True)
    page = answer.content.decode()
    assert "1 row was not; it is kept with its reason." in page
    assert "is none of: active, inactive, defunct, temporarily closed" in page
    assert Offer.objects.get().name == "Good"


def test_the_map_shows_towns_alone() -> None:
    agency = make_agency()
    keep_for(agency, shelter(**ours(town="Mankato, MN")), shelter(**ours(town="Duluth, MN")))
    answer = Client().get("/directory/towns.svg")
    assert answer["Content-Type"] == "image/svg+xml"
    assert b"Mankato" in answer.content
    assert b"Duluth" in answer.content
    assert Client().get("/directory/towns.svg", {"q": "zebra"}).status_code == 204
