"""Orders and what they oblige to; what is owed ends by the law's day, never by ours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Case, OuterRef, Subquery, Sum, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from harborlight.law import LawError, ask
from harborlight.web.accounts.models import Agency
from harborlight.web.audit.acts import SYSTEM, Refused, act
from harborlight.web.fund import applying, chart
from harborlight.web.fund.ledger import Line, lock, post
from harborlight.web.fund.models import (
    Holding,
    Obligation,
    ObligationKind,
    Order,
    Review,
    Source,
)

#: The rules of law that say until when something is owed.
ENDS: dict[str, str] = {
    ObligationKind.TRAFFICKING: "federal-trafficking-assessment-end",
    ObligationKind.CONVICTION: "federal-conviction-assessment-end",
}
AGES = (30, 90, 365)


def enter(
    agency: Agency, values: Mapping[str, Any], amounts: Mapping[str, int], day: date
) -> Order:
    """Take in an order, within an act: `amounts` are cents by kind of obligation."""
    lock()
    if Order.objects.filter(agency=agency, number=values["number"]).exists():
        raise Refused(_("There is an order of this number."))
    sealed = {name: values.get(name, "") for name in Order.SEALED}
    order = Order(agency=agency, **{k: v for k, v in values.items() if k not in sealed})
    order.put(**sealed)
    order.save()
    for kind, cents in amounts.items():
        oblige(order, kind, cents, day)
    return order


def oblige(order: Order, kind: str, cents: int, day: date) -> Obligation:
    """Add an obligation to an order, within an act."""
    if cents <= 0:
        raise Refused(_("An amount is more than nothing."))
    made = Obligation(order=order, kind=kind, cents=cents, ordered=order.sentenced)
    made.expires, made.expiry_law = ends(kind, order)
    made.save()
    entry = post(
        "order.oblige",
        day,
        [
            Line(chart.receivable(kind), cents, Source.ORDER, made.pk),
            Line(chart.deferred(kind), -cents, Source.ORDER, made.pk),
        ],
    )
    made.entry = entry.number
    made.save(update_fields=["entry"])
    return made


def ends(kind: str, order: Order) -> tuple[date | None, str]:
    """The day the law's rule gives, with the rule's law; None where no rule says any, or where it
    stands on something that is not known, such as the day of release."""
    rule = ENDS.get(kind)
    if rule is None:
        return None, ""
    judgment = order.sentenced
    facts: dict[str, object] = {"judgment_date": judgment}
    if kind == ObligationKind.TRAFFICKING:
        facts["deceased"] = False  # death is told by the court, and would end it before
        if order.imprisoned is not None:
            facts["imprisoned"] = order.imprisoned
        if order.released is not None:
            facts["release_date"] = order.released
    try:
        told = ask(rule, max(judgment, timezone.localdate()), facts)
    except LawError:
        return None, ""
    day = told.answer
    return (day, applying.version(told)) if isinstance(day, date) else (None, "")


def expire_due(today: date | None = None) -> int:
    """End what is owed no more by law; how many obligations that were. A job of the clock."""
    today = today or timezone.localdate()
    due = Obligation.objects.filter(expires__lt=today, expired=None)
    done = 0
    for obligation in due.order_by("pk"):
        with act(SYSTEM, "obligation.expire", obligation.expiry_law):
            lock()
            left = applying.owed(obligation)
            if left:
                kind, key = obligation.kind, obligation.pk
                by = ENDS[kind], obligation.expiry_law
                lines = [
                    Line(chart.deferred(kind), left, Source.ORDER, key, *by),
                    Line(chart.receivable(kind), -left, Source.ORDER, key, *by),
                ]
                post("obligation.expire", today, lines)
            obligation.expired = today
            obligation.save(update_fields=["expired"])
            done += 1
    return done


def review(order: Order, day: date, found: str, again: date | None) -> Review:
    """Keep what a review of somebody's means found, within an act."""
    if again is not None and again <= day:
        raise Refused(_("The next review is after this one."))
    return Review.objects.create(order=order, day=day, found=found, again=again)


@dataclass(frozen=True)
class Owed:
    """What is owed of one kind, by how long ago it was ordered."""

    kind: str
    cents: tuple[int, ...]
    """Up to 30, 90, 365 days, and longer."""

    @property
    def total(self) -> int:
        return sum(self.cents)


def aging(orders: Any, today: date) -> list[Owed]:
    """What is owed by these orders, by kind and age."""
    kept = Holding.objects.filter(
        source=Source.ORDER, number=OuterRef("pk"), account__code__startswith=chart.RECEIVABLE
    )
    ages = [
        When(ordered__gte=today - timedelta(days=limit), then=Value(place))
        for place, limit in enumerate(AGES)
    ]
    rows = (
        Obligation.objects.filter(order__in=orders, expired=None)
        .annotate(left=Subquery(kept.values("cents")[:1]), age=Case(*ages, default=len(AGES)))
        .values("kind", "age")
        .order_by()
        .annotate(owed=Sum("left"))
    )
    found: dict[str, list[int]] = {}
    for row in rows:
        if row["owed"]:
            label = str(ObligationKind(row["kind"]).label)
            found.setdefault(label, [0] * (len(AGES) + 1))[row["age"]] = int(row["owed"])
    return [Owed(kind, tuple(cents)) for kind, cents in sorted(found.items())]
