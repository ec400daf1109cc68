"""Digits as people write them to be read by people only.

``find_digits`` lists what may stand for digits in a text: digits of any script, keycaps, digits as
English or Spanish words, one by one or glued, "double five", letters for digits (O, l, I, S, B).
Whether they make a telephone number is for ``phones`` to say.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from harborlight.recognize.text.leet import spells_word
from harborlight.recognize.text.lexicon import LEXICON

if TYPE_CHECKING:
    from harborlight.recognize.signals.readable import Readable

#: A word and the digits it stands for. Vowels may be written as digits: f1ve, z3r0.
WORDS = {
    "zero": "0", "oh": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5",
    "six": "6", "seven": "7", "eight": "8", "nine": "9",
    "cero": "0", "uno": "1", "dos": "2", "tres": "3", "cuatro": "4", "cinco": "5", "seis": "6",
    "siete": "7", "ocho": "8", "nueve": "9",
    "ten": "10", "eleven": "11", "twelve": "12", "thirteen": "13", "fourteen": "14",
    "fifteen": "15", "sixteen": "16", "seventeen": "17", "eighteen": "18", "nineteen": "19",
}  # fmt: skip
TENS = {
    "twenty": "2", "thirty": "3", "forty": "4", "fourty": "4", "fifty": "5", "sixty": "6",
    "seventy": "7", "eighty": "8", "ninety": "9",
    "veinte": "2", "treinta": "3", "cuarenta": "4", "cincuenta": "5", "sesenta": "6",
    "setenta": "7", "ochenta": "8", "noventa": "9",
}  # fmt: skip
REPEATS = {"double": 2, "dbl": 2, "doble": 2, "triple": 3}
HUNDREDS = ("hundred", "thousand")

_LETTERS = {"o": "0", "q": "0", "l": "1", "i": "1", "s": "5", "b": "8", "z": "2"}


def _spelled(word: str) -> str:
    return "".join({"e": "[e3]", "o": "[o0]", "i": "[i1]"}.get(c, c) for c in word)


_BY_LENGTH = sorted([*WORDS, *TENS, *REPEATS, *HUNDREDS], key=lambda w: (-len(w), w))
_NAMES = "|".join(_spelled(w) for w in _BY_LENGTH)
_PARTS = re.compile(rf"{_NAMES}|[0-9oqlisbz]")
_DIGITS = re.compile(r"[0-9]+")
_LETTERS_FIRST = re.compile(r"([a-z]+)([0-9].*)", re.DOTALL)
_LONGEST = 80
_GLUED_AFTER = frozenset(["x", "ext", "or", "and", "o", "y", "txt", "pls", "plz"])
_GLUED_BEFORE = "tel ph cell mob fone txt no num t p c m w o x or y".split()  # noqa: SIM905


class Digits(NamedTuple):
    """One piece that stands for digits. ``start`` and ``end`` are offsets into the text."""

    start: int
    end: int
    digits: str
    kind: str  # "digits", "word", "mixed" (letters among digits), "letters" (only letters)


def find_digits(readable: Readable) -> list[Digits]:
    """The pieces of a text that may stand for digits, in order. Linear."""
    pieces: list[Digits] = []
    open_ended = False  # whether a piece is to be put together with the next
    settled = True
    for start, word in readable.notable:
        for first, last, digits, kind in READ[word]:
            piece = Digits(start + first, start + last, digits, kind)
            if kind == "hundred" or open_ended:
                _combine(pieces, piece, readable.lower)
            else:
                pieces.append(piece)
            if kind in _PARTIAL:
                settled = False
            open_ended = not settled and pieces[-1].kind in ("repeat", "tens")
    return pieces if settled else [p for p in map(_settle, pieces) if p.digits]


#: Kinds of pieces that are no digits by themselves, or not yet all.
_PARTIAL = frozenset(["repeat", "tens", "hundred"])


def _settle(piece: Digits) -> Digits:
    if piece.kind == "tens":
        return piece._replace(digits=piece.digits + "0", kind="word")
    if piece.kind in ("repeat", "hundred"):
        return piece._replace(digits="")
    return piece


def _combine(pieces: list[Digits], piece: Digits, lower: str) -> None:
    """Join "double" with the digit after it, "forty" with "two", "eight" with "hundred"."""
    before = pieces[-1] if pieces else None
    near = before is not None and lower[before.end : piece.start].strip(" -.") in ("", "y")
    if before is None or not near:
        pieces.append(piece)
    elif piece.kind == "hundred":
        if before.kind == "word" and len(before.digits) == 1 and piece.digits:
            pieces[-1] = before._replace(end=piece.end, digits=before.digits + piece.digits)
        else:
            pieces.append(piece)
    elif before.kind == "repeat" and len(piece.digits) == 1:
        times = int(before.digits or "2")
        pieces[-1] = Digits(before.start, piece.end, piece.digits * times, "word")
    elif before.kind == "tens" and piece.kind == "word" and len(piece.digits) == 1:
        pieces[-1] = Digits(before.start, piece.end, before.digits + piece.digits, "word")
    else:
        pieces[-1] = _settle(before)
        pieces.append(piece)


class _Read(dict[str, tuple[Digits, ...]]):
    """Word -> the pieces in it, with offsets into the word; worked out when first met."""

    def __missing__(self, word: str) -> tuple[Digits, ...]:
        read = tuple(_read_word(word)) if len(word) <= _LONGEST else ()
        self[word] = read
        return read


READ = _Read()


class _Figures(dict[str, tuple[tuple[int, int], ...]]):
    """Word -> where in it figures from 0 to 9 stand; worked out when first met."""

    def __missing__(self, word: str) -> tuple[tuple[int, int], ...]:
        value = self[word] = tuple(found.span() for found in _DIGITS.finditer(word))
        return value


FIGURES = _Figures()


def _read_word(word: str, at: int = 0) -> list[Digits]:
    """The pieces of a run of letters and digits, which begins at ``at`` of a longer one."""
    if word.isdigit():
        return [Digits(at, at + len(word), word, "digits")]
    parts = _PARTS.findall(word)
    if sum(map(len, parts)) == len(word):
        digits, kind = _read_parts(word, parts)
        return [Digits(at, at + len(word), digits, kind)] if digits else []
    glued = _LETTERS_FIRST.fullmatch(word)
    if glued:  # call5075550142
        if glued[1] in _GLUED_BEFORE or (len(glued[1]) > 2 and glued[1] in LEXICON):
            return _read_word(glued[2], at + len(glued[1]))
        return []
    found = _DIGITS.match(word)
    if not found:
        return []
    first = Digits(at, at + found.end(), found[0], "digits")
    rest = word[found.end() :]
    if found.end() < 3 and spells_word(word):
        return []  # 3very
    letters = rest.rstrip("0123456789") if rest[-1].isdigit() else rest
    if not letters.isalpha():
        letters = re.match("[a-z]*", rest)[0]  # type: ignore[index]
    if letters in _GLUED_AFTER or (len(letters) > 1 and letters in LEXICON):
        after = at + found.end() + len(letters)
        more = [] if letters in ("x", "ext") else _read_word(rest[len(letters) :], after)
        return [first, *more]
    return []


def _read_parts(token: str, parts: list[str]) -> tuple[str, str]:
    out: list[str] = []
    pending = ""  # a ten that waits for its unit, when glued: fortytwo
    names = real = 0
    repeat = 1
    for part in parts:
        if len(part) == 1 and part.isdigit():
            read, real = part, real + 1
        elif len(part) == 1:
            read = _LETTERS[part]
        else:
            name = part.replace("3", "e").replace("0", "o").replace("1", "i")
            names += 1
            if len(parts) == 1 and name in REPEATS:
                return str(REPEATS[name]), "repeat"
            if len(parts) == 1 and name in TENS:
                return TENS[name], "tens"
            if name in HUNDREDS:
                zeros = "00" if name == "hundred" else "000"
                if len(parts) == 1:
                    return zeros, "hundred"
                read = zeros
            elif name in REPEATS:
                repeat = REPEATS[name]
                continue
            elif name in TENS:
                out.append(pending + "0" if pending else "")
                pending = TENS[name]
                continue
            else:
                read = WORDS[name]
        if pending:
            read = pending + read if len(read) == 1 and read != "0" else pending + "0" + read
            pending = ""
        out.append(read * repeat)
        repeat = 1
    if pending:
        out.append(pending + "0")
    digits = "".join(out)
    if names:
        return digits, "word"
    if real and token[-1] not in "sbz":
        return digits, "mixed"
    if any(c in "sbz" for c in token):
        return "", ""
    return digits, "letters"
