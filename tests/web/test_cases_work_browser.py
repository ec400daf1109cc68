"""A navigator's day with a case, in a real browser on a phone: an intake, what happened, a task, a
note, a file, two records of one person, and the case handed to a county."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, FilePayload, Page

from accessible import is_accessible
from browsing import follow
from real_site import Site

SET_UP = """
from people import client_of, make_agency, make_member
from harborlight.web.accounts.roles import AgencyKind, Role
agency = make_agency(AgencyKind.NAVIGATOR, name="Example navigators")
county = make_agency(AgencyKind.CHILD_PROTECTION, name="Example County child protection")
make_member(Role.CASEWORKER, county)
for member in (make_member(Role.NAVIGATOR, agency), make_member(Role.SUPERVISOR, county)):
    print(client_of(member).cookies["harborlight"].value)
"""


def page_of(browser: Browser, site: Site, session: str) -> Page:
    context = browser.new_context(base_url=site.url, locale="en-US")
    context.add_cookies([{"name": "harborlight", "value": session, "url": site.url}])
    return context.new_page()


@pytest.fixture(scope="module")
def sessions(site: Site) -> list[str]:
    return site.run(SET_UP).split()


def fill(page: Page, **values: str) -> None:
    """Fill the page's form in, see that everybody can use it, and send it."""
    for name, value in values.items():
        field = page.locator(f"main form [name={name}]")
        if field.evaluate("each => each.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    is_accessible(page)
    follow(page.locator("main form button[type=submit]"))


def take_in(page: Page, phone: str) -> str:
    """An intake; the code of the person."""
    page.goto("/protection/intake/")
    page.get_by_text("They agree that we keep this").click()
    fill(
        page,
        prs_FirstName="Sample",
        prs_SecondName="Thornbury",
        born="2010-05-06",
        prs_MobilePhone=phone,
        safety="Somewhere warm",
        category="Housing Services",
    )
    assert "Somewhere warm" in page.locator("section").first.inner_text()
    return page.locator("h1 .hl-quiet").inner_text()


def test_a_day_with_a_case(browser: Browser, site: Site, sessions: list[str]) -> None:
    page = page_of(browser, site, sessions[0])
    codes = [take_in(page, "507-555-0142") for _ in range(2)]

    page.goto("/cases/same/")
    is_accessible(page)
    assert "The same phone" in page.locator("main").inner_text()
    follow(page.get_by_role("link", name="Decide"))
    fill(page, verdict="same", reason="Both say so")
    page.goto("/protection/people/")
    is_accessible(page)
    follow(page.get_by_role("link", name=codes[0]))
    is_accessible(page)
    page.get_by_role("link", name=codes[1]).wait_for()

    page.goto("/cases/")
    is_accessible(page)
    follow(page.locator("main th a").first)
    is_accessible(page)
    case = page.url
    for link, values in (
        ("Add a place", {"kind": "lodging", "name": "The inn"}),
        ("Add what happened", {"kind": "Recruitment", "day": "2026-03-01", "what": "A message"}),
    ):
        page.goto(f"{case}happenings/")
        follow(page.get_by_role("link", name=link))
        fill(page, **values)
    is_accessible(page)
    page.goto(f"{case}note/")
    fill(page, text="Was calm today", audience="protection")
    is_accessible(page)
    page.goto(f"{case}file/")
    upload = FilePayload(name="made-up.txt", mimeType="text/plain", buffer=b"made up")
    page.set_input_files("main [name=file]", upload)
    fill(page)
    assert "made-up.txt" in page.locator("main").inner_text()
    is_accessible(page)
    page.goto(f"{case}timeline/")
    is_accessible(page)
    told = page.locator("main").inner_text()
    for text in ("Recruitment: A message", "A note of", "A file was added", "The case was opened"):
        assert text in told
    page.goto("/cases/tasks/")
    is_accessible(page)
    follow(page.get_by_role("link", name="Done").first)
    fill(page, state="done", how="A bed was found")

    page.goto(f"{case}transfer/")
    fill(page, to_agency="Example County child protection", why="Other", summary="Somebody of 16")
    county = page_of(browser, site, sessions[1])
    county.goto("/")
    follow(county.get_by_role("link", name="Cases that are offered to your agency"))
    is_accessible(county)
    follow(county.locator("main th a"))
    assert "Somebody of 16" in county.locator("main").inner_text()
    assert "Was calm today" not in county.content()
    is_accessible(county)
    follow(county.get_by_role("link", name="Accept"))
    county.get_by_label("Assigned to").select_option(index=1)
    fill(county)
    assert "Was calm today" in county.content()
    is_accessible(county)

    page.goto("/")
    follow(page.get_by_role("link", name="Cases to hand over"))
    follow(page.locator("main th a"))
    follow(page.get_by_role("link", name="Hand the case over"))
    fill(page)
    is_accessible(page)
    assert page.goto(case).status == 404  # type: ignore[union-attr]
    assert county.goto(case).status == 200  # type: ignore[union-attr]
