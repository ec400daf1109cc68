"""The SCORM 1.2 package in a real Chromium, against scorm-again, which speaks as an LMS does."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from course_files import write
from hosting import Answer, Asked, Host, serve
from playwright.sync_api import Browser, BrowserContext, Frame, Page, expect
from taking import SURE, Said, Taker, knows_all

import npm
from accessible import is_accessible
from harborlight.courses.course import Course, bundled, load
from harborlight.courses.package import HEAD, MOST_KEPT, package
from harborlight.courses.scoring import marks, result

# The LMS: a page that makes the API of what was kept, and shows the course in a frame.
HOST = """
const asked = new XMLHttpRequest();
asked.open("GET", "/lms/cmi.json", false);
asked.send();
window.API = new Scorm12API({ lmsCommitUrl: "/lms/commit.json", autocommit: false, logLevel: 5 });
API.loadFromJSON(JSON.parse(asked.responseText));
if (location.hash === "#deaf") API.LMSInitialize = () => "false";
"""
PAGE = (
    "<!doctype html><html lang=en><title>LMS</title><script src=scorm12.js></script>"
    "<script src=host.js></script><main><h1>LMS</h1>"
    "<iframe src=/course/index.html title=Course width=100% height=900></iframe></main>"
)


@dataclass
class Lms:
    """What the LMS has stored, and whether it answers."""

    cmi: dict[str, Any] = field(default_factory=lambda: {"core": {"student_id": "S-1"}})
    mode: str = "up"  # down: answers 503; cut: stores, and hangs up before it answers
    commits: int = 0
    ends: int = 0
    longest: int = 0
    statuses: list[str] = field(default_factory=list)

    def answer(self, asked: Asked) -> Answer | None:
        if asked.path == "/lms/cmi.json":
            return Answer(body=json.dumps(self.cmi).encode())
        if asked.path != "/lms/commit.json":
            return None
        try:
            return self.store(asked)
        finally:
            # The last of a session comes as a beacon, for whose answer no page waits.
            self.ends += asked.headers["content-type"].startswith("text/plain")

    def store(self, asked: Asked) -> Answer:
        if self.mode == "down":
            return Answer(503, b'{"result": false, "errorCode": 101}')
        told = json.loads(asked.body)["cmi"]
        self.cmi, self.commits = told, self.commits + 1
        self.longest = max(self.longest, len(told["suspend_data"]))
        if (status := told["core"]["lesson_status"]) not in self.statuses[-1:]:
            self.statuses.append(status)
        return Answer(cut=True) if self.mode == "cut" else Answer(body=b'{"result": true}')

    @property
    def core(self) -> dict[str, Any]:
        core: dict[str, Any] = self.cmi["core"]
        return core

    @property
    def interactions(self) -> list[dict[str, Any]]:
        kept = self.cmi.get("interactions", {})
        return [kept[key] for key in sorted(kept, key=int)]

    @property
    def ids(self) -> list[str]:
        return [each["id"] for each in self.interactions]


@dataclass
class Room:
    """An LMS with a course, and browsers before it."""

    lms: Lms
    host: Host
    course: Course
    browser: Browser
    context: BrowserContext

    def sit(self, keyboard: bool = False, hash: str = "") -> Taker:  # noqa: A002
        """Start the course in a new window of the same device."""
        page = self.context.new_page()
        page.on("pageerror", _fail)
        page.goto(f"{self.host.url}/lms/index.html{hash}")
        frame = page.frames[1]
        expect(frame.locator("h1").first).to_be_visible()
        return Taker(page, frame, self.course, keyboard)


def _fail(error: object) -> None:
    raise AssertionError(f"the page has an error: {error}")


def room_of(course: Course, browser: Browser) -> Iterator[Room]:
    lms = Lms()
    pages = {
        "/lms/scorm12.js": npm.text(npm.SCORM_AGAIN, "dist/scorm12.min.js"),
        "/lms/host.js": HOST,
        "/lms/index.html": PAGE,
        "/lms/opener.html": PAGE.split("<iframe")[0] + "</main>",
    }
    with serve(Host(package(course, "scorm"), lms.answer, pages=pages)) as host:
        context = browser.new_context(locale="en-US")
        yield Room(lms, host, course, browser, context)
        context.close()


@pytest.fixture
def small(tmp_path: Path, browser: Browser) -> Iterator[Room]:
    """The small course: a lesson, three scenes, a question."""
    yield from room_of(load(write(tmp_path)), browser)


@pytest.fixture
def cabin(browser: Browser) -> Iterator[Room]:
    """The course for cabin crews, as it comes."""
    yield from room_of(bundled()["cabin"], browser)


def kept_here(frame: Frame) -> dict[str, Any]:
    """What the device keeps."""
    told: dict[str, Any] = frame.evaluate("({ ...localStorage })")
    return told


def settled(taker: Taker) -> None:
    """Everything is handed on, or known not to be."""
    taker.frame.evaluate("chain")


def over(taker: Taker, lms: Lms, said: str, control: str = "#finish") -> None:
    """End the session: the page says so, and the LMS has what it was told last."""
    before = lms.ends
    taker.press(control)
    expect(taker.frame.locator("h1")).to_contain_text(said)
    for _ in range(500):
        if lms.ends > before:
            return
        taker.page.wait_for_timeout(20)
    raise AssertionError("the LMS was not told of the end")


@pytest.mark.proof
def test_a_whole_course_by_keyboard_alone(cabin: Room) -> None:
    said = knows_all(cabin.course)
    said["father-daughter-b"] = (1, 70)  # a false alarm
    said["older-minor"] = (0, 60)  # a miss
    said["one-sign"] = (0, 0)  # a question wrong
    is_taken_by_keyboard(cabin, said)
    assert 85 < float(cabin.lms.core["score"]["raw"]) < 95


def test_a_small_course_by_keyboard_alone(small: Room) -> None:
    is_taken_by_keyboard(small, {**knows_all(small.course), "family-a": (0, 60)})


def is_taken_by_keyboard(room: Room, said: dict[str, Said]) -> None:
    """From the start to the end with keys, and everything is with the LMS; it passes."""
    course, lms = room.course, room.lms
    strangers: list[str] = []
    room.context.on(
        "request",
        lambda it: None if it.url.startswith(room.host.url) else strangers.append(it.url),
    )
    taker = room.sit(keyboard=True)
    taker.read()
    settled(taker)
    assert lms.core["lesson_status"] == "incomplete"
    assert lms.core["exit"] == "suspend"
    taker.take(said)
    expect(taker.frame.locator("#finish")).to_be_visible()
    settled(taker)
    reported = {each.code: said[each.code][0] == 1 for each in course.scenarios}
    chosen = {each.code: said[each.code][0] for each in course.questions}
    expected = result(marks(course, reported, chosen), course.pass_at)
    assert expected.passed
    raw = lms.core["score"]
    assert (float(raw["raw"]), raw["min"], raw["max"]) == (expected.percent, "0", "100")
    assert lms.core["lesson_status"] == "passed"
    steps = len(course.lessons) + len(course.scenarios) + len(course.questions) + 1
    assert lms.core["lesson_location"] == str(steps)
    over(taker, lms, "You may close this window")
    assert lms.core["exit"] == ""
    assert re.fullmatch(r"\d{2,4}:\d\d:\d\d(\.\d\d?)?", lms.core["session_time"])
    every_choice_is_recorded(room, said)
    assert lms.statuses == ["incomplete", "passed"]
    assert 0 < lms.longest <= 4096
    assert kept_here(taker.frame) == {}
    assert strangers == []


def every_choice_is_recorded(room: Room, said: dict[str, Said]) -> None:
    """Each answer is an interaction, each confidence another, once and in order."""
    told = {each["id"]: each for each in room.lms.interactions}
    assert len(told) == len(room.lms.interactions)
    expected = []
    for scene in room.course.scenarios:
        expected += [scene.code, f"{scene.code}_sure"]
        choice, sure = said[scene.code]
        first, second = told[scene.code], told[f"{scene.code}_sure"]
        assert (first["type"], first["student_response"]) == ("choice", "ba"[choice])
        assert first["result"] == ("correct" if choice == scene.concern else "wrong")
        assert first["correct_responses"]["0"]["pattern"] == "ba"[scene.concern]
        assert (second["type"], second["student_response"]) == ("numeric", str(sure))
        assert second["result"] == "neutral"
    for question in room.course.questions:
        expected.append(question.code)
        choice = said[question.code][0]
        it = told[question.code]
        assert (it["type"], it["student_response"]) == ("choice", "abcd"[choice])
        assert it["result"] == ("correct" if choice == question.right else "wrong")
    assert list(told) == expected
    for it in told.values():
        assert re.fullmatch(r"\d{2,4}:\d\d:\d\d(\.\d\d?)?", it["latency"])
        assert re.fullmatch(r"\d\d:\d\d:\d\d", it["time"])


def test_everybody_can_use_each_kind_of_page(small: Room) -> None:
    taker = small.sit()
    page = small.context.new_page()
    page.goto(f"{small.host.url}/course/index.html")  # alone, so that axe sees the player itself
    alone = Taker(page, page.main_frame, small.course)
    expect(page.locator("#notice")).to_contain_text("No learning system was found")
    is_accessible(page)
    page.get_by_role("button", name="Español").click()
    assert page.locator("html").get_attribute("lang") == "es"
    is_accessible(page)
    alone.read(lambda: is_accessible(page))
    is_accessible(page)
    alone.press("form button.main")
    expect(page.locator(".error")).to_contain_text("Elija qué hace")
    assert page.evaluate("document.activeElement.name") == "choice"
    alone.answer((1, 80), scene=True)
    is_accessible(page)
    said = knows_all(small.course)
    alone.press("#next")
    alone.take(said, first=1)
    expect(page.locator("#finish")).to_be_visible()
    is_accessible(page)
    page.locator("summary").click()
    expect(page.get_by_text("https://office.example/list")).to_be_visible()
    expect(page.get_by_text("aún no leída en su origen")).to_be_visible()
    assert taker.heading == "A small course"


def test_who_leaves_goes_on_where_they_were(small: Room) -> None:
    said = knows_all(small.course)
    taker = small.sit()
    taker.frame.get_by_role("button", name="Español").click()
    taker.read()
    taker.take(said, last=2)
    settled(taker)
    over(taker, small.lms, "Puede cerrar esta ventana", "#leave button")
    assert small.lms.core["lesson_status"] == "incomplete"
    assert small.lms.core["exit"] == "suspend"
    before = small.lms.ids
    again = small.sit()
    assert again.heading == "Escena 3 de 3"
    again.frame.get_by_role("button", name="Atrás").click()
    expect(again.frame.locator(".told")).to_contain_text("Es una familia")
    assert again.frame.locator("form button").count() == 0  # given is given
    again.press("#next")
    again.take(said, first=2)
    settled(again)
    assert small.lms.ids == [*before, "family-b", "family-b_sure", "whom"]
    assert small.lms.core["lesson_status"] == "passed"


def test_a_window_that_is_just_closed_loses_nothing(small: Room) -> None:
    taker = small.sit()
    taker.read()
    taker.answer((1, 90), scene=True)
    settled(taker)
    taker.page.close()
    assert small.lms.core["exit"] == "suspend"
    again = small.sit()
    expect(again.frame.locator(".told")).to_be_visible()
    assert small.lms.ids == ["papers", "papers_sure"]


def test_the_lms_is_found_in_the_window_that_opened_the_course(small: Room) -> None:
    page = small.context.new_page()
    page.goto(f"{small.host.url}/lms/opener.html")
    with small.context.expect_page() as opened:
        page.evaluate("void window.open('/course/index.html')")
    taker = Taker(opened.value, opened.value.main_frame, small.course)
    taker.read()
    taker.answer((1, 90), scene=True)
    settled(taker)
    assert small.lms.ids == ["papers", "papers_sure"]
    expect(taker.frame.locator("#notice")).to_be_empty()


def test_an_lms_that_does_not_answer_gets_it_at_the_next_start(small: Room) -> None:
    said = knows_all(small.course)
    taker = small.sit()
    taker.read()
    taker.take(said, last=1)
    settled(taker)
    small.lms.mode = "down"
    taker.take(said, first=1)
    settled(taker)
    expect(taker.frame.locator("#notice")).to_contain_text("kept on this device")
    over(taker, small.lms, "sent when you start this course here again")
    taker.page.close()
    assert small.lms.ids == ["papers", "papers_sure"]
    assert small.lms.core["lesson_status"] == "incomplete"
    small.lms.mode = "up"
    again = small.sit()
    settled(again)
    expect(again.frame.locator(".told.right")).to_contain_text("You have passed")
    every_choice_is_recorded(small, said)
    assert small.lms.core["lesson_status"] == "passed"
    assert small.lms.core["score"]["raw"] == "100"
    assert kept_here(again.frame) == {}


def test_send_now_when_the_lms_is_back(small: Room) -> None:
    small.lms.mode = "down"
    taker = small.sit()
    taker.read()
    taker.answer((0, 50), scene=True)
    settled(taker)
    assert len(kept_here(taker.frame)) == 1
    assert "S-1" not in json.dumps(kept_here(taker.frame))  # whose it is cannot be read
    taker.press("#notice button")
    settled(taker)
    expect(taker.frame.locator("#notice")).to_contain_text("does not answer")
    small.lms.mode = "up"
    taker.press("#notice button")
    settled(taker)
    expect(taker.frame.locator("#notice")).to_be_empty()
    assert small.lms.ids == ["papers", "papers_sure"]
    assert kept_here(taker.frame) == {}


def test_what_arrived_though_its_answer_was_lost_is_not_sent_twice(small: Room) -> None:
    taker = small.sit()
    taker.read()
    settled(taker)
    small.lms.mode = "cut"
    taker.answer((1, 90), scene=True)
    settled(taker)
    expect(taker.frame.locator("#notice")).to_contain_text("does not answer")
    assert len(kept_here(taker.frame)) == 1
    taker.page.close()
    small.lms.mode = "up"
    again = small.sit()
    settled(again)
    assert small.lms.ids == ["papers", "papers_sure"]
    assert kept_here(again.frame) == {}


def test_a_taking_without_an_owner_is_asked_about(small: Room) -> None:
    said = knows_all(small.course)
    taker = small.sit(hash="#deaf")
    expect(taker.frame.locator("#notice")).to_contain_text("does not answer")
    taker.read()
    taker.take(said, last=2)
    settled(taker)
    taker.page.close()
    assert small.lms.ids == []
    other = small.sit()
    expect(other.frame.locator("main")).to_contain_text("Is it yours?")
    other.frame.get_by_role("button", name="No, leave it there").click()
    assert other.heading == "A small course"
    settled(other)
    assert small.lms.ids == []
    other.page.close()
    owner = small.sit()
    owner.frame.get_by_role("button", name="Yes, go on with it").click()
    expect(owner.frame.locator("h1")).to_have_text("Scene 3 of 3")
    settled(owner)
    assert small.lms.ids == ["papers", "papers_sure", "family-a", "family-a_sure"]
    assert kept_here(owner.frame) == {}


def test_who_fails_takes_it_again_until_it_is_passed(small: Room) -> None:
    course = small.course
    taker = small.sit()
    taker.read()
    taker.take({each.code: (1, 100) for each in course.scenarios} | {"whom": (1, 0)})
    settled(taker)
    assert small.lms.core["lesson_status"] == "failed"
    assert small.lms.core["score"]["raw"] == "33.33"
    expect(taker.frame.locator("main")).to_contain_text("more sure than you were right")
    taker.frame.get_by_role("button", name="Take the practice again").click()
    taker.take(knows_all(course))
    settled(taker)
    assert small.lms.statuses == ["incomplete", "failed", "passed"]
    assert small.lms.ids[7:9] == ["papers_2", "papers_2_sure"]
    assert len(small.lms.ids) == 14
    over(taker, small.lms, "You may close this window")
    again = small.sit()
    settled(again)
    assert small.lms.statuses[-1] == "passed"


def test_a_later_failure_leaves_the_pass_and_its_score(small: Room) -> None:
    small.lms.cmi["core"] |= {"lesson_status": "passed", "score": {"raw": "90"}}
    small.lms.cmi["suspend_data"] = "1~000000000000~en~9~1~7~r~01"  # of an older version
    taker = small.sit()
    taker.read()
    taker.take({each.code: (1, 50) for each in small.course.scenarios} | {"whom": (1, 0)})
    settled(taker)
    expect(taker.frame.locator(".told.wrong")).to_contain_text("not passed yet")
    assert small.lms.ids[-1] == "whom"
    assert small.lms.core["lesson_status"] == "passed"
    assert small.lms.core["score"]["raw"] == "90"


def test_review_records_nothing(small: Room) -> None:
    small.lms.cmi = {"core": {"student_id": "S-1", "lesson_mode": "review"}}
    taker = small.sit()
    expect(taker.frame.locator("#notice")).to_contain_text("nothing that you do here is recorded")
    taker.read()
    taker.answer((1, 90), scene=True)
    settled(taker)
    assert small.lms.commits == 0
    assert kept_here(taker.frame) == {}


def test_another_version_of_the_course_starts_anew(small: Room) -> None:
    small.lms.cmi["suspend_data"] = "1~000000000000~es~9~3~77~rc~01"
    taker = small.sit()
    assert taker.heading == "Un curso breve"
    expect(taker.frame.locator(".told")).to_contain_text("El curso ha cambiado")
    taker.read()
    taker.answer((1, 90), scene=True)
    settled(taker)
    assert small.lms.ids == ["papers_3", "papers_3_sure"]


def test_the_longest_state_fits(small: Room) -> None:
    course, most = small.course, MOST_KEPT - HEAD
    one, question = course.scenarios[0], course.questions[0]
    scenes = tuple(replace(one, code=f"scene-{n}") for n in range(most - 1))
    packed = package(replace(course, scenarios=scenes, questions=(question,)), "scorm")
    small.host.packed = packed
    page = small.context.new_page()
    page.goto(f"{small.host.url}/course/index.html")
    told = page.evaluate("""() => {
        state.answers = ITEMS.map((each) => ({ choice: 1, sure: 100 }));
        Object.assign(state, { at: 99999, attempt: 99999, count: 999999999, flags: "rpc" });
        return [state.encode(), State.decode(state.encode()).encode()];
    }""")
    assert 4000 < len(told[0]) <= 4096
    assert told[0] == told[1]
    with pytest.raises(ValueError, match=r"small asks 4001 things"):
        package(replace(course, scenarios=(*scenes, one), questions=(question,)), "scorm")


def test_spans_of_time_are_written_as_scorm_has_them(small: Room) -> None:
    page = small.context.new_page()
    page.goto(f"{small.host.url}/course/index.html")
    told = page.evaluate("[0, 0.996, 59.994, 3725.678, 360000].map(span)")
    assert told == ["0000:00:00.00", "0000:00:00.99", "0000:00:59.99", "0001:02:05.68",
                    "0100:00:00.00"]  # fmt: skip


def test_the_player_scores_as_we_do(cabin: Room) -> None:
    course, chance = cabin.course, random.Random(7)
    takings = []
    for _ in range(300):
        luck = chance.random()
        takings.append(
            [int(each.concern) if chance.random() < luck else 1 - each.concern
             for each in course.scenarios]
            + [each.right if chance.random() < luck else chance.randrange(len(each.options))
               for each in course.questions]
        )  # fmt: skip
    page: Page = cabin.context.new_page()
    page.goto(f"{cabin.host.url}/course/index.html")
    told = page.evaluate(
        """([takings, sure]) => takings.map((taking) => {
            const it = new State();
            it.answers = taking.map((choice, place) => (
                ITEMS[place].scene ? { choice, sure: sure[place % sure.length] } : { choice }));
            const again = State.decode(it.encode());
            if (JSON.stringify(again.answers) !== JSON.stringify(it.answers)) throw Error("lost");
            const { percent, passed } = again.result();
            return [percent, passed];
        })""",
        [takings, list(SURE)],
    )
    passed = 0
    scenes = len(course.scenarios)
    for taking, (percent, ok) in zip(takings, told, strict=True):
        reported = {e.code: taking[n] == 1 for n, e in enumerate(course.scenarios)}
        chosen = {e.code: taking[scenes + n] for n, e in enumerate(course.questions)}
        ours = result(marks(course, reported, chosen), course.pass_at)
        assert (ours.percent, ours.passed) == (percent, ok)
        passed += ok
    assert 20 < passed < 280
