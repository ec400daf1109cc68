"""Every page of the site in a real browser, each with records in it, as the first role that may see
it: nothing for axe to find, nothing wider than a phone, nothing asked of anybody else, none heavy.

What a person does on a page, the other browser tests do; this one leaves no page out.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import APIResponse, Browser, Page

from accessible import is_accessible
from real_site import Site

MOST_BYTES = 200_000

#: What there is to look at: names, sessions that may see it, and paths. The first page, which
#: differs with the role, is there once for each.
FIND = """
import json
from urllib.parse import urlencode
from django.db import transaction
import pages
from harborlight.web.accounts.roles import Role
from people import client_of, make_member

def session(client):
    return client.cookies["harborlight"].value if "harborlight" in client.cookies else ""

pages.MANY = 2
found = [("desk:home", session(client_of(make_member(role))), "/today/") for role in Role]
for app in pages.apps():
    with transaction.atomic():
        for each in pages.pages(app):
            path = f"{{each.path}}?{{urlencode(each.query)}}" if each.query else each.path
            if {which}:
                found.append((each.url.name, session(each.client), path))
print(json.dumps(found))
"""


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Site]:
    """A site of the test's own: each makes its records anew."""
    it = Site(tmp_path / "home")
    it.start()
    yield it
    it.stop()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(locale="en-US")
    yield context.new_page()
    context.close()


def look(site: Site, page: Page, which: str) -> int:
    """Look at these pages; how many there were. AssertionError with all that is wrong."""
    found = json.loads(site.run(FIND.format(which=which)))
    wrong: list[str] = []
    asked: list[str] = []
    seen = set()
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    for name, session, path in found:
        page.context.clear_cookies()
        if session:
            page.context.add_cookies([{"name": "harborlight", "value": session, "url": site.url}])
        # Files, drawings, and addresses of forms are no pages; some lead on to one that is here.
        answer = page.context.request.get(f"{site.url}{path}", max_redirects=0)
        if answer.status >= 500:
            wrong.append(f"{name}: {answer.status}")
        if answer.status != 200 or not is_page(answer):
            continue
        seen.add(name)
        if len(answer.body()) > MOST_BYTES:
            wrong.append(f"{name}: {len(answer.body())} bytes")
        page.goto(f"{site.url}{path}")
        try:
            is_accessible(page)
        except AssertionError as error:
            wrong.append(f"{name}: {error}")
        wrong += [f"{name} asks {url}" for url in asked if not url.startswith(f"{site.url}/")]
        asked.clear()
    print(f"{len(seen)} pages")
    assert wrong == [], "\n".join(wrong)
    return len(seen)


def is_page(answer: APIResponse) -> bool:
    """Whether it is a page by itself: not a file to keep, nor a part that another page fetches."""
    kept = "attachment" in answer.headers.get("content-disposition", "")
    return not kept and answer.body()[:15].lower() == b"<!doctype html>"


@pytest.mark.skipif(
    bool(os.environ.get("HARBORLIGHT_TEST_DATABASE")),
    reason="looked at on SQLite: what a page looks like does not hang on the database",
)
def test_pages_are_for_everybody_small_and_keep_to_themselves(own: Site, page: Page) -> None:
    assert look(own, page, "each.url.app == 'accounts' or not each.url.arguments") > 80


@pytest.mark.proof
def test_every_page_is(own: Site, page: Page) -> None:
    assert look(own, page, "True") > 180
