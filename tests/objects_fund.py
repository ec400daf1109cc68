"""Orders, payments, files and grants for the tests of the walls."""

from __future__ import annotations

from datetime import date
from typing import Any

from fund_world import (
    DAY,
    fill_account,
    make_call,
    make_forfeiture,
    make_grant,
    make_import,
    make_order,
    make_sentence,
    pay,
)
from harborlight.web.accounts.models import Member
from harborlight.web.accounts.roles import AgencyKind
from harborlight.web.audit.acts import act
from harborlight.web.fund import grants, payments
from harborlight.web.fund.models import Forfeiture, Grant, Holding, Import, Order, Payment
from objects import WORDS, arguments, makes
from people import TESTER, make_agency


@makes(Order)
def order(owner: Member) -> Order:
    return make_order(owner.agency, {"fine": 50_00, "minnesota_assessment": 500_00})


@makes(Payment)
def payment(owner: Member) -> Payment:
    return pay(order(owner), 60_00)


@makes(Import)
def file(owner: Member) -> Import:
    return make_import(owner)


@makes(Grant)
def grant(owner: Member) -> Grant:
    return make_grant(owner.agency)


@makes(Forfeiture)
def forfeiture(owner: Member) -> Forfeiture:
    return make_forfeiture(owner, make_sentence(owner, 500_00), 10_01, "general")


def _claim(_none: Any) -> dict[str, object]:
    """What an agency got of a payment that its bank took back afterwards."""
    court, police = make_agency(AgencyKind.FINANCE), make_agency()
    paid = pay(make_order(court, {"minnesota_assessment": 100_00}, arresting=police), 100_00)
    with act(TESTER, "test.setup"):
        payments.hand_on(DAY)
        payments.bounce(paid, DAY)
    return {"holding": Holding.objects.get(source="agency", number=police.pk).pk}


def _report(grant: Any) -> dict[str, object]:
    if grant is None:
        return {"report": 1}
    grant.refresh_from_db()  # what was asked before is undone
    fill_account(grant.asked)
    with act(TESTER, "test.setup"):
        if grant.state == "applied":
            grants.award(grant, grant.asked, "", DAY)
        report = grant.reports.first() or grants.report(
            grant, date(2026, 1, 1), date(2026, 1, 2), 1, 1_00
        )
    return {"report": report.pk}


arguments("fund:pay", _report)
arguments("fund:give_back", _report)
arguments("fund:pay_back", _claim)
arguments("fund:apply", lambda _none: {"call": make_call().pk})
WORDS.extend([r"Sample\ Person", r"Three\ beds\ in\ Mankato", r"Beds\ for\ youth"])
