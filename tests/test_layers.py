"""The layers of the house hold: no circle, no arrow up."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parents[1]


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    return subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder / "src")},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("law/__init__.py", "import harborlight.recognize.schema"),
        ("places/__init__.py", "import harborlight.cli"),
        ("courses/scoring.py", "import harborlight.law.rulebook"),
        ("courses/package.py", "import django"),
        ("recognize/schema.py", "import harborlight.bench"),
        ("recognize/schema.py", "import django"),
    ],
)
def test_an_arrow_up_is_caught(tmp_path: Path, file: str, line: str) -> None:
    shutil.copytree(HOUSE / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(HOUSE / "pyproject.toml", tmp_path)
    changed = tmp_path / "src" / "harborlight" / file
    changed.write_text(changed.read_text(encoding="utf-8") + f"\n{line}\n", encoding="utf-8")
    result = lint(tmp_path)
    assert result.returncode != 0
    assert re.search(r"[1-9]\d* broken", result.stdout)


def test_no_room_uses_one_it_may_not() -> None:
    result = lint(HOUSE)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "0 broken" in result.stdout
