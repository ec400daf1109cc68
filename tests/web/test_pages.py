"""Every page of the site: the headers that protect it, how much it asks of the database, how big
it is, and that it holds no script and no style of its own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from html.parser import HTMLParser

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from harborlight.web.frame.middleware import PERMISSIONS
from pages import Page, apps, pages
from people import make_agency

pytestmark = pytest.mark.django_db

MOST_QUERIES = 20
MOST_BYTES = 200_000
STEPS = ("BEGIN", "SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK", "COMMIT")
#: What its view says: files that hold nothing of anybody, which a phone keeps to work offline.
KEPT = {"crew:worker", "crew:manifest", "crew:app"}


class Inline(HTMLParser):
    """Finds scripts and styles that stand in the page itself."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        if tag == "style" or "style" in given:
            self.found.append(f"style in <{tag}>")
        if tag == "script" and "src" not in given and given.get("type") != "application/json":
            self.found.append("script")
        self.found += [f"{name} in <{tag}>" for name in given if name.startswith("on")]
        self.found += [
            f"{name} of <{tag}> is {value}"
            for name, value in given.items()
            if name in ("href", "src", "action") and (value or "").startswith("javascript:")
        ]


def policy(text: str) -> dict[str, list[str]]:
    """A Content-Security-Policy as its directives."""
    parts = [part.split() for part in text.split(";") if part.strip()]
    return {words[0]: words[1:] for words in parts}


def is_wrong(page: Page, answer: object) -> list[str]:
    """What is wrong with the headers of an answer."""
    headers = answer.headers  # type: ignore[attr-defined]
    wrong = []
    csp = policy(headers.get("Content-Security-Policy", ""))
    for directive in ("script-src", "style-src"):
        if csp.get(directive) != ["'self'"]:
            wrong.append(f"{directive}: {csp.get(directive)}")
    for directive in ("default-src", "frame-ancestors", "base-uri"):
        if csp.get(directive) != ["'none'"]:
            wrong.append(f"{directive}: {csp.get(directive)}")
    expected = {
        "Referrer-Policy": "no-referrer",
        "X-Frame-Options": "DENY",
        "X-Content-Type-Options": "nosniff",
        "Permissions-Policy": PERMISSIONS,
        "Cross-Origin-Opener-Policy": "same-origin",
    }
    for name, value in expected.items():
        if headers.get(name) != value:
            wrong.append(f"{name}: {headers.get(name)}")
    if page.url.name not in KEPT and "no-store" not in headers.get("Cache-Control", ""):
        wrong.append(f"Cache-Control: {headers.get('Cache-Control')}")
    return [f"{page.url.name}: {each}" for each in wrong]


@pytest.mark.parametrize("app", apps())
def test_every_page_is_protected_small_and_quick(app: str) -> None:
    wrong: list[str] = []
    looked = 0
    for page in pages(app):
        with transaction.atomic():
            with CaptureQueriesContext(connection) as asked:
                answer = page.client.get(page.path, page.query)
            transaction.set_rollback(True)
        wrong += is_wrong(page, answer)
        looked += 1
        name = page.url.name
        queries = [each for each in asked if not each["sql"].startswith(STEPS)]
        download = "attachment" in answer.get("Content-Disposition", "")
        if not download and len(queries) > MOST_QUERIES:
            wrong.append(f"{name}: {len(queries)} queries")
        if answer.streaming:
            continue
        if len(answer.content) > MOST_BYTES:
            wrong.append(f"{name}: {len(answer.content)} bytes")
        if answer["Content-Type"].startswith("text/html"):
            inline = Inline()
            inline.feed(answer.content.decode())
            wrong += [f"{name}: {each}" for each in inline.found]
    assert looked
    assert wrong == [], "\n".join(wrong)


def test_an_answer_that_is_an_error_is_protected_too() -> None:
    page = next(pages("desk"))
    answer = Client().get("/there/is/no/such/page/")
    assert answer.status_code == 404
    assert is_wrong(page, answer) == []
    assert make_agency().name not in answer.content.decode()


def test_in_production_https_alone_is_spoken_for_a_year() -> None:
    program = """
from django.conf import settings
settings.STORAGES["staticfiles"]["BACKEND"] = (
    "django.contrib.staticfiles.storage.StaticFilesStorage"
)
import django; django.setup()
from django.test import Client
plain = Client().get("/", HTTP_HOST="site.example")
print(plain.status_code, plain["Location"])
answer = Client().get("/account/password/reset/", HTTP_HOST="site.example", secure=True)
print(answer["Strict-Transport-Security"])
print([(each["httponly"], each["secure"], each["samesite"]) for each in answer.cookies.values()])
"""
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "HARBORLIGHT_PRODUCTION": "1", "HARBORLIGHT_HOSTS": "site.example"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    first, second, third = done.stdout.splitlines()
    assert first == "301 https://site.example/"
    assert second == "max-age=31536000; includeSubDomains; preload"
    assert re.fullmatch(r"\[(\(True, True, 'Lax'\)(, )?)+\]", third), third
