"""A fact for many cases at once: numpy or Arrow columns to values, with what is refused and why."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa

from harborlight.law.amount import LARGEST_CENTS
from harborlight.law.explanation import LawError
from harborlight.law.fact import EARLIEST, LATEST, Choice, Count, Day, Fact, Money, YesNo
from harborlight.law.parameter import Law
from harborlight.law.value import Array, Many

#: A reason by fact, and the rows it holds for.
Refusal = tuple[Array, str, str]


def read_column(fact: Fact, raw: Any, law: Law) -> tuple[Many, list[Refusal]]:
    """A column of a fact. ``raw`` is a numpy array (masked or not), an Arrow array, a list, or one
    value for every row. Missing values (null, NaT, masked, "unknown") are unknown.

    Money is int64 cents or text in dollars; days are datetime64 or date32 or ISO text. Rows that
    cannot be used are unknown in the column and told in the refusals.
    """
    if isinstance(raw, str | bytes) or not hasattr(raw, "__len__"):
        return Many.constant(fact.read(raw, law)), []
    if isinstance(raw, np.ma.MaskedArray):
        column, refusals = read_column(fact, np.asarray(raw.filled()), law)
        mask = np.ma.getmaskarray(raw)
        column = Many(column.values, column.known & ~mask, column.labels)
        return column, [(rows & ~mask, name, why) for rows, name, why in refusals]
    if isinstance(raw, np.ndarray) and raw.dtype.kind in "biuM":
        return _typed(fact, raw, np.zeros(raw.shape, dtype=bool))
    return _from_arrow(fact, raw, law)


def _from_arrow(fact: Fact, raw: Any, law: Law) -> tuple[Many, list[Refusal]]:
    if isinstance(raw, pa.ChunkedArray):
        raw = raw.combine_chunks()
    if not isinstance(raw, pa.Array):
        try:
            raw = pa.array(raw)
        except (pa.ArrowInvalid, pa.ArrowTypeError):
            return _one_by_one(fact, list(raw), law)
    if isinstance(raw, pa.DictionaryArray):
        raw = raw.cast(raw.type.value_type)
    kind = raw.type
    missing = raw.is_null().to_numpy(zero_copy_only=False)
    if pa.types.is_null(kind):
        return Many(np.zeros(len(raw), dtype=np.int64), ~missing), []
    if pa.types.is_date32(kind):
        return _typed(fact, raw.to_numpy(zero_copy_only=False).astype("datetime64[D]"), missing)
    if pa.types.is_boolean(kind):
        return _typed(fact, raw.fill_null(False).to_numpy(zero_copy_only=False), missing)
    if pa.types.is_integer(kind):
        return _typed(fact, raw.fill_null(0).to_numpy(zero_copy_only=False), missing)
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return _from_words(fact, raw, law)
    return _one_by_one(fact, raw.to_pylist(), law)


def _from_words(fact: Fact, raw: pa.Array, law: Law) -> tuple[Many, list[Refusal]]:
    """Text: each different spelling is read once."""
    coded = raw.dictionary_encode()
    spellings = coded.dictionary.to_pylist()
    codes = coded.indices.fill_null(len(spellings)).to_numpy(zero_copy_only=False)
    few, refusals = _one_by_one(fact, [*spellings, None], law)
    column = Many(few.values[codes], few.known[codes], few.labels)
    return column, [(rows[codes], name, why) for rows, name, why in refusals]


def _one_by_one(fact: Fact, values: Sequence[Any], law: Law) -> tuple[Many, list[Refusal]]:
    read: list[Any] = []
    reasons: dict[str, list[int]] = {}
    for row, each in enumerate(values):
        try:
            read.append(fact.read(each, law))
        except LawError as error:
            read.append(None)
            reasons.setdefault(error.reason, []).append(row)
    refusals = []
    for reason, rows in reasons.items():
        mask = np.zeros(len(values), dtype=bool)
        mask[rows] = True
        refusals.append((mask, fact.name, reason))
    known = np.array([each is not None for each in read], dtype=bool)
    if isinstance(fact.kind, Choice):
        labels = tuple(dict.fromkeys(each for each in read if each is not None))
        place = {label: number for number, label in enumerate(labels)}
        codes = np.array([place.get(each, 0) for each in read], dtype=np.int64)
        return Many(codes, known, labels), refusals
    if isinstance(fact.kind, Day):
        days = np.array([each or date(1970, 1, 1) for each in read], dtype="datetime64[D]")
        return Many(days, known), refusals
    dtype = np.bool_ if isinstance(fact.kind, YesNo) else np.int64
    return Many(np.array([each or 0 for each in read], dtype=dtype), known), refusals


def _typed(fact: Fact, values: Array, missing: Array) -> tuple[Many, list[Refusal]]:
    kind, letter = fact.kind, values.dtype.kind
    if isinstance(kind, YesNo) and letter == "b":
        return Many(values & ~missing, ~missing), []
    if isinstance(kind, Day) and letter == "M":
        if values.dtype != np.dtype("datetime64[D]"):
            days = values.astype("datetime64[D]")
            if (days.astype(values.dtype) != values)[~np.isnat(values)].any():
                raise LawError(fact.name, "a column of moments; a column of days is asked for")
            values = days
        missing = missing | np.isnat(values)
        if missing.any():
            values = np.where(missing, np.datetime64(0, "D"), values)
        least, most = np.datetime64(EARLIEST), np.datetime64(LATEST)
        return _bounded(fact, values, missing, least, most)
    if isinstance(kind, Money) and letter in "iu":
        return _bounded(fact, _wide(values), missing, 0, LARGEST_CENTS)
    if isinstance(kind, Count) and letter in "iu":
        return _bounded(fact, _wide(values), missing, kind.least, kind.most)
    raise LawError(fact.name, f"a column of {values.dtype}; asked for is {kind.word}")


def _wide(values: Array) -> Array:
    if values.dtype == np.uint64:
        values = np.minimum(values, np.uint64(np.iinfo(np.int64).max))
    return values.astype(np.int64)


def _bounded(
    fact: Fact, values: Array, missing: Array, least: Any, most: Any
) -> tuple[Many, list[Refusal]]:
    if values.size and not (values.min() < least or values.max() > most):
        return Many(values, ~missing), []
    wrong = ((values < least) | (values > most)) & ~missing
    refused: list[Refusal] = []
    if wrong.any():
        reason = "is negative" if isinstance(fact.kind, Money) else "is out of range"
        refused.append((wrong, fact.name, f"a value {reason}; asked for is {fact.kind.word}"))
    known = ~missing & ~wrong
    return Many(np.where(known, values, least), known), refused
