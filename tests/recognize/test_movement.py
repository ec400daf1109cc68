"""Posting movement and closed sections, on small corpora of which the truth is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import daft
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harborlight.places.gazetteer import gazetteer
from harborlight.recognize import schema
from harborlight.recognize.movement.closing import Closed, parse_closed
from harborlight.recognize.movement.stage import STAYS, Movement, movement
from harborlight.recognize.movement.stays import in_words, laps, stays

DAY = 86_400_000_000
TOWNS = ["Mankato, MN", "New Ulm, MN", "Rochester, MN", "Owatonna, MN", "Winona, MN"]
START = datetime(2016, 10, 1, 9, tzinfo=UTC)
CLOSED = date(2017, 1, 9)
AT = datetime(2017, 1, 9, tzinfo=UTC)


@dataclass
class Ad:
    """An ad of a made-up corpus."""

    organization: int | None
    when: datetime | None = None
    place: str | None = None
    site: str | None = "board.example"
    section: str | None = "services"
    at: tuple[float, float] | None = None
    text: str = ""
    phones: Sequence[str] = ()
    names: Sequence[str] = ()  # towns named in the text
    template: int | None = None


@dataclass
class Corpus:
    """Ads as the tables that stage 7 is given."""

    ads: list[Ad] = field(default_factory=list)

    def run(self, *closed: Closed | str, order: Sequence[int] | None = None) -> Movement:
        tables = self.tables()
        if order is not None:
            tables = [t.take(np.random.default_rng(order).permutation(t.num_rows)) for t in tables]
        a, signals, members, belongs, organizations = (daft.from_arrow(t) for t in tables)
        return movement(a, signals, members, belongs, organizations, closed)

    def tables(self) -> list[pa.Table]:
        ads = list(enumerate(self.ads))
        organizations = sorted({a.organization for a in self.ads if a.organization is not None})
        said = [(i, "phone", p) for i, a in ads for p in a.phones]
        said += [(i, "place", p) for i, a in ads for p in a.names]
        return [
            _table(
                schema.ADS,
                ad=[i for i, _ in ads],
                ad_id=[f"a{i:06d}" for i, _ in ads],
                posted_at=[a.when for a in self.ads],
                site=[a.site for a in self.ads],
                section=[a.section for a in self.ads],
                place=[a.place for a in self.ads],
                latitude=[a.at[0] if a.at else None for a in self.ads],
                longitude=[a.at[1] if a.at else None for a in self.ads],
                text=[a.text or f"ad number {i}" for i, a in ads],
            ),
            _table(
                schema.SIGNALS,
                ad=[i for i, _, _ in said],
                kind=[k for _, k, _ in said],
                value=[v for _, _, v in said],
                field=["text"] * len(said),
            ),
            _table(
                schema.MEMBERS,
                ad=[i for i, a in ads if a.template is not None],
                template=[a.template for a in self.ads if a.template is not None],
                explained=[1.0 for a in self.ads if a.template is not None],
            ),
            _table(
                schema.BELONGS,
                ad=[i for i, a in ads if a.organization is not None],
                organization=[a.organization for a in self.ads if a.organization is not None],
            ),
            _table(
                schema.ORGANIZATIONS,
                organization=organizations,
                organization_id=[f"O{o + 1:06d}" for o in organizations],
                ads=[sum(a.organization == o for a in self.ads) for o in organizations],
                **{
                    f.name: [[] for _ in organizations]
                    for f in schema.ORGANIZATIONS
                    if pa.types.is_list(f.type)
                },
            ),
        ]


def _table(of: pa.Schema, **columns: list[Any]) -> pa.Table:
    rows = len(next(iter(columns.values())))
    return pa.table(
        {f.name: pa.array(columns.get(f.name, [None] * rows), f.type) for f in of}, schema=of
    )


def rows(found: Movement, kind: str) -> list[dict[str, Any]]:
    result: list[dict[str, Any]] = [r for r in found.moves.to_pylist() if r["kind"] == kind]
    return result


def day(n: float) -> datetime:
    return START + timedelta(days=n)


# --- towns and moves ---------------------------------------------------------------------------


def test_stays_moves_and_kilometers() -> None:
    corpus = Corpus(
        [
            Ad(0, day(0), "Mankato"),
            Ad(0, day(1), "Mankato, MN"),
            Ad(0, day(4), "new ulm minnesota"),
            Ad(0, day(9), "Mankato, MN"),
            Ad(1, day(3), "Winona, MN"),
            Ad(None, day(3), "Duluth, MN"),
        ]
    )
    found = corpus.run()
    moves = rows(found, "move")
    assert [
        (m["organization_id"], m["sequence"], m["from_place"], m["to_place"]) for m in moves
    ] == [
        ("O000001", 0, "Mankato, MN", "New Ulm, MN"),
        ("O000001", 1, "New Ulm, MN", "Mankato, MN"),
    ]
    assert moves[0]["left_at"] == day(1)
    assert moves[0]["arrived_at"] == day(4)
    assert moves[0]["ads"] == 1
    assert moves[0]["kilometers"] == pytest.approx(39.8, abs=1)
    assert moves[0]["kilometers"] == moves[1]["kilometers"]
    assert found.stays.schema == STAYS
    assert found.stays["ads"].to_pylist() == [2, 1, 1, 1]
    assert found.moves.to_arrow().cast(schema.MOVES).schema == schema.MOVES


def test_where_the_town_comes_from() -> None:
    near_new_ulm = (44.33, -94.45)
    corpus = Corpus(
        [
            Ad(0, day(0), "Mankato, MN", at=near_new_ulm),  # the column first
            Ad(0, day(1), "somewhere nice", at=near_new_ulm),  # then coordinates
            Ad(0, day(2), None, names=["Winona, MN", "Winona, MN"]),  # then the one town named
            Ad(0, day(3), None, names=["Winona, MN", "Duluth, MN"]),  # two towns say nothing
            Ad(0, day(4), None, at=(0.0, -30.0)),  # the sea
        ]
    )
    assert corpus.run().stays["place"].to_pylist() == ["Mankato, MN", "New Ulm, MN", "Winona, MN"]


def test_several_towns_at_the_same_time_are_no_movement() -> None:
    hour = timedelta(hours=1)
    noon = day(5)
    alternating = [Ad(0, noon + i * hour, TOWNS[i % 2]) for i in range(6)]
    found = Corpus([Ad(0, day(0), TOWNS[0]), *alternating]).run()
    assert rows(found, "move") == []
    assert found.together == {"O000001": 1}

    one_after_the_other = [Ad(0, noon + i * hour, TOWNS[i // 3]) for i in range(6)]
    found = Corpus(one_after_the_other).run()
    assert len(rows(found, "move")) == 1
    assert found.together == {}

    midnight = datetime(2016, 10, 5, tzinfo=UTC)  # dates without hours
    found = Corpus([Ad(0, midnight, t) for t in TOWNS]).run()
    assert rows(found, "move") == []
    assert found.together == {"O000001": 1}


def test_without_dates_or_towns_nothing_moves() -> None:
    for ads in (
        [Ad(0, None, t) for t in TOWNS],
        [Ad(0, day(i), None) for i in range(4)],
        [Ad(0, day(0), t) for t in TOWNS],  # all at one moment
        [Ad(None, day(i), t) for i, t in enumerate(TOWNS)],
    ):
        assert rows(Corpus(ads).run(), "move") == []


def test_no_ads_at_all() -> None:
    found = Corpus([]).run("board.example@2017-01-09")
    assert found.moves.count_rows() == 0
    assert found.displacement[0].relinked == 0
    assert found.warnings


ads = st.builds(
    Ad,
    organization=st.one_of(st.none(), st.integers(0, 2)),
    when=st.one_of(st.none(), st.integers(0, 60 * 24).map(lambda h: START + timedelta(hours=h))),
    place=st.one_of(st.none(), st.sampled_from([*TOWNS, "nowhere", ""])),
    site=st.one_of(st.none(), st.sampled_from(["board.example", "list.example"])),
    section=st.one_of(st.none(), st.sampled_from(["services", "other"])),
    text=st.sampled_from(["", "same words", "other words"]),
    phones=st.lists(st.sampled_from(["+15075550101", "+15075550102"]), max_size=1),
    template=st.one_of(st.none(), st.integers(0, 3)),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(ads, max_size=30), st.integers(0, 99))
def test_the_order_of_rows_does_not_matter(posted: list[Ad], seed: int) -> None:
    corpus = Corpus(posted)
    closed = "board.example/services@2016-10-20"
    one, two = corpus.run(closed), corpus.run(closed, order=[seed])
    assert one.moves.to_arrow() == two.moves.to_arrow()
    assert one.stays == two.stays
    assert (one.displacement, one.coverage, one.together) == (
        two.displacement,
        two.coverage,
        two.together,
    )


@settings(max_examples=40, deadline=None)
@given(st.lists(ads, max_size=30))
def test_a_move_needs_two_dated_ads_in_two_towns(posted: list[Ad]) -> None:
    found = Corpus(posted).run()
    of: dict[str, list[Ad]] = {}
    for ad in posted:
        if ad.organization is not None and ad.when and ad.place in TOWNS:
            of.setdefault(f"O{ad.organization + 1:06d}", []).append(ad)
    for move in rows(found, "move"):
        mine = of[move["organization_id"]]
        assert move["from_place"] != move["to_place"]
        assert any(a.when == move["left_at"] and a.place == move["from_place"] for a in mine)
        assert any(a.when == move["arrived_at"] and a.place == move["to_place"] for a in mine)
        assert move["left_at"] < move["arrived_at"]
        assert move["kilometers"] == pytest.approx(
            gazetteer().distance_km(move["to_place"], move["from_place"]), abs=0.001
        )
    counted = sum(found.stays["ads"].to_pylist())
    assert counted <= sum(len(mine) for mine in of.values())


# --- circuits ----------------------------------------------------------------------------------


def _laps(sequence: Sequence[int]) -> list[int]:
    n = len(sequence)
    zero = np.zeros(n, dtype=np.int64)
    result: list[int] = laps(stays(zero, np.array(sequence), np.arange(n) * DAY)).tolist()
    return result


@given(
    st.integers(4, 8).flatmap(lambda k: st.permutations(range(k))),
    st.integers(2, 5),
    st.integers(0, 3),
)
def test_planted_rounds_are_found(towns: list[int], times: int, shift: int) -> None:
    found = _laps([*range(100, 100 + shift), *(towns * times)])
    assert found == [0] * shift + [lap for lap in range(1, times + 1) for _ in towns]


def test_a_round_with_a_hub_and_one_of_three_towns() -> None:
    assert _laps([0, 1, 0, 2] * 3) == [1] * 4 + [2] * 4 + [3] * 4
    assert _laps([0, 1, 2] * 4) == [1] * 3 + [2] * 3 + [3] * 3 + [4] * 3


def test_what_chance_would_show_is_no_round() -> None:
    assert not any(_laps([0, 1] * 20))  # two towns can only alternate
    assert not any(_laps([0, 1, 2] * 2))  # one in eight does so by chance
    random = np.random.default_rng(0)
    false = sum(any(_laps(random.integers(0, 3 + i % 5, 40).tolist())) for i in range(400))
    assert false <= 0.08 * 400  # see CHANCE


def test_moves_of_a_circuit_are_numbered_by_lap() -> None:
    posted = [Ad(0, day(3 * i), TOWNS[i % 4]) for i in range(12)]
    moves = rows(Corpus([*posted, Ad(0, day(60), TOWNS[4])]).run(), "move")
    assert [m["circuit"] for m in moves] == [1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, None]


def test_in_words_never_speaks_of_a_person() -> None:
    said = in_words(["Mankato, MN", "New Ulm, MN"], ["2016-10-01", "2016-10-04"],
                    ["2016-10-02", "2016-10-04"], together=2)  # fmt: skip
    assert said == (
        "Posting movement: Mankato, MN (2016-10-01 to 2016-10-02), then New Ulm, MN (2016-10-04). "
        "On 2 days it posted for several towns at the same time, which is no movement."
    )


# --- a closed section --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("board.example@2017-01-09", Closed(CLOSED, "board.example")),
        ("board.example/services@2017-01-09", Closed(CLOSED, "board.example", "services")),
        ("https://board.example/a/b/@2017-01-09", Closed(CLOSED, "board.example", "a/b")),
        ("me@board/x@2017-01-09", Closed(CLOSED, "me@board", "x")),
    ],
)
def test_a_closing_is_read(text: str, expected: Closed) -> None:
    assert parse_closed(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "board.example",
        "@2017-01-09",
        "board@",
        "board@09.01.2017",
        "board@2017-02-30",
        "b/@2017-01-09",
    ],
)
def test_what_is_no_closing_is_told_in_one_line(text: str) -> None:
    with pytest.raises(ValueError, match="--closed") as told:
        parse_closed(text)
    assert "\n" not in str(told.value)


@given(st.dates(), st.from_regex(r"[a-z]{1,8}(\.[a-z]{2,5})?", fullmatch=True),
       st.one_of(st.none(), st.from_regex(r"[a-z ]{1,8}[a-z]", fullmatch=True)))  # fmt: skip
def test_a_closing_reads_back(when: date, site: str, section: str | None) -> None:
    closed = Closed(when, site, section.strip() if section else None)
    assert parse_closed(str(closed)) == closed


def weeks(n: float) -> datetime:
    """A moment so many weeks from the closing."""
    return AT + timedelta(weeks=n)


def followed() -> Corpus:
    """A section that closes: 0 moves, 1 was already there, 2 is not seen, 3 has no date after."""
    everywhere = [
        Ad(9, weeks(w), "Winona, MN", "list.example", "general", template=9)
        for w in (-12, -8, -3, 2, 6, 13)
    ]
    return Corpus(
        [
            *everywhere,
            Ad(0, weeks(-2), "Mankato, MN", phones=["+15075550101"], template=0),
            Ad(0, weeks(-1), "Mankato, MN", phones=["+15075550101"], template=0),
            Ad(0, weeks(1), "New Ulm, MN", "list.example", "general", phones=["+15075550101"]),
            Ad(0, weeks(2), "New Ulm, MN", "list.example", "general", template=0),
            Ad(1, weeks(-5), None, "list.example", "general", template=1),
            Ad(1, weeks(-2), template=1),
            Ad(1, weeks(3), None, "list.example", "general", template=2),
            Ad(2, weeks(-2), template=3),
            Ad(2, weeks(-1), template=3),
            Ad(3, weeks(-1), template=4),
            Ad(3, None, None, "list.example", "general", template=4),
            Ad(4, weeks(-9), template=5),  # not active any more
            Ad(None, weeks(-1), phones=["+15075550150"]),
            Ad(None, weeks(-1), None, "list.example", "general"),
        ]
    )


def test_outcomes_after_a_closing() -> None:
    found = followed().run("board.example/services@2017-01-09")
    (result,) = found.displacement
    assert (result.relinked, result.not_seen, result.unresolved) == (2, 1, 1)
    assert (result.moved, result.already_there) == (1, 1)
    assert (result.lone_not_seen, result.lone_unresolved) == (1, 0)
    assert result.reasons == (("its ads elsewhere have no date", 1),)
    assert result.false_link_rate == 0
    assert result.comparison_moved == 0  # organization 9 stays where it was
    assert result.coverage == (("list.example", "2016-10-17", "2017-04-10", 11),)
    assert result.warnings == ()

    moved, there = rows(found, "relinked")
    assert moved["organization_id"] == "O000001"
    assert (moved["from_site"], moved["from_section"]) == ("board.example", "services")
    assert (moved["to_site"], moved["to_section"]) == ("list.example", "general")
    assert (moved["from_place"], moved["to_place"]) == ("Mankato, MN", "New Ulm, MN")
    assert (moved["left_at"], moved["arrived_at"]) == (weeks(-1), weeks(1))
    assert moved["ads"] == 2
    assert moved["closed"] == "board.example/services@2017-01-09"
    assert there["organization_id"] == "O000002"
    assert [r["organization_id"] for r in rows(found, "not seen")] == ["O000003"]
    assert [r["organization_id"] for r in rows(found, "unresolved")] == ["O000004"]


def test_habit_and_evidence_of_each_destination() -> None:
    found = followed().run("board.example/services@2017-01-09")
    by_id = {o.organization_id: o for o in found.outcomes}
    (to,) = by_id["O000001"].destinations
    assert (to.habit, to.evidence) == ("moved", ("template", "phone"))
    (to,) = by_id["O000002"].destinations
    assert (to.habit, to.evidence) == ("already there", ("other ads of the organization",))


def test_data_that_ends_too_soon_leaves_all_unresolved() -> None:
    corpus = followed()
    corpus.ads = [a for a in corpus.ads if a.when is None or a.when < weeks(1)]
    (result,) = corpus.run("board.example/services@2017-01-09").displacement
    assert (result.relinked, result.not_seen) == (0, 0)
    assert result.unresolved == 4
    assert result.lone_unresolved == 1
    assert dict(result.reasons) == {"the data ends too soon after the closing": 5}


def test_a_contact_that_many_share_resolves_nothing() -> None:
    corpus = followed()
    hotline = "+15075550199"
    corpus.ads += [
        Ad(None, weeks(2), None, "list.example", "general", phones=[hotline]) for _ in range(5)
    ]
    corpus.ads += [Ad(2, weeks(-1), phones=[hotline])]
    (result,) = corpus.run("board.example/services@2017-01-09").displacement
    assert result.not_seen == 0
    assert ("only contacts or wording that many others share", 1) in result.reasons


def test_false_links_are_counted_when_others_share_what_ties() -> None:
    """Two posters share a phone that is not generic: half of the exchanges would link them."""
    corpus = Corpus()
    for o in range(3):
        phones = ["+15075550120"] if o < 2 else ["+15075550121"]
        corpus.ads += [
            Ad(o, weeks(-1), phones=phones),
            Ad(o, weeks(1), None, "list.example", phones=phones),
            Ad(o, weeks(-9), None, "list.example"),
            Ad(o, weeks(11), None, "list.example"),
        ]
    (result,) = corpus.run("board.example@2017-01-09").displacement
    assert result.relinked == 3
    assert result.false_link_rate == pytest.approx((0.5 + 0.5 + 0) / 3, abs=1e-6)


def test_spam_is_the_share_of_repeated_texts() -> None:
    corpus = Corpus(
        [Ad(None, weeks(-1), None, "list.example", text=t) for t in ("a", "a", "b", "c")]
        + [Ad(None, weeks(1), None, "list.example", text=t) for t in ("a", "a", "a", "b")]
        + [Ad(None, weeks(1), None, "third.example", text="a")]
    )
    (result,) = corpus.run("board.example@2017-01-09").displacement
    assert result.spam_share_before == 0.25
    assert result.spam_share == 0.4


def test_weekly_ads_lose_none() -> None:
    (result,) = followed().run("board.example/services@2017-01-09").displacement
    inside = [(week, ads) for week, site, ads in result.weekly if site == "board.example/services"]
    assert inside == [(-4, 0), (-3, 0), (-2, 3), (-1, 3), *((week, 0) for week in range(12))]
    assert (1, "list.example", 1) in result.weekly


@pytest.mark.parametrize(
    ("closed", "told"),
    [
        ("nowhere.example@2017-01-09", "the sites are: board.example, list.example"),
        ("board.example/other@2017-01-09", "the site's are: services"),
        ("board.example/services@2015-01-01", "begin on"),
        ("board.example/services@2030-01-01", "no ad in the 28 days before"),
        ("board.example/services@2017-01-01", "is it right?"),
    ],
)
def test_a_closing_that_does_not_fit_the_data_is_told(closed: str, told: str) -> None:
    found = followed().run(closed)
    assert any(told in warning for warning in found.warnings)


def test_names_of_sites_are_compared_without_case() -> None:
    (result,) = followed().run("www.Board.Example/SERVICES@2017-01-09").displacement
    assert result.relinked == 2


def test_coverage_counts_every_section() -> None:
    found = followed().run("board.example/services@2017-01-09")
    assert [(c.site, c.section, c.ads, c.undated) for c in found.coverage] == [
        ("board.example", "services", 8, 0),
        ("list.example", "general", 12, 1),
    ]
