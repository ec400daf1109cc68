"""A real site and a real browser for the tests of the site."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from browser import ARGUMENTS, chromium
from real_site import Site


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
