"""Organizations: what ties ads, what is cut so that strangers stay apart, and the path between."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import pairwise
from random import Random

import daft
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harborlight.recognize.organizations.identifiers import (
    COMMON,
    DIRECTORY,
    GENERIC,
    LISTS,
    PLACEHOLDER,
    WEAK,
    is_placeholder,
)
from harborlight.recognize.organizations.stage import Organized, organize
from harborlight.recognize.organizations.why import path
from harborlight.recognize.schema import ADS, MEMBERS, ORGANIZATIONS, SIGNALS, SIMILAR, TEMPLATES

Says = list[tuple[int, str, str]]  # ad, kind, value


def run(
    ads: int,
    says: Says,
    templates: Sequence[list[int]] = (),
    wording: Sequence[tuple[int, int]] = (),
) -> Organized:
    """Organize ads that follow templates, show identifiers, and share passages."""
    at = datetime(2017, 1, 1, tzinfo=UTC)
    columns = {
        "ad": pa.array(range(ads), pa.int64()),
        "ad_id": pa.array([f"{i:05}" for i in range(ads)]),
        "posted_at": pa.array([at] * ads, ADS.field("posted_at").type),
        "site": pa.array(["one.example"] * ads),
        "text": pa.array([""] * ads),
    }
    table = pa.table({f.name: columns.get(f.name, pa.nulls(ads, f.type)) for f in ADS})
    signals = pa.table(
        {
            "ad": pa.array([s[0] for s in says], pa.int64()),
            "kind": pa.array([s[1] for s in says], pa.string()),
            "value": pa.array([s[2] for s in says], pa.string()),
            "field": pa.array(["text"] * len(says), pa.string()),
            "start": pa.nulls(len(says), pa.int64()),
            "end": pa.nulls(len(says), pa.int64()),
        },
        SIGNALS,
    )
    members = [(ad, number) for number, group in enumerate(templates) for ad in group]
    n = len(templates)
    names = pa.array([f"T{i + 1:06}" for i in range(n)], pa.string())
    known = {"template": pa.array(range(n), pa.int64()), "template_id": names}
    template_table = pa.table({f.name: known.get(f.name, pa.nulls(n, f.type)) for f in TEMPLATES})
    member_table = pa.table(
        {
            "ad": pa.array([m[0] for m in members], pa.int64()),
            "template": pa.array([m[1] for m in members], pa.int64()),
            "explained": pa.array([0.9] * len(members), pa.float32()),
        },
        MEMBERS,
    )
    pairs = pa.table(
        {
            "a": pa.array([p[0] for p in wording], pa.int64()),
            "b": pa.array([p[1] for p in wording], pa.int64()),
            "shared": pa.array([20] * len(wording), pa.int32()),
            "similarity": pa.array([0.3] * len(wording), pa.float32()),
            "bits": pa.array([120.0] * len(wording), pa.float32()),
            "refused": pa.array(["shares one passage"] * len(wording), pa.string()),
        },
        SIMILAR,
    )
    return organize(*map(daft.from_arrow, (table, signals, template_table, member_table, pairs)))


def together(found: Organized, ads: int) -> list[int]:
    """The organization of every ad; a number of its own for an ad alone."""
    table = found.belongs.to_pydict()
    known = dict(zip(table["ad"], table["organization"], strict=True))
    return [known.get(ad, -1 - ad) for ad in range(ads)]


def reasons(found: Organized) -> set[str]:
    refused = found.links.where(~daft.col("kept")).to_pydict()
    return set(refused["reason"])


def phone(n: int) -> str:
    return f"+1{200 + n // 100:03}55501{n % 100:02}"


def test_one_phone_ties_two_templates_and_a_single_ad() -> None:
    says = [(0, "phone", phone(1)), (3, "phone", phone(1)), (4, "phone", phone(1))]
    found = run(6, says, [[0, 1], [2, 3]])
    assert together(found, 6) == [0, 0, 0, 0, 0, -6]
    table = found.organizations.to_pydict()
    assert list(table) == ORGANIZATIONS.names
    assert table["organization_id"] == ["O000001"]
    assert table["templates"] == [["T000001", "T000002"]]
    assert table["phones"] == [[phone(1)]]
    assert table["ads"] == [5]


def test_a_hotline_on_many_ads_with_contacts_of_their_own_ties_nobody() -> None:
    hotline = "+18005550199"
    says = [(ad, "phone", hotline) for ad in range(40)]
    says += [(ad, "phone", phone(ad)) for ad in range(40)]
    found = run(40, says)
    assert len(set(together(found, 40))) == 40
    assert reasons(found) == {GENERIC.format(40)}


def test_one_phone_on_many_differently_worded_ads_is_one_poster() -> None:
    found = run(40, [(ad, "phone", phone(1)) for ad in range(40)])
    assert len(set(together(found, 40))) == 1


def test_a_pool_of_phones_shared_by_templates_is_not_generic() -> None:
    draw = Random(1)
    templates = [list(range(i * 8, i * 8 + 8)) for i in range(6)]
    says = [(ad, "phone", phone(draw.randrange(4))) for ad in range(48)]
    assert len(set(together(run(48, says, templates), 48))) == 1


def test_an_image_on_very_many_ads_with_nothing_else_in_common_is_cut() -> None:
    says = [(ad, "image", "00ff00ff00ff00ff") for ad in range(60)]
    found = run(60, says)
    assert len(set(together(found, 60))) == 60
    assert reasons(found) == {COMMON.format(60)}


def test_placeholders_and_directories_are_cut() -> None:
    says = [(ad, "image", "0000000000000000") for ad in range(3)]
    says += [(3, "phone", phone(i)) for i in range(DIRECTORY + 1)]
    says += [(4 + i, "phone", phone(i)) for i in range(DIRECTORY + 1)]
    found = run(4 + DIRECTORY + 1, says)
    assert len(set(together(found, 11))) == 11
    assert reasons(found) == {PLACEHOLDER, LISTS}


@pytest.mark.parametrize(
    ("name", "placeholder"),
    [
        ("phone:+15555555555", True),
        ("phone:+11234567890", True),
        ("phone:+15075550142", False),
        ("image:0000000000000000", True),
        ("image:ffffffffffffffff", True),
        ("image:00ff00ff00ff00ff", False),
        ("handle:instagram:0000", False),
    ],
)
def test_placeholder(name: str, placeholder: bool) -> None:
    assert is_placeholder(name) is placeholder


def test_a_number_on_one_ad_of_a_large_template_needs_something_else() -> None:
    one, two = list(range(12)), list(range(12, 24))
    says = [(ad, "phone", phone(1)) for ad in one] + [(ad, "phone", phone(2)) for ad in two]
    found = run(24, [*says, (12, "phone", phone(1))], [one, two])
    assert len(set(together(found, 24))) == 2
    assert reasons(found) == {WEAK.format(12)}
    backed = run(24, [*says, (12, "phone", phone(1)), (3, "phone", phone(2))], [one, two])
    assert len(set(together(backed, 24))) == 1


def test_a_shared_passage_ties_two_ads() -> None:
    found = run(3, [], wording=[(0, 2)])
    assert together(found, 3) == [0, -2, 0]
    steps = path(found.links.to_arrow(), "ad:00000", "ad:00002")
    assert [(step.kind, step.target) for step in steps] == [("wording", "ad:00002")]


@settings(max_examples=40, deadline=None)
@given(
    says=st.lists(
        st.tuples(
            st.integers(0, 14),
            st.sampled_from(["phone", "email", "handle", "link", "image"]),
            st.integers(0, 9),
        ),
        max_size=40,
    ),
    cuts=st.lists(st.integers(0, 15), max_size=4),
)
def test_any_two_ads_of_an_organization_have_a_path_of_kept_evidence(
    says: list[tuple[int, str, int]], cuts: list[int]
) -> None:
    image = {i: f"{i * 0x1111_2222_3333 + 255:016x}" for i in range(10)}
    value = {"phone": phone, "image": image.__getitem__}
    told = [(ad, kind, value[kind](i) if kind in value else str(i)) for ad, kind, i in says]
    bounds = sorted({0, *cuts, 15})
    templates = [list(range(a, b)) for a, b in pairwise(bounds) if b - a > 1]
    found = run(15, told, templates)
    links = found.links.to_arrow()
    owner = together(found, 15)
    for a in range(15):
        for b in range(a + 1, 15):
            steps = path(links, f"ad:{a:05}", f"ad:{b:05}")
            assert bool(steps) == (owner[a] == owner[b])
    kept = np.array(links["kept"].to_pylist(), bool)
    said = np.array([reason is not None for reason in links["reason"].to_pylist()], bool)
    assert (kept != said).all(), "a refused tie has a reason, and a kept one has none"
