"""Records of the directory for the tests of the walls."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from typing import Any

from harborlight.web.accounts.models import Agency, Member
from harborlight.web.accounts.roles import AgencyKind
from harborlight.web.audit.acts import act
from harborlight.web.directory.api import KINDS
from harborlight.web.directory.keeping import bring_in
from harborlight.web.directory.models import Beds, Import, Record
from harborlight.web.directory.unpack import unpack
from objects import arguments, makes
from people import TESTER, make_agency


def new(table: str, **fields: Any) -> dict[str, Any]:
    """An object of HSDS with an id of its own."""
    return {"id": str(uuid.uuid4()), "name": f"A {table}", "description": f"A {table}", **fields}


def shelter(**fields: Any) -> dict[str, Any]:
    """A made-up service with free beds at a place that is open."""
    location = new("location", location_type="physical", x_harborlight={"confidential": False})
    beds = new("capacity", available=3, maximum=9, updated="2026-11-20T10:00:00Z")
    term = new("term", taxonomy="Terms", taxonomy_detail=new("taxonomy"))
    service: dict[str, Any] = {
        "status": "active",
        "organization": new("organization"),
        "attributes": [{"id": str(uuid.uuid4()), "taxonomy_term": term}],
        "capacities": [{**beds, "unit": new("unit")}],
        "phones": [{"id": str(uuid.uuid4()), "number": "507-555-0150"}],
        "service_at_locations": [{"id": str(uuid.uuid4()), "location": location}],
    }
    return new("service", **{**service, **fields})


def keep_for(agency: Agency, *services: dict[str, Any]) -> Import:
    """Keep services for an agency."""
    content = json.dumps(list(services)).encode()
    with act(TESTER, "test.setup"):
        return bring_in(unpack("a.json", content), agency)


@makes(Import)
def made_import(owner: Member) -> Import:
    return keep_for(owner.agency, shelter())


@makes(Record)
def made_record(owner: Member) -> Record:
    service = shelter()
    keep_for(owner.agency, service)
    return Record.objects.get(key=service["id"])


@makes(Beds)
def made_beds(owner: Member) -> Beds:
    beds: Beds = Beds.objects.get(service=made_record(owner))
    return beds


def some_key(table: str) -> str:
    """The key of a record that is there."""
    if not Record.objects.filter(table=table).exists():
        keep_for(make_agency(AgencyKind.PROVIDER), shelter())
    return str(Record.objects.filter(table=table)[0].key)


def key_of(table: str) -> Callable[[Any], dict[str, object]]:
    """The arguments of a URL that shows one record of the table."""
    return lambda _record: {"key": some_key(table)}


for kind, table in KINDS.items():
    arguments(f"directory:member_api_{kind}_one", key_of(table))

arguments("directory:entry", key_of("service"))
