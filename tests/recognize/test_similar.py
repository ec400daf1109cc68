"""Shared wording: what is linked, what is refused and why, whatever the order of rows."""

from __future__ import annotations

from random import Random

import daft
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from harborlight.recognize.schema import SIMILAR
from harborlight.recognize.similar.cohesion import NOT_THE_GROUP, ONE_PASSAGE, TOO_LITTLE
from harborlight.recognize.similar.grams import Search, candidates
from harborlight.recognize.similar.stage import Wording, similar
from harborlight.recognize.text.words import Texts

WORDS = [f"{a}{b}{c}" for a in "bdfgklmnprst" for b in "aeiou" for c in "blmnrst"]


def text(draw: Random, words: int) -> list[str]:
    return [draw.choice(WORDS) for _ in range(words)]


def changed(words: list[str], share: float, draw: Random) -> list[str]:
    return [draw.choice(WORDS) if draw.random() < share else word for word in words]


def link(
    texts: list[str], order: list[int] | None = None, wording: Wording | None = None
) -> pa.Table:
    order = order or list(range(len(texts)))
    table = pa.table(
        {
            "ad": pa.array(order, pa.int64()),
            "folded": pa.array([texts[i] for i in order], pa.string()),
        }
    )
    return similar(daft.from_arrow(table), wording).to_arrow()


def groups(texts: list[str], wording: Wording | None = None) -> list[int]:
    """The group of every text by its kept pairs."""
    kept = link(texts, wording=wording).filter(pa.compute.field("refused").is_null())
    pairs = (kept["a"].to_numpy(), kept["b"].to_numpy())
    graph = coo_matrix((np.ones(len(kept)), pairs), shape=(len(texts), len(texts)))
    return [int(g) for g in connected_components(graph, directed=False)[1]]


def strangers(draw: Random, count: int) -> list[str]:
    """Ads that have nothing in common but what everybody says."""
    said = [" ".join(text(draw, 9)) for _ in range(6)]
    return [
        " ".join([*text(draw, 20), *draw.sample(said, 2), *text(draw, 15)]) for _ in range(count)
    ]


def test_a_fifth_of_the_words_changed_is_still_the_same_template() -> None:
    draw = Random(1)
    template = text(draw, 50)
    ads = [" ".join(changed(template, 0.18, draw)) for _ in range(12)]
    found = groups(ads + strangers(draw, 300))
    assert len(set(found[:12])) == 1
    assert len(set(found[12:])) == 300, "strangers that say what everybody says stay alone"


def test_moved_blocks_are_still_the_same_template() -> None:
    draw = Random(2)
    blocks = [text(draw, 12) for _ in range(5)]
    ads = []
    for _ in range(8):
        draw.shuffle(blocks)
        ads.append(" ".join(" ".join(changed(block, 0.1, draw)) for block in blocks))
    found = groups(ads + strangers(draw, 100))
    assert len(set(found[:8])) == 1


def test_one_passage_that_both_quote_is_refused_and_says_so() -> None:
    draw = Random(3)
    passage = text(draw, 24)
    ads = [" ".join([*text(draw, 30), *passage, *text(draw, 30)]) for _ in range(2)]
    table = link(ads + strangers(draw, 50))
    pair = table.filter((pa.compute.field("a") == 0) & (pa.compute.field("b") == 1))
    assert pair["refused"].to_pylist() == [ONE_PASSAGE]


def test_every_refused_pair_has_a_reason_and_no_kept_pair_has() -> None:
    draw = Random(4)
    template = text(draw, 40)
    ads = [" ".join(changed(template, 0.25, draw)) for _ in range(30)] + strangers(draw, 200)
    table = link(ads)
    found = groups(ads)
    for a, b, refused in zip(
        table["a"].to_pylist(), table["b"].to_pylist(), table["refused"].to_pylist(), strict=True
    ):
        assert (refused is None) == (found[a] == found[b])
        assert refused in (None, ONE_PASSAGE, NOT_THE_GROUP, TOO_LITTLE)


def test_no_chain_of_halves_becomes_one_group() -> None:
    draw = Random(5)
    blocks = [text(draw, 20) for _ in range(61)]
    ads = [" ".join(blocks[i] + blocks[i + 1]) for i in range(60)]
    found = groups(ads)
    assert max(found.count(group) for group in found) <= 2


def test_two_templates_with_one_ad_between_them_stay_two() -> None:
    draw = Random(6)
    one, two = text(draw, 40), text(draw, 40)
    ads = [" ".join(changed(one, 0.1, draw)) for _ in range(10)]
    ads += [" ".join(changed(two, 0.1, draw)) for _ in range(10)]
    ads.append(" ".join(one[:20] + two[20:]))
    found = groups(ads + strangers(draw, 50))
    assert len(set(found[:10])) == len(set(found[10:20])) == 1
    assert found[0] != found[10]


def test_a_template_of_most_of_all_ads_is_not_taken_for_what_everybody_says() -> None:
    draw = Random(7)
    template = text(draw, 45)
    ads = [" ".join(changed(template, 0.15, draw)) for _ in range(900)] + strangers(draw, 300)
    found = groups(ads, Wording(search=Search(budget=5)))
    assert max(found[:900].count(group) for group in set(found[:900])) >= 890


def test_repeated_word_for_word_but_only_from_five_words_on() -> None:
    long, short = "lawn care and leaf raking", "call me now"
    table = link([long, long, short, short, long])
    assert list(zip(table["a"].to_pylist(), table["b"].to_pylist(), strict=True)) == [
        (0, 1),
        (0, 4),
    ]
    assert set(table["similarity"].to_pylist()) == {1.0}


def test_numbers_are_not_wording() -> None:
    texts = Texts.of(pa.array(["call 507 555 0142 five zero seven after 10am or m4il"]))
    counts, hashes = texts.words(slice(0, 1))
    assert counts.tolist() == [len(hashes)] == [len(["call", "after", "or"])]


@pytest.mark.parametrize("texts", [[], [""], ["", ""], ["one"], ["one", "one"], ["a b", "a b"]])
def test_next_to_nothing_gives_nothing(texts: list[str]) -> None:
    table = link(texts)
    assert len(table) == 0
    assert table.column_names == SIMILAR.names


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**32), ads=st.integers(2, 60))
def test_the_order_of_rows_does_not_matter(seed: int, ads: int) -> None:
    draw = Random(seed)
    template = text(draw, 30)
    texts = [" ".join(changed(template, draw.random() * 0.6, draw)) for _ in range(ads)]
    texts += draw.sample(texts, min(3, ads))
    order = list(range(len(texts)))
    draw.shuffle(order)
    assert link(texts).equals(link(texts, order))


def test_chunks_and_buckets_do_not_depend_on_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    draw = Random(9)
    template = text(draw, 30)
    texts = [" ".join(changed(template, 0.2, draw)) for _ in range(200)] + strangers(draw, 400)
    small = Wording(search=Search(chunk=64))
    once = link(texts, wording=small)
    monkeypatch.setattr("harborlight.recognize.runtime.threads.cores", lambda: 1)
    assert once.equals(link(texts, wording=small))
    monkeypatch.setattr("harborlight.recognize.runtime.threads.cores", lambda: 4)
    monkeypatch.setattr("harborlight.recognize.runtime.threads.PART", 50)
    assert once.equals(link(texts, wording=small))


@pytest.mark.parametrize(("words", "looked_at"), [(20, 1), (60, 0)])
def test_two_grams_are_enough_to_look_at_a_pair_only_where_both_are_short(
    words: int, looked_at: int
) -> None:
    draw = Random(11)
    said = ["bab", "beb", "bib"]
    ads = [" ".join([*said, *draw.sample(WORDS[50:], words)]) for _ in range(2)]
    folded = daft.from_arrow(pa.table({"ad": [0, 1], "folded": ads}))
    _, a, b = candidates(folded, np.arange(2), Search())
    assert len(a) == len(b) == looked_at
