"""The bench of the law: what it measures is the same job, and a missing peer is told."""

from __future__ import annotations

import importlib.util
import io

import pytest
from rich.console import Console

from harborlight.bench import law as bench
from harborlight.law import ask

HAS_OPENFISCA = importlib.util.find_spec("openfisca_core") is not None


def run(people: int, against: list[str]) -> tuple[dict[str, object], str]:
    text = io.StringIO()
    measured = bench.run(people, 3, against, Console(file=text, width=160))
    return measured, text.getvalue()


def test_the_bench_measures_a_question_and_a_population() -> None:
    measured, text = run(3000, [])
    ours = measured["contenders"]["harborlight"]  # type: ignore[index]
    assert ours["one_question_ms"] > 0
    assert ours["population_seconds"] > 0
    assert "3,000 people" in text
    on, born, conduct = bench.population(3000, 3)
    yes = sum(
        ask(
            bench.RULE, on[row].item(), {"birth_date": born[row].item(), "conduct": conduct[row]}
        ).answer
        is True
        for row in range(3000)
    )
    assert ours["yes"] == yes


@pytest.mark.skipif(HAS_OPENFISCA, reason="OpenFisca is installed and is measured instead")
def test_a_peer_that_is_not_installed_is_skipped_and_says_how_to_install_it() -> None:
    measured, text = run(100, ["openfisca"])
    assert list(measured["contenders"]) == ["harborlight"]  # type: ignore[call-overload]
    assert "peers-law" in text


@pytest.mark.skipif(not HAS_OPENFISCA, reason="OpenFisca is not installed (group peers-law)")
def test_openfisca_answers_the_same_where_the_answer_is_known() -> None:
    measured, text = run(2000, ["openfisca"])
    assert measured["contenders"]["openfisca"]["same_answers"]  # type: ignore[index]
    assert "its answers are the same" in text


def test_a_peer_that_is_none() -> None:
    with pytest.raises(ValueError, match="no peer is called catala"):
        run(10, ["catala"])
