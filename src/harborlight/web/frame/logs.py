"""Lines of the log: what went wrong and where in the code, and nothing of what was being handled.

The message of an error may hold what somebody wrote: a database names the row that it refused. So
an error is told by its kind and its place, without its message. No line holds an address.
"""

from __future__ import annotations

import logging
import traceback
from types import TracebackType
from typing import Any


class LineFormatter(logging.Formatter):
    """A line as any other; of an error its kind and the lines of code that led there."""

    def formatException(self, ei: Any) -> str:  # noqa: N802 - named by logging
        kind, error, trace = ei
        return told(kind, error, trace)


def told(
    kind: type[BaseException] | None,
    error: BaseException | None,
    trace: TracebackType | None,
) -> str:
    """An error without its message, and without those of the errors that led to it."""
    lines = [
        f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)
    ]
    name = f"{kind.__module__}.{kind.__qualname__}" if kind else "error"
    before = error and (error.__cause__ or error.__context__)
    first = [told(type(before), before, before.__traceback__)] if before else []
    return "\n".join([*first, *lines, name])
