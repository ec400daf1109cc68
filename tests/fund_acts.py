"""Random acts of the fund, many of them wrong, and a count of its own of what must come out."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, timedelta
from itertools import groupby
from operator import itemgetter
from typing import TypeVar

from django.db import models

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
    Forfeiture,
    Grant,
    Head,
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
M = TypeVar("M", bound=models.Model)
RESTITUTION = ("restitution", "image_restitution")


def last_entry() -> int:
    """The number of the last entry."""
    return Head.objects.values_list("number", flat=True).first() or 0


class Acts:
    """A world in which acts are drawn one after another. `pace` is the share of acts with which
    the day goes on."""

    def __init__(self, seed: int, finance: Agency, police: Agency, attorney: Agency,
                 provider: Agency, *, pace: float = 0.2) -> None:  # fmt: skip
        self.draw, self.pace = random.Random(seed), pace
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
        self.told: Counter[str] = Counter()
        """The cents of each account, added up here from the postings."""
        self.handed = 0
        """Cents that left the court for those who are due, added up here too."""
        self.last = 0
        """The number of the last entry that was added up."""
        self.keys: dict[type, list[int]] = {}
        self.read_entries()

    def some(self, model: type[M], **chosen: object) -> M | None:
        """A record drawn from all, or from eight drawn ones those that are so."""
        keys = self.keys.setdefault(model, [])
        rows = model._default_manager.order_by("pk")
        keys += rows.filter(pk__gt=keys[-1] if keys else 0).values_list("pk", flat=True)
        if not keys:
            return None
        if not chosen:
            return rows.get(pk=self.draw.choice(keys))
        found = rows.filter(pk__in=self.draw.sample(keys, min(8, len(keys))), **chosen)
        return found.first()

    def step(self) -> None:
        """One act, done or refused; afterwards what must hold, holds."""
        names = ("order", "pay", "pay", "pay", "pay", "bounce", "refund", "hand_on", "apply",
                 "close", "grant", "award", "report", "draw_money", "read", "forfeit", "undo",
                 "give_back", "pay_back")  # fmt: skip
        name = self.draw.choice(names)
        if self.draw.random() < self.pace:
            self.day += timedelta(days=self.draw.randint(0, 3))
        day = self.day - timedelta(days=self.draw.choice((0, 0, 0, 0, 40)))
        before = self.last
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
        if self.read_entries():
            assert sum(self.told.values()) == 0
        due = sum(cents for code, cents in self.told.items() if code.startswith("Liabilities:Due"))
        court = sum(self.told[each] for each in (chart.COURT_CASH, chart.UNAPPLIED, chart.UNSHARED))
        assert court + due == 0, "a cent was lost between court and those who are due"
        assert self.told[chart.COURT_CASH] + self.handed == self.in_hand

    def read_entries(self) -> bool:
        """Add up what was posted since the last time; whether anything was."""
        rows = list(
            Posting.objects.filter(entry__gt=self.last)
            .order_by("entry", "line")
            .values_list("entry", "entry__what", "account", "cents")
        )
        for number, entry in groupby(rows, itemgetter(0)):
            assert number == self.last + 1, "an entry is missing"
            self.last, whole = number, 0
            for _entry, what, account, cents in entry:
                whole += cents
                self.told[account] += cents
                if what == "fund.hand_on" and account == chart.COURT_CASH:
                    self.handed -= cents
            assert whole == 0, "an entry does not balance"
        return bool(rows)

    def same_as_kept(self) -> None:
        """The balances that the site keeps are those added up here."""
        assert last_entry() == self.last
        assert {code: cents for code, cents in balances().items() if cents} == {
            code: cents for code, cents in self.told.items() if cents
        }

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
        cents = self.draw.choice((-5, 0, 1, 2, 3, 33, 101, 4_999, self.draw.randint(1, 600_000)))
        known = self.some(Payment)
        receipt = known.receipt if known and self.draw.random() < 0.05 else f"T-{next(_number)}"
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
        payments.bounce(payment, day)
        return -payment.cents

    def refund(self, day: date) -> int:
        payment = self.some(Payment)
        if payment is None:
            return 0
        cents = self.draw.choice((1, 500, payments.unapplied(payment)))
        payments.refund(payment, day, cents)
        return -cents

    def hand_on(self, day: date) -> None:
        payments.hand_on(day)

    def apply(self, day: date) -> None:
        order = self.some(Order)
        if order is not None:
            payments.apply(order, day)

    def read(self, _day: date) -> None:
        order = self.some(Order, reading="")
        if order is not None:
            order.reading = "assessment last"
            order.save()

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
        forfeiting.undo(forfeiture, day)
        return -forfeiture.cents

    def give_back(self, day: date) -> None:
        report = self.some(Report)
        if report is not None:
            grants.give_back(report, day, self.draw.choice((1, report.cents, report.cents + 1)))

    def pay_back(self, day: date) -> int:
        claim = self.draw.choice(list(claims.owed_by_agencies().order_by("pk")) or [None])
        if claim is None:
            return 0
        cents = self.draw.choice((1, claim.cents, claim.cents + 1))
        claims.pay_back(claim, day, cents)
        return cents

    def report(self, day: date) -> None:
        grant = self.some(Grant, state="awarded")
        if grant is not None:
            grants.report(grant, day, day, 1, self.draw.choice((1, grant.awarded)))

    def draw_money(self, day: date) -> None:
        report = self.some(Report)
        if report is not None:
            grants.pay(report, day)
