"""The wording that a few ads of one template have in common, and the slots between.

The most typical ad is aligned word by word with the others (longest common subsequence, once more
over what is left, so that a moved block still counts). A word that more than half of the ads keep
is constant; what stands between constant words is a slot, and what the ads put there its examples.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, compress, pairwise

from rapidfuzz.distance import Indel

EXAMPLES = 5
LONGEST = 12  # words in a slot; more between two constant words is a block that moved

_PRICE = re.compile(
    r"(?:\$|usd ?|eur ?|€|£)\d+(?:[.,]\d+)?(?:/\w+)?|\d+ ?(?:usd|dollars?|bucks|roses)"
)
_TIME = re.compile(r"\d{1,2}(?::\d\d)? ?(?:am|pm)?(?: ?- ?\d{1,2}(?::\d\d)? ?(?:am|pm))?|24 ?/? ?7")
_NAME = re.compile(r"[^\W\d_]+(?: [^\W\d_]+)?")
_WHERE = frozenset(["in", "near", "from", "to", "around", "at", "en", "cerca", "de"])
_DIGITS = re.compile(r"[\dol]*\d[\dol]*")
_SPOKEN = frozenset(
    """
    zero oh one two three four five six seven eight nine double triple
    cero uno dos tres cuatro cinco seis siete ocho nueve
    """.split()  # noqa: SIM905
)


@dataclass(frozen=True)
class Slot:
    """What varies: name, place, phone, price, time or free; at most five examples."""

    kind: str
    examples: list[str]


@dataclass(frozen=True)
class Pattern:
    """Constant words and slots in reading order; a slot is its number in ``slots``."""

    parts: list[str | int]
    slots: list[Slot]

    @property
    def constants(self) -> list[str]:
        """The constant words, in order."""
        return [part for part in self.parts if isinstance(part, str)]

    def text(self) -> str:
        """Readable: constant words in clear, slots as {1}, {2} ..."""
        return " ".join(p if isinstance(p, str) else f"{{{p + 1}}}" for p in self.parts)


def _same(left: Sequence[str], right: Sequence[str]) -> list[tuple[int, int, int]]:
    """The runs (start, end, start in ``right``) of words that both have in the same order."""
    blocks = Indel.editops(left, right).as_matching_blocks()
    return [(block.a, block.a + block.size, block.b) for block in blocks if block.size]


def align(left: Sequence[str], right: Sequence[str]) -> tuple[list[int], list[int]]:
    """Where each word of ``left`` is in ``right``, or -1: in one order, and with moved blocks."""
    straight = [-1] * len(left)
    for start, end, to in _same(left, right):
        straight[start:end] = range(to, to + end - start)
    taken = set(straight)
    left_over = [i for i, at in enumerate(straight) if at < 0]
    right_over = [j for j in range(len(right)) if j not in taken]
    moved = straight.copy()
    for start, end, to in _same([left[i] for i in left_over], [right[j] for j in right_over]):
        for step in range(end - start):
            moved[left_over[start + step]] = right_over[to + step]
    return straight, moved


@lru_cache(maxsize=200_000)
def _is_figure(word: str) -> bool:
    """Whether a word is a figure or stands for one. Words recur."""
    return word in _SPOKEN or (not word.isalpha() and _DIGITS.fullmatch(word) is not None)


def split(folded: str) -> list[str]:
    """The words of a folded text; the groups of digits of one phone are one word."""
    words = folded.split()
    digits = list(compress(range(len(words)), map(_is_figure, words)))
    put_together: list[str] = []
    done = 0
    for start, end in _runs(digits):
        together = " ".join(words[start:end])
        if end - start > 1 and _is_phone(together):
            put_together += words[done:start]
            put_together.append(together)
            done = end
    return put_together + words[done:] if done else words


def _runs(places: list[int]) -> Iterator[tuple[int, int]]:
    """Where runs of neighboring places begin, and after which place they end."""
    starts = [at for before, at in pairwise([-2, *places]) if at - before > 1]
    ends = [at + 1 for at, after in pairwise([*places, -2]) if after - at != 1]
    return zip(starts, ends, strict=True)


def typical(texts: Sequence[Sequence[str]]) -> int:
    """The text that shares the most words with the others; the first of equals."""
    bags = [set(text) for text in texts]
    shared = [len(bag) for bag in bags]
    for i, j in combinations(range(len(bags)), 2):
        common = len(bags[i] & bags[j])
        shared[i] += common
        shared[j] += common
    return max(range(len(texts)), key=lambda i: (shared[i] / (len(bags[i]) + 10), -i))


def pattern(
    texts: Sequence[Sequence[str]],
    is_place: Callable[[str], bool],
    is_capital: Callable[[int, str], bool],
) -> Pattern:
    """The pattern of one or more texts (lists of folded words).

    ``is_place(words)`` and ``is_capital(which text, words)``, whether the original writes them with
    capitals, type the slots.
    """
    center = typical(texts)
    words = texts[center]
    others = [(i, *align(words, text)) for i, text in enumerate(texts) if i != center]
    kept = zip(*(moved for _, _, moved in others), strict=True)  # by word, -1 where it is not
    few = (len(texts) - 1) // 2  # texts that may do without a word that is constant
    constant = [at for at, ats in enumerate(kept) if ats.count(-1) <= few]
    if not others:
        constant = list(range(len(words)))
    apart = {before for _, straight, _ in others for before in _apart(straight)}
    parts: list[str | int] = []
    slots: list[Slot] = []
    before = -1
    for after in [*constant, len(words)]:
        if after - before > 1 or before in apart:
            fillers = _fillers(texts, center, others, before, after)
            filled = _filled(fillers, parts[-1] if parts else "", is_place, is_capital)
            if isinstance(filled, Slot):
                parts.append(len(slots))
                slots.append(filled)
            else:
                parts += filled
        if after < len(words):
            parts.append(words[after])
        before = after
    return Pattern(parts, slots)


def _filled(
    fillers: dict[int, str],
    before: str | int,
    is_place: Callable[[str], bool],
    is_capital: Callable[[int, str], bool],
) -> Slot | list[str]:
    """The slot that texts fill so after the part ``before``, or the words most of them have."""
    said = Counter(filter(None, fillers.values()))
    if not said or 2 * said.total() < len(fillers):
        return []
    common, times = min(said.items(), key=lambda item: (-item[1], item[0]))
    if 2 * times > len(fillers) > 2:
        return common.split()
    examples = sorted(said, key=lambda value: (-said[value], value))[:EXAMPLES]
    names = {value: which for which, value in sorted(fillers.items(), reverse=True)}
    return Slot(kind_of(examples, before, is_place, lambda v: is_capital(names[v], v)), examples)


def _apart(straight: list[int]) -> list[int]:
    """The words of the central text after which another text says something more."""
    return [at for at, (here, there) in enumerate(pairwise(straight)) if there - here > 1]


def _fillers(
    texts: Sequence[Sequence[str]],
    center: int,
    others: Sequence[tuple[int, list[int], list[int]]],
    before: int,
    after: int,
) -> dict[int, str]:
    """What each text says between two constant words of the central one."""
    words = texts[center]
    fillers = {center: " ".join(words[before + 1 : after])}
    for which, straight, _ in others:
        start = straight[before] if before >= 0 else -1
        end = straight[after] if after < len(words) else len(texts[which])
        if (before >= 0 and start < 0) or end < 0 or not 0 <= end - start - 1 <= LONGEST:
            continue
        fillers[which] = " ".join(texts[which][start + 1 : end])
    return fillers


def kind_of(
    examples: Sequence[str],
    before: str | int,
    is_place: Callable[[str], bool],
    is_capital: Callable[[str], bool],
) -> str:
    """The kind of a slot: what more than half of its examples are.

    ``before`` is what stands before the slot. Many first names are towns too: where "in" or the
    like does not say so, most examples must be towns. A name is one or two words with capitals.
    """
    most = len(examples)
    for kind, is_one in (("phone", _is_phone), ("price", _is_price), ("time", _is_time)):
        if 2 * sum(map(is_one, examples)) > most:
            return kind
    places = sum(map(is_place, examples))
    if 2 * places > most and (before in _WHERE or 4 * places >= 3 * most > 3):
        return "place"
    named = (v for v in examples if _NAME.fullmatch(v) and is_capital(v))
    if 2 * sum(1 for _ in named) > most:
        return "name"
    return "place" if 2 * places > most else "free"


def _is_price(value: str) -> bool:
    return _PRICE.fullmatch(value) is not None


def _is_phone(value: str) -> bool:
    if value.isalpha():
        return False  # one word
    digits = sum(map(str.isdigit, value)) + sum(map(_SPOKEN.__contains__, value.split()))
    return 7 <= digits <= 15


def _is_time(value: str) -> bool:
    return bool(_TIME.fullmatch(value)) and not value.isdigit()
