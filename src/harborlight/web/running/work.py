"""The worker as a process: `python -m harborlight.web.running.work`."""

from __future__ import annotations

import signal
import threading


def main() -> None:
    """Run the worker until SIGTERM or Ctrl-C."""
    from harborlight.web.running.prepare import start_django

    start_django()
    from harborlight.web.running.worker import run_forever

    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    run_forever(stop)


if __name__ == "__main__":
    main()
