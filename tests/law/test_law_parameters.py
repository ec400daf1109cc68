"""Every parameter is dated, sourced and says how far it was checked; files that are not so fail."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harborlight.law import LawError, ask, current_law, read_law, reform_names
from harborlight.law.explanation import VERIFIED
from harborlight.law.parameter import ParameterError, read_yaml
from harborlight.law.value import UNKNOWN

PARAMETERS = list(current_law())
SHARED = Path(__file__).resolve().parents[3] / "shared" / "facts"


def test_every_value_has_citation_reference_and_verification() -> None:
    assert len(PARAMETERS) > 500
    for parameter in PARAMETERS:
        assert parameter.description, parameter.path
        for each in parameter.values:
            assert each.cited.citation.strip(), parameter.path
            assert each.cited.reference.strip(), parameter.path
            assert each.cited.verified in VERIFIED, parameter.path
            if each.value is UNKNOWN:
                assert each.cited.verified == "unknown", parameter.path
        starts = [each.since for each in parameter.values]
        assert starts == sorted(set(starts)), parameter.path


def test_the_law_is_read_once() -> None:
    assert current_law() is current_law()
    assert current_law().with_reform("every_state_adopts_minnesota") is current_law().with_reform(
        "every_state_adopts_minnesota"
    )


@settings(deadline=None)
@given(day=st.dates(date(1990, 1, 1), date(2040, 1, 1)), place=st.integers(0, len(PARAMETERS) - 1))
def test_a_column_of_days_reads_what_each_day_reads(day: date, place: int) -> None:
    parameter = PARAMETERS[place]
    days = [day, day + timedelta(days=1), *(each.since for each in parameter.values)]
    days = [each for each in days if each.year > 1]
    if any(isinstance(each.value, tuple) for each in parameter.values):
        return
    column = parameter.column(np.array(days, "datetime64[D]"))
    force = parameter.in_force_column(np.array(days, "datetime64[D]"))
    for row, each in enumerate(days):
        found = parameter.at(each)
        known = found.value is not None and found.value is not UNKNOWN
        assert bool(np.broadcast_to(column.known, len(days))[row]) == known
        if known:
            value = np.broadcast_to(column.values, len(days))[row]
            if column.labels:
                value = column.labels[value]
            assert value == found.value
        in_force = np.broadcast_to(force.values, len(days))[row]
        settled = np.broadcast_to(force.known, len(days))[row]
        assert (bool(in_force) if settled else None) == found.in_force


def test_a_day_before_the_first_is_unknown() -> None:
    before = current_law()["federal.restitution.minimum_wage"].at(date(1997, 8, 31))
    assert before.value is UNKNOWN
    assert before.cited.verified == "unknown"


GOOD = """
limit:
  description: A limit
  unit: years
  citation: A statute
  reference: A source
  verified: secondary
  values:
    2014-08-01: {value: 18}
"""


def law_of(tmp_path: Path, text: str) -> None:
    (tmp_path / "a_state.yaml").write_text(text, encoding="utf-8")
    read_law(tmp_path)


def test_a_good_file_is_read(tmp_path: Path) -> None:
    law_of(tmp_path, GOOD)
    found = read_law(tmp_path)["a_state.limit"].at(date(2014, 8, 1))
    assert found.value == 18
    assert found.cited.reference == "A source"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("  reference: A source\n", "", "reference is missing"),
        ("  citation: A statute\n", "", "citation is missing"),
        ("  verified: secondary\n", "", "verified is missing"),
        ("secondary", "surely", "verified is one of"),
        ("  description: A limit\n", "", "description is missing"),
        ("unit: years", "unit: moons", "unknown unit"),
        ("{value: 18}", "18", "below it `value:`"),
        ("{value: 18}", "{value: 18, sorce: x}", "unknown key sorce"),
        ("{value: 18}", "{value: 18.5}", "is no value"),
        ("2014-08-01: {value: 18}", "2014-02-30: {value: 18}", "day is out of range"),
        ("2014-08-01: {value: 18}", "August: {value: 18}", "write a date"),
        ("{value: 18}", "{value: 18}\n    2014-08-01: {value: 19}", "written twice"),
        ("{value: 18}", "{value: 18}\n    2013-08-01: {value: 19}", "first to last"),
        ("limit:", "limit:\n  colour: red", "unknown key colour"),
        ("unit: years", "unit: money", None),
    ],
)
def test_a_bad_file_is_told_with_its_name(
    tmp_path: Path, old: str, new: str, told: str | None
) -> None:
    text = GOOD.replace(old, new)
    assert text != GOOD
    if told is None:
        law_of(tmp_path, text)
        assert read_law(tmp_path)["a_state.limit"].values[0].value == 1800
        return
    with pytest.raises(ParameterError, match=r"a_state\.yaml") as error:
        law_of(tmp_path, text)
    assert told in str(error.value)


def test_yes_and_on_are_words_and_true_is_a_truth(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text("on: yes\nno: true\n", encoding="utf-8")
    assert read_yaml(tmp_path / "x.yaml") == {"on": "yes", "no": True}


def test_a_reform_is_laid_over_and_says_so() -> None:
    assert reform_names() == ["every_state_adopts_minnesota"]
    book = current_law().with_reform("every-state-adopts-minnesota")
    for state in book.node("states").children:
        for leaf in book.node("states.MN").children:
            mine, theirs = book[f"states.{state}.{leaf}"], current_law()[f"states.MN.{leaf}"]
            assert [(v.since, v.value) for v in mine.values] == [
                (v.since, v.value) for v in theirs.values
            ]
            assert all("Reform, not law" in v.cited.note for v in mine.values)
    untouched = "federal.trafficking_assessment.amount"
    assert book[untouched] is current_law()[untouched]


def test_any_rule_can_be_asked_under_a_reform_of_ones_own(tmp_path: Path) -> None:
    file = tmp_path / "higher.yaml"
    file.write_text(
        """
description: The exclusion covers everyone under 21.
reference: A bill that somebody thinks of
parameters:
  minnesota:
    safe_harbor:
      delinquent_under_age:
        description: The exclusion
        citation: A bill
        reference: A bill
        verified: unknown
        values: {2020-01-01: {value: 21}}
""",
        encoding="utf-8",
    )
    facts = {"age": 19, "conduct": "hired"}
    told = ask("minnesota-safe-harbor", date(2024, 1, 1), facts, reform=str(file))
    assert told.details["excluded_from_delinquent_child"] is True
    assert told.reform == "higher"
    assert "not law" in told.steps[0]
    plain = ask("minnesota-safe-harbor", date(2024, 1, 1), facts)
    assert plain.details["excluded_from_delinquent_child"] is False


@pytest.mark.parametrize(
    "text",
    [
        "just words",
        "description: x\n",
        "description: x\nreference: y\ncopy: 5\n",
        "description: x\nreference: y\ncopy: [5]\n",
        "description: x\nreference: y\ncopy: [{from: states.ZZ, to: states.TX}]\n",
        "description: x\nreference: y\nparameters: [1]\n",
        "description: x\nreference: y\nparameters: {minnesota: 5}\n",
        "a: [",
    ],
)
def test_a_reform_that_cannot_be_read_is_told_with_its_file(tmp_path: Path, text: str) -> None:
    file = tmp_path / "bill.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ParameterError, match=r"bill\.yaml"):
        ask("minnesota-safe-harbor", date(2024, 1, 1), {}, reform=str(file))


def test_a_reform_that_is_none_is_told() -> None:
    with pytest.raises(LawError, match="no reform is called"):
        ask("minnesota-safe-harbor", date(2024, 1, 1), {}, reform="nothing")


def test_all_states_are_there() -> None:
    assert len(current_law().node("states").children) == 51


@pytest.mark.skipif(not SHARED.is_dir(), reason="the facts beside the checkout are absent")
def test_states_say_what_the_facts_say() -> None:
    import csv

    with (SHARED / "states.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["abbr"] for row in rows} == set(current_law().node("states").children)
    for row in rows:
        told = ask("state-law", date(2026, 11, 1), {"state": row["state"]})
        seen = row["immunity_current_seen"]
        answer = told.answer["immunity"]  # type: ignore[index]
        assert f"as of {row['as_of']}" in " ".join(told.steps)
        assert row["confidence"] in " ".join(told.steps)
        if seen == "unknown" or seen.startswith("no"):  # a no of a past year is not carried on
            assert answer is UNKNOWN, row["abbr"]
        elif seen.startswith("conflict"):
            assert answer == "conflict"
        elif "sources differ" in seen:
            assert answer == "protected or conditional"
        elif seen.startswith("conditional"):
            assert answer == "conditional"
        else:
            assert str(answer).startswith("protected"), row["abbr"]
        if row["vacatur_expungement_seen"] == "unknown":
            assert told.answer["vacatur"] is UNKNOWN  # type: ignore[index]
