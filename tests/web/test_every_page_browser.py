"""Every page of the site in a real browser, each with records in it, as the first role that may see
it: nothing for axe to find, nothing wider than a phone, nothing asked of anybody else, none heavy.

What a person does on a page, the other browser tests do; this one leaves no page out.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Error, Page

from accessible import is_accessible
from real_site import Site

MOST_BYTES = 200_000
#: How Chromium says that an answer is none that it shows.
NO_PAGE = ("Download", "ERR_ABORTED", "ERR_HTTP_RESPONSE_CODE_FAILURE")

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
        try:
            answer = page.goto(f"{site.url}{path}")
        except Error as error:
            # A file to keep, a drawing within a page, an answer to a form: no page by itself.
            if not any(each in error.message for each in NO_PAGE):
                wrong.append(f"{name}: {error.message}")
            asked.clear()
            continue
        assert answer is not None
        if answer.status >= 500:
            wrong.append(f"{name}: {answer.status}")
        if answer.headers.get("content-type", "").startswith("text/html") and answer.status == 200:
            seen.add(name)
            if len(answer.body()) > MOST_BYTES:
                wrong.append(f"{name}: {len(answer.body())} bytes")
            try:
                is_accessible(page)
            except AssertionError as error:
                wrong.append(f"{name}: {error}")
                print(wrong[-1])
        wrong += [f"{name} asks {url}" for url in asked if not url.startswith(f"{site.url}/")]
        asked.clear()
    print(f"{len(seen)} pages")
    assert wrong == [], "\n".join(wrong)
    return len(seen)


def test_pages_are_for_everybody_small_and_keep_to_themselves(site: Site, page: Page) -> None:
    assert look(site, page, "each.url.app == 'accounts' or not each.url.arguments") > 80


@pytest.mark.proof
def test_every_page_is(site: Site, page: Page) -> None:
    assert look(site, page, "True") > 180
