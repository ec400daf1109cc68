"""`harborlight serve`: the site and its worker in one process group, on this machine alone.

The parent makes the home ready, starts gunicorn and the worker, and stays to end both with it. Both
are forks of the parent, which has read the apps already: that takes longer than all else. A child
that ends on its own is started again, a few times; then everything ends and says so.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from multiprocessing.process import BaseProcess

TRIES = 5
PATIENCE = 10.0


class ServeError(Exception):
    """The site cannot be served; the message says why in one line."""


@dataclass
class Child:
    """One process of the site, what it does, and how often it was started."""

    name: str
    work: Callable[[], None]
    forked: bool = True
    process: BaseProcess | None = None
    started: list[float] = field(default_factory=list)

    def start(self) -> None:
        self.started = [at for at in self.started if time.monotonic() - at < 60]
        if len(self.started) >= TRIES:
            raise ServeError(f"the {self.name} ended {TRIES} times within a minute")
        self.started.append(time.monotonic())
        _close_connections()
        context = multiprocessing.get_context
        begin = context("fork").Process if self.forked else context("spawn").Process
        self.process = begin(target=_begin, args=(self.work, os.getpid()))
        self.process.start()

    def ended(self) -> bool:
        return self.process is not None and not self.process.is_alive()

    def stop(self, patience: float = PATIENCE) -> None:
        if self.process is None or not self.process.is_alive():
            return
        self.process.terminate()
        self.process.join(patience)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()


def _begin(work: Callable[[], None], parent: int) -> None:
    """What a child does first: take signals as a process of its own, and end with its parent."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)
    end_with_parent()
    if os.getppid() == parent:
        work()


def _close_connections() -> None:
    """No two processes may hold one connection to the database."""
    from django.db import connections

    connections.close_all()


def end_with_parent() -> None:
    """Have the system end this process when its parent is killed (Linux; elsewhere nothing)."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG


def check_port(host: str, port: int) -> None:
    """ServeError in one line when nobody can listen there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError as error:
            why = error.strerror or str(error)
            raise ServeError(f"cannot listen on {host}:{port}: {why}; try --port") from None


def serve(
    host: str,
    port: int,
    *,
    workers: int = 2,
    threads: int = 8,
    forked: bool = True,
    ready: Callable[[str], None] = lambda _address: None,
) -> None:
    """Serve until SIGTERM or Ctrl-C. `ready` is called with the address once the site answers.

    Django must have been set up; `prepare` does that, and makes the tables. Not `forked` are the
    children of a process that has run Daft: a fork would lack its threads, and may wait for them.
    """
    from harborlight.web.running import work

    check_port(host, port)
    web = Child("site", partial(_gunicorn, host, port, workers, threads), forked)
    worker = Child("worker", work.main, forked)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        for child in (web, worker):
            child.start()
        _wait_until_it_answers(host, port, web, stop)
        if not stop.is_set():
            ready(f"http://{'localhost' if host in ('127.0.0.1', '::1') else host}:{port}/")
        while not stop.wait(0.5):
            for child in (web, worker):
                if child.ended():
                    child.start()
    finally:
        for child in (web, worker):
            child.stop()


def _gunicorn(host: str, port: int, workers: int, threads: int) -> None:
    from gunicorn.app.wsgiapp import WSGIApplication

    place = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    sys.argv = [
        "gunicorn",
        "harborlight.web.wsgi",
        f"--bind={place}",
        f"--workers={workers}",
        f"--threads={threads}",
        "--timeout=60",
        "--graceful-timeout=8",
        # A warning of gunicorn names the address that a broken request came from.
        "--log-level=error",
        "--no-control-socket",
        "--preload",
    ]
    WSGIApplication("%(prog)s [OPTIONS] [APP_MODULE]").run()


def _wait_until_it_answers(host: str, port: int, web: Child, stop: threading.Event) -> None:
    everywhere = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - asked on this machine
    address = (everywhere.get(host, host), port)
    until = time.monotonic() + 60
    while time.monotonic() < until and not stop.is_set():
        if web.ended():
            raise ServeError("the site ended while it started; the lines above say why")
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as trial:
            trial.settimeout(1)
            if trial.connect_ex(address) == 0:
                return
        stop.wait(0.1)
    if not stop.is_set():
        raise ServeError("the site did not answer within a minute")
