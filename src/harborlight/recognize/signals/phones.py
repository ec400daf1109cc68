"""Telephone numbers in free text, through what people do to hide them from machines.

Pieces that stand for digits (``digits``) are put together where only punctuation, symbols, emoji
or white space lie between them, or a few words that belong to a call ("507 call me 555 anytime
0142"). What comes out must be a number: valid by ``phonenumbers`` (North American without prefix,
any country with + or 00), in a shape in which numbers are written, and not said to be something
else (ISBN, order, tracking, coordinates). 555-01xx is kept for fiction and counts as valid with any
area code.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import NamedTuple

import phonenumbers

from harborlight.recognize.signals.digits import Digits, find_digits
from harborlight.recognize.signals.phone_context import (
    COUNTED,
    GO_ON,
    NOT_BEFORE,
    is_called,
    is_labelled,
    words_of,
)
from harborlight.recognize.signals.phone_formats import Form, form_of
from harborlight.recognize.signals.readable import Readable, readable


class Phone(NamedTuple):
    """A number in E.164 and where it stands: offsets into the original text."""

    start: int
    end: int
    value: str


#: Digits that a number has at least, in any country.
_FEWEST = 7
#: And in North America, without prefix.
_NORTH_AMERICAN = 10
_LONGEST_GAP = 24
_LONGEST_WORDS_GAP = 40
#: A gap that says the numbers beside it are not of one telephone number.
_MONEY = re.compile(r"[$£€%=]")
_HAS_LETTER = re.compile(r"[^\W\d_]")

# --- validity ------------------------------------------------------------------------------------


@lru_cache(maxsize=65536)
def _valid_prefix(six: str) -> bool:
    """Whether numbers with this area code and exchange are assigned, by ``phonenumbers``."""
    return any(
        phonenumbers.is_valid_number(phonenumbers.PhoneNumber(1, int(six + line)))
        for line in ("0123", "2345")
    )


def north_american(digits: str) -> str | None:
    """The E.164 of ten digits, or of eleven that begin with 1; None when there is no such number.

    555-01xx, kept for fiction, is accepted with every area code of the right form.
    """
    if len(digits) == 11 and digits[0] == "1":
        digits = digits[1:]
    if len(digits) != 10 or digits[0] in "01" or digits[3] in "01" or digits[1:3] == "11":
        return None
    if (digits[3:8] == "55501" and digits[:3] != "555") or _valid_prefix(digits[:6]):
        return "+1" + digits
    return None


@lru_cache(maxsize=65536)
def international(digits: str) -> str | None:
    """The E.164 of digits that follow a + or 00; None when there is no such number."""
    if not _FEWEST <= len(digits) <= 15:
        return None
    if digits[0] == "1":
        return north_american(digits) if len(digits) == 11 else None
    try:
        number = phonenumbers.parse("+" + digits)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    value: str = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return value


# --- reading a text ------------------------------------------------------------------------------


def find_phones(text: str) -> list[Phone]:
    """The telephone numbers of ``text``, in order. Linear in the text, never raises."""
    read = readable(text)
    return [Phone(*read.span(p.start, p.end), p.value) for p in phones_of([read])[0]]


def phones_of(texts: Sequence[Readable]) -> list[list[Phone]]:
    """The telephone numbers of texts made readable; offsets into ``text`` of each."""
    return list(map(_in_pieces, texts, list(map(find_digits, texts))))


def _in_pieces(readable: Readable, pieces: list[Digits]) -> list[Phone]:
    digits = "".join([p.digits for p in pieces])
    return _Reader(readable.lower, pieces, digits).read() if len(digits) >= 8 else []


class _Reader:
    """One text, its pieces, and the numbers put together from them."""

    def __init__(self, lower: str, pieces: list[Digits], digits: str) -> None:
        self.lower = lower
        self.pieces = pieces
        #: All digits in a row, where those of each piece begin, and the piece that ends at a place.
        self.digits = digits
        ends = list(accumulate([len(p.digits) for p in pieces]))
        self.begins = [0, *ends[:-1]]
        self.ending = {end: i for i, end in enumerate(ends)}
        self.gaps = [lower[a.end : b.start][: _LONGEST_WORDS_GAP + 1] for a, b in pairwise(pieces)]

    def read(self) -> list[Phone]:
        found: list[Phone] = []
        taken: list[tuple[int, int]] = []
        left = len(self.digits)
        for first, last in self._runs():
            if self._count(first, last) < _FEWEST:
                continue
            at = first
            while at <= last:
                hit = self._number_from(at, first, last)
                if hit is None:
                    at += 1
                    continue
                end, value = hit
                if last - first > end - at:
                    at, end, value = self._best_near(at, end, value, first, last)
                found.append(self._phone(at, end, value))
                taken.append((at, end))
                left -= self._count(at, end)
                at = end + 1
        if left >= _NORTH_AMERICAN:
            found += self._split_by_words(taken)
        return sorted(found)

    def _count(self, first: int, last: int) -> int:
        """How many digits some pieces have."""
        return self.begins[last] + len(self.pieces[last].digits) - self.begins[first]

    def _best_near(
        self, at: int, end: int, value: str, first: int, last: int
    ) -> tuple[int, int, str]:
        """The number that begins at ``at``, or one overlapping it that is written more evenly."""
        best = (len({*self.gaps[at:end]}), at, end, value)
        for start in range(at + 1, min(end, at + 8) + 1):
            hit = self._number_from(start, first, last)
            if hit:
                best = min(best, (len({*self.gaps[start : hit[0]]}), start, *hit))
        return best[1:]

    def _phone(self, first: int, last: int, value: str) -> Phone:
        start = self.pieces[first].start
        if value and start and self.lower[start - 1] == "+":
            start -= 1
        return Phone(start, self.pieces[last].end, value)

    def _runs(self) -> list[tuple[int, int]]:
        """First and last of pieces with no words and no money between them."""
        runs = []
        first = 0
        for i, gap in enumerate(self.gaps):
            if _parts(gap):
                runs.append((first, i))
                first = i + 1
        if self.pieces:
            runs.append((first, len(self.pieces) - 1))
        return runs

    def _number_from(self, at: int, first: int, last: int) -> tuple[int, str] | None:
        pieces = self.pieces
        if pieces[at].kind == "letters":
            return None
        before = self.lower[max(0, pieces[at].start - 1) : pieces[at].start]
        digits = pieces[at].digits
        if before == "+" or (at == first and (digits.startswith("00") or digits == "011")):
            hit = self._international_from(at, last, before == "+")
            if hit:
                return hit
        begin = self.begins[at]
        stop = begin + (11 if digits[0] == "1" else 10)
        end = self.ending.get(stop, last + 1)
        if end > last:
            return None
        value = north_american(self.digits[begin:stop])
        if value and self._is_written_as_number(at, end, first, last):
            return end, value
        return None

    def _international_from(self, at: int, last: int, plus: bool) -> tuple[int, str] | None:
        total = ""
        best: tuple[int, str] | None = None
        for end in range(at, min(last, at + 15) + 1):
            if end > at and self.gaps[end - 1].count("\n") > 1:
                break
            total += self.pieces[end].digits
            if len(total) > 18:
                break
            number = total
            if not plus:
                number = total[3:] if total.startswith("011") else total[2:]
            value = international(number)
            if value:
                best = (end, value)
        if best and not plus and is_labelled(self._before(at), formatted=False):
            return None
        return best

    # --- is it a number? ---

    def _is_written_as_number(self, at: int, end: int, first: int, last: int) -> bool:
        pieces = self.pieces[at : end + 1]
        form = form_of(tuple([(len(p.digits), p.kind) for p in pieces]), tuple(self.gaps[at:end]))
        if not form.usual:
            return False
        whole = form.classic or (at == first and end == last)
        if not whole and not self._stands_apart(at, end, first, last):
            return False
        if self._is_data(at, [p.digits for p in pieces], form):
            return False
        if self._glued_beside(at, end) and not (form.spelled and form.classic):
            return False
        return form.spelled or not is_labelled(self._before(at), formatted=form.cut)

    def _is_data(self, at: int, texts: list[str], form: Form) -> bool:
        """Dates, addresses of machines, lists of prices, counting."""
        if form.worded:
            return len(texts) > 8 and _counts_up(texts)
        if form.dotted and len(texts) == 4 and all(int(t) < 256 for t in texts):
            return True
        if _counts_up(texts):
            return True
        fives = form.listed and all(
            1 < len(t) < 6 and t[0] != "0" and int(t) % 5 == 0 for t in texts
        )
        if fives and not is_called(self._before(at)):
            return True
        if not form.commas or any(t[0] == "0" for t in texts):
            return False
        return max(map(len, texts)) > 1 and not is_called(self._before(at))

    def _before(self, at: int, length: int = 48) -> str:
        start = self.pieces[at].start
        return self.lower[max(0, start - length) : start]

    def _stands_apart(self, at: int, end: int, first: int, last: int) -> bool:
        """Whether what bounds a part of a run is wider than what joins it."""
        inside = {mark for gap in self.gaps[at:end] for mark in _marks(gap)}
        edges = []
        if at > first:
            edges.append(self.gaps[at - 1])
        if end < last:
            edges.append(self.gaps[end])
        apart = all(any(mark not in inside for mark in _marks(edge)) for edge in edges)
        if apart and all(any(c.isspace() for c in e) or len(e) > 1 for e in edges):
            return True
        single = all(len(p.digits) == 1 for p in self.pieces[at : end + 1])
        rest = sum(len(p.digits) for p in self.pieces[end + 1 : last + 1])
        spelled = any(p.kind == "word" for p in self.pieces[at : end + 1])
        return (single or spelled) and (rest == 0 or rest >= 10 or spelled)

    def _glued_beside(self, at: int, end: int) -> bool:
        """Whether the number is part of a longer figure: 1.5075550142, 5075550142.50, 507-...-12"""
        start, stop = self.pieces[at].start, self.pieces[end].end
        before = self.lower[max(0, start - 2) : start]
        after = self.lower[stop : stop + 2]
        if len(before) == 2 and before[1] in ".-/," and before[0].isdigit():
            return True
        if before.endswith(("$", "£", "€", "#")) and not before.endswith(" #"):
            return before[-1] != "#"
        return len(after) == 2 and after[0] in ".-/" and after[1].isdigit()

    # --- split by words ---

    def _split_by_words(self, taken: list[tuple[int, int]]) -> list[Phone]:
        """Numbers in two to four groups with words between: 507 call me 555 anytime 0142."""
        used = {i for a, b in taken for i in range(a, b + 1)}
        free = [i for i, p in enumerate(self.pieces) if i not in used and p.kind != "letters"]
        found: list[Phone] = []
        digits = "".join(self.pieces[i].digits for i in free)
        begin = at = 0
        while at < len(free):
            size = len(self.pieces[free[at]].digits)
            stop = begin + (11 if digits[begin] == "1" else 10)
            count, value = 1, ""
            if size < 10 and north_american(digits[begin:stop]):
                count, value = self._split_from(free[at : at + 11])
            if value:
                found.append(self._phone(free[at], free[at + count - 1], value))
                size = stop - begin
            begin += size
            at += count
        return found

    def _split_from(self, places: list[int]) -> tuple[int, str]:
        """How many pieces to go on by, and the number they make with words between, or ""."""
        total = ""
        words: set[int] = set()  # digits before each gap of words
        cuts: set[int] = set()
        for count, place in enumerate(places, 1):
            if count > 1:
                gap = self._joined(places[count - 2], place)
                if gap is None:
                    return 1, ""
                cuts.add(len(total))
                if gap:
                    words.add(len(total))
            total += self.pieces[place].digits
            if len(total) >= 10:
                shift = len(total) - 10
                value = north_american(total)
                fits = {c - shift for c in words} <= {0, 3, 6} and words
                even = {c - shift for c in cuts if c > shift} in ({3, 6}, {3}, {6})
                spelled = any(self.pieces[i].kind == "word" for i in places[:count])
                if value and fits and (even or spelled) and self._split_is_meant(places[:count]):
                    return count, value
                return 1, ""
        return 1, ""

    def _joined(self, before: int, after: int) -> bool | None:
        """Whether words join two pieces (True) or only marks do (False); None: nothing does."""
        gap = self.lower[self.pieces[before].end : self.pieces[after].start]
        if len(gap) > _LONGEST_WORDS_GAP or _MONEY.search(gap) or any(map(str.isdigit, gap)):
            return None
        if not _HAS_LETTER.search(gap):
            return False if len(gap) <= _LONGEST_GAP else None
        return None if COUNTED.match(gap) or NOT_BEFORE.search(gap) else True

    def _split_is_meant(self, places: list[int]) -> bool:
        start, stop = self.pieces[places[0]].start, self.pieces[places[-1]].end
        before = self._before(places[0])
        if (
            _MONEY.search(before[-2:])
            or NOT_BEFORE.search(before)
            or COUNTED.match(self.lower, stop)
            or is_labelled(before, formatted=False)
            or self._glued_beside(places[0], places[-1])
        ):
            return False
        if is_called(before) or any(w in GO_ON for w in words_of(self.lower[start:stop])):
            return True
        texts = [self.pieces[i].digits for i in places]
        if all(t[0] != "0" and int(t) % 5 == 0 for t in texts):
            return False
        gaps = [
            len(words_of(self.lower[self.pieces[a].end : self.pieces[b].start]))
            for a, b in pairwise(places)
        ]
        return all(n <= 2 for n in gaps) and not re.fullmatch("(?:19|20)..", texts[-1])


@lru_cache(maxsize=16384)
def _parts(gap: str) -> bool:
    """Whether what stands between two pieces parts them: words, money or much of anything."""
    return bool(len(gap) > _LONGEST_GAP or _HAS_LETTER.search(gap) or _MONEY.search(gap))


def _marks(gap: str) -> list[str]:
    return [" " if c.isspace() else c for c in gap] or [""]


def _counts_up(texts: list[str]) -> bool:
    """Whether figures count: 1 2 3 4 5 6 7, or 100 150 200."""
    if len(texts) < 3 or any(len(t) > 6 or (t[0] == "0" and len(t) > 1) for t in texts):
        return False
    numbers = [int(t) for t in texts]
    steps = [b - a for a, b in pairwise(numbers)]
    return (len(set(steps)) == 1 and steps[0] != 0) or steps[:6] == [1] * 6
