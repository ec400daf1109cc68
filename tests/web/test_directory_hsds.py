"""HSDS in and out: the official examples without loss, every endpoint against the schemas."""

from __future__ import annotations

import io
import json
import uuid
import zipfile
from typing import Any

import pytest
from django.test import Client

from harborlight.web.accounts.models import Agency
from harborlight.web.accounts.roles import AgencyKind
from harborlight.web.audit.acts import act
from harborlight.web.audit.models import Entry
from harborlight.web.directory import export
from harborlight.web.directory.api import KINDS
from harborlight.web.directory.keeping import bring_in
from harborlight.web.directory.models import Beds, Import, Offer, Record, Reject, View
from harborlight.web.directory.projection import PUBLIC, Projection
from harborlight.web.directory.tables import by_file, tables
from harborlight.web.directory.unpack import unpack
from hsds import EXAMPLES, STANDARD, example, there, wrong
from people import TESTER, make_agency

pytestmark = pytest.mark.django_db
BASE = "/directory/hsds"


def take_in(
    name: str, content: bytes, agency: Agency | None = None, *, confidential: bool = False
) -> Import:
    agency = agency or make_agency(AgencyKind.PROVIDER)
    with act(TESTER, "test.setup"):
        return bring_in(unpack(name, content), agency, unsaid_is_confidential=confidential)


def packed() -> bytes:
    """The official example of tables as a zip."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for file in sorted((EXAMPLES / "csv").glob("*.csv")):
            archive.writestr(file.name, file.read_bytes())
    return out.getvalue()


def cells(content: bytes) -> dict[str, list[dict[str, str]]]:
    """The rows of each CSV file of a zip: only cells that hold something."""
    import csv

    found = {}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            if name.endswith(".csv"):
                text = archive.read(name).decode("utf-8")
                rows = csv.DictReader(io.StringIO(text, newline=""))
                found[name] = [{k: v for k, v in row.items() if v} for row in rows]
    return found


@there
def test_our_tables_are_those_of_the_schemas() -> None:
    for table in tables().values():
        schema = json.loads((STANDARD / f"{table.name}.json").read_text("utf-8"))
        held = {*table.fields, *table.lists, *table.ones}
        assert held == set(schema["properties"]), table.name
        assert list(table.needs) == schema["required"], table.name


FULL = {
    "service_full.json": "service",
    "organization_full.json": "organization",
    "service_at_location_full.json": "service_at_location",
    "location.json": "location",
    "taxonomy.json": "taxonomy",
    "taxonomy_term.json": "taxonomy_term",
}


def document(table: str, key: str, projection: Projection) -> Any:
    record = Record.objects.get(table=table, key=key)
    (made,) = projection.nested([record])
    if table == "organization":
        services = Record.objects.filter(table="service", holds__child=record)
        nested = projection.nested(list(services), without=("organization",))
        made = {**made, "services": nested} if nested else made
    return made


@there
@pytest.mark.parametrize("confidential", [False, True])
@pytest.mark.parametrize("name", FULL)
def test_an_official_document_comes_out_as_it_went_in(name: str, confidential: bool) -> None:
    agency = make_agency(AgencyKind.PROVIDER)
    raw = (EXAMPLES / name).read_bytes()
    done = take_in(name, raw, agency, confidential=confidential)
    assert done.rejected == 0, list(Reject.objects.values("place", "field", "reason"))
    assert done.sealed == 0
    given = example(name)
    own = Projection(View.STAFF, agency.pk)
    with act(TESTER, "test.read"):
        assert document(FULL[name], given["id"], own) == given
    if confidential and "location" in name:
        raw_rows = list(Record.objects.filter(table="address").values_list("data", "words"))
        assert raw_rows == [({}, "")]


@there
def test_lists_are_taken_too_and_the_same_again_changes_nothing() -> None:
    agency = make_agency(AgencyKind.PROVIDER)
    for name in ("service_list.json", "organization_list.json", "service_at_location_list.json",
                 "taxonomy_list.json", "taxonomy_term_list.json"):  # fmt: skip
        assert take_in(name, (EXAMPLES / name).read_bytes(), agency).rejected == 0, name
    before = list(Record.objects.order_by("pk").values("table", "key", "data"))
    first = Entry.objects.latest("position").position
    assert take_in("a.json", (EXAMPLES / "service_list.json").read_bytes(), agency).rejected == 0
    last = Entry.objects.latest("position")
    assert last.kind == "directory.import", "what is the same is not written again"
    told = Entry.objects.filter(position__gt=first, kind="directory.record")
    assert not told.exists()
    assert list(Record.objects.order_by("pk").values("table", "key", "data")) == before


@there
@pytest.mark.parametrize("confidential", [False, True])
def test_the_official_tables_come_out_as_they_went_in(confidential: bool) -> None:
    agency = make_agency(AgencyKind.PROVIDER)
    content = packed()
    done = take_in("hsds.zip", content, agency, confidential=confidential)
    assert done.rejected == 0, list(Reject.objects.values("file", "place", "field", "reason"))
    with act(TESTER, "test.read"):
        out = export.csv_package(export.rows(Projection(View.STAFF, agency.pk), agency.pk))
    given, made = cells(content), cells(out)
    assert set(given) == set(made)
    for name, rows in given.items():
        for row, again in zip(rows, made[name], strict=True):
            assert {k: again.get(k) for k in row} == row, name
    with zipfile.ZipFile(io.BytesIO(out)) as archive:
        package = json.loads(archive.read("datapackage.json"))
    assert {each["path"] for each in package["resources"]} == set(made)


@there
def test_tables_in_one_document() -> None:
    agency = make_agency(AgencyKind.PROVIDER)
    done = take_in("tabular.json", (EXAMPLES / "tabular.json").read_bytes(), agency)
    assert done.rejected == 0, list(Reject.objects.values("file", "place", "field", "reason"))
    again = json.loads(export.json_tables(export.rows(PUBLIC, agency.pk)))
    # The example writes two identifiers, which are text, as numbers. As text they come out.
    identifiers = ("external_identifier", "identifier")
    for name, rows in example("tabular.json").items():
        given = [{k: str(v) if k in identifiers else v for k, v in r.items()} for r in rows]
        assert [{k: a[k] for k in g} for g, a in zip(given, again[name], strict=True)] == given


@there
@pytest.mark.parametrize("given", ["json", "csv"])
def test_every_endpoint_against_the_official_schemas(given: str) -> None:
    agency = make_agency(AgencyKind.PROVIDER)
    if given == "csv":
        take_in("hsds.zip", packed(), agency)
    else:
        for name in ("organization_full.json", "taxonomy_term.json"):
            take_in(name, (EXAMPLES / name).read_bytes(), agency)
    for n in range(3):  # more than one page
        service = {"id": str(uuid.uuid4()), "name": f"Service {n}", "status": "active"}
        take_in("more.json", json.dumps(service).encode(), agency)
    client = Client()
    about = client.get(f"{BASE}/").json()
    assert about["version"] == "3.1"
    asked = 0
    for kind, table in KINDS.items():
        for query in ("", "?per_page=1&page=2", "?full=true", "?full_service=true", "?minimal=true",
                      "?page=900"):  # fmt: skip
            for method in (client.get, client.post):
                answer = method(f"{BASE}/{kind}{query}")
                assert answer.status_code == 200, (kind, query)
                page = answer.json()
                assert isinstance(page["empty"], bool)
                assert page["size"] == len(page["contents"])
                for each in page["contents"]:
                    asked += 1
                    assert wrong(table, each) == [], (kind, query)
        lines = b"".join(client.get(f"{BASE}/{kind}?format=ndjson").streaming_content)  # type: ignore[attr-defined]
        for line in lines.splitlines():
            key = json.loads(line)["id"]
            one = client.get(f"{BASE}/{kind}/{key}")
            assert one.status_code == 200
            assert wrong(table, one.json()) == [], kind
        assert lines, kind
        assert client.get(f"{BASE}/{kind}/{uuid.uuid4()}").status_code == 404
        assert client.get(f"{BASE}/{kind}/none").status_code == 404
    assert asked > 50


def test_what_is_wrong_with_a_row_is_said_and_the_row_is_kept() -> None:
    good, bad = str(uuid.uuid4()), str(uuid.uuid4())
    lines = [
        "id,organization_id,name,status,minimum_age,url",
        f"{good},{good},Good,active,12,https://example.org",
        f"{bad},{good},Bad,open,,",
        f"no-uuid,{good},Bad,active,,",
        f"{uuid.uuid4()},{good},Bad,active,twelve,",
        f"{uuid.uuid4()},{good},Bad,active,,here and there",
        f"{uuid.uuid4()},{good},,active,,",
        f"{uuid.uuid4()},{good},Short",
        f"{good},{good},Again,active,,",
    ]
    done = take_in("services.csv", "\n".join(lines).encode())
    assert (done.taken, done.rejected) == (1, 7)
    told = [(r.place, r.field, r.reason) for r in Reject.objects.order_by("place")]
    assert told == [
        ("row 3", "status", "is none of: active, inactive, defunct, temporarily closed"),
        ("row 4", "id", "is not a UUID"),
        ("row 5", "minimum_age", "is not a number"),
        ("row 6", "url", "is not a URI (https://...)"),
        ("row 7", "name", "is needed and missing"),
        ("row 8", "", "3 cells where the header has 6"),
        ("row 9", "name", "this id stands at services.csv, row 2 already with another content"),
    ]
    with act(TESTER, "test.read"):
        kept = [r.take("row")["row"] for r in Reject.objects.order_by("place")]
    assert kept[0]["status"] == "open"
    assert kept[5] == lines[7].split(",")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.json", b"{"),
        ("x.json", b"\xff\xfe"),
        ("x.json", b"[" * 100_000),
        ("x.json", b"[1, null, {}, []]"),
        ("x.json", b'{"id": "a\\u0000b", "name": "x", "status": "active"}'),
        ("x.json", b'{"id": NaN, "name": "x", "status": "active"}'),
        ("x.csv", b"id,name\n1,2\n"),
        ("services.csv", b'id,name\n"1,2\n'),
        ("services.csv", b"name\nx\n"),
        ("x.zip", b"no zip"),
    ],
)
def test_what_cannot_be_read_is_rejected_and_no_error(name: str, content: bytes) -> None:
    done = take_in(name, content)
    assert done.taken == 0
    assert done.rejected >= 1


def test_nobody_changes_the_records_of_another_agency() -> None:
    key = str(uuid.uuid4())
    service = {"id": key, "name": "First", "status": "active"}
    take_in("a.json", json.dumps(service).encode())
    done = take_in("a.json", json.dumps({**service, "name": "Second"}).encode())
    assert done.rejected == 1
    assert Record.objects.get(key=key).name == "First"


def test_free_beds_come_with_when_they_were_said() -> None:
    key, capacity, unit = (str(uuid.uuid4()) for _ in range(3))
    service: dict[str, Any] = {
        "id": key, "name": "Shelter", "status": "active",
        "capacities": [{"id": capacity, "available": 4, "maximum": 10,
                        "updated": "2026-01-02T03:04:05Z", "unit": {"id": unit, "name": "Bed"}}],
    }  # fmt: skip
    agency = make_agency(AgencyKind.PROVIDER)
    take_in("a.json", json.dumps(service).encode(), agency)
    beds = Beds.objects.get()
    assert (beds.available, beds.maximum, beds.unit) == (4, 10, "Bed")
    assert beds.said_at.isoformat() == "2026-01-02T03:04:05+00:00"
    service["capacities"][0].update(available=9, updated="2025-01-01T00:00:00Z")
    take_in("a.json", json.dumps(service).encode(), agency)
    assert Beds.objects.get().available == 4, "what was said later stays"
    assert Offer.objects.get().name == "Shelter"


def test_every_table_has_its_own_file() -> None:
    assert len(by_file()) == len(tables()) == 24
