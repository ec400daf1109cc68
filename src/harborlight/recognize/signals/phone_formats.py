"""The forms in which telephone numbers are written: in how many pieces, with what between them."""

from __future__ import annotations

from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

#: Where else numbers are cut, when always with the same sign: 50 75 55 01 42, 50755 50142 ...
_EVEN_SHAPES = ({2, 4, 6, 8}, {5}, {3, 7}, {4, 7}, {3, 5, 7}, {1, 4, 7})
#: First and last digit of pieces of two or more digits, when the pieces differ.
_GROUPS = {(0, 3), (3, 6), (6, 10), (6, 8), (8, 10), (0, 6), (3, 10), (0, 10)}


class Form(NamedTuple):
    """How the pieces of a number are written, whatever their digits are."""

    usual: bool  # a shape in which numbers are written
    cut: bool  # in more than one piece
    classic: bool  # in three, three and four, or in one piece
    spelled: bool  # words, or letters among the digits
    worded: bool  # words
    dotted: bool  # one full stop after each but the last
    listed: bool  # several, one after another or with the marks of a list between them
    commas: bool  # with nothing but a comma or the like between some


@lru_cache(maxsize=16384)
def form_of(pieces: tuple[tuple[int, str], ...], gaps: tuple[str, ...]) -> Form:
    """How pieces of so many digits and of such kinds, with such gaps, are written."""
    lengths = [count for count, _ in pieces]
    kinds = [kind for _, kind in pieces]
    usual = True
    if sum(lengths) == 11:
        usual = not (kinds[0] == "word" and kinds[1:2] == ["digits"])
        lengths = [n for n in [lengths[0] - 1, *lengths[1:]] if n]
    cuts = list(accumulate(lengths[:-1]))
    marks = [gap.strip() for gap in gaps]
    return Form(
        usual=usual and _shape(cuts, pieces, gaps),
        cut=bool(cuts),
        classic=set(cuts) == {3, 6} or not cuts,
        spelled="word" in kinds or "mixed" in kinds,
        worded="word" in kinds,
        dotted=set(marks) == {"."},
        listed=len(pieces) > 1 and all(not mark or mark in ",/;|" for mark in marks),
        commas=any(m in (",", ";") and m != gap for m, gap in zip(marks, gaps, strict=True)),
    )


def _shape(cuts: list[int], pieces: tuple[tuple[int, str], ...], gaps: tuple[str, ...]) -> bool:
    """Whether a number is written in such pieces, of so many digits and of such kinds.

    ``cuts`` are the digits before each gap.
    """
    at = set(cuts)
    signs = {g.strip() for g in gaps}
    even = len(signs) <= 1
    single = all(count == 1 for count, _ in pieces)
    grouped = all(
        kind != "digits" or count == 1 or (start, start + count) in _GROUPS
        for (count, kind), start in zip(pieces[-len(cuts) - 1 :], [0, *cuts], strict=True)
    )
    if any(kind in ("word", "mixed") for _, kind in pieces):
        return grouped or even
    if at <= {3, 6}:
        # 203.5551234 is a decimal number.
        return not (len(at) == 1 and len(gaps) == 1 and gaps[0] == ".")
    if any(":" in g for g in gaps) and not single:
        return False
    if {3, 6} <= at:
        return grouped and (even or single or len(signs - {""}) <= 1 or 8 not in at)
    if len(cuts) >= 5:
        return even
    return even and gaps[0].strip() not in (",", "/") and at in _EVEN_SHAPES
