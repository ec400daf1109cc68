"""One strict reader of JSON for every door through which strangers send it.

Refused, each with a short reason that names no content: bytes that are no UTF-8, NUL characters,
lone surrogates (half an emoji), nesting beyond `DEPTH`, repeated names in an object, NaN and
infinities, and numbers of more than `DIGITS` digits. What is read can be encoded again, stored in
PostgreSQL and shown.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any

DEPTH = 32
"""Levels of lists and objects within each other."""
DIGITS = 18
"""Digits of a whole number; larger ones fit no column."""
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)


class StrictJsonError(ValueError):
    """The bytes are not JSON that can be kept and shown. The message names no content."""


def storable(text: str) -> bool:
    """Whether a text can be encoded as UTF-8 and stored by PostgreSQL."""
    return "\x00" not in text and not any("\ud800" <= each <= "\udfff" for each in text)


def loads(raw: bytes) -> Any:
    """The value in these bytes. StrictJsonError where the module's rules are broken."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise StrictJsonError("not UTF-8") from None
    depth = deepest = 0
    for each in _QUOTED.sub("", text):
        depth += (each in "[{") - (each in "]}")
        deepest = max(deepest, depth)
    if deepest > DEPTH:
        raise StrictJsonError("nested too deep")
    try:
        value = json.loads(
            text,
            parse_constant=_no_constant,
            parse_int=_integer,
            parse_float=_number,
            object_pairs_hook=_object,
        )
    except StrictJsonError:
        raise
    except (ValueError, RecursionError):
        raise StrictJsonError("not JSON") from None
    _check(value)
    return value


def _no_constant(_name: str) -> Any:
    raise StrictJsonError("a number that is none")


def _integer(digits: str) -> int:
    if len(digits.lstrip("-")) > DIGITS:
        raise StrictJsonError("a number that is too large")
    return int(digits)


def _number(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise StrictJsonError("a number that is too large")
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    told = dict(pairs)
    if len(told) != len(pairs):
        raise StrictJsonError("a name that stands twice")
    return told


def _check(value: Any) -> None:
    """StrictJsonError for a text anywhere in the value that cannot be stored."""
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, str):
            if not storable(each):
                raise StrictJsonError("text that cannot be stored")
        elif isinstance(each, list):
            waiting += each
        elif isinstance(each, dict):
            waiting += [*each.keys(), *each.values()]
