"""Work dealt to threads in parts; NumPy and SciPy release the interpreter while they count."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

S = TypeVar("S")
T = TypeVar("T")

PART = 16_384  # rows worked on at a time; fixed, so that no result depends on the number of cores


def in_parts(work: Callable[[slice], T], rows: int) -> list[T]:
    """What ``work`` gives for every part of so many rows, in order."""
    return each(work, [slice(start, min(start + PART, rows)) for start in range(0, rows, PART)])


def each(work: Callable[[S], T], parts: Sequence[S]) -> list[T]:
    """What ``work`` gives for every part, in order."""
    if len(parts) < 2:
        return [work(part) for part in parts]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(work, parts))
