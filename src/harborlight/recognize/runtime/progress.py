"""What a long job shows of itself: a live display on a terminal, plain lines elsewhere.

    with Progress(console) as progress:
        with progress.stage("signals", total=20_000) as step:
            step.advance(500)

A stage that works in pieces may tell how far it is without being handed anything:
``current().advance(500)`` goes to the step that is under way and to nobody when there is none.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import TracebackType

from rich.console import Console
from rich.progress import (
    BarColumn,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)
from rich.progress import (
    Progress as RichProgress,
)
from rich.text import Text

#: Seconds between the lines of a stage that is under way, where there is no terminal.
LINE_EVERY = 15.0


@dataclass
class Step:
    """One stage under way. ``done`` counts up to ``total``, if that is known."""

    name: str
    total: int | None = None
    unit: str = "ads"
    done: int = 0
    seconds: float = 0.0
    _began: float = field(default_factory=time.monotonic)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def advance(self, count: int = 1) -> None:
        """Count some more as done. May be called from any thread."""
        with self._lock:
            self.done += count

    @property
    def elapsed(self) -> float:
        """Seconds since the stage began, or that it took."""
        return self.seconds or time.monotonic() - self._began

    @property
    def rate(self) -> float:
        """Units a second so far."""
        return self.done / self.elapsed if self.elapsed > 0 else 0.0

    @property
    def left(self) -> float | None:
        """Seconds still to go at the rate so far; None when that cannot be said."""
        if self.total is None or not self.done or not self.rate:
            return None
        return max(self.total - self.done, 0) / self.rate


_current = Step("nothing")


def current() -> Step:
    """The step that is under way."""
    return _current


def amount(count: int, unit: str) -> str:
    """A count with its unit: "20,000 ads", "1.2 GB"."""
    if unit != "bytes":
        return f"{count:,} {unit}"
    size = float(count)
    for name in ("bytes", "KB", "MB", "GB"):
        if size < 1000 or name == "GB":
            break
        size /= 1000
    return f"{size:,.0f} {name}" if name == "bytes" else f"{size:,.1f} {name}"


def duration(seconds: float) -> str:
    """Seconds as a reader likes them: "3.2 s", "1:05"."""
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02d}"


class _Count(ProgressColumn):
    """How many of how many, and how fast."""

    def render(self, task: Task) -> Text:
        step: Step = task.fields["step"]
        if not step.done:
            return Text(amount(step.total, step.unit) if step.total else "", style="dim")
        of = f" of {amount(step.total, step.unit)}" if step.total and not task.finished else ""
        count = f"{step.done:,}" if of and step.unit != "bytes" else amount(step.done, step.unit)
        return Text(f"{count}{of}  {amount(round(step.rate), step.unit)}/s")


class _Left(ProgressColumn):
    """How long it will still take."""

    def render(self, task: Task) -> Text:
        step: Step = task.fields["step"]
        if task.finished:
            return Text("")
        here = "" if step.left is None else f"{duration(step.left)} left"
        job = task.fields.get("job")
        whole = "" if job is None else f"{'; ' if here else ''}whole job {duration(job)} left"
        return Text(here + whole, style="cyan")


@dataclass
class Job:
    """All stages together: how long they will still take, by what each usually costs.

    ``costs`` holds the stages' usual shares of the time, in any unit. The pace is that of the
    stages that are over.
    """

    costs: Mapping[str, float]
    _over: float = 0.0  # cost of the stages that are over
    _seconds: float = 0.0  # that they took

    def over(self, step: Step) -> None:
        """A stage is over."""
        self._over += self.costs.get(step.name, 0.0)
        self._seconds += step.seconds

    def left(self, step: Step) -> float | None:
        """Seconds still to go while a stage works; None when that cannot be said yet."""
        cost = self.costs.get(step.name)
        if cost is None or not self._over:
            return None
        pace = self._seconds / self._over
        usual = pace * cost
        here = step.left if step.left is not None else max(usual - step.elapsed, 0.1 * usual)
        later = sum(self.costs.values()) - self._over - cost
        return here + pace * max(later, 0.0)


class Progress:
    """The stages of one job, shown on a console as they go."""

    def __init__(self, console: Console | None = None, quiet: bool = False) -> None:
        self.console = console or Console(stderr=True)
        self.quiet = quiet
        self._job = Job({})
        self._live: RichProgress | None = None
        self._task: TaskID | None = None
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Progress:
        if not self.quiet and self.console.is_terminal:
            self._live = RichProgress(
                SpinnerColumn(finished_text="[green]✓"),
                TextColumn("{task.description:<10}"),
                BarColumn(bar_width=24),
                _Count(),
                TimeElapsedColumn(),
                _Left(),
                console=self.console,
            )
            self._live.start()
        if not self.quiet:
            self._thread = threading.Thread(target=self._watch, daemon=True)
            self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop.set()
        if self._thread is not None:
            self._thread.join()
        if self._live is not None:
            self._live.stop()

    def expect(self, costs: Mapping[str, float]) -> None:
        """Show the time left of the whole job too, from its stages' usual shares of the time."""
        self._job = Job(costs)

    @contextmanager
    def stage(self, name: str, total: int | None = None, unit: str = "ads") -> Iterator[Step]:
        """Show a stage while it runs. At its end all of its total counts as done."""
        global _current
        before, step = _current, Step(name, total, unit)
        _current = step
        if self._live is not None:
            self._task = self._live.add_task(name, total=total, step=step)
        try:
            yield step
            step.done = max(step.done, step.total or 0)
            step.seconds = max(step.elapsed, 1e-9)
            self._job.over(step)
            self._finished(step)
        finally:
            _current = before
            self._task = None

    def _finished(self, step: Step) -> None:
        if self._live is not None and self._task is not None:
            total = step.total or step.done or 1
            self._live.update(self._task, total=total, completed=total)
        elif not self.quiet:
            self._line(
                f"{step.name}: {amount(step.done, step.unit)} in {duration(step.seconds)} "
                f"({amount(round(step.rate), step.unit)}/s)"
            )

    def _watch(self) -> None:
        """Keep the display going while a stage works."""
        said = 0.0
        while not self._stop.wait(0.2):
            step, task = _current, self._task
            if self._live is not None:
                if task is not None:
                    done = min(step.done, step.total or step.done)
                    self._live.update(task, completed=done, job=self._job.left(step))
                continue
            if step.name == "nothing" or step.elapsed < LINE_EVERY:
                said = 0.0
            elif step.elapsed - said >= LINE_EVERY:
                said = step.elapsed
                left = self._job.left(step)
                rest = "" if left is None else f"; whole job: about {duration(left)} left"
                self._line(_under_way(step) + rest)

    def _line(self, line: str) -> None:
        self.console.print(line, highlight=False, markup=False, soft_wrap=True)


def _under_way(step: Step) -> str:
    if not step.done:
        of = f" on {amount(step.total, step.unit)}" if step.total else ""
        return f"{step.name}: at work{of} for {duration(step.elapsed)}"
    of = f" of {amount(step.total, step.unit)}" if step.total else f" {step.unit}"
    left = f", about {duration(step.left)} left" if step.left is not None else ""
    rate = amount(round(step.rate), step.unit)
    return f"{step.name}: {step.done:,}{of}, {rate}/s{left}"
