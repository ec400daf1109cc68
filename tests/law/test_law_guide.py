"""What docs/law.md shows works as shown."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from harborlight.law import ask, reform_names
from harborlight.law.command import app
from harborlight.law.parameter import read_law, read_yaml

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "law.md"
TEXT = GUIDE.read_text(encoding="utf-8")
COMMANDS = [
    " ".join(line.split("#")[0].replace("\\\n", " ").split())
    for line in re.findall(r"^    harborlight law((?:.*\\\n)*.*)$", TEXT, re.M)
]


def block(begins: str) -> str:
    """A YAML block of the guide."""
    blocks: list[str] = re.findall(r"```yaml\n(.*?)```", TEXT, re.S)
    return next(each for each in blocks if begins in each)


@pytest.mark.parametrize("command", COMMANDS)
def test_commands_of_the_guide_run(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("cases.csv").write_text("on,age,sexually_exploited\n2020-01-01,20,yes\n")
    Path("my_bill.yaml").write_text(block("The exclusion covers everyone"), encoding="utf-8")
    words = shlex.split(command.split(">")[0])
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 0, result.output
    assert result.stdout


def test_there_are_commands_in_the_guide() -> None:
    assert len(COMMANDS) > 8
    assert any(reform_names()[0] in each for each in COMMANDS)


def test_the_parameter_and_the_case_of_the_guide_can_be_read(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(block("delinquent_under_age:\n  description: A child"))
    assert len(read_law(tmp_path)["a.delinquent_under_age"].values) == 2
    (tmp_path / "b.yaml").write_text(block("- case:"))
    case = read_yaml(tmp_path / "b.yaml")[0]
    told = ask(case["ask"], case["on"], case["facts"])
    assert told.answer is True
    assert list(told.unknown) == case["unknown"]
