"""Money: splits sum to the cent, payments go no further than they reach, in any amounts."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harborlight.law import ask, ask_many
from harborlight.law.amount import LARGEST_CENTS, to_cents
from harborlight.law.value import money

DAY = date(2025, 6, 1)
cents = st.integers(0, LARGEST_CENTS) | st.integers(0, 1000)
OWED = (
    "conviction_assessment",
    "image_restitution",
    "image_assessment",
    "other_restitution",
    "trafficking_assessment",
    "fines_and_costs",
)
debts = st.fixed_dictionaries({name: st.integers(0, 10**9) | st.integers(0, 5) for name in OWED})
readings = st.sampled_from(["orders before fines", "assessment last"])


@settings(deadline=None)
@given(cents)
def test_money_is_read_as_it_is_written(amount: int) -> None:
    assert to_cents(money(amount)) == amount
    assert to_cents(f"{amount // 100}.{amount % 100:02d}") == amount
    assert to_cents(f" $ {amount // 100}".replace("$ ", "$")) == amount // 100 * 100


@settings(deadline=None)
@given(st.text(max_size=12))
def test_any_text_is_money_or_a_value_error(text: str) -> None:
    try:
        found = to_cents(text)
    except ValueError:
        return
    assert abs(found) <= LARGEST_CENTS


@pytest.mark.parametrize(
    "text",
    ["", "5.005", "1,00", "1,0000", "5.0.0", "five", "$", "1e3", "--5", "-$-5", "٥", "9" * 30],
)
def test_what_is_no_money(text: str) -> None:
    with pytest.raises(ValueError, match=r"no amount|fraction|more than any"):
        to_cents(text)


def test_money_with_zeros_after_the_cent_is_money() -> None:
    assert to_cents("5.1") == 510
    assert to_cents("5.100") == 510
    assert to_cents("$5,000.00") == 500000
    assert to_cents("-$1") == -100


def parts(rule: str, facts: dict[str, Any]) -> dict[str, int]:
    answer = ask(rule, DAY, facts).answer
    assert isinstance(answer, dict)
    assert all(type(each) is int for each in answer.values())
    return answer


@settings(deadline=None)
@given(cents)
def test_the_assessment_split_sums_to_the_cent_and_is_off_by_less_than_one(amount: int) -> None:
    shares = parts("minnesota-assessment-split", {"amount": amount})
    assert sum(shares.values()) == amount
    for name, percent in (
        ("arresting_agency", 40), ("prosecuting_agency", 20), ("safe_harbor_account", 40),
    ):  # fmt: skip
        assert abs(shares[name] - Fraction(amount * percent, 100)) < 1


@settings(deadline=None)
@given(
    cents,
    st.integers(0, 10**7),
    st.integers(0, 10**7),
    st.integers(0, 10**7),
    st.sampled_from(["general", "vehicle", "trafficking", "money"]),
)
def test_the_forfeiture_split_sums_to_the_cent(
    proceeds: int, liens: int, expenses: int, restitution: int, kind: str
) -> None:
    shares = parts(
        "minnesota-forfeiture-split",
        {
            "kind": kind, "proceeds": proceeds, "liens": liens, "expenses": expenses,
            "restitution": restitution,
        },
    )  # fmt: skip
    assert sum(shares.values()) == proceeds
    assert shares["liens"] <= liens
    assert shares["expenses"] <= expenses
    assert shares["restitution"] <= restitution
    assert min(shares.values()) >= 0


@settings(deadline=None)
@given(debts, st.integers(0, 10**10), readings)
def test_a_payment_pays_no_more_than_owed_or_received(
    owed: dict[str, int], payment: int, reading: str
) -> None:
    paid = parts("payment-order", {**owed, "payment": payment, "reading": reading})
    assert sum(paid.values()) == payment
    for name in OWED:
        assert 0 <= paid[name] <= owed[name]
    if paid["left_over"]:
        assert all(paid[name] == owed[name] for name in OWED)


@settings(deadline=None)
@given(debts, st.integers(0, 10**9), st.integers(0, 10**9), readings)
def test_a_larger_payment_never_lowers_what_anyone_gets(
    owed: dict[str, int], payment: int, more: int, reading: str
) -> None:
    small = parts("payment-order", {**owed, "payment": payment, "reading": reading})
    large = parts("payment-order", {**owed, "payment": payment + more, "reading": reading})
    assert all(large[name] >= small[name] for name in OWED)


@settings(deadline=None)
@given(debts, st.integers(0, 10**10))
def test_without_a_choice_only_what_the_readings_share_is_told(
    owed: dict[str, int], payment: int
) -> None:
    facts = {**owed, "payment": payment}
    told = ask("payment-order", DAY, facts)
    assert isinstance(told.answer, dict)
    one, other = (
        parts("payment-order", {**facts, "reading": each})
        for each in ("orders before fines", "assessment last")
    )
    for name, value in told.answer.items():
        assert (value == one[name] == other[name]) or (str(value) == "unknown")
    assert bool(told.unknown) == (one != other)
    assert told.unknown in ((), ("reading",))


def test_money_in_columns_has_the_same_properties() -> None:
    rng = np.random.default_rng(5)
    rows = 200_000
    facts = {name: rng.integers(0, 10**6, rows) for name in OWED}
    payment = rng.integers(0, 6 * 10**6, rows)
    for reading in ("orders before fines", "assessment last"):
        small = ask_many("payment-order", DAY, {**facts, "payment": payment, "reading": reading})
        large = ask_many(
            "payment-order", DAY, {**facts, "payment": payment + 1000, "reading": reading}
        )
        assert not small.unknown.any()
        assert np.array_equal(sum(small.parts.values()), payment)
        for name in OWED:
            assert small.parts[name].dtype == np.int64
            assert (small.parts[name] <= facts[name]).all()
            assert (large.parts[name] >= small.parts[name]).all()
    split = ask_many("minnesota-assessment-split", DAY, {"amount": payment})
    assert np.array_equal(sum(split.parts.values()), payment)


@settings(deadline=None, max_examples=50)
@given(st.integers(0, 10**9), st.integers(0, 10**9), st.integers(0, 10**9), st.integers(0, 10**9))
def test_restitution_is_losses_and_the_greater(
    losses: int, gross: int, wages: int, forfeited: int
) -> None:
    told = ask(
        "federal-restitution",
        DAY,
        {"statute": "18 USC 1591", "losses": losses, "gross_value": gross, "wages": wages},
    )
    assert told.answer == losses + max(gross, wages)
    moved = parts(
        "federal-forfeited-assets", {"forfeited": forfeited, "restitution_owed": told.answer}
    )
    assert moved["to_restitution"] + moved["remaining_assets"] == forfeited
    assert moved["to_restitution"] + moved["restitution_still_owed"] == told.answer
