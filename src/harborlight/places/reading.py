"""Places named in free text: careful rather than complete, and quick."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from harborlight.places.gazetteer import (
    ABBREVIATED,
    KNOWN_AS_STATE,
    Gazetteer,
    Town,
    plain_words,
)

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
_BREAKS = {i: " " for i in range(128) if not chr(i).isalnum()}  # the same for ASCII, quicker
_UNBROKEN = re.compile(r"[^ ]+")
_GAP = re.compile(r"[ .’'\-]{1,3}")  # between the words of one name
_STATE_GAP = re.compile(r"[ ,.(\t]{1,3}")


def _of(bit: int) -> bytes:
    """A regular expression for one byte that has this bit."""
    return b"[" + b"".join(b"\\x%02x" % byte for byte in range(128) if byte & bit) + b"]"


#: A word that may open a name, then what must be so of it or beside it: the first is sought fast.
_OPENING = re.compile(
    b"%b(?:(?<=%b)|(?<=%b%b)|(?<=%b)(?=%b)|(?<=%b)(?=%b))"
    % tuple(
        map(
            _of,
            (
                *(_ALONE | _CAPITAL | _FIRST, _ALONE, _PLACING, _CAPITAL),
                *(_CAPITAL, _REGION, _FIRST, _SECOND),
            ),
        )
    )
)


def openings(parts: bytes) -> list[int]:
    """Where among the words of a text a town's name may begin: ``parts`` has a byte for each word,
    what it may be to one (:meth:`Reader.part`; the bit 64 is free for others)."""
    return [found.start() for found in _OPENING.finditer(parts)]


class Reader:
    """Reads texts against a gazetteer."""

    def __init__(self, towns: Gazetteer) -> None:
        self._towns = towns
        self._openings = _Openings(towns.names(), towns.region_words())

    def part(self, word: str) -> int:
        """What a lower-case word may be to the name of a town, in bits; see :func:`openings`."""
        return self._openings.part(word)

    def find_in(
        self,
        text: str,
        region: str | None = None,
        words: tuple[list[str], list[str]] | None = None,
        openings: Sequence[int] | None = None,
    ) -> list[tuple[int, int, str]]:
        """Towns named in free text: (start, end, key), character offsets, in order, no overlaps.

        Careful rather than complete. A name that is also a word or a person's (Mobile, Hope,
        Madison) needs a capital and a state after it or "in", "near", "from" before it; a small
        town needs one of the two. A name that several towns share needs its state, or takes that
        of the other towns of the text when they have one between them, or `region`. `words` are
        the runs of letters and digits of the text, as written and in lower case, when at hand;
        `openings` the places among them, in order, where a name may begin (:func:`openings`).
        """
        if words is None:
            written = text.translate(_BREAKS).split() if text.isascii() else _WORD.findall(text)
            lower = " ".join(written).lower().split()
        else:
            written, lower = words
        starts = self._openings.starts(lower, written, openings)
        if not starts:
            return []
        if text.isascii():  # the quicker way to the same
            spans = [m.span() for m in _UNBROKEN.finditer(text.translate(_BREAKS))]
        else:
            spans = [m.span() for m in _WORD.finditer(text)]
        reading = _Reading(text, written, lower, spans)
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
            for n in range(self._openings.longest[reading.words[i]], 0, -1):
                towns = self._towns.towns_named(reading.name(i, n))
                if not towns or not reading.joined(i, n):
                    continue
                end = i + n - 1
                key, last_word = self._choose_in_text(reading, towns, i, end, region)
                if key is not None:
                    found.append((reading.spans[i][0], reading.spans[last_word][1], key))
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
        if end + 1 >= len(reading.words) or not _STATE_GAP.fullmatch(reading.gap(end)):
            return []
        said = []
        for n in (3, 2, 1):
            name = " ".join(reading.words[end + 1 : end + 1 + n])
            region = self._towns.region(name)
            if region is None or end + n >= len(reading.words) or not reading.joined(end + 1, n):
                continue
            if name in _WORDLIKE and not reading.written[end + 1].isupper():
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
            and reading.words[i - 1] in _BEFORE
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


@dataclass(frozen=True)
class _Reading:
    """A text cut into words: as written, in lower case, and where each stands."""

    text: str
    written: list[str]
    words: list[str]
    spans: list[tuple[int, int]]

    def name(self, i: int, n: int) -> tuple[str, ...]:
        words = self.words[i : i + n]
        if not self.text.isascii():
            return tuple(plain_words(" ".join(words)))
        return tuple([ABBREVIATED.get(w, w) for w in words])

    def gap(self, i: int) -> str:
        """What stands between word i and the next."""
        return self.text[self.spans[i][1] : self.spans[i + 1][0]]

    def joined(self, i: int, n: int) -> bool:
        """Whether words i to i + n - 1 exist and nothing but what a name may hold parts them."""
        return i + n <= len(self.words) and all(
            _GAP.fullmatch(self.gap(k)) for k in range(i, i + n - 1)
        )

    def capitals(self, i: int, end: int) -> bool:
        return all(w[0].isupper() for w in self.written[i : end + 1])

    def shouted(self, i: int, end: int) -> bool:
        return all(w.isupper() for w in self.written[i : end + 1])

    def possessive(self, end: int) -> bool:
        return self.text[self.spans[end][1] :][:2].lower() in ("'s", "’s")

    def title_goes_on(self, end: int) -> bool:
        """Whether a capitalized word follows directly: "in Mobile Home Park" names no town."""
        return (
            end + 1 < len(self.words)
            and self.gap(end) == " "
            and self.written[end + 1][0].isupper()
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

    def starts(
        self, words: list[str], written: list[str], at: Iterable[int] | None = None
    ) -> list[int]:
        """Where a name does begin. ``at`` are the places where one may, in order."""
        if at is None:
            at = range(len(words))
        starts = []
        last = len(words) - 1
        for i in at:
            word, capital = words[i], written[i]
            # A name that is also a word needs a preposition before it or its state after it.
            if (
                word in self._singles
                or (
                    capital in self._capital_singles
                    and (
                        (i and words[i - 1] in _BEFORE)
                        or (i < last and words[i + 1] in self._region_words)
                    )
                )
                or (
                    i < last
                    and (
                        (word, words[i + 1]) in self._pairs
                        or (capital, written[i + 1]) in self._capital_pairs
                    )
                )
            ):
                starts.append(i)
        return starts
