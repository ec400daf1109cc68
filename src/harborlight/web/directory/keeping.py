"""Rows of HSDS into the directory: one way in, for imports and for what providers write.

What is confidential is known before anything is written, so that it never reaches the database
unsealed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from django.utils import timezone

from harborlight.web.accounts.models import Agency, Member
from harborlight.web.directory import exposure
from harborlight.web.directory.exposure import Key, Node
from harborlight.web.directory.models import (
    Beds,
    Hidden,
    Import,
    Link,
    Offer,
    Record,
    Reject,
    View,
    words_of,
)
from harborlight.web.directory.offers import facts
from harborlight.web.directory.tables import FIELD_OF_ONE, SHARED, tables
from harborlight.web.directory.unpack import OURS, Package, Row, Wrong

#: Who may have the phones and the address of a confidential location that says no more than that.
PHONE_TO, ADDRESS_TO = View.PARTNER, View.STAFF
_VIEWS = {view.name.lower(): view.value for view in View}


def bring_in(package: Package, agency: Agency, *, unsaid_is_confidential: bool = True) -> Import:
    """Keep a package for an agency, within an act. Whatever was wrong is kept as Reject.

    A new location that does not say whether it is confidential is, unless told otherwise.
    """
    done = keep(package, agency, unsaid_is_confidential=unsaid_is_confidential)
    record = Import(agency=agency, form=package.form)
    record.taken = len(package.rows) - done.refused
    record.rejected = len(package.wrong) - done.sealed
    record.sealed = done.sealed
    record.save()
    for wrong in package.wrong:
        reject = Reject(of=record, file=wrong.file[:100], place=wrong.place[:200])
        reject.field, reject.reason = wrong.field[:100], wrong.reason[:300]
        reject.put(row=wrong.row)
        reject.save()
    return record


class Done:
    """What keeping a package did."""

    refused = 0
    sealed = 0


def keep(
    package: Package,
    agency: Agency,
    *,
    unsaid_is_confidential: bool = True,
    member: Member | None = None,
) -> Done:
    """Write the rows of a package, within an act. See `bring_in`; `member` says free beds."""
    done = Done()
    known = _others(package, agency, done)
    mine = {(r.table, r.key): r for r in Record.objects.filter(agency=agency)}
    nodes = _nodes(package, mine, unsaid_is_confidential)
    old = _links(package, mine, nodes)
    _follow_fields(nodes, known)
    ranks = exposure.ranks(nodes)
    _seal_what_repeats(package, nodes, mine, ranks, done)
    records = {**known, **mine, **_write(package, agency, nodes, mine, ranks)}
    _write_links(nodes, records, old)
    _write_offers(nodes, records, ranks)
    _write_beds(package, nodes, records, member)
    return done


def _others(package: Package, agency: Agency, done: Done) -> dict[Key, Record]:
    """Records of other agencies that rows name. Those may be used when shared, never changed."""
    pointed = {str(v).lower() for row in package.rows.values() for k, v in row.data.items()
               if k.endswith("id") and isinstance(v, str)}  # fmt: skip
    pointed |= {key for _, key in package.rows}
    found: dict[Key, Record] = {}
    for part in _parts(sorted(pointed)):
        for record in Record.objects.filter(key__in=part).exclude(agency=agency):
            key = (record.table, record.key)
            row = package.rows.get(key)
            if record.table in SHARED:
                found[key] = record
                package.rows.pop(key, None)
            elif row is not None:
                del package.rows[key]
                done.refused += 0
                said = "another agency keeps the record of this id"
                package.wrong.append(Wrong(row.file, row.place, "id", said, row.data))
    return found


def _nodes(package: Package, mine: Mapping[Key, Record], unsaid: bool) -> dict[Key, Node]:
    nodes = {
        key: Node(*key, record.data if record.shown_to == View.PUBLIC else None,
                  record.phone_to, record.address_to)
        for key, record in mine.items()
    }  # fmt: skip
    for key, row in package.rows.items():
        before = nodes.get(key)
        node = nodes[key] = Node(*key, row.data)
        if row.table == "location":
            node.phone_to, node.address_to = _who_may(row, before, unsaid)
    return nodes


def _who_may(row: Row, before: Node | None, unsaid: bool) -> tuple[int, int]:
    """Who may have the phones and the address of this location."""
    said: Mapping[str, Any] = row.data.get(OURS) or {}
    confidential = said.get("confidential")
    if confidential is None:
        if before is not None:
            return before.phone_to, before.address_to
        confidential = unsaid
    if confidential is False:
        return View.PUBLIC, View.PUBLIC
    phone = _VIEWS.get(str(said.get("phone_to", "")).lower(), PHONE_TO.value)
    address = _VIEWS.get(str(said.get("address_to", "")).lower(), ADDRESS_TO.value)
    return phone, max(address, View.PARTNER)


def _links(
    package: Package, mine: Mapping[Key, Record], nodes: dict[Key, Node]
) -> dict[tuple[Key, str, Key], int]:
    """The links of the agency as they are, without those that the package says anew; and those of
    its documents put into the nodes."""
    by_pk = {record.pk: key for key, record in mine.items()}
    rows = Link.objects.filter(parent__in=list(by_pk)).select_related("child")
    old: dict[tuple[Key, str, Key], int] = {}
    for link in rows.order_by("pk"):
        parent, child = by_pk[link.parent_id], (link.child.table, link.child.key)
        old[parent, link.name, child] = link.pk
        above = package.rows.get(parent)
        below = package.rows.get(child)
        replaced = above is not None and (link.name in above.lists or link.name in above.ones)
        moved = below is not None and _names_other(child[0], below.data, link.name, parent)
        if not replaced and not moved:
            nodes[parent].holds.append((link.name, child))
    for key, row in package.rows.items():
        held = nodes[key].holds
        for name, children in row.lists.items():
            held += [(name, child) for child in children if (name, child) not in held]
        held += [(n, child) for n, child in row.ones.items() if (n, child) not in held]
    return old


def _names_other(table: str, data: Mapping[str, Any], name: str, parent: Key) -> bool:
    """Whether a row names another parent in the field that stands for this link."""
    for field, (of, listed) in tables()[table].points.items():
        if of == parent[0] and listed == name and field in data:
            return str(data[field]).lower() != parent[1]
    return False


def _follow_fields(nodes: dict[Key, Node], known: Mapping[Key, Record]) -> None:
    """Links from the fields by which rows name their parents, or what they hold one of."""
    by_id: dict[str, list[Key]] = {}
    for key in (*nodes, *known):
        by_id.setdefault(key[1], []).append(key)
    for key, node in list(nodes.items()):
        data = node.data or {}
        table = tables()[node.table]
        for field, (parent, name) in table.points.items():
            above = (parent, str(data.get(field) or "").lower())
            if above in nodes and (name, key) not in nodes[above].holds:
                nodes[above].holds.append((name, key))
        for name in table.ones:
            kind, value = table.ones[name], str(data.get(FIELD_OF_ONE[name]) or "").lower()
            there = any(held == name for held, _ in node.holds)
            if ((kind, value) in nodes or (kind, value) in known) and not there:
                node.holds.append((name, (kind, value)))
        if node.table in ("attribute", "metadata"):
            _follow_any(node, key, by_id, nodes)


def _follow_any(
    node: Node, key: Key, by_id: Mapping[str, list[Key]], nodes: dict[Key, Node]
) -> None:
    """Attributes and metadata name a record of any table."""
    data = node.data or {}
    attribute = node.table == "attribute"
    value = str(data.get("link_id" if attribute else "resource_id") or "").lower()
    said = str(data.get("link_entity" if attribute else "resource_type") or "").lower()
    above = [each for each in by_id.get(value, ()) if each in nodes and each != key]
    exact = [each for each in above if each[0] == said]
    name = "attributes" if attribute else "metadata"
    for each in (exact or above)[:1]:
        if (name, key) not in nodes[each].holds:
            nodes[each].holds.append((name, key))


def _seal_what_repeats(
    package: Package,
    nodes: Mapping[Key, Node],
    mine: Mapping[Key, Record],
    ranks: dict[Key, int],
    done: Done,
) -> None:
    """Records that repeat a confidential address, point or phone in their text are sealed too."""
    telling = ("address", "phone", "location")
    contents: list[tuple[str, int, Mapping[str, Any]]] = []
    for key, node in nodes.items():
        if ranks[key] > View.PUBLIC and node.table in telling:
            data = node.data
            if data is None:
                data = Hidden.objects.get(record=mine[key]).take("data")["data"]
            contents.append((node.table, ranks[key], data))
    known = exposure.needles(contents)
    for key, node in nodes.items():
        if ranks[key] > View.PUBLIC or node.data is None or not known:
            continue
        rank = exposure.gives_away(node.data, known)
        if rank:
            ranks[key] = rank
            done.sealed += 1
            row = package.rows.get(key)
            said = "repeats the address, point or phone of a confidential location: it was sealed"
            place = (row.file, row.place) if row else (node.table, node.key)
            package.wrong.append(Wrong(*place, "", said, None))


def _write(
    package: Package,
    agency: Agency,
    nodes: Mapping[Key, Node],
    mine: Mapping[Key, Record],
    ranks: Mapping[Key, int],
) -> dict[Key, Record]:
    new: list[Record] = []
    changed: list[Record] = []
    to_seal: list[tuple[Record, dict[str, Any]]] = []
    unsealed: list[int] = []
    for key, node in nodes.items():
        record, rank = mine.get(key), ranks[key]
        if record is not None and record.shown_to == rank:
            walls = (record.phone_to, record.address_to) == (node.phone_to, node.address_to)
            same = rank == View.PUBLIC and record.data == node.data and walls
            if same or key not in package.rows:
                continue
        data = node.data
        if data is None:
            assert record is not None  # noqa: S101 - only what is kept already has no content
            data = Hidden.objects.get(record=record).take("data")["data"]
        if record is None:
            record = Record(table=node.table, key=node.key, agency=agency)
            new.append(record)
        else:
            changed.append(record)
            if rank == View.PUBLIC and record.shown_to > View.PUBLIC:
                unsealed.append(record.pk)
        _fill(record, node, data, rank)
        if rank > View.PUBLIC:
            to_seal.append((record, data))
    Record.objects.bulk_create(new, batch_size=500)
    for record in changed:
        record.save()
    for hidden in Hidden.objects.filter(record__in=unsealed):
        hidden.delete()
    kept = {h.record_id: h for h in Hidden.objects.filter(record__in=[r for r, _ in to_seal])}
    for record, data in to_seal:
        hidden = kept.get(record.pk) or Hidden(record=record)
        number = data.get("number") if record.table == "phone" else None
        hidden.put(data=data, phone=number)
        hidden.save()
    return {(record.table, record.key): record for record in new}


def _fill(record: Record, node: Node, data: dict[str, Any], rank: int) -> None:
    shown = rank == View.PUBLIC
    record.shown_to, record.phone_to, record.address_to = rank, node.phone_to, node.address_to
    record.data = data if shown else {}
    record.name = str(data.get("name") or "")[:255] if shown else ""
    record.words = words_of(node.table, data) if shown else ""
    number = str(data.get("number") or "") if node.table == "phone" and shown else ""
    record.digits = exposure.digits_of(number)[:32]
    record.modified = moment(data.get("last_modified"))


def moment(value: Any) -> datetime | None:
    """A date and time of HSDS, with UTC where it names no zone; None when it is none."""
    try:
        read = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    try:
        return (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC)
    except OverflowError:
        return None


def _write_links(
    nodes: Mapping[Key, Node],
    records: Mapping[Key, Record],
    old: Mapping[tuple[Key, str, Key], int],
) -> None:
    wanted: dict[tuple[Key, str, Key], None] = {}
    for parent, node in nodes.items():
        for name, child in node.holds:
            if child in records:
                wanted[parent, name, child] = None
    Link.objects.bulk_create(
        [
            Link(parent=records[parent], name=name, child=records[child])
            for parent, name, child in wanted
            if (parent, name, child) not in old
        ],
        batch_size=500,
    )
    gone = [pk for link, pk in old.items() if link not in wanted]
    if gone:
        Link.objects.filter(pk__in=gone).delete()


def _write_offers(
    nodes: Mapping[Key, Node], records: Mapping[Key, Record], ranks: Mapping[Key, int]
) -> None:
    services = [key for key in nodes if key[0] == "service"]
    kept = {each.service_id: each for each in Offer.objects.filter(
        service__in=[records[key].pk for key in services])}  # fmt: skip
    new = []
    for key in services:
        service = nodes[key]
        offer = kept.get(records[key].pk)
        if ranks[key] > View.PUBLIC or service.data is None:
            # What repeats a hidden address is found by nobody until it is corrected.
            if offer is not None:
                offer.delete()
            continue
        joined = _held(nodes, key, "service_at_locations")
        locations = [child for each in joined for child in _held(nodes, each, "location")]
        confidential = any(nodes[each].address_to > View.PUBLIC for each in locations)
        reader = _Reader(nodes, records, ranks, key, locations)
        made = facts(service.data, reader.held, confidential=confidential)
        if offer is None:
            new.append(Offer(service=records[key], **made))
        elif any(getattr(offer, name) != value for name, value in made.items()):
            for name, value in made.items():
                setattr(offer, name, value)
            offer.save()
    Offer.objects.bulk_create(new, batch_size=500)


class _Reader:
    """The contents of what a service holds, with their ranks. What is sealed is left out."""

    def __init__(
        self,
        nodes: Mapping[Key, Node],
        records: Mapping[Key, Record],
        ranks: Mapping[Key, int],
        service: Key,
        locations: list[Key],
    ) -> None:
        self.nodes, self.records, self.ranks = nodes, records, ranks
        self.service, self.locations = service, locations

    def held(self, name: str) -> list[tuple[dict[str, Any], int]]:
        if name == "cities":
            keys = [a for each in self.locations for a in _held(self.nodes, each, "addresses")]
        elif name == "terms":
            attributes = _held(self.nodes, self.service, "attributes")
            keys = [t for each in attributes for t in _held(self.nodes, each, "taxonomy_term")]
        elif name == "organization_phones":
            above = _held(self.nodes, self.service, "organization")
            keys = [p for each in above for p in _held(self.nodes, each, "phones")]
        else:
            keys = _held(self.nodes, self.service, name)
        return [content for key in keys if (content := self._content(key)) is not None]

    def _content(self, key: Key) -> tuple[dict[str, Any], int] | None:
        node = self.nodes.get(key)
        if node is None:
            record = self.records.get(key)  # of another agency: shared, hence open
            return (record.data, View.PUBLIC) if record is not None else None
        return None if node.data is None else (node.data, self.ranks[key])


def _held(nodes: Mapping[Key, Node], key: Key, name: str) -> list[Key]:
    node = nodes.get(key)
    return [] if node is None else [child for held, child in node.holds if held == name]


def _write_beds(
    package: Package,
    nodes: Mapping[Key, Node],
    records: Mapping[Key, Record],
    member: Member | None,
) -> None:
    for key, node in nodes.items():
        if node.table != "service":
            continue
        for capacity in _held(nodes, key, "capacities"):
            data = nodes[capacity].data if capacity in nodes else None
            if capacity not in package.rows or data is None:
                continue
            unit = next((nodes[u].data or {} for u in _held(nodes, capacity, "unit")
                         if u in nodes), {})  # fmt: skip
            said_at = moment(data.get("updated")) or timezone.now()
            values = {
                "service": records[key],
                "unit": str(unit.get("name") or data.get("description") or "")[:100],
                "maximum": _count(data.get("maximum")),
                "available": _count(data.get("available")) or 0,
                "said_at": said_at,
                "said_by": member,
            }
            beds = Beds.objects.filter(capacity=records[capacity]).first()
            if beds is None:
                Beds.objects.create(capacity=records[capacity], **values)
            elif said_at >= beds.said_at:
                for name, value in values.items():
                    setattr(beds, name, value)
                beds.save()


def _count(value: Any) -> int | None:
    return max(0, min(int(value), 1_000_000)) if isinstance(value, int | float) else None


def _parts(values: list[str], size: int = 500) -> Iterable[list[str]]:
    for start in range(0, len(values), size):
        yield values[start : start + size]
