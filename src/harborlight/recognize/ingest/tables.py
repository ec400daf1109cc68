"""One input file as a table of its own columns, with what could not be read of it.

A CSV file is read by Arrow's fast parser when it is plain: UTF-8, every row as long as the header,
every quotation mark where it belongs. Anything else is read again, row by row, by a parser that
can say what is wrong with which row. On a plain file both give the same table.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from harborlight.recognize.ingest.sources import Source, UnreadableError

BATCH = 50_000
#: A quoted cell longer than this is taken for a quotation mark that was never closed.
LONGEST_CELL = 64 * 1024 * 1024
UNCLOSED = "a quotation mark opened in this row is not closed"

csv.field_size_limit(sys.maxsize)


@dataclass
class Rows:
    """The rows of one file: `table` holds its columns, `numbers` the row numbers (from 1)."""

    table: pa.Table
    numbers: pa.ChunkedArray
    seen: int  # data rows in the file, usable or not
    rejects: list[tuple[int | None, str, str | None]] = field(default_factory=list)


def read_rows(source: Source) -> Rows:
    """Read one file. Raises UnreadableError when nothing of it can be read."""
    if source.shape.format == "parquet":
        return _parquet(source)
    if source.shape.format == "csv":
        fast = fast_csv(source)
        return fast if fast is not None else robust_csv(source)
    return _json(source)


# --- CSV ---------------------------------------------------------------------------------------


class QuoteCheck:
    """Whether every quotation mark opens a cell, closes one or is doubled inside one.

    Fed with a CSV file's bytes. Quotation marks of a well-formed file alternate between opening
    and closing, a doubled one counting as both: so each at an even place follows a delimiter, a
    line's end or another quotation mark, and each at an odd place precedes one.
    """

    def __init__(self, delimiter: str) -> None:
        self._edges = np.zeros(256, dtype=bool)
        self._edges[list(b'"\r\n' + delimiter.encode())] = True
        self._count = 0
        self._last = ord("\n")
        self._pending = False  # the last byte so far is a closing quotation mark
        self.sound = True

    def feed(self, data: bytes) -> None:
        """Look at the next bytes."""
        if not data or not self.sound:
            return
        codes = np.frombuffer(data, dtype=np.uint8)
        if self._pending and not self._edges[codes[0]]:
            self.sound = False
        at = np.flatnonzero(codes == ord('"'))
        opening, closing = at[self._count % 2 :: 2], at[1 - self._count % 2 :: 2]
        before = np.where(opening > 0, codes[opening - 1], self._last)
        after = codes[np.minimum(closing + 1, len(codes) - 1)]
        self.sound &= bool(self._edges[before].all() and self._edges[after].all())
        self._count += len(at)
        self._last = int(codes[-1])
        self._pending = self._last == ord('"') and self._count % 2 == 0

    def ended_well(self) -> bool:
        """After the last byte: nothing was out of place and no cell is left open."""
        return self.sound and self._count % 2 == 0


class _Checked:
    """A binary file that shows what is read of it to a QuoteCheck."""

    def __init__(self, file: Any, check: QuoteCheck) -> None:
        self._file, self._check, self.closed = file, check, False

    def read(self, size: int = -1) -> bytes:
        data: bytes = self._file.read(size)
        self._check.feed(data)
        return data

    def close(self) -> None:
        self.closed = True


def fast_csv(source: Source) -> Rows | None:
    """A plain CSV file by Arrow's parser; None when the file is not plain."""
    if source.shape.encoding != "utf-8":
        return None
    header = _header(source)
    if header is None:
        return None
    names, skip = header
    check = QuoteCheck(source.shape.delimiter)
    columns, _ = unique_names(names)
    batches = []
    with source.open() as file:
        try:
            reader = pyarrow.csv.open_csv(
                pa.PythonFile(_Checked(file, check), mode="r"),
                read_options=pyarrow.csv.ReadOptions(
                    block_size=8 << 20, skip_rows=skip, column_names=columns, use_threads=True
                ),
                parse_options=pyarrow.csv.ParseOptions(
                    delimiter=source.shape.delimiter, newlines_in_values=True
                ),
                convert_options=pyarrow.csv.ConvertOptions(
                    column_types={name: pa.large_string() for name in columns},
                    strings_can_be_null=False,
                ),
            )
            for batch in reader:
                if not check.sound:
                    return None
                batches.append(batch)
        except pa.ArrowInvalid:
            return None
    if not check.ended_well() or source.broken:
        return None
    schema = pa.schema([(name, pa.large_string()) for name in columns])
    table = pa.Table.from_batches(batches, schema=schema)
    return Rows(table, _numbers(table.num_rows), table.num_rows, _twice(names))


def _header(source: Source) -> tuple[list[str], int] | None:
    """The header's cells and the lines it ends after, if it stands on one line of its own."""
    for skip, line in enumerate(source.lines([]), 1):
        if line.strip("\r\n") and not _separator_hint(line):
            try:
                return next(csv.reader([line], delimiter=source.shape.delimiter, strict=True)), skip
            except csv.Error:
                return None
    return None


def _separator_hint(line: str) -> bool:
    """Whether a line is Excel's `sep=;`."""
    hint = line.strip("\ufeff\"' \r\n")
    return len(hint) == 5 and hint.startswith("sep=")


def unique_names(names: Sequence[str]) -> tuple[list[str], list[str]]:
    """Column names with a number after repeated ones ("text", "text (2)"), and the repeated."""
    unique: list[str] = []
    repeated: list[str] = []
    for place, name in enumerate(names, 1):
        name = name.strip() or f"column {place}"
        candidate, number = name, 1
        while candidate in unique:
            number += 1
            candidate = f"{name} ({number})"
        if number > 1 and name not in repeated:
            repeated.append(name)
        unique.append(candidate)
    return unique, repeated


def _twice(names: Sequence[str]) -> list[tuple[int | None, str, str | None]]:
    """What to tell of column names that stand in the header more than once."""
    return [
        (None, f"the header names column {name!r} more than once (the first is used)", None)
        for name in unique_names(names)[1]
    ]


class _RunawayError(Exception):
    """A quoted cell that has grown too long to be one."""


class _Lines:
    """Lines for csv.reader, remembering those of the record being read."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self._again: list[str] = []  # lines to give again, last first
        self.record: list[str] = []
        self._length = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._again.pop() if self._again else next(self._lines)
        self.record.append(line)
        self._length += len(line)
        if self._length > LONGEST_CELL and len(self.record) > 1:
            raise _RunawayError
        return line

    def begin(self) -> None:
        """A new record begins."""
        self.record = []
        self._length = 0

    def retreat(self) -> str:
        """Give the record's lines again but for its first, which is returned."""
        first, *rest = self.record
        self._again.extend(reversed(rest))
        return first


def robust_csv(source: Source) -> Rows:
    """Any CSV file, row by row. Rows that cannot be used are told one by one."""
    odd: list[int] = []
    lines = _Lines(source.lines(odd))
    records = _records(lines, source.shape.delimiter)
    names: list[str] = []
    rejects: list[tuple[int | None, str, str | None]] = []
    for cells, problem, raw in records:
        if not _separator_hint(raw):
            names = cells or [raw.strip()]
            if problem:
                rejects.append((None, f"the header: {problem}", raw))
            break
    columns, _ = unique_names(names)
    rejects += _twice(names)
    width, number = len(columns), 0
    numbers: list[int] = []
    rows: list[list[str]] = []
    tables: list[pa.Table] = []
    for cells, problem, raw in records:
        number += 1
        if not problem and len(cells) != width:
            if len(cells) > width and not any(cells[width:]):
                cells = cells[:width]  # delimiters after the last cell
            elif _swallowed(lines.record, width, source.shape.delimiter):
                problem, raw = UNCLOSED, lines.retreat()
            else:
                problem = f"wrong number of cells: {len(cells)} where the header has {width}"
        if problem:
            rejects.append((number, problem, raw.rstrip("\r\n")))
            continue
        numbers.append(number)
        rows.append(cells)
        if len(rows) >= BATCH:
            tables.append(_table(rows, columns))
            rows = []
    tables.append(_table(rows, columns))
    rejects += _of_the_file(source, odd)
    return Rows(
        pa.concat_tables(tables), pa.chunked_array([pa.array(numbers, pa.int64())]), number, rejects
    )


def _records(lines: _Lines, delimiter: str) -> Iterator[tuple[list[str], str | None, str]]:
    """Records as (cells, what is wrong with it or None, its text)."""
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        lines.begin()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except (csv.Error, _RunawayError):
            first = lines.retreat()
            cells, problem = _one_line(first, delimiter)
            yield cells, problem, first
            continue
        if cells:
            yield cells, None, "".join(lines.record)


def _one_line(line: str, delimiter: str) -> tuple[list[str], str | None]:
    """The cells of a row that stands on one line, or what is wrong with it.

    Quotation marks inside a cell that should have been doubled do no harm as long as the row ends
    with its line.
    """
    try:
        return next(csv.reader([line], delimiter=delimiter, strict=True)), None
    except csv.Error as error:
        if "unexpected end" in str(error):
            return [], UNCLOSED
    try:
        return next(csv.reader([line], delimiter=delimiter)), None
    except csv.Error as error:
        return [], f"not CSV: {error}"


def _swallowed(record: Sequence[str], width: int, delimiter: str) -> bool:
    """Whether a record of a wrong length over several lines holds a line that is a whole row."""
    if len(record) < 2 or width < 2:
        return False
    for line in record[1:]:
        try:
            if len(next(csv.reader([line], delimiter=delimiter, strict=True))) == width:
                return True
        except (csv.Error, StopIteration):
            continue
    return False


def _table(rows: Sequence[Sequence[str | None]], columns: Sequence[str]) -> pa.Table:
    by_column = list(zip(*rows, strict=True)) if rows else [()] * len(columns)
    return pa.table(
        [strings(cells) for cells in by_column],
        schema=pa.schema([(name, pa.large_string()) for name in columns]),
    )


def strings(values: Sequence[str | None]) -> pa.Array:
    """Strings as Arrow; half surrogate pairs, which are no characters, become U+FFFD."""
    try:
        return pa.array(values, pa.large_string())
    except UnicodeEncodeError:
        whole = [
            v and v.encode("utf-16", "surrogatepass").decode("utf-16", "replace") for v in values
        ]
        return pa.array(whole, pa.large_string())


def _of_the_file(source: Source, odd: Sequence[int]) -> list[tuple[int | None, str, str | None]]:
    """What is to tell of a file beside its rows."""
    notes: list[tuple[int | None, str, str | None]] = []
    if odd:
        shown = ", ".join(map(str, odd[:5])) + (", ..." if len(odd) > 5 else "")
        encoding = source.shape.encoding
        how = (
            "what cannot be read stands as U+FFFD"
            if encoding.startswith(("utf-16", "utf-32"))
            else "read as UTF-8 or Windows-1252 instead"
        )
        where = f"{_count(len(odd), 'line')}, at {shown}"
        notes.append((None, f"not in {encoding}: {where} ({how})", None))
    if source.broken:
        notes.append((None, f"{source.broken}; rows before that are kept", source.cut or None))
    return notes


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _numbers(count: int) -> pa.ChunkedArray:
    return pa.chunked_array([pa.array(np.arange(1, count + 1))])


# --- JSON --------------------------------------------------------------------------------------


def _json(source: Source) -> Rows:
    """JSON lines, an array of objects, or objects one after another."""
    odd: list[int] = []
    rejects: list[tuple[int | None, str, str | None]] = []
    parts: list[pa.Table] = []
    numbers: list[int] = []
    objects: list[dict[str, str | None]] = []
    number = 0
    items = (
        _lines_of_json(source, odd) if source.shape.format == "json lines" else _values(source, odd)
    )
    for value, raw in items:
        if isinstance(value, _Stop):
            rejects.append((None, value.reason, raw))
            break
        number += 1
        if isinstance(value, dict):
            numbers.append(number)
            objects.append({key.strip(): _text(cell) for key, cell in value.items()})
        elif isinstance(value, ValueError):
            rejects.append((number, f"not JSON: {value}", raw))
        else:
            rejects.append((number, "not a JSON object", raw))
        if len(objects) >= BATCH:
            parts.append(_object_table(objects))
            objects = []
    parts.append(_object_table(objects))
    rejects += _of_the_file(source, odd)
    table = pa.concat_tables(
        [part for part in parts if part.num_columns] or parts, promote_options="default"
    )
    return Rows(table, pa.chunked_array([pa.array(numbers, pa.int64())]), number, rejects)


@dataclass(frozen=True)
class _Stop:
    """Nothing more can be read of a JSON file."""

    reason: str


def _decode(text: str) -> Any:
    """JSON with its numbers as they are written, so that long ids keep every digit."""
    try:
        return json.loads(text, parse_int=str, parse_float=str, parse_constant=str)
    except RecursionError:
        return ValueError("nested too deep")
    except ValueError as error:
        return error


def _lines_of_json(source: Source, odd: list[int]) -> Iterator[tuple[Any, str]]:
    for line in source.lines(odd):
        line = line.strip("\ufeff \t\r\n\0")
        if line:
            yield _decode(line), line


def _values(source: Source, odd: list[int]) -> Iterator[tuple[Any, str]]:
    """The objects of an array, of {"name": [array]}, or of a file of objects one after another."""
    text = "".join(source.lines(odd)) + source.cut
    whole = _decode(text)
    if isinstance(whole, dict):
        lists = [value for value in whole.values() if _objects(value)]
        whole = lists[0] if len(lists) == 1 else [whole]
    if isinstance(whole, list):
        for value in whole:
            yield value, _dump(value)
        return
    decoder = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=str)
    at, end = 0, len(text)
    while True:
        while at < end and text[at] in " \t\r\n,[]\ufeff\0":
            at += 1
        if at >= end:
            return
        try:
            value, after = decoder.raw_decode(text, at)
        except (ValueError, RecursionError) as error:
            yield (
                _Stop(f"not JSON from character {at + 1} on ({error}); rows before are kept"),
                text[at:],
            )
            return
        yield value, text[at:after]
        at = after


def _objects(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(item, dict) for item in value)


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return _dump(value)


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _object_table(objects: Sequence[dict[str, str | None]]) -> pa.Table:
    names = sorted({name for item in objects for name in item})
    return pa.table({name: strings([item.get(name) for item in objects]) for name in names})


# --- Parquet -----------------------------------------------------------------------------------


def _parquet(source: Source) -> Rows:
    """A Parquet file; times stay times, everything else becomes text."""
    try:
        table = pyarrow.parquet.read_table(source.path, partitioning=None)
    except (pa.ArrowException, OSError) as error:
        reason = str(error).splitlines()[0]
        raise UnreadableError(f"a Parquet file that cannot be read ({reason})") from None
    names, _ = unique_names(table.column_names)
    columns = [_parquet_column(column) for column in table.columns]
    rows = table.num_rows
    plain = pa.table(columns, names=names)
    return Rows(plain, _numbers(rows), rows, _twice(table.column_names))


def _parquet_column(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    kind = column.type
    if pa.types.is_timestamp(kind) or pa.types.is_large_string(kind):
        return column
    if pa.types.is_date(kind):
        return column.cast(pa.timestamp("s"))
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        texts = [v if v is None else v.decode("utf-8", "replace") for v in column.to_pylist()]
        return pa.chunked_array([strings(texts)])
    try:
        return column.cast(pa.large_string())
    except (pa.ArrowNotImplementedError, pa.ArrowInvalid):
        return pa.chunked_array(
            [strings([v if v is None else _text_of(v) for v in column.to_pylist()])]
        )


def _text_of(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)
