"""Single characters as a reader sees them: what each becomes when an ad is folded.

``plain`` takes each character by itself: compatibility forms (full-width, mathematical, circled,
squared) become the plain character, accents, stacked marks and invisible characters go, digits of
every script become 0-9, Latin letters with strokes and small capitals become a-z, dashes become
``-``, other punctuation outside ASCII, symbols and emoji become a space. Case is kept.

``latin_look`` then takes letters of other scripts that stand in for Latin ones, word by word, after
the Unicode confusables (library ``confusable-homoglyphs``).
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from functools import lru_cache

from confusable_homoglyphs import confusables

from harborlight.recognize.text.lexicon import LEXICON

#: Invisible on a screen although Unicode calls them letters or marks.
_INVISIBLE = frozenset(
    (
        *(0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFFA0),
        *range(0x180B, 0x1810),
        *range(0xFE00, 0xFE10),
        *range(0xE0100, 0xE01F0),
    )
)
#: Marks that sit on any letter: accents, stacked decorations, the ring of a keycap.
_MARKS = (
    (0x0300, 0x036F),
    (0x0483, 0x0489),
    (0x1AB0, 0x1AFF),
    (0x1DC0, 0x1DFF),
    (0x20D0, 0x20FF),
    (0xFE20, 0xFE2F),
)
_APOSTROPHES = "‘’ʼʹ′＇`´"
_CURRENCY = "£€"
_NAMED_LATIN = re.compile(
    r"(?:NEGATIVE |CROSSED )?(?:SQUARED |CIRCLED |PARENTHESIZED |FULLWIDTH |TAG )?"
    r"(?:LATIN|REGIONAL INDICATOR SYMBOL)(?: LETTER)?"
    r"(?: (SMALL CAPITAL|SMALL|CAPITAL))?(?: LETTER)?"
    r" (DOTLESS |SCRIPT |OPEN |LONG )?([A-Z]|AE|OE|OU|TH|SHARP S|ALPHA|ETH|THORN)"
    r"(?: WITH .*)?"
)
_NAMED = {"SHARP S": "ss", "ALPHA": "a", "ETH": "d", "THORN": "th"}


def _is_mark(code: int) -> bool:
    return code >= 0x300 and any(first <= code <= last for first, last in _MARKS)


def _named_latin(char: str) -> str | None:
    """The ASCII letters a Latin character's Unicode name tells: ł is l, ᴄ is c, 🅰 is a."""
    name = unicodedata.name(char, "")
    if "LATIN" not in name and "REGIONAL" not in name:
        return None
    found = _NAMED_LATIN.fullmatch(name)
    if not found:
        return None
    letters = _NAMED.get(found[3], found[3])
    return letters.upper() if found[1] == "CAPITAL" else letters.lower()


def _plain_one(char: str) -> str:
    """What one already decomposed character becomes."""
    code = ord(char)
    if code < 128:
        return char if char.isprintable() or char in "\t\n\r" else " "
    if code in _INVISIBLE or _is_mark(code):
        return ""
    digit = unicodedata.digit(char, None)
    if digit is not None:
        return str(digit)
    if char in _APOSTROPHES:
        return "'"
    if char in _CURRENCY:
        return char
    latin = _named_latin(char)
    if latin is not None:
        return latin
    category = unicodedata.category(char)
    if category == "Cf":
        return ""
    if category == "Pd" or char in "−⁃":
        return "-"
    if category[0] in "LNM" or char in _letter_like():
        return char
    return " "


def plain_char(char: str) -> str:
    """What one character stands for, whatever is around it; may be empty or several characters."""
    code = ord(char)
    if code < 128 or char in _APOSTROPHES or unicodedata.digit(char, None) is not None:
        return _plain_one(char)
    if 0x1F1E6 <= code <= 0x1F1FF:
        return _plain_one(char)
    bare = "".join(c for c in unicodedata.normalize("NFKD", char) if not _is_mark(ord(c)))
    whole = unicodedata.normalize("NFC", bare)
    return "".join(_plain_one(c) for c in whole)


class _Lazy(dict[int, str]):
    """A translate table that works out a character the first time it is met."""

    def __missing__(self, code: int) -> str:
        value = self[code] = plain_char(chr(code))
        return value


PLAIN = _Lazy()


def plain(text: str) -> str:
    """Every character of ``text`` as it reads by itself; see ``PLAIN``. Linear, never raises."""
    if text.isascii():
        return text if text.isprintable() else text.translate(PLAIN)
    return _NOT_PLAIN.sub(_made_plain, text)


#: What is not left as it is.
_NOT_PLAIN = re.compile(r"[^\t\n\r -~]+")


def _made_plain(found: re.Match[str]) -> str:
    return found[0].translate(PLAIN)


class Origins:
    """Where the characters of ``plain(text)`` came from."""

    def __init__(self, text: str) -> None:
        #: Where in the plain text the distance to the original changes, and what it is from there.
        self._from: list[int] = []
        self._distances = [0]
        distance = 0
        for at, size in _resized(text):
            if size == 0:
                self._from.append(at - distance)
                distance += 1
                self._distances.append(distance)
            for _ in range(1, size):
                self._from.append(at - distance + 1)
                distance -= 1
                self._distances.append(distance)

    def __call__(self, at: int) -> int:
        """The offset in the text of what stands at ``at`` of the plain one; its end for its end."""
        return at + self._distances[bisect_right(self._from, at)]


class _Lengths(dict[str, int]):
    """Character -> how many characters ``plain`` makes of it."""

    def __missing__(self, char: str) -> int:
        value = self[char] = len(PLAIN[ord(char)])
        return value


_LENGTHS = _Lengths()


def _resized(text: str) -> list[tuple[int, int]]:
    """Where characters stand of which ``plain`` makes none or several, and how many it makes."""
    places = []
    for char in set(text):
        size = _LENGTHS[char]
        if size != 1:
            at = text.find(char)
            while at >= 0:
                places.append((at, size))
                at = text.find(char, at + 1)
    places.sort()
    return places


@lru_cache(maxsize=1)
def look_alikes() -> dict[str, str]:
    """Characters outside ASCII that look like one ASCII letter or digit -> that one, lower case."""
    table: dict[str, str] = {}
    for char, entries in confusables.confusables_data.items():
        if len(char) != 1 or char.isascii():
            continue
        for entry in entries:
            like = entry["c"]
            if len(like) == 1 and like.isascii() and like.isalnum():
                table[char] = like.lower()
    # The table gives capital I of other scripts as l, which it also resembles: we read a capital.
    table.update({"Ι": "i", "І": "i", "Ⲓ": "i"})
    # Small letters of which only the capital is listed; small б, з read as digits are no letters.
    for char in "вкмнтВКМНТ":
        table[char] = {"в": "b", "к": "k", "м": "m", "н": "h", "т": "t"}[char.lower()]
    for char in "ηκτεβ":
        table[char] = {"η": "n", "κ": "k", "τ": "t", "ε": "e", "β": "b"}[char]
    return table


@lru_cache(maxsize=1)
def _letter_like() -> frozenset[str]:
    """Symbols, such as ∨ and ⍺, that look like a letter and may stand for one inside a word."""
    return frozenset(c for c in look_alikes() if unicodedata.category(c)[0] in "SP")


#: One upright stroke: I as well as l.
_STROKES = frozenset(
    c for c, like in look_alikes().items() if like in ("i", "l") and c not in "iіıι"
)

_LATIN = re.compile(r"[a-zA-Z]")
_RUN = re.compile(
    r"(?<![a-zA-Z0-9\x80-\U0010ffff])[a-zA-Z0-9]*+[^\x00-\x7f][a-zA-Z0-9\x80-\U0010ffff]*"
)


@lru_cache(maxsize=1)
def _symbols_away() -> dict[int, str]:
    return {ord(c): " " for c in _letter_like()}


def reads_as_latin(text: str) -> bool:
    """Whether at least as many words of ``plain`` text have Latin letters as must be of another
    script, so that a word made of look-alikes only is to be taken for a Latin one."""
    if text.isascii():
        return True
    table = look_alikes()
    balance = 0
    for word in text.split():
        if _has_latin(word):
            balance += 1
        elif any(not c.isascii() and c.isalpha() and c not in table for c in word):
            balance -= 1
    return balance >= 0


def latin_look(text: str, whole: bool) -> str:
    """Words of ``plain`` text in which letters of other scripts stand in for Latin ones, put right.

    A word is put right where it mixes such letters with Latin ones; where ``whole``, also when it
    is made of look-alikes only (see ``reads_as_latin``), so that Russian or Greek text stays what
    it is. The result has as many characters as ``text``.
    """
    if text.isascii():
        return text

    put_right = _right_of_whole if whole else _right_of_mixed
    right = _RUN.sub(put_right, text)
    return right if right.isascii() else right.translate(_symbols_away())


def _right_of_whole(found: re.Match[str]) -> str:
    word = found[0]
    return (_remembered_right if len(word) <= 48 else _right)(word, True)


def _right_of_mixed(found: re.Match[str]) -> str:
    return _right(found[0], False)


def _right(word: str, whole: bool) -> str:
    if _has_latin(word) or (whole and _all_look_alike(word)):
        return _put_right(word)
    return word


_remembered_right = lru_cache(maxsize=100_000)(_right)


def _put_right(word: str) -> str:
    table = look_alikes()
    right = "".join(table.get(c, c) for c in word)
    if right.lower() not in LEXICON and any(c in word for c in _STROKES):
        other = "".join("il"[table[c] == "i"] if c in _STROKES else table.get(c, c) for c in word)
        if other.lower() in LEXICON:
            return other
    return right


def _has_latin(word: str) -> bool:
    return _LATIN.search(word) is not None


def _all_look_alike(word: str) -> bool:
    table = look_alikes()
    symbols = _letter_like()
    return all(c.isascii() or c in table for c in word) and any(
        not c.isascii() and c not in symbols for c in word
    )
