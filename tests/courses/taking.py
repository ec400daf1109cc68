"""A person who takes a course in the player, by mouse or by keyboard alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Frame, Page, expect

from harborlight.courses.course import Course

SURE = (50, 60, 70, 80, 90, 100)

Said = tuple[int, int]  # choice (of a scene 1 report, 0 none) and confidence


def knows_all(course: Course) -> dict[str, Said]:
    """The right answer to everything, sure of it."""
    told = {each.code: (int(each.concern), 100) for each in course.scenarios}
    return told | {each.code: (each.right, 0) for each in course.questions}


@dataclass
class Taker:
    """Somebody in front of the player, which is in a frame of a page or in a page of its own."""

    page: Page
    frame: Frame
    course: Course
    keyboard: bool = False

    @property
    def heading(self) -> str:
        return self.frame.locator("h1").inner_text()

    def press(self, selector: str) -> None:
        """Use a control: click it, or tab to it and press Enter (a radio: Space)."""
        target = self.frame.locator(selector).first
        expect(target).to_be_visible()
        if not self.keyboard:
            target.click()
            return
        for _ in range(60):
            self.page.keyboard.press("Tab")
            if self.frame.evaluate("s => document.activeElement?.matches(s)", selector):
                break
        else:
            raise AssertionError(f"the keyboard does not reach {selector}")
        self.page.keyboard.press("Enter")

    def choose(self, name: str, place: int) -> None:
        """Choose the radio at a place of its group."""
        radio = self.frame.locator(f"[name={name}]").nth(place)
        if not self.keyboard:
            radio.check()
            return
        for _ in range(60):
            self.page.keyboard.press("Tab")
            if self.frame.evaluate("n => document.activeElement?.name === n", name):
                break
        else:
            raise AssertionError(f"the keyboard does not reach {name}")
        self.page.keyboard.press("Space")
        for _ in range(place):
            self.page.keyboard.press("ArrowDown")
        expect(radio).to_be_checked()

    def read(self, looked: Callable[[], None] = lambda: None) -> None:
        """From the welcome through all lessons to the first scene."""
        self.press("main button.main")
        for lesson in self.course.lessons:
            expect(self.frame.locator("h1")).to_be_focused()
            assert self.heading in lesson.title.values()
            looked()
            self.press("#next")

    def answer(self, said: Said, scene: bool) -> None:
        """Answer what is shown, without going on."""
        choice, sure = said
        self.choose("choice", 1 - choice if scene else choice)
        if scene:
            self.choose("sure", SURE.index(sure))
        self.press("form button.main")
        expect(self.frame.locator(".told h2")).to_be_focused()

    def take(self, said: dict[str, Said], first: int = 0, last: int | None = None) -> None:
        """Answer scenes and questions, from the one shown, and go on after each."""
        items = [(each.code, True) for each in self.course.scenarios]
        items += [(each.code, False) for each in self.course.questions]
        for code, scene in items[first:last]:
            self.answer(said[code], scene)
            self.press("#next")
