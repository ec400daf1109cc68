"""Dates as people and programs write them, to UTC.

Read are ISO 8601 with or without zone, American month/day/year, day.month.year, months by name in
English and Spanish, e-mail (RFC 2822) and `ctime` forms, 20170109 and 20170109153000, seconds,
milliseconds and microseconds since 1970, and Excel's day numbers. A time without a zone is taken as
UTC. In numeric dates written with / or - the order of day and month is decided for a whole column:
by the values in which one of both is above 12, by the majority if they disagree; month first if
none tells. With dots the day comes first. A value that cannot be so is read the other way round.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pyarrow.compute as pc

from harborlight.recognize.schema import TIME

FIRST_YEAR, LAST_YEAR = 1970, 2100

_ISO = (
    r"^(19[7-9]\d|20\d\d)-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
    r"([T ]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,6})?)?)?"
)
_ISO_NAIVE, _ISO_ZONED = _ISO + "$", _ISO[:-1] + r"(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$"

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january ene enero",
            "feb february febrero",
            "mar march marzo",
            "apr april abr abril",
            "may mayo",
            "jun june junio",
            "jul july julio",
            "aug august ago agosto",
            "sep sept september septiembre setiembre",
            "oct october octubre",
            "nov november noviembre",
            "dec december dic diciembre",
        ),
        1,
    )
    for name in names.split()
}
_MONTH = "(?P<name>" + "|".join(sorted(_MONTHS, key=lambda n: (-len(n), n))) + r")\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th|º|°)?"
_YEAR = r"(?P<year>\d{4}|'?\d{2})"
_ZONES = {
    "z": 0, "utc": 0, "gmt": 0, "est": -5, "edt": -4, "cst": -6, "cdt": -5,
    "mst": -7, "mdt": -6, "pst": -8, "pdt": -7, "akst": -9, "akdt": -8, "hst": -10,
}  # fmt: skip
_CLOCK = re.compile(
    r"(?P<hour>\d{1,2})(?::(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,](?P<part>\d{1,9}))?)?)?"
    r"\s*(?P<half>[ap]\.?\s?m\.?)?"
    r"\s*(?:(?P<zone>" + "|".join(sorted(_ZONES, key=len, reverse=True)) + r")"
    r"|(?:utc|gmt)?(?P<sign>[+-])(?P<zone_hour>\d{2}):?(?P<zone_minute>\d{2})?(?:\s*\([a-z ]+\))?)?"
)
_DATES = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})",
        r"(?P<year>\d{4})[-/. ]" + _MONTH + r"[-/. ](?P<day>\d{1,2})",
        _DAY + r"[-/. ]*(?:de |of )?" + _MONTH + r"[-/., ]*(?:del? )?" + _YEAR,
        _MONTH + r"[-/. ]*" + _DAY + r"[-/., ]+" + _YEAR,
        r"(?P<first>\d{1,2})(?P<mark>[-/.])(?P<second_>\d{1,2})(?P=mark)(?P<year>\d{4}|\d{2})",
    )
)
_CTIME = re.compile(
    _MONTH + r" +(?P<day>\d{1,2}) +(?P<clock>\d{1,2}:\d{2}(?::\d{2})?)(?P<zone> [a-z]{1,4})? "
    r"(?P<year>\d{4})$"
)
_WEEKDAY = re.compile(
    r"^(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+"
    r"|^(?:lunes|martes|mi[eé]rcoles|jueves|viernes|s[aá]bado|domingo),?\s+"
)
_NUMERIC = re.compile(r"^(\d{1,2})([-/])(\d{1,2})\2(?:\d{4}|\d{2})\b")


def parse(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Times of a column of text or times as TIME; null where a value is not understood.

    Empty text is not understood either: make it null first to tell the two apart.
    """
    if pa.types.is_timestamp(column.type):
        if column.type.tz is None:
            column = column.cast(pa.timestamp("us"), safe=False)
            return _in_range(pc.assume_timezone(column, "UTC"))
        return _in_range(column.cast(TIME, safe=False))
    encoded = column.combine_chunks().dictionary_encode()
    values = pc.utf8_trim_whitespace(encoded.dictionary)
    times = pc.if_else(False, pa.scalar(None, TIME), pa.nulls(len(values), TIME))
    for pattern, kind in ((_ISO_NAIVE, pa.timestamp("us")), (_ISO_ZONED, TIME)):
        matching = pc.match_substring_regex(values, pattern)
        kept = pc.if_else(matching, values, pa.scalar(None, values.type))
        try:
            found = kept.cast(kind)
        except pa.ArrowInvalid:  # a day that its month does not have: each by itself, below
            continue
        if kind.tz is None:
            found = pc.assume_timezone(found, "UTC")
        times = pc.coalesce(times, found)
    left = pc.and_(times.is_null(), values.is_valid())
    if pc.any(left).as_py():
        rest = pc.filter(values, left).to_pylist()
        day_first = is_day_first(rest)
        found = pa.array([parse_one(value, day_first) for value in rest], TIME)
        times = pc.replace_with_mask(times, left, found)
    return pa.chunked_array([times.take(encoded.indices)])


def _in_range(times: pa.ChunkedArray) -> pa.ChunkedArray:
    years = pc.year(times)
    inside = pc.and_(pc.greater_equal(years, FIRST_YEAR), pc.less_equal(years, LAST_YEAR))
    return pc.if_else(inside, times, pa.scalar(None, TIME))


def is_day_first(values: Iterable[str]) -> bool:
    """Whether numeric dates of a column put the day before the month."""
    day = month = 0
    for value in values:
        match = _NUMERIC.match(value)
        if match:
            first, second = int(match[1]), int(match[3])
            day += first > 12 >= second
            month += second > 12 >= first
    return day > month


def parse_one(value: str, day_first: bool = False) -> datetime | None:
    """One date, UTC; None when it is not understood or outside 1970 to 2100."""
    try:
        found = _parse(value, day_first)
    except (ValueError, OverflowError):
        return None
    return found if found and FIRST_YEAR <= found.year <= LAST_YEAR else None


def _parse(value: str, day_first: bool) -> datetime | None:
    text = " ".join(value.casefold().split())
    if len(text) > 64:
        return None
    number = re.fullmatch(r"(\d+)(\.\d+)?", text)
    if number:
        return _from_number(number[1], number[2] or "")
    text = _WEEKDAY.sub("", text)
    ctime = _CTIME.match(text)
    if ctime:
        text = (
            f"{ctime['day']} {ctime['name']} {ctime['year']} {ctime['clock']}{ctime['zone'] or ''}"
        )
    for pattern in _DATES:
        match = pattern.match(text)
        if match:
            rest = text[match.end() :]
            if rest[:1].isalnum() and rest[:1] != "t":
                continue
            year, month, day = _date(match, day_first)
            return _with_clock(datetime(year, month, day, tzinfo=UTC), rest)
    clock_first = re.match(r"(\d{1,2}:\d{2}(?::\d{2})?(?: ?[ap]\.?m\.?)?),? (?=\S*\D)", text)
    if clock_first:
        return _parse(f"{text[clock_first.end() :]} {clock_first[1]}", day_first)
    return None


def _from_number(digits: str, part: str) -> datetime | None:
    """Compact dates, seconds since 1970 and their thousandths, Excel's day numbers."""
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    if not part or part.strip(".0") == "":
        if len(digits) == 8:
            return datetime.strptime(digits, "%Y%m%d").replace(tzinfo=UTC)
        if len(digits) == 12 and digits[:2] in ("19", "20") and 1 <= int(digits[4:6]) <= 12:
            return datetime.strptime(digits, "%Y%m%d%H%M").replace(tzinfo=UTC)
        if len(digits) == 14:
            return datetime.strptime(digits, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    micro = int((part[1:7] or "0").ljust(6, "0"))
    if len(digits) in (9, 10):
        return epoch + timedelta(seconds=int(digits), microseconds=micro)
    if len(digits) in (12, 13):
        return epoch + timedelta(milliseconds=int(digits))
    if len(digits) in (15, 16):
        return epoch + timedelta(microseconds=int(digits))
    if len(digits) == 5 and 25569 <= int(digits) <= 73415:
        seconds = round(float("0" + part) * 86400)
        return datetime(1899, 12, 30, tzinfo=UTC) + timedelta(int(digits), seconds)
    return None


def _date(match: re.Match[str], day_first: bool) -> tuple[int, int, int]:
    parts = match.groupdict()
    year = int(parts["year"].lstrip("'"))
    if len(parts["year"].lstrip("'")) == 2:
        year += 2000 if year < 69 else 1900
    if parts.get("name"):
        return year, _MONTHS[parts["name"]], int(parts["day"])
    if parts.get("month"):
        return year, int(parts["month"]), int(parts["day"])
    first, second = int(parts["first"]), int(parts["second_"])
    if parts["mark"] == ".":
        day_first = True
    if (first > 12) if not day_first else (second > 12):
        day_first = not day_first
    return (year, second, first) if day_first else (year, first, second)


def _with_clock(day: datetime, rest: str) -> datetime | None:
    rest = re.sub(r"^(?:\s*,|t(?=\d)|\s+at\b|\s+a las\b|\s*-(?=\s))?\s*", "", rest)
    if not rest:
        return day
    match = _CLOCK.fullmatch(rest)
    if not match or not (match["minute"] or match["half"]):
        return None
    hour = int(match["hour"])
    if match["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if match["half"].startswith("p") else 0)
    moment = day + timedelta(microseconds=int((match["part"] or "0")[:6].ljust(6, "0")))
    moment = moment.replace(
        hour=hour, minute=int(match["minute"] or 0), second=min(int(match["second"] or 0), 59)
    )
    if match["zone"]:
        return moment - timedelta(hours=_ZONES[match["zone"]])
    if match["sign"]:
        shift = timedelta(hours=int(match["zone_hour"]), minutes=int(match["zone_minute"] or 0))
        return moment - shift if match["sign"] == "+" else moment + shift
    return moment
