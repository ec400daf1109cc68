"""Words as hashes: the same words as splitting a text gives, one hash for one word."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harborlight.recognize.text import words
from harborlight.recognize.text.words import NUMBER_WORDS, Texts

LETTERS = st.text("abcé字 0987\u2003", max_size=90)


def plain(text: str) -> list[str]:
    """The words that count, worked out one by one."""
    return [
        word
        for word in text.split(" ")
        if word and word not in NUMBER_WORDS and not any(c in "0123456789" for c in word)
    ]


def hashed(texts: list[str]) -> list[list[int]]:
    """The hashes of each text."""
    found = Texts.of(pa.array(texts, pa.string()))
    out: list[list[int]] = []
    for block in found.blocks():
        counts, hashes = found.words(block)
        ends = np.cumsum(counts)
        out += [hashes[end - n : end].tolist() for n, end in zip(counts, ends, strict=True)]
    return out


def agree(texts: list[str]) -> None:
    found = hashed(texts)
    expected = [plain(text) for text in texts]
    assert [len(row) for row in found] == [len(row) for row in expected]
    of_word: dict[str, int] = {}
    for row, hashes in zip(expected, found, strict=True):
        for word, value in zip(row, hashes, strict=True):
            assert of_word.setdefault(word, value) == value
    assert len(set(of_word.values())) == len(of_word)


@settings(deadline=None)
@given(st.lists(st.one_of(LETTERS, st.text(max_size=40)), max_size=12))
def test_any_texts(texts: list[str]) -> None:
    agree(texts)


@settings(deadline=None)
@given(st.lists(LETTERS, min_size=1, max_size=12), st.integers(1, 50))
def test_blocks_make_no_difference(texts: list[str], size: int) -> None:
    whole = hashed(texts)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(words, "BLOCK_BYTES", size)
        assert hashed(texts) == whole


def test_lengths_around_eight_bytes_and_around_what_is_long() -> None:
    agree([" ".join("a" * n for n in range(1, 140))])
    agree([" ".join("a" * n + "b" for n in range(1, 140)) + "  ", " lead", "", "trail ", "5" * 70])
    agree(["x" * 64 + "  y", "x" * 63 + "7", "x" * 64 + "7", "x" * 3_000_000 + "y z"])


def test_number_words_do_not_count() -> None:
    assert hashed([" ".join(sorted(NUMBER_WORDS)) + " call"]) == hashed(["call"])


def test_a_slice_of_a_column_is_read_from_where_it_begins() -> None:
    column = pa.chunked_array([pa.array(["one a", None, "b c", "d"])]).slice(1, 2)
    found = Texts.of(column)
    counts, hashes = found.words(slice(0, 2))
    assert counts.tolist() == [0, 2]
    assert hashes.tolist() == hashed(["b c"])[0]
