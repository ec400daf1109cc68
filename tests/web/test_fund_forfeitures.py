"""Forfeited property: shared out to the cent by law, and kept where the law is unknown."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import books
from fund_world import DAY, make_forfeiture, make_grant, make_sentence
from harborlight.law import ask, current_law
from harborlight.web.accounts.models import Member
from harborlight.web.accounts.roles import AgencyKind, Role
from harborlight.web.audit.acts import Refused, act
from harborlight.web.fund import (
    applying,
    beancount,
    chart,
    claims,
    forfeiting,
    grants,
    payments,
    tracing,
)
from harborlight.web.fund.from_sentence import take_in, to_take_in
from harborlight.web.fund.models import Forfeiture, Posting
from harborlight.web.fund.verify import verify
from harborlight.web.prosecution.models import Sentence
from people import TESTER, client_of, make_agency, make_member

pytestmark = pytest.mark.django_db
THIRD = {
    "general": chart.UNSHARED,
    "vehicle": chart.CRIME_PREVENTION,
    "trafficking": chart.PUBLIC_SAFETY,
    "money": chart.SAFE_HARBOR,
}
REFORM = """
description: The recipient was read.
reference: made up
parameters:
  minnesota.money.forfeiture_split.general:
    third_recipient:
      description: Who receives the third share
      citation: Minn. Stat. 609.5315 subd. 5
      values:
        2015-01-01: {{value: "{recipient}", verified: statute, reference: made up}}
"""


@pytest.fixture
def clerk() -> Member:
    return make_member(Role.CLERK)


@pytest.fixture
def sentence(clerk: Member) -> Sentence:
    return make_sentence(clerk, 10**12)


def got(forfeiture: Forfeiture) -> dict[str, int]:
    """The cents that each account got by the entry that stands."""
    rows = Posting.objects.filter(entry=forfeiture.entry, cents__lt=0)
    return {each.account_id: -each.cents for each in rows}


def hand_on() -> None:
    with act(TESTER, "test.hand_on"):
        payments.hand_on(timezone.localdate())


def same_as_beancount(folder: Path) -> None:
    file = books.write(folder)
    assert books.check(file) == ""
    theirs, ours = books.balances(file), beancount.balances()
    assert {code: theirs.get(code, 0) for code in ours} == ours
    assert verify().faults == []


def told(kind: str, cents: int, day: date) -> Mapping[str, Any]:
    facts = {"forfeited_date": day, "kind": kind, "proceeds": cents, "liens": 0, "expenses": 0,
             "restitution": 0}  # fmt: skip
    answer = ask(forfeiting.RULE, date.today(), facts).answer
    assert isinstance(answer, Mapping)
    return answer


def test_every_cent_goes_where_the_law_says_or_is_kept(clerk: Member, sentence: Sentence) -> None:
    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        st.sampled_from(sorted(THIRD)),
        st.integers(1, 300) | st.integers(1, 10**9),
        st.integers(0, 50),
        st.integers(0, 50),
    )
    def every(kind: str, cents: int, liens: int, expenses: int) -> None:
        with transaction.atomic():
            whole = cents + liens + expenses
            made = make_forfeiture(clerk, sentence, whole, kind, liens=liens, expenses=expenses)
            law, found = told(kind, cents, made.day), got(made)
            assert sum(found.values()) == whole
            due = {
                chart.LIENS: liens,
                chart.EXPENSES: expenses,
                chart.ARRESTING: law["agency"],
                chart.PROSECUTING: law["prosecutor"],
                THIRD[kind]: law["third_share"],
            }
            assert found == {account: each for account, each in due.items() if each}
            shares = Posting.objects.filter(entry=made.entry, cents__lt=0)
            assert set(shares.values_list("rule", flat=True)) == {forfeiting.RULE}
            assert all("Minn. Stat. 609.5315 subd. 5" in each.law for each in shares)
            assert all("since 2015-01-01 (statute)" in each.law for each in shares)
            assert bool(made.unshared) == (kind == "general" and law["third_share"] > 0)
            hand_on()
            kept = law["third_share"] if kind == "general" else 0
            assert beancount.balances().get(chart.COURT_CASH, 0) == kept
            assert forfeiting.kept(made) == kept
            transaction.set_rollback(True)

    every()


def test_the_share_of_an_unknown_recipient_is_kept_and_the_pages_say_why(
    clerk: Member, sentence: Sentence, tmp_path: Path
) -> None:
    made = make_forfeiture(clerk, sentence, 1_000_01, "general")
    hand_on()
    assert beancount.balances()[chart.UNSHARED] == -100_00
    client = client_of(clerk)
    for url in (made.get_absolute_url(), "/fund/"):
        page = client.get(url).content.decode()
        assert "Who receives this share was not read in the law." in page, url
        assert "$100.00" in page, url
    assert "Forfeited, kept" in client.get("/fund/flow/").content.decode()
    answer = client.post(f"{made.get_absolute_url()}settle/", {})
    assert answer.status_code == 409
    assert "know no more than before" in answer.content.decode()
    same_as_beancount(tmp_path)


@pytest.mark.parametrize(
    ("recipient", "account", "unshared"),
    [("the city, for crime prevention", chart.CRIME_PREVENTION, ""),
     ("somebody else", chart.UNSHARED, "account")],
)  # fmt: skip
def test_when_the_law_is_read_the_share_is_handed_on(
    clerk: Member, sentence: Sentence, tmp_path: Path, recipient: str, account: str, unshared: str
) -> None:
    made = make_forfeiture(clerk, sentence, 1_000_01, "general")
    hand_on()
    file = tmp_path / "read.yaml"
    file.write_text(REFORM.format(recipient=recipient))
    law = current_law().with_reform(str(file))
    with act(TESTER, "test.settle"):
        forfeiting.settle(made, timezone.localdate(), law)
    found = Forfeiture.objects.get(pk=made.pk)
    assert (found.unshared, got(found)[account]) == (unshared, 100_00)
    assert claims.claims() == []  # what was handed on is not owed twice
    before = beancount.balances()[chart.COURT_CASH]
    hand_on()
    assert before - beancount.balances().get(chart.COURT_CASH, 0) == (0 if unshared else 100_00)
    assert Forfeiture.objects.get(pk=made.pk).unshared == unshared
    same_as_beancount(tmp_path)


def test_before_the_law_that_was_read_all_of_it_is_kept(clerk: Member) -> None:
    early = make_sentence(clerk, 500_00, date(2014, 5, 1))
    made = make_forfeiture(clerk, early, 33_33)
    assert (made.unshared, got(made)) == ("law", {chart.UNSHARED: 33_33})


def test_forfeited_money_pays_for_a_grant_and_is_followed(
    clerk: Member, sentence: Sentence, tmp_path: Path
) -> None:
    made = make_forfeiture(clerk, sentence, 100_00, "money")
    hand_on()
    assert grants.available() == 40_00
    grant = make_grant(make_agency(AgencyKind.PROVIDER), 30_00)
    with act(TESTER, "test.award"):
        grants.award(grant, 30_00, "", timezone.localdate())
    assert [(s.obligation, s.source, s.cents) for s in tracing.of_grant(grant.number)] == [
        (made.pk, "forfeit", 30_00)
    ]
    assert [(s.grant, s.cents) for s in tracing.of_forfeiture(made.pk)] == [
        (grant.number, 30_00), (None, 10_00)
    ]  # fmt: skip
    page = client_of(clerk).get(made.get_absolute_url()).content.decode()
    assert f"$30.00: grant G-{grant.number}" in page
    page = client_of(make_member(Role.GRANTS)).get(grant.get_absolute_url()).content.decode()
    assert "$30.00: Forfeited property" in page
    flows = tracing.flows()
    assert (chart.FORFEITED, chart.SAFE_HARBOR, 40_00) in flows
    assert sum(cents for start, _end, cents in flows if start == chart.FORFEITED) == 100_00
    same_as_beancount(tmp_path)


def test_what_was_entered_by_mistake_is_reversed_and_an_agency_pays_back(
    clerk: Member, sentence: Sentence, tmp_path: Path
) -> None:
    made = make_forfeiture(clerk, sentence, 100_00, "trafficking")
    hand_on()
    client, today = client_of(clerk), timezone.localdate().isoformat()
    assert client.post(f"{made.get_absolute_url()}undo/", {"day": today}).status_code == 302
    owed = {each.account: each for each in claims.claims()}
    assert owed[chart.ARRESTING].cents == 40_00
    assert owed[chart.PUBLIC_SAFETY].holding == 0
    back = f"/fund/claims/{owed[chart.ARRESTING].holding}/back/"
    assert back in client.get("/fund/").content.decode()
    assert client.post(back, {"day": today, "cents": "40.01"}).status_code == 409
    assert client.post(back, {"day": today, "cents": "15.01"}).status_code == 302
    assert {each.account: each.cents for each in claims.claims()}[chart.ARRESTING] == 24_99
    assert beancount.balances()[chart.COURT_CASH] == -84_99
    with act(TESTER, "test.undo"), pytest.raises(Refused):
        forfeiting.undo(made, timezone.localdate())
    same_as_beancount(tmp_path)


def test_restitution_from_it_is_owed_no_more(clerk: Member, sentence: Sentence) -> None:
    with pytest.raises(Refused, match="as an order first"):
        make_forfeiture(clerk, sentence, 20_00, "general", restitution=1)
    with act(TESTER, "test.take_in"):
        order = take_in(sentence, "O-1", clerk)
    owed = order.obligations.get(kind="restitution")
    assert applying.owed(owed) == 10_00
    with pytest.raises(Refused, match="less restitution"):
        make_forfeiture(clerk, sentence, 20_00, "general", restitution=10_01)
    made = make_forfeiture(clerk, sentence, 20_00, "general", restitution=9_99)
    assert applying.owed(owed) == 1
    assert got(made)[chart.RESTITUTION] == 9_99
    # The entry has one posting more below zero: what was ordered is owed less, too.
    assert sum(got(made).values()) == 20_00 + 9_99


def test_what_cannot_be_is_refused(clerk: Member) -> None:
    sentence = make_sentence(clerk, 50_00)
    assert to_take_in(clerk) == [sentence]
    first = make_forfeiture(clerk, sentence, 49_99)
    for cents, kind, day, more in (
        (2, "money", None, {}),  # a cent more than was ordered
        (0, "general", None, {}),
        (10, "general", None, {"liens": 6, "expenses": 5}),
        (10, "general", sentence.day - timedelta(days=1), {}),
        (10, "general", timezone.localdate() + timedelta(days=1), {}),
    ):
        with pytest.raises(Refused):
            make_forfeiture(clerk, sentence, cents, kind, day, **more)
    values = {"receipt": first.receipt, "kind": "money", "day": first.day, "cents": 1,
              "liens": 0, "expenses": 0, "restitution": 0}  # fmt: skip
    with act(TESTER, "test.forfeit"), pytest.raises(Refused, match="receipt"):
        forfeiting.take_in(sentence, values, clerk)
    other = make_member(Role.CLERK)
    with act(TESTER, "test.forfeit"), pytest.raises(Refused, match="not sent to you"):
        forfeiting.take_in(sentence, {**values, "receipt": "X"}, other)
    make_forfeiture(clerk, sentence, 1)
    assert Forfeiture.objects.count() == 2


def test_what_a_provider_returns_is_the_grants_again(clerk: Member, tmp_path: Path) -> None:
    sentence = make_sentence(clerk, 10**6)
    make_forfeiture(clerk, sentence, 1_000_00)
    hand_on()
    grant = make_grant(make_agency(AgencyKind.PROVIDER), 300_00)
    with act(TESTER, "test.award"):
        grants.award(grant, 300_00, "", DAY)
        report = grants.report(grant, DAY, DAY, 1, 300_00)
    with act(TESTER, "test.back"), pytest.raises(Refused, match="not paid yet"):
        grants.give_back(report, timezone.localdate(), 1)
    with act(TESTER, "test.pay"):
        grants.pay(report, DAY)
    before = beancount.balances()
    client, today = client_of(make_member(Role.GRANTS)), timezone.localdate().isoformat()
    back = f"{grant.get_absolute_url()}back/{report.pk}/"
    for cents, status in (("300.01", 409), ("120.005", 422), ("0.00", 409), ("120.01", 302)):
        assert client.post(back, {"day": today, "cents": cents}).status_code == status, cents
    assert client.post(back, {"day": today, "cents": "180.00"}).status_code == 409
    early = (DAY - timedelta(days=1)).isoformat()
    assert client.post(back, {"day": early, "cents": "1.00"}).status_code == 409
    moved = {code: cents - before.get(code, 0) for code, cents in beancount.balances().items()}
    assert {code: cents for code, cents in moved.items() if cents} == {
        chart.FUND_CASH: 120_01, chart.COMMITTED: -120_01, chart.SERVICES: -120_01,
        chart.SPENT: 120_01,
    }  # fmt: skip
    assert grants.undrawn(grant) == 120_01
    assert grants.available() == 100_00
    page = client.get(grant.get_absolute_url()).content.decode()
    assert "$120.01 paid back to the grant" in page
    assert (chart.SAFE_HARBOR, chart.SERVICES, 179_99) in tracing.flows()
    next_day = DAY + timedelta(days=1)
    with act(TESTER, "test.report"), pytest.raises(Refused, match="than is left"):
        grants.report(grant, next_day, next_day, 1, 120_02)
    with act(TESTER, "test.report"):
        grants.pay(grants.report(grant, next_day, next_day, 1, 120_01), next_day)
    assert grants.undrawn(grant) == 0
    same_as_beancount(tmp_path)
