"""A navigator matches a need on a phone, holds a bed and refers, in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page

from accessible import is_accessible
from browsing import follow
from real_site import Site

SET_UP = """
from people import TESTER, client_of, make_agency, make_member
from harborlight.web.accounts.roles import AgencyKind, Role
from harborlight.web.audit.acts import act, when
from harborlight.web.directory.models import Beds
from objects_directory import keep_for, shelter
house = make_agency(AgencyKind.PROVIDER, name="Made-up House of beds")
keep_for(house, shelter(name="Tonight", minimum_age=16, x_harborlight={"town": "Mankato, MN",
    "categories": ["Housing Services"], "languages": ["en"], "pets": True}))
with act(TESTER, "test.setup"):
    Beds.objects.update(said_at=when())
for member in (make_member(Role.NAVIGATOR), make_member(Role.PROVIDER, house)):
    print(client_of(member).cookies["harborlight"].value)
"""


def page_of(browser: Browser, site: Site, session: str, locale: str = "en-US") -> Page:
    context = browser.new_context(base_url=site.url, locale=locale)
    context.add_cookies([{"name": "harborlight", "value": session, "url": site.url}])
    return context.new_page()


@pytest.fixture(scope="module")
def sessions(site: Site) -> list[str]:
    return site.run(SET_UP).split()


def test_from_a_need_to_a_referral_started(
    browser: Browser, site: Site, sessions: list[str]
) -> None:
    page = page_of(browser, site, sessions[0])
    page.goto("/referrals/match/")
    is_accessible(page)
    page.set_viewport_size({"width": 320, "height": 700})
    page.get_by_label("What is needed").select_option("Housing Services")
    page.get_by_label("Age in years").fill("17")
    page.get_by_label("Pets come along", exact=True).check()
    page.get_by_label("Needs a bed").check()
    page.get_by_label("Near the town").fill("Saint Peter, MN")
    follow(page.get_by_role("button", name="Match", exact=True))
    card = page.locator(".hl-card", has_text="Tonight")
    assert "3 places are free" in card.inner_text()
    assert "Pets can come along" in card.inner_text()
    assert "17" not in page.url, "the need stands in no address"
    is_accessible(page)
    follow(card.get_by_role("button", name="Hold a place for 4 hours"))
    assert "One place is held for four hours." in page.content()
    is_accessible(page)
    follow(page.get_by_role("link", name="Offer a referral").first)
    is_accessible(page)
    page.get_by_label("What the service must know").fill("Arrives at eight.")
    follow(page.get_by_role("button", name="Offer", exact=True))
    is_accessible(page)
    where = page.url

    service = page_of(browser, site, sessions[1], "es-US")
    service.goto(where)
    is_accessible(service)
    follow(service.get_by_role("button", name="Aceptar"))
    follow(service.get_by_role("button", name="La persona llegó"))
    is_accessible(service)
    assert "Iniciada" in service.locator("dl").inner_text()
    for path in ("/referrals/", "/referrals/unmet/"):
        service.goto(path)
        is_accessible(service)
