"""Dates and phones as people write and read them."""

from __future__ import annotations

from datetime import date, datetime

import phonenumbers

MONTHS = "January February March April May June July August September October November December"


def day(moment: date | None) -> str:
    """A date as people write it: 9 January 2017."""
    return f"{moment.day} {MONTHS.split()[moment.month - 1]} {moment.year}" if moment else "no date"


def period(first: datetime | None, last: datetime | None) -> str:
    """From a date to a date."""
    if first is None or last is None:
        return "no dates"
    return day(first) if first.date() == last.date() else f"{day(first)} to {day(last)}"


def phone(value: str) -> str:
    """E.164 in groups, as it is read aloud."""
    try:
        number = phonenumbers.parse(value)
    except phonenumbers.NumberParseException:
        return value
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL))
