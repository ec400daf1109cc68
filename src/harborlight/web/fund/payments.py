"""Payments: received, applied, returned by a bank, refunded, and handed on. Each within an act."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _

from harborlight.web.audit.acts import Refused
from harborlight.web.fund import applying, chart
from harborlight.web.fund.court_tables import State
from harborlight.web.fund.ledger import Line, held, lock, post, reverse
from harborlight.web.fund.models import Entry, Holding, Import, Obligation, Order, Payment, Source

#: What is handed on as it is, and to nobody of ours.
OUTSIDE = tuple(account for account in chart.DUES if account != chart.SAFE_HARBOR)
AT_ONCE = 1000


def receive(
    order: Order, receipt: str, day: date, cents: int, file: Import | None = None, row: int = 0
) -> Payment:
    """Take in a payment and apply it as far as the law says. What is left stays unapplied."""
    if cents <= 0:
        raise Refused(_("An amount is more than nothing."))
    lock()
    if Payment.objects.filter(agency=order.agency_id, receipt=receipt).exists():
        raise Refused(_("A payment of this receipt is there already."))
    payment = Payment(
        agency=order.agency, order=order, receipt=receipt, day=day, cents=cents,
        file=file, row=row or None,
    )  # fmt: skip
    payment.save()
    lines, left = _applied(order, applying.due_of(order), cents, day)
    lines.insert(0, Line(chart.COURT_CASH, cents, Source.PAYMENT, payment.pk))
    lines.append(Line(chart.UNAPPLIED, -left, Source.PAYMENT, payment.pk))
    payment.entry = post("payment.receive", day, lines).number
    payment.save(update_fields=["entry"])
    return payment


def _applied(
    order: Order, due: list[tuple[Obligation, int]], cents: int, day: date
) -> tuple[list[Line], int]:
    found, _why = applying.parts(order, due, cents, day)
    lines = [line for part in found for line in applying.lines_of(part, order)]
    return lines, cents - sum(part.cents for part in found)


def unapplied(payment: Payment) -> int:
    """The cents of a payment that no obligation got."""
    return -held(chart.UNAPPLIED, Source.PAYMENT, payment.pk)


def unapplied_of(payments: Sequence[int]) -> dict[int, int]:
    """The cents that no obligation got, of many payments by key: one query."""
    rows = Holding.objects.filter(
        account=chart.UNAPPLIED, source=Source.PAYMENT, number__in=payments
    )
    return {number: -cents for number, cents in rows.values_list("number", "cents")}


def apply(order: Order, day: date) -> int:
    """Apply what is unapplied of an order's payments; the cents that were."""
    lock()
    done = 0
    received = order.payments.exclude(state=State.BOUNCED).order_by("day", "pk")
    rests = unapplied_of(list(received.values_list("pk", flat=True)))
    for payment in received.filter(pk__in=[key for key, cents in rests.items() if cents > 0]):
        due = applying.due_of(order)
        if not due:
            break
        rest = rests[payment.pk]
        lines, left = _applied(order, due, rest, day)
        if rest > left:
            lines.append(Line(chart.UNAPPLIED, rest - left, Source.PAYMENT, payment.pk))
            post("payment.apply", day, lines)
            done += rest - left
    return done


def bounce(payment: Payment, day: date) -> None:
    """The bank took it back: everything that it did is reversed, last first."""
    lock()
    if Payment.objects.get(pk=payment.pk).state != State.RECEIVED:
        raise Refused(_("It was returned or refunded already."))
    of_it = Entry.objects.filter(
        postings__source=Source.PAYMENT, postings__number=payment.pk, reverses=None
    )
    for entry in of_it.distinct().order_by("-number"):
        reverse(entry, day, "payment.bounce")
    payment.state = State.BOUNCED
    payment.save(update_fields=["state"])


def refund(payment: Payment, day: date, cents: int) -> None:
    """Give back what no obligation got."""
    lock()
    if not 0 < cents <= unapplied(payment):
        raise Refused(_("No more can be refunded than was paid too much."))
    post(
        "payment.refund",
        day,
        [
            Line(chart.UNAPPLIED, cents, Source.PAYMENT, payment.pk),
            Line(chart.COURT_CASH, -cents, Source.PAYMENT, payment.pk),
        ],
    )
    payment.state = State.REFUNDED
    payment.save(update_fields=["state"])


def hand_on(day: date) -> dict[str, int]:
    """Hand on what is due: to the agencies and others, and to the safe-harbor account. Cents by
    account. What a returned check left overdrawn waits until later payments make up for it."""
    lock()
    done: dict[str, int] = {}
    for account in (*OUTSIDE, chart.SAFE_HARBOR):
        rows = list(Holding.objects.filter(account=account, cents__lt=0).order_by("pk"))
        for start in range(0, len(rows), AT_ONCE):
            some = rows[start : start + AT_ONCE]
            total = -sum(each.cents for each in some)
            lines = [Line(account, -each.cents, each.source, each.number) for each in some]
            if account == chart.SAFE_HARBOR:
                lines += [Line(chart.FUND_CASH, -r.cents, r.source, r.number) for r in some]
                lines += [Line(chart.AVAILABLE, r.cents, r.source, r.number) for r in some]
            lines += [Line(chart.COURT_CASH, r.cents, r.source, r.number) for r in some]
            post("fund.hand_on", day, lines)
            done[account] = done.get(account, 0) + total
    return done
