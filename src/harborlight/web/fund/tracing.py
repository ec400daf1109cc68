"""One dollar, from an order to a service: which penalties paid for which grant.

The money of the account is one pool. It is followed first in, first out: what was handed on first
is what was awarded first. So every cent of a grant has one order it came from. Read from what is
kept (`Share`, `Balance`): however many entries there are, a page reads the rows that it shows.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import F, Sum

from harborlight.web.fund import applying, chart
from harborlight.web.fund.models import Balance, Share, Source

PAYING = ("payment.receive", "payment.apply", "payment.bounce")
FORFEITING = ("forfeiture.receive", "forfeiture.reverse", "forfeiture.settle", "forfeiture.undo")
#: The shares of one side, and those of the other that overlap them. The shares of a side follow one
#: another without a gap, so that those that overlap begin at the last one that starts before.
_OVERLAPS = """
    SELECT a.number, a.starts, a.ends, b.number, b.starts, b.ends, b.source
    FROM fund_share a LEFT JOIN fund_share b
    ON b.side = %s AND b.starts < a.ends AND b.ends > a.starts AND b.starts >= COALESCE(
        (SELECT MAX(c.starts) FROM fund_share c WHERE c.side = %s AND c.starts <= a.starts), 0)
    WHERE a.source = %s AND a.side = %s AND a.number IN ({})
    ORDER BY a.starts, b.starts
"""


@dataclass(frozen=True)
class Step:
    """So many cents of an obligation went into a grant; None: into none yet.

    `source` says whose key `obligation` is: of an obligation of an order, or of a forfeiture.
    """

    obligation: int
    grant: int | None
    cents: int
    source: str = Source.ORDER.value


def of_obligations(keys: Collection[int]) -> list[Step]:
    """Where the money of these obligations went that came into the account."""
    return _onward(Source.ORDER, keys)


def of_forfeiture(key: int) -> list[Step]:
    """Where the money of a forfeiture went that came into the account."""
    return _onward(Source.FORFEIT, [key])


def _onward(source: Source, keys: Collection[int]) -> list[Step]:
    found: dict[tuple[int, int | None], int] = {}
    left: dict[tuple[int, int], int] = {}
    for row in _overlaps(Share.IN, Share.OUT, source, keys):
        key, starts, ends, grant = row[:4]
        left.setdefault((key, starts), ends - starts)
        if grant is not None:
            part = min(ends, row[5]) - max(starts, row[4])
            found[key, grant] = found.get((key, grant), 0) + part
            left[key, starts] -= part
    for (key, _starts), cents in left.items():
        if cents:
            found[key, None] = found.get((key, None), 0) + cents
    return [Step(key, grant, cents, str(source)) for (key, grant), cents in found.items()]


def of_grant(number: int) -> list[Step]:
    """Which obligations and forfeitures paid for a grant. Empty when it is not awarded."""
    found: dict[tuple[int, str], int] = {}
    for row in _overlaps(Share.OUT, Share.IN, Source.GRANT, [number]):
        _number, starts, ends, key = row[:4]
        if key is not None:
            part = min(ends, row[5]) - max(starts, row[4])
            found[key, row[6]] = found.get((key, row[6]), 0) + part
    return [Step(key, number, cents, source) for (key, source), cents in found.items()]


def _overlaps(
    side: str, other: str, source: Source, numbers: Collection[int]
) -> list[tuple[Any, ...]]:
    if not numbers:
        return []
    marks = ", ".join(["%s"] * len(numbers))
    with connection.cursor() as cursor:
        wanted: list[str | int] = [other, other, str(source), side, *sorted(numbers)]
        cursor.execute(_OVERLAPS.format(marks), wanted)
        return list(cursor.fetchall())


def flows() -> list[tuple[str, str, int]]:
    """All money so far: from a kind of obligation or forfeited property to who is due, and on to
    grants. Cents."""
    sums = {
        (row["account"], row["rule"]): int(row["cents"])
        for row in Balance.objects.filter(what__in=PAYING)
        .values("account", "rule")
        .order_by()
        .annotate(cents=Sum(F("debit") - F("credit")))
    }
    found: list[tuple[str, str, int]] = []
    for kind, last in chart.OBLIGATIONS.items():
        if kind == applying.K.MINNESOTA:
            for due in (chart.ARRESTING, chart.PROSECUTING, chart.SAFE_HARBOR):
                found.append((last, due, -sums.get((due, applying.SPLIT), 0)))
            continue
        paid = sum(n for (code, _rule), n in sums.items() if code == chart.deferred(kind))
        found.append((last, applying.DUE.get(applying.K(kind), chart.GENERAL), paid))
    forfeited = Balance.objects.filter(
        what__in=FORFEITING, account__in=(*chart.DUES, chart.UNSHARED)
    )
    for row in (
        forfeited.values("account")
        .order_by("account")
        .annotate(cents=Sum(F("credit") - F("debit")))
    ):
        found.append((chart.FORFEITED, row["account"], int(row["cents"])))
    spent = Balance.objects.filter(account=chart.SERVICES)
    drawn = spent.aggregate(n=Sum(F("debit") - F("credit")))["n"] or 0
    found.append((chart.SAFE_HARBOR, chart.SERVICES, int(drawn)))
    return [each for each in found if each[2] > 0]
