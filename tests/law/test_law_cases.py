"""The cases that lawyers write: each asked alone, and again as a column where the rule knows how.

A case names a rule, a day, facts and the answer; docs/law.md says how to add one.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from harborlight.law import LawError, ask, ask_many, find_rule
from harborlight.law.explanation import plain
from harborlight.law.parameter import read_yaml

FOLDER = Path(__file__).with_name("cases")
KEYS = {
    "case", "ask", "on", "facts", "reform", "answer", "unknown", "says", "checked", "details",
    "error",
}  # fmt: skip
TRUTHS = {"yes": True, "no": False}

CASES = [
    pytest.param(case, id=f"{file.stem}: {case.get('case')}")
    for file in sorted(FOLDER.glob("*.yaml"))
    for case in read_yaml(file)
]


def facts_of(case: dict[str, Any]) -> dict[str, str]:
    """Facts as one would write them on the command line."""
    return {name: str(value) for name, value in (case.get("facts") or {}).items()}


def expected(value: Any) -> Any:
    """An answer as JSON has it: yes is true."""
    if isinstance(value, dict):
        return {name: expected(each) for name, each in value.items()}
    return TRUTHS.get(value, plain(value)) if isinstance(value, str) else plain(value)


def test_there_are_cases_for_every_rule() -> None:
    from harborlight.law import rules

    asked = {each.values[0]["ask"] for each in CASES}  # type: ignore[index]
    assert asked == {each.name for each in rules()}
    assert len(CASES) > 200


def test_no_two_cases_of_a_file_have_the_same_name() -> None:
    names = [each.id for each in CASES]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("case", CASES)
def test_case(case: dict[str, Any]) -> None:
    assert set(case) <= KEYS, f"unknown key in a case: {set(case) - KEYS}"
    assert ("answer" in case) != ("error" in case), "a case has an answer or an error"
    facts = facts_of(case)
    if "error" in case:
        with pytest.raises(LawError) as error:
            ask(case["ask"], case.get("on"), facts)
        assert error.value.field == case["error"]
        return
    told = ask(case["ask"], case.get("on"), facts, reform=case.get("reform"))
    assert plain(told.answer) == expected(case["answer"]), told.steps
    unsettled = case["answer"] == "unknown" or (
        isinstance(case["answer"], dict) and "unknown" in case["answer"].values()
    )
    assert bool(told.unknown) == unsettled
    if "unknown" in case:
        assert list(told.unknown) == sorted(case["unknown"])
    text = " ".join((told.conclusion, *told.steps))
    for words in case.get("says", ()):
        assert words in text
    for path, verified in case.get("checked", {}).items():
        assert {each.parameter: each.verified for each in told.citations}[path] == verified
    for name, value in case.get("details", {}).items():
        assert plain(told.details[name]) == plain(value)
    assert told.citations or "unknown" in facts.values() or not case["facts"]
    assert told.steps
    assert told.conclusion


COLUMNS = [
    each
    for each in CASES
    if find_rule(each.values[0]["ask"]).columnar  # type: ignore[index]
    and set(each.values[0]["facts"]) <= set(find_rule(each.values[0]["ask"]).by_name)  # type: ignore[index]
]


@pytest.mark.parametrize("case", COLUMNS)
def test_case_as_a_column(case: dict[str, Any]) -> None:
    """The same case twice over, in columns: the same answer in each row."""
    on = case["on"]
    assert isinstance(on, date)
    facts = {name: [text, text] for name, text in facts_of(case).items()}
    told = ask_many(case["ask"], np.array([on, on], "datetime64[D]"), facts,
                    reform=case.get("reform"))  # fmt: skip
    if "error" in case:
        assert told.refused.all()
        assert told.why[0][0] == case["error"]
        return
    assert not told.refused.any()
    answer = expected(case["answer"])
    parts = answer if isinstance(answer, dict) else {"": answer}
    found = told.parts if isinstance(answer, dict) else {"": told.values}
    assert told.unknown.tolist() == [("unknown" in parts.values())] * 2
    for name, value in parts.items():
        if value != "unknown":
            same = [plain(each) for each in found[name].tolist()]
            assert same == [value] * 2
