"""Who posts in a planted corpus, and what: organizations with templates, and independent posters.

An ad is a tuple in the order of FIELDS without ad_id; its truth a tuple (template, organization,
tier, phones, phone styles). `draw` gives floats in [0, 1).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from harborlight.synthetic.options import Options
from harborlight.synthetic.phones import HIDDEN, PLAIN, write_phone
from harborlight.synthetic.text import (
    Draw,
    Fixed,
    Grammar,
    add_noise,
    disguise,
    move_blocks,
    words_file,
)

Ad = tuple[Any, ...]
Truth = tuple[Any, ...]

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


@dataclass
class Organization:
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
class Template:
    number: int
    topic: str
    tier: str
    title: list[str]
    sentences: list[list[str]]
    ending: str
    casing: int


class Posters:
    """Everyone who posts; hands out phone numbers, none twice, and numbers in order."""

    def __init__(self, options: Options, draw: Draw) -> None:
        self.options = options
        self.grammar = Grammar(options.vocabulary)
        source = words_file()
        self.regions: list[list[list[Any]]] = source["regions"]
        self.sites: list[str] = source["sites"]
        self.emoji: list[str] = source["emoji"]
        self.days = (options.end - options.start).total_seconds() / 86400
        numbers = [f"+1{a}55501{n:02d}" for a in source["area_codes"] for n in range(100)]
        shuffle(numbers, draw)
        self.free_phones = numbers
        self.phones_for_organizations = round(len(numbers) * 0.8)
        self.templates = 0
        self.organizations = 0

    # -- organizations and templates --------------------------------------------------------

    def organization(self, ads: int, draw: Draw) -> Organization:
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
        shuffle(stops, draw)
        begin = draw() * self.days * 0.6
        sites = list(self.sites)
        shuffle(sites, draw)
        first = self.grammar.fill["name"]
        return Organization(
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

    def template(self, tier: str, organization: Organization, draw: Draw) -> Template:
        number, self.templates = self.templates, self.templates + 1
        grammar = self.grammar
        topic = grammar.topics[int(draw() * len(grammar.topics))]
        # Two templates of an organization have something in common: its phones, or its handle
        # when it has none, or its images.
        phone, handle = bool(organization.phones), bool(organization.handle)
        shares = {
            "phone": phone * (0.85 if organization.tells else 1.0),
            "handle": handle * (0.5 if phone else 1.0),
            "link": 0.5 * bool(organization.link),
        }
        kinds = [kind for kind, share in shares.items() if draw() < share]
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
        return Template(
            number=number,
            topic=topic,
            tier=tier,
            title=sentences[0],
            sentences=sentences[1:],
            ending=_ending(draw),
            casing=index(draw(), (0.5, 0.93)),
        )

    def template_ad(
        self, template: Template, organization: Organization, draw: Draw
    ) -> tuple[Ad, Truth]:
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
        first, sentences = sentences[0], sentences[1:]
        if tier == "hard":
            sentences = [self._disguised(words, draw) for words in move_blocks(sentences, draw)]
            first = self._disguised(first, draw)
        sentences = [words for words in sentences if words]
        text = _joined(sentences, template.ending)
        image = None
        if draw() < organization.tells:
            image = organization.images[int(draw() * len(organization.images))]
        site = organization.sites[int(draw() * len(organization.sites))]
        truth = (template.number, organization.number, tier, phones, styles)
        title = " ".join(first)
        return self._row(template.topic, title, text, town, day, site, image, truth, draw)

    def _fill(
        self,
        word: str,
        organization: Organization,
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

    def single(self, draw: Draw) -> tuple[Ad, Truth]:
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
        casing = index(draw(), (0.5, 0.95))
        sentences = [
            _cased([Fixed(t) if any(c.isdigit() for c in t) else t], casing) for t in texts
        ]
        text = _joined(sentences, _ending(draw))
        image = _image(draw) if draw() < 0.4 else None
        site = self.sites[int(draw() * len(self.sites))]
        truth = (None, None, "single", phones, styles)
        return self._row(topic, title, text, town, draw() * self.days, site, image, truth, draw)

    def repost(self, copies: int, draw: Draw) -> Iterator[tuple[Ad, Truth]]:
        """One independent poster's own ad again, a few days later: a template of its own."""
        ad, truth = self.single(draw)
        template, self.templates = self.templates, self.templates + 1
        organization, self.organizations = self.organizations, self.organizations + 1
        posted = ad[0]
        for _ in range(copies):
            when = min(posted, self.options.end - timedelta(days=1))
            yield (when, *ad[1:]), (template, organization, "easy", *truth[3:])
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
        truth: Truth,
        draw: Draw,
    ) -> tuple[Ad, Truth]:
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


def index(value: float, bounds: tuple[float, ...]) -> int:
    return sum(value >= bound for bound in bounds)


def shuffle(items: list[Any], draw: Draw) -> None:
    for i in range(len(items) - 1, 0, -1):
        j = int(draw() * (i + 1))
        items[i], items[j] = items[j], items[i]


def _shuffled(items: list[str], draw: Draw) -> list[str]:
    out = list(items)
    shuffle(out, draw)
    return out


def _image(draw: Draw) -> str:
    return f"{int(draw() * 2**32):08x}{int(draw() * 2**32):08x}"


def _ending(draw: Draw) -> str:
    return (". ", "! ", ".\n", " ", ", ", " - ")[index(draw(), (0.5, 0.65, 0.8, 0.88, 0.95))]


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
