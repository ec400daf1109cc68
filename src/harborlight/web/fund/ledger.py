"""The one way to write to the ledger: `post`, and what is made of it: `reverse` and `close`.

    with act(member.actor, "payment.receive"):
        post("payment.receive", day, [
            Line(chart.COURT_CASH, 5_00, Source.PAYMENT, 12),
            Line(chart.UNAPPLIED, -5_00, Source.PAYMENT, 12),
        ])

All or nothing, within an act. The head of the chain is locked first, so that what is read of
balances within the act after `lock` holds until it ends.
"""

from __future__ import annotations

import functools
import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.utils.translation import gettext as _

from harborlight.web.audit import acts
from harborlight.web.audit.acts import Refused, when
from harborlight.web.crypto.current import keys
from harborlight.web.fund import chart
from harborlight.web.fund.models import Account, Closing, Entry, Head, Holding, Posting, Seal

START = "0" * 64
#: Of one posting. What a court orders in dollars with 15 digits is a slip of the pen.
MOST = 10**14


@dataclass(frozen=True)
class Line:
    """A posting to be: cents (debit above zero), and what it comes from."""

    account: str
    cents: int
    source: str
    number: int
    rule: str = ""
    law: str = ""


def lock() -> Head:
    """The head, locked until the act ends: nobody else writes to the ledger meanwhile."""
    head = Head.objects.select_for_update().filter(id=1).first()
    if head is None:
        Head.objects.bulk_create([Head(id=1, digest=START)], ignore_conflicts=True)
        Account.objects.bulk_create(chart.accounts(), ignore_conflicts=True)
        head = Head.objects.select_for_update().get(id=1)
    return head


def closed_through() -> date | None:
    """The last day for which the books are closed."""
    return Closing.objects.order_by("-through").values_list("through", flat=True).first()


def post(what: str, day: date, lines: Sequence[Line], reverses: Entry | None = None) -> Entry:
    """Add an entry, within an act. Refused with the reason when it may not be: see below."""
    with acts.writing(Entry):
        lines = [line for line in lines if line.cents]
        if any(type(line.cents) is not int or abs(line.cents) > MOST for line in lines):
            raise Refused(_("An amount is whole cents, and of a size that can be."))
        if len(lines) < 2 or sum(line.cents for line in lines) != 0:
            raise Refused(_("An entry has two or more postings that sum to zero."))
        head = lock()
        closed = closed_through()
        if closed is not None and day <= closed:
            raise Refused(_("The books are closed through %(day)s.") % {"day": closed.isoformat()})
        number = head.number + 1
        entry = Entry(number=number, day=day, at=when(), what=what, reverses=reverses)
        entry.seal_id = number
        entry.save(force_insert=True)
        postings = [
            Posting(
                entry=entry, line=place, account_id=line.account, cents=line.cents,
                source=line.source, number=line.number, rule=line.rule, law=line.law[:200],
            )
            for place, line in enumerate(lines, start=1)
        ]  # fmt: skip
        Posting.objects.bulk_create(postings)
        found = digest(entry, postings, head.digest)
        Seal.objects.bulk_create([Seal(number=number, previous=head.digest, digest=found)])
        Head.objects.filter(id=1).update(number=number, digest=found)
        acts.touch(entry, acts.CREATE, {"digest": found})
    return entry


def reverse(entry: Entry, day: date, what: str) -> Entry:
    """Undo an entry by its opposite, once. The entry itself stays as it is."""
    lock()
    if Entry.objects.filter(reverses=entry).exists():
        raise Refused(_("The entry was reversed already."))
    if entry.reverses_id is not None:
        raise Refused(_("A reversal is not reversed: enter what is right anew."))
    lines = [
        Line(each.account_id, -each.cents, each.source, each.number, each.rule, each.law)
        for each in entry.postings.order_by("line")
    ]
    return post(what, day, lines, reverses=entry)


def close(through: date) -> Closing:
    """Close the books up to a day, within an act. They are never opened again."""
    with acts.writing(Closing):
        head = lock()
        closed = closed_through()
        if closed is not None and through <= closed:
            raise Refused(_("The books are closed through %(day)s.") % {"day": closed.isoformat()})
        made = Closing.objects.create(through=through, at=when(), entry=head.number)
        acts.touch(made, acts.CREATE)
    return made


def held(account: str, source: str, number: int) -> int:
    """The cents that one source has in an account that keeps them by source."""
    found = Holding.objects.filter(account=account, source=source, number=number)
    return found.values_list("cents", flat=True).first() or 0


def digest(entry: Entry, postings: Sequence[Posting], previous: str) -> str:
    """What the digest of an entry must be: HMAC-SHA-256 under a key of the ledger's own."""
    at: datetime = entry.at
    content: list[Any] = [
        entry.number,
        entry.day.isoformat(),
        at.astimezone(UTC).isoformat(timespec="microseconds"),
        entry.what,
        entry.reverses_id,
        [[p.line, p.account_id, p.cents, p.source, p.number, p.rule, p.law] for p in postings],
        previous,
    ]
    text = json.dumps(content, ensure_ascii=True, separators=(",", ":"))
    return hmac.new(_key(keys().chain), text.encode(), hashlib.sha256).hexdigest()


@functools.lru_cache(maxsize=4)
def _key(chain: bytes) -> bytes:
    """A key that no digest of the audit is made with."""
    return hmac.digest(chain, b"harborlight fund ledger 1", hashlib.sha256)
