"""Digits as people write them to be read by people only.

``find_digits`` lists what may stand for digits in a text: digits of any script, keycaps, digits as
English or Spanish words, one by one or glued, "double five", letters for digits (O, l, I, S, B).
Whether they make a telephone number is for ``phones`` to say.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from harborlight.recognize.lexicon import LEXICON

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
#: Digits with what is glued to them; number words, glued or not; letters that look like digits.
_TOKEN = re.compile(
    rf"[0-9][0-9a-z]*"
    rf"|(?<![a-z0-9])(?:(?:{_NAMES})(?:{_NAMES}|[0-9o])*|[oqlisbz]{{1,4}}(?:[0-9][0-9a-z]*)?)"
    rf"(?![a-z0-9])"
)
_PARTS = re.compile(rf"{_NAMES}|[0-9oqlisbz]")
_DIGITS = re.compile(r"[0-9]+")
_GLUED_AFTER = frozenset(["x", "ext", "or", "and", "o", "y", "txt", "pls", "plz"])
_GLUED_BEFORE = frozenset(
    [
        "tel",
        "ph",
        "cell",
        "mob",
        "fone",
        "txt",
        "no",
        "num",
        "t",
        "p",
        "c",
        "m",
        "w",
        "o",
        "x",
        "or",
    ]
)


class Digits(NamedTuple):
    """One piece that stands for digits. ``start`` and ``end`` are offsets into the text."""

    start: int
    end: int
    digits: str
    kind: str  # "digits", "word", "mixed" (letters among digits), "letters" (only letters)


def find_digits(lower: str) -> list[Digits]:
    """The pieces of lower-cased plain text that may stand for digits, in order. Linear."""
    pieces: list[Digits] = []
    for found in _TOKEN.finditer(lower):
        start = found.start()
        token = found[0]
        if len(token) > 80:
            continue
        read, kind, length = _read_token(token)
        if not read and kind not in ("repeat", "tens", "hundred"):
            continue
        if (
            start
            and kind != "word"
            and lower[start - 1].isalpha()
            and not _after_word(lower, start)
        ):
            continue
        piece = Digits(start, start + length, read, kind)
        if pieces and pieces[-1].kind in ("repeat", "tens") or kind == "hundred":
            _combine(pieces, piece, lower)
        else:
            pieces.append(piece)
    return [p for p in map(_settle, pieces) if p.digits]


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


def _after_word(lower: str, start: int) -> bool:
    """Whether the letters glued before ``start`` are a word by themselves: call507..."""
    at = start
    while at and start - at < 20 and lower[at - 1].isalpha():
        at -= 1
    word = lower[at:start]
    return word in LEXICON or word in _GLUED_BEFORE


@lru_cache(maxsize=65536)
def _read_token(token: str) -> tuple[str, str, int]:
    """The digits a token stands for, its kind, and how much of it they take; "" when none."""
    if token.isdigit():
        return token, "digits", len(token)
    parts = _PARTS.findall(token)
    if sum(map(len, parts)) == len(token):
        return _read_parts(token, parts)
    found = _DIGITS.match(token)
    if not found:
        return "", "", 0
    rest = token[found.end() :]
    letters = re.match(r"[a-z]+", rest)
    if letters and (letters[0] in _GLUED_AFTER or (len(letters[0]) > 1 and letters[0] in LEXICON)):
        return found[0], "digits", found.end()
    return "", "", 0


def _read_parts(token: str, parts: list[str]) -> tuple[str, str, int]:
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
                return str(REPEATS[name]), "repeat", len(token)
            if len(parts) == 1 and name in TENS:
                return TENS[name], "tens", len(token)
            if name in HUNDREDS:
                zeros = "00" if name == "hundred" else "000"
                if len(parts) == 1:
                    return zeros, "hundred", len(token)
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
        return digits, "word", len(token)
    if real and token[-1] not in "sbz":
        return digits, "mixed", len(token)
    if any(c in "sbz" for c in token):
        return "", "", 0
    return digits, "letters", len(token)
