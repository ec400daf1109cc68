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
from functools import lru_cache
from typing import NamedTuple

import phonenumbers

from harborlight.recognize.characters import latin_look, plain, plain_with_map
from harborlight.recognize.digits import Digits, find_digits


class Phone(NamedTuple):
    """A number in E.164 and where it stands: offsets into the original text."""

    start: int
    end: int
    value: str


_LONGEST_GAP = 24
_LONGEST_WORDS_GAP = 40
#: A gap that says the numbers beside it are not of one telephone number.
_MONEY = re.compile(r"[$£€%=]")
_HAS_LETTER = re.compile(r"[^\W\d_]")
_TO_CALL = frozenset(
    """call calls calling text texts texting txt tex phone phones tel telephone cell mobile number
    num reach ring dial contact whatsapp sms anytime msg message messages hit holler buzz line
    llama llamame llámame marca numero teléfono telefono cel celular escribe manda mensaje whats
    ph fone digits mob fax contacto me""".split()  # noqa: SIM905
)
_SOMETHING_ELSE = re.compile(
    r"(?:isbn(?:[ -]?1[03])?|tracking|invoice|inv|ref|reference|confirmation|conf|serial|sku|upc|ean|"
    r"imei|vin|policy|account|acct|routing|iban|license|licence|lic|permit|mls|parcel|item|part|"
    r"model|barcode|claim|ticket|case|lat|latitude|lon|long|lng|longitude|gps|coordinates|coords|"
    r"order|po|listing|booking|receipt|transaction|reg|registration|vat|ein|ssn|asin|sn|batch|lot|"
    r"card|visa|mastercard|amex|ip|version|ver|id|usps|ups|fedex|dhl|customer|member|membership|"
    r"zip|patent|docket|file|code|doi|issn|oclc|lccn|gtin|mac|ad|post|posting|product|plate)"
)
#: Directly before a number, with "no.", "#", "is" between or not.
_LABELLED = re.compile(
    rf"(?<![a-z])({_SOMETHING_ELSE.pattern})s?"
    r"(?:[\s.:#=()\-]|\b(?:no|nr|num|number|numbers|id|code|is|was|are)\b){0,14}$"
)
_STRONG_LABEL = re.compile(r"#|\b(?:no|nr|num|number|id|code)\b|:")
_PLACES = re.compile(r"(?:lat|lon|lng|gps|coord)")
_COUNTED = re.compile(
    r"\s*(?:sq|sqft|ft|feet|foot|mile|miles|mi|km|m|lb|lbs|kg|dollars?|usd|bucks|bed|beds|bedrooms?|"
    r"bath|baths|bathrooms?|br|ba|hours?|hrs?|hr|min|mins|minutes?|am|pm|years?|yrs?|days?|weeks?|"
    r"months?|people|guests|inch|inches|in|by|x|to|through|thru|until|st|street|ave|avenue|rd|road|"
    r"dr|drive|ln|lane|blvd|hwy|apt|unit|suite|room|rooms|percent|pcm|pm|pw|th|nd|rd|per|and|or|"
    r"pages?|gb|mb|hp|cc|mph|cm|mm|oz|gallons?|acres?|units?|photos?|pics?|reviews?|stars?)"
    r"(?![a-z])"
)
_NOT_BEFORE = re.compile(
    r"(?:apt|apartment|unit|suite|ste|room|rm|route|rt|hwy|highway|exit|floor|box|from|"
    r"under|over|size|sizes|model|year|since|in)\.?\s*#?$"
)


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
    if not 7 <= len(digits) <= 15:
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
    if text.isascii():
        lower, origins = plain(text).lower(), None
    else:
        lower = latin_look(plain(text), True).lower()
        origins = []
    pieces = find_digits(lower)
    if sum(len(p.digits) for p in pieces) < 8:
        return []
    found = _Reader(lower, pieces).read()
    if not found or origins is None:
        return found
    _, origins = plain_with_map(text)
    return [Phone(origins[p.start], origins[p.end - 1] + 1, p.value) for p in found]


class _Reader:
    """One text, its pieces, and the numbers put together from them."""

    def __init__(self, lower: str, pieces: list[Digits]) -> None:
        self.lower = lower
        self.pieces = pieces
        self.gaps = [
            lower[a.end : b.start][: _LONGEST_WORDS_GAP + 1]
            for a, b in zip(pieces, pieces[1:], strict=False)
        ]

    def read(self) -> list[Phone]:
        found: list[Phone] = []
        taken: list[tuple[int, int]] = []
        runs = list(self._runs())
        for first, last in runs:
            at = first
            while at <= last:
                hit = self._number_from(at, first, last)
                if hit is None:
                    at += 1
                    continue
                end, value = hit
                found.append(self._phone(at, end, value))
                taken.append((at, end))
                at = end + 1
        return sorted(found + self._split_by_words(runs, taken))

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
            if len(gap) > _LONGEST_GAP or _HAS_LETTER.search(gap) or _MONEY.search(gap):
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
        if before == "+" or digits.startswith("00") or digits == "011":
            hit = self._international_from(at, last, before == "+")
            if hit:
                return hit
        total = ""
        for end in range(at, min(last, at + 11) + 1):
            total += pieces[end].digits
            if len(total) > 11:
                break
            if len(total) == 10 or (len(total) == 11 and total[0] == "1"):
                if end < last and pieces[end].kind == "letters":
                    continue
                value = north_american(total)
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
        if best and not plus and self._is_labelled(at, best[0], formatted=False):
            return None
        return best

    # --- is it a number? ---

    def _is_written_as_number(self, at: int, end: int, first: int, last: int) -> bool:
        pieces = self.pieces[at : end + 1]
        gaps = self.gaps[at:end]
        lengths = [len(p.digits) for p in pieces]
        if sum(lengths) == 11:
            if pieces[0].kind == "word" and len(pieces) > 1 and pieces[1].kind == "digits":
                return False
            lengths = [n for n in [lengths[0] - 1, *lengths[1:]] if n]
        cuts = []
        total = 0
        for n in lengths[:-1]:
            total += n
            cuts.append(total)
        spelled = any(p.kind in ("word", "mixed") for p in pieces)
        classic = set(cuts) == {3, 6} or not cuts
        whole = at == first and end == last
        if not whole and not classic and not self._stands_apart(at, end, first, last):
            return False
        if not self._shape(cuts, gaps, spelled) or self._is_data(pieces, gaps):
            return False
        beside = self._glued_beside(at, end)
        if beside and not (spelled and classic):
            return False
        return not self._is_labelled(at, end, formatted=classic and bool(cuts))

    def _shape(self, cuts: list[int], gaps: list[str], spelled: bool) -> bool:
        at = set(cuts)
        if spelled:
            return True
        if at <= {3, 6}:
            # 203.5551234 is a decimal number.
            return not (len(at) == 1 and len(gaps) == 1 and gaps[0] == ".")
        if {3, 6} <= at:
            return True
        same = len(set(gaps)) == 1
        if len(cuts) >= 5:
            return True
        return (
            same
            and gaps[0].strip() not in (",", "/", ":")
            and at
            in (
                {2, 4, 6, 8},
                {5},
                {3, 7},
                {4, 7},
                {3, 5, 7},
                {1, 4, 7},
            )
        )

    def _is_data(self, pieces: list[Digits], gaps: list[str]) -> bool:
        """Dates, addresses of machines, lists of prices, counting."""
        texts = [p.digits for p in pieces]
        if any(p.kind == "word" for p in pieces):
            return len(texts) > 8 and _counts_up(texts)
        marks = [g.strip() for g in gaps]
        if len(texts) == 4 and set(marks) == {"."} and all(int(t) < 256 for t in texts):
            return True
        if _counts_up(texts):
            return True
        if len(texts) > 1 and all(len(t) > 1 and t[0] != "0" and int(t) % 5 == 0 for t in texts):
            listed = all(not m or m in ",/;|" for m in marks)
            if listed and not self._is_called(pieces):
                return True
        commas = any(g.strip() in (",", ";") and g != g.strip() for g in gaps)
        return commas and max(map(len, texts)) > 1 and not self._is_called(pieces)

    def _is_called(self, pieces: list[Digits]) -> bool:
        """Whether a word of calling stands within five words before."""
        before = self.lower[max(0, pieces[0].start - 40) : pieces[0].start]
        return any(w in _TO_CALL for w in re.findall(r"[^\W\d_]+", before)[-5:])

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

    def _is_labelled(self, at: int, end: int, formatted: bool) -> bool:
        """Whether the words before say that it is something else than a telephone number."""
        before = self.lower[max(0, self.pieces[at].start - 40) : self.pieces[at].start]
        label = _LABELLED.search(before)
        if label:
            between = label[0][len(label[1]) :]
            if not formatted or _PLACES.match(label[1]) or _STRONG_LABEL.search(between):
                return True
            return label[1] not in (
                "order",
                "ad",
                "post",
                "booking",
                "long",
                "line",
                "part",
                "case",
            )
        return False

    # --- split by words ---

    def _split_by_words(
        self, runs: list[tuple[int, int]], taken: list[tuple[int, int]]
    ) -> list[Phone]:
        """Numbers in two to four groups with words between: 507 call me 555 anytime 0142."""
        used = {i for a, b in taken for i in range(a, b + 1)}
        groups = [
            (a, b, "".join(p.digits for p in self.pieces[a : b + 1]))
            for a, b in runs
            if not any(i in used for i in range(a, b + 1))
            and any(p.kind != "letters" for p in self.pieces[a : b + 1])
        ]
        found: list[Phone] = []
        i = 0
        while i < len(groups):
            hit = self._split_from(groups, i)
            if hit:
                count, value = hit
                found.append(self._phone(groups[i][0], groups[i + count - 1][1], value))
                i += count
            else:
                i += 1
        return found

    def _split_from(self, groups: list[tuple[int, int, str]], i: int) -> tuple[int, str] | None:
        total = ""
        cuts: set[int] = set()
        for count in range(1, min(11, len(groups) - i) + 1):
            first, last, digits = groups[i + count - 1]
            if count > 1 and not self._joined_by_words(groups[i + count - 2][1], first):
                return None
            total += digits
            if count > 1 and len(total) >= 10:
                value = north_american(total)
                shift = len(total) - 10
                if value and {c - shift for c in cuts} <= {0, 3, 6}:
                    return (count, value) if self._split_is_meant(groups, i, count) else None
            if len(total) > 10:
                return None
            cuts.add(len(total))
        return None

    def _joined_by_words(self, before: int, after: int) -> bool:
        gap = self.lower[self.pieces[before].end : self.pieces[after].start]
        if after - before > 3 or len(gap) > _LONGEST_WORDS_GAP or _MONEY.search(gap):
            return False
        return not _COUNTED.match(gap) and not _NOT_BEFORE.search(gap)

    def _split_is_meant(self, groups: list[tuple[int, int, str]], i: int, count: int) -> bool:
        first, last = groups[i][0], groups[i + count - 1][1]
        start, stop = self.pieces[first].start, self.pieces[last].end
        before = self.lower[max(0, start - 40) : start]
        if (
            _MONEY.search(before[-2:])
            or _NOT_BEFORE.search(before)
            or _COUNTED.match(self.lower, stop)
        ):
            return False
        if self._is_labelled(first, last, formatted=False):
            return False
        within = self.lower[start:stop]
        words = re.findall(r"[^\W\d_]+", within)
        around = re.findall(r"[^\W\d_]+", before)[-4:]
        if any(w in _TO_CALL for w in words + around):
            return True
        gaps = [
            len(
                re.findall(
                    r"[^\W\d_]+", self.lower[self.pieces[a[1]].end : self.pieces[b[0]].start]
                )
            )
            for a, b in zip(groups[i : i + count], groups[i + 1 : i + count], strict=False)
        ]
        return all(n <= 2 for n in gaps) and not re.fullmatch(
            "(?:19|20)..", groups[i + count - 1][2]
        )


def _marks(gap: str) -> list[str]:
    return [" " if c.isspace() else c for c in gap] or [""]


def _counts_up(texts: list[str]) -> bool:
    if len(texts) < 3 or any(len(t) > 6 for t in texts):
        return False
    numbers = [int(t) for t in texts]
    steps = {b - a for a, b in zip(numbers, numbers[1:], strict=False)}
    return len(steps) == 1 and steps != {0}
