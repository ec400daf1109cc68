"""`harborlight fund verify`: everything is worked out anew from the postings, and compared.

Finds what was changed or deleted by somebody who dropped the triggers first: they cannot make a
digest that holds without the key, and a journal whose end was cut off is behind its audit.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from harborlight.web.audit.models import Entry as Told
from harborlight.web.fund import chart, triggers
from harborlight.web.fund.ledger import START, digest
from harborlight.web.fund.models import (
    Account,
    Balance,
    Closing,
    Entry,
    Head,
    Holding,
    Posting,
    Seal,
    Share,
)

FAULTS_SHOWN = 1000
AT_ONCE = 2000


@dataclass
class Found:
    """What was looked at, and what is not as it was written."""

    entries: int = 0
    postings: int = 0
    faults: list[str] = field(default_factory=list)

    def fault(self, text: str) -> None:
        if len(self.faults) < FAULTS_SHOWN:
            self.faults.append(text)


def verify() -> Found:
    """Read the whole ledger, in one transaction."""
    from django.db import transaction

    found = Found()
    with transaction.atomic():
        _triggers(found)
        months, holdings = _chain(found)
        _balances(found, months)
        _holdings(found, holdings)
        _shares(found)
    return found


def _chain(found: Found) -> tuple[dict[Any, list[int]], dict[Any, int]]:
    held = set(Account.objects.filter(held=True).values_list("code", flat=True))
    months: dict[Any, list[int]] = defaultdict(lambda: [0, 0, 0])
    holdings: dict[Any, int] = defaultdict(int)
    closings = list(Closing.objects.order_by("through"))
    previous, expected = START, 1
    for entry, seal, postings in entries():
        while expected < entry.number:
            found.fault(f"entry {expected} is missing")
            expected += 1
        if expected > entry.number:
            found.fault(f"entry {entry.number} stands out of its place")
        expected = entry.number + 1
        found.entries += 1
        found.postings += len(postings)
        if len(postings) < 2 or sum(each.cents for each in postings) != 0:
            found.fault(f"entry {entry.number} does not balance")
        if seal is None:
            found.fault(f"entry {entry.number} has no seal")
        else:
            if seal.previous != previous:
                found.fault(f"entry {entry.number} does not follow the one before it")
            if seal.digest != digest(entry, postings, seal.previous):
                found.fault(f"entry {entry.number} is not as it was written")
            previous = seal.digest
        for closing in closings:
            if entry.day <= closing.through and entry.number > closing.entry:
                found.fault(f"entry {entry.number} was added to a time that was closed")
                break
        for each in postings:
            month = months[each.account_id, entry.day.isoformat()[:7], entry.what, each.rule]
            month[0 if each.cents > 0 else 1] += abs(each.cents)
            month[2] += 1
            if each.account_id in held:
                holdings[each.account_id, each.source, each.number] += each.cents
    _end(found, expected - 1, previous)
    strays = Posting.objects.exclude(entry__in=Entry.objects.all()).count()
    if strays:
        found.fault(f"{strays} postings have no entry")
    seals = Seal.objects.exclude(number__in=Entry.objects.values("number")).count()
    if seals:
        found.fault(f"{seals} seals have no entry")
    return months, holdings


def entries() -> Iterator[tuple[Entry, Seal | None, list[Posting]]]:
    after = 0
    while True:
        some = list(Entry.objects.filter(number__gt=after).order_by("number")[:AT_ONCE])
        if not some:
            return
        first, after = some[0].number, some[-1].number
        seals = Seal.objects.in_bulk([each.number for each in some])
        postings: dict[int, list[Posting]] = defaultdict(list)
        within = Posting.objects.filter(entry__gte=first, entry__lte=after)
        for posting in within.order_by("entry", "line"):
            postings[posting.entry_id].append(posting)
        for entry in some:
            yield entry, seals.get(entry.number), postings[entry.number]


def _end(found: Found, last: int, last_digest: str) -> None:
    """The head, and the last entry that the audit was told of, are the last of the journal."""
    head = Head.objects.filter(id=1).first()
    if head is None:
        if last:
            found.fault("the head of the journal is missing")
    elif (head.number, head.digest) != (last, last_digest):
        found.fault(f"the head says {head.number} entries, the journal has {last}")
    told = Told.objects.filter(kind="fund.entry", operation="create").order_by("-position").first()
    if told is None:
        if last:
            found.fault("the audit was told of no entry")
    elif (int(told.record), told.details.get("digest")) != (last, last_digest):
        found.fault(f"the audit was last told of entry {told.record}, the journal ends at {last}")


def _balances(found: Found, months: dict[Any, list[int]]) -> None:
    kept = {
        (each.account_id, each.month, each.what, each.rule): [each.debit, each.credit, each.lines]
        for each in Balance.objects.iterator()
    }
    for key in sorted(kept.keys() | months.keys()):
        if kept.get(key, [0, 0, 0]) != months.get(key, [0, 0, 0]):
            found.fault(f"the balance of {key[0]} in {key[1]} is not what was posted")


def _holdings(found: Found, holdings: dict[Any, int]) -> None:
    kept = {
        (each.account_id, each.source, each.number): each.cents
        for each in Holding.objects.iterator()
    }
    for key in sorted(kept.keys() | holdings.keys()):
        if kept.get(key, 0) != holdings.get(key, 0):
            found.fault(f"what {key[1]} {key[2]} has in {key[0]} is not what was posted")


def _shares(found: Found) -> None:
    """Each posting to the pool has its place there, after the one before."""
    rows = Posting.objects.filter(account=chart.AVAILABLE).order_by("entry", "line")
    at = {Share.IN: 0, Share.OUT: 0}
    due = set()
    for each in rows.iterator(chunk_size=AT_ONCE):
        side = Share.IN if each.cents < 0 else Share.OUT
        starts = at[side]
        at[side] += abs(each.cents)
        due.add((each.entry_id, each.line, side, each.source, each.number, starts, at[side]))
    columns = ("entry", "line", "side", "source", "number", "starts", "ends")
    kept = set(Share.objects.values_list(*columns))
    for key in sorted(kept ^ due):
        found.fault(f"the place of entry {key[0]} in the pool is not what was posted")


def _triggers(found: Found) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT tgname FROM pg_trigger WHERE tgenabled <> 'D'")
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        there = {name for (name,) in cursor.fetchall()}
    for name in sorted(triggers.expected(connection.vendor) - there):
        found.fault(f"the trigger {name} is missing")
