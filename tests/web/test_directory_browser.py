"""The directory in a real browser against a real site: help found without scripts, a provider's
day, and nothing for axe to find."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page

from accessible import is_accessible
from browsing import follow
from real_site import Site

SET_UP = """
from people import client_of, make_agency, make_member
from harborlight.web.accounts.roles import AgencyKind, Role
from objects_directory import keep_for, new, shelter
house = make_agency(AgencyKind.PROVIDER, name="Made-up House")
hidden = shelter(name="Safe House", x_harborlight={"categories": ["Housing Services"],
    "town": "Mankato, MN", "counties": ["Blue Earth"], "languages": ["en", "es"], "pets": True},
    minimum_age=16, description="A bed and somebody to talk to.", eligibility_description="All.")
place = hidden["service_at_locations"][0]["location"]
place["x_harborlight"] = {"confidential": True, "phone_to": "partner"}
place["addresses"] = [new("address", address_1="99 Hidden Way", city="Mankato",
    state_province="MN", postal_code="56001", country="US", address_type="physical")]
place["phones"] = [new("phone", number="507-555-0199")]
keep_for(house, hidden, shelter(name="Clothes", x_harborlight={"categories": ["Basic Necessities"],
    "town": "Saint Peter, MN"}))
provider = make_member(Role.PROVIDER, house)
for member in (provider, make_member(Role.NAVIGATOR)):
    print(client_of(member).cookies["harborlight"].value)
print(hidden["id"])
"""


@pytest.fixture(scope="module")
def told(site: Site) -> dict[str, str]:
    """Sessions of a provider and a navigator, and the key of a service."""
    names = ("provider", "navigator", "key")
    return dict(zip(names, site.run(SET_UP).split(), strict=True))


def page_of(
    browser: Browser,
    site: Site,
    session: str = "",
    *,
    scripts: bool = True,
    locale: str = "en-US",
) -> Page:
    context = browser.new_context(base_url=site.url, locale=locale, java_script_enabled=scripts)
    if session:
        context.add_cookies([{"name": "harborlight", "value": session, "url": site.url}])
    return context.new_page()


def test_help_is_found_without_scripts(browser: Browser, site: Site, told: dict[str, str]) -> None:
    page = page_of(browser, site, scripts=False)
    page.goto("/directory/")
    page.get_by_label("What is needed").select_option(label="Housing and shelter")
    follow(page.get_by_role("button", name="Find", exact=True))
    assert page.locator("h2").all_inner_texts() == ["Safe House"]
    assert page.get_by_role("link", name="507-555-0150").get_attribute("href") == "tel:507-555-0150"
    follow(page.get_by_role("link", name="Safe House"))
    text = page.content()
    assert "The address is confidential. Call first." in text
    assert "Hidden Way" not in text
    assert "555-0199" not in text
    assert page.get_by_role("link", name="Leave this page now").is_visible()


def test_pages_of_the_public_are_accessible(
    browser: Browser, site: Site, told: dict[str, str]
) -> None:
    for locale in ("en-US", "es-US"):
        page = page_of(browser, site, locale=locale)
        for path in ("/directory/", "/directory/?q=zebra", f"/directory/services/{told['key']}/"):
            page.goto(path)
            is_accessible(page)
    page.goto("/directory/")
    assert page.locator("h1").inner_text() == "Buscar ayuda"
    assert page.locator(".dr-map img").evaluate("image => image.naturalWidth") > 0


def test_pages_of_members_are_accessible(
    browser: Browser, site: Site, told: dict[str, str]
) -> None:
    page = page_of(browser, site, told["navigator"])
    for path in ("/directory/look/", f"/directory/look/{told['key']}/"):
        page.goto(path)
        is_accessible(page)
    assert "507-555-0199" in page.content(), "a partner has the phone"
    assert "Hidden Way" not in page.content(), "and not the address"


def test_a_provider_says_free_beds_and_keeps_an_entry(
    browser: Browser, site: Site, told: dict[str, str]
) -> None:
    page = page_of(browser, site, told["provider"])
    page.goto("/directory/own/")
    is_accessible(page)
    page.get_by_label("Free now (A unit)").first.fill("5")
    follow(page.get_by_role("button", name="Say so").first)
    assert "Thank you." in page.content()
    follow(page.get_by_role("link", name="Safe House"))
    is_accessible(page)
    page.get_by_label("What it does").fill("A bed at 99 hidden way.")
    follow(page.get_by_role("button", name="Save"))
    assert "It is hidden from everybody else until you correct it." in page.content()
    everybody = page_of(browser, site)
    answer = everybody.goto(f"/directory/services/{told['key']}/")
    assert answer is not None
    assert answer.status == 404
    follow(page.get_by_role("link", name="Safe House"))
    page.get_by_label("What it does").fill("A bed.")
    follow(page.get_by_role("button", name="Save"))
    answer = everybody.goto(f"/directory/services/{told['key']}/")
    assert answer is not None
    assert answer.status == 200
    page.goto("/directory/own/import/")
    is_accessible(page)
    page.goto("/directory/own/")
    follow(page.locator("a[href$='/walls/']").first)
    is_accessible(page)
