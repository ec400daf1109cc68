"""The courses that come with Harborlight: in both languages, mostly innocent, of 25 minutes."""

from __future__ import annotations

import difflib
import re

import pytest

from harborlight.courses.course import LANGUAGES, Course, bundled

COURSES = sorted(bundled().values(), key=lambda each: each.code)
BOTH = pytest.mark.parametrize("course", COURSES, ids=lambda each: each.code)

#: Adults read 238 words of such text a minute in silence (Brysbaert 2019, Journal of Memory and
#: Language 109). A decision takes 8 seconds, a question 6, beside the reading: an estimate.
WORDS_A_MINUTE, A_DECISION, A_QUESTION = 238, 8, 6

#: The words in which the two of a pair may differ, by trait.
MAY_DIFFER = {
    "race": r"black|white|negr[oa]|blanc[oa]",
    "religion": r"headscarf|sweater|suit|and|tie|turban|robe|con|pañuelo|en|la|cabeza|suéter|traje"
    r"|y|corbata|turbante|túnica",
    "national origin": r"spanish|english|español|inglés|philippines|ireland|the|filipinas|irlanda",
    "sex": r"(?:wo)?man|his|her|he|she|him|hombre|mujer",
}


def texts(course: Course, language: str) -> list[str]:
    """All texts of a course in a language."""
    told = [course.title[language]]
    for lesson in course.lessons:
        told += [lesson.title[language], lesson.body[language]]
    for scenario in course.scenarios:
        told += [scenario.text[language], scenario.why[language]]
    for question in course.questions:
        told += [question.text[language], question.why[language]]
        told += [each[language] for each in question.options]
    return told


def test_there_is_one_for_each_role() -> None:
    assert {each.code: each.role for each in COURSES} == {"cabin": "cabin", "ground": "ground"}
    assert len({each.version for each in COURSES}) == 2


@BOTH
@pytest.mark.parametrize("language", LANGUAGES)
def test_it_takes_the_minutes_that_it_says(course: Course, language: str) -> None:
    words = sum(len(each.split()) for each in texts(course, language))
    minutes = words / WORDS_A_MINUTE
    minutes += len(course.scenarios) * A_DECISION / 60 + len(course.questions) * A_QUESTION / 60
    assert abs(minutes - course.minutes) < 2.5, f"{words} words, {minutes:.1f} minutes"


@BOTH
def test_most_scenes_are_innocent_and_pairs_are_fair(course: Course) -> None:
    concern = [each for each in course.scenarios if each.concern]
    assert (len(course.scenarios), len(concern)) == (20, 6)
    pairs: dict[str, list[str]] = {}
    for scenario in course.scenarios:
        if scenario.pair:
            pairs.setdefault(scenario.pair, []).append(scenario.trait)
    assert len(pairs) >= 3
    assert {trait for traits in pairs.values() for trait in traits} == set(MAY_DIFFER)


@BOTH
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_two_of_a_pair_differ_in_the_trait_alone(course: Course, language: str) -> None:
    places = {each.code: place for place, each in enumerate(course.scenarios)}
    seen = 0
    for one in course.scenarios:
        if one.variant != "a":
            continue
        other = next(e for e in course.scenarios if e.pair == one.pair and e.variant == "b")
        first, second = (re.findall(r"\w+", e.text[language].lower()) for e in (one, other))
        differing: list[str] = []
        for tag, i, j, k, m in difflib.SequenceMatcher(None, first, second, False).get_opcodes():
            if tag != "equal":
                differing += first[i:j] + second[k:m]
        assert differing
        strange = [e for e in differing if not re.fullmatch(MAY_DIFFER[one.trait], e)]
        assert strange == [], one.code
        assert places[other.code] - places[one.code] > 5, "the two would be compared"
        seen += 1
    assert seen == 4


@BOTH
def test_no_answer_is_right_by_its_place_or_length(course: Course) -> None:
    places = [each.right for each in course.questions]
    assert len(set(places)) >= 3
    assert max(places.count(each) for each in set(places)) <= len(places) / 2
    longest = [
        len(each.options[each.right][language]) == max(len(e[language]) for e in each.options)
        for each in course.questions
        for language in LANGUAGES
    ]
    assert sum(longest) <= len(longest) / 2
    assert len(course.retrieval) >= 6


@BOTH
def test_spanish_is_spanish_and_complete(course: Course) -> None:
    assert course.languages == LANGUAGES
    english, spanish = texts(course, "en"), texts(course, "es")
    assert len(english) == len(spanish)
    common = {"en": {"the", "and", "of", "is", "you"}, "es": {"el", "la", "de", "que", "y"}}
    for one, other in zip(english, spanish, strict=True):
        if len(one.split()) > 25:
            for text, language, foreign in ((one, "en", "es"), (other, "es", "en")):
                words = re.findall(r"\w+", text.lower())
                own = sum(each in common[language] for each in words)
                assert own > 5 * sum(each in common[foreign] for each in words), text[:60]
            assert 0.7 < len(other) / len(one) < 1.5, other[:60]
    for lesson in course.lessons:
        shapes = [
            re.findall(r"^(?:##|\d+\.|-) ", lesson.body[language], re.M) for language in LANGUAGES
        ]
        assert shapes[0] == shapes[1], f"{lesson.code}: headings and lists are not the same"
        assert len(re.findall(r"[\d,.]*\d", lesson.body["en"])) == len(
            re.findall(r"[\d,.]*\d", lesson.body["es"])
        ), f"{lesson.code}: the numbers are not the same"


@BOTH
@pytest.mark.parametrize("language", LANGUAGES)
def test_words_are_neutral_and_plain(course: Course, language: str) -> None:
    for text in texts(course, language):
        found = re.search(
            r"v[ií]ctim|risk score|suspect(?!ed human)|illegal|ilegal|<\w", text, re.I
        )
        assert not found, text
        assert not re.search(r"\b(pimp|prostitut|slave|esclav)", text, re.I), text


@BOTH
def test_facts_have_sources_and_sources_are_used(course: Course) -> None:
    cited = {code for each in course.scenarios for code in each.sources}
    cited |= {code for each in course.questions for code in each.sources}
    for lesson in course.lessons:
        assert lesson.sources
        cited |= set(lesson.sources)
    assert {each.code for each in course.sources} == cited
    assert all(each.sources for each in course.scenarios)
    assert all(each.sources for each in course.questions)
    assert {each.code for each in course.sources if not each.verified} == {"tvpa", "stops"}


@BOTH
def test_the_arithmetic_of_rarity_is_right(course: Course) -> None:
    found, wrong = 0.8 * 1, 0.01 * 99_999
    assert found / (found + wrong) < 1 / 1000
    lesson = next(each for each in course.lessons if each.code == "02-observe")
    assert "100,000" in lesson.body["en"]
    assert "fewer than one in a thousand" in lesson.body["en"].replace("\n", " ")
