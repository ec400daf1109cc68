"""Planted corpora: neutral made-up ads of which the truth is known.

The bench, the demo and the tests make their ads here. Some ads follow templates of organizations
that move from town to town; the others are singles by independent posters. All are open to being
mixed up: everyone uses the same common sentences, and some numbers, links and images are carried
by ads that have nothing to do with each other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from harborlight.recognize.planted_phones import HIDDEN, PLAIN, write_phone
from harborlight.recognize.planted_text import (
    Draw,
    Fixed,
    Grammar,
    add_noise,
    disguise,
    move_blocks,
    words_file,
)
from harborlight.recognize.schema import ADS, FIELDS

ADS_TABLE = pa.schema([ADS.field(name) for name in FIELDS])
TRUTH = pa.schema(
    [
        pa.field("ad_id", pa.string(), nullable=False),
        pa.field("template", pa.int64()),  # null for a single
        pa.field("organization", pa.int64()),  # null for a single
        pa.field("tier", pa.string(), nullable=False),  # easy, medium, hard, single
        pa.field("phones", pa.list_(pa.string()), nullable=False),  # E.164, as they stand in text
        pa.field("phone_styles", pa.list_(pa.string()), nullable=False),  # one for each phone
    ]
)

HOTLINE = "+18005550199"
COMMON_LINK = "www.townboard.example/safety"
PLACEHOLDERS = ("555-555-5555", "000-000-0000", "(555) 555-5555")
BLANK_IMAGES = ("0000000000000000", "ffffffffffffffff")
SECTIONS = {
    "goods": "household",
    "rent": "rentals",
    "service": "services",
    "lessons": "lessons",
    "pets": "pets",
    "rides": "rides",
    "spanish": "services",
}
_BATCH = 50_000


@dataclass(frozen=True)
class Options:
    """What a planted corpus is like. Shares are in 0..1."""

    singles: float = 0.35  # share of ads that follow no template
    tiers: tuple[float, float, float] = (0.34, 0.33, 0.33)  # easy, medium, hard among the rest
    medium_noise: float = 0.08  # share of words changed
    hard_noise: float = 0.18
    disguised: float = 0.2  # share of words of a hard ad written in other letters
    words: tuple[int, int] = (30, 90)  # length of an ad
    boilerplate: tuple[int, int] = (1, 4)  # common sentences of a single ad
    mostly_boilerplate: float = 0.17  # share of singles of which over half is common sentences
    template_boilerplate: tuple[int, int] = (0, 2)
    vocabulary: float = 1.0  # share of the word lists that is used
    spanish: float = 0.03  # share of singles in Spanish
    reposts: float = 0.02  # share of ads that are one poster's same ad two or three times
    decoys: float = 0.015  # share of ads with the hotline; link, placeholder, blank image likewise
    largest: int | None = None  # ads of the largest template; by default grows with the corpus
    start: datetime = datetime(2016, 10, 1, tzinfo=UTC)
    end: datetime = datetime(2017, 4, 1, tzinfo=UTC)
    closed: tuple[str, str, datetime] | None = None  # site, section and when it closes


@dataclass
class Planted:
    """A corpus and its truth, both sorted by ad_id."""

    ads: pa.Table  # ADS_TABLE
    truth: pa.Table  # TRUTH

    def write(self, path: Path | str) -> Path:
        """Write the ads to a .csv or .parquet file, a batch at a time, and return its path."""
        path = Path(path)
        if path.suffix == ".csv":
            with pa.csv.CSVWriter(path, self.ads.schema) as writer:
                for batch in self.ads.to_batches(max_chunksize=_BATCH):
                    writer.write_batch(batch)
        elif path.suffix == ".parquet":
            pa.parquet.write_table(self.ads, path, row_group_size=_BATCH)
        else:
            raise ValueError(f"{path}: a planted corpus is written as .csv or .parquet")
        return path


@dataclass
class _Organization:
    number: int
    phones: list[str]
    names: list[str]
    handle: str | None
    link: str | None
    images: list[str]
    region: list[list[Any]]
    circuit: list[int]  # indexes into region
    dwell: float  # days in a town
    begin: float  # days after the start
    until: float
    sites: list[str]
    tells: float  # share of its ads with an image


@dataclass
class _Template:
    number: int
    topic: str
    tier: str
    title: list[str]
    sentences: list[list[str]]
    ending: str
    casing: int


@dataclass
class _Rows:
    """Ads and truth by column, turned into Arrow a batch at a time."""

    ads: list[list[Any]] = field(default_factory=lambda: [[] for _ in FIELDS[1:]])
    truth: list[list[Any]] = field(default_factory=lambda: [[] for _ in range(5)])

    def add(self, ad: tuple[Any, ...], truth: tuple[Any, ...]) -> None:
        for column, value in zip(self.ads, ad, strict=True):
            column.append(value)
        for column, value in zip(self.truth, truth, strict=True):
            column.append(value)


def plant(ads: int, seed: int, options: Options | None = None) -> Planted:
    """Make a corpus of ``ads`` ads; the same numbers and options give the same corpus.

    Raises ValueError when ``ads`` is negative.
    """
    if ads < 0:
        raise ValueError(f"a corpus cannot have {ads} ads")
    return _Planter(ads, seed, options or Options()).plant()


class _Planter:
    def __init__(self, ads: int, seed: int, options: Options) -> None:
        self.ads, self.seed, self.options = ads, seed, options
        self.grammar = Grammar(options.vocabulary)
        source = words_file()
        self.regions: list[list[list[Any]]] = source["regions"]
        self.sites: list[str] = source["sites"]
        self.emoji: list[str] = source["emoji"]
        self.days = (options.end - options.start).total_seconds() / 86400
        draw = self._random("phones").random
        numbers = [f"+1{a}55501{n:02d}" for a in source["area_codes"] for n in range(100)]
        _shuffle(numbers, draw)
        self.free_phones = numbers
        self.phones_for_organizations = round(len(numbers) * 0.8)
        self.templates = 0
        self.organizations = 0
        self.rows = _Rows()

    def _random(self, *name: object) -> Random:
        return Random(":".join(str(part) for part in (self.seed, *name)))  # noqa: S311

    # -- the whole --------------------------------------------------------------------------

    def plant(self) -> Planted:
        batches: list[tuple[pa.Table, pa.Table]] = []
        for _ in self._ads():
            if len(self.rows.truth[0]) >= _BATCH:
                batches.append(self._table())
        batches.append(self._table())
        ads = pa.concat_tables(a for a, _ in batches)
        truth = pa.concat_tables(t for _, t in batches)
        order = list(range(ads.num_rows))
        _shuffle(order, self._random("order").random)
        ids = [f"p{n:08d}" for n in range(ads.num_rows)]
        ad_tables, truth_tables = [], []
        for first in range(0, max(1, len(order)), _BATCH):
            rows = pa.array(order[first : first + _BATCH], pa.int64())
            names = pa.array(ids[first : first + _BATCH], pa.string())
            ad_tables.append(ads.take(rows).set_column(0, "ad_id", names))
            truth_tables.append(truth.take(rows).set_column(0, "ad_id", names))
        return Planted(
            pa.concat_tables(ad_tables).cast(ADS_TABLE), pa.concat_tables(truth_tables).cast(TRUTH)
        )

    def _table(self) -> tuple[pa.Table, pa.Table]:
        rows, self.rows = self.rows, _Rows()
        none = pa.array([""] * len(rows.truth[0]), pa.string())
        ads = [pa.array(c, f.type) for c, f in zip(rows.ads, list(ADS_TABLE)[1:], strict=True)]
        truth = [pa.array(c, f.type) for c, f in zip(rows.truth, list(TRUTH)[1:], strict=True)]
        return (
            pa.table([none, *ads], schema=ADS_TABLE),
            pa.table([none, *truth], schema=TRUTH),
        )

    def _ads(self) -> Iterator[None]:
        singles = round(self.ads * self.options.singles)
        reposts = round(self.ads * self.options.reposts)
        left = self.ads - singles - reposts
        if left < 2:
            singles, left = singles + left, 0
        tiers = dict(zip(("easy", "medium", "hard"), self.options.tiers, strict=True))
        short = {tier: share * left for tier, share in tiers.items()}
        sizes = self._random("sizes").random
        largest = self.options.largest or max(6, min(self.ads // 60, 5000))
        while left >= 2:
            draw = self._random("organization", self.organizations).random
            count = 1 + _index(draw(), (0.55, 0.75, 0.87, 0.95))
            planned: list[tuple[str, int]] = []
            for _ in range(count):
                size = min(int(2 / max(1 - sizes(), 1e-9) ** (1 / 1.1)), largest)
                size = min(size, left)
                if left - size == 1:
                    size += 1
                if size < 2:
                    break
                left -= size
                tier = max(short, key=lambda t: (short[t], t))
                short[tier] -= size
                planned.append((tier, size))
            organization = self._organization(sum(size for _, size in planned), draw)
            for tier, size in planned:
                template = self._template(tier, organization, draw)
                for _ in range(size):
                    self._template_ad(template, organization, draw)
                    yield
        singles += left
        while reposts >= 2:
            draw = self._random("repost", self.organizations).random
            copies = reposts if reposts <= 3 else 2 + (draw() < 0.4)
            self._repost(copies, draw)
            reposts -= copies
            yield
        draw = self._random("singles").random
        for _ in range(singles + reposts):
            self.rows.add(*self._single(draw))
            yield

    # -- organizations and templates --------------------------------------------------------

    def _organization(self, ads: int, draw: Draw) -> _Organization:
        number, self.organizations = self.organizations, self.organizations + 1
        wanted = 1 + min(int(draw() * draw() * 6), ads // 6)
        phones: list[str] = []
        while len(phones) < wanted and self.phones_for_organizations > 0:
            phones.append(self.free_phones.pop())
            self.phones_for_organizations -= 1
        surnames = self.grammar.surnames
        word = surnames[int(draw() * len(surnames))].lower()
        handle = f"@{word}_{number % 997}{'crew' if draw() < 0.5 else 'co'}"
        link = f"www.{word}{number}.example" if draw() < 0.7 else f"https://{word}{number}.example"
        region = self.regions[int(draw() * len(self.regions))]
        stops = list(range(len(region)))
        _shuffle(stops, draw)
        begin = draw() * self.days * 0.6
        sites = list(self.sites)
        _shuffle(sites, draw)
        first = self.grammar.fill["name"]
        return _Organization(
            number=number,
            phones=phones,
            names=[first[int(draw() * len(first))] for _ in range(2 + int(draw() * 5))],
            handle=handle if draw() < 0.3 or not phones else None,
            link=link if draw() < 0.25 else None,
            images=[_image(draw) for _ in range(1 + int(draw() * 4))],
            region=region,
            circuit=stops[: 1 + int(draw() * min(6, len(stops)))],
            dwell=2 + draw() * 12,
            begin=begin,
            until=begin + (self.days - begin) * (0.3 + 0.7 * draw()),
            sites=sites[: 1 + int(draw() * 3)],
            tells=0.7 if draw() < 0.6 else 0.0,
        )

    def _template(self, tier: str, organization: _Organization, draw: Draw) -> _Template:
        number, self.templates = self.templates, self.templates + 1
        grammar = self.grammar
        topic = grammar.topics[int(draw() * len(grammar.topics))]
        contacts = [("phone", 0.85 if organization.phones else 0.0)]
        contacts.append(("handle", 0.5 if organization.handle else 0.0))
        contacts.append(("link", 0.5 if organization.link else 0.0))
        kinds = [kind for kind, share in contacts if draw() < share]
        if "phone" in kinds and len(organization.phones) > 1 and draw() < 0.15:
            kinds.append("phone")
        if not kinds:
            kinds.append("phone" if organization.phones else "handle")
        texts = [grammar.write(grammar.contact[kind], draw, None) for kind in kinds]
        low, high = self.options.template_boilerplate
        for _ in range(low + int(draw() * (high - low + 1))):
            texts.append(grammar.draw_boilerplate(draw))
        length = self.options.words[0] + draw() * (self.options.words[1] - self.options.words[0])
        own: list[str] = []
        said: set[tuple[str, int]] = set()
        while not own or sum(len(t.split()) for t in own + texts) < length - 4:
            own.append(grammar.write_own(topic, draw, None, said))
        title = grammar.write(grammar.titles[topic], draw, None)
        if sum(text.count("{") for text in [title, *own, *texts]) < 2:
            texts.append(grammar.write(grammar.contact["other"], draw, None))
        texts = [own[0], *_shuffled(own[1:] + texts, draw)]
        open_slots = 2 + int(draw() * 5)
        sentences = []
        for text in [title, *texts]:
            words = []
            for word in text.split():
                if "{" in word and not any(k in word for k in ("{phone}", "{handle}", "{link}")):
                    if open_slots <= 0:
                        for name, fill in grammar.fill.items():
                            word = word.replace(f"{{{name}}}", fill[int(draw() * len(fill))])
                    open_slots -= 1
                words.append(word)
            sentences.append(words)
        return _Template(
            number=number,
            topic=topic,
            tier=tier,
            title=sentences[0],
            sentences=sentences[1:],
            ending=_ending(draw),
            casing=_index(draw(), (0.5, 0.93)),
        )

    def _template_ad(self, template: _Template, organization: _Organization, draw: Draw) -> None:
        options, tier = self.options, template.tier
        day = organization.begin + draw() * (organization.until - organization.begin)
        leg = int((day - organization.begin) / organization.dwell)
        town = organization.region[organization.circuit[leg % len(organization.circuit)]]
        phones: list[str] = []
        styles: list[str] = []
        fill = {"place": town[0], "handle": organization.handle, "link": organization.link}
        sentences = []
        for words in [template.title, *template.sentences]:
            out: list[str] = []
            for word in words:
                if "{" in word:
                    out.append(self._fill(word, organization, fill, tier, phones, styles, draw))
                else:
                    out.append(word)
            sentences.append(_cased(out, template.casing))
        if tier != "easy":
            noise = options.medium_noise if tier == "medium" else options.hard_noise
            vocabulary = self.grammar.noise_words
            sentences = [add_noise(words, noise, vocabulary, draw) for words in sentences]
        title, sentences = sentences[0], sentences[1:]
        if tier == "hard":
            sentences = [self._disguised(words, draw) for words in move_blocks(sentences, draw)]
            title = self._disguised(title, draw)
        sentences = [words for words in sentences if words]
        text = _joined(sentences, template.ending)
        image = None
        if draw() < organization.tells:
            image = organization.images[int(draw() * len(organization.images))]
        site = organization.sites[int(draw() * len(organization.sites))]
        truth = (template.number, organization.number, tier, phones, styles)
        self.rows.add(
            *self._row(template.topic, " ".join(title), text, town, day, site, image, truth, draw)
        )

    def _fill(
        self,
        word: str,
        organization: _Organization,
        fill: dict[str, str | None],
        tier: str,
        phones: list[str],
        styles: list[str],
        draw: Draw,
    ) -> Fixed:
        for kind in ("name", "place", "price", "time", "handle", "link"):
            marker = f"{{{kind}}}"
            if marker in word:
                value = fill.get(kind)
                if value is None:
                    values = organization.names if kind == "name" else self.grammar.fill[kind]
                    value = values[int(draw() * len(values))]
                word = word.replace(marker, value)
        if "{phone}" in word:
            free = [p for p in organization.phones if p not in phones] or organization.phones
            phone = free[int(draw() * len(free))]
            word = word.replace("{phone}", self._phone(phone, tier, phones, styles, draw))
        return Fixed(word)

    def _phone(
        self, phone: str, tier: str, phones: list[str], styles: list[str], draw: Draw
    ) -> str:
        hidden = draw() < {"hard": 0.8, "medium": 0.2}.get(tier, 0.05)
        choices = HIDDEN if hidden else PLAIN
        style = choices[int(draw() * len(choices))]
        phones.append(phone)
        styles.append(style)
        return write_phone(phone, style, draw)

    def _disguised(self, words: list[str], draw: Draw) -> list[str]:
        out: list[str] = []
        share = self.options.disguised
        for word in words:
            if type(word) is not Fixed and draw() < share:
                word = disguise(word, draw)
            out.append(word)
            if draw() < 0.04:
                out.append(Fixed(self.emoji[int(draw() * len(self.emoji))]))
        return out

    # -- independent posters ----------------------------------------------------------------

    def _single(self, draw: Draw) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
        grammar, options = self.grammar, self.options
        spanish = draw() < options.spanish
        topic = "spanish" if spanish else grammar.topics[int(draw() * len(grammar.topics))]
        region = self.regions[int(draw() * len(self.regions))]
        town = region[int(draw() * len(region))]
        low, high = options.boilerplate
        common = low + int(draw() * (high - low + 1))
        texts: list[str] = []
        while len(texts) < common:
            text = grammar.draw_boilerplate(draw, spanish and draw() < 0.8)
            if text not in texts:
                texts.append(text)
        phones: list[str] = []
        styles: list[str] = []
        if self.free_phones and draw() < 0.5:
            number = self.free_phones.pop()
            sentence = grammar.write(grammar.contact["phone"], draw, None)
            for name, fill in grammar.fill.items():
                sentence = sentence.replace(f"{{{name}}}", fill[int(draw() * len(fill))])
            phone = self._phone(number, "single", phones, styles, draw)
            texts.append(sentence.replace("{phone}", phone))
        # Some singles say little of its own: over half of it is what everybody writes.
        words = sum(len(t.split()) for t in texts)
        length = options.words[0] + draw() ** 1.5 * (options.words[1] - options.words[0])
        if draw() < options.mostly_boilerplate:
            while words < 0.55 * length:
                texts.append(grammar.draw_boilerplate(draw, spanish and draw() < 0.8))
                words += len(texts[-1].split())
            texts = list(dict.fromkeys(texts))
        else:
            length = max(length, words * 1.5)
        own: list[str] = []
        said: set[tuple[str, int]] = set()
        while not own or words < length - 4:
            own.append(grammar.write_own(topic, draw, town[0], said))
            words += len(own[-1].split())
        texts = own[:1] + _shuffled(own[1:] + texts, draw)
        title = grammar.write(grammar.titles[topic], draw, town[0])
        casing = _index(draw(), (0.5, 0.95))
        sentences = [
            _cased([Fixed(t) if any(c.isdigit() for c in t) else t], casing) for t in texts
        ]
        text = _joined(sentences, _ending(draw))
        image = _image(draw) if draw() < 0.4 else None
        site = self.sites[int(draw() * len(self.sites))]
        truth = (None, None, "single", phones, styles)
        return self._row(topic, title, text, town, draw() * self.days, site, image, truth, draw)

    def _repost(self, copies: int, draw: Draw) -> None:
        """One independent poster's own ad again, a few days later: a template of its own."""
        ad, truth = self._single(draw)
        template, self.templates = self.templates, self.templates + 1
        organization, self.organizations = self.organizations, self.organizations + 1
        posted = ad[0]
        for _ in range(copies):
            when = min(posted, self.options.end - timedelta(days=1))
            self.rows.add((when, *ad[1:]), (template, organization, "easy", *truth[3:]))
            posted += timedelta(seconds=int((1 + draw() * 9) * 86400))

    # -- one row ----------------------------------------------------------------------------

    def _row(
        self,
        topic: str,
        title: str,
        text: str,
        town: list[Any],
        day: float,
        site: str,
        image: str | None,
        truth: tuple[Any, ...],
        draw: Draw,
    ) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
        decoys = self.options.decoys
        if decoys and draw() < decoys * 4:
            kind = int(draw() * 4)
            if kind == 0:
                text += " report a problem with this ad at 800-555-0199"
                truth = (*truth[:3], [*truth[3], HOTLINE], [*truth[4], "dash"])
            elif kind == 1:
                text += f" read the safety tips on {COMMON_LINK}"
            elif kind == 2:
                text += f" phone {PLACEHOLDERS[int(draw() * len(PLACEHOLDERS))]}"
            else:
                image = BLANK_IMAGES[int(draw() * 2)]
        posted = self.options.start + timedelta(seconds=int(day * 86400))
        section = SECTIONS[topic]
        closed = self.options.closed
        if closed and (site, section) == closed[:2] and posted >= closed[2]:
            others = [s for s in self.sites if s != site]
            site = others[int(draw() * len(others))]
        column = None
        if truth[3] and draw() < 0.05:
            column = write_phone(truth[3][0], "dash", draw)
        url = f"https://{site}/{int(draw() * 1e10):010d}"
        place = f"{town[0]}, {town[1]}"
        ad = (posted, site, section, place, town[2], town[3], title, text, column, image, url)
        return ad, truth


def _index(value: float, bounds: tuple[float, ...]) -> int:
    return sum(value >= bound for bound in bounds)


def _shuffle(items: list[Any], draw: Draw) -> None:
    for i in range(len(items) - 1, 0, -1):
        j = int(draw() * (i + 1))
        items[i], items[j] = items[j], items[i]


def _shuffled(items: list[str], draw: Draw) -> list[str]:
    out = list(items)
    _shuffle(out, draw)
    return out


def _image(draw: Draw) -> str:
    return f"{int(draw() * 2**32):08x}{int(draw() * 2**32):08x}"


def _ending(draw: Draw) -> str:
    return (". ", "! ", ".\n", " ", ", ", " - ")[_index(draw(), (0.5, 0.65, 0.8, 0.88, 0.95))]


def _cased(words: list[str], casing: int) -> list[str]:
    """Casing 0 starts with a capital, 1 is lower, 2 is upper. Fixed words stay."""
    if casing == 0:
        if words and type(words[0]) is not Fixed:
            words[0] = words[0][:1].upper() + words[0][1:]
        return words
    return [w if type(w) is Fixed else (w.lower() if casing == 1 else w.upper()) for w in words]


def _joined(sentences: list[list[str]], ending: str) -> str:
    text = ending.join(" ".join(words) for words in sentences)
    return text + ending.rstrip() if ending[0] in ".!" else text
