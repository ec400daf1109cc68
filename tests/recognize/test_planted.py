"""Planted corpora: what they promise is what the bench and the demo rely on."""

import difflib
import hashlib
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harborlight.recognize.ingest.stage import read
from harborlight.synthetic.phones import PLAIN, STYLES, write_phone
from harborlight.synthetic.planted import ADS_TABLE, TRUTH, Options, Planted, plant
from harborlight.synthetic.posters import HOTLINE, PLACEHOLDERS
from harborlight.synthetic.text import add_noise, disguise, words_file

# Nothing sexual, no bodies, no looks: an ad of a planted corpus offers things and work.
STOP_WORDS = frozenset(
    [
        "adult",
        "asian",
        "bbw",
        "beautiful",
        "blonde",
        "body",
        "boy",
        "boys",
        "breast",
        "busty",
        "companion",
        "cute",
        "ebony",
        "escort",
        "erotic",
        "exotic",
        "female",
        "fetish",
        "girl",
        "girls",
        "hot",
        "incall",
        "latina",
        "lingerie",
        "male",
        "massage",
        "naked",
        "nude",
        "outcall",
        "petite",
        "sensual",
        "sex",
        "sexual",
        "sexy",
        "strip",
        "stripper",
        "teen",
        "teens",
        "virgin",
        "woman",
        "women",
        "young",
        "chica",
        "chicas",
        "cuerpo",
        "desnuda",
        "masaje",
        "masajes",
        "mujer",
        "mujeres",
        "sexo",
    ]
)


@pytest.fixture(scope="module")
def corpus() -> Planted:
    return plant(6000, 11)


def rows(corpus: Planted) -> list[tuple[dict[str, object], dict[str, object]]]:
    return list(zip(corpus.ads.to_pylist(), corpus.truth.to_pylist(), strict=True))


def digest(corpus: Planted) -> str:
    rows = (corpus.ads.to_pylist(), corpus.truth.to_pylist())
    return hashlib.sha256(repr(rows).encode()).hexdigest()


def test_same_seed_same_corpus_and_another_seed_another() -> None:
    assert digest(plant(500, 3)) == digest(plant(500, 3))
    assert digest(plant(500, 3)) != digest(plant(500, 4))


def test_every_python_plants_the_same() -> None:
    """Change this with the words or the way ads are drawn; a Python must not change it."""
    texts = "\n".join(plant(500, 3).ads["text"].to_pylist())
    assert hashlib.sha256(texts.encode()).hexdigest()[:16] == "c7e3742ff8c3e228"


def test_tables_have_their_schema_and_ids_in_order(corpus: Planted) -> None:
    assert corpus.ads.schema == ADS_TABLE
    assert corpus.truth.schema == TRUTH
    ids = corpus.ads["ad_id"].to_pylist()
    assert ids == corpus.truth["ad_id"].to_pylist() == sorted(set(ids))


@pytest.mark.parametrize("ads", [0, 1, 2, 3, 10, 59, 400])
def test_any_number_of_ads(ads: int) -> None:
    made = plant(ads, 1)
    assert made.ads.num_rows == made.truth.num_rows == ads


def test_a_negative_number_of_ads_is_refused() -> None:
    with pytest.raises(ValueError, match="-1"):
        plant(-1, 1)


def test_groups_are_of_one_tier_and_one_organization(corpus: Planted) -> None:
    groups = defaultdict(list)
    for row in corpus.truth.to_pylist():
        assert (row["template"] is None) == (row["organization"] is None)
        assert (row["template"] is None) == (row["tier"] == "single")
        assert len(row["phones"]) == len(row["phone_styles"])
        if row["template"] is not None:
            groups[row["template"]].append((row["organization"], row["tier"]))
    assert all(len(members) >= 2 and len(set(members)) == 1 for members in groups.values())
    sizes = sorted(map(len, groups.values()))
    assert sizes[len(sizes) // 2] <= 4  # most are small,
    assert sizes[-1] >= 50  # a few are large


def test_shares_are_as_asked(corpus: Planted) -> None:
    tiers = Counter(corpus.truth["tier"].to_pylist())
    assert tiers["single"] == pytest.approx(0.35 * 6000, abs=20)
    for tier in ("medium", "hard"):
        assert tiers[tier] == pytest.approx(0.33 * 0.63 * 6000, abs=120)


def constant_words_missing(corpus: Planted, tier: str) -> float:
    """Mean share of a template's words that one of its ads lacks."""
    groups = defaultdict(list)
    for ad, truth in rows(corpus):
        if truth["tier"] == tier:
            groups[truth["template"]].append(set(str(ad["text"]).lower().split()))
    missing = total = 0
    for ads in groups.values():
        if len(ads) >= 12:
            counts = Counter(word for words in ads for word in words)
            constant = {word for word, count in counts.items() if count >= 0.6 * len(ads)}
            missing += sum(len(constant - words) for words in ads)
            total += len(constant) * len(ads)
    return missing / total


def test_noise_of_the_tiers() -> None:
    made = plant(6000, 12, Options(disguised=0, decoys=0))
    # Of the words that noise touches, 7 in 10 are gone: 4 replaced, 2 dropped, half of 2 swapped.
    assert constant_words_missing(made, "easy") < 0.01
    assert 0.04 < constant_words_missing(made, "medium") < 0.09
    assert 0.09 < constant_words_missing(made, "hard") < 0.19


def test_easy_ads_differ_only_in_their_slots(corpus: Planted) -> None:
    groups = defaultdict(list)
    for ad, truth in rows(corpus):
        if truth["tier"] == "easy":
            groups[truth["template"]].append(str(ad["text"]).replace("\n", " ").split())
    differing = [
        sum(tag != "equal" for tag, *_ in difflib.SequenceMatcher(None, a, b).get_opcodes())
        for ads in groups.values()
        for a, b in pairwise(ads)
    ]
    # Up to 6 slots, up to 4 identifiers, and a decoy in either ad.
    assert max(differing) <= 12
    assert sum(differing) / len(differing) > 0.8


@settings(deadline=None)
@given(st.lists(st.sampled_from(["oak", "desk", "pine"]), min_size=400, max_size=900), st.data())
def test_noise_changes_the_share_of_words_asked(words: list[str], data: st.DataObject) -> None:
    rate = data.draw(st.sampled_from([0.0, 0.08, 0.18]))
    draw = Random(data.draw(st.integers(0, 10**6))).random
    noisy = add_noise(words, rate, ["zebra"], draw)
    changed = noisy.count("zebra") + max(0, len(words) - sum(w != "zebra" for w in noisy))
    if rate == 0:
        assert noisy == words
    else:
        assert 0.25 * rate < changed / len(words) < 2.2 * rate


SPOKEN = (
    "zero one two three four five six seven eight nine".split(),  # noqa: SIM905
    "cero uno dos tres cuatro cinco seis siete ocho nueve".split(),  # noqa: SIM905
)


def read_digits(written: str) -> str:
    """Read the digits of a phone as a person does; written apart from the program's reader."""
    text = unicodedata.normalize("NFKC", written)
    value = {word: str(digit) for words in SPOKEN for digit, word in enumerate(words)}
    text = re.sub("|".join(value), lambda found: value[found[0]], text)
    if re.fullmatch(r"[\dOol-]+", text):
        text = re.sub("[Oo]", "0", text).replace("l", "1")
    return re.sub(r"\D", "", text)


@settings(deadline=None)
@given(st.integers(200, 999), st.integers(0, 99), st.sampled_from(STYLES), st.integers(0, 10**6))
def test_every_style_still_says_the_number(area: int, line: int, style: str, seed: int) -> None:
    number = f"+1{area}55501{line:02d}"
    written = write_phone(number, style, Random(seed).random)
    assert read_digits(written)[-10:] == number[2:]
    assert written != number[2:] or style == "plain"


def test_an_unknown_style_is_refused() -> None:
    with pytest.raises(ValueError, match="smoke"):
        write_phone("+15075550142", "smoke", Random(1).random)


def test_phones_are_fictional_and_stand_in_the_text(corpus: Planted) -> None:
    plain = re.compile(r"\+?1?[ -]?\(?\d{3}\)?[-. ]?\d{3}[-. ]?\d{4}(?!\d)", re.ASCII)
    styles: Counter[str] = Counter()
    for ad, truth in rows(corpus):
        text = str(ad["text"])
        phones, written = truth["phones"], truth["phone_styles"]
        assert isinstance(phones, list)
        assert isinstance(written, list)
        for phone, style in zip(phones, written, strict=True):
            assert phone == HOTLINE or re.fullmatch(r"\+1\d{3}55501\d\d", phone)
            styles[style] += 1
            if style in PLAIN:
                assert phone[2:] in re.sub(r"\D", "", text)
        seen = {re.sub(r"\D", "", found)[-10:] for found in plain.findall(text)}
        allowed = {p[2:] for p in phones} | {re.sub(r"\D", "", p) for p in PLACEHOLDERS}
        assert seen <= allowed
    assert set(styles) == set(STYLES)


def test_a_phone_belongs_to_one_poster(corpus: Planted) -> None:
    posters = defaultdict(set)
    for row in corpus.truth.to_pylist():
        for phone in row["phones"]:
            own = row["organization"] if row["organization"] is not None else row["ad_id"]
            posters[phone].add(own)
    assert len(posters.pop(HOTLINE)) > 10  # the decoy
    assert all(len(own) == 1 for own in posters.values())


def test_templates_of_an_organization_share_what_ties_them(corpus: Planted) -> None:
    """Through phones, handles, links or images nearly every organization is one piece."""
    ties: dict[object, dict[object, set[object]]] = defaultdict(lambda: defaultdict(set))
    for ad, truth in rows(corpus):
        if truth["organization"] is None:
            continue
        own = {*truth["phones"], ad["image_hash"]}  # type: ignore[misc]
        own |= set(re.findall(r"@\w+|\w+\d+\.example", str(ad["text"])))
        ties[truth["organization"]][truth["template"]] |= own - {HOTLINE, None}
    several = [list(templates.values()) for templates in ties.values() if len(templates) > 1]
    assert len(several) > 50
    assert sum(map(in_one_piece, several)) / len(several) > 0.8


def in_one_piece(templates: list[set[object]]) -> bool:
    reached, left = templates[0], templates[1:]
    while left:
        near = [own for own in left if own & reached]
        if not near:
            return False
        reached = reached.union(*near)
        left = [own for own in left if not own & reached]
    return True


def words_of(texts: Iterable[object]) -> set[str]:
    return {word for text in texts for word in re.findall(r"[^\W\d_]+", str(text).lower())}


def test_the_wording_is_neutral(corpus: Planted) -> None:
    listed = words_of([words_file()])
    assert len(listed) > 1500
    assert not listed & STOP_WORDS
    assert not words_of(corpus.ads["text"].to_pylist()) & STOP_WORDS
    assert not words_of(corpus.ads["title"].to_pylist()) & STOP_WORDS


def test_singles_share_common_sentences_and_some_consist_of_them(corpus: Planted) -> None:
    common = [s.lower() for s in words_file()["boilerplate"]]
    assert len(common) >= 60
    shares = []
    for ad, truth in rows(corpus):
        if truth["tier"] == "single":
            text = str(ad["text"]).lower()
            said = sum(len(s.split()) for s in common if s in text)
            shares.append(said / len(text.split()))
    assert sum(share > 0 for share in shares) / len(shares) > 0.9
    assert 0.05 < sum(share > 0.5 for share in shares) / len(shares) < 0.3


def test_reposts_are_the_same_ad_again() -> None:
    made = plant(400, 5, Options(singles=0.5, reposts=0.5, decoys=0))
    texts = defaultdict(list)
    for ad, truth in rows(made):
        texts[truth["template"]].append(ad["text"])
    texts.pop(None)
    assert len(texts) > 60
    assert all(len(set(own)) == 1 and 2 <= len(own) <= 3 for own in texts.values())


def test_short_ads_and_a_small_vocabulary() -> None:
    made = plant(1500, 6, Options(words=(15, 25), boilerplate=(0, 1), vocabulary=0.3))
    lengths = sorted(len(text.split()) for text in made.ads["text"].to_pylist())
    assert lengths[len(lengths) // 10] >= 10
    assert lengths[len(lengths) // 2] <= 30
    usual = plant(1500, 6)
    assert len(words_of(made.ads["text"].to_pylist())) < 0.8 * len(
        words_of(usual.ads["text"].to_pylist())
    )


def test_a_closed_section_stays_closed() -> None:
    when = datetime(2017, 1, 9, tzinfo=UTC)
    made = plant(2000, 7, Options(closed=("riverboard.example", "services", when)))
    inside = [
        ad["posted_at"]
        for ad in made.ads.to_pylist()
        if (ad["site"], ad["section"]) == ("riverboard.example", "services")
    ]
    assert inside
    assert max(inside) < when
    assert max(made.ads["posted_at"].to_pylist()) > when


def test_organizations_move_between_towns_in_their_time(corpus: Planted) -> None:
    posted = corpus.ads["posted_at"].to_pylist()
    assert min(posted) >= datetime(2016, 10, 1, tzinfo=UTC)
    assert max(posted) < datetime(2017, 4, 1, tzinfo=UTC)
    towns = defaultdict(set)
    for ad, truth in rows(corpus):
        towns[truth["organization"]].add(ad["place"])
    towns.pop(None)
    assert 2 <= max(map(len, towns.values())) <= 6


@pytest.mark.parametrize("name", ["ads.csv", "ads.parquet"])
def test_what_is_written_is_read_back(corpus: Planted, tmp_path: Path, name: str) -> None:
    made = read([corpus.write(tmp_path / name)])
    assert made.rejected == 0
    ads = made.ads.to_arrow().sort_by("ad_id")
    for field in ("ad_id", "posted_at", "text", "place", "image_hash", "phone"):
        assert ads[field].to_pylist() == corpus.ads[field].to_pylist()


def test_only_csv_and_parquet_are_written(corpus: Planted, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"ads\.xlsx"):
        corpus.write(tmp_path / "ads.xlsx")


def test_a_disguised_word_is_another_string() -> None:
    draw = Random(1).random
    words = ["kitchen", "garage", "sofa", "apartment"] * 50
    assert sum(disguise(word, draw) != word for word in words) > 0.9 * len(words)
    assert disguise("to", draw) == "to"
