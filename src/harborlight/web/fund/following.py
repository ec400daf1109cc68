"""The whole way of an order's money: where it comes from, who got what by which law, and what the
safe-harbor account bought with its part. Read by keys and indexes, however many entries there are.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import Sum

from harborlight.web.fund import chart
from harborlight.web.fund.from_sentence import ORIGIN
from harborlight.web.fund.models import Grant, Order, Posting, Report, Source
from harborlight.web.fund.tracing import FORFEITING, PAYING, Step
from harborlight.web.prosecution.models import Sentence


@dataclass(frozen=True)
class Got:
    """So many cents that an account got, by which rule and version of the law."""

    account: str
    cents: int
    rule: str
    law: str


@dataclass(frozen=True)
class Bought:
    """So many cents that went into a grant (None: not promised yet), and what became of the grant:
    all that was drawn and returned of it, in cents."""

    cents: int
    grant: Grant | None
    drawn: int = 0
    returned: int = 0


def sentence_of(origin_kind: str, origin: str) -> Sentence | None:
    """The sentence that an order or a forfeiture was taken in from, while it is there."""
    if origin_kind != ORIGIN or not origin:
        return None
    rows = Sentence.objects.select_related("arrest", "arrest__operation")
    return rows.filter(pk=origin).first()


def shares(source: Source, keys: Collection[int]) -> list[Got]:
    """Who got what of these payments or this forfeiture, net of what was reversed."""
    entries = Posting.objects.filter(source=source, number__in=keys).values("entry").distinct()
    numbers = [row["entry"] for row in entries]
    moving = FORFEITING if source == Source.FORFEIT else PAYING
    kept = (*chart.DUES, chart.UNSHARED, chart.UNAPPLIED)
    rows = (
        Posting.objects.filter(entry__in=numbers, entry__what__in=moving, account__in=kept)
        .values("account", "rule", "law")
        .order_by("account", "rule", "law")
        .annotate(cents=Sum("cents"))
    )
    return [
        Got(row["account"], -int(row["cents"]), row["rule"], row["law"])
        for row in rows
        if row["cents"]
    ]


def bought(steps: Sequence[Step]) -> list[Bought]:
    """What each step's grant came to: two queries, of the grants shown."""
    numbers = [step.grant for step in steps if step.grant is not None]
    found = {each.number: each for each in Grant.objects.filter(number__in=numbers)}
    rows = Report.objects.filter(grant__in=found.values(), paid__isnull=False)
    sums = {
        row["grant__number"]: (int(row["drawn"]), int(row["back"]))
        for row in rows.values("grant__number")
        .order_by("grant__number")
        .annotate(drawn=Sum("cents"), back=Sum("returned"))
    }
    return [
        Bought(step.cents, found.get(step.grant or 0), *sums.get(step.grant or 0, (0, 0)))
        for step in steps
    ]


def paid_of(order: Order) -> list[Got]:
    """Who got what of all payments of an order."""
    return shares(Source.PAYMENT, list(order.payments.values_list("pk", flat=True)))
