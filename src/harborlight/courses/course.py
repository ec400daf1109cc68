"""A course: a folder of Markdown and YAML, told apart from its other versions by its content.

The folder holds

- `course.yaml`: code, role, minutes, expires_days, pass_at, languages, title;
- lessons as `01-name.en.md`, one file a lesson and language; the first line is `# Title`, and the
  last may be `Sources: one, two` (in Spanish `Fuentes:`);
- `scenarios.yaml`, `questions.yaml`, `sources.yaml`: lists, each entry with its code.

Hidden files are left out; any other file is refused, so that nothing is thought to be part of a
course that is not.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal, cast

from harborlight.courses.entry import CourseError, Entry, entries, root

__all__ = ["Course", "CourseError", "Lesson", "Question", "Scenario", "Source", "bundled", "load"]

Role = Literal["cabin", "ground"]
ROLES = ("cabin", "ground")
LANGUAGES = ("en", "es")
TABLES = ("course.yaml", "questions.yaml", "scenarios.yaml", "sources.yaml")
BUNDLED = Path(__file__).parent / "bundled"

_CITED = re.compile(r"^(?:Sources|Fuentes): (?P<codes>.+)\s*\Z", re.M)
_LESSON = re.compile(r"(?P<code>\d\d-[a-z0-9-]+)\.(?P<language>[a-z]{2})\.md")


@dataclass(frozen=True)
class Source:
    """Where a fact is from. `verified` says whether it was read at its source."""

    code: str
    title: str
    publisher: str
    url: str  # https, or empty for what is not on the web
    date: date  # of the text, or the day it was looked at if it bears none
    verified: bool


@dataclass(frozen=True)
class Lesson:
    """A text to read. `title` and `body` (Markdown) are by language."""

    code: str
    title: dict[str, str]
    body: dict[str, str]
    sources: tuple[str, ...]  # codes


@dataclass(frozen=True)
class Scenario:
    """Something seen at work. The answer is whether to report it, with a confidence of 50 to 100.

    Two scenarios with the same `pair` differ in nothing but `trait`, and have the same answer.
    """

    code: str
    text: dict[str, str]
    concern: bool  # True: trained crew would report it. False: innocent
    why: dict[str, str]
    pair: str  # "" for none
    variant: str  # "a" or "b", "" without a pair
    trait: str  # which protected trait the pair differs in, "" without a pair
    sources: tuple[str, ...]  # codes


@dataclass(frozen=True)
class Question:
    """A question of knowledge; `options[right]` is the answer.

    With `retrieval` it is asked again after 30, 90 and 180 days.
    """

    code: str
    text: dict[str, str]
    options: tuple[dict[str, str], ...]
    right: int
    why: dict[str, str]
    sources: tuple[str, ...]
    retrieval: bool


@dataclass(frozen=True)
class Course:
    """A course. `version` is the SHA-256 of its files, as hex: other content, other version."""

    code: str
    version: str
    minutes: int
    expires_days: int
    pass_at: float  # share, see harborlight.courses.scoring.result
    role: Role
    languages: tuple[str, ...]
    title: dict[str, str]
    lessons: tuple[Lesson, ...]
    scenarios: tuple[Scenario, ...]
    questions: tuple[Question, ...]
    sources: tuple[Source, ...]

    @property
    def retrieval(self) -> tuple[Question, ...]:
        """The questions that are asked again later."""
        return tuple(each for each in self.questions if each.retrieval)

    def source(self, code: str) -> Source:
        """The source of a code. KeyError when there is none."""
        found = next((each for each in self.sources if each.code == code), None)
        if found is None:
            raise KeyError(code)
        return found


@cache
def bundled() -> dict[str, Course]:
    """The courses that come with Harborlight, by code."""
    courses = [load(folder) for folder in sorted(BUNDLED.iterdir()) if folder.is_dir()]
    return {course.code: course for course in courses}


def load(folder: Path) -> Course:
    """The course in a folder. CourseError names the file, the line and what is wrong with it."""
    files = _files(folder)
    entry = Entry(folder / "course.yaml", root(folder / "course.yaml"))
    code = entry.code()
    languages = entry.listed("languages")
    if not languages or not set(languages) <= set(LANGUAGES):
        raise entry.error(f"languages must be some of {', '.join(LANGUAGES)}")
    sources = _sources(folder / "sources.yaml")
    known = {each.code for each in sources}
    course = Course(
        code=code,
        version=_version(files),
        minutes=entry.whole("minutes", 1, 600),
        expires_days=entry.whole("expires_days", 1, 3660),
        pass_at=entry.share("pass_at"),
        role=cast(Role, entry.choice("role", ROLES)),
        languages=languages,
        title=entry.words("title", languages),
        lessons=_lessons(folder, files, languages, known),
        scenarios=_scenarios(folder / "scenarios.yaml", languages, known),
        questions=_questions(folder / "questions.yaml", languages, known),
        sources=sources,
    )
    entry.done()
    return course


def _files(folder: Path) -> list[Path]:
    """The files of a course, sorted by name."""
    if not folder.is_dir():
        raise CourseError(folder, 0, "there is no such folder")
    files = sorted(
        (each for each in folder.iterdir() if not each.name.startswith(".")),
        key=lambda each: each.name,
    )
    for each in files:
        if not each.is_file() or (each.name not in TABLES and not _LESSON.fullmatch(each.name)):
            raise CourseError(each, 0, "no part of a course is called so")
    for name in TABLES:
        if not (folder / name).is_file():
            raise CourseError(folder / name, 0, "the file is missing")
    return files


def _version(files: Iterable[Path]) -> str:
    """SHA-256 over name, length and bytes of each file: no two courses run together into one."""
    digest = hashlib.sha256()
    for each in files:
        content = each.read_bytes()
        digest.update(f"{each.name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def _lessons(
    folder: Path, files: Iterable[Path], languages: Sequence[str], known: Collection[str]
) -> tuple[Lesson, ...]:
    texts: dict[str, dict[str, tuple[str, str, tuple[str, ...]]]] = {}
    for each in files:
        if found := _LESSON.fullmatch(each.name):
            if found["language"] not in languages:
                raise CourseError(each, 0, f"the course has no language {found['language']}")
            texts.setdefault(found["code"], {})[found["language"]] = _lesson(each, known)
    if not texts:
        raise CourseError(folder, 0, "there is no lesson")
    for code, told in texts.items():
        for language in languages:
            file = folder / f"{code}.{language}.md"
            if language not in told:
                raise CourseError(file, 0, "the file is missing")
            if told[language][2] != told[languages[0]][2]:
                raise CourseError(file, 0, f"the sources are not those in {languages[0]}")
    return tuple(
        Lesson(
            code,
            {language: told[language][0] for language in languages},
            {language: told[language][1] for language in languages},
            told[languages[0]][2],
        )
        for code, told in sorted(texts.items())
    )


def _lesson(file: Path, known: Collection[str]) -> tuple[str, str, tuple[str, ...]]:
    """Title, body and sources of a lesson's file."""
    try:
        first, _, body = file.read_text("utf-8").partition("\n")
    except UnicodeDecodeError as error:
        raise CourseError(file, 0, f"this is not UTF-8: {error.reason}") from None
    if not first.startswith("# ") or not first[2:].strip():
        raise CourseError(file, 1, "the first line must be the title, as `# Title`")
    cited: tuple[str, ...] = ()
    if found := _CITED.search(body):
        cited = tuple(each.strip() for each in found["codes"].split(","))
        for each in cited:
            if each not in known:
                raise CourseError(file, 0, f"sources.yaml has no source {each}")
        body = body[: found.start()]
    if not body.strip():
        raise CourseError(file, 2, "the lesson is empty")
    return first[2:].strip(), body.strip() + "\n", cited


def _sources(file: Path) -> tuple[Source, ...]:
    told: list[Source] = []
    for entry in entries(file, "source"):
        code = _new(entry, {each.code for each in told})
        url = entry.text("url") if entry.has("url") else ""
        if url and not url.startswith("https://"):
            raise entry.error(f"url must begin with https://, not {url!r}")
        told.append(
            Source(
                code,
                entry.text("title"),
                entry.text("publisher"),
                url,
                entry.day("date"),
                entry.flag("verified"),
            )
        )
        entry.done()
    return tuple(told)


def _scenarios(
    file: Path, languages: Sequence[str], known: Collection[str]
) -> tuple[Scenario, ...]:
    told: list[Scenario] = []
    for entry in entries(file, "scenario"):
        code = _new(entry, {each.code for each in told})
        pair = entry.code("pair") if entry.has("pair") else ""
        told.append(
            Scenario(
                code=code,
                text=entry.words("text", languages),
                concern=entry.flag("concern"),
                why=entry.words("why", languages),
                pair=pair,
                variant=entry.choice("variant", ("a", "b")) if pair else "",
                trait=entry.text("trait") if pair else "",
                sources=_cited(entry, known),
            )
        )
        entry.done()
        _check_pair(entry, told)
    for pair, count in Counter(each.pair for each in told if each.pair).items():
        if count != 2:
            raise CourseError(file, 0, f"the pair {pair} has {count} scenarios; it needs two")
    return tuple(told)


def _check_pair(entry: Entry, told: Sequence[Scenario]) -> None:
    """Refuse a scenario whose mate in the pair has another answer, trait or the same variant."""
    new = told[-1]
    for each in told[:-1]:
        if new.pair and each.pair == new.pair:
            if each.variant == new.variant:
                raise entry.error(f"the pair {new.pair} has variant {new.variant} already")
            if each.concern != new.concern:
                raise entry.error(f"the two of the pair {new.pair} must have the same answer")
            if each.trait != new.trait:
                raise entry.error(f"the two of the pair {new.pair} must name the same trait")


def _questions(
    file: Path, languages: Sequence[str], known: Collection[str]
) -> tuple[Question, ...]:
    told: list[Question] = []
    for entry in entries(file, "question"):
        code = _new(entry, {each.code for each in told})
        options = entry.options("options", languages)
        for language in languages:
            if len({each[language] for each in options}) != len(options):
                raise entry.error(f"two of the options are the same in {language}")
        told.append(
            Question(
                code=code,
                text=entry.words("text", languages),
                options=options,
                right=entry.whole("right", 1, len(options)) - 1,
                why=entry.words("why", languages),
                sources=_cited(entry, known),
                retrieval=entry.flag("retrieval", default=False),
            )
        )
        entry.done()
    return tuple(told)


def _new(entry: Entry, codes: Collection[str]) -> str:
    """The code of an entry, which no other has. Errors call the entry by it from here on."""
    code = entry.code()
    if code in codes:
        raise entry.error(f"the code {code} stands in the file twice")
    entry.name = code
    return code


def _cited(entry: Entry, known: Collection[str]) -> tuple[str, ...]:
    cited = entry.listed("sources") if entry.has("sources") else ()
    for each in cited:
        if each not in known:
            raise entry.error(f"sources.yaml has no source {each}")
    return cited
