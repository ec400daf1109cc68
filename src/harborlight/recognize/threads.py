"""Work dealt to threads in parts; NumPy and SciPy release the interpreter while they count."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")

PART = 65_536  # rows worked on at a time; fixed, so that no result depends on the number of cores


def in_parts(work: Callable[[slice], T], rows: int) -> list[T]:
    """What ``work`` gives for every part of so many rows, in order."""
    parts = [slice(start, start + PART) for start in range(0, rows, PART)]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(work, parts))
