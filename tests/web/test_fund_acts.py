"""Random acts: the books balance at every step, and Beancount finds the same balances.

The long run: `uv run pytest -m proof tests/web/test_fund_acts.py -s`, 1,000,000 acts, or as many as
FUND_ACTS says, in two worlds, or in those whose seeds FUND_SEEDS names. Each may be run by itself,
on a core of its own: `FUND_ACTS=500000 FUND_SEEDS=2`.
"""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import books
from fund_acts import Acts
from harborlight.web.accounts.roles import AgencyKind
from harborlight.web.fund import beancount
from harborlight.web.fund.verify import verify
from people import make_agency

pytestmark = pytest.mark.django_db
LONG = int(os.environ.get("FUND_ACTS", "1000000"))
SEEDS = [int(each) for each in os.environ.get("FUND_SEEDS", "1,2").split(",")]


def world(seed: int, pace: float = 0.2) -> Acts:
    finance, police = make_agency(AgencyKind.FINANCE), make_agency(AgencyKind.LAW_ENFORCEMENT)
    attorney, provider = make_agency(AgencyKind.PROSECUTOR), make_agency(AgencyKind.PROVIDER)
    return Acts(seed, finance, police, attorney, provider, pace=pace)


def same_as_beancount(folder: Path) -> None:
    file = books.write(folder)
    assert books.check(file) == ""
    theirs, ours = books.balances(file), beancount.balances()
    assert {code: theirs.get(code, 0) for code in ours} == ours


def test_many_acts_and_an_outside_program_agree(tmp_path: Path) -> None:
    acts = world(7)
    for _ in range(400):
        acts.step()
        acts.same_as_kept()
    print(dict(acts.done))
    # Not a run in which nothing happened.
    for name in (
        "order",
        "pay",
        "bounce",
        "refund",
        "hand_on",
        "award",
        "report",
        "draw_money",
        "forfeit",
        "undo",
        "give_back",
    ):
        assert acts.done[name], name
    assert acts.done["pay refused"]
    found = verify()
    assert found.faults == []
    assert found.entries > 100
    same_as_beancount(tmp_path)


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 2**32))
def test_any_seed(seed: int) -> None:
    with transaction.atomic():
        acts = world(seed)
        for _ in range(40):
            acts.step()
        acts.same_as_kept()
        assert verify().faults == []
        transaction.set_rollback(True)


@pytest.mark.proof
@pytest.mark.parametrize("seed", SEEDS)
def test_a_million_acts(seed: int, tmp_path: Path) -> None:
    # The day goes on slowly: twenty years or so, not centuries.
    acts = world(seed, pace=0.01)
    for number in range(1, LONG // len(SEEDS) + 1):
        acts.step()
        if number % 10_000 == 0:
            acts.same_as_kept()
            print(f"{datetime.now():%H:%M:%S} {number:,}", dict(acts.done), flush=True)
    acts.same_as_kept()
    found = verify()
    print(found)
    assert found.faults == []
    same_as_beancount(tmp_path)
