"""The bench: its scores against plain counting, its peers, and a small run of it all."""

import importlib.util
import io
import subprocess
import sys
from itertools import combinations
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from harborlight.bench import peers, recognize, scores
from harborlight.bench.scores import Score
from harborlight.recognize.errors import InputError
from harborlight.synthetic.planted import TRUTH, Options, plant

label = st.integers(-1, 5)
groupings = st.lists(st.tuples(label, label), max_size=40)


def together(labels: list[int]) -> set[tuple[int, int]]:
    """All pairs of ads in one group, counted one by one."""
    pairs = combinations(range(len(labels)), 2)
    return {(i, j) for i, j in pairs if labels[i] == labels[j] >= 0}


@given(groupings)
def test_pairs_are_counted_as_by_hand(drawn: list[tuple[int, int]]) -> None:
    predicted, truth = [p for p, _ in drawn], [t for _, t in drawn]
    found, true = together(predicted), together(truth)
    score = scores.pairwise(predicted, truth)
    assert score.precision == pytest.approx(len(found & true) / len(found) if found else 1)
    assert score.recall == pytest.approx(len(found & true) / len(true) if true else 1)
    if found and true:
        harmonic = 2 * score.precision * score.recall / max(score.precision + score.recall, 1e-12)
        assert score.f1 == pytest.approx(harmonic)


@settings(deadline=None)
@given(groupings)
def test_adjusted_rand_is_that_of_scikit_learn(drawn: list[tuple[int, int]]) -> None:
    metrics = pytest.importorskip("sklearn.metrics", reason="scikit-learn is not installed")
    predicted, truth = ([pair[side] for pair in drawn] for side in (0, 1))

    def apart(labels: list[int]) -> list[int]:
        return [value if value >= 0 else 100 + n for n, value in enumerate(labels)]

    ours = scores.adjusted_rand(predicted, truth)
    if len(drawn) > 1:
        theirs = metrics.adjusted_rand_score(apart(truth), apart(predicted))
        assert ours == pytest.approx(theirs, abs=1e-9)
    else:
        assert ours == 1


@given(groupings, st.lists(st.booleans(), min_size=40, max_size=40))
def test_recall_among_some_groups(drawn: list[tuple[int, int]], chance: list[bool]) -> None:
    predicted, truth = [p for p, _ in drawn], [t for _, t in drawn]
    chosen = {t for t in truth if t >= 0 and chance[t]}
    among = np.array([t in chosen for t in truth], dtype=bool)
    true = {(i, j) for i, j in together(truth) if truth[i] in chosen}
    hits = true & together(predicted)
    found = scores.recall_among(predicted, truth, among)
    assert found.pairs == pytest.approx(len(hits) / len(true) if true else 1)
    ads, placed = ({ad for pair in pairs for ad in pair} for pairs in (true, hits))
    assert found.ads == pytest.approx(len(placed) / len(ads) if ads else 1)


@given(groupings)
def test_singles_wrongly_grouped(drawn: list[tuple[int, int]]) -> None:
    predicted, truth = [p for p, _ in drawn], np.array([t for _, t in drawn], dtype=int)
    grouped = {ad for pair in together(predicted) for ad in pair}
    singles = {ad for ad in range(len(truth)) if truth[ad] < 0}
    share = scores.wrongly_grouped(predicted, truth < 0)
    assert share == pytest.approx(len(grouped & singles) / len(singles) if singles else 0)


def test_a_million_ads_in_one_group_do_not_overflow() -> None:
    one = np.zeros(1_000_000, dtype=np.int64)
    assert scores.pairwise(one, one) == Score(1.0, 1.0, 1.0)
    halves = np.repeat([0, 1], 500_000)
    assert scores.pairwise(one, halves).precision == pytest.approx(0.5, abs=1e-5)


def test_labels_of_different_length_are_refused() -> None:
    with pytest.raises(ValueError, match="2 predicted labels for 3"):
        scores.pairwise([1, 1], [1, 1, 1])


def test_identifiers_by_style() -> None:
    truth = [(0, "a", "dash"), (0, "b", "words"), (1, "c", "words")]
    found = scores.identifiers([(0, "a"), (0, "x"), (1, "c"), (2, "y")], truth)
    assert found["all"] == Score.of(2, 4, 3)
    assert found["dash"] == Score.of(1, 2, 1)  # x may be a misread one of either style
    assert found["words"] == Score.of(1, 2, 2)
    assert scores.identifiers([], [])["all"].f1 == 1


def test_components_leave_single_ads_alone() -> None:
    labels = peers.components(5, [0, 1], [1, 4])
    assert labels[0] == labels[1] == labels[4] >= 0
    assert list(labels[2:4]) == [-1, -1]


@pytest.mark.parametrize("name", ["tfidf", "datasketch", "rensa", "tfidf:0.5"])
def test_a_peer_finds_what_is_plain(name: str) -> None:
    pytest.importorskip(peers.PEERS[name.partition(":")[0]][0], reason="peers are not installed")
    said = "sturdy oak desk with three deep drawers, pick up behind the bakery on"
    texts = [
        f"{said} Monday",
        f"{said} Friday",
        "piano lessons for patient beginners at the library",
        "we plow driveways, rake leaves and stack firewood before winter",
    ]
    labels = peers.group(name, texts)
    assert labels[0] == labels[1] >= 0
    assert list(labels[2:]) == [-1, -1]


@pytest.mark.parametrize(
    ("name", "said"),
    [("minhash9", "no peer is called 'minhash9'"), ("tfidf:2", "similarity"), ("rensa:x", "sim")],
)
def test_a_peer_that_cannot_be_run_is_told(name: str, said: str) -> None:
    with pytest.raises(peers.PeerError, match=said):
        peers.check([name])


def test_a_peer_that_is_not_installed_is_told_how_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(peers.PEERS, "tfidf", ("no_such_module_here", ""))
    with pytest.raises(peers.PeerError, match=r"uv run --group peers .* --against tfidf"):
        peers.check(["tfidf"])


def test_templates_score_one_when_right_and_less_when_merged() -> None:
    truth = plant(800, 2).truth
    right = np.array([-1 if t is None else t for t in truth["template"].to_pylist()])
    best = recognize.score_templates(right, truth)
    assert best["f1"] == best["adjusted_rand"] == 1
    assert all(tier == {"pairs": 1, "ads": 1} for tier in best["recall_by_tier"].values())
    assert best["singles_wrongly_grouped"] == 0
    merged = recognize.score_templates(np.zeros(800, dtype=np.int64), truth)
    assert merged["recall"] == 1
    assert merged["precision"] < 0.1
    assert merged["singles_wrongly_grouped"] == 1


def test_members_and_pairs_are_scored_by_row() -> None:
    truth = pa.table(
        {
            "ad_id": ["a", "b", "c"],
            "template": pa.array([0, 0, None], pa.int64()),
            "organization": pa.array([0, 0, None], pa.int64()),
            "tier": ["hard", "hard", "single"],
            "phones": pa.array([[], [], []], pa.list_(pa.string())),
            "phone_styles": pa.array([[], [], []], pa.list_(pa.string())),
        },
        schema=TRUTH,
    )
    right = recognize.score_members(pa.table({"ad": [0, 1], "template": [7, 7]}), truth)
    assert right["f1"] == 1
    wrong = recognize.score_pairs(pa.table({"a": [0], "b": [2]}), truth)
    assert wrong["f1"] == 0
    assert wrong["singles_wrongly_grouped"] == 1


def test_phones_are_scored_in_titles_and_texts_only() -> None:
    truth = plant(60, 4).truth
    named = [
        (row["ad_id"], phone) for row in truth.to_pylist() for phone in dict.fromkeys(row["phones"])
    ]
    signals = pa.table(
        {
            "ad_id": [ad for ad, _ in named] + [named[0][0], named[0][0]],
            "kind": ["phone"] * (len(named) + 1) + ["email"],
            "value": [phone for _, phone in named] + ["+15075550111", "x@y.example"],
            "field": ["text"] * len(named) + ["phone", "text"],
        }
    )
    assert recognize.score_phones(signals, truth)["all"]["f1"] == 1


def test_too_few_ads_are_refused() -> None:
    with pytest.raises(InputError, match="at least 2"):
        recognize.run(1, 1)


def test_a_small_bench_from_end_to_end() -> None:
    console = Console(record=True, width=100, file=io.StringIO())
    against = ["rensa:0.4"] if importlib.util.find_spec("rensa") else []
    measured = recognize.run(600, 5, against, console)
    ours = measured["contenders"]["harborlight"]
    assert ours["f1"] > 0.9
    assert ours["organizations"]["recall"] > 0.9
    assert ours["phones"]["all"]["f1"] > 0.9
    assert ours["singles_wrongly_grouped"] < 0.05
    assert ours["peak_memory_bytes"] > 10_000_000
    assert [s["stage"] for s in ours["stages"]][:2] == ["read", "fold"]
    printed = console.export_text()
    for said in ("600 planted ads, seed 5", "template F1", f"{ours['f1']:.4f}", *against):
        assert said in printed
    assert set(measured["ratios"]) == set(against)


def test_a_file_with_its_own_truth(tmp_path: Path) -> None:
    corpus = plant(600, 6, Options(decoys=0))
    truth = corpus.truth["organization"].cast(pa.string())
    path = tmp_path / "told.parquet"
    pq.write_table(corpus.ads.drop_columns(["url"]).append_column("poster", truth), path)
    against = ["rensa"] if importlib.util.find_spec("rensa") else []
    measured = recognize.run_on(path, "poster", against, Console(file=io.StringIO()), json=True)
    assert measured["ads_with_truth"] == 600 - truth.null_count
    assert measured["contenders"]["harborlight"]["organization"]["f1"] > 0.9
    assert set(measured["contenders"]) == {"harborlight", *against}


def test_a_truth_column_that_is_not_there(tmp_path: Path) -> None:
    path = plant(30, 6).write(tmp_path / "ads.csv")
    with pytest.raises(InputError, match="poster"):
        recognize.run_on(path, "poster")


def test_a_contender_that_fails_is_told(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match=r"tfidf failed with status 1: .*nowhere\.parquet"):
        recognize._work("tfidf", tmp_path / "nowhere.parquet", tmp_path / "out")


@pytest.mark.proof
@pytest.mark.parametrize("seed", [1, 7])
def test_twenty_thousand_planted_ads(seed: int) -> None:
    ours = recognize.run(20_000, seed)["contenders"]["harborlight"]
    assert ours["f1"] >= 0.99
    assert ours["recall_by_tier"]["hard"]["pairs"] >= 0.95
    assert ours["singles_wrongly_grouped"] <= 0.005
    assert ours["organizations"]["f1"] >= 0.95
    assert ours["phones"]["all"]["f1"] >= 0.98


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_the_fund_is_measured_beside_bare_inserts(database: str) -> None:
    program = "from harborlight.cli import main; main()"
    words = ("bench", "fund", "--entries", "30", "--database", database)
    done = subprocess.run(
        [sys.executable, "-c", program, *words], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "ratio of entries/s: 0." in done.stdout
    assert "over 62 postings" in done.stdout
    assert "fund_posting" not in done.stdout
