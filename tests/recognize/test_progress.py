"""What a long job shows of itself."""

from __future__ import annotations

import io
import time

import pytest
from rich.console import Console

from harborlight.recognize.runtime import progress as shown
from harborlight.recognize.runtime.progress import Job, Progress, Step, amount, current, duration


def test_plain_lines_where_there_is_no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shown, "LINE_EVERY", 0.3)
    file = io.StringIO()
    with Progress(Console(file=file, force_terminal=False, width=40)) as progress:
        progress.expect({"read": 1, "fold": 1, "review": 1})
        with progress.stage("read", 2_000_000, "bytes") as step:
            step.advance(2_000_000)
        with progress.stage("fold", 1000):
            for _ in range(8):
                current().advance(100)
                time.sleep(0.1)
        with progress.stage("review", 7, "organizations"):
            pass
    lines = file.getvalue().splitlines()
    assert lines[0].startswith("read: 2.0 MB in 0.0 s (")
    under_way = [line for line in lines if line.startswith("fold: ") and " of 1,000 ads, " in line]
    assert under_way
    assert "ads/s, about " in under_way[0]
    assert "; whole job: about " in under_way[0]
    assert any(line.startswith("fold: 1,000 ads in ") for line in lines)
    assert lines[-1].startswith("review: 7 organizations in ")
    assert "\x1b" not in file.getvalue()


def test_a_live_display_on_a_terminal() -> None:
    file = io.StringIO()
    with (
        Progress(Console(file=file, force_terminal=True, width=120, color_system=None)) as progress,
        progress.stage("fold", 1000) as step,
    ):
        step.advance(400)
        time.sleep(0.6)
    assert "400 of 1,000 ads" in file.getvalue()
    assert " left" in file.getvalue()
    assert "✓ fold" in file.getvalue()


def test_counts_after_the_end_go_to_nobody() -> None:
    with Progress(quiet=True) as progress, progress.stage("fold", 10) as step:
        current().advance(3)
    done = step.done
    current().advance(5)
    assert (done, step.done) == (10, 10)


def test_time_left_of_the_whole_job() -> None:
    job = Job({"a": 1, "b": 2, "c": 4})
    assert job.left(Step("a")) is None
    job.over(Step("a", seconds=10.0))
    step = Step("b", total=100, done=50, seconds=10.0)  # 10 s left here, then c at 10 s a unit
    assert job.left(step) == pytest.approx(10 + 40)


def test_amounts_and_durations() -> None:
    assert [amount(20_000, "ads"), amount(999, "bytes"), amount(1_234_567_890, "bytes")] == [
        "20,000 ads",
        "999 bytes",
        "1.2 GB",
    ]
    assert [duration(3.21), duration(65), duration(3600)] == ["3.2 s", "1:05", "60:00"]
