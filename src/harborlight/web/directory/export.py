"""Records out again: as a tabular data package (CSV with datapackage.json), or as JSON.

What a view may not have is not in it, not as an empty cell either.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterable
from typing import Any

from harborlight.web.directory.models import Link, Record
from harborlight.web.directory.projection import Projection
from harborlight.web.directory.tables import FIELD_OF_ONE, PROFILE, Table, tables

Rows = dict[str, list[dict[str, Any]]]
_KINDS = {"number": "number", "date": "date", "time": "time", "datetime": "datetime"}


def rows(projection: Projection, agency: int | None = None) -> Rows:
    """All rows that the view may have, by table, each with the fields that name its parents.

    With `agency`, only what that agency keeps, and the shared terms that it uses.
    """
    found: Rows = {}
    shown: dict[int, tuple[Record, dict[str, Any]]] = {}
    for name in tables():
        records = projection.records(name).order_by("pk")
        if agency is not None:
            used = Link.objects.filter(parent__agency=agency).values("child")
            records = records.filter(agency=agency) | records.filter(pk__in=used)
        listed = list(records)
        contents = projection.contents(listed)
        for record in listed:
            if record.pk in contents:
                shown[record.pk] = (record, dict(contents[record.pk]))
    for link in Link.objects.filter(parent__in=list(shown), child__in=list(shown)).order_by("pk"):
        _name_the_parent(shown[link.parent_id], link.name, shown[link.child_id])
    for record, content in shown.values():
        found.setdefault(record.table, []).append(content)
    return found


def _name_the_parent(
    parent: tuple[Record, dict[str, Any]], name: str, child: tuple[Record, dict[str, Any]]
) -> None:
    above, below = parent[0], child[0]
    if name in tables()[above.table].ones:
        parent[1].setdefault(FIELD_OF_ONE[name], below.key)
    elif below.table == "attribute":
        child[1].setdefault("link_id", above.key)
        child[1].setdefault("link_entity", above.table)
    elif below.table == "metadata":
        child[1].setdefault("resource_id", above.key)
        child[1].setdefault("resource_type", above.table)
    elif f"{above.table}_id" in tables()[below.table].fields:
        child[1].setdefault(f"{above.table}_id", above.key)


def csv_package(found: Rows) -> bytes:
    """A zip of one CSV file for each table that has rows, and the description of the package."""
    packed = io.BytesIO()
    resources = []
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, table in tables().items():
            if name in found:
                columns = _columns(table, found[name])
                _pack(archive, f"{table.file}.csv", _csv(columns, found[name]))
                resources.append(_resource(table, columns))
        package = {
            "name": "human-services-data",
            "profile": "tabular-data-package",
            "homepage": PROFILE,
            "resources": resources,
        }
        _pack(archive, "datapackage.json", json.dumps(package, indent=2))
    return packed.getvalue()


def _pack(archive: zipfile.ZipFile, name: str, text: str) -> None:
    # Without the time of day: the same rows are the same bytes.
    archive.writestr(zipfile.ZipInfo(name), text, zipfile.ZIP_DEFLATED)


def json_tables(found: Rows) -> str:
    """All rows in one document, as HSDS writes tables in JSON."""
    named = {f"{tables()[name].file}.csv": listed for name, listed in found.items()}
    return json.dumps(named, ensure_ascii=False, indent=1)


def _columns(table: Table, listed: list[dict[str, Any]]) -> list[str]:
    given = {name for row in listed for name in row}
    return [*table.fields, *sorted(given - set(table.fields))]


def _csv(columns: list[str], listed: Iterable[dict[str, Any]]) -> str:
    written = io.StringIO(newline="")
    lines = csv.writer(written, lineterminator="\r\n")
    lines.writerow(columns)
    for row in listed:
        lines.writerow([_cell(row.get(name)) for name in columns])
    return written.getvalue()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _resource(table: Table, columns: list[str]) -> dict[str, Any]:
    fields = []
    for name in columns:
        kind = table.fields.get(name, "text")
        one: dict[str, Any] = {"name": name, "type": _KINDS.get(kind, "string")}
        if kind in ("uuid", "email", "uri"):
            one["format"] = kind
        if "/" in kind:
            one["constraints"] = {"enum": kind.split("/")}
        if name in (*table.needs, *table.needs_in_tables):
            one.setdefault("constraints", {})["required"] = True
        fields.append(one)
    return {
        "name": table.file,
        "path": f"{table.file}.csv",
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "schema": {"fields": fields, "primaryKey": "id"},
    }
