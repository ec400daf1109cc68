"""Clocks against a slow count, minute by minute, over daylight saving, year ends and holidays."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from harborlight.law import LawError, ask
from harborlight.law.provisions.clocks import day_off

MINNESOTA = ZoneInfo("America/Chicago")
QUARTER = timedelta(minutes=15)
moments = st.integers(0, 6 * 366 * 96).map(
    lambda count: datetime(2020, 1, 8, tzinfo=UTC) + count * QUARTER
)


def due(rule: str, field: str, moment: datetime | str) -> datetime:
    answer = ask(rule, None, {field: moment}).answer
    assert isinstance(answer, datetime)
    return answer


@settings(max_examples=25, deadline=None)
@given(moments)
@example(datetime(2024, 3, 8, 20, tzinfo=UTC))
@example(datetime(2024, 11, 1, 20, tzinfo=UTC))
@example(datetime(2021, 12, 23, 20, tzinfo=UTC))
@example(datetime(2021, 12, 30, 20, tzinfo=UTC))
@example(datetime(2022, 12, 30, 20, tzinfo=UTC))
def test_working_hours_are_those_of_a_slow_count(start: datetime) -> None:
    end = due("minnesota-written-report-clock", "reported_at", start)
    counted, now = timedelta(), start
    while now < end:
        if not day_off(now.astimezone(MINNESOTA).date(), "US-MN"):
            counted += QUARTER
        now += QUARTER
    assert counted == timedelta(hours=72)
    last = (end - QUARTER).astimezone(MINNESOTA).date()
    assert not day_off(last, "US-MN")
    assert end.tzinfo == MINNESOTA


@settings(deadline=None)
@given(moments)
def test_twenty_four_hours_pass_whatever_the_clock_on_the_wall(start: datetime) -> None:
    end = due("minnesota-report-clock", "learned_at", start.astimezone(MINNESOTA))
    assert end.astimezone(UTC) - start == timedelta(hours=24)


@settings(max_examples=40, deadline=None)
@given(moments, st.timedeltas(timedelta(0), timedelta(days=5)))
def test_a_later_start_is_never_due_earlier(start: datetime, later: timedelta) -> None:
    rule, field = "minnesota-written-report-clock", "reported_at"
    assert due(rule, field, start + later) >= due(rule, field, start)


def test_no_one_is_told_a_moment_of_an_unknown_law() -> None:
    told = ask("minnesota-report-clock", None, {"learned_at": "2016-05-01T10:00-05:00"})
    assert str(told.answer) == "unknown"
    assert told.unknown == ("minnesota.clocks.oral_report_hours",)


@pytest.mark.parametrize(
    "raw", ["2024-05-01T10:00", datetime(2024, 5, 1, 10), "yesterday", "2024-05-01"]
)
def test_a_moment_without_a_zone_is_refused_by_name(raw: object) -> None:
    with pytest.raises(LawError) as error:
        ask("minnesota-report-clock", None, {"learned_at": raw})
    assert error.value.field == "learned_at"


@pytest.mark.parametrize("year", range(2020, 2033))
def test_every_holiday_of_a_year_is_off_and_observed_on_a_weekday(year: int) -> None:
    fixed = {(1, 1), (7, 4), (12, 25)}
    for month, day in fixed:
        holiday = date(year, month, day)
        assert day_off(holiday, "US-MN")
        if holiday.weekday() == 5:
            assert "observed" in day_off(holiday - timedelta(days=1), "US-MN")
        if holiday.weekday() == 6:
            assert "observed" in day_off(holiday + timedelta(days=1), "US-MN")
