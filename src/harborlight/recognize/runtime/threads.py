"""Work dealt to threads in parts; NumPy and SciPy release the interpreter while they count."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

S = TypeVar("S")
T = TypeVar("T")

_limit: int | None = None

PART = 16_384  # rows worked on at a time; fixed, so that no result depends on the number of cores


def cores() -> int:
    """How many cores work is dealt to: those this process may use, or fewer by ``limit``."""
    mine = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return min(mine or 1, _limit or mine or 1)


def limit(most: int | None) -> None:
    """Use so many cores at most from now on; None for all."""
    global _limit
    _limit = most


def in_parts(work: Callable[[slice], T], rows: int) -> list[T]:
    """What ``work`` gives for every part of so many rows, in order."""
    return each(work, [slice(start, min(start + PART, rows)) for start in range(0, rows, PART)])


def each(work: Callable[[S], T], parts: Sequence[S]) -> list[T]:
    """What ``work`` gives for every part, in order."""
    if len(parts) < 2 or cores() < 2:
        return [work(part) for part in parts]
    with ThreadPoolExecutor(cores()) as pool:
        return list(pool.map(work, parts))
