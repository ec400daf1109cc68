"""The one door out of the directory: what a view may have of it.

Every page, list, search, map, export and answer of the API takes records from here. No other
module opens `Hidden`, or reads a record's `data` to show it (a test reads the sources for that).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from harborlight.web.accounts.models import Member
from harborlight.web.accounts.permissions import scope_of
from harborlight.web.directory.models import Beds, Hidden, Link, Offer, Record, View
from harborlight.web.directory.tables import tables

#: In which order the views are asked for when a member's own is looked up.
_ASKED = ((View.PARTNER, "partner"), (View.CALLER, "caller"))


@dataclass(frozen=True)
class Projection:
    """What one view may have. `home` is the agency whose own records are seen in full."""

    view: View
    home: int | None = None

    def rank(self, record: Record) -> int:
        """The view that this record is seen in."""
        own = self.home is not None and record.agency_id == self.home
        return View.STAFF if own else self.view

    def may(self, record: Record) -> bool:
        """Whether this view may have the record's content."""
        return record.shown_to <= self.rank(record)

    def records(self, table: str) -> QuerySet[Record]:
        """The records of a table whose content this view may have."""
        reached = Q(shown_to__lte=self.view)
        if self.home is not None:
            reached |= Q(agency_id=self.home)
        found: QuerySet[Record] = Record.objects.filter(reached, table=table)
        return found

    def offers(self) -> QuerySet[Offer]:
        """The services that can be found. Offers are made of what is open, for every view."""
        found: QuerySet[Offer] = Offer.objects.filter(service__shown_to=View.PUBLIC).select_related(
            "service"
        )
        return found

    def beds(self, service: Record) -> list[Beds]:
        """Free places of a service, if this view may have the records that say them."""
        rows = Beds.objects.filter(service=service).select_related("capacity")
        return [each for each in rows if self.may(each.capacity) and self.may(service)]

    def contents(self, records: Collection[Record]) -> dict[int, dict[str, Any]]:
        """The content of each record that this view may have, by its pk. Opening is audited."""
        seen = [record for record in records if self.may(record)]
        sealed = [record.pk for record in seen if record.shown_to > View.PUBLIC]
        opened = {
            each.record_id: each.take("data")["data"]
            for each in Hidden.objects.filter(record__in=sealed)
        }
        return {
            r.pk: opened[r.pk] if r.shown_to > View.PUBLIC else r.data
            for r in seen
            if r.shown_to == View.PUBLIC or r.pk in opened
        }

    def nested(
        self, records: Sequence[Record], *, full: bool = True, without: tuple[str, ...] = ()
    ) -> list[dict[str, Any]]:
        """The records as HSDS nests them: with all that they hold, or with single ones alone.

        `without` names what the topmost records hold and is not asked for.
        """
        return _Tree(self, records, full=full).documents(records, without)


PUBLIC = Projection(View.PUBLIC)


def of_member(member: Member | None) -> Projection:
    """What a member sees: their role's view, and their own agency's entries in full."""
    if member is None:
        return PUBLIC
    keeps = scope_of(member.role, "directory", "keep") is not None
    view = next(
        (view for view, action in _ASKED if scope_of(member.role, "directory", action)),
        View.PUBLIC,
    )
    return Projection(view, member.agency_id if keeps else None)


class _Tree:
    """All records below some, read level by level, and put together once."""

    def __init__(self, projection: Projection, roots: Sequence[Record], *, full: bool) -> None:
        self.full = full
        self.below: dict[int, dict[str, list[int]]] = {}
        self.above: dict[int, int] = {}
        self.services: dict[int, list[int]] = {}
        records = {record.pk: record for record in roots}
        level = list(records)
        for table, name in (("service_at_location", "service_at_locations"),):
            joined = [r.pk for r in roots if r.table == table]
            for link in Link.objects.filter(child__in=joined, name=name).select_related("parent"):
                self.above[link.child_id] = link.parent_id
                if link.parent_id not in records:
                    records[link.parent_id] = link.parent
                    level.append(link.parent_id)
        seen: set[int] = set()
        while level:
            fresh = [pk for pk in level if pk not in seen]
            seen.update(fresh)
            level = []
            rows = Link.objects.filter(parent__in=fresh).select_related("child").order_by("pk")
            if not full:
                rows = rows.filter(name__in=_ONES)
            for link in rows:
                self.below.setdefault(link.parent_id, {}).setdefault(link.name, []).append(
                    link.child_id
                )
                if link.child_id not in records:
                    records[link.child_id] = link.child
                    level.append(link.child_id)
        self.records = records
        self.contents = projection.contents(list(records.values()))
        # What is confidential is left out whole. A view that may reach it by phone gets those.
        self.stubs = projection.view > View.PUBLIC

    def documents(self, roots: Iterable[Record], without: tuple[str, ...]) -> list[dict[str, Any]]:
        made = []
        for root in roots:
            document = self._one(root.pk, without)
            if document is None:
                continue
            service = self.above.get(root.pk)
            if root.table == "service_at_location" and service is not None:
                whole = self._one(service, ("service_at_locations",))
                if whole is not None:
                    document["service"] = whole
            made.append(document)
        return made

    def _one(self, pk: int, without: tuple[str, ...], path: tuple[int, ...] = ()) -> Any:
        record = self.records[pk]
        content = self.contents.get(pk)
        table = tables()[record.table]
        hidden = content is None
        if hidden:
            if not self.stubs or record.table not in ("location", "service_at_location"):
                return None
            document: dict[str, Any] = {"id": record.key}
            if record.table == "location":
                document["location_type"] = "physical"
        else:
            document = dict(content or {})
        for name, children in self.below.get(pk, {}).items():
            if name in without:
                continue
            made = [
                each
                for child in children
                if child not in path and (each := self._one(child, (), (*path, pk))) is not None
            ]
            if not made:
                continue
            if name in table.ones:
                document[name] = made[0]
            elif self.full:
                document[name] = made
        held = set(document) - {"id", "location_type"}
        if hidden and not held:
            return None
        return document


_ONES = ("organization", "program", "location", "taxonomy_term", "taxonomy_detail", "unit")
