"""Names and links of the audit's page."""

from __future__ import annotations

from typing import Any

from django import template

register = template.Library()


@register.filter
def named(names: dict[str, str], actor: str) -> str:
    """Who `member 12` is, or the actor as it stands."""
    return f"{names[actor]} ({actor})" if actor in names else actor


@register.simple_tag(takes_context=True)
def audit_page(context: dict[str, Any], number: int) -> str:
    """The query of another page, with the same filter."""
    query = context["request"].GET.copy()
    query["page"] = str(number)
    return str(query.urlencode())
