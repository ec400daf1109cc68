"""What the site does by the clock: each app adds its jobs in AppConfig.ready, the worker runs them.

A job is a function without arguments that does all that is due now, and may be run twice at no
harm: after a stop it catches up at the first run. It returns how many things it did.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class Job:
    """A function, and how often it is to be run."""

    name: str
    every: timedelta
    run: Callable[[], int]


_jobs: dict[str, Job] = {}


def add(name: str, every: timedelta, run: Callable[[], int]) -> None:
    """Add a job. Adding the same name again replaces it."""
    _jobs[name] = Job(name, every, run)


def jobs() -> list[Job]:
    """All jobs, in the order of their names."""
    return [_jobs[name] for name in sorted(_jobs)]
