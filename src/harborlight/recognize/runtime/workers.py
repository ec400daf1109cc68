"""A batch function in Python on all cores, through processes of our own.

Python runs one thread at a time, so a batch function that is Python through and through uses one
core however many the engine has. ``Workers`` hands batches to one process for each core, as Arrow
streams over pipes, once enough rows have passed that starting processes pays. The result is the
same with and without them, and without them is how a chunk is worked when a process fails.
"""

from __future__ import annotations

import atexit
import gc
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from importlib import import_module
from weakref import WeakSet

import pyarrow as pa

from harborlight.recognize.runtime.threads import cores

#: Rows worked in this process before processes are started, which takes about two seconds.
_BEFORE = 15_000
#: Rows given to a process at a time.
_CHUNK = 1_000
#: Seconds without work after which the processes end.
_IDLE = 10.0

#: Rows of a job for which processes are started at its first row.
_MANY = 60_000

Work = Callable[[pa.RecordBatch], pa.Array]

_all: WeakSet[Workers] = WeakSet()


def end_idle() -> None:
    """End the processes that have no work, so that what comes next has their memory."""
    for each in list(_all):
        each.stop_if_idle()


_expected = 0


@contextmanager
def expecting(rows: int) -> Iterator[None]:
    """Say how many rows a job has, so that a long one is worked on all cores from its start."""
    global _expected
    _expected = rows if rows >= _MANY else 0
    try:
        yield
    finally:
        _expected = 0


class Workers:
    """Calls ``function`` of ``module`` on record batches of ``schema``: one result for each row."""

    def __init__(
        self, module: str, function: str, schema: pa.Schema, before: int | None = None
    ) -> None:
        self._module, self._function, self._schema = module, function, schema
        self._before = before
        self._lock = threading.Lock()
        self._rows = 0
        self._calls = 0
        self._free: queue.SimpleQueue[_Process] = queue.SimpleQueue()
        self._all: list[_Process] = []
        self._threads: ThreadPoolExecutor | None = None
        self._timer: threading.Timer | None = None
        _all.add(self)

    def __call__(self, batch: pa.RecordBatch) -> pa.Array:
        """The results for a batch, in its order. What ``function`` raises is raised here."""
        work: Work = getattr(import_module(self._module), self._function)
        threads = self._start(batch.num_rows)
        if threads is None:
            return work(batch)
        try:
            chunks = [batch.slice(i, _CHUNK) for i in range(0, batch.num_rows, _CHUNK)]
            results = list(threads.map(lambda chunk: self._chunk(work, chunk), chunks))
        finally:
            self._stop_later()
        return pa.concat_arrays(results)

    def _chunk(self, work: Work, chunk: pa.RecordBatch) -> pa.Array:
        process = self._free.get()
        try:
            return process.work(chunk)
        except (OSError, pa.ArrowException, StopIteration):
            return work(chunk)  # it raises here, if the work itself failed
        finally:
            self._free.put(process)

    def _start(self, rows: int) -> ThreadPoolExecutor | None:
        """Count the rows; the threads that talk to the processes, once there are any."""
        with self._lock:
            self._rows += rows
            if (
                cores() < 2
                or self._few(max(self._rows - rows, _expected))
                or rows == 0
                or _within_ray()
            ):
                return None
            self._calls += 1
            if self._timer:
                self._timer.cancel()
            if self._threads is None:
                count = cores()
                self._threads = ThreadPoolExecutor(count, "harborlight-workers")
                self._all = [
                    _Process(self._module, self._function, self._schema) for _ in range(count)
                ]
                for process in self._all:
                    self._free.put(process)
                atexit.register(self.stop)
            return self._threads

    def _few(self, rows: int) -> bool:
        return rows < (_BEFORE if self._before is None else self._before)

    def _stop_later(self) -> None:
        with self._lock:
            self._calls -= 1
            if self._timer:
                self._timer.cancel()
            self._timer = threading.Timer(_IDLE, self.stop_if_idle)
            self._timer.daemon = True
            self._timer.start()

    def stop_if_idle(self) -> None:
        """End the processes unless they have work; they start again when there is some."""
        with self._lock:
            if not self._calls:
                self._end()

    def stop(self) -> None:
        """End the processes; they start again when there is work."""
        with self._lock:
            if self._timer:
                self._timer.cancel()
            self._end()

    def _end(self) -> None:
        atexit.unregister(self.stop)
        if self._threads:
            self._threads.shutdown(wait=True)
        for process in self._all:
            process.end()
        self._threads, self._all, self._free = None, [], queue.SimpleQueue()


def _within_ray() -> bool:
    """Whether this is a process of Ray's, which has as many of them as there are cores."""
    initialized = getattr(sys.modules.get("ray"), "is_initialized", None)
    return initialized is not None and bool(initialized())


class _Process:
    """One process that works batches: Arrow in by its standard input, out by its output."""

    def __init__(self, module: str, function: str, schema: pa.Schema) -> None:
        path = os.pathsep.join(p for p in sys.path if p)
        self._process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", "harborlight.recognize.runtime.workers", module, function],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": path},
        )
        self._out = pa.ipc.new_stream(self._process.stdin, schema)
        self._in: pa.RecordBatchReader | None = None

    def work(self, batch: pa.RecordBatch) -> pa.Array:
        self._out.write_batch(batch)
        if self._process.stdin:
            self._process.stdin.flush()
        if self._in is None:
            self._in = pa.ipc.open_stream(self._process.stdout)
        return self._in.read_next_batch().column(0)

    def end(self) -> None:
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            try:
                if pipe:
                    pipe.close()
            except OSError:
                pass  # what was not yet read is not wanted


def main(module: str, function: str) -> None:
    """Work batches from standard input until it ends. Anything printed goes to standard error."""
    results = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    work: Work = getattr(import_module(module), function)
    gc.disable()  # batches leave no cycles behind, and looking for some took a tenth of the time
    writer = None
    for batch in pa.ipc.open_stream(sys.stdin.buffer):
        answer = pa.record_batch([work(batch)], ["result"])
        if writer is None:
            writer = pa.ipc.new_stream(results, answer.schema)
        writer.write_batch(answer)
        results.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
