"""Whether everybody can use a page: asked of axe, at the widths of a phone and of a desk."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

SIZES = (320, 1280)

#: What reaches beyond the page, to tell it when a test fails.
TOO_WIDE = """[...document.querySelectorAll("main *")].filter(
    (each) => each.getBoundingClientRect().right > document.documentElement.clientWidth
).map((each) => each.outerHTML.slice(0, 60)).slice(0, 9).join(" | ")"""


def is_accessible(page: Page) -> None:
    """Nothing for axe to find, narrow and wide; nothing to scroll to the side."""
    for width in SIZES:
        page.set_viewport_size({"width": width, "height": 900})
        found = Axe().run(page).response["violations"]
        told = [(each["id"], [node["html"][:200] for node in each["nodes"][:3]]) for each in found]
        assert told == [], (page.url, width)
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, (page.url, width, wide, page.evaluate(TOO_WIDE))
