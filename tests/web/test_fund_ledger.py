"""The ledger: what balances is kept, what does not is refused by the database, and what was done
behind its back is found."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import books
from harborlight.web.audit.acts import NoAct, Refused, act
from harborlight.web.fund import beancount, chart, triggers
from harborlight.web.fund.ledger import Line, close, held, post, reverse
from harborlight.web.fund.models import Balance, Closing, Entry, Head, Holding, Posting, Seal
from harborlight.web.fund.verify import verify
from people import TESTER

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)


def received(cents: int, payment: int = 1, day: date = DAY) -> Entry:
    with act(TESTER, "test.post"):
        return post(
            "payment.receive",
            day,
            [
                Line(chart.COURT_CASH, cents, "payment", payment),
                Line(chart.UNAPPLIED, -cents, "payment", payment),
            ],
        )


def now_checked() -> None:
    """Have the database check the foreign keys that it puts off to the end of a transaction."""
    connection.check_constraints()


def test_an_entry_is_kept_with_its_balances_and_its_source() -> None:
    received(12_05)
    received(7, payment=2)
    now_checked()
    assert beancount.balances() == {chart.COURT_CASH: 12_12, chart.UNAPPLIED: -12_12}
    assert held(chart.UNAPPLIED, "payment", 2) == -7
    assert held(chart.UNAPPLIED, "payment", 3) == 0
    found = verify()
    assert (found.entries, found.postings, found.faults) == (2, 4, [])


@pytest.mark.parametrize("cents", [(5, -4), (5,), (), (5, -5, 1), (10**15, -(10**15))])
def test_what_does_not_balance_is_refused(cents: tuple[int, ...]) -> None:
    with pytest.raises(Refused), act(TESTER, "test.post"):
        post("test", DAY, [Line(chart.COURT_CASH, each, "payment", 1) for each in cents])
    assert not Entry.objects.exists()


def test_no_entry_without_an_act() -> None:
    with pytest.raises(NoAct):
        post("test", DAY, [])


def entry_of(*cents: int, seal: bool = True) -> None:
    """An entry written around the one function, as an error of ours might."""
    received(1)
    number = Head.objects.get().number + 1
    entry = Entry(number=number, day=DAY, at="2026-03-02T00:00Z", what="test", seal_id=number)
    entry.save(force_insert=True)
    Posting.objects.bulk_create(
        Posting(
            entry=entry,
            line=n,
            account_id=chart.COURT_CASH,
            cents=each,
            source="payment",
            number=1,
        )
        for n, each in enumerate(cents)
    )
    if seal:
        Seal.objects.create(number=number, previous="", digest="d")
    now_checked()


@pytest.mark.parametrize("cents", [(5, -4), (5,), (), (0, 0)])
def test_the_database_refuses_what_does_not_balance(cents: tuple[int, ...]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        entry_of(*cents)


def test_the_database_refuses_an_entry_without_a_seal() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        entry_of(5, -5, seal=False)
    with transaction.atomic():
        entry_of(5, -5)


def raw(statement: str) -> Callable[[], object]:
    def run() -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement)

    return run


DIRECT: list[Callable[[], object]] = [
    lambda: Posting.objects.update(cents=1),
    lambda: Posting.objects.all()._raw_delete("default"),
    lambda: Entry.objects.update(day=date(2020, 1, 1)),
    lambda: Entry.objects.all()._raw_delete("default"),
    lambda: Seal.objects.update(digest="x"),
    lambda: Seal.objects.all()._raw_delete("default"),
    lambda: Closing.objects.all().delete(),
    lambda: Closing.objects.update(entry=0),
    raw("UPDATE fund_account SET held = NOT held"),
    raw(
        "INSERT INTO fund_posting (entry_id, line, account_id, cents, source, number, rule, law) "
        "VALUES (1, 9, 'Assets:Cash:Court', 5, 'payment', 1, '', '')"
    ),
]


@pytest.mark.parametrize("change", DIRECT, ids=range(len(DIRECT)))
def test_a_direct_change_is_refused(change: Callable[[], object]) -> None:
    received(5)
    with act(TESTER, "test.close"):
        close(date(2026, 2, 1))
    with pytest.raises(IntegrityError), transaction.atomic():
        change()
    assert verify().faults == []


@pytest.mark.parametrize("table", triggers.APPEND_ONLY)
def test_emptying_or_replacing_is_refused(table: str) -> None:
    received(5)
    with act(TESTER, "test.close"):
        close(date(2026, 2, 1))
    now_checked()  # PostgreSQL empties no table that a check is put off for
    postgresql = connection.vendor == "postgresql"
    emptied = f"TRUNCATE {table} CASCADE" if postgresql else f"DELETE FROM {table}"  # noqa: S608
    with pytest.raises(IntegrityError), transaction.atomic():
        raw(emptied)()
    if not postgresql and table in ("fund_entry", "fund_seal", "fund_posting"):
        with pytest.raises(IntegrityError), transaction.atomic():
            raw(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")()  # noqa: S608


def drop_triggers() -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for table in (*triggers.APPEND_ONLY, "fund_balance", "fund_holding"):
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        else:
            for name in triggers.expected("sqlite"):
                cursor.execute(f"DROP TRIGGER {name}")


def only(rows: QuerySet[Posting]) -> QuerySet[Posting]:
    return rows.filter(entry=2)


TAMPERED: dict[str, Callable[[], object]] = {
    "an amount": lambda: [
        only(Posting.objects.filter(cents__gt=0)).update(cents=99),
        only(Posting.objects.filter(cents__lt=0)).update(cents=-99),
    ],
    "an account": lambda: only(Posting.objects.filter(line=1)).update(account=chart.FUND_CASH),
    "a source": lambda: only(Posting.objects.all()).update(number=77),
    "a day": lambda: Entry.objects.filter(number=2).update(day=date(2026, 3, 3)),
    "a law": lambda: only(Posting.objects.all()).update(law="some other law"),
    "a posting gone": lambda: only(Posting.objects.filter(line=1))._raw_delete("default"),
    "an entry gone": lambda: [
        only(Posting.objects.all())._raw_delete("default"),
        Entry.objects.filter(number=2)._raw_delete("default"),
        Seal.objects.filter(number=2)._raw_delete("default"),
    ],
    "the end cut off": lambda: [
        Posting.objects.filter(entry=3)._raw_delete("default"),
        Entry.objects.filter(number=3)._raw_delete("default"),
        Seal.objects.filter(number=3)._raw_delete("default"),
        Head.objects.update(number=2, digest=Seal.objects.get(number=2).digest),
    ],
    "a balance": lambda: Balance.objects.filter(account=chart.COURT_CASH).update(debit=1),
    "a holding": lambda: Holding.objects.filter(number=2).update(cents=0),
    "a digest": lambda: Seal.objects.filter(number=2).update(digest="0"),
}


@pytest.mark.parametrize("what", TAMPERED)
def test_what_was_changed_with_the_triggers_gone_is_found(what: str) -> None:
    for number in (1, 2, 3):
        received(number * 100, payment=number)
    now_checked()
    drop_triggers()
    without = verify().faults
    assert without
    assert all("trigger" in each for each in without)
    TAMPERED[what]()
    found = [each for each in verify().faults if "trigger" not in each]
    assert found, what


def test_a_reversal_undoes_an_entry_once() -> None:
    entry = received(5)
    with act(TESTER, "test.reverse"):
        undone = reverse(entry, DAY, "payment.bounce")
    assert beancount.balances() == {chart.COURT_CASH: 0, chart.UNAPPLIED: 0}
    for each in (entry, undone):
        with pytest.raises(Refused), act(TESTER, "test.reverse"):
            reverse(each, DAY, "payment.bounce")
    assert verify().faults == []


def test_closed_books_stay_closed() -> None:
    entry = received(5)
    with act(TESTER, "test.close"):
        close(date(2026, 3, 31))
    for day in (DAY, date(2026, 3, 31), date(2020, 1, 1)):
        with pytest.raises(Refused):
            received(5, day=day)
    with pytest.raises(IntegrityError), transaction.atomic():
        Entry.objects.create(number=9, day=DAY, at="2026-03-02T00:00Z", what="x", seal_id=9)
    with pytest.raises(Refused), act(TESTER, "test.close"):
        close(date(2026, 3, 31))
    with pytest.raises(IntegrityError), transaction.atomic():
        Closing.objects.create(through=date(2026, 3, 1), at="2026-03-02T00:00Z", entry=1)
    with act(TESTER, "test.reverse"):
        reverse(entry, date(2026, 4, 1), "payment.bounce")
    assert verify().faults == []


def test_beancount_finds_the_same_and_a_wrong_balance(tmp_path: Path) -> None:
    entry = received(12_05)
    received(10_00, payment=2, day=date(2026, 4, 1))
    with act(TESTER, "test.reverse"):
        reverse(entry, date(2026, 4, 2), "payment.bounce")
    file = books.write(tmp_path)
    assert books.check(file) == ""
    theirs = books.balances(file)
    assert {code: theirs.get(code, 0) for code in beancount.balances()} == beancount.balances()
    wrong = file.read_text("utf-8").replace(
        "e Assets:Cash:Court  10.00", "e Assets:Cash:Court  10.01"
    )
    file.write_text(wrong, "utf-8")
    assert "Balance failed" in books.check(file)


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(st.lists(st.integers(-(10**9), 10**9), min_size=1, max_size=5), max_size=5))
def test_any_entries_balance_and_hold(entries: list[list[int]]) -> None:
    with transaction.atomic():
        names = [chart.COURT_CASH, chart.FUND_CASH, chart.GENERAL, chart.TREASURY, chart.AVAILABLE]
        expected: dict[str, int] = {}
        for cents in entries:
            lines = [
                Line(name, each, "payment", 1) for name, each in zip(names, cents, strict=False)
            ]
            lines.append(Line(chart.UNAPPLIED, -sum(cents), "payment", 1))
            lines = [each for each in lines if each.cents]
            if len(lines) < 2:
                continue
            with act(TESTER, "test.post"):
                post("test", DAY, lines)
            for each in lines:
                expected[each.account] = expected.get(each.account, 0) + each.cents
            assert sum(beancount.balances().values()) == 0
        assert {code: n for code, n in beancount.balances().items() if n} == {
            code: n for code, n in expected.items() if n
        }
        assert verify().faults == []
        transaction.set_rollback(True)


def test_the_balances_are_read_without_a_posting() -> None:
    received(5)
    rows = Balance.objects.values("account")
    assert "posting" not in str(rows.query)
    with connection.cursor() as cursor:
        prefix = "EXPLAIN " if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN "
        cursor.execute(prefix + str(rows.query))
        plan = repr(cursor.fetchall())
    assert "fund_balance" in plan
    assert "fund_posting" not in plan
