"""The fold stage: what a reader sees is what is kept, whatever was done to hide it."""

from __future__ import annotations

import random
import unicodedata

import daft
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from harborlight.recognize.text.characters import look_alikes, plain_char
from harborlight.recognize.text.lexicon import LEXICON
from harborlight.recognize.text.stage import fold, fold_text, fold_with_map

ANY_TEXT = st.text(
    st.characters(codec=None) | st.sampled_from("aAbLo013457@$!|.,*-_' '\u200b\u0301é😀\ud800\0"),
    max_size=60,
)
INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad\ufe0f"
WORDS = sorted(w for w in LEXICON if len(w) > 2)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Hello, World! Don't", "hello world dont"),
        ("m4ss4ge @vailable $tudio h0me", "massage available studio home"),
        ("4vailable spac3 hell0 y0u th3 4nd r00m", "available space hello you the and room"),
        ("cla$$ l!ve", "class live"),
        ("a.v.a.i.l.a.b.l.e", "available"),
        ("c a l l me", "call me"),
        ("c-a-l-l c*a*l*l c_a_l_l c - a - l - l", "call call call call"),
        ("10 p.m. U.S.", "10 pm us"),
        ("c⭐a⭐l⭐l", "call"),
        ("😀new😀here😀", "new here"),
        ("sooooo freeee hiiii", "so free hi"),
        ("ccaallll nnooww", "call now"),
        ("𝐀𝐯𝐚𝐢𝐥𝐚𝐛𝐥𝐞 Ａｖａｉｌａｂｌｅ 🅲🅰🅻🅻 ᴄᴀʟʟ ⓒⓐⓛⓛ", "available available call call call"),
        ("Café Łódź straße", "cafe lodz strasse"),
        ("z̷̢̛a̸̡̕l̵͜g̶͝ò̷", "zalgo"),
        ("ma\u200bss\u00adage", "massage"),
        ("аvаilаblе СALL", "available call"),
        ("bob@gmail.com", "bob gmail com"),
        ("5️⃣0️⃣7️⃣", "507"),
        ("", ""),
        ("😀 ✨", ""),
        ("line\none\r\ntwo\ttab\0nul", "line one two tab nul"),
    ],
)
def test_words_as_read(written: str, read: str) -> None:
    assert fold_text(written) == read


KEPT = (
    "3br 2bed 4pm b4 1st 2nd 3rd 4th 10am $120 mp3 ps4 iphone5 apt4 3br1ba 2bed1bath 24hrs 100k "
    "£650 1200sqft 2x4 5min 30min 4door 7days 5star room5"
)


@pytest.mark.parametrize("kept", KEPT.split())
def test_numbers_are_not_letters(kept: str) -> None:
    assert fold_text(kept) == kept
    assert fold_text(f"A nice {kept} here") == f"a nice {kept} here"


def test_a_rate_keeps_its_number() -> None:
    assert fold_text("90/hr $1,200 5'6") == "90 hr $1200 5 6"


@pytest.mark.parametrize(
    "text",
    ["сдается квартира в центре", "привет мир нос кот оса", "καλημέρα κόσμε", "日本語のテキスト"],
)
def test_text_of_another_script_stays(text: str) -> None:
    bare = "".join(c for c in unicodedata.normalize("NFD", text) if c != "\u0301")
    assert fold_text(text) == unicodedata.normalize("NFC", bare)


@given(ANY_TEXT)
@example("a a a  b b b  c c c")
@example("4vaiiiiilable c.a.ll")
@settings(max_examples=600, deadline=None)
def test_fold_is_a_fixed_point_of_clean_words(text: str) -> None:
    folded = fold_text(text)
    assert fold_text(folded) == folded
    assert folded == " ".join(folded.split())
    assert folded == folded.lower()
    again, offsets = fold_with_map(text)
    assert again == folded
    assert len(offsets) == len(folded)
    assert offsets == sorted(offsets)
    assert all(0 <= at < len(text) for at in offsets)


@given(ANY_TEXT, st.lists(st.tuples(st.integers(0, 60), st.sampled_from(INVISIBLE)), max_size=8))
@settings(max_examples=400, deadline=None)
def test_invisible_characters_change_nothing(text: str, put: list[tuple[int, str]]) -> None:
    hidden = text
    for at, char in put:
        hidden = hidden[:at] + char + hidden[at:]
    assert fold_text(hidden) == fold_text(text)


BY_LETTER: dict[str, list[str]] = {}
for _char, _letter in sorted(look_alikes().items()):
    if _char.isalpha() and _letter.isalpha() and _letter not in "il" and plain_char(_char) == _char:
        BY_LETTER.setdefault(_letter, []).append(_char)


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=8), st.randoms(use_true_random=False))
@settings(max_examples=300, deadline=None)
def test_look_alikes_restore_the_words(words: list[str], rng: random.Random) -> None:
    text = " ".join(words)
    written = "".join(
        rng.choice(BY_LETTER[c]) if c in BY_LETTER and rng.random() < 0.5 else c for c in text
    )
    if not any(c.isascii() and c.isalpha() for c in written):
        return
    assert fold_text(written) == fold_text(text)


def test_leet_is_read_back_in_most_words() -> None:
    rng = random.Random(7)
    signs = {"a": "4@", "e": "3", "i": "1!", "o": "0", "s": "5$", "t": "7", "l": "1|"}
    right = 0
    tries = 3000
    for _ in range(tries):
        word = rng.choice([w for w in WORDS if len(w) > 3])
        at = rng.choice([i for i, c in enumerate(word) if c in signs] or [0])
        hidden = word[:at] + rng.choice(signs.get(word[at], word[at])) + word[at + 1 :]
        right += fold_text(f"we have {hidden} here") == f"we have {word} here"
    assert right / tries >= 0.9


def test_the_map_points_at_the_letters() -> None:
    text = "✨ Ｍ4ss\u200b4ge  c.a.l.l"
    folded, offsets = fold_with_map(text)
    assert folded == "massage call"
    assert [text[at] for at in offsets] == list("Ｍ4ss4geccall")


def test_stage_folds_title_before_text_and_keeps_the_order() -> None:
    ads = daft.from_pydict(
        {"ad": [0, 1, 2], "title": ["N3W here", None, ""], "text": ["C.A.L.L", "Hi 😀", "!!"]}
    )
    assert fold(ads).to_pydict() == {"ad": [0, 1, 2], "folded": ["new here call", "hi", ""]}
