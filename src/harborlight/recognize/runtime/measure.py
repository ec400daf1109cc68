"""Seconds and peak memory of a piece of work, helpers in other processes included."""

from __future__ import annotations

import threading
import time
from types import TracebackType

import psutil

EVERY = 0.1  # seconds between looks
#: Looks between searches for new descendants, for which every process of the machine is read.
SEARCH_EVERY = 10


class Measure:
    """``with Measure() as m: work()`` leaves ``m.seconds`` and ``m.peak_bytes``.

    The peak is the largest resident size of this process and its descendants together, looked at
    ten times a second, and for new descendants every second; pages that processes share count in
    each.
    """

    def __init__(self) -> None:
        self.seconds = 0.0
        self.peak_bytes = 0
        self._process = psutil.Process()
        self._descendants: list[psutil.Process] = []
        self._looks = 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._sample, daemon=True)

    def __enter__(self) -> Measure:
        self._began = time.monotonic()
        self._look()
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.seconds = time.monotonic() - self._began
        self._stop.set()
        self._thread.join()
        self._looks = 0
        self._look()

    def _sample(self) -> None:
        while not self._stop.wait(EVERY):
            self._look()

    def _look(self) -> None:
        size = 0
        if self._looks % SEARCH_EVERY == 0:
            self._descendants = self._process.children(recursive=True)
        self._looks += 1
        for process in (self._process, *self._descendants):
            try:
                size += process.memory_info().rss
            except psutil.Error:  # it has just ended
                continue
        self.peak_bytes = max(self.peak_bytes, size)
