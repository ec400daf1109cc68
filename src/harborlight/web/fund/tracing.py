"""One dollar, from an order to a service: which penalties paid for which grant.

The money of the account is one pool. It is followed first in, first out: what was handed on first
is what was awarded first. So every cent of a grant has one order it came from.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from django.db.models import Sum

from harborlight.web.fund import applying, chart
from harborlight.web.fund.models import Posting, Source


@dataclass(frozen=True)
class Step:
    """So many cents of an obligation went into a grant; None: into none yet."""

    obligation: int
    grant: int | None
    cents: int


def steps() -> list[Step]:
    """All that ever came into the account, by where it went. Reads the account's postings alone."""
    rows = Posting.objects.filter(account=chart.AVAILABLE).order_by("entry", "line")
    waiting: deque[list[int]] = deque()
    found: list[Step] = []
    for source, number, cents in rows.values_list("source", "number", "cents"):
        if source == Source.ORDER:
            waiting.append([number, -cents])
            continue
        while cents > 0 and waiting:
            first = waiting[0]
            part = min(first[1], cents)
            found.append(Step(first[0], number, part))
            first[1] -= part
            cents -= part
            if not first[1]:
                waiting.popleft()
    found.extend(Step(number, None, left) for number, left in waiting if left)
    return found


def flows() -> list[tuple[str, str, int]]:
    """All payments so far: from a kind of obligation to who is due, and on to grants. Cents."""
    within = Posting.objects.filter(
        entry__what__in=("payment.receive", "payment.apply", "payment.bounce")
    )
    sums = {
        (row["account"], row["rule"]): int(row["cents"])
        for row in within.values("account", "rule").order_by().annotate(cents=Sum("cents"))
    }
    found: list[tuple[str, str, int]] = []
    for kind, last in chart.OBLIGATIONS.items():
        if kind == applying.K.MINNESOTA:
            for due in (chart.ARRESTING, chart.PROSECUTING, chart.SAFE_HARBOR):
                found.append((last, due, -sums.get((due, applying.SPLIT), 0)))
            continue
        paid = sum(n for (code, _rule), n in sums.items() if code == chart.deferred(kind))
        found.append((last, applying.DUE.get(applying.K(kind), chart.GENERAL), paid))
    drawn = Posting.objects.filter(account=chart.SERVICES).aggregate(n=Sum("cents"))["n"] or 0
    found.append((chart.SAFE_HARBOR, chart.SERVICES, int(drawn)))
    return [each for each in found if each[2] > 0]
