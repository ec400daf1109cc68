"""Packages of HSDS as bytes, to rows: JSON documents, CSV files, or a zip of either.

A row that is wrong is rejected with its file, its place and a reason that does not repeat its
value; the others are taken. A file that cannot be read at all is rejected whole.
"""

from __future__ import annotations

import csv
import io
import json
import math
import re
import uuid
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import PurePosixPath
from typing import Any

from harborlight.web.directory.tables import Table, by_file, tables

#: Together, unpacked. A directory of a state is a tenth of it.
MOST_BYTES = 200 * 1024 * 1024

#: Columns of CSV and members of JSON that are our own extension of HSDS. In CSV they hold JSON.
OURS = "x_harborlight"


@dataclass
class Row:
    """One row of one table, and what it holds, as keys: (list, table, key)."""

    table: str
    key: str
    data: dict[str, Any]
    file: str
    place: str
    lists: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    """Of a document: each list that stood there, with the (table, key) of its items."""
    ones: dict[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Wrong:
    """One row that is not taken."""

    file: str
    place: str
    field: str
    reason: str
    row: Any


@dataclass
class Package:
    """What was read: rows by (table, key), and what was wrong."""

    form: str = "json"
    rows: dict[tuple[str, str], Row] = field(default_factory=dict)
    wrong: list[Wrong] = field(default_factory=list)


def unpack(name: str, content: bytes) -> Package:
    """Read a package. `name` decides: .json, .csv, or .zip of these (a tabular data package)."""
    package = Package()
    for file, text in _files(name, content, package):
        if file.lower().endswith(".csv"):
            package.form = "csv"
            _csv(file, text, package)
        else:
            _json(file, text, package)
    return package


def _files(name: str, content: bytes, package: Package) -> Iterator[tuple[str, str]]:
    named = [(name, content)]
    if name.lower().endswith(".zip"):
        try:
            named = list(_unzipped(content))
        except (zipfile.BadZipFile, ValueError, RuntimeError, NotImplementedError) as error:
            package.wrong.append(Wrong(name, "", "", f"cannot be unpacked: {error}", None))
            return
    for file, raw in named:
        try:
            yield PurePosixPath(file).name, raw.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            said = f"is not UTF-8: byte {error.start}"
            package.wrong.append(Wrong(file, "", "", said, None))


def _unzipped(content: bytes) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        left = MOST_BYTES
        for each in sorted(packed.infolist(), key=lambda info: info.filename):
            ending = PurePosixPath(each.filename).suffix.lower()
            if each.is_dir() or PurePosixPath(each.filename).name == "datapackage.json":
                continue
            if ending not in (".json", ".csv"):
                continue
            with packed.open(each) as opened:
                raw = opened.read(left + 1)
            left -= len(raw)
            if left < 0:
                raise ValueError(f"more than {MOST_BYTES // 1024 // 1024} MB when unpacked")
            yield each.filename, raw


# --- CSV ------------------------------------------------------------------------------------------


def _csv(file: str, text: str, package: Package) -> None:
    table = by_file().get(PurePosixPath(file).stem)
    if table is None:
        package.wrong.append(Wrong(file, "", "", "no table of HSDS 3.1 has this name", text))
        return
    try:
        lines = csv.reader(io.StringIO(text, newline=""), strict=True)
        header = next(lines, [])
        if "id" not in header:
            package.wrong.append(Wrong(file, "row 1", "id", "the column id is missing", text))
            return
        for cells in lines:
            place = f"row {lines.line_num}"
            if not cells:
                continue
            if len(cells) != len(header):
                said = f"{len(cells)} cells where the header has {len(header)}"
                package.wrong.append(Wrong(file, place, "", said, cells))
                continue
            given = {name: cell for name, cell in zip(header, cells, strict=True) if cell != ""}
            _take(table, given, file, place, package, tabular=True)
    except csv.Error as error:
        package.wrong.append(Wrong(file, "", "", f"cannot be read as CSV: {error}", text))


# --- JSON -----------------------------------------------------------------------------------------


def _json(file: str, text: str, package: Package) -> None:
    try:
        document = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        said = f"line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        package.wrong.append(Wrong(file, said, "", "cannot be read as JSON", text))
        return
    if isinstance(document, dict) and isinstance(document.get("contents"), list):
        document = document["contents"]
    many = isinstance(document, list)
    files = (
        {name.removesuffix(".csv") for name in document} if isinstance(document, dict) else set()
    )
    if isinstance(document, dict) and "id" not in document and files & set(by_file()):
        # The tables in one document: {"services.csv": [...]}, or {"services": [...]}.
        for name, rows in document.items():
            table = by_file().get(name.removesuffix(".csv"))
            if table is None or not isinstance(rows, list):
                package.wrong.append(Wrong(file, name, "", "no table of HSDS 3.1", rows))
                continue
            for number, each in enumerate(rows):
                _nested(table, each, file, f"{name}[{number}]", package)
        return
    for number, each in enumerate(document if many else [document]):
        place = f"[{number}]" if many else "$"
        table = _kind(each)
        if table is None:
            said = "is no service, organization, location, service at location, taxonomy or term"
            package.wrong.append(Wrong(file, place, "", said, each))
            continue
        _nested(table, each, file, place, package)


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def _kind(document: Any) -> Table | None:
    """What a document is, by what only such a one has. HSDS does not write it into it."""
    if not isinstance(document, dict):
        return None
    for name, signs in (
        ("service_at_location", {"location", "service", "location_id"}),
        ("service", {"status", "organization", "service_at_locations", "organization_id"}),
        ("location", {"location_type"}),
        ("taxonomy_term", {"taxonomy", "taxonomy_detail", "parent_id", "term_uri", "taxonomy_id"}),
        ("taxonomy", {"version"}),
        ("organization", {"name"}),
    ):
        if name == "service_at_location" and "status" in document:
            continue
        if name == "service" and "location_type" in document:
            continue
        if name == "taxonomy" and set(document) - {*tables()["taxonomy"].fields, "metadata"}:
            continue
        if signs & set(document):
            return tables()[name]
    return None


def _nested(table: Table, value: Any, file: str, place: str, package: Package) -> Row | None:
    """Take one object and all that it holds. None when it is wrong; what it holds is taken."""
    if not isinstance(value, dict):
        package.wrong.append(Wrong(file, place, "", "is not an object", value))
        return None
    own: dict[str, Any] = {}
    lists: dict[str, list[tuple[str, str]]] = {}
    ones: dict[str, tuple[str, str]] = {}
    extra = {"services": "service"} if table.name == "organization" else {}
    above = None
    for name, inside in value.items():
        listed = {**table.lists, **extra}.get(name)
        one = table.ones.get(name)
        if listed and inside is not None:
            if not isinstance(inside, list):
                package.wrong.append(Wrong(file, f"{place}.{name}", "", "is not a list", inside))
                continue
            held = [
                _nested(tables()[listed], each, file, f"{place}.{name}[{number}]", package)
                for number, each in enumerate(inside)
            ]
            lists[name] = [(each.table, each.key) for each in held if each]
        elif one and isinstance(inside, dict):
            single = _nested(tables()[one], inside, file, f"{place}.{name}", package)
            if single:
                ones[name] = (single.table, single.key)
        elif table.name == "service_at_location" and name == "service" and isinstance(inside, dict):
            above = _nested(tables()["service"], inside, file, f"{place}.{name}", package)
        elif inside is not None:
            own[name] = inside
    row = _take(table, own, file, place, package, tabular=False)
    if row is None:
        return None
    services = lists.pop("services", [])
    for key in services:
        package.rows[key].ones["organization"] = (row.table, row.key)
    if above is not None:
        held_there = above.lists.setdefault("service_at_locations", [])
        if (row.table, row.key) not in held_there:
            held_there.append((row.table, row.key))
    for name, keys in lists.items():
        already = row.lists.setdefault(name, [])
        already.extend(key for key in keys if key not in already)
    row.ones.update(ones)
    return row


# --- one row --------------------------------------------------------------------------------------


def _take(
    table: Table, given: dict[str, Any], file: str, place: str, package: Package, *, tabular: bool
) -> Row | None:
    data, wrong = checked(table, given, tabular=tabular)
    if wrong is None:
        key = (table.name, str(data["id"]).lower())
        known = package.rows.get(key)
        if known is None:
            known = package.rows[key] = Row(*key, data, file, place)
            return known
        differing = sorted(k for k in data if k in known.data and known.data[k] != data[k])
        if not differing and not (tabular and known.file == file):
            known.data.update(data)  # the same again, where something else holds it too
            return known
        wrong = (
            differing[0] if differing else "id",
            f"this id stands at {known.file}, {known.place} already"
            + (" with another content" if differing else ""),
        )
    package.wrong.append(Wrong(file, place, wrong[0], wrong[1], given))
    return None


def checked(
    table: Table, given: dict[str, Any], *, tabular: bool
) -> tuple[dict[str, Any], tuple[str, str] | None]:
    """A row with its values as HSDS types them, and what is wrong with it: (field, reason)."""
    data: dict[str, Any] = {}
    for name in (*table.needs, *(table.needs_in_tables if tabular else ())):
        if tabular and name in table.ones:
            continue  # `unit` of a capacity: in tables there is unit_id, which is needed there
        if given.get(name) in (None, "") and name not in table.ones:
            return data, (name, "is needed and missing")
    for name, value in given.items():
        kind = table.fields.get(name)
        if isinstance(value, str) and not _storable(value):
            return data, (name, "holds a character that cannot be stored")
        if not isinstance(value, str) and not _storable(json.dumps(value, ensure_ascii=False)):
            return data, (name, "holds a character that cannot be stored")
        if name == OURS:
            try:
                data[name] = json.loads(value) if isinstance(value, str) else value
            except ValueError:
                return data, (name, "is not JSON")
            if not isinstance(data[name], dict):
                return data, (name, "is not an object")
            continue
        if kind is None or value is None or value == "":
            data[name] = value
            continue
        try:
            data[name] = _typed(kind, value, tabular=tabular)
        except (ValueError, OverflowError) as error:
            return data, (name, str(error))
    return data, None


def _storable(text: str) -> bool:
    return "\x00" not in text and "\\u0000" not in text and not re.search("[\ud800-\udfff]", text)


def _typed(kind: str, value: Any, *, tabular: bool) -> Any:
    if kind == "number":
        return _number(value, tabular=tabular)
    if kind == "text" and isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)  # an identifier that a program took for a number
    if not isinstance(value, str):
        raise ValueError("is not text")
    check = _CHECKS.get(kind)
    if check is not None:
        check(value)
    elif "/" in kind and value not in kind.split("/"):
        raise ValueError("is none of: " + ", ".join(kind.split("/")))
    return value


def _number(value: Any, *, tabular: bool) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError("is not a number")
    if isinstance(value, str):
        if not tabular or not re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", value):
            raise ValueError("is not a number")
        number: int | float = int(value) if re.fullmatch(r"[+-]?\d{1,18}", value) else float(value)
    else:
        number = value
    if not math.isfinite(number) or abs(number) > 1e300:
        raise ValueError("is not a finite number")
    return number


def _is_uuid(value: str) -> None:
    if not re.fullmatch(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", value):
        raise ValueError("is not a UUID")
    uuid.UUID(value)


def _is_email(value: str) -> None:
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", value):
        raise ValueError("is not an e-mail address")


def _is_uri(value: str) -> None:
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s]+", value):
        raise ValueError("is not a URI (https://...)")


def _is_of(read: Callable[[str], Any], said: str) -> Callable[[str], None]:
    def check(value: str) -> None:
        try:
            read(value)
        except ValueError:
            raise ValueError(said) from None

    return check


_CHECKS: dict[str, Callable[[str], None]] = {
    "uuid": _is_uuid,
    "email": _is_email,
    "uri": _is_uri,
    "date": _is_of(date.fromisoformat, "is not a date (2026-01-31)"),
    "time": _is_of(time.fromisoformat, "is not a time (09:30:00)"),
    "datetime": _is_of(datetime.fromisoformat, "is not a date and time (2026-01-31T09:30:00Z)"),
}
