"""A package as bytes: one JSON document, or a zip of CSV files, one a table.

Both hold the same: a manifest and tables of rows of texts. Columns are those of HTCDS and our own
(`harborlight_...`). Rows are known within the package by `id`, and point to each other by it.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from django.utils.translation import gettext as _

from harborlight.web.exchange import standard

Rows = list[dict[str, str]]

#: In the order in which they are brought in.
ORDER = (
    "cases",
    "organizations",
    "persons",
    "involvements",
    "places",
    "events",
    "relationships",
    "comments",
    "tasks",
    "consents",
)
#: Other names of tables, as files of others may have them: the sections of the standard.
_NAMES = {
    "organization": "organizations",
    "organisation": "organizations",
    "organisations": "organizations",
    "person": "persons",
    "case": "cases",
    "referraldetails": "cases",
    "casecomment": "comments",
    "casecomments": "comments",
    "historictraffickingevents": "events",
    "event": "events",
    "supportplan": "tasks",
    "supportplans": "tasks",
    "consent": "consents",
}
#: Together, unpacked.
MOST_BYTES = 20 * 1024 * 1024
MOST_ROWS = 20_000
MANIFEST = "manifest"
#: A cell that a spreadsheet would read as a formula has this before it, as our manifest says.
GUARD = "'"
_FORMULA = tuple("=+-@\t\r\n'")
_FIXED = (2026, 1, 1, 0, 0, 0)


class PackageError(Exception):
    """The file is no such package. The message repeats nothing of it but names of files."""


@dataclass
class Package:
    """What stands in a package."""

    tables: dict[str, Rows] = field(default_factory=dict)
    manifest: dict[str, Any] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    """The file of each table, as whoever reads of a rejected row knows it."""

    @property
    def rows(self) -> int:
        return sum(len(rows) for rows in self.tables.values())


def manifest(**more: Any) -> dict[str, Any]:
    """What every package of ours says of itself."""
    told = json.loads(json.dumps(more))
    return {
        "standard": "HTCDS",
        "version": standard.VERSION,
        "license": "HTCDS by IOM, CC BY 4.0; no endorsement by IOM",
        "extension": standard.OURS,
        "formulas": "quoted",
        **told,
    }


def to_json(package: Package) -> bytes:
    """One document."""
    told = {MANIFEST: package.manifest, **_full(package)}
    return (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode()


def to_csv(package: Package) -> bytes:
    """A zip of a file a table. The same package gives the same bytes."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        _put(archive, f"{MANIFEST}.json", json.dumps(package.manifest, ensure_ascii=False))
        for name, rows in _full(package).items():
            _put(archive, f"{name}.csv", _csv(name, rows))
    return written.getvalue()


def read(name: str, content: bytes) -> Package:
    """A package of either kind. PackageError when it is none."""
    if len(content) > MOST_BYTES:
        raise PackageError(_("The file is too large."))
    package = _read_zip(content) if content[:2] == b"PK" else _read_json(name, content)
    if not package.rows:
        raise PackageError(_("There is no row in it."))
    _check_text(package)
    if package.rows > MOST_ROWS:
        raise PackageError(_("More than %(n)d rows: send it in parts.") % {"n": MOST_ROWS})
    version = str(package.manifest.get("version", standard.VERSION))
    if version != standard.VERSION:
        raise PackageError(_("This is version %(v)s of HTCDS; 2.0 is needed.") % {"v": version[:8]})
    return package


def _check_text(package: Package) -> None:
    """JSON can spell halves of characters, which are no text and cannot be kept."""
    for name, rows in package.tables.items():
        for number, row in enumerate(rows, 1):
            try:
                "".join((*row, *row.values())).encode()
            except UnicodeEncodeError:
                told = {"file": name, "n": number}
                raise PackageError(_("%(file)s, row %(n)d: this is no text.") % told) from None


def table_of(name: str) -> str:
    """Which table a name means; empty when none."""
    key = standard.squeezed(name)
    return key if key in ORDER else _NAMES.get(key, "")


def _full(package: Package) -> dict[str, Rows]:
    return {name: package.tables[name] for name in ORDER if package.tables.get(name)}


def _put(archive: zipfile.ZipFile, name: str, text: str) -> None:
    entry = zipfile.ZipInfo(name, _FIXED)
    entry.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(entry, text.encode())


def _csv(name: str, rows: Rows) -> str:
    used = {column for row in rows for column in row}
    first = ["id", *standard.columns(name)]
    names = [each for each in first if each in used] + sorted(used - set(first))
    written = io.StringIO()
    lines = csv.writer(written, lineterminator="\r\n", quoting=csv.QUOTE_ALL)
    lines.writerow(names)
    for row in rows:
        lines.writerow([_guarded(row.get(column, "")) for column in names])
    return written.getvalue()


def _guarded(cell: str) -> str:
    return GUARD + cell if cell.startswith(_FORMULA) else cell


def _unguarded(cell: str) -> str:
    return cell[1:] if cell[:1] == GUARD and cell[1:].startswith(_FORMULA) else cell


def _read_json(name: str, content: bytes) -> Package:
    try:
        document = json.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise PackageError(
            _("The file is not UTF-8, at byte %(n)d.") % {"n": error.start}
        ) from None
    except (ValueError, RecursionError):
        raise PackageError(_("The file is neither JSON nor a zip of CSV files.")) from None
    if not isinstance(document, dict):
        raise PackageError(_("The JSON is no package: an object of tables is needed."))
    package = Package()
    given = document.pop(MANIFEST, {})
    package.manifest = given if isinstance(given, dict) else {}
    for key, rows in document.items():
        table = table_of(str(key))
        if not table:
            raise PackageError(_("There is no table “%(name)s”.") % {"name": str(key)[:40]})
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise PackageError(_("“%(name)s” is no list of rows.") % {"name": str(key)[:40]})
        _add(package, table, name, ({str(k): _text(v) for k, v in row.items()} for row in rows))
    return package


def _text(value: Any) -> str:
    """A value of JSON as the text that a cell would have."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ";".join(_text(each) for each in value)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else str(value)


def _read_zip(content: bytes) -> Package:
    package = Package()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = [each for each in archive.infolist() if not each.is_dir()]
            if sum(each.file_size for each in entries) > MOST_BYTES:
                raise PackageError(_("The file is too large."))
            texts = {each.filename: _unpacked(archive, each) for each in entries}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError):
        raise PackageError(_("The zip cannot be read.")) from None
    for file, text in texts.items():
        if PurePosixPath(file).name == f"{MANIFEST}.json":
            try:
                given = json.loads(text)
            except (ValueError, RecursionError):
                raise PackageError(_("The manifest is no JSON.")) from None
            package.manifest = given if isinstance(given, dict) else {}
    quoted = package.manifest.get("formulas") == "quoted"
    for file, text in texts.items():
        path = PurePosixPath(file)
        if path.suffix.lower() != ".csv":
            continue
        table = table_of(path.stem)
        if not table:
            raise PackageError(_("There is no table “%(name)s”.") % {"name": path.stem[:40]})
        _add(package, table, path.name, _read_csv(path.name, text, quoted=quoted))
    return package


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> str:
    with archive.open(entry) as file:
        content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise PackageError(_("The file is too large."))
    if PurePosixPath(entry.filename).suffix.lower() not in (".csv", ".json"):
        return ""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        told = _("%(file)s is not UTF-8.") % {"file": PurePosixPath(entry.filename).name[:40]}
        raise PackageError(told) from None


def _read_csv(file: str, text: str, *, quoted: bool) -> Rows:
    lines = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        listed = [each for each in lines if each]
    except csv.Error as error:
        told = {"file": file[:40], "n": lines.line_num, "why": error}
        raise PackageError(_("%(file)s, line %(n)d: %(why)s") % told) from None
    if not listed:
        return []
    names = [each.strip() for each in listed[0]]
    if len(set(names)) != len(names):
        raise PackageError(_("%(file)s names a column twice.") % {"file": file[:40]})
    rows = []
    for cells in listed[1:]:
        if quoted:
            cells = [_unguarded(cell) for cell in cells]
        row = dict(zip(names, cells, strict=False))
        if len(cells) > len(names):
            # More cells than columns: they are kept with the row, which is rejected for it.
            row[MORE] = json.dumps(cells[len(names) :], ensure_ascii=False)
        rows.append(row)
    return rows


#: Where cells without a column are kept.
MORE = "?"


def _add(package: Package, table: str, file: str, rows: Iterable[dict[str, str]]) -> None:
    package.files.setdefault(table, file)
    filled = [{k: v for k, v in row.items() if v != ""} for row in rows]
    package.tables.setdefault(table, []).extend(filled)
