"""What strangers send as JSON is read strictly, or refused with a reason."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harborlight.web.frame import strict_json

BAD = (
    b"\xff",
    b'"\\ud800"',
    b'{"a": "\\u0000"}',
    b'{"\\udfff": 1}',
    b"NaN",
    b"-Infinity",
    b"1e400",
    b"9" * 5000,
    b"[" * 100_000,
    b'{"a": 1, "a": 2}',
    b"",
)


@pytest.mark.parametrize("raw", BAD, ids=lambda raw: repr(raw[:16]))
def test_what_cannot_be_kept_is_refused(raw: bytes) -> None:
    with pytest.raises(strict_json.StrictJsonError):
        strict_json.loads(raw)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    try:
        value = strict_json.loads(raw)
    except strict_json.StrictJsonError:
        return
    json.dumps(value, ensure_ascii=False).encode()


def test_brackets_within_a_text_do_not_nest() -> None:
    assert strict_json.loads(json.dumps(["[" * 500]).encode()) == ["[" * 500]
