"""Places named in free text: careful rather than complete, and quick."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from harborlight.places.gazetteer import (
    ABBREVIATED,
    KNOWN_AS_STATE,
    Gazetteer,
    Town,
    plain_words,
)

Ints = npt.NDArray[np.int64]
Parts = npt.NDArray[np.uint8]

#: State abbreviations and regions that are also words, kept to capitals in free text.
_WORDLIKE = frozenset(
    {"al", "co", "de", "hi", "id", "ill", "in", "la", "ma", "mass", "me", "miss", "mo", "ms",
     "oh", "ok", "or", "pa", "wash", "am", "as", "at", "be", "do", "is", "it", "my", "no", "so",
     "to", "us"}
)  # fmt: skip
#: Words before a name in free text that say that it is a place.
_BEFORE = frozenset(
    {"around", "cerca", "desde", "en", "from", "in", "leaving", "near", "outside", "serving",
     "visiting"}
)  # fmt: skip
#: Names that in free text need their state whatever is before them: "in August", "near Airport".
_NEVER_ALONE = frozenset(
    {"airport", "april", "august", "centre", "dc", "d c", "home", "indy", "july", "june", "march",
     "may", "september", "university", "the meadows"}
)  # fmt: skip
#: People from which a town named without its state is heeded: after "in" or "near"; a single word;
#: several words; several ordinary words; abroad.
_PLACED, _KNOWN_WORD, _KNOWN_PHRASE, _KNOWN_ORDINARY = 2_500, 25_000, 5_000, 50_000
_KNOWN_ABROAD = 200_000

#: What a word may be to the name of a town, one bit each: a name by itself; one by itself, written
#: with a capital; the first and the second of a longer one; a preposition before one; of a state
#: after one.
_ALONE, _CAPITAL, _FIRST, _SECOND, _PLACING, _REGION = 1, 2, 4, 8, 16, 32

_WORD = re.compile(r"[^\W_]+")
_GAP = re.compile(r"[ .’'\-]{1,3}")  # between the words of one name
_STATE_GAP = re.compile(r"[ ,.(\t]{1,3}")


class Cut(NamedTuple):
    """A text cut into its words, the runs of letters and digits."""

    lower: str  # the text in lower case, character for character
    begins: Sequence[int]  # where each word begins
    ends: Sequence[int]  # and ends
    openings: Sequence[int]  # words, in order, with which a town's name may begin


def lower_of(text: str) -> str:
    """A text in lower case that is as long as the text."""
    lower = text.lower()
    if len(lower) != len(text):
        lower = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    return lower


def cut(text: str) -> Cut:
    """Cut one text; a name may begin with any of its words."""
    spans = [found.span() for found in _WORD.finditer(text)]
    begins, ends = [start for start, _ in spans], [end for _, end in spans]
    return Cut(lower_of(text), begins, ends, range(len(spans)))


def openings(parts: Parts, first: npt.NDArray[np.bool_]) -> tuple[Ints, Ints]:
    """Where among the words of texts, end to end, the name of a town may begin.

    `parts` holds for each word what it may be to one (:meth:`Reader.part`; the bits from 64 on are
    free for others), `first` whether it is the first of its text. Returned are, in order, the words
    with which a name may begin for what they are, and the others with which one begins if they and
    the word after them make a pair (:meth:`Reader.pair`).
    """
    here = np.flatnonzero(parts & (_ALONE | _CAPITAL | _FIRST))
    after = np.append(np.where(first[1:], 0, parts[1:]), 0)[here]
    before = np.where(first[here], 0, parts[here - 1])
    part = parts[here]
    by_itself = ((part & _ALONE) != 0) | (
        ((part & _CAPITAL) != 0) & (((before & _PLACING) != 0) | ((after & _REGION) != 0))
    )
    paired = ~by_itself & ((part & _FIRST) != 0) & ((after & _SECOND) != 0)
    return here[by_itself], here[paired]


class Reader:
    """Reads texts against a gazetteer."""

    def __init__(self, towns: Gazetteer) -> None:
        self._towns = towns
        self._openings = _Openings(towns.names(), towns.region_words())

    def part(self, word: str) -> int:
        """What a lower-case word may be to the name of a town, in bits; see :func:`openings`."""
        return self._openings.part(word)

    def pair(self, first: str, second: str) -> bool:
        """Whether the name of a town may begin with two lower-case words."""
        return self._openings.pair(first, second)

    def find_in(
        self,
        text: str,
        region: str | None = None,
        words: Cut | None = None,
    ) -> list[tuple[int, int, str]]:
        """Towns named in free text: (start, end, key), character offsets, in order, no overlaps.

        Careful rather than complete. A name that is also a word or a person's (Mobile, Hope,
        Madison) needs a capital and a state after it or "in", "near", "from" before it; a small
        town needs one of the two. A name that several towns share needs its state, or takes that
        of the other towns of the text when they have one between them, or `region`. `words` is the
        text cut into words, when at hand.
        """
        words = words or cut(text)
        reading = _Reading(text, words)
        starts = [i for i in words.openings if self._openings.begins(reading, i)]
        if not starts:
            return []
        found, regions, shared = self._read(reading, starts, region)
        if shared and region is None and len(regions) == 1:
            found, _, _ = self._read(reading, starts, regions.pop())
        return found

    def _read(
        self, reading: _Reading, starts: list[int], region: str | None
    ) -> tuple[list[tuple[int, int, str]], set[str], bool]:
        """Towns, the regions written with them, whether a name of several towns was passed over."""
        found: list[tuple[int, int, str]] = []
        regions: set[str] = set()
        shared = False
        last = -1
        for i in starts:
            if i <= last:
                continue
            for n in range(self._openings.longest[reading.word(i)], 0, -1):
                towns = self._towns.towns_named(reading.name(i, n))
                if not towns or not reading.joined(i, n):
                    continue
                end = i + n - 1
                key, last_word = self._choose_in_text(reading, towns, i, end, region)
                if key is not None:
                    found.append((reading.begins[i], reading.ends[last_word], key))
                    if last_word > end:
                        regions.add(self._towns.town(key).region)
                    last = last_word
                    break
                shared = shared or self._towns.choose(towns) is None
        return found, regions, shared

    def _choose_in_text(
        self, reading: _Reading, towns: Sequence[Town], i: int, end: int, region: str | None
    ) -> tuple[str | None, int]:
        """The town that words i to end name, if they name one, and the last word to do so."""
        for said, last in self._regions_after(reading, end):
            key = self._towns.choose(towns, said)
            if key is not None and (not self._towns.town(key).ordinary or reading.capitals(i, end)):
                return key, last
        name = reading.name(i, end - i + 1)
        key = self._towns.choose(towns)
        if key is None and region is not None:
            key = self._towns.choose(towns, region)
        if key is not None and self._stands_alone(reading, name, i, end, self._towns.town(key)):
            return key, end
        return None, end

    def _regions_after(self, reading: _Reading, end: int) -> list[tuple[str, int]]:
        """States or countries written directly after word `end`, with their last word."""
        if end + 1 >= len(reading.begins) or not _STATE_GAP.fullmatch(reading.gap(end)):
            return []
        said = []
        for n in (3, 2, 1):
            name = " ".join(reading.words(end + 1, n))
            region = self._towns.region(name)
            if region is None or end + n >= len(reading.begins) or not reading.joined(end + 1, n):
                continue
            if name in _WORDLIKE and not reading.written(end + 1).isupper():
                continue
            said.append((region, end + n))
        return said

    def _stands_alone(
        self, reading: _Reading, name: tuple[str, ...], i: int, end: int, town: Town
    ) -> bool:
        """Whether a name without a state is said clearly enough to be this town."""
        joined = " ".join(name)
        if joined in _NEVER_ALONE:
            return False
        if self._towns.region(joined) is not None and town.population < KNOWN_AS_STATE:
            return False
        capitals = reading.capitals(i, end)
        placed = (
            i > 0
            and reading.word(i - 1) in _BEFORE
            and town.population >= _PLACED
            and not reading.possessive(end)
        )
        if not town.american:
            return capitals and not town.ordinary and town.population >= _KNOWN_ABROAD
        if town.ordinary:
            if not capitals or reading.shouted(i, end) or reading.title_goes_on(end):
                return False
            return placed or (end > i and town.population >= _KNOWN_ORDINARY)
        return placed or town.population >= (_KNOWN_PHRASE if end > i else _KNOWN_WORD)


class _Reading:
    """A text and its words: as written, in lower case, and where each stands."""

    def __init__(self, text: str, words: Cut) -> None:
        self.text = text
        self.lower, self.begins, self.ends, _ = words

    def word(self, i: int) -> str:
        return self.lower[self.begins[i] : self.ends[i]]

    def written(self, i: int) -> str:
        return self.text[self.begins[i] : self.ends[i]]

    def words(self, i: int, n: int) -> list[str]:
        """The words i to i + n - 1, as far as there are so many."""
        return [self.word(k) for k in range(i, min(i + n, len(self.begins)))]

    def name(self, i: int, n: int) -> tuple[str, ...]:
        words = self.words(i, n)
        if not self.text.isascii():
            return tuple(plain_words(" ".join(words)))
        return tuple([ABBREVIATED.get(w, w) for w in words])

    def gap(self, i: int) -> str:
        """What stands between word i and the next."""
        return self.text[self.ends[i] : self.begins[i + 1]]

    def joined(self, i: int, n: int) -> bool:
        """Whether words i to i + n - 1 exist and nothing but what a name may hold parts them."""
        return i + n <= len(self.begins) and all(
            _GAP.fullmatch(self.gap(k)) for k in range(i, i + n - 1)
        )

    def capitals(self, i: int, end: int) -> bool:
        return all(self.text[self.begins[k]].isupper() for k in range(i, end + 1))

    def shouted(self, i: int, end: int) -> bool:
        return all(self.written(k).isupper() for k in range(i, end + 1))

    def possessive(self, end: int) -> bool:
        return self.text[self.ends[end] : self.ends[end] + 2].lower() in ("'s", "’s")

    def title_goes_on(self, end: int) -> bool:
        """Whether a capitalized word follows directly: "in Mobile Home Park" names no town."""
        return (
            end + 1 < len(self.begins)
            and self.gap(end) == " "
            and self.text[self.begins[end + 1]].isupper()
        )


class _Openings:
    """How names of towns begin, as sets, so that most texts are put aside in microseconds."""

    def __init__(
        self, names: Iterable[tuple[tuple[str, ...], Sequence[Town]]], region_words: frozenset[str]
    ) -> None:
        self._region_words = region_words
        self.longest: dict[str, int] = {}  # words of the longest name that begins with this word
        self._singles: set[str] = set()
        self._capital_singles: set[str] = set()
        self._pairs: set[tuple[str, str]] = set()
        self._capital_pairs: set[tuple[str, str]] = set()
        written: dict[str, list[str]] = {}  # how each word of a name may be written
        for short, full in ABBREVIATED.items():
            written.setdefault(full, [full]).append(short)
        for words, towns in names:
            ordinary = all(town.ordinary for town in towns)
            forms = {(tuple(words[:2]))}
            accented = tuple(_WORD.findall(towns[0].name.lower()))
            if len(accented) == len(words):
                forms.add(accented[:2])
            for form in forms:
                for first in written.get(form[0], form[:1]):
                    self.longest[first] = max(self.longest.get(first, 0), len(words))
                    if len(words) == 1 and ordinary:
                        self._capital_singles |= {first.capitalize(), first.upper()}
                    elif len(words) == 1:
                        self._singles.add(first)
                    else:
                        for second in written.get(form[1], [form[1]]):
                            if ordinary:
                                pair = (first.capitalize(), second.capitalize())
                                self._capital_pairs |= {pair, (first.upper(), second.upper())}
                            else:
                                self._pairs.add((first, second))
        pairs = self._pairs | self._capital_pairs
        self._lower_pairs = {(a.lower(), b.lower()) for a, b in self._capital_pairs}
        self._lower_capitals = frozenset(single.lower() for single in self._capital_singles)
        self._firsts = frozenset(first.lower() for first, _ in pairs)
        self._seconds = frozenset(second.lower() for _, second in pairs)

    def part(self, word: str) -> int:
        return (
            _ALONE * (word in self._singles)
            + _CAPITAL * (word in self._lower_capitals)
            + _FIRST * (word in self._firsts)
            + _SECOND * (word in self._seconds)
            + _PLACING * (word in _BEFORE)
            + _REGION * (word in self._region_words)
        )

    def pair(self, first: str, second: str) -> bool:
        return (first, second) in self._pairs or (first, second) in self._lower_pairs

    def begins(self, reading: _Reading, i: int) -> bool:
        """Whether the name of a town does begin with word i."""
        word, capital = reading.word(i), reading.written(i)
        if word in self._singles:
            return True
        last = len(reading.begins) - 1
        # A name that is also a word needs a preposition before it or its state after it.
        if capital in self._capital_singles and (
            (i and reading.word(i - 1) in _BEFORE)
            or (i < last and reading.word(i + 1) in self._region_words)
        ):
            return True
        return i < last and (
            (word, reading.word(i + 1)) in self._pairs
            or (capital, reading.written(i + 1)) in self._capital_pairs
        )
