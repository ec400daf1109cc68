"""Neutral ad text for planted corpora: a grammar to write it, and noise to disguise it.

Randomness comes from ``draw``, a function that returns floats in [0, 1) (``Random.random``, which
Python promises to keep the same from version to version); everything is drawn by index.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from functools import cache
from importlib.resources import files
from itertools import accumulate
from typing import Any

import yaml

Draw = Callable[[], float]

#: What a template may leave open. ``phone``, ``handle`` and ``link`` are its identifiers.
SLOTS = ("name", "place", "price", "time", "phone", "handle", "link")

CONFUSABLE = dict(zip("aceiopsxyjhABCEHKMOPTX", "асеіорѕхујһАВСЕНКМОРТХ", strict=True))
LEET = {"a": "4", "e": "3", "i": "1", "o": "0", "s": "5", "t": "7"}
INVISIBLE = ("\u200b", "\u200c", "\u200d", "\u2060", "\ufeff")

_NUMBERED = {"surname", "many", "months", "few", "size", "code", "clock"}
_NUMBERS = {"zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"}
_ARTICLE = re.compile(r"\ba (?=[aei](?!lguien)|o(?!ne ))")


class Slot(str):
    """The name of a slot inside a compiled sentence."""

    __slots__ = ()


class Fixed(str):
    """A word that noise leaves alone: what fills a slot."""

    __slots__ = ()


Part = Any  # str | Slot | list[Sentence]
Sentence = tuple[Part, ...]


@cache
def words_file() -> dict[str, Any]:
    """Return planted_words.yaml."""
    text = files("harborlight.synthetic").joinpath("words.yaml").read_text("utf-8")
    loaded: dict[str, Any] = yaml.safe_load(text)
    return loaded


def zipf(count: int) -> list[float]:
    """Return cumulative shares of ``count`` things, the k-th drawn in proportion to 1/k."""
    sums = list(accumulate(1 / (k + 1) for k in range(count)))
    return [s / sums[-1] for s in sums]


class Grammar:
    """The sentences of planted_words.yaml, ready to be drawn.

    ``vocabulary`` is the share of every word list that is used, in (0, 1].
    """

    def __init__(self, vocabulary: float = 1.0) -> None:
        source = words_file()
        spanish = source["spanish"]
        self._lists: dict[str, list[str]] = {**source["words"], **source["phrases"]}
        self._lists |= {k: v for k, v in spanish.items() if k.startswith("s_")}
        self._lists = {
            name: entries[: max(2, round(len(entries) * vocabulary))]
            for name, entries in self._lists.items()
        }
        syllables, endings = (source["surname"][k].split() for k in ("syllables", "endings"))
        surnames = [a + b for a in syllables for b in endings]
        surnames += [
            a + b + c for a in syllables[::5] for b in syllables[::4] for c in endings[::2]
        ]
        self._lists["surname"] = [
            s.title() for s in surnames[: max(2, round(len(surnames) * vocabulary))]
        ]
        self.surnames = self._lists["surname"]
        self._compiled: dict[str, list[Sentence]] = {}
        self.topics = [topic for topic in source["sentences"] if topic != "any"]
        self._wording: dict[str, list[str]] = source["wording"]
        phrases = sorted(self._wording, key=lambda phrase: (-len(phrase), phrase))
        self._phrases = re.compile("\\b(" + "|".join(map(re.escape, phrases)) + ")\\b")
        self.sentences = {
            topic: [self._varied(s) for s in sentences]
            for topic, sentences in source["sentences"].items()
        }
        self.tails = self._compile(self._lists["tail"])
        self.titles = {t: self._compile(s) for t, s in source["title"].items()}
        self.sentences["spanish"] = self._compile(spanish["sentences"])
        self.titles["spanish"] = self.sentences["spanish"]
        self.contact = {k: self._compile(s) for k, s in source["contact"].items()}
        self.boilerplate: list[str] = source["boilerplate"]
        self.boilerplate_shares = zipf(len(self.boilerplate))
        self.spanish_boilerplate: list[str] = spanish["boilerplate"]
        self.fill: dict[str, list[str]] = {
            "name": self._lists["first"],
            "place": [town[0] for region in source["regions"] for town in region],
            "price": [f"${n}" for n in (*range(10, 100, 5), *range(100, 1000, 25))]
            + [f"{n} dollars" for n in range(20, 400, 20)],
            "time": self._lists["clock"] + [f"on {d}" for d in self._lists["weekday"][:7]],
        }
        #: Single words that noise may put in place of others; no numbers, which might look like
        #: part of a phone.
        self.noise_words = sorted(
            {
                word
                for name, entries in self._lists.items()
                if not name.startswith("s_") and name not in _NUMBERED
                for entry in entries
                for word in entry.split()
                if re.fullmatch("[a-z]{2,}", word) and word not in _NUMBERS
            }
        )

    def _compile(self, entries: Sequence[str]) -> list[Sentence]:
        return [self._sentence(entry) for entry in entries]

    def _varied(self, text: str) -> Sentence:
        """Compile a sentence, each phrase of `wording` in it open to being put differently."""
        parts: list[Part] = []
        for number, piece in enumerate(self._phrases.split(text)):
            if number % 2:
                parts.append([(other,) for other in self._wording[piece]])
            elif piece:
                parts.extend(self._sentence(piece))
        return tuple(parts)

    def _sentence(self, text: str) -> Sentence:
        parts: list[Part] = []
        for literal, name in re.findall(r"([^{]*)(?:\{(\w+)\})?", text):
            if literal:
                parts.append(literal)
            if name in SLOTS:
                parts.append(Slot(name))
            elif name:
                if name not in self._compiled:
                    self._compiled[name] = self._compile(self._lists[name])
                parts.append(self._compiled[name])
        return tuple(parts)

    def write_own(
        self, topic: str, draw: Draw, place: str | None, said: set[tuple[str, int]]
    ) -> str:
        """Write a sentence of one's own: of the topic or of anything, one in four drawn out.

        ``said`` holds the sentences that this ad has already used, as far as that can be avoided.
        """
        for _ in range(8):
            about = "any" if draw() < 0.4 and topic != "spanish" else topic
            options = self.sentences[about]
            number = int(draw() * len(options))
            if (about, number) not in said:
                break
        said.add((about, number))
        text = self.write(options[number : number + 1], draw, place)
        if draw() < 0.25 and topic != "spanish":
            text += " " + self.write(self.tails, draw, place)
        return text

    def write(self, options: list[Sentence], draw: Draw, place: str | None) -> str:
        """Write one sentence of ``options``; with no ``place`` its slots stay as ``{name}``."""
        out: list[str] = []
        self._write(options[int(draw() * len(options))], draw, place, out)
        return _ARTICLE.sub("an ", "".join(out))

    def _write(self, sentence: Sentence, draw: Draw, place: str | None, out: list[str]) -> None:
        for part in sentence:
            kind = type(part)
            if kind is str:
                out.append(part)
            elif kind is list:
                self._write(part[int(draw() * len(part))], draw, place, out)
            elif place is None:
                out.append(f"{{{part}}}")
            elif part == "place":
                out.append(place)
            else:
                fill = self.fill[part]
                out.append(fill[int(draw() * len(fill))])

    def draw_boilerplate(self, draw: Draw, spanish: bool = False) -> str:
        """Draw a sentence that everybody writes, by Zipf's law."""
        if spanish:
            return self.spanish_boilerplate[int(draw() * len(self.spanish_boilerplate))]
        return self.boilerplate[bisect_right(self.boilerplate_shares, draw())]


def add_noise(words: list[str], rate: float, vocabulary: list[str], draw: Draw) -> list[str]:
    """Replace (4 in 10), drop, insert or swap (2 in 10 each) this share of the words.

    A swap moves two words and counts as two. Words of type Fixed stay.
    """
    out: list[str] = []
    place = 0
    while place < len(words):
        word = words[place]
        place += 1
        if type(word) is Fixed or draw() >= rate:
            out.append(word)
            continue
        kind = draw()
        if kind < 0.4:
            out.append(vocabulary[int(draw() * len(vocabulary))])
        elif kind < 0.6:
            continue
        elif kind < 0.8:
            out += (word, vocabulary[int(draw() * len(vocabulary))])
        elif place < len(words) and type(words[place]) is not Fixed and draw() < 0.5:
            out += (words[place], word)
            place += 1
        else:
            out.append(vocabulary[int(draw() * len(vocabulary))])
    return out


def move_blocks(sentences: list[list[str]], draw: Draw) -> list[list[str]]:
    """Put the second half of the sentences first, or shuffle all of them."""
    if len(sentences) < 2:
        return sentences
    if draw() < 0.5:
        middle = 1 + int(draw() * (len(sentences) - 1))
        return sentences[middle:] + sentences[:middle]
    out = list(sentences)
    for i in range(len(out) - 1, 0, -1):
        j = int(draw() * (i + 1))
        out[i], out[j] = out[j], out[i]
    return out


def disguise(word: str, draw: Draw) -> str:
    """Write a word so that a person reads it and a plain comparison does not."""
    if len(word) < 3:
        return word
    kind = draw()
    if kind < 0.35:
        return "".join(CONFUSABLE.get(c, c) if draw() < 0.6 else c for c in word)
    if kind < 0.6:
        at = int(draw() * len(word))
        return "".join(LEET.get(c, c) if i == at or draw() < 0.4 else c for i, c in enumerate(word))
    if kind < 0.75:
        at = 1 + int(draw() * (len(word) - 1))
        return word[:at] + INVISIBLE[int(draw() * len(INVISIBLE))] + word[at:]
    if kind < 0.9 or len(word) < 4 or not word.isascii():
        return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in word)
    return (" " if draw() < 0.5 else ".").join(word.strip(".,!"))
