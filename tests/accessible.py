"""Whether everybody can use a page: asked of axe, at the widths of a phone and of a desk."""

from __future__ import annotations

import os

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

SIZES = (320, 1280)
AXE = Axe().axe_script
#: Only what is wrong is worked out in full.
RUN = "axe.run({ resultTypes: ['violations'] }).then((found) => found.violations)"

#: What reaches beyond the page, to tell it when a test fails.
TOO_WIDE = """[...document.querySelectorAll("main *")].filter(
    (each) => each.getBoundingClientRect().right > document.documentElement.clientWidth
).map((each) => each.outerHTML.slice(0, 60)).slice(0, 9).join(" | ")"""


def is_accessible(page: Page) -> None:
    """Nothing for axe to find, narrow and wide; nothing to scroll to the side.

    Looked at on SQLite: what a page looks like does not hang on the database.
    """
    if os.environ.get("HARBORLIGHT_TEST_DATABASE"):
        return
    page.evaluate(AXE)
    for width in SIZES:
        page.set_viewport_size({"width": width, "height": 900})
        found = page.evaluate(RUN)
        told = [(each["id"], [node["html"][:200] for node in each["nodes"][:3]]) for each in found]
        assert told == [], (page.url, width)
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, (page.url, width, wide, page.evaluate(TOO_WIDE))
