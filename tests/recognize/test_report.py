"""The report: the bytes of it, what hostile ads do to it, and the page in a real browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from axe_playwright_python.sync_playwright import Axe
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page
from world import World, crew, results

from harborlight.recognize import schema
from harborlight.recognize.ingest.digest import digest
from harborlight.recognize.movement.closing import Displacement
from harborlight.recognize.report import stage as report
from harborlight.recognize.report.view import parts
from harborlight.recognize.report.visible import visible

TOWNS = ["Mankato, MN", "New Ulm, MN", "Rochester, MN"]
HOSTILE = (
    "</p></details></article><script>document.title='taken'</script>"
    "<img src=http://evil.example/x onerror=alert(1)>"
    '"><svg onload=alert(2)> {{ 7 * 7 }} {% raw %} \x00\x1b[31m \u202eregnad\u202c '
)
CLOSED = Displacement(
    closed="a.example/services@2016-10-05",
    relinked=2,
    not_seen=1,
    unresolved=1,
    moved=1,
    already_there=1,
    lone_not_seen=3,
    lone_unresolved=0,
    reasons=(("too little data after the closing", 1),),
    false_link_rate=0.125,
    comparison_moved=None,
    spam_share=0.2,
    spam_share_before=0.1,
    coverage=(("a.example", "2016-10-03", "2016-12-03", 6), ("<b>", "2016-10-03", "2016-12-03", 3)),
    weekly=((-1, "a.example/services", 4), (0, "<b>", 3), (1, "<b>", 1)),
    warnings=("The panel covers few days.",),
)


def hostile_world() -> World:
    """Every field that a file may hold turned against the page."""
    world = World()
    crew(
        world,
        "O1",
        ["507-555-0101", "five oh seven 555 01O2"],
        TOWNS,
        site=HOSTILE,
        section=HOSTILE,
        title=HOSTILE,
        url="javascript:alert(1)",
    )
    for ad in world.ads:
        ad["text"] += " " + HOSTILE + "W" * 5_000
    world.slots["T-O1"] = [
        {"kind": "name", "examples": [HOSTILE, "Kit"]},
        {"kind": HOSTILE, "examples": []},
    ]
    world.post("mail kit@example.com", "O1", ad_id="x" + HOSTILE, place=HOSTILE)
    world.refused.append(("a0000", "phone", "+15075550101"))
    crew(world, "O2", ["507-555-0107"], TOWNS[:1])  # no lead
    return world


def reported(world: World, **more: Any) -> report.ReportInput:
    return results(world.tables(), displacement=(CLOSED,), **more)


def written(folder: Path, given: report.ReportInput) -> Path:
    report.write(folder, given)
    return folder / "report.html"


class Tags(HTMLParser):
    """What a page is made of."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs


# --- the bytes ---------------------------------------------------------------------------------


def test_nothing_that_an_ad_holds_becomes_markup(tmp_path: Path) -> None:
    text = written(tmp_path, reported(hostile_world())).read_text("utf-8")
    page = Tags()
    page.feed(text)
    assert not {"script", "img", "iframe", "object", "link", "form", "base"} & set(page.tags)
    assert not [name for name, _ in page.attributes if name.startswith("on") or name == "src"]
    assert not [v for n, v in page.attributes if n == "href" and not (v or "").startswith("#")]
    assert not [n for n, _ in page.attributes if n == "style"], "the policy would drop it"
    for never in ("\x00", "\x1b", "\u202e", "\u202c"):
        assert never not in text
    assert "[U+202E]" in text
    assert "␀" in text
    assert "7 * 7" in text
    assert "more characters)" in text
    assert "tel:" not in text


def test_the_same_bytes_whatever_the_order_of_rows(tmp_path: Path) -> None:
    given = reported(hostile_world(), parameters={"closed": [CLOSED.closed], "map": {"a": "b"}})
    first = written(tmp_path, given).read_bytes()
    ordered = {"ads"}  # sorted by ad: the contract of the canonical table
    turned = {
        name: table if name in ordered else table.take(_backward(table))
        for name, table in vars(given).items()
        if isinstance(table, pa.Table)
    }
    again = report.ReportInput(
        **turned, displacement=given.displacement, parameters=given.parameters
    )
    assert written(tmp_path, again).read_bytes() == first


def _backward(table: pa.Table) -> pa.Array:
    return pa.array(range(table.num_rows - 1, -1, -1), pa.int64())


def test_the_digest_tells_ads_apart_and_not_how_they_lie_in_memory() -> None:
    ads = hostile_world().tables()["ads"]
    one = digest(ads)
    assert digest(pa.concat_tables([ads.slice(0, 2), ads.slice(2)])) == one
    moved = ads.set_column(ads.schema.get_field_index("place"), "place", ads["title"])
    assert digest(moved) != one
    joined = ads.set_column(
        ads.schema.get_field_index("title"), "title", pa.nulls(ads.num_rows, pa.string())
    )
    blank = ads.set_column(
        ads.schema.get_field_index("title"), "title", pa.array([""] * ads.num_rows)
    )
    assert digest(joined) != digest(blank)


def test_a_thousand_leads_stay_a_page(tmp_path: Path) -> None:
    world = World()
    for n in range(620):
        crew(world, f"O{n:06d}", ["507-555-0101", "507-555-0102"], TOWNS)
    page = written(tmp_path, results(world.tables()))
    text = page.read_text("utf-8")
    assert page.stat().st_size < 3_000_000
    assert text.count('<article class="lead"') == 50
    assert "O000619" not in text
    assert "70 more are not on this page" in text
    assert "The first 50 of 620 leads" in text
    assert "Leads 51 to 550 of 620" in text


def test_no_lead_and_no_ad_are_told(tmp_path: Path) -> None:
    lone = World()
    lone.post("alone in the world")
    text = written(tmp_path, results(lone.tables())).read_text("utf-8")
    assert "There is no lead" in text
    assert "0 leads to review" in text
    rejects = pa.Table.from_pylist(
        [{"file": "a.csv", "row": 1, "reason": "text is empty", "raw": "x"}], schema=schema.REJECTS
    )
    text = written(tmp_path, results(World().tables(), rejects=rejects)).read_text("utf-8")
    assert "text is empty" in text
    assert "a.csv" not in text


def test_a_lead_shows_all_it_has_to(tmp_path: Path) -> None:
    given = reported(hostile_world())
    text = written(tmp_path, given).read_text("utf-8")
    (lead,) = given.leads.to_pylist()
    for evidence in [*lead["evidence"], *lead["counter_evidence"]]:
        assert evidence["statement"] in text
        assert f'id="kind-{evidence["kind"]}"' in text
    assert lead["innocent_reading"] in text
    assert text.index("The innocent reading") < text.index("Evidence: looks organized")
    for word in ("victim", "risk score", "suspect"):
        assert word not in text.lower()
    others = text[text.index("Organizations that are no leads") :]
    assert '<th scope="row">O2</th>' in others
    assert '<th scope="row">O1</th>' not in others
    for outcome in ("Relinked", "Not seen", "Unresolved", "False-link rate", "12.5%"):
        assert outcome in text


@pytest.mark.parametrize(
    ("pattern", "slots", "expected"),
    [
        ("call {1} now", 1, ["call ", "<phone 1>", " now"]),
        ("{1}{2}", 2, ["<phone 1>", "<phone 2>"]),
        ("{2} {0} {x} {1}", 1, ["{2} {0} {x} ", "<phone 1>"]),
        ("", 0, []),
    ],
)
def test_patterns_fall_into_parts(pattern: str, slots: int, expected: list[str]) -> None:
    found = parts(pattern, [{"kind": "phone", "examples": ["5"]}] * slots)
    assert [f"<{p.kind} {p.number}>" if p.kind else p.words for p in found] == expected


@given(st.text())
def test_visible_text_holds_no_controls_and_no_turns(text: str) -> None:
    shown = visible(text)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", shown)
    if not re.search("[\x00-\x1f\x7f-\x9f\ufffe\uffff\u061c\u200e\u200f\u202a-\u2069]", text):
        assert shown == text


# --- in a browser ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    return written(tmp_path_factory.mktemp("report"), reported(hostile_world())).as_uri()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


def test_the_page_asks_for_nothing_and_runs_nothing(page: Page, address: str) -> None:
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("dialog", lambda dialog: said.append(dialog.message))
    page.goto(address)
    for summary in page.locator("summary").all():
        summary.click()
    page.wait_for_timeout(200)
    assert asked == [address]
    assert said == []
    assert page.title() == "Harborlight report: 1 lead to review"
    assert page.evaluate("document.styleSheets.length") == 1
    mast = page.locator(".mast")
    assert mast.evaluate("e => getComputedStyle(e).backgroundColor") == "rgb(10, 53, 80)"


def test_ad_texts_are_hidden_until_opened_and_the_keyboard_opens_them(
    page: Page, address: str
) -> None:
    page.goto(address)
    texts = page.locator(".ad .text")
    assert texts.count() == 7
    assert not any(text.is_visible() for text in texts.all())
    first = page.locator(".ad summary").first
    first.focus()
    page.keyboard.press("Enter")
    assert texts.first.is_visible()
    assert "haul away sofas" in texts.first.inner_text()
    page.keyboard.press("Enter")
    assert not texts.first.is_visible()


def test_the_keyboard_goes_past_the_head_to_the_report(page: Page, address: str) -> None:
    page.goto(address)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.url.endswith("#main")


@pytest.mark.parametrize("width", [320, 768, 1280])
def test_no_page_scrolls_sideways(page: Page, address: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(address)
    for summary in page.locator("summary").all():
        summary.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_axe_finds_nothing(page: Page, address: str) -> None:
    page.goto(address)
    for summary in page.locator("summary").all():
        summary.click()
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()


def test_headings_and_landmarks_lead_through_the_page(page: Page, address: str) -> None:
    page.goto(address)
    for landmark in ("banner", "navigation", "main", "contentinfo"):
        assert page.get_by_role(landmark).count() == 1, landmark
    levels = page.locator("h1,h2,h3,h4,h5,h6").evaluate_all("l => l.map(h => +h.tagName[1])")
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert page.locator("table").count() == page.locator("table > caption").count()
    for link in page.locator("a[href^='#']").all():
        assert page.locator(f"[id='{(link.get_attribute('href') or '')[1:]}']").count() == 1


def test_paper_shows_everything_but_the_ad_texts(page: Page, address: str) -> None:
    page.goto(address)
    hidden = page.locator("details.open-in-print table")
    assert hidden.count() >= 1
    assert not any(table.is_visible() for table in hidden.all())
    page.emulate_media(media="print")
    assert all(table.is_visible() for table in hidden.all())
    assert not any(text.is_visible() for text in page.locator(".ad .text").all())
    assert page.pdf().startswith(b"%PDF")
