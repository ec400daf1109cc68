"""Random acts of the fund, many of them wrong, and a count of its own of what must come out."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, timedelta

from fund_world import _number, make_call, make_forfeiture, make_sentence
from harborlight.web.accounts.models import Agency
from harborlight.web.accounts.roles import Role
from harborlight.web.audit.acts import Refused, act
from harborlight.web.fund import (
    applying,
    chart,
    claims,
    forfeiting,
    grants,
    ledger,
    orders,
    payments,
)
from harborlight.web.fund.beancount import balances
from harborlight.web.fund.forfeit_tables import Property
from harborlight.web.fund.models import (
    Balance,
    Forfeiture,
    Grant,
    Head,
    Holding,
    ObligationKind,
    Order,
    Payment,
    Posting,
    Report,
)
from people import TESTER, make_member

START = date(2020, 1, 1)
KINDS = [each.value for each in ObligationKind]
LATE = ("minnesota_assessment", "trafficking_assessment")
RESTITUTION = ("restitution", "image_restitution")


def last_entry() -> int:
    """The number of the last entry."""
    return Head.objects.values_list("number", flat=True).first() or 0


class Acts:
    """A world in which acts are drawn one after another."""

    def __init__(self, seed: int, finance: Agency, police: Agency, attorney: Agency,
                 provider: Agency) -> None:  # fmt: skip
        self.draw = random.Random(seed)
        self.finance, self.police, self.attorney = finance, police, attorney
        self.provider = provider
        self.day = START
        self.closed: date | None = None
        self.call = make_call(10**12)
        self.clerk = make_member(Role.CLERK, finance)
        self.sentence = make_sentence(self.clerk, 10**12, START)
        self.done: Counter[str] = Counter()
        self.in_hand = 0
        """Cents that came in and were neither returned nor refunded: counted here alone."""

    def some(self, model: type, **chosen: object) -> object | None:
        rows = model._default_manager.filter(**chosen).order_by("pk")  # type: ignore[attr-defined]
        count = rows.count()
        return rows[self.draw.randrange(count)] if count else None

    def step(self) -> None:
        """One act, done or refused; afterwards what must hold, holds."""
        names = ("order", "pay", "pay", "pay", "pay", "bounce", "refund", "hand_on", "apply",
                 "close", "grant", "award", "report", "draw_money", "read", "forfeit", "undo",
                 "give_back", "pay_back")  # fmt: skip
        name = self.draw.choice(names)
        if self.draw.random() < 0.2:
            self.day += timedelta(days=self.draw.randint(0, 3))
        day = self.day - timedelta(days=self.draw.choice((0, 0, 0, 0, 40)))
        before = last_entry()
        try:
            with act(TESTER, f"test.{name}"):
                changed = getattr(self, name)(day) or 0
        except Refused:
            self.done[f"{name} refused"] += 1
            assert last_entry() == before
        else:
            self.in_hand += changed
            self.done[name] += 1
            if self.closed is not None and day <= self.closed and name != "close":
                assert last_entry() == before, "an act in a closed time"
        self.check()

    def check(self) -> None:
        told = balances()
        assert sum(told.values()) == 0
        due = sum(cents for code, cents in told.items() if code.startswith("Liabilities:Due"))
        court = sum(
            told.get(each, 0) for each in (chart.COURT_CASH, chart.UNAPPLIED, chart.UNSHARED)
        )
        assert court + due == 0, "a cent was lost between court and those who are due"
        handed = self._handed_on()
        assert told.get(chart.COURT_CASH, 0) + handed == self.in_hand

    def _handed_on(self) -> int:
        rows = Balance.objects.filter(what="fund.hand_on", account=chart.COURT_CASH)
        return sum(credit - debit for debit, credit in rows.values_list("debit", "credit"))

    def order(self, day: date) -> None:
        draw = self.draw
        kinds = draw.sample(KINDS, draw.randint(1, 4))
        values = {
            "number": f"S-{next(_number)}",
            "jurisdiction": draw.choice(("federal", "minnesota")),
            "sentenced": START,
            "arresting": draw.choice((self.police, None)),
            "prosecuting": draw.choice((self.attorney, None)),
            "reading": draw.choice(("", "assessment last", "orders before fines")),
        }
        amounts = {kind: draw.choice((0, 1, 7, 99, 75_000, 500_000)) for kind in kinds}
        orders.enter(self.finance, values, amounts, day)

    def pay(self, day: date) -> int:
        order = self.some(Order)
        if order is None:
            return 0
        assert isinstance(order, Order)
        cents = self.draw.choice((-5, 0, 1, 2, 3, 33, 101, 4_999, self.draw.randint(1, 600_000)))
        known = self.some(Payment)
        receipt = known.receipt if known and self.draw.random() < 0.05 else f"T-{next(_number)}"  # type: ignore[attr-defined]
        made = payments.receive(order, receipt, day, cents)
        self.first_comes_first(order, made.entry)
        return cents

    def first_comes_first(self, order: Order, entry: int) -> None:
        """Where an assessment that comes after restitution got a cent, no restitution is owed."""
        got = set(Posting.objects.filter(entry=entry).values_list("account", flat=True))
        if {chart.receivable(kind) for kind in LATE} & got:
            for each in order.obligations.filter(kind__in=RESTITUTION, expired=None):
                assert applying.owed(each) == 0, "an assessment was paid before restitution"

    def bounce(self, day: date) -> int:
        payment = self.some(Payment)
        if payment is None:
            return 0
        assert isinstance(payment, Payment)
        payments.bounce(payment, day)
        return -payment.cents

    def refund(self, day: date) -> int:
        payment = self.some(Payment)
        if payment is None:
            return 0
        assert isinstance(payment, Payment)
        cents = self.draw.choice((1, 500, payments.unapplied(payment)))
        payments.refund(payment, day, cents)
        return -cents

    def hand_on(self, day: date) -> None:
        payments.hand_on(day)

    def apply(self, day: date) -> None:
        order = self.some(Order)
        if order is not None:
            assert isinstance(order, Order)
            payments.apply(order, day)

    def read(self, _day: date) -> None:
        order = self.some(Order, reading="")
        if order is not None:
            order.reading = "assessment last"  # type: ignore[attr-defined]
            order.save()  # type: ignore[attr-defined]

    def close(self, day: date) -> None:
        if self.draw.random() < 0.2:
            ledger.close(day - timedelta(days=20))
            self.closed = day - timedelta(days=20)

    def grant(self, day: date) -> None:
        asked = self.draw.choice((0, 1, 500, 20_000))
        values = {"unit": "bed", "units": 1, "asked": asked, "plan": "made up"}
        grants.apply_for(self.call, self.provider, values, day)

    def award(self, day: date) -> None:
        grant = self.some(Grant, state="applied")
        if grant is not None:
            assert isinstance(grant, Grant)
            grants.award(grant, self.draw.choice((1, grant.asked, grant.asked + 1)), "", day)

    def forfeit(self, day: date) -> int:
        draw = self.draw
        cents = draw.choice((0, 1, 2, 3, 7, 99, 10_01, draw.randint(1, 900_000)))
        first = {name: draw.choice((0, 0, 0, 1, 33)) for name in ("liens", "expenses")}
        kind = draw.choice(Property.values)
        make_forfeiture(self.clerk, self.sentence, cents, kind, day, **first)
        return cents

    def undo(self, day: date) -> int:
        forfeiture = self.some(Forfeiture)
        if forfeiture is None:
            return 0
        assert isinstance(forfeiture, Forfeiture)
        forfeiting.undo(forfeiture, day)
        return -forfeiture.cents

    def give_back(self, day: date) -> None:
        report = self.some(Report)
        if report is not None:
            assert isinstance(report, Report)
            grants.give_back(report, day, self.draw.choice((1, report.cents, report.cents + 1)))

    def pay_back(self, day: date) -> int:
        claim = self.some(Holding, source="agency", account__in=chart.DUES, cents__gt=0)
        if claim is None:
            return 0
        assert isinstance(claim, Holding)
        cents = self.draw.choice((1, claim.cents, claim.cents + 1))
        claims.pay_back(claim, day, cents)
        return cents

    def report(self, day: date) -> None:
        grant = self.some(Grant, state="awarded")
        if grant is not None:
            assert isinstance(grant, Grant)
            grants.report(grant, day, day, 1, self.draw.choice((1, grant.awarded)))

    def draw_money(self, day: date) -> None:
        report = self.some(Report)
        if report is not None:
            assert isinstance(report, Report)
            grants.pay(report, day)
