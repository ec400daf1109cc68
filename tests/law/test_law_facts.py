"""Facts in every dress: text, Python, numpy; what cannot be is refused by the name of the fact."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harborlight.law import UNKNOWN, LawError, ask, current_law, rules
from harborlight.law.fact import Choice, Count, Day, Fact, Kind, Moment, Money, Weeks, YesNo

LAW = current_law()


def read(kind: Kind, raw: Any) -> Any:
    return Fact("the_fact", kind, "").read(raw, LAW)


@pytest.mark.parametrize(
    ("kind", "raw", "value"),
    [
        (YesNo(), "Yes", True),
        (YesNo(), " no ", False),
        (YesNo(), np.True_, True),
        (YesNo(), "0", False),
        (Day(), "2016-05-01", date(2016, 5, 1)),
        (Day(), np.datetime64("2016-05-01"), date(2016, 5, 1)),
        (Money(), "$5,000.00", 500000),
        (Money(), "5000", 500000),
        (Money(), 5000, 5000),
        (Money(), np.int64(5000), 5000),
        (Money(), Decimal("50.25"), 5025),
        (Count(), "7", 7),
        (Count(), np.int32(7), 7),
        (Choice(("hired", "hiring")), "HIRED", "hired"),
        (Choice(node="states"), "new york", "NY"),
        (Choice(node="states"), "D.C.", "DC"),
        (Choice(node="federal.statutes"), "18 U.S.C. § 1591(a)(1)", "18 USC 1591"),
        (Choice(node="federal.statutes"), "18usc2252a(a)(5)", "18 USC 2252A"),
        (Choice(node="minnesota.money.offense"), "Minn. Stat. 609.324, subd. 2", "609.324 subd. 2"),
        (Choice(node="minnesota.money.offense"), "609.324 subd. 1", "609.324 other"),
        (Choice(node="federal.circuits"), "8th Circuit", "eighth"),
    ],
)  # fmt: skip
def test_facts_are_read(kind: Kind, raw: Any, value: Any) -> None:
    assert read(kind, raw) == value


@pytest.mark.parametrize("raw", [None, UNKNOWN, "", " ", "unknown", "Unknown", "?"])
@pytest.mark.parametrize("kind", [YesNo(), Day(), Money(), Count(), Moment(), Weeks()])
def test_what_is_not_known_is_unknown(kind: Kind, raw: Any) -> None:
    assert read(kind, raw) is None


@pytest.mark.parametrize(
    ("kind", "raw"),
    [
        (YesNo(), "maybe"),
        (YesNo(), 2),
        (Day(), "2016-02-30"),
        (Day(), "20160501"),
        (Day(), "2016-5-1"),
        (Day(), "05/01/2016"),
        (Day(), "0216-05-01"),
        (Day(), "9999-05-01"),
        (Day(), "٢٠١٦-٠٥-٠١"),
        (Day(), datetime(2016, 5, 1)),
        (Day(), 20160501),
        (Money(), 50.25),
        (Money(), np.float32(50)),
        (Money(), Fraction(1, 3)),
        (Money(), True),
        (Money(), -1),
        (Money(), "-0.01"),
        (Money(), 10**16),
        (Count(), 1.0),
        (Count(), "1.0"),
        (Count(least=1), 0),
        (Count(), "9" * 400),
        (Choice(("hired", "hiring")), "hiredd"),
        (Choice(node="states"), "Puerto Rico"),
        (Choice(node="minnesota.money.offense"), "609.324"),
        (Weeks(), "60"),
        (Weeks(), "2017-01-02:169"),
        (Weeks(), "2017-01-02:60, 2017-01-08:60"),
        (Weeks(), "2017-01-09..2017-01-02:60"),
        (Weeks(), "2017-01-02:1+2+3"),
        (Weeks(), "2017-01-02:1.234"),
        (Moment(), "2024-05-01T10:00"),
        (Moment(), "2024-05-01T10:00+99:00"),
        (Moment(), "2024-05-01T10:00-04:00[America/Chicago]"),
        (Moment(), "2024-05-01T10:00[../../etc/passwd]"),
    ],
)
def test_what_cannot_be_is_refused_by_the_name_of_the_fact(kind: Kind, raw: Any) -> None:
    with pytest.raises(LawError) as error:
        read(kind, raw)
    assert error.value.field == "the_fact"
    assert str(error.value).startswith("the_fact: ")


@settings(deadline=None)
@given(st.text() | st.integers() | st.floats() | st.binary(), st.data())
def test_any_fact_of_any_rule_is_answered_or_refused_by_name(raw: Any, data: st.DataObject) -> None:
    rule = data.draw(st.sampled_from(rules()))
    fact = data.draw(st.sampled_from(rule.facts))
    refused = ""
    try:
        assert ask(rule.name, date(2024, 5, 1), {fact.name: raw}).conclusion
    except LawError as error:
        refused = error.field
    assert refused in {"", *rule.by_name}


def test_weeks_are_read_in_hundredths_of_an_hour() -> None:
    assert read(Weeks(), "2017-01-02:60, 2017-01-09..2017-01-16:55.5, 2009-07-20:30+20.25") == (
        (date(2009, 7, 20), (3000, 2025)),
        (date(2017, 1, 2), (6000,)),
        (date(2017, 1, 9), (5550,)),
        (date(2017, 1, 16), (5550,)),
    )


def test_unknown_passes_for_neither_true_nor_false() -> None:
    with pytest.raises(TypeError, match="neither true nor false"):
        bool(UNKNOWN)
    assert json.dumps({"answer": UNKNOWN}) == '{"answer": "unknown"}'
    assert str(UNKNOWN) == "unknown"
