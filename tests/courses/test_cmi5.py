"""The cmi5 package in a real Chromium, against a real HTTP server that holds it to cmi5's rules."""

from __future__ import annotations

import copy
import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from course_files import write
from hosting import Host, serve
from lrs import CATEGORIES, UNIT, VERBS, Lrs, Session, verb_of
from playwright.sync_api import Browser, BrowserContext, expect
from taking import Taker, knows_all

from harborlight.courses.course import Course, bundled, load
from harborlight.courses.package import package


@dataclass
class Room:
    """An LMS with a course, and a device before it."""

    lrs: Lrs
    host: Host
    course: Course
    context: BrowserContext

    def sit(self, url: str = "") -> Taker:
        """Start a new session, or open an address again."""
        page = self.context.new_page()
        page.on("pageerror", _fail)
        page.goto(url or self.lrs.launch(self.host.url))
        expect(page.locator("h1")).to_be_visible()
        return Taker(page, page.main_frame, self.course)


def _fail(error: object) -> None:
    raise AssertionError(f"the page has an error: {error}")


def room_of(course: Course, browser: Browser) -> Iterator[Room]:
    lrs = Lrs()
    with serve(Host(package(course, "cmi5"), lrs.answer)) as host:
        context = browser.new_context(locale="en-US")
        yield Room(lrs, host, course, context)
        context.close()
    assert lrs.refused == []


@pytest.fixture
def small(tmp_path: Path, browser: Browser) -> Iterator[Room]:
    yield from room_of(load(write(tmp_path)), browser)


@pytest.fixture
def ground(browser: Browser) -> Iterator[Room]:
    yield from room_of(bundled()["ground"], browser)


def settled(taker: Taker) -> None:
    taker.frame.evaluate("chain")


def wrong_of_all(course: Course) -> dict[str, tuple[int, int]]:
    """Nothing right, and sure of it."""
    told = {each.code: (1 - int(each.concern), 100) for each in course.scenarios}
    return told | {
        each.code: ((each.right + 1) % len(each.options), 0) for each in course.questions
    }


@pytest.mark.proof
def test_a_whole_course_in_the_right_order(ground: Room) -> None:
    course, lrs = ground.course, ground.lrs
    lrs.language = "es-MX,en"
    said = knows_all(course)
    said["mother-son-b"] = (1, 60)
    said["one-sign"] = (0, 0)
    taker = ground.sit()
    assert taker.heading == course.title["es"]
    taker.read()
    taker.take(said)
    settled(taker)
    assert lrs.satisfied
    taker.press("#finish")
    expect(taker.frame.locator("h1")).to_contain_text("Puede cerrar esta ventana")
    (session,) = lrs.sessions
    answers = len(course.scenarios) + len(course.questions)
    assert session.verbs() == [
        "initialized", *["answered"] * answers, "completed", "passed", "terminated",
    ]  # fmt: skip
    for statement, scene in zip(session.statements[1:], course.scenarios, strict=False):
        choice, sure = said[scene.code]
        assert statement["object"]["id"] == f"{UNIT}/{scene.code}/1"
        assert statement["object"]["definition"]["description"] == {"es": scene.text["es"]}
        told = statement["result"]
        assert told["response"] == ("none", "report")[choice]
        assert told["success"] is (choice == scene.concern)
        assert told["extensions"] == {"urn:x-harborlight:confidence": sure}
    for statement, question in zip(session.statements[21:], course.questions, strict=False):
        choice, _sure = said[question.code]
        definition = statement["object"]["definition"]
        assert [e["description"]["es"] for e in definition["choices"]] == [
            each["es"] for each in question.options
        ]
        assert statement["result"]["response"] == f"option-{choice + 1}"
        assert definition["correctResponsesPattern"] == [f"option-{question.right + 1}"]
    # Of 14 innocent scenes one is reported, of ten questions one is wrong.
    score = next(e for e in session.statements if verb_of(e) == "passed")["result"]["score"]
    assert score["scaled"] == pytest.approx((1 + 13 / 14 + 9 / 10) / 3, abs=1e-4)
    assert len(lrs.documents["harborlight"]) <= 4096


def test_a_session_that_was_cut_off_is_gone_on_with(small: Room) -> None:
    said = knows_all(small.course)
    taker = small.sit()
    taker.read()
    taker.take(said, last=2)
    settled(taker)
    taker.page.close()  # no terminated: the LMS abandons it
    again = small.sit()
    assert again.heading == "Scene 3 of 3"
    again.take(said, first=2)
    settled(again)
    again.press("#finish")
    expect(again.frame.locator("h1")).to_contain_text("You may close")
    assert [each.verbs() for each in small.lrs.sessions] == [
        ["initialized", "answered", "answered"],
        ["initialized", "answered", "answered", "completed", "passed", "terminated"],
    ]


def test_the_page_can_be_loaded_again_in_a_session(small: Room) -> None:
    taker = small.sit()
    taker.read()
    taker.answer((1, 90), scene=True)
    settled(taker)
    taker.page.reload()
    expect(taker.page.locator(".told")).to_be_visible()
    taker = Taker(taker.page, taker.page.main_frame, small.course)
    settled(taker)
    taker.frame.get_by_role("button", name="Save and leave").click()
    expect(taker.frame.locator("h1")).to_contain_text("You may close")
    taker.page.reload()
    expect(taker.page.locator("h1")).to_contain_text("This start is over")
    assert small.lrs.sessions[0].verbs() == ["initialized", "answered", "terminated"]


def test_who_fails_passes_in_another_session_and_is_completed_once(small: Room) -> None:
    taker = small.sit()
    taker.read()
    taker.take(wrong_of_all(small.course))
    settled(taker)
    assert not small.lrs.satisfied
    expect(taker.frame.locator("main")).to_contain_text("start the course again from your learning")
    assert taker.frame.get_by_role("button", name="Take the practice again").count() == 0
    taker.press("#finish")
    expect(taker.frame.locator("h1")).to_contain_text("You may close")
    again = small.sit()
    again.frame.get_by_role("button", name="Take the practice again").click()
    again.take(knows_all(small.course))
    settled(again)
    again.press("#finish")
    expect(again.frame.locator("h1")).to_contain_text("You may close")
    assert small.lrs.sessions[0].verbs()[-3:] == ["completed", "failed", "terminated"]
    assert small.lrs.sessions[1].verbs() == [
        "initialized", *["answered"] * 4, "passed", "terminated",
    ]  # fmt: skip
    assert small.lrs.satisfied
    third = small.sit()  # to look again: nothing more to tell
    settled(third)
    third.frame.get_by_role("button", name="Save and leave").click()
    expect(third.frame.locator("h1")).to_contain_text("You may close")
    assert small.lrs.sessions[2].verbs() == ["initialized", "terminated"]


@pytest.mark.parametrize("up", ["down", "cut"])
def test_an_lrs_that_does_not_answer_gets_it_at_the_next_start(small: Room, up: str) -> None:
    said = knows_all(small.course)
    taker = small.sit()
    taker.read()
    taker.take(said, last=1)
    settled(taker)
    small.lrs.up = up
    taker.take(said, first=1)
    settled(taker)
    expect(taker.frame.locator("#notice")).to_contain_text("kept on this device")
    taker.press("#finish")
    expect(taker.frame.locator("h1")).to_contain_text("sent when you start this course here again")
    taker.page.close()
    small.lrs.up = "up"
    assert not small.lrs.satisfied
    again = small.sit()
    settled(again)
    expect(again.frame.locator(".told.right")).to_contain_text("You have passed")
    assert small.lrs.satisfied
    answered = [e["object"]["id"] for e in small.lrs.all if verb_of(e) == "answered"]
    assert answered == [f"{UNIT}/{code}/1" for code in said]
    assert again.frame.evaluate("Object.keys(localStorage)") == []


def test_the_mastery_score_of_the_lms_counts(small: Room) -> None:
    small.lrs.mastery = 0.6
    taker = small.sit()
    expect(taker.frame.locator("main")).to_contain_text("must be 60 percent or more")
    taker.read()
    taker.take({**knows_all(small.course), "whom": (1, 0)})  # two shares of three: 66.66
    settled(taker)
    assert small.lrs.satisfied


def test_looking_again_records_only_that_somebody_looked(small: Room) -> None:
    small.lrs.mode = "Review"
    taker = small.sit()
    expect(taker.frame.locator("#notice")).to_contain_text("nothing that you do here is recorded")
    taker.read()
    taker.take(knows_all(small.course))
    taker.press("#finish")
    expect(taker.frame.locator("h1")).to_contain_text("You may close")
    assert small.lrs.sessions[0].verbs() == ["initialized", "terminated"]
    assert small.lrs.documents == {}


# ---- the judge is judged ---------------------------------------------------------------------


def statement(lrs: Lrs, session: Session, verb: str, **result: Any) -> dict[str, Any]:
    """A statement that is as it should be."""
    context = copy.deepcopy(lrs.data(session)["contextTemplate"])
    context["registration"] = lrs.registration
    categories = ["cmi5", *(["moveon"] if verb in ("completed", "passed", "failed") else [])]
    context["contextActivities"]["category"] = [{"id": f"{CATEGORIES}{e}"} for e in categories]
    if verb in ("passed", "failed"):
        extension = "https://w3id.org/xapi/cmi5/context/extensions/masteryscore"
        context["extensions"][extension] = lrs.mastery
    if verb != "initialized":
        result["duration"] = "PT1S"
    return {
        "id": str(uuid.uuid4()),
        "actor": lrs.actor,
        "verb": {"id": f"{VERBS}{verb}"},
        "object": {"id": UNIT},
        "context": context,
        "timestamp": "2026-11-25T10:00:00.000Z",
        "result": result,
    }


def test_the_judge_refuses_what_cmi5_forbids() -> None:
    lrs, session = Lrs(), Session("session-1")
    lrs.sessions.append(session)

    def wrong(verb: str, **result: Any) -> list[str]:
        return list(lrs.wrong(statement(lrs, session, verb, **result), session))

    passed = {"success": True, "score": {"scaled": 0.9}}
    failed = {"success": False, "score": {"scaled": 0.1}}
    assert wrong("completed", completion=True) == ["completed: initialized must be first"]
    assert wrong("initialized") == []
    session.statements.append(statement(lrs, session, "initialized"))
    assert wrong("initialized") == [
        "initialized: initialized must be first",
        "initialized: twice in a session",
    ]
    assert wrong("completed") == ["completed: completion"]
    assert wrong("passed", success=True) == ["passed: score", "passed: score -1",
                                             "passed: score -1 for a mastery of 0.8"]  # fmt: skip
    assert wrong("failed", **passed) == [
        "failed: success",
        "failed: score 0.9 for a mastery of 0.8",
    ]
    session.statements.append(statement(lrs, session, "passed", **passed))
    assert wrong("failed", **failed) == [
        "failed: a second result in a session",
        "failed: after passed",
    ]
    session.statements.append(statement(lrs, session, "terminated"))
    assert wrong("completed", completion=True) == ["completed: after terminated"]
    other = statement(lrs, session, "completed", completion=True)
    other["context"]["contextActivities"]["category"].pop()
    other["context"]["registration"] = "another"
    assert {"completed: another registration", "completed: categories ['cmi5']"} <= set(
        lrs.wrong(json.loads(json.dumps(other)), session)
    )
