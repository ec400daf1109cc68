"""A lead in a real browser against a real site: from the packed run to the case. Pictures for the
guide are taken on the way."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from accessible import is_accessible
from browsing import follow
from harborlight.demo import region
from harborlight.recognize.run import run as recognize
from real_site import HOUSE, Site

KEEP = os.environ.get("HARBORLIGHT_PICTURES") == "1"
SET_UP = """
from people import client_of, make_agency, make_member
from harborlight.web.accounts.roles import Role
agency = make_agency(name="Example Valley Task Force")
make_member(Role.INVESTIGATOR, agency)
print(client_of(make_member(Role.ANALYST, agency)).cookies["harborlight"].value)
"""


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real run of the made-up region, packed as an analyst packs it."""
    place = tmp_path_factory.mktemp("packed")
    made = region.write(place / "ads")
    recognize(made.files, place / "found", closed=[made.closed])
    with zipfile.ZipFile(place / "found.zip", "w", zipfile.ZIP_DEFLATED) as file:
        for each in sorted((place / "found").iterdir()):
            file.write(each, f"found/{each.name}")
    return place / "found.zip"


def picture(page: Page, name: str, folder: Path) -> None:
    """Take a picture for the guide."""
    page.set_viewport_size({"width": 1000, "height": 700})
    page.screenshot(path=(HOUSE / "docs/images" if KEEP else folder) / name)


def go(page: Page, where: str) -> None:
    """Click, and wait for the page that comes."""
    follow(page.locator(where).first)


def test_from_the_packed_run_to_the_case(
    site: Site, browser: Browser, packed: Path, tmp_path: Path
) -> None:
    session = site.run(SET_UP).strip()
    context = browser.new_context(base_url=site.url, locale="en-US")
    context.add_cookies([{"name": "harborlight", "value": session, "url": site.url}])
    page = context.new_page()
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    page.on("pageerror", lambda error: told.append(str(error)))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    page.goto("/leads/import/")
    is_accessible(page)
    page.set_input_files('input[type="file"]', str(packed))
    go(page, "main form button")
    assert "7 new leads" in page.locator("[role=status]").inner_text()
    is_accessible(page)
    picture(page, "leads-queue.png", tmp_path)

    go(page, "main tbody a >> nth=0")
    assert page.locator("h1").inner_text() == "Lead 1"
    page.wait_for_load_state("networkidle")
    for image in page.locator("main img").all():
        assert image.evaluate("each => each.complete && each.naturalWidth > 100"), "drawn"
    assert page.locator(".hl-ad .hl-words").first.is_hidden(), "texts wait for a click"
    is_accessible(page)
    page.set_viewport_size({"width": 1000, "height": 700})
    page.locator(".hl-innocent").evaluate("each => each.scrollIntoView()")
    picture(page, "leads-lead.png", tmp_path)
    for each in page.locator("details").all():
        each.evaluate("each => each.open = true")
    assert page.locator(".hl-ad .hl-words").first.is_visible()
    is_accessible(page)

    go(page, "main .hl-refs >> text=/together/ >> nth=0")
    assert page.locator("main ol li").count() >= 1
    is_accessible(page)
    page.go_back()
    for way in ("Hold", "Merge", "Dismiss", "Show to another agency", "Enter who was told"):
        go(page, f'main .hl-actions >> text="{way}"')
        page.locator("main form").evaluate("each => each.noValidate = true")
        go(page, "main form button")
        assert page.locator("[role=alert]").is_visible(), "it asks for its reason"
        is_accessible(page)
        go(page, "main form >> text=Cancel")

    go(page, "text=Promote to a case")
    page.fill('[name="reason"]', "Six phones, one wording, and a round of four towns.")
    page.select_option('[name="assigned"]', index=1)
    is_accessible(page)
    picture(page, "leads-promote.png", tmp_path)
    go(page, "text=Open the case")
    assert page.locator("h1").inner_text().startswith("Case 20")
    is_accessible(page)
    go(page, "main a >> text=Lead 1")
    assert "Six phones, one wording" in page.locator("section:has(#history)").inner_text()
    is_accessible(page)
    page.goto("/cases/")
    is_accessible(page)
    page.goto("/leads/purges/")
    is_accessible(page)
    page.goto("/search/?q=507-555-0155")
    assert "Lead 1" in page.locator("main").inner_text()
    # A form that is shown again has the status 422, of which the browser tells too.
    expected = ("favicon", "status of 422")
    broken = [each for each in told if not any(known in each for known in expected)]
    assert broken == [], "no policy was broken"
    assert [url for url in asked if not url.startswith(site.url)] == []
    context.close()
