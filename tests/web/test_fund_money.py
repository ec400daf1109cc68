"""Orders, payments, splits, grants: every cent has its place, in the order the law gives."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fund_world import (
    DAY,
    SENTENCED,
    fill_account,
    make_call,
    make_grant,
    make_order,
    pay,
)
from harborlight.web.accounts.roles import AgencyKind, Role
from harborlight.web.audit.acts import Refused, act
from harborlight.web.directory.models import Beds, Record
from harborlight.web.frame.fields import cents_of
from harborlight.web.fund import applying, chart, grants, importing, landing, orders, payments
from harborlight.web.fund.beancount import balances
from harborlight.web.fund.ledger import held
from harborlight.web.fund.models import Entry, Order, Payment, Posting, Reject
from harborlight.web.fund.verify import verify
from people import TESTER, make_agency, make_member

pytestmark = pytest.mark.django_db


def owed(order: Order) -> dict[str, int]:
    return {each.kind: applying.owed(each) for each in order.obligations.all()}


def finance() -> object:
    return make_agency(AgencyKind.FINANCE)


def test_a_state_payment_goes_to_restitution_then_the_assessment_then_the_fine() -> None:
    order = make_order(
        make_agency(AgencyKind.FINANCE),
        {"fine": 300_00, "minnesota_assessment": 750_00, "restitution": 100_00},
    )
    pay(order, 60_00)
    assert owed(order) == {"fine": 300_00, "minnesota_assessment": 750_00, "restitution": 40_00}
    pay(order, 100_01)
    assert owed(order) == {"fine": 300_00, "minnesota_assessment": 689_99, "restitution": 0}
    payment = pay(order, 1000_00)
    assert owed(order) == {"fine": 0, "minnesota_assessment": 0, "restitution": 0}
    assert payments.unapplied(payment) == 10_01
    assert verify().faults == []


@pytest.mark.parametrize(
    ("cents", "shares"),
    [(750_00, (300_00, 150_00, 300_00)), (1, (1, 0, 0)), (2, (1, 0, 1)), (3, (1, 1, 1)),
     (101, (40, 20, 41)), (99, (40, 20, 39))],
)  # fmt: skip
def test_the_assessment_is_split_to_the_cent(cents: int, shares: tuple[int, ...]) -> None:
    police = make_agency(AgencyKind.LAW_ENFORCEMENT)
    attorney = make_agency(AgencyKind.PROSECUTOR)
    order = make_order(
        make_agency(AgencyKind.FINANCE),
        {"minnesota_assessment": 1000_00},
        arresting=police,
        prosecuting=attorney,
    )
    pay(order, cents)
    obligation = order.obligations.get()
    got = (
        -held(chart.ARRESTING, "agency", police.pk),
        -held(chart.PROSECUTING, "agency", attorney.pk),
        -held(chart.SAFE_HARBOR, "order", obligation.pk),
    )
    assert sum(got) == cents
    exact = [cents * percent / 100 for percent in (40, 20, 40)]
    assert all(abs(a - b) < 1 for a, b in zip(got, exact, strict=True))
    if cents in (750_00, 1, 3):
        assert got == shares
    split = Posting.objects.filter(account=chart.SAFE_HARBOR, rule="minnesota-assessment-split")
    for each in split:
        assert "609.3241 since 2016-07-01" in each.law


def test_a_federal_payment_goes_by_the_laws_order() -> None:
    order = make_order(
        make_agency(AgencyKind.FINANCE),
        {"trafficking_assessment": 5000_00, "fine": 50_00, "restitution": 200_00,
         "conviction_assessment": 100_00},
        jurisdiction="federal",
    )  # fmt: skip
    pay(order, 150_00)
    assert owed(order) == {"trafficking_assessment": 5000_00, "fine": 50_00,
                           "restitution": 150_00, "conviction_assessment": 0}  # fmt: skip
    pay(order, 250_00)
    assert owed(order) == {"trafficking_assessment": 4950_00, "fine": 0,
                           "restitution": 0, "conviction_assessment": 0}  # fmt: skip
    assert held(chart.TRAFFICKING_FUND, "order", order.obligations.first().pk) == -50_00  # type: ignore[union-attr]


def test_where_statutes_conflict_the_money_waits_for_counsel() -> None:
    order = make_order(
        make_agency(AgencyKind.FINANCE),
        {"image_assessment": 10_00, "trafficking_assessment": 5000_00, "fine": 50_00},
        jurisdiction="federal",
    )
    payment = pay(order, 40_00)
    assert payments.unapplied(payment) == 40_00
    with act(TESTER, "test.read"):
        order.reading = "assessment last"
        order.save()
        assert payments.apply(order, DAY) == 40_00
        assert payments.apply(order, DAY) == 0
    assert owed(order) == {"image_assessment": 0, "trafficking_assessment": 5000_00, "fine": 20_00}


def test_a_returned_check_undoes_all_of_it_and_a_refund_gives_back_what_is_too_much() -> None:
    order = make_order(make_agency(AgencyKind.FINANCE), {"fine": 30_00})
    first, second = pay(order, 20_00), pay(order, 20_00)
    with pytest.raises(Refused), act(TESTER, "test.refund"):
        payments.refund(second, DAY, 10_01)
    with act(TESTER, "test.refund"):
        payments.refund(second, DAY, 10_00)
    with act(TESTER, "test.bounce"):
        payments.bounce(first, DAY)
    assert owed(order) == {"fine": 20_00}
    for payment in (first, second):
        with pytest.raises(Refused), act(TESTER, "test.bounce"):
            payments.bounce(payment, DAY)
    assert balances()[chart.COURT_CASH] == 10_00
    assert verify().faults == []


def test_a_receipt_counts_once() -> None:
    order = make_order(make_agency(AgencyKind.FINANCE), {"fine": 30_00})
    pay(order, 5_00, "R-same")
    with pytest.raises(Refused):
        pay(order, 5_00, "R-same")
    assert owed(order) == {"fine": 25_00}


def test_what_is_owed_ends_by_the_laws_day() -> None:
    order = make_order(
        make_agency(AgencyKind.FINANCE),
        {"trafficking_assessment": 5000_00, "conviction_assessment": 100_00, "restitution": 1_00},
        jurisdiction="federal",
        sentenced=date(2018, 12, 21),
        imprisoned=False,
    )
    assert [each.expires for each in order.obligations.order_by("pk")] == [
        date(2038, 12, 21), date(2023, 12, 21), None]  # fmt: skip
    assert orders.expire_due(date(2023, 12, 21)) == 0
    assert orders.expire_due(date(2023, 12, 22)) == 1
    assert orders.expire_due(date(2038, 12, 21)) == 0
    assert orders.expire_due(date(2038, 12, 22)) == 1
    assert owed(order) == {"trafficking_assessment": 0, "conviction_assessment": 0,
                           "restitution": 1_00}  # fmt: skip
    assert verify().faults == []


def test_no_end_is_guessed_where_the_release_is_not_known() -> None:
    agency = make_agency(AgencyKind.FINANCE)
    told: list[dict[str, Any]] = [
        {},
        {"imprisoned": True},
        {"imprisoned": True, "released": date(2025, 1, 2)},
    ]
    found = [
        make_order(
            agency, {"trafficking_assessment": 5000_00}, jurisdiction="federal",
            sentenced=date(2018, 12, 21), **each,
        ).obligations.get().expires
        for each in told
    ]  # fmt: skip
    assert found == [None, None, date(2045, 1, 2)]


def test_what_is_owed_is_shown_by_age() -> None:
    agency = make_agency(AgencyKind.FINANCE)
    make_order(agency, {"fine": 5_00}, sentenced=date(2026, 2, 20))
    make_order(agency, {"fine": 7_00}, sentenced=SENTENCED)
    (told,) = orders.aging(Order.objects.filter(agency=agency), date(2026, 3, 2))
    assert told.cents == (5_00, 0, 7_00, 0)


def test_persons_are_sealed_and_found_by_docket() -> None:
    order = make_order(make_agency(AgencyKind.FINANCE), {"fine": 1}, docket="07-CR-26-1")
    assert list(Order.having("docket", "07-cr-26-1")) == [order]
    assert b"Sample" not in bytes(order.sealed)


GOOD = 'order,receipt,date,amount,kind\n{0},A1,2026-01-05,10.00,\n{0},A2,2026-01-06,"1,000",\n'


def test_a_file_is_taken_row_by_row_and_what_is_wrong_is_kept_with_its_reason() -> None:
    agency = make_agency(AgencyKind.FINANCE)
    order = make_order(agency, {"fine": 50_00})
    wrong = [
        f"{order},A1,2026-01-05,10.00,",  # the receipt is there
        f"{order},A3,2026-01-05,10.001,",
        f"{order},A4,05/01/2026,10.00,",
        f"{order},A5,2026-01-05,-5,",
        "other,A6,2026-01-05,5,",
        f"{order},,2026-01-05,5,",
        f"{order},A7,2026-01-05,0.00,",
        f"{order},A8,2099-01-05,1,",
        f"{order},A9,2026-01-05,1,gift",
        f"{order},A10,2026-01-05",
    ]
    data = (GOOD.format(order) + "\n".join(wrong) + "\n").encode()
    done = importing.bring_in(agency, "march.csv", data, TESTER)
    assert (done.rows, done.done, done.taken) == (12, 12, 2)
    rejects = Reject.objects.filter(file=done)
    assert [each.number for each in rejects] == list(range(3, 13))
    with act(TESTER, "test.read"):
        reasons = [each.take("reason")["reason"] for each in rejects]
    assert len(set(reasons)) >= 8
    assert owed(order) == {"fine": 0}
    entries = Entry.objects.count()
    again = importing.bring_in(agency, "renamed.csv", data, TESTER)
    assert again == done
    assert Entry.objects.count() == entries
    assert Payment.objects.count() == 2


def test_a_file_can_return_and_refund() -> None:
    agency = make_agency(AgencyKind.FINANCE)
    order = make_order(agency, {"fine": 5_00})
    rows = [f"{order},B1,2026-01-05,6.00,", f"{order},B1,2026-01-06,1.00,refund",
            f"{order},B2,2026-01-07,2.00,", f"{order},B2,2026-01-08,2.00,bounced"]  # fmt: skip
    data = ("order,receipt,date,amount,kind\n" + "\n".join(rows)).encode()
    assert importing.bring_in(agency, "x.csv", data, TESTER).taken == 4
    assert balances()[chart.COURT_CASH] == 5_00


@pytest.mark.parametrize(
    "data",
    [b"", b"order,receipt,amount\n", b"\xff\xfe\x00", b"order,receipt,date,amount\n\x00", b'a,"b'],
)
def test_what_is_no_such_file_is_told(data: bytes) -> None:
    with pytest.raises(importing.FileError):
        importing.bring_in(make_agency(AgencyKind.FINANCE), "x.csv", data, TESTER)


@given(st.text(max_size=12))
def test_an_amount_is_read_exactly_or_not_at_all(text: str) -> None:
    try:
        cents = cents_of(text)
    except ValueError:
        return
    plain = text.strip().replace(",", "").lstrip("$")
    whole, _, part = plain.partition(".")
    assert cents == int(whole) * 100 + int(part or 0)
    assert len(part) in (0, 2)


@settings(max_examples=50)
@given(st.integers(0, 10**14 - 1))
def test_amounts_come_back_as_they_were_written(cents: int) -> None:
    assert cents_of(f"{cents // 100}.{cents % 100:02d}") == cents


def test_the_loop_closes_from_a_penalty_to_a_free_bed() -> None:
    provider = make_member(Role.PROVIDER)
    fill_account(600_00)
    grant = make_grant(provider.agency, 500_00)
    with pytest.raises(Refused), act(TESTER, "test.award"):
        grants.award(grant, 500_01, "", DAY)
    with act(TESTER, "test.award"):
        grants.award(grant, 500_00, "Report each month", DAY)
    assert grants.undrawn(grant) == 500_00
    other = make_grant(provider.agency, 500_00)
    with pytest.raises(Refused), act(TESTER, "test.award"):  # the account has no more
        grants.award(other, 500_00, "", DAY)
    with act(TESTER, "test.report"):
        report = grants.report(grant, date(2026, 1, 1), date(2026, 1, 31), 90, 200_00)
    for since, cents in ((date(2026, 1, 31), 1), (date(2026, 2, 1), 300_01)):
        with pytest.raises(Refused), act(TESTER, "test.report"):
            grants.report(grant, since, since, 1, cents)
    with act(TESTER, "test.pay"):
        grants.pay(report, DAY)
    with pytest.raises(Refused), act(TESTER, "test.pay"):
        grants.pay(report, DAY)
    assert grants.undrawn(grant) == 300_00
    key = "6a1c1b3e-0000-4000-8000-000000000001"
    with act(TESTER, "test.setup"):
        service = Record.objects.create(
            table="service", key=key, agency=provider.agency, name="House",
            data={"id": key, "name": "House", "status": "active"},
        )  # fmt: skip
    with act(provider.actor, "test.land"):
        landing.land(grant, service, provider)
    with pytest.raises(Refused), act(provider.actor, "test.land"):
        landing.land(grant, service, provider)
    beds = Beds.objects.get(service=service)
    assert (beds.unit, beds.available, beds.maximum) == ("Bed", 3, 3)
    assert verify().faults == []


def test_a_call_is_not_overdrawn_nor_answered_late() -> None:
    provider = make_agency(AgencyKind.PROVIDER)
    fill_account(1000_00)
    call = make_call(600_00)
    first, second = (make_grant(provider, 500_00, call) for _ in range(2))
    with act(TESTER, "test.award"):
        grants.award(first, 500_00, "", DAY)
    with pytest.raises(Refused), act(TESTER, "test.award"):
        grants.award(second, 101_00, "", DAY)
    with pytest.raises(Refused):
        make_grant(provider, 1_00, make_call(closes=date(2026, 1, 1)))
