"""Prices and times of day in free text.

A price reads "USD 120", with what it is for where that is said: "USD 120/hour", "GBP 650/month";
"120/hour" when no currency is written. A time reads "10:30" or "09:00-17:00" on a clock of 24
hours, and "24/7" for always.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import NamedTuple

from harborlight.recognize.signals.digits import FIGURES
from harborlight.recognize.signals.readable import Readable, readable
from harborlight.recognize.signals.trigger_words import NOON


class Amount(NamedTuple):
    """What was found: offsets into the text, kind ("price" or "time") and value."""

    start: int
    end: int
    kind: str
    value: str


_CURRENCY = {
    "$": "USD", "usd": "USD", "us$": "USD", "dollars": "USD", "dollar": "USD", "bucks": "USD",
    "buck": "USD", "dolares": "USD", "dólares": "USD", "roses": "USD",
    "£": "GBP", "gbp": "GBP", "pounds": "GBP", "€": "EUR", "eur": "EUR", "euro": "EUR",
    "euros": "EUR",
}  # fmt: skip
_PER = {
    "hour": "hour", "hr": "hour", "h": "hour", "hora": "hour", "hourly": "hour",
    "half hour": "half hour", "half hr": "half hour", "hh": "half hour",
    "minute": "minute", "min": "minute", "day": "day", "daily": "day", "dia": "day",
    "night": "night", "nightly": "night", "noche": "night", "week": "week", "wk": "week",
    "weekly": "week", "pw": "week", "semana": "week", "month": "month", "mo": "month",
    "mth": "month", "monthly": "month", "pcm": "month", "pm": "month", "mes": "month",
    "year": "year", "yr": "year", "visit": "visit", "session": "session", "person": "person",
    "each": "each", "ea": "each", "sqft": "sqft", "mile": "mile", "room": "room", "lb": "lb",
}  # fmt: skip
_NUMBER = r"\d{1,3}(?:,\d{3}){1,3}(?:\.\d{1,2})?|\d{1,7}(?:\.\d{1,2})?"
_PER_WORDS = "|".join(sorted((w for w in _PER if w != "pm"), key=lambda w: (-len(w), w)))
_UNIT = (
    rf"(?:\s{{0,2}}(?:/|\bper\b|\ban?\b|\bpor\b|\bla\b)\s{{0,2}}(?:1\s?)?({_PER_WORDS}|pm)(?![a-z])"
    r"|\s?(p\.?c\.?m|p\.?w|pm|pcm|hourly|weekly|monthly|daily|nightly|each|ea)(?![a-z]))?"
)
_CURRENCY_BEFORE = re.compile(r"(?:us\$|[$£€]|(?<![a-z])(?:usd|gbp|eur))\s{0,2}$", re.I)
#: All of these are matched where a run of digits begins.
_PRICE = re.compile(rf"({_NUMBER})(?:(k)(?![a-z]))?(?![\d])(?!\.\d){_UNIT}", re.I)
_PRICE_AFTER = re.compile(
    rf"({_NUMBER})(?:(k)(?![a-z]))?\s{{0,2}}"
    r"(\$|£|€|(?:usd|gbp|eur|dollars?|bucks?|euros?|pounds|d[oó]lares|roses)\b)"
    rf"(?!\s?\d){_UNIT}",
    re.I,
)
_RATE = re.compile(
    r"(\d{2,5})(?:\s{0,2}(?:/|\bper\b|\ban\b)\s{0,2}"
    r"(half hour|half hr|hh|hour|hr|h|hora|night|noche|day|dia|week|wk|month|mo|visit|session)"
    r"|\s?(pcm|pw|p\.c\.m))(?![a-z])",
    re.I,
)
_CLOCK = r"(\d{1,2})(?:[:.h](\d{2}))?\s?(?:([ap])\.?\s?m\b\.?)?"
_TIME_RANGE = re.compile(
    rf"{_CLOCK}\s{{0,2}}(?:-|–|—|to|til|till|until|thru|through|a(?=\s))\s{{0,2}}"
    rf"{_CLOCK}(?![\d:/-]|\.\d)",
    re.I,
)
_TIME_ONE = re.compile(
    r"(\d{1,2})(?:[:.](\d{2}))?\s?([ap])\.?\s?m\b"
    r"|(\d{1,2}):(\d{2})(?::\d{2})?(?![\d:/]|\.\d)()",
    re.I,
)
_ALWAYS = re.compile(
    r"24\s?/\s?7(?![\d/])|24\s?(?:-\s?)?(?:hours?|hrs?|h)\b(?:\s(?:a|per) day)?", re.I
)
_NOON_WORD = re.compile(rf"\b(?:{'|'.join(NOON)})\b")
#: A figure before which one of these stands is part of a longer one.
_PART_OF = ".,:/-"


def find_amounts(text: str) -> list[Amount]:
    """Prices and times of ``text``, in order of position. Linear, never raises."""
    read = readable(text)
    return [Amount(*read.span(a.start, a.end), a.kind, a.value) for a in amounts_in(read)]


def amounts_in(readable: Readable, but: Collection[tuple[int, int]] = ()) -> list[Amount]:
    """Prices and times of a text made readable; offsets into ``readable.text``.

    Figures that begin within one of the spans ``but`` are passed over.
    """
    text = readable.lower
    found: list[Amount] = []
    done = 0
    noon = False
    for at, word in readable.notable:
        for first, last in FIGURES[word]:
            start = at + first
            if start < done or last - first > 7:
                continue
            for a, b in but:
                if a <= start < b:
                    break
            else:
                amount = _amount_at(text, start)
                if amount and amount.start >= done:
                    found.append(amount)
                    done = amount.end
        noon = noon or word in NOON
    if noon:
        found += [Amount(*m.span(), "time", NOON[m[0]]) for m in _NOON_WORD.finditer(text)]
        found.sort()
    return found


def _amount_at(text: str, start: int) -> Amount | None:
    """The price or time whose first figure begins at ``start``."""
    before = text[start - 1 : start] if start else ""
    if before in "$£€ dpr" and before:
        sign = _CURRENCY_BEFORE.search(text, max(0, start - 6), start)
        if sign:
            m = _PRICE.match(text, start)
            return m and _price(sign.start(), m.end(), sign[0], m[1], m[2], m[3] or m[4])
    if before in _PART_OF and before and text[start - 2 : start - 1].isdigit():
        return None
    if before == "/":
        return None
    if text.startswith("24", start):
        m = _ALWAYS.match(text, start)
        if m:
            return Amount(*m.span(), "time", "24/7")
    m = _TIME_RANGE.match(text, start)
    if m:
        value = _range(m)
        if value:
            return Amount(start, start + len(m[0].rstrip(" .")), "time", value)
    m = _TIME_ONE.match(text, start)
    if m:
        value = _clock(m[1] or m[4], m[2] or m[5], m[3])
        if value:
            return Amount(start, start + len(m[0].rstrip(" .")), "time", value)
    m = _PRICE_AFTER.match(text, start)
    if m:
        return _price(start, m.end(), m[3], m[1], m[2], m[4] or m[5])
    m = _RATE.match(text, start)
    return m and _price(start, m.end(), "", m[1], None, m[2] or m[3])


def _price(
    start: int, end: int, currency: str, number: str, k: str | None, unit: str | None
) -> Amount | None:
    value = _money(number, k)
    if value is None:
        return None
    per = _PER.get(unit.replace(".", ""), "") if unit else ""
    name = _CURRENCY[currency.strip()] + " " if currency else ""
    return Amount(start, end, "price", f"{name}{value}" + (f"/{per}" if per else ""))


def _money(number: str, k: str | None) -> str | None:
    whole, _, cents = number.replace(",", "").partition(".")
    amount = int(whole) * 100 + int((cents + "00")[:2])
    if k:
        amount *= 1000
    if not amount:
        return None
    return str(amount // 100) + (f".{amount % 100:02d}" if amount % 100 else "")


def _range(m: re.Match[str]) -> str | None:
    half = m[3] or m[6]
    if half is None and not (m[2] and m[5]):
        return None  # 9-5 may be anything
    first = (m[1], m[2], half)
    if m[3] is None and m[6] and int(m[1]) > int(m[4]) % 12:  # 9-5pm begins in the morning
        first = (m[1], m[2], "a" if m[6] == "p" else "p")
    a, b = _clock(*first), _clock(m[4], m[5], m[6] or m[3])
    return f"{a}-{b}" if a and b else None


def _clock(hour: str, minute: str | None, half: str | None) -> str | None:
    h, m = int(hour), int(minute or 0)
    if m > 59 or h > 24 or (half and not 1 <= h <= 12):
        return None
    if half:
        h = h % 12 + (12 if half == "p" else 0)
    return f"{h % 24:02d}:{m:02d}"
