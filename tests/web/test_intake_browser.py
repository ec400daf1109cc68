"""Reports in a real browser against a real site: without JavaScript, back with the receipt, triage
until routed, and leaving at once. Pictures for the guide are taken on the way."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from accessible import is_accessible
from browsing import follow
from real_site import HOUSE, Site

CANARY = "zyzzyva-quokka"
#: Pictures go into the guide when asked for, else they are taken and thrown away.
KEEP = os.environ.get("HARBORLIGHT_PICTURES") == "1"

SET_UP = """
from people import client_of, make_agency, make_member
from harborlight.web.accounts.roles import AgencyKind, Role
police = make_agency(AgencyKind.LAW_ENFORCEMENT, name="Made-up City Police", takes_reports=True)
child = make_agency(AgencyKind.CHILD_PROTECTION, name="Made-up County Child Protection")
site = make_agency(AgencyKind.SITE, name="Those who run the site")
for member in (
    make_member(Role.TRIAGE, police),
    make_member(Role.SUPERVISOR, child),
    make_member(Role.ADMINISTRATOR, site),
    make_member(Role.AUDITOR, site),
):
    print(client_of(member).cookies["harborlight"].value)
"""


@pytest.fixture(scope="module")
def cookies(site: Site) -> dict[str, str]:
    """Sessions of a triage officer, of child protection's supervisor, of those who run the site."""
    names = ("triage", "child", "administrator", "auditor")
    return dict(zip(names, site.run(SET_UP).split(), strict=True))


@pytest.fixture
def plain(browser: Browser, site: Site) -> Iterator[Page]:
    """A page of a browser in which scripts are off, as in Tor Browser at its safest level."""
    context = browser.new_context(java_script_enabled=False, base_url=site.url, locale="en-US")
    yield context.new_page()
    context.close()


def context_of(browser: Browser, site: Site, session: str = "") -> BrowserContext:
    context = browser.new_context(base_url=site.url, locale="en-US")
    if session:
        context.add_cookies([{"name": "harborlight", "value": session, "url": site.url}])
    return context


def picture(page: Page, name: str, folder: Path) -> None:
    """Take a picture for the guide."""
    page.set_viewport_size({"width": 1000, "height": 700})
    page.screenshot(path=(HOUSE / "docs/images" if KEEP else folder) / name)


def report(page: Page, *, danger: str = "soon", observed: str = CANARY, **more: str) -> str:
    """Send a report, and give the receipt."""
    page.goto("/reports/")
    page.check(f'input[name="danger"][value="{danger}"]')
    page.fill('[name="observed"]', observed)
    for name, value in more.items():
        page.fill(f'[name="{name}"]', value)
    follow(page.locator('section >> text="Send" >> nth=1'))
    return page.locator("[data-receipt]").inner_text()


def test_a_report_without_javascript_and_back_with_the_receipt(plain: Page) -> None:
    receipt = report(plain, vehicles="A blue van, plate ABC 123", reach="507-555-0142")
    assert len(receipt.replace("-", "")) == 20
    assert receipt not in plain.url
    plain.goto("/reports/back/")
    plain.fill('[name="receipt"]', receipt.lower())
    follow(plain.locator("text=Continue"))
    assert "arrived" in plain.locator("[data-standing]").inner_text()
    assert receipt not in plain.url
    assert CANARY not in plain.content()
    plain.fill('[name="text"]', "It came back at noon.")
    follow(plain.locator('form[action$="/more/"] button'))
    assert "was added" in plain.locator("[role=status]").inner_text()
    plain.click('label[for="in-sure"]')
    follow(plain.locator('form[action$="/withdraw/"] button'))
    assert "withdrew" in plain.locator("[data-standing]").inner_text()
    stored = {each["name"]: each["value"] for each in plain.context.cookies()}
    assert receipt not in str(stored)


def test_what_is_missing_is_marked_and_nothing_is_lost(plain: Page) -> None:
    plain.goto("/reports/")
    plain.fill('[name="observed"]', CANARY)
    follow(plain.locator('section >> text="Send" >> nth=1'))
    assert plain.locator("[role=alert]").count() == 1
    assert plain.input_value('[name="observed"]') == CANARY
    plain.check('input[name="danger"][value="no"]')
    follow(plain.locator('section >> text="Send" >> nth=1'))
    assert plain.locator("[data-receipt]").count() == 1


def test_pages_of_the_public_are_accessible(browser: Browser, site: Site) -> None:
    context = context_of(browser, site)
    page = context.new_page()
    for path in ("/reports/", "/reports/back/", "/reports/help/"):
        page.goto(path)
        is_accessible(page)
    page.goto("/reports/")
    follow(page.locator('section >> text="Send" >> nth=1'))
    is_accessible(page)
    receipt = report(page, danger="now")
    is_accessible(page)
    page.goto("/reports/back/")
    page.fill('[name="receipt"]', receipt)
    follow(page.locator("text=Continue"))
    is_accessible(page)
    context.close()


def test_in_spanish(browser: Browser, site: Site) -> None:
    context = browser.new_context(base_url=site.url, locale="es-MX")
    page = context.new_page()
    page.goto("/reports/")
    assert page.locator("html").get_attribute("lang") == "es"
    assert "911" in page.locator(".in-danger").inner_text()
    assert "¿Qué vio u oyó?" in page.content()
    assert page.input_value('select[name="language"]') == "es"
    context.close()


def test_from_triage_to_routed(
    browser: Browser, site: Site, cookies: dict[str, str], plain: Page, tmp_path: Path
) -> None:
    receipt = report(
        plain,
        danger="now",
        observed="A man at the counter held the phones and papers of two others.",
        inferred="I think they may not leave when they want to.",
        vehicles="A grey van, plate XYZ 987",
        contacts="507-555-0177",
    )
    report(plain, danger="no", observed="The grey van again: 507 555 0177")
    triage = context_of(browser, site, cookies["triage"])
    page = triage.new_page()
    page.goto("/today/")
    is_accessible(page)
    page.goto("/reports/queue/")
    is_accessible(page)
    picture(page, "triage-queue.png", tmp_path)
    first = page.locator("tbody tr").first
    assert "right now" in first.inner_text()
    number = first.locator("th a").inner_text()
    follow(first.locator("th a"))
    is_accessible(page)
    assert "Maybe the same" in page.content()
    picture(page, "triage-report.png", tmp_path)
    page.click("summary >> text=Ask the reporter")
    page.fill("#ask_text", "Did you see which way they went?")
    follow(page.locator('form[action$="/ask/"] button'))
    page.click("summary >> text=Pass on to agencies")
    page.check("text=Made-up County Child Protection")
    picture(page, "triage-pass-on.png", tmp_path)
    is_accessible(page)
    page.select_option("#route_purpose", "protect")
    follow(page.locator('form[action$="/route/"] button'))
    assert "Made-up County Child Protection" in page.locator("#in-told + *").inner_text()
    page.goto("/reports/enter/")
    is_accessible(page)
    child = context_of(browser, site, cookies["child"])
    other = child.new_page()
    other.goto("/today/")
    follow(other.locator("text=Reports that nobody has read"))
    follow(other.locator(f"text={number}"))
    assert "papers of two others" in other.content()
    assert "Pass on to agencies" not in other.content()
    # The reporter comes back, finds the question and answers it.
    plain.goto("/reports/back/")
    plain.fill('[name="receipt"]', receipt)
    follow(plain.locator("text=Continue"))
    assert "which way they went" in plain.content()
    plain.fill('[name="text"]', "South, on the county road.")
    follow(plain.locator('form[action$="/more/"] button'))
    page.goto("/reports/queue/?show=unread")
    assert number in page.content()
    follow(page.locator(f"text={number}"))
    assert "South, on the county road." in page.content()
    child.close()
    triage.close()


def test_an_administrator_changes_a_number(
    browser: Browser, site: Site, cookies: dict[str, str], tmp_path: Path
) -> None:
    context = context_of(browser, site, cookies["administrator"])
    page = context.new_page()
    assert page.goto("/reports/queue/").status == 403  # type: ignore[union-attr]
    page.goto("/reports/help/")
    follow(page.locator('[data-contact="day_one"] >> text=Change'))
    is_accessible(page)
    page.fill('[name="number"]', "1-800-555-0111")
    follow(page.locator("main >> text=Save"))
    assert "1-800-555-0111" in page.locator('[data-contact="day_one"]').inner_text()
    page.goto("/people/agencies/")
    assert page.get_by_text("Made-up City Police").count()
    picture(page, "administrator-agencies.png", tmp_path)
    page.goto("/people/permissions/")
    picture(page, "administrator-permissions.png", tmp_path)
    context.close()


def test_an_auditor_sees_who_opened_what(
    browser: Browser, site: Site, cookies: dict[str, str], tmp_path: Path
) -> None:
    officer, auditor = (context_of(browser, site, cookies[each]) for each in ("triage", "auditor"))
    page = officer.new_page()
    number = report(page, danger="no")
    page.goto("/reports/queue/")
    follow(page.locator("main td a, main th a").first)
    page = auditor.new_page()
    page.goto("/audit/")
    assert page.get_by_text("report.open").count()
    assert CANARY not in page.content()
    assert number not in page.content()
    page.set_viewport_size({"width": 1000, "height": 700})
    page.locator("main table").evaluate("each => each.scrollIntoView()")
    picture(page, "audit.png", tmp_path)
    officer.close()
    auditor.close()


@pytest.mark.parametrize(
    ("script", "at"), [(True, "the form"), (False, "the form"), (True, "the receipt")]
)
def test_leaving_at_once_leaves_nothing(
    browser: Browser, site: Site, script: bool, at: str
) -> None:
    """Back, as often as one likes, shows nothing of it. (Without scripts a browser keeps what was
    sent and offers to send it again: the page with the receipt says to close the tab.)"""
    context = browser.new_context(base_url=site.url, java_script_enabled=script, locale="en-US")
    # Nothing leaves the machine in a test: where the button leads to is answered here.
    context.route("https://www.weather.gov/**", lambda route: route.fulfill(body="the weather"))
    page = context.new_page()
    receipt = ""
    if at == "the receipt":
        receipt = report(page)
    else:
        page.goto("/reports/")
        page.fill('[name="observed"]', CANARY)
    page.click("[data-quick-exit]")
    page.wait_for_url("https://www.weather.gov/**")
    seen = []
    while page.url != "about:blank":
        if page.go_back() is None and page.url != "about:blank":
            break
        fields = page.locator("main textarea, main input[type=text]")
        written = [fields.nth(at).input_value() for at in range(fields.count())]
        seen.append(page.url)
        assert CANARY not in page.content() + str(written), seen
        assert not receipt or receipt not in page.content(), seen
    assert page.url == "about:blank", seen
    context.close()


def test_without_scripts_the_receipt_says_how_to_leave_nothing(plain: Page) -> None:
    report(plain)
    assert "close this tab" in plain.locator(".in-closing").inner_text()
