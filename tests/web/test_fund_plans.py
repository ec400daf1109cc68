"""What the pages of the fund ask of the database, with many entries: no statement reads a table
that grows with the entries from end to end. 20,000 entries; with `-m proof`, 1,000,000.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection

from fund_many import plant
from fund_world import DAY, fill_account, make_grant, make_order, pay
from harborlight.web.accounts.roles import AgencyKind, Role
from harborlight.web.audit.acts import act
from harborlight.web.fund import claims, grants, payments, tracing
from harborlight.web.fund.tracing import Step
from people import TESTER, client_of, make_agency, make_member

pytestmark = pytest.mark.django_db
GROWS = ("fund_entry", "fund_posting", "fund_seal", "fund_holding", "fund_share")


@contextmanager
def asked() -> Iterator[list[tuple[str, Any]]]:
    """Every statement that reads, with what it was given."""
    found: list[tuple[str, Any]] = []

    def keep(execute: Any, sql: str, given: Any, many: bool, context: Any) -> Any:
        if sql.lstrip().upper().startswith("SELECT") and not many:
            found.append((sql, given))
        return execute(sql, given, many, context)

    with connection.execute_wrapper(keep):
        yield found


def scanned(sql: str, given: Any) -> set[str]:
    """The tables that this statement reads from end to end, as the database's plan says."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("EXPLAIN (FORMAT JSON) " + sql.removesuffix(" FOR UPDATE"), given)
            told = cursor.fetchone()[0]
            plan = json.loads(told) if isinstance(told, str) else told
            found, todo = set(), [plan[0]["Plan"]]
            while todo:
                node = todo.pop()
                todo.extend(node.get("Plans", ()))
                if node["Node Type"] == "Seq Scan":
                    found.add(node["Relation Name"])
            return found
        cursor.execute("EXPLAIN QUERY PLAN " + sql, given)
        lines = [row[3] for row in cursor.fetchall()]
    # "SCAN x" reads all of x, with an index or without; "SEARCH x" finds its place in an index.
    return {
        table
        for line in lines
        if line.startswith("SCAN ")
        for table in GROWS
        if table in {line.split()[1], _named(sql, line.split()[1])}
    }


def _named(sql: str, alias: str) -> str:
    """The table that a statement calls by a short name; none where it calls two tables so."""
    words = sql.replace('"', "").split()
    places = [n for n, word in enumerate(words[1:], 1) if word.strip("(),") == alias]
    named = {words[n - 1] for n in places if words[n - 1].startswith("fund_")}
    return named.pop() if len(named) == 1 else ""


def pages(entries: int) -> None:
    finance = make_member(Role.CLERK)
    manager = make_member(Role.GRANTS)
    order = fill_account(600_00, finance.agency)
    plant(entries)
    grant = make_grant(make_agency(AgencyKind.PROVIDER), 500_00)
    with act(TESTER, "test.award"):
        grants.award(grant, 500_00, "", DAY)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    looked = 0
    for member, url in (
        (manager, "/fund/"), (manager, "/fund/flow/"), (manager, "/fund/statement/"),
        (manager, grant.get_absolute_url()), (finance, order.get_absolute_url()),
        (finance, "/fund/orders/"),
    ):  # fmt: skip
        client = client_of(member)
        with asked() as statements:
            assert client.get(url).status_code == 200, url
        for sql, given in statements:
            read = scanned(sql, given) & set(GROWS)
            assert not read, (url, read, sql)
            looked += any(table in sql for table in GROWS) or "fund_balance" in sql
    assert looked >= 8, "the pages asked nothing"
    with asked() as statements:
        claims.claims()
    assert all(not scanned(*each) & set(GROWS) for each in statements)
    # The test can see a scan.
    assert scanned("SELECT SUM(cents) FROM fund_posting", ()) == {"fund_posting"}


def test_no_page_reads_twenty_thousand_entries() -> None:
    pages(20_000)


@pytest.mark.proof
def test_no_page_reads_a_million_entries() -> None:
    pages(1_000_000)


def test_every_cent_of_a_grant_has_its_orders_first_in_first_out() -> None:
    keys = []
    for cents in (100, 250, 50):
        order = make_order(make_agency(AgencyKind.FINANCE), {"minnesota_assessment": cents * 10})
        pay(order, cents * 10)
        with act(TESTER, "test.hand_on"):
            payments.hand_on(DAY)
        keys.append(order.obligations.get().pk)
    made = []
    for cents in (3_00, 9_00, 1_00):
        grant = make_grant(make_agency(AgencyKind.PROVIDER), cents)
        with act(TESTER, "test.award"):
            grants.award(grant, cents, "", DAY)
        made.append(grant.number)
    # In: 4.00, 10.00, 2.00. Out: 3.00, 9.00, 1.00.
    first, second, third = keys
    assert tracing.of_grant(made[0]) == [Step(first, made[0], 3_00)]
    assert tracing.of_grant(made[1]) == [Step(first, made[1], 1_00), Step(second, made[1], 8_00)]
    assert tracing.of_grant(made[2]) == [Step(second, made[2], 1_00)]
    assert set(tracing.of_obligations(keys)) == {
        Step(first, made[0], 3_00), Step(first, made[1], 1_00), Step(second, made[1], 8_00),
        Step(second, made[2], 1_00), Step(second, None, 1_00), Step(third, None, 2_00),
    }  # fmt: skip
    assert tracing.of_grant(999) == []
    assert tracing.of_obligations([]) == []
