"""A full course in a real browser against a real site, by keyboard alone and without JavaScript;
then the trainer's pages and the report, for everybody to use."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

import courses_world as world
from accessible import is_accessible
from browsing import follow
from harborlight.courses.course import Course, bundled, load
from real_site import Site

SET_UP = """
from people import client_of, make_agency, make_member
from harborlight.web.accounts.roles import AgencyKind, Role
airline = make_agency(AgencyKind.AIRLINE, name="Sample Air")
for role in (Role.CREW, Role.TRAINER, Role.OPERATIONS):
    print(client_of(make_member(role, airline)).cookies["harborlight"].value)
"""
ROWS = """
from harborlight.web.training.models import Taking
passed, more = Taking.objects.order_by("started_at")
print(passed.passed, passed.percent, passed.answers.count(), passed.checks.count())
print(more.finished_at, more.place, more.answers.count())
"""
EIGHT = """async (more) => {
    const form = document.querySelector("main form");
    const send = async () => {
        const told = new FormData(form);
        for (const [name, value] of Object.entries(more)) told.set(name, value);
        return (await fetch(form.action, { method: "POST", body: told })).status;
    };
    return Promise.all([...Array(8)].map(send));
}"""
FOCUSED = """() => { const at = document.activeElement;
    return [at.tagName, at.name || "", at.value || "", (at.textContent || "").trim()]; }"""


def context_of(browser: Browser, site: Site, session: str, scripts: bool = True) -> BrowserContext:
    context = browser.new_context(
        base_url=site.url, locale="en-US", java_script_enabled=scripts
    )  # fmt: skip
    context.add_cookies([{"name": "harborlight", "value": session, "url": site.url}])
    return context


def eight_times(page: Page, **more: str) -> list[int]:
    """Send the first form of the page eight times at once; how each was answered."""
    told: list[int] = page.evaluate(EIGHT, more)
    return told


def tab_to(page: Page, **wanted: str) -> None:
    """Press Tab until the focus is on what has this name, or says this."""
    for _press in range(60):
        page.keyboard.press("Tab")
        _tag, name, _value, text = page.evaluate(FOCUSED)
        if name == wanted.get("name", "-") or text == wanted.get("text", "-"):
            return
    raise AssertionError(f"{wanted} cannot be reached by Tab on {page.url}")


def skip(page: Page) -> None:
    """Over the menu, by the first link of every page."""
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUSED)[3] == "Skip to the content"
    page.keyboard.press("Enter")


def choose(page: Page, name: str, value: str) -> None:
    """Choose one of some radio buttons by arrow keys."""
    tab_to(page, name=name)
    page.keyboard.press("Space")
    for _press in range(12):
        if page.evaluate(FOCUSED)[2] == value:
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"{value} cannot be chosen on {page.url}")


def enter(page: Page, text: str) -> None:
    """Reach what says this, and press Enter there."""
    tab_to(page, text=text)
    with page.expect_navigation():
        page.keyboard.press("Enter")


@pytest.mark.parametrize("ours", [False, pytest.param(True, marks=pytest.mark.proof)])
def test_a_full_course_by_keyboard_alone_and_then_all_pages(
    browser: Browser, tmp_path: Path, ours: bool
) -> None:
    """A small course of the site's own; as a proof, the one of 35 pages that comes with it."""
    site = Site(tmp_path / "home")
    if ours:
        course = bundled()["cabin"]
    else:
        world.write("cabin", "cabin", site=site.home)
        world.write("ground", "ground", site=site.home)
        course = load(site.home / "courses" / "cabin")
    site.start()
    try:
        go_through(site, browser, tmp_path, course)
    finally:
        site.stop()


def one_line(text: str) -> str:
    return " ".join(text.split())


def answer_of(course: Course, shown: str) -> str:
    """The right answer to the page that shows this, or nothing: it is a lesson."""
    for scene in course.scenarios:
        if one_line(scene.text["en"]) in one_line(shown):
            return "report" if scene.concern else "none"
    for question in course.questions:
        if one_line(question.text["en"]) in one_line(shown):
            return str(question.right)
    return ""


def go_through(site: Site, browser: Browser, tmp_path: Path, course: Course) -> None:
    crew, trainer, operations = site.run(SET_UP).split()
    page = context_of(browser, site, crew, scripts=False).new_page()
    page.goto("/training/")
    skip(page)
    choose(page, "work", "cabin")
    enter(page, "Go on")
    skip(page)
    title = page.locator("main h3").inner_text()
    enter(page, f"Begin the course: {title}")
    # The same pages for eyes, ears and small screens, each kind once, with scripts.
    beside = context_of(browser, site, crew).new_page()
    looked: set[tuple[str, bool]] = set()

    def look(answer: str, given: bool) -> None:
        kind = "situation" if answer in ("report", "none") else "question" if answer else "lesson"
        if (kind, given) not in looked:
            looked.add((kind, given))
            beside.goto(page.url)
            is_accessible(beside)

    items = len(course.scenarios) + len(course.questions)
    lessons = len(course.lessons)
    for number in range(1, items + lessons + 1):
        text = page.locator("main").inner_text()
        assert f"Page {number} of {items + lessons}" in text
        answer = answer_of(course, text)
        look(answer, given=False)
        skip(page)
        if answer:
            choose(page, "choice", answer)
            if answer in ("report", "none"):
                choose(page, "confidence", "90")
            enter(page, "Answer")
            assert page.locator("main [role=status]").inner_text().startswith("That is right.")
            look(answer, given=True)
            skip(page)
        enter(page, "Go on")
    assert "Passed" in page.locator("main").inner_text()
    assert len(looked) == 5
    for where in (page.url, "/training/"):
        beside.goto(where)
        is_accessible(beside)
    shown = beside.locator("main td a").inner_text()

    # Pressed eight times at once, everything is done once.
    beside.goto("/training/")
    assert set(eight_times(beside)) == {200}
    beside.goto("/training/")
    follow(beside.locator("main form button").first)
    assert set(eight_times(beside, go="on")) == {200}
    for _lesson in range(lessons - 1):
        beside.goto(beside.url)
        follow(beside.get_by_role("button", name="Go on"))
    beside.goto(beside.url)
    assert set(eight_times(beside, choice="report", confidence="70")) == {200}
    rows = site.run(ROWS).split()
    assert rows == ["True", "100.00", str(items), "3", "None", str(lessons), "1"]

    page = context_of(browser, site, trainer).new_page()
    file = tmp_path / "staff.csv"
    file.write_text("employee number,name,role\n1,Sample Person,cabin\n2,Other Person,none\n")
    page.goto("/training/staff/import/")
    page.locator("main [type=file]").set_input_files(file)
    follow(page.locator("main form button[type=submit]"))
    assert "The role is none that is known" in page.content()
    is_accessible(page)
    page.goto("/training/staff/")
    follow(page.locator("main tbody a").first)
    is_accessible(page)
    follow(page.get_by_role("link", name="Record a course"))
    is_accessible(page)
    for where in ("/training/scores/", "/crew/yearly/", "/crew/yearly/trained/"):
        page.goto(where)
        is_accessible(page)
    page.context.add_cookies([{"name": "django_language", "value": "es", "url": site.url}])
    page.goto("/training/staff/")
    is_accessible(page)
    page = context_of(browser, site, operations).new_page()
    page.goto("/crew/yearly/notifications/all/")
    is_accessible(page)

    stranger = browser.new_context(base_url=site.url, locale="en-US").new_page()
    stranger.goto("/training/certificate/")
    stranger.locator("[name=code]").fill(shown)
    follow(stranger.get_by_role("button", name="Ask"))
    assert "It holds." in stranger.content()
    is_accessible(stranger)
