"""A text as the finders of signals read it, prepared once for all of them."""

from __future__ import annotations

from functools import cached_property

from harborlight.places.reading import Cut, cut
from harborlight.recognize.signals.trigger_words import WANTED, notable
from harborlight.recognize.text.characters import Origins, latin_look, plain


class Readable:
    """``text`` is the original with each character plain (full-width, mathematical, look-alike and
    invisible ones put right), case kept; ``lower`` is the same in lower case, as long; ``words``
    is how it is cut into runs of letters and digits; ``notable`` are those words that may be
    figures, a service or noon, each after where it begins.
    """

    def __init__(
        self, original: str, text: str, words: Cut, notable: list[tuple[int, str]]
    ) -> None:
        self.original = original
        self.text = text
        self.lower = words.lower
        self.words = words
        self.notable = notable

    @cached_property
    def _origin(self) -> Origins | None:
        return None if self.original.isascii() else Origins(self.original)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Offsets into ``text`` as offsets into the original; ``end`` > ``start``."""
        if self._origin is None:
            return start, end
        return self._origin(start), self._origin(end - 1) + 1


def plain_text(original: str) -> str:
    """A text with each character plain, as ``Readable.text``."""
    return latin_look(plain(original), True)


def readable(original: str) -> Readable:
    """One text made readable; for many at once see ``readables``."""
    return readable_alone(original, plain_text(original))


def readable_alone(original: str, text: str) -> Readable:
    """One text made readable, of which ``plain_text`` is at hand."""
    words = cut(text)
    placed = [
        (begin, words.lower[begin:end]) for begin, end in zip(words.begins, words.ends, strict=True)
    ]
    wanted = [(begin, word) for begin, word in placed if notable(word) & WANTED]
    return Readable(original, text, words, wanted)
