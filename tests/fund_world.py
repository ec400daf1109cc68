"""Made-up orders, payments and grants for the tests of the fund."""

from __future__ import annotations

from datetime import date
from itertools import count
from typing import Any

from harborlight.web.accounts.models import Agency, Member
from harborlight.web.accounts.roles import AgencyKind
from harborlight.web.audit.acts import act
from harborlight.web.fund import forfeiting, grants, orders, payments
from harborlight.web.fund.grant_tables import Unit
from harborlight.web.fund.models import Call, Forfeiture, Grant, Import, Order, Payment
from harborlight.web.prosecution.models import Item, Ordered, Sentence
from objects import make
from people import TESTER, make_agency

SENTENCED = date(2025, 3, 3)
DAY = date(2026, 3, 2)
_number = count(1)


def make_order(agency: Agency, amounts: dict[str, int], **values: Any) -> Order:
    """An order of a clerk's agency; of Minnesota, unless told otherwise."""
    values = {
        "number": f"F-{next(_number)}",
        "jurisdiction": "minnesota",
        "sentenced": SENTENCED,
        "person": "Sample Person",
        "docket": f"07-CR-{next(_number)}",
        **values,
    }
    with act(TESTER, "test.setup"):
        return orders.enter(agency, values, amounts, DAY)


def pay(order: Order, cents: int, receipt: str = "", day: date = DAY) -> Payment:
    with act(TESTER, "test.pay"):
        return payments.receive(order, receipt or f"R-{next(_number)}", day, cents)


def make_sentence(clerk: Member, forfeited: int, day: date | None = None) -> Sentence:
    """A sentence that orders so many cents forfeited, sent to the clerk's court; and restitution
    of 10.00 and more. Who arrested and who prosecuted are the clerk's own agency."""
    made: Sentence = make(Sentence, clerk)
    with act(TESTER, "test.setup"):
        if day is not None:
            made.day = day
            made.save()
        for item, cents in ((Item.FORFEITURE, forfeited), (Item.RESTITUTION, 10_00)):
            Ordered(sentence=made, item=item, cents=cents).save()
    return made


def make_forfeiture(
    clerk: Member, sentence: Sentence, cents: int, kind: str = "money", day: date | None = None,
    **more: int,
) -> Forfeiture:  # fmt: skip
    """So many cents that came in of what a sentence ordered forfeited."""
    amounts = {"liens": 0, "expenses": 0, "restitution": 0, **more}
    values = {
        "receipt": f"V-{next(_number)}",
        "kind": kind,
        "day": day or sentence.day,
        "cents": cents,
        **amounts,
    }
    with act(TESTER, "test.forfeit"):
        return forfeiting.take_in(sentence, values, clerk)


def fill_account(cents: int, finance: Agency | None = None) -> Order:
    """An order paid and handed on, so that the account has at least so much."""
    finance = finance or make_agency(AgencyKind.FINANCE)
    whole = cents * 5 // 2 + 5
    order = make_order(finance, {"minnesota_assessment": whole})
    pay(order, whole)
    with act(TESTER, "test.hand_on"):
        payments.hand_on(DAY)
    return order


def make_call(cents: int = 1_000_000, closes: date = date(2099, 1, 1)) -> Call:
    with act(TESTER, "test.setup"):
        return Call.objects.create(title="Beds for youth", closes=closes, cents=cents)


def make_grant(agency: Agency, cents: int = 500_00, call: Call | None = None) -> Grant:
    values = {"unit": Unit.BED, "units": 3, "asked": cents, "plan": "Three beds in Mankato"}
    with act(TESTER, "test.setup"):
        return grants.apply_for(call or make_call(), agency, values, DAY)


def make_import(owner: Member) -> Import:
    from harborlight.web.fund import importing

    data = f"order,receipt,date,amount\nnone,R-{next(_number)},2026-03-02,5\n".encode()
    return importing.bring_in(owner.agency, "payments.csv", data, TESTER)
