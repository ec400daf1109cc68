"""Patterns: constant words, slots and their kinds, moved blocks, and what a pattern explains."""

from __future__ import annotations

import daft
import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from harborlight.recognize.schema import ADS, MEMBERS, TEMPLATES
from harborlight.recognize.similar.stage import similar
from harborlight.recognize.templates.coverage import explained
from harborlight.recognize.templates.pattern import align, pattern, split
from harborlight.recognize.templates.stage import template
from harborlight.recognize.text.stage import fold

TOWNS = {"mankato", "new ulm", "rochester", "winona"}


def of(*texts: str) -> tuple[str, list[tuple[str, list[str]]]]:
    found = pattern([split(t) for t in texts], TOWNS.__contains__, lambda _, value: value == "anna")
    return found.text(), [(slot.kind, slot.examples) for slot in found.slots]


def test_what_differs_is_a_slot_and_its_kind_is_told() -> None:
    text, slots = of(
        "lawn care in mankato call 507 555 0142 from $40 at 9am all summer long",
        "lawn care in new ulm call 507 555 0177 from $45 at 10am all summer long",
        "lawn care in winona call 507 555 0199 from $60 at 8:30 am all summer long",
    )
    assert text == "lawn care in {1} call {2} from {3} at {4} all summer long"
    assert [kind for kind, _ in slots] == ["place", "phone", "price", "time"]
    assert slots[0][1] == ["mankato", "new ulm", "winona"]


def test_a_word_most_ads_keep_is_constant_even_if_the_typical_ad_lost_it() -> None:
    texts = [
        "we rake leaves and carry them away every week of the fall",
        "we rake leaves and haul them away every week of the fall",
        "we rake leaves and haul them away every week of the fall",
        "we rake twigs and haul them away every week of the fall",
    ]
    assert of(*texts)[0] == "we rake leaves and haul them away every week of the fall"


def test_examples_are_the_commonest_first_and_at_most_five() -> None:
    towns = ["winona"] * 3 + ["mankato"] * 2 + ["a", "b", "c", "d", "e"]
    _, slots = of(*(f"rides from {town} to the fair on sunday" for town in towns))
    assert slots[0][1] == ["winona", "mankato", "a", "b", "c"]


def test_moved_blocks_count_as_kept() -> None:
    left = ["one", "two", "three", "four", "five", "six", "seven", "eight"]
    right = ["five", "six", "seven", "eight", "one", "two", "three", "four"]
    straight, moved = align(left, right)
    assert sum(at >= 0 for at in straight) == 4
    assert all(right[at] == word for word, at in zip(left, moved, strict=True))


@given(st.lists(st.text("abc ", max_size=30), min_size=1, max_size=6))
def test_any_texts_have_a_pattern_of_words_they_hold(texts: list[str]) -> None:
    words = [split(text) for text in texts]
    found = pattern(words, lambda _: False, lambda _, __: False)
    said = {word for text in words for word in text}
    assert set(found.constants) <= said
    assert [part for part in found.parts if isinstance(part, int)] == list(range(len(found.slots)))
    assert all(0 < len(slot.examples) <= 5 for slot in found.slots)


@given(
    st.lists(st.lists(st.sampled_from(["a", "507", "é", "word" * 9, "long" * 30])), max_size=5),
    st.lists(st.tuples(st.integers(0, 4), st.lists(st.sampled_from(
        ["a", "b", "507", "0142", "é", "word" * 9, "long" * 30]))), max_size=30),
)  # fmt: skip
def test_the_explained_share_counts_each_word_as_often_as_the_template_has_it(
    constants: list[list[str]], texts: list[tuple[int, list[str]]]
) -> None:
    texts = [(group, words) for group, words in texts if group < len(constants)]
    shares = explained(
        pa.chunked_array([pa.array([" ".join(words) for _, words in texts], pa.string())]),
        np.array([group for group, _ in texts], np.int64),
        pa.chunked_array([pa.array([" ".join(words) for words in constants], pa.string())]),
    )
    for (group, words), share in zip(texts, shares.tolist(), strict=True):
        held = sum(min(words.count(word), constants[group].count(word)) for word in set(words))
        assert share == np.float32(held / len(words) if words else 0.0)


def test_the_explained_share_is_the_same_however_many_groups_there_are() -> None:
    """More words than one block has, and groups without texts or constant words."""
    rng = np.random.default_rng(3)
    words = np.array([f"w{i}" for i in range(300)])
    constants = [" ".join(rng.choice(words, rng.integers(0, 60))) for _ in range(3_000)]
    group = rng.choice(np.arange(0, 3_000, 2), 5_000)
    texts = [" ".join(rng.choice(words, rng.integers(0, 90))) for _ in range(5_000)]
    shares = explained(pa.chunked_array([texts]), group, pa.chunked_array([constants]))
    for at in range(0, 5_000, 7):
        said, known = texts[at].split(), constants[group[at]].split()
        held = sum(min(said.count(word), known.count(word)) for word in set(said))
        assert shares[at] == np.float32(held / len(said) if said else 0.0)


def test_the_stage_numbers_templates_by_their_first_ad() -> None:
    texts = [
        "quiet room near the lake call 507 555 0101 rent is low and heat is paid by the house",
        "a man with a truck who moves pianos and safes up stairs and asks for little, Anna",
        "quiet room near the lake call 507 555 0102 rent is low and heat is paid by the house",
        "a man with a truck who moves pianos and safes up stairs and asks for little, Bea",
        "nothing like the others at all",
    ]
    columns = {
        "ad": pa.array(range(5), pa.int64()),
        "ad_id": pa.array("abcde"),
        "text": pa.array(texts),
    }
    table = pa.table(
        {f.name: columns.get(f.name, pa.nulls(5, f.type)) for f in ADS},
    )
    ads = daft.from_arrow(table)
    folded = fold(ads)
    found = template(ads, folded, similar(folded))
    templates, members = found.templates.to_pydict(), found.members.to_pydict()
    assert list(templates) == TEMPLATES.names
    assert list(members) == MEMBERS.names
    assert templates["template_id"] == ["T000001", "T000002"]
    assert dict(zip(members["ad"], members["template"], strict=True)) == {0: 0, 1: 1, 2: 0, 3: 1}
    assert templates["ads"] == [2, 2]
    assert [slot["kind"] for slot in templates["slots"][0]] == ["phone"]
    assert [slot["kind"] for slot in templates["slots"][1]] == ["name"]
