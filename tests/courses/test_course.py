"""A course is read as it is written; what is wrong is told with file and line."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from course_files import FILES, write

from harborlight.courses.course import CourseError, load


def test_a_course_is_read(tmp_path: Path) -> None:
    course = load(write(tmp_path))
    assert (course.code, course.role, course.minutes) == ("small", "cabin", 5)
    assert (course.expires_days, course.pass_at, course.languages) == (365, 0.8, ("en", "es"))
    assert course.title == {"en": "A small course", "es": "Un curso breve"}
    (lesson,) = course.lessons
    assert lesson.code == "01-what"
    assert lesson.title == {"en": "What it is", "es": "Qué es"}
    assert lesson.body["es"] == "Trabajo o sexo por la *fuerza*.\n"
    papers, one, other = course.scenarios
    assert papers.concern
    assert papers.sources == ("list",)
    assert papers.pair == papers.trait == ""
    assert (one.pair, one.variant, one.trait) == ("family", "a", "race")
    assert (other.pair, other.variant, other.concern) == ("family", "b", False)
    (question,) = course.questions
    assert question.options[question.right]["en"] == "The captain"
    assert course.retrieval == (question,)
    assert course.source("list").date == date(2020, 1, 31)
    assert not course.source("list").verified
    with pytest.raises(KeyError):
        course.source("other")


def test_the_version_is_the_content(tmp_path: Path) -> None:
    folder = write(tmp_path)
    first = load(folder).version
    assert len(first) == 64
    (folder / ".DS_Store").write_bytes(b"left by a file manager")
    assert load(folder).version == first
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    assert load(write(elsewhere)).version == first
    lesson = folder / "01-what.en.md"
    lesson.write_text(lesson.read_text() + "More.\n")
    assert load(folder).version != first


def test_the_same_texts_under_other_names_are_another_version(tmp_path: Path) -> None:
    folder = write(tmp_path)
    first = load(folder).version
    english, spanish = folder / "01-what.en.md", folder / "01-what.es.md"
    one, other = english.read_text(), spanish.read_text()
    english.write_text(other)
    spanish.write_text(one)
    assert load(folder).version != first


WRONG = [
    ("course.yaml", "pass_at: 0.8", "pass_at: 80", r"course.yaml, line 5: pass_at must be a share"),
    ("course.yaml", "minutes: 5", "minutes: five", r"line 3: minutes must be a whole number"),
    ("course.yaml", "minutes: 5", "minutes: true", r"line 3: minutes must be a whole number"),
    ("course.yaml", "role: cabin", "role: pilot", r"line 2: role must be one of cabin, ground"),
    ("course.yaml", "minutes: 5", "minuets: 5", r"the field minutes is missing"),
    ("course.yaml", "minutes: 5", "minutes: 5\ncolor: red", r"line 4: there is no field color"),
    ("course.yaml", "minutes: 5", "minutes: 5\nminutes: 6", r"line 4: the field minutes stands"),
    ("course.yaml", "[en, es]", "[en, xx]", r"languages must be some of en, es"),
    ("course.yaml", ", es: Un curso breve", "", r"line 7: title: the language es is missing"),
    ("course.yaml", "code: small", "code: [", r"course.yaml, line \d: this is no YAML"),
    ("course.yaml", "role: cabin", "role: &a cabin\nx: *a", r"aliases"),
    ("scenarios.yaml", "[list]", "[lits]", r"papers: sources.yaml has no source lits"),
    ("scenarios.yaml", "code: papers", "code: Papers", r"scenario 1: code must be lower case"),
    ("scenarios.yaml", "concern: true", "concern: maybe", r"papers: concern must be true or false"),
    ("scenarios.yaml", "variant: b", "variant: a", r"family-b: the pair family has variant a"),
    ("scenarios.yaml", "code: family-b", "code: family-a", r"family-a stands in the file twice"),
    ("questions.yaml", "right: 1", "right: 3", r"whom: right must be a whole number from 1 to 2"),
    ("questions.yaml", "right: 1", "right: 0", r"whom: right must be a whole number from 1 to 2"),
    ("questions.yaml", "en: The captain,", "en: The passenger,", r"options are the same in en"),
    ("questions.yaml", ", es: Al comandante", "", r"line 4: whom options 1: the language es"),
    ("sources.yaml", "https:", "http:", r"list: url must begin with https"),
    ("sources.yaml", "2020-01-31", "last year", r"list: date must be a day"),
    ("01-what.es.md", "# Qué es", "Qué es", r"01-what.es.md, line 1: the first line must be"),
    ("01-what.es.md", "\nTrabajo o sexo por la *fuerza*.\n", "", r"the lesson is empty"),
]


@pytest.mark.parametrize(("file", "old", "new", "told"), WRONG)
def test_what_is_wrong_is_told(tmp_path: Path, file: str, old: str, new: str, told: str) -> None:
    assert old in FILES[file]
    folder = write(tmp_path)
    (folder / file).write_text(FILES[file].replace(old, new), "utf-8")
    with pytest.raises(CourseError, match=told) as caught:
        load(folder)
    assert file in str(caught.value)


def test_pairs_have_the_same_answer_and_both_halves(tmp_path: Path) -> None:
    folder = write(tmp_path)
    scenarios = folder / "scenarios.yaml"
    text = FILES["scenarios.yaml"]
    head, tail = text.split("- code: family-b")
    scenarios.write_text(head + "- code: family-b" + tail.replace("false", "true"), "utf-8")
    with pytest.raises(CourseError, match="must have the same answer"):
        load(folder)
    scenarios.write_text(head + "- code: family-b" + tail.replace("race", "religion"), "utf-8")
    with pytest.raises(CourseError, match="must name the same trait"):
        load(folder)
    scenarios.write_text(head, "utf-8")
    with pytest.raises(CourseError, match="the pair family has 1 scenarios; it needs two"):
        load(folder)


def test_files_that_are_missing_or_too_many(tmp_path: Path) -> None:
    folder = write(tmp_path)
    (folder / "notes.txt").write_text("by the way")
    with pytest.raises(CourseError, match=r"small/notes.txt: no part of a course is called so"):
        load(folder)
    (folder / "notes.txt").unlink()
    (folder / "01-what.es.md").unlink()
    with pytest.raises(CourseError, match=r"01-what.es.md: the file is missing"):
        load(folder)
    (folder / "01-what.en.md").unlink()
    with pytest.raises(CourseError, match="there is no lesson"):
        load(folder)
    (folder / "sources.yaml").unlink()
    with pytest.raises(CourseError, match=r"sources.yaml: the file is missing"):
        load(folder)
    with pytest.raises(CourseError, match="there is no such folder"):
        load(tmp_path / "nowhere")


def test_lessons_cite_the_same_sources_in_both_languages(tmp_path: Path) -> None:
    text = FILES["01-what.en.md"] + "\nSources: list\n"
    folder = write(tmp_path, **{"01_what_en_md": text})
    with pytest.raises(CourseError, match=r"01-what.es.md: the sources are not those in en"):
        load(folder)
    spanish = FILES["01-what.es.md"]
    (folder / "01-what.es.md").write_text(spanish + "\nFuentes: list\n", "utf-8")
    (lesson,) = load(folder).lessons
    assert lesson.sources == ("list",)
    assert "Sources" not in lesson.body["en"]
    (folder / "01-what.es.md").write_text(spanish + "\nFuentes: lits\n", "utf-8")
    with pytest.raises(CourseError, match=r"01-what.es.md: sources.yaml has no source lits"):
        load(folder)


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    folder = write(tmp_path)
    (folder / "01-what.en.md").write_bytes(b"# W\xff\n\ntext\n")
    with pytest.raises(CourseError, match=r"01-what.en.md: this is not UTF-8"):
        load(folder)
