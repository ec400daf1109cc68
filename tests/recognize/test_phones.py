"""Telephone numbers through every disguise, and figures that are none."""

from __future__ import annotations

import random
import subprocess
import sys

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from phone_corpus import AREAS, AROUND, NOT_A_PHONE, STYLES, any_number, negatives

from harborlight.recognize.signals.phones import find_phones, north_american


def values(text: str) -> list[str]:
    return [p.value for p in find_phones(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("507-555-0142 / 612-555-0199", ["+15075550142", "+16125550199"]),
        ("218 555 0101 218 555 0102", ["+12185550101", "+12185550102"]),
        ("507-555-0142 or at night 612.555.0199", ["+15075550142", "+16125550199"]),
        ("+44 20 7946 0958 or 0044 20 7946 0958", ["+442079460958", "+442079460958"]),
        ("+52 55 1234 5678", ["+525512345678"]),
        ("7:30 to 9, 120 roses 507-555-0142", ["+15075550142"]),
        ("five zero seven\n555\n0142", ["+15075550142"]),
        ("5 O 7 five55 zero1 four 2", ["+15075550142"]),
        ("fifty seven", []),
        ("call 555-0142", []),  # no area code
        ("107-555-0142 and 511-555-0142 and 507-155-0142", []),  # not North American
        ("", []),
        ("\ud800\0", []),
    ],
)
def test_texts(text: str, found: list[str]) -> None:
    assert values(text) == found


def test_the_span_is_the_smallest_that_holds_the_number() -> None:
    text = "✨ (５０７) 555-01\u200b42!"
    (phone,) = find_phones(text)
    assert text[phone.start : phone.end] == "５０７) 555-01\u200b42"
    (phone,) = find_phones("call +1 (507) 555-0142 x12")
    assert (phone.start, phone.end) == (5, 22)


def test_f1_by_disguise() -> None:
    rng = random.Random(20161001)
    hits = misses = false = 0
    for name, write in STYLES.items():
        right = wrong = missed = 0
        for _ in range(60):
            digits = any_number(rng)
            text = rng.choice(AROUND).format(write(rng, digits))
            found = find_phones(text)
            right += "+1" + digits in [p.value for p in found]
            missed += "+1" + digits not in [p.value for p in found]
            wrong += sum(p.value != "+1" + digits for p in found)
            for phone in found:
                assert values(text[phone.start : phone.end]) == [phone.value], text
        f1 = 2 * right / (2 * right + wrong + missed)
        print(f"{name:22} {f1:.3f}")
        assert f1 >= 0.95, name
        hits, misses, false = hits + right, misses + missed, false + wrong
    f1 = 2 * hits / (2 * hits + misses + false)
    print(f"{'all':22} {f1:.4f}")
    assert f1 >= 0.98


def test_other_figures_are_no_phones() -> None:
    rng = random.Random(20170109)
    ads = wrong = 0
    for _ in range(60):
        figures = negatives(rng)
        for _ in range(20):
            ad = rng.choice(NOT_A_PHONE)
            ad = ad.format(*(rng.choice(figures) for _ in range(ad.count("{}"))))
            ads += 1
            wrong += bool(find_phones(ad))
    print(f"{wrong} of {ads} ads of other figures give a phone")
    assert wrong / ads <= 0.01


def test_two_numbers_in_one_ad() -> None:
    rng = random.Random(5)
    styles = [STYLES[s] for s in ("dash", "plain", "words_all", "keycap", "split_words", "letters")]
    right = 0
    for _ in range(200):
        a, b = any_number(rng), any_number(rng)
        text = f"{rng.choice(styles)(rng, a)} for Ana, {rng.choice(styles)(rng, b)} for Robin"
        right += values(text) == ["+1" + a, "+1" + b]
    assert right >= 196


@given(st.text(alphabet="0123456789", min_size=10, max_size=10))
@settings(max_examples=500, deadline=None)
def test_validity_is_that_of_phonenumbers(digits: str) -> None:
    number = phonenumbers.PhoneNumber(1, int(digits))
    formed = digits[0] not in "01" and digits[3] not in "01" and digits[1:3] != "11"
    valid = formed and phonenumbers.is_valid_number(number)
    fiction = digits[3:8] == "55501" and formed
    if not (fiction and digits[:3] != "555"):
        assert (north_american(digits) is not None) == valid


@pytest.mark.parametrize("area", AREAS)
def test_fiction_is_accepted(area: str) -> None:
    assert values(f"{area}-555-0100") == [f"+1{area}5550100"]


@given(
    st.lists(
        st.characters(codec=None)
        | st.sampled_from("0123456789oOlIS+-. ()*$#:/,\n⭐\ufe0f\u20e3\ud800\0")
        | st.sampled_from(["five", " oh ", "double ", "cero", " call me ", "twenty ", "hundred"]),
        max_size=60,
    ).map("".join)
)
@settings(max_examples=600, deadline=None)
def test_any_text_is_read_and_spans_are_right(text: str) -> None:
    last = 0
    for phone in find_phones(text):
        assert last <= phone.start < phone.end <= len(text)
        assert phonenumbers.is_possible_number(phonenumbers.parse(phone.value))
        last = phone.end


@pytest.mark.parametrize(
    "unit", ["5", "5 ", "five ", "5️⃣", "555-", "a1 ", "o", "😀", "double ", "1.1"]
)
def test_long_texts_are_read_in_linear_time(unit: str) -> None:
    """A quadratic step would take hours: a third of a million characters here, more in a proof."""
    long_text(unit, 300_000)


@pytest.mark.proof
@pytest.mark.parametrize(
    "unit", ["5", "5 ", "five ", "5️⃣", "555-", "double ", "1.1", "507 call 555 "]
)
def test_three_million_characters_in_one_cell(unit: str) -> None:
    long_text(unit, 3_000_000)


def long_text(unit: str, size: int) -> None:
    code = (
        "from harborlight.recognize.signals.phones import find_phones;"
        f"find_phones({unit!r} * {size // len(unit)})"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=300)
