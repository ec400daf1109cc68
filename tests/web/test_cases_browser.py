"""From a report to help, in a real browser: case, law, child protection, consent, a service.

An arrest of the minor is refused on the way; a consent that is withdrawn takes its offer back.
"""

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
from objects_intake import report
make_agency(AgencyKind.CHILD_PROTECTION, name="Example County child protection")
house = make_agency(AgencyKind.PROVIDER, name="Example House")
keep_for(house, shelter(name="Beds tonight"))
with act(TESTER, "test.setup"):
    Beds.objects.update(said_at=when())
navigator = make_member(Role.NAVIGATOR)
print(report(navigator).pk)
for member in (navigator, make_member(Role.PROVIDER, house)):
    print(client_of(member).cookies["harborlight"].value)
"""


def page_of(browser: Browser, site: Site, session: str) -> Page:
    context = browser.new_context(base_url=site.url, locale="en-US")
    context.add_cookies([{"name": "harborlight", "value": session, "url": site.url}])
    page: Page = context.new_page()
    return page


@pytest.fixture(scope="module")
def told(site: Site) -> list[str]:
    return site.run(SET_UP).split()


def send(page: Page, form: str = "main form.usa-form", **values: str) -> None:
    """Fill a form of the page in, and send it."""
    for name, value in values.items():
        field = page.locator(f"{form} [name={name}]")
        if field.evaluate("each => each.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    follow(page.locator(f"{form} button[type=submit]").first)


def offer(page: Page) -> str:
    """Offer a bed; the address of the referral."""
    follow(page.get_by_role("link", name="Offer to a service"))
    is_accessible(page)
    page.get_by_label("Service", exact=True).select_option("Beds tonight")
    page.get_by_label("What is needed").select_option("Housing Services")
    follow(page.locator("main form button[type=submit]"))
    link = page.get_by_role("link", name="Beds tonight").first
    return str(link.get_attribute("href"))


def test_from_a_report_to_a_service(browser: Browser, site: Site, told: list[str]) -> None:
    report, session, provider = told
    page = page_of(browser, site, session)
    page.goto(f"/reports/item/{report}/")
    follow(page.get_by_role("link", name="Open a case"))
    is_accessible(page)
    page.get_by_label("Title").fill("The house by the river")
    page.get_by_label("Assigned to").select_option(index=1)
    page.get_by_label("Reason").fill("Two people said the same.")
    follow(page.get_by_role("button", name="Open the case"))
    is_accessible(page)

    follow(page.get_by_role("link", name="Add somebody"))
    is_accessible(page)
    with page.expect_navigation():
        for name, value in {"prs_FirstName": "Sample", "born": "2010-05-04",
                            "offense_on": "2026-03-01"}.items():  # fmt: skip
            page.locator(f"main [name={name}]").fill(value)
        for name, value in {"age_basis": "claimed", "part": "possible_victim",
                            "allegation": "hired"}.items():  # fmt: skip
            page.locator(f"main [name={name}]").select_option(value)
        follow(page.locator("main form button[type=submit]"))
    is_accessible(page)
    person = page.url
    headings = page.locator("main h2").all_inner_texts()
    assert headings[0] == "Safety first"
    assert "609.3241" in page.locator("main").inner_text() or "260B.007" in page.content()

    page.get_by_text("Another part").click()
    form = "main form[action$='/part/']"
    send(page, form, part="arrestee", allegation="hired", offense_on="2026-03-01")
    assert "Nobody is arrested, charged or convicted here for having been sold." in page.content()
    assert "Citation" in page.content()
    is_accessible(page)
    follow(page.get_by_role("link", name="What can be done instead"))
    assert page.url == f"{person}#refer"
    assert "Arrested" not in page.locator("main li").all_inner_texts()

    page.get_by_label("Child protection").select_option("Example County child protection")
    page.get_by_label("When you learned of it").fill("2026-03-02T10:00")
    follow(page.get_by_role("button", name="Refer to child protection"))
    card = page.locator(".hl-card", has_text="Example County child protection")
    assert "due" in card.inner_text()

    referrals = []
    for purpose in ("A bed tonight", "A bed tomorrow"):
        page.get_by_text("A new consent").click()
        send(page, "main form[action$='/consent/']", recipient="Example House", purpose=purpose)
        referrals.append(offer(page))
        if not referrals[1:]:
            service = page_of(browser, site, provider)
            service.goto(referrals[0])
            follow(service.get_by_role("button", name="Accept"))
            follow(service.get_by_role("button", name="The person came"))
            assert "Started" in service.locator("dl").inner_text()
            page.goto(person)
    for _purpose in range(2):
        follow(page.get_by_role("button", name="Withdraw", exact=True).first)
    is_accessible(page)
    states = page.locator("main li", has_text="Beds tonight").all_inner_texts()
    assert sorted(each.rpartition(": ")[2] for each in states) == ["Started", "Taken back"]
    service.goto(referrals[1])
    assert "Taken back" in service.locator("dl").inner_text()
