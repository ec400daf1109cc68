"""Stage 1, read: files of ads to the canonical table, and what could not be used of them.

Read are CSV (also with ; tab or | between cells, in any encoding), JSON lines or arrays and
Parquet, the first two also gzipped. What a file is, is decided by what is in it. Text is kept as it
is; ids, places and other fields lose blanks around them, and count as absent when they are empty or
one of `NULL`, `None`, `NaN`, `N/A`, `\\N`.

Nothing is lost. A row that cannot be used goes to the rejects with its file, row number, reason and
whole content. An optional field that cannot be understood (a date, a coordinate, an image hash) is
left out of its ad and told there as well: the reason then ends in "(ad kept without it)". What
concerns a whole file stands there without a row number.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import daft
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from harborlight.recognize.errors import InputError
from harborlight.recognize.ingest import dates
from harborlight.recognize.ingest.ad_ids import name_ads
from harborlight.recognize.ingest.columns import check_mapping, find, recognize
from harborlight.recognize.ingest.rejects import KEPT
from harborlight.recognize.ingest.sources import (
    EmptyError,
    Source,
    UnreadableError,
    expand,
    look,
    sha256,
)
from harborlight.recognize.ingest.tables import Rows, read_rows
from harborlight.recognize.schema import ADS, FIELDS, REJECTS

_ABSENT = pa.array(["", "null", "none", "nan", "n/a", "\\n", "nat"], pa.large_string())
_NUMBER = r"^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?$"


@dataclass(frozen=True)
class InputFile:
    """One input file and what became of its rows: rows = accepted + rejected."""

    path: str
    sha256: str
    bytes: int
    format: str  # csv, json lines, json, parquet; null-like "unreadable" when it was none
    encoding: str | None
    delimiter: str | None
    columns: dict[str, str]  # field -> column
    rows: int
    accepted: int
    rejected: int


@dataclass(frozen=True)
class Read:
    """What reading gave. `ads` follows ADS and is sorted by `ad`; `rejects` follows REJECTS."""

    ads: daft.DataFrame
    rejects: pa.Table
    inputs: list[InputFile]

    @property
    def accepted(self) -> int:
        """Ads."""
        return sum(file.accepted for file in self.inputs)

    @property
    def rejected(self) -> int:
        """Rows that could not be used."""
        return sum(file.rejected for file in self.inputs)


@dataclass
class _Part:
    """One file on its way: its ads by field, with their row numbers and own columns."""

    path: str
    ads: pa.Table
    numbers: pa.ChunkedArray
    own: pa.Table
    rejects: list[tuple[int | None, str, str | None]]
    columns: dict[str, str] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)
    seen: int = 0
    rejected: int = 0
    source: Source | None = None


def read(
    paths: Sequence[str | Path],
    mapping: Mapping[str, str] | None = None,
    advance: Callable[[int], object] | None = None,
) -> Read:
    """Read ads from files and globs.

    ``mapping`` gives the column of a field where it has no usual name. A mapped column that a file
    lacks is looked for by the field's usual names in that file. ``advance`` is called with the
    size in bytes of each file once it was read.

    Raises InputError, in one line, when a file is missing, when no file at all is of a readable
    format, when a file has no column of text and when the mapping names an unknown field or column.
    """
    mapping = dict(mapping or {})
    check_mapping(mapping)
    files = expand(paths)
    parts: list[_Part] = []
    for path in files:
        parts.append(_read_file(path, mapping))
        if advance is not None:
            advance(path.stat().st_size)
    unreadable = [part for part in parts if part.source is None and not part.seen]
    broken = [part for part in unreadable if not part.names and part.rejects[0][1] != _EMPTY]
    if parts and len(broken) == len(parts):
        reasons = "; ".join(f"{part.path}: {part.rejects[0][1]}" for part in parts[:3])
        more = f"; and {len(parts) - 3} more files" if len(parts) > 3 else ""
        raise InputError(f"cannot read {reasons}{more}")
    _check_columns(mapping, parts)

    together = pa.concat_tables([part.ads for part in parts])
    names, again = name_ads(together)
    _reject_repeated(parts, names, again)
    kept = np.ones(together.num_rows, dtype=bool)
    kept[list(again)] = False
    keep = pa.array(kept)
    accepted = _ranked(pc.filter(names, keep), together.filter(keep) if again else together)
    return Read(
        daft.from_arrow(accepted),
        _rejects_table(parts),
        [_input_file(part) for part in parts],
    )


_EMPTY = "the file is empty"


def _read_file(path: Path, mapping: Mapping[str, str]) -> _Part:
    nothing = _Part(
        str(path),
        _no_ads(),
        pa.chunked_array([pa.array([], pa.int64())]),
        pa.table({}),
        [],
    )
    try:
        source = look(path)
        rows = read_rows(source)
    except (EmptyError, UnreadableError) as error:
        reason = _EMPTY if isinstance(error, EmptyError) else str(error)
        detail = None if reason == str(error) else str(error)
        nothing.rejects.append((None, reason, detail))
        return nothing
    except OSError as error:
        nothing.rejects.append((None, f"cannot be read: {error.strerror or error}", None))
        return nothing
    nothing.source, nothing.names, nothing.seen = source, rows.table.column_names, rows.seen
    nothing.rejects = rows.rejects
    nothing.rejected = sum(row is not None for row, _, _ in rows.rejects)
    if not rows.seen:
        nothing.rejects.append((None, "no rows below the header", None))
    if not rows.table.num_columns:
        return nothing
    nothing.columns = recognize(rows.table.column_names, mapping)
    if "text" not in nothing.columns:
        found = ", ".join(rows.table.column_names)
        wanted = mapping.get("text")
        named = f"no column {wanted!r}" if wanted else "no column of text is recognized"
        raise InputError(
            f"{path}: {named}; its columns are {found} (name one by --map text=column)"
        )
    return _canonical(nothing, rows)


def _canonical(part: _Part, rows: Rows) -> _Part:
    """The columns of one file as fields of ads."""
    text = rows.table[part.columns["text"]].cast(pa.large_string())
    blank = pc.fill_null(pc.match_substring_regex(text, r"^[\s\x00\x{FEFF}\x{200B}]*$"), True)
    table, numbers = rows.table, rows.numbers
    if pc.any(blank).as_py():
        lost, lost_numbers = table.filter(blank), numbers.filter(blank)
        for number, row in zip(lost_numbers.to_pylist(), lost.to_pylist(), strict=True):
            part.rejects.append((number, "text is empty", _json(row)))
        part.rejected += lost.num_rows
        filled = pc.invert(blank)
        table, numbers = table.filter(filled), numbers.filter(filled)
    ads: dict[str, pa.ChunkedArray] = {}
    for name in FIELDS:
        column = part.columns.get(name)
        if column is None:
            ads[name] = pa.chunked_array([pa.nulls(table.num_rows, _TYPES[name])])
            continue
        values = table[column]
        if name == "text":
            ads[name] = values.cast(pa.large_string())
            continue
        values = values if pa.types.is_timestamp(values.type) else _present(values)
        ads[name], bad = _UNDERSTAND.get(name, _as_text)(values)
        if bad is not None and pc.any(bad).as_py():
            _note(part, name, column, values.filter(bad), numbers.filter(bad))
    part.ads, part.numbers, part.own = pa.table(ads), numbers, table
    return part


_TYPES: dict[str, pa.DataType] = {
    name: pa.large_string() if ADS.field(name).type == pa.string() else ADS.field(name).type
    for name in FIELDS
}


def _no_ads() -> pa.Table:
    return pa.table({name: pa.nulls(0, _TYPES[name]) for name in FIELDS})


def _present(values: pa.ChunkedArray) -> pa.ChunkedArray:
    """Text without blanks around it; null where it says that nothing is there."""
    values = pc.utf8_trim(values.cast(pa.large_string()), " \t\r\n\0\ufeff\xa0")
    absent = pc.is_in(pc.utf8_lower(values), value_set=_ABSENT)
    return pc.if_else(absent, pa.scalar(None, pa.large_string()), values)


_Understood = tuple[pa.ChunkedArray, pa.ChunkedArray | None]


def _as_text(values: pa.ChunkedArray) -> _Understood:
    return values.cast(pa.large_string()), None


def _as_time(values: pa.ChunkedArray) -> _Understood:
    times = dates.parse(values)
    return times, pc.and_(times.is_null(), values.is_valid())


def _as_degrees(limit: float) -> Callable[[pa.ChunkedArray], _Understood]:
    def understand(values: pa.ChunkedArray) -> _Understood:
        text = values.cast(pa.large_string())
        comma = pc.match_substring_regex(text, r"^[+-]?\d+,\d+$")
        text = pc.if_else(comma, pc.replace_substring(text, ",", "."), text)
        number = pc.match_substring_regex(text, _NUMBER)
        text = pc.replace_substring_regex(text, r"^\+", "")
        degrees = pc.if_else(number, text, pa.scalar(None, text.type)).cast(pa.float64())
        degrees = pc.if_else(
            pc.less_equal(pc.abs(degrees), limit), degrees, pa.scalar(None, pa.float64())
        )
        return degrees, pc.and_(degrees.is_null(), values.is_valid())

    return understand


def _as_hash(values: pa.ChunkedArray) -> _Understood:
    text = pc.replace_substring_regex(pc.utf8_lower(values.cast(pa.large_string())), "^0x", "")
    good = pc.match_substring_regex(text, "^[0-9a-f]{16}$")
    hashes = pc.if_else(good, text, pa.scalar(None, text.type))
    return hashes, pc.and_(hashes.is_null(), values.is_valid())


_UNDERSTAND: dict[str, Callable[[pa.ChunkedArray], _Understood]] = {
    "posted_at": _as_time,
    "latitude": _as_degrees(90.0),
    "longitude": _as_degrees(180.0),
    "image_hash": _as_hash,
}


def _note(
    part: _Part, name: str, column: str, values: pa.ChunkedArray, numbers: pa.ChunkedArray
) -> None:
    """Tell of values that were not understood; their ads are kept without them."""
    for number, value in zip(numbers.to_pylist(), values.to_pylist(), strict=True):
        shown = str(value) if len(str(value)) <= 60 else str(value)[:57] + "..."
        reason = f"{name} not understood: {shown!r} {KEPT}"
        part.rejects.append((number, reason, _json({column: value})))


def _json(row: Mapping[str, Any]) -> str:
    return json.dumps(row, ensure_ascii=False, default=str)


def _check_columns(mapping: Mapping[str, str], parts: Sequence[_Part]) -> None:
    """Raise InputError when a mapped column is in no file."""
    names = list(dict.fromkeys(name for part in parts for name in part.names))
    for name, column in mapping.items():
        if names and find(column, names) is None:
            raise InputError(
                f"--map {name}={column}: no input has a column {column!r}; "
                f"there are {', '.join(names)}"
            )


def _reject_repeated(parts: Sequence[_Part], names: pa.Array, again: Mapping[int, int]) -> None:
    """Tell of rows that repeat an ad, each with the row it repeats."""
    if not again:
        return
    starts = np.cumsum([0, *(part.ads.num_rows for part in parts)])
    places = np.searchsorted(starts, sorted(again), side="right") - 1
    firsts = sorted(set(again.values()))
    first_parts = np.searchsorted(starts, firsts, side="right") - 1
    where = {
        row: f"row {parts[at].numbers[row - int(starts[at])].as_py()} of {parts[at].path}"
        for row, at in zip(firsts, first_parts.tolist(), strict=True)
    }
    by_part: dict[int, list[int]] = {}
    for row, at in zip(sorted(again), places.tolist(), strict=True):
        by_part.setdefault(at, []).append(row)
    for at, rows in by_part.items():
        part = parts[at]
        local = pa.array([row - int(starts[at]) for row in rows])
        own, numbers = part.own.take(local), part.numbers.take(local).to_pylist()
        for row, number, raw in zip(rows, numbers, own.to_pylist(), strict=True):
            reason = f"the same ad as {where[again[row]]} (same ad_id, site and content)"
            part.rejects.append((number, reason, _json(raw)))
        part.rejected += len(rows)


def _ranked(names: pa.Array, ads: pa.Table) -> pa.Table:
    """The accepted ads sorted by name and numbered."""
    order = pc.sort_indices(names)
    columns: dict[str, Any] = {"ad": pa.array(np.arange(len(names))), "ad_id": names.take(order)}
    for name in FIELDS[1:]:
        columns[name] = ads[name].take(order)
    return pa.table(columns)


def _rejects_table(parts: Sequence[_Part]) -> pa.Table:
    rows = [
        (part.path, *reject)
        for part in parts
        for reject in sorted(part.rejects, key=lambda r: (r[0] is not None, r[0] or 0, r[1]))
    ]
    by_column = list(zip(*rows, strict=True)) if rows else [()] * len(REJECTS)
    return pa.table(
        [pa.array(cells, f.type) for cells, f in zip(by_column, REJECTS, strict=True)],
        schema=REJECTS,
    )


def _input_file(part: _Part) -> InputFile:
    path = Path(part.path)
    shape = part.source.shape if part.source else None
    text = shape is not None and shape.format != "parquet"
    return InputFile(
        path=part.path,
        sha256=sha256(path),
        bytes=path.stat().st_size,
        format=shape.format if shape else "unreadable",
        encoding=shape.encoding if shape and text else None,
        delimiter=shape.delimiter if shape and shape.format == "csv" else None,
        columns=part.columns,
        rows=part.seen,
        accepted=part.seen - part.rejected,
        rejected=part.rejected,
    )
