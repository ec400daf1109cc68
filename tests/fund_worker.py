"""A process that forks others to be killed, so that a kill costs no start; run by test_fund_kill.

It reads from its input how long each child may work (seconds), forks a child that imports a clerk's
file or posts, kills it with SIGKILL then, looks at the books in another child, and says what it
found. `0` lets the child end.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from datetime import date
from pathlib import Path

import django

django.setup()

from django.db import connection  # noqa: E402

from harborlight.web.accounts.models import Agency  # noqa: E402
from harborlight.web.audit.acts import act  # noqa: E402
from harborlight.web.fund import importing, payments  # noqa: E402
from harborlight.web.fund.beancount import balances  # noqa: E402
from harborlight.web.fund.models import Entry, Import, Obligation, Order, Payment  # noqa: E402
from harborlight.web.fund.verify import verify  # noqa: E402
from people import TESTER  # noqa: E402

FILE = Path(sys.argv[1])


def bring_in() -> None:
    """Go on with the file until its end."""
    agency = Agency.objects.get(name="Clerk")
    importing.bring_in(agency, FILE.name, FILE.read_bytes(), TESTER)


def book() -> None:
    """Receive, return and hand on, over and over: postings by themselves."""
    draw = random.Random(os.getpid())
    order = Order.objects.get(number=sys.argv[2])
    while True:
        with act(TESTER, "test.pay"):
            receipt = f"P-{os.getpid()}-{draw.getrandbits(40)}"
            day = date(2026, 1, 6)
            payment = payments.receive(order, receipt, day, draw.randint(1, 9_999))
        if draw.random() < 0.3:
            with act(TESTER, "test.bounce"):
                payments.bounce(payment, day)
        if draw.random() < 0.2:
            with act(TESTER, "test.hand_on"):
                payments.hand_on(day)


def look() -> None:
    """Print what is in the books, and what is wrong with them."""
    faults = list(verify().faults)
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM fund_posting WHERE entry_id NOT IN "
                       "(SELECT number FROM fund_seal)")  # fmt: skip
        if cursor.fetchone()[0]:
            faults.append("half an entry")
    if Payment.objects.filter(entry=0).exists() or Obligation.objects.filter(entry=0).exists():
        faults.append("a payment without its entry")
    if Entry.objects.filter(what="payment.receive").count() != Payment.objects.count():
        faults.append("entries are not as many as payments")
    told = balances()
    if sum(told.values()):
        faults.append("the books do not balance")
    file = Import.objects.first()
    rows = Payment.objects.filter(file__isnull=False)
    if file is not None and not file.done == file.taken == rows.count():
        faults.append(f"the file says {file.done}, there are {rows.count()} payments")
    cents = sum(rows.values_list("cents", flat=True))
    print(json.dumps({"rows": rows.count(), "cents": cents, "faults": faults,
                      "payments": Payment.objects.count()}), flush=True)  # fmt: skip


def child(work: object) -> int:
    """Fork. The parent holds no connection, so that each child makes one of its own."""
    pid = os.fork()
    if pid:
        return pid
    try:
        work()  # type: ignore[operator]
        connection.close()
        os._exit(0)
    finally:
        os._exit(1)


def main() -> None:
    """Deal with each line of the input: what to do, and for how long."""
    with act(TESTER, "test.pay"):  # what is read once is read before, or a child would be at that
        order = Order.objects.get(number=sys.argv[2])
        payments.receive(order, "P-first", date(2026, 1, 6), 1)
    verify()
    connection.close()
    for line in sys.stdin:
        what, seconds = line.split()
        pid = child({"import": bring_in, "book": book}[what])
        if float(seconds):
            time.sleep(float(seconds))
            os.kill(pid, signal.SIGKILL)
        _pid, status = os.waitpid(pid, 0)
        killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
        print("killed" if killed else f"ended {os.waitstatus_to_exitcode(status)}", flush=True)
        os.waitpid(child(look), 0)


main()
