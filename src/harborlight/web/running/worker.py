"""The worker: runs each job of `frame.jobs` when it is due, and all of them once at its start.

Jobs do all that is due now, so that what fell due while the site was down is done at the next
start. A job that fails is told in the log, by name and kind of error alone, and tried again at its
next time. Two workers do not run at once: on PostgreSQL an advisory lock sees to it, else a lock in
the home.
"""

from __future__ import annotations

import fcntl
import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import close_old_connections, connection

from harborlight.web.frame.jobs import Job, jobs
from harborlight.web.home import home

log = logging.getLogger("harborlight.worker")
ADVISORY = 0x4841524C  # "HARL"
LONGEST_NAP = 5.0


def run_forever(stop: threading.Event) -> None:
    """Run jobs until told to stop."""
    due: dict[str, float] = {}
    while not stop.is_set():
        close_old_connections()
        with only_worker() as alone:
            if alone:
                run_due(due, time.monotonic())
        stop.wait(nap(due, time.monotonic()))


def run_due(due: dict[str, float], now: float) -> None:
    """Run each job whose time has come; one that was never run is due."""
    for job in jobs():
        if due.get(job.name, now) <= now:
            due[job.name] = now + job.every.total_seconds()
            run_one(job)


def run_one(job: Job) -> int | None:
    """Run a job; None when it failed."""
    try:
        done = job.run()
    except Exception as error:
        # The message of an error may hold content: only its kind is told.
        log.error("job %s failed: %s", job.name, type(error).__name__)
        return None
    if done:
        log.info("job %s: %d done", job.name, done)
    return done


def run_all() -> dict[str, int | None]:
    """Run every job once, now."""
    return {job.name: run_one(job) for job in jobs()}


def nap(due: dict[str, float], now: float) -> float:
    """Seconds until the next job, and never long."""
    return max(0.2, min([LONGEST_NAP, *(at - now for at in due.values())]))


@contextmanager
def only_worker() -> Iterator[bool]:
    """Whether this is the only worker of the site for now."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [ADVISORY])
            alone = bool(cursor.fetchone()[0])
            try:
                yield alone
            finally:
                if alone:
                    cursor.execute("SELECT pg_advisory_unlock(%s)", [ADVISORY])
        return
    with (home().folder / "worker.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
            return
        yield True
