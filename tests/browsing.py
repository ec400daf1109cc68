"""A link or a button followed, in a real browser."""

from __future__ import annotations

from playwright.sync_api import Locator


def follow(target: Locator) -> None:
    """Click what leads to another page, and be there: a click alone may return on the old one."""
    with target.page.expect_navigation():
        target.click()
