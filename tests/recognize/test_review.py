"""Review: what makes a lead, what speaks against it, and in which order leads come."""

from __future__ import annotations

import re
from typing import Any

import daft
import pyarrow as pa
import pytest
from world import START, World, crew, leads

from harborlight.recognize import schema
from harborlight.recognize.review import findings
from harborlight.recognize.review.evidence import AWAY, TOWARD, catalogue
from harborlight.recognize.review.stage import review

TOWNS = ["Mankato, MN", "New Ulm, MN", "Rochester, MN"]


def kinds_of(lead: dict[str, Any], column: str = "evidence") -> dict[str, dict[str, Any]]:
    return {e["kind"]: e for e in lead[column]}


def reviewed(world: World, **more: Any) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = leads(world.tables(**more)).to_pylist()
    return rows


def test_two_families_of_evidence_make_a_lead() -> None:
    world = World()
    crew(world, "O1", ["507-555-0101", "507-555-0102"], TOWNS)
    (lead,) = reviewed(world)
    found = kinds_of(lead)
    assert lead["organization_id"] == "O1"
    assert lead["ads"] == 6
    assert found["wording_across_contacts"]["amount"] == 2
    assert found["many_towns"]["amount"] == 3
    assert "2 different phones" in found["wording_across_contacts"]["statement"]
    assert lead["innocent_reading"]


@pytest.mark.parametrize(
    ("phones", "towns"),
    [
        (["507-555-0101"], TOWNS),  # movement only
        (["507-555-0101", "507-555-0102"], ["Mankato, MN"]),  # wording only
        (["507-555-0101"], ["Mankato, MN"]),  # nothing
    ],
)
def test_one_family_is_no_lead(phones: list[str], towns: list[str]) -> None:
    world = World()
    crew(world, "O1", phones, towns)
    assert reviewed(world) == []


def test_two_kinds_of_one_family_count_once() -> None:
    world = World()
    crew(world, "O1", ["507-555-0101"], ["Winona, MN", "Mankato, MN", "New Ulm, MN"])
    for ad in world.ads:
        ad["posted_at"] = START
    found = _measured(world.tables())
    assert found["many_towns"].amount[0] == 3
    assert found["towns_one_day"].amount[0] > 200
    assert reviewed(world) == []


def test_the_day_of_collection_is_no_evidence() -> None:
    for others, kinds in ((0, {"many_in_a_day", "towns_one_day"}), (130, set())):
        world = World()
        for _ in range(2):
            crew(world, "O1", ["507-555-0101", "612-555-0102"], ["Winona, MN", *TOWNS])
        for n in range(others):
            world.post(f"somebody else's words {n}")
        for ad in world.ads:
            ad["posted_at"] = START
        (lead,) = reviewed(world)
        assert set(kinds_of(lead)) & {"many_in_a_day", "towns_one_day"} == kinds


def test_names_that_differ_in_case_only_are_one() -> None:
    for names, kinds in ((["KIT", "Kit"], set()), (["Kit", "Sage"], {"names_in_one_wording"})):
        world = World()
        crew(world, "O1", ["507-555-0101", "507-555-0102"], TOWNS)
        world.slots["T-O1"] = [
            {"kind": "free", "examples": ["a", "b"]},
            {"kind": "name", "examples": names},
        ]
        (lead,) = reviewed(world)
        assert set(kinds_of(lead)) & {"names_in_one_wording"} == kinds


def test_a_phone_and_an_email_in_every_ad_are_not_two_posters() -> None:
    world = World()
    for town in TOWNS:
        text = "Firewood split and stacked, 507-555-0101 or kit@example.com"
        world.post(text, "O1", "T1", place=town)
    assert reviewed(world) == []


def test_refused_contacts_count_for_nothing() -> None:
    world = World()
    for day, town in enumerate(TOWNS):
        text = f"Firewood split in {town}, 507-555-0101. Report this ad at 800-555-0199"
        ad = world.post(text, "O1", "T1", day=day, place=town)
        world.refused.append((ad, "phone", "+18005550199"))
    assert reviewed(world) == []  # one contact of its own
    crew(world, "O1", ["507-555-0102", "507-555-0103"], TOWNS)
    (lead,) = reviewed(world)
    assert kinds_of(lead)["wording_across_contacts"]["amount"] == 2
    assert kinds_of(lead)["refused_ties"]["amount"] == 1


@pytest.mark.parametrize(
    ("written", "hidden"),
    [
        ("507-555-0142", False),
        ("(507) 555-0142", False),
        ("507.555.0142", False),
        ("+1 507 555 0142", False),
        ("5075550142", False),
        ("5 0 7 5 5 5 0 1 4 2", True),
        ("five 0 seven 555 zero 1 four 2", True),
        ("507-555-Ol42", True),
        ("5⭐0⭐7 555 0142", True),
    ],
)
def test_how_a_phone_is_written(written: str, hidden: bool) -> None:
    world = World()
    crew(world, "O1", [written], TOWNS)
    tables = world.tables()
    assert set(tables["organizations"]["phones"].to_pylist()[0]) == {"+15075550142"}
    found = leads(tables).to_pylist()
    assert len(found) == hidden
    if hidden:
        assert kinds_of(found[0])["obscured_phone"]["amount"] == 6


def test_an_open_business_is_told_as_one() -> None:
    world = World()
    for day, town in enumerate(TOWNS * 2):
        world.post(
            "Cottonwood Home Cleaning LLC, licensed. Kitchen $45, bathroom $35, windows $6. "
            f"412 N. Riverfront Drive, Mankato. Call 507-555-010{day % 3} or see "
            "www.cottonwoodcleaning.example",
            "O1",
            "T1",
            day=day,
            place=town,
        )
    crew(world, "O2", ["507-555-0111", "507-555-0112"], TOWNS)
    second, first = reviewed(world)[1], reviewed(world)[0]
    assert (first["organization_id"], second["organization_id"]) == ("O2", "O1")
    against = kinds_of(second, "counter_evidence")
    for kind in ("street_address", "price_list", "own_link", "business_words", "plain_phone"):
        assert against[kind]["amount"] >= 6, kind
    assert second["innocent_reading"].startswith("This may be a business that is open about itself")
    assert "address anybody can visit" in second["innocent_reading"]


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("come to 412 Riverfront Drive in Mankato", "412 riverfront drive"),
        ("at 9 N. Broad St, New Ulm", "9 n. broad st"),
        ("windows $6 each. Your cleaner in St. Peter is Kit", None),
        ("2 rooms by the way", None),
        ("open 8 to 6 all week on the road", None),
    ],
)
def test_street_addresses(text: str, address: str | None) -> None:
    found = re.search(f"(?i){findings._STREET}", text)
    if address is None:
        assert found is None or found[0].split()[-1].lower() not in {"drive", "st", "street"}
    else:
        assert found is not None
        assert found[0].lower() == address


def test_one_person_reposting_is_told_as_one() -> None:
    world = World()
    for day in range(10):
        text = "Cello lessons for beginners, five oh seven 555 0101"
        world.post(text, "O1", "T1", day=day * 12, place="New Ulm, MN", image_hash="ab" * 8)
    # Two wordings under one phone, both hiding it: enough for a lead, and yet one hand.
    world.post("Piano lessons too, five oh seven 555 0101", "O1", day=3, place="New Ulm, MN")
    (lead,) = reviewed(world)
    against = kinds_of(lead, "counter_evidence")
    assert {"one_contact", "one_town", "reposting", "long_standing"} <= set(against)
    assert against["long_standing"]["amount"] == 108
    assert lead["innocent_reading"].startswith("One person who posts one ad again and again")


def test_a_picture_in_ads_with_different_phones() -> None:
    world = World()
    crew(world, "O1", ["507-555-0101", "507-555-0102"], TOWNS, image_hash="0f" * 8)
    (lead,) = reviewed(world)
    assert kinds_of(lead)["image_across_phones"]["amount"] == 2


def test_far_towns_on_one_day_and_many_ads_on_it() -> None:
    world = World()
    for _ in range(3):
        crew(world, "O1", ["507-555-0101"], ["Winona, MN", "Mankato, MN", "New Ulm, MN"])
    for ad in world.ads:
        ad["posted_at"] = world.ads[0]["posted_at"]
    (lead,) = reviewed(world)
    found = kinds_of(lead)
    assert 220 < found["towns_one_day"]["amount"] < 250  # New Ulm to Winona: 226 km by any map
    assert found["many_in_a_day"]["amount"] == 18
    named = {ad["ad_id"]: ad["place"] for ad in world.ads}
    assert {named[a] for a in found["towns_one_day"]["ads"]} == {"Winona, MN", "New Ulm, MN"}


def test_what_came_after_a_closing_is_context() -> None:
    world = World()
    crew(world, "O1", ["507-555-0101", "507-555-0102"], TOWNS)
    after = {
        "organization_id": "O1",
        "sequence": 0,
        "kind": "relinked",
        "to_site": "b.example",
        "arrived_at": world.ads[4]["posted_at"],
        "ads": 2,
        "closed": "a.example@2016-10-06",
    }
    (lead,) = reviewed(world, moves=[after])
    found = kinds_of(lead)["relinked_after_closing"]
    assert found["amount"] == 2
    assert found["ads"] == ["a0004", "a0005"]
    # Alone it points nowhere: the families are as before.
    assert lead["lead_id"] == "L0001"


def mixed() -> World:
    world = World()
    for n in range(12):
        phones = [f"507-555-01{n:02d}", f"612-555-01{n:02d}"]
        crew(world, f"O{n:02d}", phones, TOWNS[: 1 + n % 3] * (1 + n % 2), site=f"s{n % 2}.example")
    return world


def test_the_order_is_as_told_and_the_same_whatever_the_order_of_rows() -> None:
    tables = mixed().tables()
    first = leads(tables)
    for seed in (1, 2):
        assert leads(tables, shuffled=seed).equals(first)
    kinds = catalogue().kinds
    keys = []
    for lead in first.to_pylist():
        families = [
            {kinds[e["kind"]].family for e in lead[c] if kinds[e["kind"]].direction == d}
            for c, d in (("evidence", TOWARD), ("counter_evidence", AWAY))
        ]
        assert len(families[0]) >= 2
        towns = kinds_of(lead).get("many_towns", {"amount": 0})["amount"]
        order = (len(families[1]) - len(families[0]), -len(families[0]), -towns, -lead["ads"])
        keys.append((*order, lead["organization_id"]))
    assert keys == sorted(keys)
    assert first["review_order"].to_pylist() == list(range(1, first.num_rows + 1))
    assert len(set(first["lead_id"].to_pylist())) == first.num_rows


def test_the_ads_named_belong_to_the_organization_and_are_few() -> None:
    world = mixed()
    for lead in reviewed(world):
        for evidence in [*lead["evidence"], *lead["counter_evidence"]]:
            assert 1 <= len(evidence["ads"]) <= 5
            for ad in evidence["ads"]:
                assert world.organization[ad] == lead["organization_id"]


def test_no_organizations_no_leads() -> None:
    empty = [
        daft.from_arrow(of.empty_table())
        for of in (
            *(schema.ADS, schema.SIGNALS, schema.TEMPLATES, schema.MEMBERS),
            *(schema.ORGANIZATIONS, schema.BELONGS, schema.LINKS, schema.MOVES),
        )
    ]
    assert review(*empty).to_arrow().num_rows == 0


def test_ads_without_dates_towns_or_contacts() -> None:
    world = World()
    for _ in range(4):
        ad = world.post("nothing but words here", "O1", "T1")
    for row in world.ads:
        row["posted_at"] = None
    assert reviewed(world) == []
    assert ad


def test_every_kind_is_measured_and_says_all_it_has_to() -> None:
    known = catalogue()
    tables = mixed().tables()
    measured = _measured(tables)
    assert set(measured) == set(known.kinds)
    for kind in known.kinds.values():
        assert "{amount}" in kind.statement or kind.key in {"one_contact", "one_town"}, kind.key
        for told in (kind.definition, kind.study, kind.limits, kind.innocent):
            assert len(told) > 15, kind.key
    everything = " ".join(k.statement + k.definition for k in known.kinds.values()).lower()
    for never in ("ethnic", "race", "tattoo", "young", "looks like", "victim", "risk"):
        assert never not in everything, never


def _measured(tables: dict[str, pa.Table]) -> dict[str, Any]:
    from harborlight.recognize.review.posts import posts
    from harborlight.recognize.runtime.tally import arrow, ints

    frames = {name: daft.from_arrow(table) for name, table in tables.items()}
    named = arrow(frames["organizations"].sort("organization"))
    gathered = posts(
        frames["ads"],
        frames["signals"],
        frames["members"],
        frames["belongs"],
        ints(named["organization"]),
    )
    found: dict[str, Any] = {}
    found |= findings.measure(
        ads=frames["ads"],
        signals=frames["signals"],
        templates=frames["templates"],
        organizations=named,
        links=frames["links"],
        moves=frames["moves"],
        posts=gathered,
    )
    return found
