"""Many entries at once, for tests of what pages read. Each is checked and kept by the database's
own triggers, as all entries are; only the audit is told of the last alone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from harborlight.web.audit import acts
from harborlight.web.audit.acts import act
from harborlight.web.fund import chart, ledger
from harborlight.web.fund.models import Entry, Head, Posting, Seal
from people import TESTER

AT_ONCE = 5_000


def plant(count: int) -> None:
    """So many payments of as many sources: received, shared out, and handed on."""
    with act(TESTER, "test.plant"):
        head = ledger.lock()
        number, digest = head.number, head.digest
        made: list[tuple[Entry, list[Posting], Seal]] = []
        for n in range(count):
            number += 1
            entry, lines = _entry(number, n)
            found = ledger.digest(entry, lines, digest)
            made.append((entry, lines, Seal(number=number, previous=digest, digest=found)))
            digest = found
            if len(made) == AT_ONCE or n == count - 1:
                Entry.objects.bulk_create([each[0] for each in made])
                Posting.objects.bulk_create([line for each in made for line in each[1]])
                Seal.objects.bulk_create([each[2] for each in made])
                made.clear()
        Head.objects.filter(id=1).update(number=number, digest=digest)
        acts.touch(Entry(number=number), acts.CREATE, {"digest": digest})


def _entry(number: int, n: int) -> tuple[Entry, list[Posting]]:
    day = date(2020, 1, 1) + timedelta(days=n % 2_000)
    at = datetime(2026, 1, 1, tzinfo=UTC)
    what = "fund.hand_on" if n % 2 else "payment.receive"
    entry = Entry(number=number, day=day, at=at, what=what, seal_id=number)
    key, cents = 1_000_000 + n - n % 2, n // 2 % 500 + 1
    due = chart.SAFE_HARBOR if n % 8 < 2 else chart.GENERAL
    if n % 2 == 0:
        lines = [(chart.COURT_CASH, cents), (due, -cents)]
    elif due == chart.GENERAL:
        lines = [(due, cents), (chart.COURT_CASH, -cents)]
    else:
        lines = [(due, cents), (chart.COURT_CASH, -cents), (chart.FUND_CASH, cents),
                 (chart.AVAILABLE, -cents)]  # fmt: skip
    return entry, [
        Posting(entry=entry, line=place, account_id=code, cents=each, source="order", number=key)
        for place, (code, each) in enumerate(lines, start=1)
    ]
