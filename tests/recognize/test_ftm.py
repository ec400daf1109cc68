"""FollowTheMoney: every entity holds to its schema, by the library that defines them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from followthemoney import model
from world import World, crew

from harborlight.recognize.output.ftm import write_ftm

TOWNS = ["Mankato, MN", "New Ulm, MN"]


def entities(path: Path, world: World) -> list[dict[str, Any]]:
    tables = world.tables()
    number = write_ftm(
        path, tables["ads"], tables["belongs"], tables["organizations"], tables["signals"]
    )
    lines = path.read_text("utf-8").splitlines()
    assert len(lines) == number
    return [json.loads(line) for line in lines]


@pytest.fixture
def world() -> World:
    world = World()
    crew(
        world,
        "O1",
        ["507-555-0101", "507-555-0102"],
        TOWNS,
        site="a.example",
        section="services",
        title="Hauling \u202e \x00 <b>",
        url="https://a.example/1",
    )
    crew(world, "O2", ["612-555-0103"], TOWNS, url="javascript:alert(1)")
    world.post("mail kit@example.com or instagram: kit.hauls \x00", "O2", "T-O2")
    world.post("alone in the world, 507-555-0199")
    return world


def test_every_entity_is_valid_and_nothing_in_it_is_dropped(tmp_path: Path, world: World) -> None:
    for entity in entities(tmp_path / "ftm.json", world):
        schema = model.get(entity["schema"])
        assert schema is not None
        schema.validate(entity)
        clean = model.get_proxy(entity, cleaned=False)
        again = model.make_entity(entity["schema"])
        for name, values in entity["properties"].items():
            for value in values:
                again.add(name, value)
            assert len(again.get(name)) == len(values) == len(clean.get(name)), (name, values)


def test_ads_organizations_and_what_ties_them(tmp_path: Path, world: World) -> None:
    found = entities(tmp_path / "ftm.json", world)
    by_schema: dict[str, list[dict[str, Any]]] = {}
    for entity in found:
        by_schema.setdefault(entity["schema"], []).append(entity)
    # Nothing says that there is a person, a company or a crime.
    assert set(by_schema) == {"Article", "UserAccount", "Documentation"}
    assert [len(by_schema[s]) for s in ("Article", "UserAccount", "Documentation")] == [9, 2, 9]
    ids = [entity["id"] for entity in found]
    assert len(set(ids)) == len(ids)
    account = next(e for e in by_schema["UserAccount"] if e["properties"]["username"] == ["O1"])
    phones = [n for n in account["properties"]["notes"] if n.startswith("Phone")]
    assert phones == ["Phone: +15075550101", "Phone: +15075550102"]
    said = [e["properties"].get("phoneMentioned") for e in by_schema["Article"]]
    assert said.count(["+15075550101"]) == 2
    assert "Not a finding about any person" in account["properties"]["summary"][0]
    for tie in by_schema["Documentation"]:
        assert {*tie["properties"]["document"], *tie["properties"]["entity"]} <= set(ids)
    assert sum(account["id"] in t["properties"]["entity"] for t in by_schema["Documentation"]) == 4
    bodies = {e["properties"]["bodyText"][0] for e in by_schema["Article"]}
    assert not any("alone" in body for body in bodies)
    assert not any("javascript" in u for e in found for u in e["properties"].get("sourceUrl", []))
    mailed = next(e for e in by_schema["Article"] if "kit@" in e["properties"]["bodyText"][0])
    assert mailed["properties"]["emailMentioned"] == ["kit@example.com"]


def test_the_same_bytes_whatever_the_order_of_rows(tmp_path: Path, world: World) -> None:
    tables = world.tables()
    names = ("ads", "belongs", "organizations", "signals")
    write_ftm(tmp_path / "a", *(tables[n] for n in names))
    backward = {
        name: tables[name].take(pa.array(range(tables[name].num_rows - 1, -1, -1), pa.int64()))
        for name in ("belongs", "organizations", "signals")
    }
    write_ftm(tmp_path / "b", *({**tables, **backward}[n] for n in names))
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_no_organization_gives_an_empty_file(tmp_path: Path) -> None:
    lone = World()
    lone.post("alone in the world")
    assert entities(tmp_path / "ftm.json", lone) == []
