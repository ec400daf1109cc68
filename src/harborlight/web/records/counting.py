"""The counts that stay of what was removed: year, state and kind, and of nobody."""

from __future__ import annotations

from harborlight.web.records.models import Tally


def count(year: int, state: str, kind: str) -> None:
    """Count one record that is removed. Within an act."""
    Tally.objects.get_or_create(year=year, state=state, kind=kind)
    tally = Tally.objects.select_for_update().get(year=year, state=state, kind=kind)
    tally.number += 1
    tally.save()


def counts() -> list[Tally]:
    """All counts, by year, state and kind."""
    return list(Tally.objects.all())
