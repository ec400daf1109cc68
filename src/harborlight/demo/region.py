"""The ads of the demo: a made-up southern Minnesota, written as its three sites would export them.

`region.yaml` says who posts what. The same file gives the same ads, on every machine.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from random import Random
from typing import Any

import yaml

from harborlight.synthetic.phones import PLAIN, write_phone
from harborlight.synthetic.text import Grammar, disguise

HOURS = (
    "8 and 11",
    "9 am and noon",
    "noon",
    "2 and 5",
    "half past three",
    "4 pm",
    "6 in the evening",
)
SECTIONS = {
    "goods": "household",
    "rent": "rentals",
    "service": "services",
    "lessons": "lessons",
    "pets": "household",
    "rides": "services",
}
#: The columns of the exports, in the words of the sites.
CSV_COLUMNS = (
    *("posting id", "site", "category", "posted", "city"),
    *("headline", "body", "phone", "image hash", "url"),
)


@dataclass(frozen=True)
class Ad:
    """One made-up ad. `poster` is who posted it, which no export tells."""

    posted: datetime
    site: str
    section: str
    town: str
    title: str
    text: str
    image: str | None
    poster: str


@dataclass(frozen=True)
class Demo:
    """The files of the demo and what is true about them."""

    files: list[Path]
    closed: str  # as --closed takes it
    posters: dict[str, str]  # ad_id: who posted it
    broken: int  # rows that cannot be used


def write(folder: Path) -> Demo:
    """Write the exports of the three sites into a folder, some of their rows broken."""
    source = yaml.safe_load((files("harborlight.demo") / "region.yaml").read_text("utf-8"))
    ads = _Region(source).ads()
    folder.mkdir(parents=True, exist_ok=True)
    closed = source["closed"]
    paths: list[Path] = []
    posters: dict[str, str] = {}
    broken = 0
    for site in source["sites"]:
        letter = site[0].upper()
        named = [(f"{letter}{n:05d}", ad) for n, ad in enumerate(ads[site], 10_001)]
        posters |= {name: ad.poster for name, ad in named}
        if site == source["sites"][-1]:
            path = folder / f"{site.split('.')[0]}.jsonl"
            broken += _write_json(path, named)
        else:
            path = folder / f"{site.split('.')[0]}.csv"
            broken += _write_csv(path, named)
        paths.append(path)
    return Demo(paths, f"{closed['site']}/{closed['section']}@{closed['day']}", posters, broken)


class _Region:
    def __init__(self, source: dict[str, Any]) -> None:
        self.source = source
        self.begin = datetime.combine(source["from"], datetime.min.time(), UTC)
        self.end = datetime.combine(source["to"], datetime.min.time(), UTC)
        self.days = (self.end - self.begin).days
        closed = source["closed"]
        self.closed = f"{closed['site']}/{closed['section']}"
        self.closing = datetime.combine(closed["day"], datetime.min.time(), UTC)
        self.grammar = Grammar()
        draw = self._random("phones").random
        numbers = [
            f"+1{area}55501{n:02d}" for area in (507, 612, 651, 952, 763) for n in range(100)
        ]
        self.phones = [numbers.pop(int(draw() * len(numbers))) for _ in range(len(numbers))]

    def _random(self, *name: object) -> Random:
        return Random(":".join(map(str, name)))  # noqa: S311 - the same ads every time

    def ads(self) -> dict[str, list[Ad]]:
        """All ads of each site, by time."""
        ads: list[Ad] = []
        for poster in [*self.source["organizations"], *self.source["agencies"]]:
            ads += self._organization(poster)
        for poster in self.source["regulars"]:
            ads += self._regular(poster)
        for number in range(self.source["independents"]["posters"]):
            ads += self._independent(number)
        ads = [self._with_site_line(number, ad) for number, ad in enumerate(ads)]
        ads.sort(key=lambda ad: (ad.posted, ad.site, ad.title, ad.text))
        return {site: [ad for ad in ads if ad.site == site] for site in self.source["sites"]}

    def _with_site_line(self, number: int, ad: Ad) -> Ad:
        everybody = self.source["everybody"]
        draw = self._random("everybody", number).random
        if draw() >= everybody["share"]:
            return ad
        return replace(ad, text=f"{ad.text} {_pick(everybody['lines'], draw)}")

    # -- several hands ----------------------------------------------------------------------

    def _organization(self, poster: dict[str, Any]) -> list[Ad]:
        draw = self._random(poster["name"]).random
        phones = [self.phones.pop() for _ in range(poster["phones"])]
        images = [f"{int(draw() * 2**52):016x}" for _ in range(poster["images"])]
        names = [_pick(self.source["names"], draw) for _ in range(poster["phones"] + 2)]
        burst = poster.get("burst", 1)
        ads = []
        for _ in range(poster["ads"] // burst):
            day = int(draw() * self.days)
            leg = day // poster["days"]
            for part in range(burst):
                town = poster["round"][(leg + part) % len(poster["round"])]
                when = self.begin + timedelta(days=day, seconds=int((7 + draw() * 14) * 3600))
                where = self._where(poster, when, draw)
                if where is None:
                    continue
                # A phone serves a town, so that the same is seen again and again.
                at = poster["round"].index(town)
                phone = phones[(at + int(draw() * 2) * (len(phones) > 2)) % len(phones)]
                hidden = draw() < poster["hide"]
                filled = {
                    "town": town,
                    "name": _pick(names, draw),
                    "phone": write_phone(
                        phone, _pick(poster["styles"] if hidden else PLAIN[:3], draw), draw
                    ),
                    "price": f"${20 + 5 * int(draw() * 30)}",
                    "time": _pick(HOURS, draw),
                    "handle": poster.get("handle", ""),
                }
                title = _pick(poster["titles"], draw).format(**filled)
                text = _pick(poster["wordings"], draw).strip().format(**filled)
                if draw() < 0.3 and poster.get("disguise"):
                    text = self._disguised(text, poster["disguise"], draw)
                image = _pick(images, draw) if images and draw() < 0.6 else None
                ads.append(Ad(when, *where, town, title, text, image, poster["name"]))
        return ads

    def _disguised(self, text: str, share: float, draw: Any) -> str:
        return " ".join(
            disguise(word, draw) if word.isalpha() and draw() < share else word
            for word in text.split(" ")
        )

    def _where(self, poster: dict[str, Any], when: datetime, draw: Any) -> tuple[str, str] | None:
        """The site and section of an ad; None when its section is closed and it goes nowhere."""
        choices = [place for place, often in poster["posts"].items() for _ in range(often)]
        place = _pick(choices, draw)
        if place == self.closed and when >= self.closing:
            after = [p for p, often in poster.get("after", {}).items() for _ in range(often)]
            # It takes some days until they stand elsewhere.
            if not after or when < self.closing + timedelta(days=2 + draw() * 5):
                return None
            place = _pick(after, draw)
        site, section = place.split("/")
        return site, section

    # -- one hand ---------------------------------------------------------------------------

    def _regular(self, poster: dict[str, Any]) -> list[Ad]:
        draw = self._random(poster["name"]).random
        phone = write_phone(self.phones.pop(), "dash", draw)
        ads = []
        for number in range(poster["ads"]):
            when = self.begin + timedelta(
                days=number * self.days / poster["ads"], seconds=int((8 + draw() * 10) * 3600)
            )
            where = self._where(poster, when, draw)
            if where is not None:
                town = poster["towns"][number % len(poster["towns"])]
                title = poster["title"].format(town=town)
                text = poster["text"].strip().format(town=town, phone=phone)
                ads.append(Ad(when, *where, town, title, text, None, poster["name"]))
        return ads

    def _independent(self, number: int) -> list[Ad]:
        """One person's ad in one town, now and then posted again, there or after a closing."""
        draw = self._random("independent", number).random
        grammar = self.grammar
        topic = _pick(list(SECTIONS), draw)
        towns = [t for t, often in self.source["towns"].items() for _ in range(often)]
        town = _pick(towns, draw).removesuffix(", MN")
        said: set[tuple[str, int]] = set()
        sentences = [grammar.write_own(topic, draw, town, said) for _ in range(4 + int(draw() * 4))]
        if draw() < 0.5:
            sentences.append(grammar.draw_boilerplate(draw))
        if draw() < 0.3 and len(self.phones) > 40:
            style = _pick(PLAIN, draw) if draw() < 0.9 else "words_mixed"
            sentences.append(f"call {write_phone(self.phones.pop(), style, draw)}")
        text = " ".join(s[:1].upper() + s[1:] + "." for s in sentences)
        title = grammar.write(grammar.titles[topic], draw, town)
        title = title[:1].upper() + title[1:]
        image = f"{int(draw() * 2**52):016x}" if draw() < 0.3 else None
        sites = [f"{site}/{SECTIONS[topic]}" for site in self.source["sites"]]
        poster = {"posts": {_pick(sites, draw): 1}, "after": {}}
        if draw() < 0.4:
            poster["after"] = {s: 1 for s in sites if s != self.closed} or {}
        times = 1
        if draw() < self.source["independents"]["repost"]:
            times += 1 + int(draw() * 3)
        when = self.begin + timedelta(seconds=draw() * self.days * 86_400)
        ads = []
        for _ in range(times):
            where = self._where(poster, when, draw)
            if where is not None and when < self.end:
                who = f"independent {number}"
                ads.append(Ad(when, *where, town, title, text, image, who))
            when += timedelta(days=2 + draw() * 16)
        return ads


def _pick(options: Sequence[Any], draw: Any) -> Any:
    return options[int(draw() * len(options))]


# -- the sites' exports -----------------------------------------------------------------------


def _write_csv(path: Path, named: list[tuple[str, Ad]]) -> int:
    """A CSV export; three rows without text and one cut short."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(CSV_COLUMNS)
        for row, (name, ad) in enumerate(named):
            cells = [
                name,
                ad.site,
                ad.section,
                ad.posted.strftime("%Y-%m-%d %H:%M"),
                f"{ad.town}, MN",
                ad.title,
                ad.text,
                "",
                ad.image or "",
                f"https://{ad.site}/{ad.section}/{name.lower()}",
            ]
            writer.writerow(cells)
            if row in (40, 340, 640):
                writer.writerow([f"{name}x", *cells[1:5], "", "", "", "", cells[9]])
            if row == 500:
                writer.writerow(cells[:4])
    return sum(row < len(named) for row in (40, 340, 640, 500))


def _write_json(path: Path, named: list[tuple[str, Ad]]) -> int:
    """A JSON lines export; two lines that are no JSON and one ad without text."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for row, (name, ad) in enumerate(named):
            fields = {
                "id": name,
                "source": ad.site,
                "section": ad.section,
                "created_at": ad.posted.isoformat(),
                "town": f"{ad.town}, Minnesota",
                "title": ad.title,
                "description": ad.text,
                "image_hash": ad.image,
                "link": f"https://{ad.site}/{name.lower()}",
            }
            line = json.dumps(fields, ensure_ascii=False)
            file.write(line + "\n")
            if row in (120, 420):
                file.write(line[: len(line) // 2] + "\n")
            if row == 300:
                file.write(json.dumps({**fields, "id": f"{name}x", "description": ""}) + "\n")
    return sum(row < len(named) for row in (120, 420, 300))
