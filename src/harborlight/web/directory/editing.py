"""What a provider writes in a form, as rows of HSDS."""

from __future__ import annotations

import uuid
from typing import Any

from harborlight.web.accounts.models import Member
from harborlight.web.audit.acts import when
from harborlight.web.directory.keeping import Done, keep
from harborlight.web.directory.models import Link, Record
from harborlight.web.directory.projection import Projection
from harborlight.web.directory.unpack import OURS, Package, Row

#: Fields of the form that are fields of the standard.
_PLAIN = ("name", "status", "description", "eligibility_description", "minimum_age", "maximum_age",
          "application_process", "url")  # fmt: skip
_OURS = ("categories", "genders", "languages", "town", "cost")
_YES_NO = ("children", "pets", "accessible", "immigration_safe")


def as_form(projection: Projection, service: Record) -> dict[str, Any]:
    """What the form shows of a service that is there."""
    data = projection.contents([service]).get(service.pk, {})
    ours = data.get(OURS) or {}
    shown = {name: data.get(name) for name in _PLAIN}
    shown.update({name: ours.get(name) for name in _OURS})
    shown["counties"] = ", ".join(ours.get("counties") or [])
    words: dict[Any, str] = {True: "yes", False: "no"}
    shown.update({name: words.get(ours.get(name), "") for name in _YES_NO})
    for name, field, of in (("phones", "phone", "number"), ("capacities", "places", "maximum")):
        held = _first(projection, service, name)
        shown[field] = held[1].get(of) if held else None
    return shown


def save_service(
    projection: Projection, member: Member, service: Record | None, cleaned: dict[str, Any]
) -> tuple[str, Done]:
    """Keep a service as the form has it, within an act. Gives its key, and whether any of it was
    sealed because it repeats a confidential address."""
    data = dict(projection.contents([service]).get(service.pk, {})) if service else {}
    key = service.key if service else str(uuid.uuid4())
    data["id"] = data.get("id") or key
    for name in _PLAIN:
        value = cleaned.get(name)
        if value in (None, ""):
            data.pop(name, None)
        else:
            data[name] = value
    data["last_modified"] = when().isoformat()
    data[OURS] = _our_part(dict(data.get(OURS) or {}), cleaned)
    package = Package()
    row = _add(package, "service", key, data)
    if service is None:
        row.ones["organization"] = _organization(package, member)
    _hold_one(package, projection, service, row, "phones", "phone", "number", cleaned["phone"])
    places = cleaned.get("places")
    if places is not None:
        held = _hold_one(
            package, projection, service, row, "capacities", "service_capacity", "maximum", places
        )
        if held is not None and "available" not in held.data:
            unit = _add(package, "unit", str(uuid.uuid4()), {"name": "Bed"})
            held.ones["unit"] = (unit.table, unit.key)
            held.data.update(available=0, updated=when().isoformat())
    return key, keep(package, member.agency, member=member)


def save_walls(
    projection: Projection, location: Record, cleaned: dict[str, Any], names: dict[int, str]
) -> Done:
    """Set who may have the address and the phones of a location, within an act."""
    data = dict(projection.contents([location]).get(location.pk, {}))
    ours = dict(data.get(OURS) or {})
    ours["confidential"] = cleaned["confidential"] == "yes"
    ours["phone_to"], ours["address_to"] = names[cleaned["phone_to"]], names[cleaned["address_to"]]
    package = Package()
    _add(package, "location", location.key, {**data, OURS: ours})
    return keep(package, location.agency)


def _our_part(ours: dict[str, Any], cleaned: dict[str, Any]) -> dict[str, Any]:
    listed = [each.strip() for each in cleaned["counties"].split(",") if each.strip()]
    said: dict[str, Any] = {name: cleaned.get(name) for name in _OURS}
    said["counties"] = listed
    said.update({name: {"yes": True, "no": False}.get(cleaned[name]) for name in _YES_NO})
    for name, value in said.items():
        if value in (None, "", []):
            ours.pop(name, None)
        else:
            ours[name] = value
    return ours


def _organization(package: Package, member: Member) -> tuple[str, str]:
    own = Record.objects.filter(agency=member.agency, table="organization").order_by("pk").first()
    if own is not None:
        return own.table, own.key
    name = member.agency.name
    row = _add(package, "organization", str(uuid.uuid4()), {"name": name, "description": name})
    return row.table, row.key


def _first(
    projection: Projection, service: Record, name: str
) -> tuple[Record, dict[str, Any]] | None:
    link = Link.objects.filter(parent=service, name=name).select_related("child").first()
    if link is None:
        return None
    return link.child, projection.contents([link.child]).get(link.child_id, {})


def _hold_one(
    package: Package, projection: Projection, service: Record | None, row: Row, name: str,
    table: str, field: str, value: Any,
) -> Row | None:  # fmt: skip
    """The first of what the service holds in a list, with this value; a new one if it has none."""
    held = _first(projection, service, name) if service else None
    if held is None and value in (None, ""):
        return None
    if held is not None:
        if held[1].get(field) == value or value in (None, ""):
            return None
        return _add(package, table, held[0].key, {**held[1], field: value})
    return _add(package, table, str(uuid.uuid4()), {field: value, "service_id": row.key})


def _add(package: Package, table: str, key: str, data: dict[str, Any]) -> Row:
    row = package.rows[table, key] = Row(table, key, {"id": key, **data}, "", "")
    return row
