"""`harborlight law` as its users meet it: text, JSON, files of cases, errors."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from harborlight.law import current_law, rules
from harborlight.law.command import app
from harborlight.law.parameter import BEGINNING

RUN = CliRunner()


def run(*words: str, code: int = 0) -> Any:
    result = RUN.invoke(app, list(words))
    assert result.exit_code == code, result.output
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result


def test_every_rule_is_listed_with_its_facts() -> None:
    text = run("rules").stdout
    listed = json.loads(run("rules", "--json").stdout)
    assert {each["rule"] for each in listed} == {each.name for each in rules()}
    for rule in rules():
        assert rule.name in text
        for fact in rule.facts:
            assert f"{fact.name}: {fact.text}" in text
    states = next(each for each in listed if each["rule"] == "state-immunity")["facts"][0]
    assert len(states["allowed"]) == 51
    assert "state-immunity" not in run("rules", "airline").stdout
    states_aside = [each for each in listed if each["group"] != "States"]
    assert all(each["stands_on"] for each in states_aside)
    for section, name in (
        ("3014", "federal-trafficking-assessment"),
        ("260E.09", "minnesota-written-report-clock"),
        ("44738", "air-training-required"),
        ("subd. 5c", "minnesota-forfeiture-split"),
    ):
        assert name in run("rules", section).stdout


def test_an_answer_in_text_has_answer_steps_and_dated_citations() -> None:
    text = run(
        "ask", "minnesota-safe-harbor", "--on", "2016-05-01",
        "--fact", "birth_date=2000-01-01", "--fact", "conduct=hired",
    ).stdout  # fmt: skip
    assert "Answer:   yes" in text
    assert "The person was 16 years old, younger than 18." in text
    assert "Minn. Stat. 260B.007 subd. 6(c) = 18, since 2014-08-01 [secondary]" in text
    assert "Not legal advice" in text


def test_json_is_the_same_answer() -> None:
    told = json.loads(
        run(
            "ask", "minnesota-safe-harbor", "--on", "2016-05-01", "--fact", "age=16", "--json"
        ).stdout
    )
    assert told["answer"] == "unknown"
    assert told["unknown"] == ["conduct"]
    assert told["steps"]
    cited = told["citations"][0]
    assert cited["since"] == "2014-08-01"
    assert cited["verified"] == "secondary"
    assert cited["reference"]
    assert cited["parameter"] == "minnesota.safe_harbor.delinquent_under_age"


@pytest.mark.parametrize(
    ("words", "field"),
    [
        (["ask", "minnesota-safe-harbour"], "rule"),
        (["ask", "minnesota-safe-harbor", "--on", "2016-13-01"], "on"),
        (["ask", "minnesota-safe-harbor", "--on", "tomorrow"], "on"),
        (["ask", "minnesota-safe-harbor", "--fact", "birth_date=2015-02-29"], "birth_date"),
        (["ask", "minnesota-safe-harbor", "--on", "2016-05-01", "-f", "birth_date=2016-05-02"],
         "birth_date"),
        (["ask", "minnesota-safe-harbor", "--fact", "birthdate=2015-02-28"], "birthdate"),
        (["ask", "minnesota-safe-harbor", "--fact", "age"], "age"),
        (["ask", "minnesota-safe-harbor", "-f", "age=1", "-f", "age=2"], "age"),
        (["ask", "minnesota-safe-harbor", "--fact", "age=-1"], "age"),
        (["ask", "minnesota-safe-harbor", "--fact", "age=9999999999999999999"], "age"),
        (["ask", "minnesota-assessment-split", "--fact", "amount=-5"], "amount"),
        (["ask", "minnesota-assessment-split", "--fact", "amount=0.001"], "amount"),
        (["ask", "state-immunity", "--fact", "state=Atlantis"], "state"),
        (["ask", "federal-trafficking-assessment", "--fact", "statute=18 USC 9999"], "statute"),
        (["ask", "minnesota-safe-harbor", "--reform", "nothing"], "reform"),
        (["ask", "minnesota-report-clock", "-f", "learned_at=2024-01-01T10:00"], "learned_at"),
        (["parameters", "--on", "yesterday"], "on"),
        (["parameters", "nowhere"], "nowhere"),
    ],
)  # fmt: skip
def test_bad_use_is_one_line_that_names_the_field(words: list[str], field: str) -> None:
    result = run(*words, code=2)
    assert result.stderr.startswith(f"{field}: ")
    assert len(result.stderr.strip().splitlines()) == 1
    assert not result.stdout


CASES = """\
id,on,birth_date,conduct
1,2016-05-01,2000-01-01,hired
2,2016-05-01,2000-13-01,hired
3,2016-05-01,,hired
4,2016-05-01,1980-01-01,hired,extra
5,2016-05-01,2020-01-01,hired

6,2016-05-01,2001-01-01,
7,,2001-01-01,hired
"""


def test_a_file_of_cases_answers_every_row_it_can(tmp_path: Path) -> None:
    file = tmp_path / "cases.csv"
    file.write_text(CASES, encoding="utf-8")
    result = run("ask", "minnesota-safe-harbor", "--on", "2016-05-02", "--file", str(file))
    answers = [line.split("\t")[:2] for line in result.stdout.splitlines()]
    assert answers == [["1", "yes"], ["3", "yes"], ["6", "unknown"], ["7", "yes"]]
    for told in (
        "cases.csv, row 2: birth_date:",
        "cases.csv, row 4: 5 cells, the header has 4",
        "cases.csv, row 5: birth_date: the birth date is after the offense",
        "7 rows: 4 answered (1 of them unknown), 3 could not be asked",
        "not facts, and not used: id",
    ):
        assert told in result.stderr.replace("\n", " ")
    found = json.loads(run("ask", "minnesota-safe-harbor", "--file", str(file), "--json").stdout)
    assert [each["row"] for each in found] == [1, 2, 3, 4, 5, 6, 7]
    assert found[1]["error"]["field"] == "birth_date"
    assert found[0]["answer"] is True
    assert {"answer", "unknown", "steps", "citations"} <= set(found[0])


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        (CASES.replace(",", ";").encode(), 7),
        (CASES.encode("utf-8-sig"), 7),
        (CASES.replace("\n", "\r\n").encode(), 7),
        ("id,on,conduct\nJosé,2016-05-01,hired\n".encode("cp1252"), 1),
        (b"on,conduct\n2016-05-01,\x00\n", 1),
        (b"on,conduct\n", 0),
        (b'on,conduct\n2016-05-01,"hired\n', 1),
        (b"on,conduct\n2016-05-01," + b"x" * 300_000 + b"\n", 1),
    ],
)
def test_files_of_many_makes(tmp_path: Path, content: bytes, rows: int) -> None:
    file = tmp_path / "cases.csv"
    file.write_bytes(content)
    result = run("ask", "minnesota-safe-harbor", "--file", str(file))
    assert f"{rows} rows:" in result.stderr


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", b"conduct,conduct\nhired,hired\n"])
def test_files_that_cannot_be_asked_of(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "cases.csv"
    file.write_bytes(content)
    run("ask", "minnesota-safe-harbor", "--file", str(file), code=2)
    run("ask", "minnesota-safe-harbor", "--file", str(tmp_path), code=2)
    run("ask", "minnesota-safe-harbor", "--file", str(tmp_path / "absent.csv"), code=2)


def records(*words: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(run("parameters", *words, "--json").stdout)
    return found


def test_every_parameter_is_listed_with_its_value_of_the_day() -> None:
    found = {each["parameter"]: each for each in records("--on", "2014-07-31")}
    assert set(found) == {each.path for each in current_law()}
    limit = "minnesota.safe_harbor.delinquent_under_age"
    assert found[limit]["value"] is None
    assert found[limit]["since"] == "2011-07-20"
    assert records("--on", "2014-08-01", limit)[0]["value"] == 18
    text = run("parameters", "--on", "2014-08-01", "minnesota.safe_harbor").stdout
    assert f"{limit}\t18\t2014-08-01\tsecondary" in text


def test_unverified_lists_every_weak_or_unknown_value() -> None:
    expected = {
        (one.path, None if each.since == BEGINNING else each.since.isoformat())
        for one in current_law()
        for each in one.values
        if each.cited.verified in ("weak", "unknown")
    }
    found = records("--unverified")
    assert {(each["parameter"], each["since"]) for each in found} == expected
    assert len(found) == len(expected)
    assert any(each["parameter"].endswith("window_last_day") for each in found)


def test_changed_since_lists_what_began_then_or_later() -> None:
    found = records("--changed-since", "2026-02-03", "--on", "2026-02-03")
    assert [each["parameter"] for each in found] == [
        "federal.trafficking_assessment.window_last_day"
    ]
    assert found[0]["value_in_words"] == "no end"
    assert not records("--changed-since", "2026-02-04", "--on", "2026-02-10")


def test_parameters_under_a_reform() -> None:
    found = records("states.TX.immunity", "--on", "2026-01-01", "--reform",
                    "every_state_adopts_minnesota")  # fmt: skip
    assert found[0]["value"] == "protected"
    assert "Reform, not law" in found[0]["note"]


def test_a_terminal_gets_the_same_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "200")
    for words in (
        ["ask", "minnesota-safe-harbor", "--on", "2016-05-01", "-f", "age=16"],
        ["ask", "state-immunity", "-f", "state=LA", "--reform", "every_state_adopts_minnesota"],
        ["rules"],
        ["parameters", "minnesota"],
    ):
        text = run(*words).stdout
        assert "\x1b[" in text
