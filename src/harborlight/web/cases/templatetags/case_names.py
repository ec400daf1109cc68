"""Names of what was opened already, and the other records of a person."""

from __future__ import annotations

from typing import Any

from django import template

from harborlight.web.cases import suggesting
from harborlight.web.cases.persons import Person

register = template.Library()


@register.filter
def name_in(record: Any, names: dict[str, str]) -> str:
    """The name of a person, from those that were opened; else how the record is called."""
    return names.get(str(record.pk), str(record))


@register.filter
def place_name(place: Any, opened: list[tuple[Any, dict[str, Any]]]) -> str:
    """The name of a place, from those that were opened; else how the record is called."""
    found = next((told["name"] for each, told in opened if each.pk == place.pk), "")
    return found or str(place)


@register.inclusion_tag("cases/same_records.html", takes_context=True)
def same_records(context: dict[str, Any], person: Person) -> dict[str, list[Person]]:
    """The other records of the person that whoever looks reaches."""
    return {"others": suggesting.others_of(person, context["request"].member)}
