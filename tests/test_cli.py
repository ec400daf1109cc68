"""The front door: help that helps, one line and the right exit status for what goes wrong."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow.parquet as pq
import pytest

HARBORLIGHT = str(Path(sys.executable).parent / "harborlight")


def harborlight(
    *arguments: str | Path, cwd: Path | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [HARBORLIGHT, *map(str, arguments)],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "COLUMNS": "100", "NO_COLOR": "1"},
    )


def test_help_shows_commands_in_groups_and_where_to_start() -> None:
    shown = harborlight("--help")
    assert shown.returncode == 0
    for word in ("recognize", "why", "demo", "bench", "law", "Ads", "Law", "Try it", "Measure"):
        assert word in shown.stdout, word
    assert "harborlight recognize ads.csv --out found" in shown.stdout
    assert "--install-completion" in shown.stdout


@pytest.mark.parametrize(
    "command",
    ["recognize", "why", "demo", "bench recognize", "bench law"],
)
def test_every_command_shows_an_example(command: str) -> None:
    shown = harborlight(*command.split(), "--help")
    assert shown.returncode == 0
    assert "Example" in shown.stdout
    assert f"harborlight {command} " in " ".join(shown.stdout.split())


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys; import harborlight.cli; "
        "print([m for m in ('daft', 'pyarrow', 'numpy', 'scipy') if m in sys.modules])"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"


def test_version() -> None:
    assert harborlight("--version").stdout.startswith("harborlight 0.")


def test_no_use_is_reported_to_anybody() -> None:
    code = (
        "import harborlight, os; os.environ.pop('SCARF_NO_ANALYTICS', None);"
        "from daft.scarf_telemetry import opted_out; print(opted_out())"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "True"


GOOD = "id,text\n1,a quiet room by the lake\n"


@pytest.mark.parametrize(
    ("files", "arguments", "message"),
    [
        ({}, ["none.csv", "--out", "out"], "no such file: none.csv"),
        ({}, ["*.csv", "--out", "out"], "no file matches *.csv"),
        ({"a.csv": GOOD}, [".", "--out", "out"], ". is a folder; name its files"),
        ({"a.csv": GOOD}, ["a.csv", "--out", "out", "--map", "txt=text"], "no field 'txt'"),
        (
            {"a.csv": GOOD},
            ["a.csv", "--out", "out", "--map", "place=x"],
            "no input has a column 'x'; there are id, text",
        ),
        ({"a.csv": GOOD}, ["a.csv", "--out", "out", "--map", "text"], "FIELD=COLUMN, not 'text'"),
        ({"a.csv": GOOD}, ["a.csv", "--out", "out", "--closed", "nonsense"], "nonsense"),
        ({"a.csv": GOOD}, ["a.csv", "--out", "a.csv"], "is a file; name a folder"),
        ({"a.csv": GOOD}, ["a.csv", "--out", "/proc/x/out"], "cannot write to /proc/x/out"),
        ({"a.csv": "a,b\n1,2\n"}, ["a.csv", "--out", "out"], "its columns are a, b"),
        ({"a.csv": "\x00\x01\x02" * 400}, ["a.csv", "--out", "out"], "it is binary"),
        (
            {"a.csv": GOOD, "out/mine.txt": "x"},
            ["a.csv", "--out", "out"],
            "'mine.txt', which no run",
        ),
        ({"a.csv": GOOD, "out/ads.parquet": "x"}, ["a.csv", "--out", "out"], "no complete run"),
    ],
)
def test_what_cannot_be_used_is_told_in_one_line(
    tmp_path: Path, files: dict[str, str], arguments: list[str], message: str
) -> None:
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    before = sorted(path.name for path in tmp_path.rglob("*"))
    result = harborlight("recognize", *arguments, cwd=tmp_path)
    assert result.returncode == 2
    line = result.stderr.splitlines()[-1]
    assert line.startswith("harborlight: ")
    assert message in line
    assert "Traceback" not in result.stderr
    assert sorted(path.name for path in tmp_path.rglob("*")) == before


def test_nothing_to_read_leaves_the_rejects_and_exit_status_1(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,text\n1,\n2,  \n", encoding="utf-8")
    result = harborlight("recognize", "a.csv", "--out", "out", cwd=tmp_path)
    assert result.returncode == 1
    assert result.stderr.splitlines()[-1] == (
        "harborlight: no ad could be read; out/rejects.parquet says why"
    )
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "rejects.parquet",
        "run.json",
    ]
    assert pq.read_table(tmp_path / "out" / "rejects.parquet")["row"].to_pylist() == [1, 2]
    # A later run with ads takes its place.
    (tmp_path / "a.csv").write_text(GOOD, encoding="utf-8")
    assert harborlight("recognize", "a.csv", "--out", "out", cwd=tmp_path).returncode == 0
    assert (tmp_path / "out" / "report.html").exists()


def test_one_ad_is_enough(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(GOOD, encoding="utf-8")
    result = harborlight("recognize", "a.csv", "--out", "deep/er/out", cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    assert "1  ads accepted" in result.stdout
    assert "0  rows rejected" in result.stdout
    assert "Report: deep/er/out/report.html" in result.stdout
    assert "read: " in result.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_runs_leave_the_former_run_whole(tmp_path: Path, number: int) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "run.json").write_text('{"harborlight": "0.0.1"}', encoding="utf-8")
    (tmp_path / "out" / "report.html").write_text("a former run", encoding="utf-8")
    before = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    rows = "".join(f"{n},text of ad number {n} goes here\n" for n in range(200_000))
    (tmp_path / "b.csv").write_text("id,text\n" + rows, encoding="utf-8")
    process = subprocess.Popen(
        [HARBORLIGHT, "recognize", "b.csv", "--out", "out"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # In a job of a shell's background an interrupt would be ignored.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    while process.poll() is None and not list(tmp_path.glob(".out.partial-*")):
        time.sleep(0.05)
    time.sleep(1)
    process.send_signal(number)
    _, told = process.communicate(timeout=60)
    assert process.returncode == 130, told
    assert "interrupted; nothing was written" in told
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()} == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b.csv", "out"]
