"""The fold stage: an ad's words as a reader sees them.

``folded`` is title and text, lower-cased words separated by one space, with what hides words from
a machine but not from a reader undone: look-alike letters, full-width and mathematical alphabets,
invisible characters, stacked marks and accents, digits and symbols standing for letters
(``m4ss4ge``, ``$tudio``), letters set apart (``c.a.l.l``, ``c a l l``) and stretched words
(``sooooo``). Emoji, symbols and punctuation separate words; an apostrophe inside a word goes.
``$``, ``£`` and ``€`` stay before a digit. The ad itself is never changed.
"""

from __future__ import annotations

import re
import unicodedata

import daft
from daft import DataType, Series

from harborlight.recognize.characters import latin_look, plain, plain_with_map
from harborlight.recognize.leet import LEET_TOKEN, like_letters, read_leet
from harborlight.recognize.stretch import TRIPLE_OR_PAIRS, unstretch

_APOSTROPHE = re.compile(r"'(?<=[^\W\d_]')(?=[^\W\d_])")
_THOUSANDS = re.compile(r",(?<=\d,)(?=\d\d\d(?!\d))")
_DOLLAR = re.compile(r"[$£€](?!\d)")
_SEPARATORS = {code: " " for code in range(128) if not chr(code).isalnum() and chr(code) != "$"}

#: Single letters with one and the same thing between them: c.a.l.l, c a l l, c - a - l - l.
_APART = re.compile(
    r"(?<![^\W_])[^\W\d_](?:(?:\.[^\W\d_])+|([\W_]{1,3})[^\W\d_](?:\1[^\W\d_])+)(?![^\W_])"
)
_BETWEEN = re.compile(r"[\W_]+")

#: Anything in lower-case ASCII text that needs more than lower case and separators.
_SUSPECT = re.compile(
    r"[a-z][0134578@$|]|[0134578@$|!][a-z]|([a-z])\1\1|([a-z])\2([a-z])\3([a-z])\4"
    r"|(?<![a-z0-9])[a-z][^a-z0-9]{1,3}[a-z](?![a-z0-9])"
)


def fold_text(text: str) -> str:
    """The words of ``text`` as a reader sees them; idempotent, linear, never raises.

    Words are lower case and separated by one space; text without letters or digits gives "".
    """
    folded = _fold_once(text)
    while True:
        if folded.isascii() and not _SUSPECT.search(folded):
            return folded
        again = _fold_once(folded)
        if again == folded:
            return folded
        folded = again


def _fold_once(text: str) -> str:
    if text.isascii():
        lower = text.lower()
    else:
        lower = latin_look(plain(text)).lower()
        if not lower.isascii():
            lower = plain(lower)
    if "'" in lower:
        lower = _APOSTROPHE.sub("", lower)
    suspect = not lower.isascii() or _SUSPECT.search(lower) is not None
    if suspect:
        lower = LEET_TOKEN.sub(read_leet, lower)
        lower = _APART.sub(_join, lower)
    if "," in lower:
        lower = _THOUSANDS.sub("", lower)
    lower = _DOLLAR.sub(" ", lower)
    words = lower.translate(_SEPARATORS).split()
    if suspect:
        words = [unstretch(word) if TRIPLE_OR_PAIRS.search(word) else word for word in words]
    folded = " ".join(words)
    return folded if folded.isascii() else unicodedata.normalize("NFC", folded)


def _join(found: re.Match[str]) -> str:
    return _BETWEEN.sub("", found[0])


def fold_with_map(text: str) -> tuple[str, list[int]]:
    """``fold_text(text)`` and, for each of its characters, the offset in ``text`` it was read from.

    Offsets never decrease. A space has the offset of the word after it.
    """
    folded = fold_text(text)
    source, origins = plain_with_map(text)
    source = latin_look(source)
    offsets: list[int] = []
    at = 0
    last = 0
    for char in folded:
        if char != " ":
            ahead = at
            while ahead < len(source) and not _reads_as(source[ahead], char):
                ahead += 1
            if ahead < len(source):
                last = origins[ahead]
                at = ahead + 1
        offsets.append(last)
    for i in range(len(folded) - 2, -1, -1):
        if folded[i] == " ":
            offsets[i] = offsets[i + 1]
    return folded, offsets


def _reads_as(source: str, char: str) -> bool:
    return source.lower() == char or char in like_letters(source) or char in source.lower()


@daft.func.batch(return_dtype=DataType.string())
def _fold_batch(title: Series, text: Series) -> list[str]:
    return [
        fold_text(words if head is None else head + " " + words)
        for head, words in zip(title.to_pylist(), text.to_pylist(), strict=True)
    ]


def fold(ads: daft.DataFrame) -> daft.DataFrame:
    """ADS -> FOLDED: one row per ad, its title and text folded, in the order of ``ads``."""
    return ads.select("ad", _fold_batch(ads["title"], ads["text"]).alias("folded"))
