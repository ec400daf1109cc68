"""Prices and times of day in free text.

A price reads "USD 120", with what it is for where that is said: "USD 120/hour", "GBP 650/month";
"120/hour" when no currency is written. A time reads "10:30" or "09:00-17:00" on a clock of 24
hours, and "24/7" for always.
"""

from __future__ import annotations

import re
from typing import NamedTuple


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
_PRICE_BEFORE = re.compile(
    rf"(us\$|[$£€]|\b(?:usd|gbp|eur)\b)\s{{0,2}}({_NUMBER})(?:(k)(?![a-z]))?(?![\d])"
    rf"(?!\.\d){_UNIT}",
    re.I,
)
_PRICE_AFTER = re.compile(
    rf"(?<![\d.,$£€/:-])({_NUMBER})(?:(k)(?![a-z]))?\s{{0,2}}"
    r"(\$|£|€|(?:usd|gbp|eur|dollars?|bucks?|euros?|pounds|d[oó]lares|roses)\b)"
    rf"(?!\s?\d){_UNIT}",
    re.I,
)
_RATE = re.compile(
    rf"(?<![\d.,$£€/:-])(\d{{2,5}})\s{{0,2}}(?:/|\bper\b|\ban\b)\s{{0,2}}"
    rf"(half hour|half hr|hh|hour|hr|h|hora|night|noche|day|dia|week|wk|month|mo|visit|session)"
    r"(?![a-z])|(?<![\d.,$£€/:-])(\d{2,5})\s?(pcm|pw|p\.c\.m)(?![a-z])",
    re.I,
)
_CLOCK = r"(\d{1,2})(?:[:.h](\d{2}))?\s?(?:([ap])\.?\s?m\b\.?)?"
_TIME_RANGE = re.compile(
    rf"(?<![\d.,:/$£€-]){_CLOCK}\s{{0,2}}(?:-|–|—|to|til|till|until|thru|through|a(?=\s))\s{{0,2}}"
    rf"{_CLOCK}(?![\d:/-]|\.\d)",
    re.I,
)
_TIME_ONE = re.compile(
    r"(?<![\d.,:/$£€-])(\d{1,2})(?:[:.](\d{2}))?\s?([ap])\.?\s?m\b"
    r"|(?<![\d.,:/$£€-])(\d{1,2}):(\d{2})(?::\d{2})?(?![\d:/]|\.\d)()",
    re.I,
)
_ALWAYS = re.compile(
    r"(?<![\d/])24\s?/\s?7(?![\d/])|\b24\s?(?:-\s?)?(?:hours?|hrs?|h)\b(?:\s(?:a|per) day)?", re.I
)
_NOON = re.compile(r"\b(?:noon|midnight|mediod[ií]a|medianoche)\b", re.I)
_DIGIT = re.compile(r"\d")


def find_amounts(text: str) -> list[Amount]:
    """Prices and times of ``text``, in order of position. Linear, never raises."""
    found: list[Amount] = []
    if _DIGIT.search(text):
        found += _times(text)
        found += _prices(text, found)
    for noon in _NOON.finditer(text):
        value = "12:00" if noon[0].lower() in ("noon", "mediodia", "mediodía") else "00:00"
        if _free(found, *noon.span()):
            found.append(Amount(*noon.span(), "time", value))
    return sorted(found)


def _free(found: list[Amount], start: int, end: int) -> bool:
    return not any(a.start < end and start < a.end for a in found[-20:])


def _prices(text: str, others: list[Amount]) -> list[Amount]:
    found: list[Amount] = []

    def add(span: tuple[int, int], currency: str, number: str, k: str | None, unit: str) -> None:
        value = _money(number, k)
        if value is None or not _free(found, *span):
            return
        per = _PER.get(unit.lower().replace(".", ""), "") if unit else ""
        name = _CURRENCY[currency.lower()] + " " if currency else ""
        found.append(Amount(*span, "price", f"{name}{value}" + (f"/{per}" if per else "")))

    for m in _PRICE_BEFORE.finditer(text):
        add(m.span(), m[1], m[2], m[3], m[4] or m[5] or "")
    for m in _PRICE_AFTER.finditer(text):
        add(m.span(), m[3], m[1], m[2], m[4] or m[5] or "")
    for m in _RATE.finditer(text):
        if _free(others, *m.span()):
            add(m.span(), "", m[1] or m[3], None, m[2] or m[4])
    return found


def _money(number: str, k: str | None) -> str | None:
    whole, _, cents = number.replace(",", "").partition(".")
    amount = int(whole) * 100 + int((cents + "00")[:2])
    if k:
        amount *= 1000
    if not amount:
        return None
    return str(amount // 100) + (f".{amount % 100:02d}" if amount % 100 else "")


def _times(text: str) -> list[Amount]:
    found = [Amount(*m.span(), "time", "24/7") for m in _ALWAYS.finditer(text)]
    for m in _TIME_RANGE.finditer(text):
        first, last = (m[1], m[2], m[3] or m[6]), (m[4], m[5], m[6] or m[3])
        marked = (m[3] or m[6]) is not None or (":" in m[0] and m[2] and m[5])
        if not marked:
            continue
        if m[3] is None and m[6] and int(m[1]) > int(m[4]) % 12:  # 9-5pm begins in the morning
            first = (m[1], m[2], "a" if m[6].lower() == "p" else "p")
        a, b = _clock(*first), _clock(*last)
        if a and b and _free(found, *m.span()):
            found.append(Amount(*_trimmed(m), "time", f"{a}-{b}"))
    for m in _TIME_ONE.finditer(text):
        value = _clock(m[1] or m[4], m[2] or m[5], m[3])
        if value and _free(found, *m.span()):
            found.append(Amount(*_trimmed(m), "time", value))
    return found


def _trimmed(found: re.Match[str]) -> tuple[int, int]:
    return found.start(), found.start() + len(found[0].rstrip(" ."))


def _clock(hour: str, minute: str | None, half: str | None) -> str | None:
    h, m = int(hour), int(minute or 0)
    if m > 59 or h > 24 or (half and not 1 <= h <= 12):
        return None
    if half:
        h = h % 12 + (12 if half.lower() == "p" else 0)
    return f"{h % 24:02d}:{m:02d}"
