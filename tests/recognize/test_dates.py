"""Dates as people and programs write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harborlight.recognize.ingest.dates import parse, parse_one

DAY = datetime(2017, 1, 9, tzinfo=UTC)
MOMENT = datetime(2017, 1, 9, 16, 5, tzinfo=UTC)


def parsed(*values: str | None) -> list[datetime | None]:
    result: list[datetime | None] = parse(
        pa.chunked_array([pa.array(values, pa.string())])
    ).to_pylist()
    return result


@pytest.mark.parametrize(
    "value",
    [
        "2017-01-09", "2017/01/09", "2017.1.9", "20170109", "1/9/2017", "01/09/17", "9.1.2017",
        "09.01.2017", "Jan 9, 2017", "January 9th, 2017", "9 January 2017", "9-Jan-2017",
        "9 de enero de 2017", "Mon, Jan 9 2017", "Monday, January 9, 2017", "2017-Jan-09",
        "1483920000", "1483920000.0", "1483920000000", "42744", "2017-01-09T00:00:00Z",
        "2017-01-08T18:00:00-06:00", "2017-01-09 00:00:00 +0000 (UTC)", "the 9th",
    ],
)  # fmt: skip
def test_days(value: str) -> None:
    assert parsed(value) == [None if value == "the 9th" else DAY]


@pytest.mark.parametrize(
    "value",
    [
        "2017-01-09 16:05", "2017-01-09T16:05:00.000Z", "2017-01-09T10:05:00-06:00",
        "1/9/2017 4:05 PM", "01/09/2017 16:05:00", "Jan 9, 2017 at 4:05pm", "9 Jan 2017, 16:05",
        "Mon, 09 Jan 2017 10:05:00 -0600", "Mon Jan  9 16:05:00 2017",
        "Mon Jan 9 10:05:00 CST 2017",
        "20170109160500", "2017-01-09 10:05 CST", "4:05 PM, Jan 9, 2017", "9.1.2017 16:05",
        "1483977900", "1483977900000",
    ],
)  # fmt: skip
def test_moments(value: str) -> None:
    assert parsed(value) == [MOMENT]


@pytest.mark.parametrize(
    "value", ["", "soon", "2017-02-30", "13/13/2017", "0", "99999999999999999999", "12:30", "1/9",
              "2017-01-09T25:00:00Z", "Jan 9, 2017 at noon or so", "9" * 5000]
)  # fmt: skip
def test_what_is_no_date(value: str) -> None:
    assert parsed(value) == [None]


def test_order_of_day_and_month_is_that_of_the_column() -> None:
    second_of_march, third_of_february = (
        datetime(2017, 3, 2, tzinfo=UTC),
        datetime(2017, 2, 3, tzinfo=UTC),
    )
    assert parsed("02/03/2017")[0] == third_of_february
    assert parsed("02/03/2017", "25/12/2016")[0] == second_of_march
    assert parsed("02/03/2017", "12/25/2016")[0] == third_of_february
    assert parsed("02/03/2017", "25/12/2016", "12/25/2016", "26/12/2016")[0] == second_of_march
    assert parsed("02.03.2017", "12/25/2016")[0] == second_of_march


@given(
    st.datetimes(datetime(1971, 1, 1), datetime(2099, 12, 30)),
    st.sampled_from([None, -360, 0, 330]),
    st.sampled_from(["iso", "us", "name", "rfc"]),
)
def test_what_was_written_is_read(moment: datetime, zone: int | None, style: str) -> None:
    moment = moment.replace(microsecond=0)
    aware = moment.replace(tzinfo=UTC if zone is None else timezone(timedelta(minutes=zone)))
    if style == "iso":
        value = (moment if zone is None else aware).isoformat()
    else:
        form = {
            "us": "%m/%d/%Y %I:%M:%S %p",
            "name": "%d %B %Y %H:%M:%S",
            "rfc": "%a, %d %b %Y %H:%M:%S",
        }[style]
        value = aware.strftime(form + ("" if zone is None else " %z"))
    assert parse_one(value) == aware.astimezone(UTC)
    assert parsed(value, None, "2017-01-09", "1/9/2017") == [aware, None, DAY, DAY]
