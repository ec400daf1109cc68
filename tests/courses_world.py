"""A small course of the site's own, and staff, for tests of training."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.utils import timezone

from harborlight.courses.course import Course
from harborlight.web.accounts.models import Agency, Member
from harborlight.web.audit.acts import act
from harborlight.web.home import home
from harborlight.web.training import catalog, checks, people, steps, taking
from harborlight.web.training.answers import NONE, REPORT
from harborlight.web.training.models import Check, Kind, StaffPerson, Taking
from people import TESTER

COURSE = """
code: {code}
role: {role}
minutes: 5
expires_days: 365
pass_at: 0.8
languages: [en, es]
title: {{en: "Small {role} course", es: "Curso {role}"}}
"""
SCENARIOS = """
- code: papers
  text: {en: "Somebody holds the papers of an adult.", es: "Alguien guarda los papeles."}
  concern: true
  why: {en: "That takes freedom away.", es: "Eso quita la libertad."}
  sources: [dot]
- code: family-a
  text: {en: "A father and a child, both fair.", es: "Un padre y un niño, ambos rubios."}
  concern: false
  why: {en: "Nothing was done.", es: "No pasó nada."}
  pair: family
  variant: a
  trait: race
- code: family-b
  text: {en: "A father who is dark and a fair child.", es: "Un padre moreno y un niño rubio."}
  concern: false
  why: {en: "Nothing was done.", es: "No pasó nada."}
  pair: family
  variant: b
  trait: race
- code: nap
  text: {en: "Somebody sleeps.", es: "Alguien duerme."}
  concern: false
  why: {en: "People sleep.", es: "La gente duerme."}
"""
QUESTIONS = """
- code: captain
  text: {en: "Whom do you tell in flight?", es: "¿A quién avisa en vuelo?"}
  options:
    - {en: "The captain", es: "Al capitán"}
    - {en: "Everybody", es: "A todos"}
  right: 1
  why: {en: "The captain tells the ground.", es: "El capitán avisa a tierra."}
  retrieval: true
- code: alone
  text: {en: "Do you act alone?", es: "¿Actúa por su cuenta?"}
  options:
    - {en: "Yes", es: "Sí"}
    - {en: "No", es: "No"}
  right: 2
  why: {en: "Never.", es: "Nunca."}
  retrieval: true
"""
SOURCES = """
- code: dot
  title: Blue Lightning
  publisher: DOT
  date: 2024-01-01
  verified: false
"""


def write(code: str, role: str, more: str = "", site: Path | None = None) -> None:
    """Put a small course into the folder of the site's own (of another site, by its home)."""
    folder = (site or home().folder) / "courses" / code
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "course.yaml").write_text(COURSE.format(code=code, role=role), "utf-8")
    (folder / "scenarios.yaml").write_text(SCENARIOS, "utf-8")
    (folder / "questions.yaml").write_text(QUESTIONS, "utf-8")
    (folder / "sources.yaml").write_text(SOURCES, "utf-8")
    (folder / "01-what.en.md").write_text(f"# What it is\n\nSome *words*.{more}\n", "utf-8")
    (folder / "01-what.es.md").write_text("# Qué es\n\nUnas palabras.\n", "utf-8")
    catalog.courses.cache_clear()


@contextmanager
def small_courses() -> Iterator[None]:
    """The site's own courses in the place of those of Harborlight."""
    write("cabin", "cabin")
    write("ground", "ground")
    try:
        yield
    finally:
        shutil.rmtree(home().folder / "courses")
        catalog.courses.cache_clear()


def course(work: str = "cabin") -> Course:
    """The course for a work."""
    return catalog.for_work(work)[0]


def make_person(
    agency: Agency, number: str = "100", name: str = "Sample Person", work: str = "cabin"
) -> StaffPerson:
    with act(TESTER, "test.setup"):
        person = StaffPerson(agency=agency, work=work)
        person.put(name=name, email="", number=number)
        person.save()
        return person


def person_of(member: Member) -> StaffPerson:
    with act(TESTER, "test.setup"):
        return people.person_of(member)


def begin(person: StaffPerson) -> Taking:
    with act(TESTER, "test.setup"):
        return taking.begin(person, catalog.for_person(person)[0], "en")


def right_choice(step: steps.Step) -> str:
    """The right answer to a page."""
    if step.kind == Kind.SCENARIO:
        return REPORT if step.item.concern else NONE  # type: ignore[union-attr]
    return str(step.item.right)  # type: ignore[union-attr]


def go_through(taken: Taking, wrong: tuple[str, ...] = (), confidence: int = 90) -> Taking:
    """Answer every page, these items wrongly, and finish."""
    with act(TESTER, "test.setup"):
        for place, step in enumerate(taking.pages(taken)):
            if step.kind != "lesson":
                choice = right_choice(step)
                if step.code in wrong:
                    other = {REPORT: NONE, NONE: REPORT, "0": "1", "1": "0"}
                    choice = other[choice]
                sure = confidence if step.kind == Kind.SCENARIO else None
                taking.answer(taken, step, choice, sure)
            taking.go_on(taken, place)
    return taken


def finished(person: StaffPerson, wrong: tuple[str, ...] = ()) -> Taking:
    """A course that somebody finished."""
    return go_through(begin(person), wrong)


def ripen(check: Check) -> Check:
    """The check as if its day had come."""
    with act(TESTER, "test.setup"):
        check.due_on = timezone.localdate()
        check.save()
    return check


def answer_check(check: Check, right: bool = True) -> None:
    """Answer every question of a check."""
    with act(TESTER, "test.setup"):
        while (question := checks.next_question(check)) is not None:
            number = question.right if right else (question.right + 1) % len(question.options)
            checks.answer(check, question, str(number))
