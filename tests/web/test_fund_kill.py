"""SIGKILL while a file is imported: no half entry, it goes on where it stopped, nothing twice.

10 kills in the ordinary run; with `-m proof`, 200. Run it with HARBORLIGHT_TEST_DATABASE=postgresql
for the other database.
"""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from real_site import HOUSE, Site

SET_UP = """
from harborlight.web.running import prepare
prepare.make_home(); prepare.migrate()
from people import make_agency
from fund_world import make_order
order = make_order(make_agency("finance", name="Clerk"), {"minnesota_assessment": 10**9})
print(order)
"""
LOOK = """
from harborlight.web.fund.beancount import balances
from harborlight.web.fund.models import Entry, Import, Payment
from harborlight.web.fund.verify import verify
found = verify()
file = Import.objects.first()
assert found.faults == [], found.faults
assert Payment.objects.filter(entry=0).count() == 0
assert Entry.objects.filter(what="payment.receive").count() == Payment.objects.count()
assert file is None or file.done == file.taken == Payment.objects.count(), (file.done, file.taken)
print(Payment.objects.count(), balances().get("Assets:Cash:Court", 0))
"""


def killed(place: Path, kills: int) -> None:
    site = Site(place / "home")
    order = site.run(SET_UP).strip()
    rows = kills * 12
    file = place / "payments.csv"
    lines = [f"{order},R-{n},2026-01-05,{n % 90 + 1}.07\n" for n in range(rows)]
    file.write_text("order,receipt,date,amount\n" + "".join(lines))
    whole = sum((n % 90 + 1) * 100 + 7 for n in range(rows))
    draw = random.Random(5)
    stopped = last = 0
    while True:
        process = subprocess.Popen(
            [sys.executable, HOUSE / "tests/fund_worker.py", file],
            env=site.environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        if stopped < kills:
            time.sleep(draw.uniform(0, 0.15))
            process.send_signal(signal.SIGKILL)
            stopped += process.wait() == -signal.SIGKILL
        told = process.stdout.read()
        process.wait()
        count, cents = map(int, site.run(LOOK).split())
        assert count >= last, "what was imported is gone"
        last = count
        if told:
            break
    print(f"{stopped} kills, {count} payments")
    assert stopped >= kills // 2
    assert (count, cents) == (rows, whole)


def test_a_killed_import_goes_on_where_it_stopped(tmp_path: Path) -> None:
    killed(tmp_path, 10)


@pytest.mark.proof
def test_a_killed_import_goes_on_two_hundred_times(tmp_path: Path) -> None:
    killed(tmp_path, 200)
