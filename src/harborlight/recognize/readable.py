"""A text as the finders of signals read it, prepared once for all of them."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property

from harborlight.recognize.characters import latin_look, plain, plain_ends
from harborlight.recognize.notable import notable

_BREAKS = {code: " " for code in range(128) if not chr(code).isalnum()}
_WORD = re.compile(r"[^\W_]+")


class Readable:
    """``text`` is the original with each character plain (full-width, mathematical, look-alike and
    invisible ones put right), case kept; ``lower`` is the same in lower case, as long; ``words``
    are its runs of letters and digits, lower case, in order; ``written`` the same, case kept;
    ``notable`` are the words that may be figures, a service or noon, each after where it begins in
    ``lower``; ``openings`` the places among ``words`` that may open the name of a town.
    """

    def __init__(self, original: str) -> None:
        self.original = original
        self.text = latin_look(plain(original), True)
        if self.text.isascii():
            self.lower = self.text.lower()
            spaced = self.text.translate(_BREAKS)
            self.written = spaced.split()
            self.words = spaced.lower().split()
        else:
            self.lower = self.text.lower()
            if len(self.lower) != len(self.text):
                self.lower = "".join(c.lower() if len(c.lower()) == 1 else c for c in self.text)
            self.written = _WORD.findall(self.text)
            self.words = _WORD.findall(self.lower)

        wanted, self.openings = notable(self.words)
        self.notable = _placed(wanted, self.lower)

    @property
    def both_words(self) -> tuple[list[str], list[str]] | None:
        """Words as written and in lower case, when one for one."""
        same = len(self.written) == len(self.words)
        return (self.written, self.words) if same else None

    @cached_property
    def _ends(self) -> list[int] | None:
        return None if self.original.isascii() else plain_ends(self.original)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Offsets into ``text`` as offsets into the original; ``end`` > ``start``."""
        if self._ends is None:
            return start, end
        return bisect_right(self._ends, start), bisect_right(self._ends, end - 1) + 1


def _placed(wanted: list[str], lower: str) -> list[tuple[int, str]]:
    """Where words stand in a lower-case text, in their order; all that are equal are among them."""
    placed: list[tuple[int, str]] = []
    end = 0
    for word in wanted:
        while True:
            at = lower.find(word, end)
            end = at + len(word)
            if not lower[end : end + 1].isalnum() and not (at and lower[at - 1].isalnum()):
                break
            end = at + 1
        placed.append((at, word))
    return placed
