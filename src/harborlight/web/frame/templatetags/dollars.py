"""`{{ cents|dollars }}`: cents as dollars with two places."""

from __future__ import annotations

from django import template

register = template.Library()


@register.filter
def dollars(cents: int) -> str:
    """`-1234` becomes `-$12.34`, with commas between thousands."""
    whole, part = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}${whole:,}.{part:02d}"
