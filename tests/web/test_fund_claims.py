"""What was handed on before a bank took the payment back is shown as a claim, to the cent."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fund_world import DAY, make_order, pay
from harborlight.web.accounts.roles import AgencyKind, Role
from harborlight.web.audit.acts import act
from harborlight.web.frame.fields import Money
from harborlight.web.fund import beancount, chart, claims, payments
from harborlight.web.fund.claims import Claim
from harborlight.web.fund.forms import PaymentForm, RefundForm
from harborlight.web.fund.verify import verify
from people import TESTER, client_of, make_agency, make_member
from real_site import Site

pytestmark = pytest.mark.django_db


def bounced(cents: int) -> None:
    finance, police, attorney = map(
        make_agency, (AgencyKind.FINANCE, AgencyKind.LAW_ENFORCEMENT, AgencyKind.PROSECUTOR)
    )
    police.name = "Example Police"
    with act(TESTER, "test.setup"):
        police.save()
    order = make_order(
        finance, {"minnesota_assessment": cents}, arresting=police, prosecuting=attorney
    )
    payment = pay(order, cents)
    with act(TESTER, "test.hand_on"):
        payments.hand_on(DAY)
    assert claims.claims() == []
    with act(TESTER, "test.bounce"):
        payments.bounce(payment, DAY)


def test_a_payment_that_bounces_after_it_was_handed_on_is_a_claim_on_who_got_it() -> None:
    bounced(100_00)
    found = claims.claims()
    assert {each.account: each.cents for each in found} == {
        chart.ARRESTING: 40_00, chart.PROSECUTING: 20_00, chart.SAFE_HARBOR: 40_00,
    }  # fmt: skip
    assert Claim(chart.ARRESTING, "Example Police", 40_00) in found
    apart = claims.apart(beancount.balances(), found)
    assert apart[chart.ARRESTING] == 0
    assert sum(apart.values()) + sum(each.cents for each in found) == 0
    page = client_of(make_member(Role.GRANTS)).get("/fund/").content.decode()
    assert "Claims" in page
    assert "Example Police" in page
    assert "Advanced by the court" in page
    assert "$40.00" in page
    assert verify().faults == []


def test_the_statement_says_what_the_csv_adds_up_to() -> None:
    bounced(10_01)
    client = client_of(make_member(Role.GRANTS))
    sums: dict[str, list[int]] = {}
    text = client.get("/fund/postings.csv").content.decode()
    for row in csv.DictReader(io.StringIO(text)):
        if row["day"].startswith("2026"):
            cents = round(float(row["amount"]) * 100)
            sums.setdefault(row["account"], [0, 0])[cents < 0] += abs(cents)
    page = client.get("/fund/statement/?year=2026").content.decode()
    rows = re.findall(r'hl-quiet">([^<]+)</span></th>(.*?)</tr>', page)
    told = {
        code: [round(100 * float(each.strip("$").replace(",", ""))) for each in cells[1:3]]
        for code, row in rows
        if (cells := re.findall("<td>([^<]+)</td>", row))
    }
    assert told == sums
    assert "Claim: " in page


@settings(max_examples=300)
@given(st.text(alphabet="0123456789.,$-+ eE_\u0661\uff11\u00a0", max_size=16))
def test_a_form_takes_money_exactly_or_not_at_all(typed: str) -> None:
    form = RefundForm({"day": "2026-03-02", "cents": typed})
    if not form.is_valid():
        return
    cents = form.cleaned_data["cents"]
    assert type(cents) is int
    plain = typed.strip().removeprefix("$")
    assert plain.isascii()
    whole, _, part = plain.partition(".")
    assert len(part) in (0, 2)
    assert cents == int(whole.replace(",", "") + (part or "00"))
    groups = whole.split(",")
    assert len(groups) == 1 or all(len(each) == 3 for each in groups[1:])


@settings(max_examples=200)
@given(st.integers(0, 10**14 - 1), st.booleans(), st.booleans())
def test_every_amount_can_be_typed_as_it_is_written(cents: int, comma: bool, sign: bool) -> None:
    whole = f"{cents // 100:,}" if comma else str(cents // 100)
    typed = f"{'$' if sign else ''}{whole}.{cents % 100:02d}"
    assert Money().clean(typed) == cents


@pytest.mark.parametrize(
    "typed",
    ["1.5", "1.005", "-1", "+1", "1e3", "1,00", "12,34.00", "1_000", "\u0661", "\uff11.00", "1.0O",
     "NaN", "inf", "0x10", "1 000", "1.00.00", "$", "$$1", ".50", "1.", "9" * 13],
)  # fmt: skip
def test_what_is_no_amount_is_turned_away(typed: str) -> None:
    form = PaymentForm({"receipt": "R", "day": "2026-03-02", "cents": typed})
    assert list(form.errors) == ["cents"]


def test_a_file_is_brought_in_from_the_command_line(tmp_path: Path) -> None:
    site = Site(tmp_path / "home")
    site.prepare()
    order = site.run("""
        from people import make_agency
        from fund_world import make_order
        print(make_order(make_agency("finance", name="Example Court"), {"fine": 10**6}))
    """).strip()
    file = tmp_path / "march.csv"
    file.write_text(
        f"order,receipt,date,amount\n{order},A,2026-01-05,1.07\n{order},B,2026-01-05,x\n"
    )
    for _ in range(2):
        done = site.command("fund", "import", str(file), "--agency", "example court")
        assert done.returncode == 1, done.stderr
        assert done.stdout.startswith("2 rows, 1 taken, 1 not\n  march.csv, row 2: ")
    other = site.command("fund", "import", str(file), "--agency", "nobody")
    assert other.returncode == 2
    assert "Example Court" in other.stderr
    told = site.command("fund", "verify")
    assert told.returncode == 0
    assert "2 entries" in told.stdout
