"""Many texts made readable at once: what is found in each is what is found in it alone."""

from __future__ import annotations

from bisect import bisect_right
from concurrent.futures import ThreadPoolExecutor
from itertools import accumulate

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from harborlight.places.gazetteer import gazetteer
from harborlight.recognize.signals.readable import readable
from harborlight.recognize.signals.readables import readables
from harborlight.recognize.signals.stage import _COLUMNS, ad_signals, batch_signals
from harborlight.recognize.signals.word_flags import LONGEST, WordTable, hashes
from harborlight.recognize.text.characters import PLAIN, Origins, plain
from harborlight.synthetic.planted import plant

PIECES = [
    "in Mankato, MN",
    "St. Paul",
    "the Bronx",
    "New Ulm",
    "near Mobile AL",
    "insta: ab_c1",
    "507 555 0142",
    "five five five",
    "９０４５５５０１２３",
    "noon",
    "$80/hr",
    "a@b.example",
    "Привет",
    "cаll",
    "Ｓt Ⅷ ① ﬁ",
    "x" * LONGEST,
    "7" * (LONGEST + 1),
    "x" * 200 + "5",
]
TEXTS = st.lists(
    st.lists(st.sampled_from(PIECES) | st.text(max_size=12), max_size=8).map(" ".join)
    | st.lists(st.sampled_from(PIECES), max_size=4).map("".join),
    max_size=6,
)


@settings(max_examples=300, deadline=None)
@given(TEXTS)
@example(["", "", "Mankato", ""])
@example(["new", "ulm", "in", "Mobile"])
@example(["x" * LONGEST, "x" * LONGEST + "5", "x" * LONGEST])
def test_each_is_read_as_if_it_were_alone(texts: list[str]) -> None:
    for text, read in zip(texts, readables(texts), strict=True):
        alone = readable(text)
        assert (read.original, read.text, read.lower) == (text, alone.text, alone.lower)
        assert read.notable == alone.notable
        towns = gazetteer().find_in(read.text, words=read.words)
        assert towns == gazetteer().find_in(alone.text)
        places = range(1, len(read.text) + 1)
        assert [read.span(at - 1, at) for at in places] == [alone.span(at - 1, at) for at in places]


def test_signals_of_many_ads_are_those_of_each() -> None:
    columns = [
        column.cast(pa.large_string()) if column is not None else pa.nulls(400, pa.large_string())
        for column in (plant(400, 7).ads[name].combine_chunks() for name in _COLUMNS)
    ]
    found = batch_signals(pa.record_batch(columns, list(_COLUMNS))).to_pylist()
    ads = zip(*(column.to_pylist() for column in columns), strict=True)
    for ad, signals in zip(ads, found, strict=True):
        alone = [(s.kind, s.value, s.field, s.start, s.end) for s in ad_signals(*ad)]
        assert [tuple(each.values()) for each in signals] == alone


@given(st.text("ab \n①½🅰️⃣é̈ﬁ\u200bжㅤ５Ⅷ㍿…", max_size=12))
def test_where_plain_characters_came_from(text: str) -> None:
    ends = list(accumulate(len(PLAIN[ord(char)]) for char in text))
    origin = Origins(text)
    for at in range(len(plain(text)) + 1):
        assert origin(at) == bisect_right(ends, at)


def hashed(words: list[str]) -> np.ndarray[tuple[int], np.dtype[np.uint64]]:
    data = np.frombuffer((" ".join(words) + " " * 8).encode(), np.uint8)
    begins = np.cumsum([0, *(len(word) + 1 for word in words[:-1])])
    return hashes(data, begins, begins + [len(word) for word in words])


@pytest.mark.parametrize("bits", [1, 4, 18])
def test_a_word_has_its_kind_however_many_share_its_place(bits: int) -> None:
    words = [f"{n}word{n * n}" for n in range(300)] * 2
    table = WordTable(bits)
    for _ in range(3):
        told = table.kinds(hashed(words), lambda i: len(words[i]))
        assert told.tolist() == [len(word) for word in words]


def test_a_word_has_its_kind_in_every_thread() -> None:
    table = WordTable(8)
    words = [[f"{n}w{n * n * thread}" for n in range(2_000)] for thread in range(4)]
    kinds = [[len(word) for word in mine] for mine in words]

    def ask(thread: int) -> bool:
        mine = words[thread]
        told = [table.kinds(hashed(mine), lambda i: len(mine[i])).tolist() for _ in range(40)]
        return all(each == kinds[thread] for each in told)

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(ask, range(4)))


def test_one_hash_for_one_word() -> None:
    words = [*(f"w{n}" for n in range(5000)), *("y" * n for n in range(1, LONGEST + 1))]
    assert len({*hashed(words).tolist()}) == len(words)
    assert hashed(["ab", "mankato", "ab"]).tolist()[0] == hashed(["ab"]).tolist()[0]
