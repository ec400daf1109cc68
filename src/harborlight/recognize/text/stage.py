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
from collections.abc import Iterable
from functools import lru_cache

import daft
import pyarrow as pa
from daft import DataType, Series

from harborlight.recognize.runtime.workers import Workers
from harborlight.recognize.text.characters import Origins, latin_look, plain, reads_as_latin
from harborlight.recognize.text.leet import LEET_TOKEN, like_letters, read_leet
from harborlight.recognize.text.stretch import TRIPLE_OR_PAIRS, unstretch

_APOSTROPHE = re.compile(r"'(?<=[^\W\d_]')(?=[^\W\d_])")
_THOUSANDS = re.compile(r",(?<=\d,)(?=\d\d\d(?!\d))")
_NO_PRICE = re.compile(r"[$£€](?!\d)")
_SEPARATORS = {code: " " for code in range(128) if not chr(code).isalnum() and chr(code) != "$"}

#: Single letters with one and the same thing between them: c.a.l.l, c a l l, c - a - l - l.
_APART = re.compile(
    r"(?<![^\W_])[^\W\d_](?:(?:\.[^\W\d_])+|([\W_]{1,3})[^\W\d_](?:\1[^\W\d_])+)(?![^\W_])"
)
_BETWEEN = re.compile(r"[\W_]+")
#: Three words of one letter, in folded text between spaces.
_THREE_LETTERS = re.compile(r" [^\W\d_] [^\W\d_] [^\W\d_] ")
#: In lower case: figures and marks, which stand for themselves or for nothing.
_NO_LETTERS = re.compile(r"[\x00-#%&(-`{-\x7f]*")
#: Marks that are no letters or parts of figures where nothing is before or after them.
_AT_ENDS = ".,?;:"

#: Chunks (what stands between white space) recur; so each is folded once and remembered.
_REMEMBERED = 200_000
_LONGEST_REMEMBERED = 48


def fold_text(text: str) -> str:
    """The words of ``text`` as a reader sees them; idempotent, linear, never raises.

    Words are lower case and separated by one space; text without letters or digits gives "".
    """
    folded = _fold_chunks(text)
    if _THREE_LETTERS.search(f" {folded} "):
        folded = _fold_chunks(_APART.sub(_join, plain(text)))
    elif folded.isascii():
        return folded
    while True:
        if _THREE_LETTERS.search(f" {folded} "):
            again = _fold_chunks(_APART.sub(_join, folded))
        elif folded.isascii():
            return folded
        else:
            again = _fold_chunks(folded)
        if again == folded:
            return folded
        folded = again


def _fold_chunks(text: str) -> str:
    chunks = text.split()
    if len(_KNOWN) > _REMEMBERED:
        _KNOWN.clear()
        _KNOWN.among_others.clear()
    words = list(map(_KNOWN.__getitem__, chunks))
    others = _KNOWN.among_others
    if (
        others
        and not text.isascii()
        and not others.keys().isdisjoint(chunks)
        and not reads_as_latin(plain(text))
    ):
        words = [others.get(chunk, word) for chunk, word in zip(chunks, words, strict=True)]
    return _single_spaced(words)


def _single_spaced(words: Iterable[str]) -> str:
    """Words, of which some may be none or several, with one space between each two."""
    joined = " ".join(words)
    if "  " in joined or joined[:1] == " " or joined[-1:] == " ":
        return " ".join(joined.split())
    return joined


class _Chunks(dict[str, str]):
    """Chunk -> its folded words as part of Latin text, worked out when first met."""

    def __init__(self) -> None:
        super().__init__()
        #: The chunks that read differently in text of another script, and how.
        self.among_others: dict[str, str] = {}

    def __missing__(self, chunk: str) -> str:
        folded = _settle(chunk, True)
        if len(chunk) <= _LONGEST_REMEMBERED:
            self[chunk] = folded
        if not plain(chunk).isascii():
            other = _settle(chunk, False)
            if other != folded:
                self.among_others[chunk] = other
        return folded


_KNOWN = _Chunks()


def _settle(chunk: str, in_latin: bool) -> str:
    """Fold a chunk, and its words again, until nothing changes."""
    folded = _fold_chunk(chunk, in_latin)
    while folded != chunk:
        words = folded.split()
        again = _single_spaced([_fold_word(word, in_latin) for word in words])
        if again == folded:
            break
        folded = again
    return folded


def _fold_chunk(chunk: str, in_latin: bool) -> str:
    lower = chunk.lower() if chunk.isascii() else latin_look(plain(chunk), in_latin).lower()
    if not lower.isascii():
        lower = plain(lower)
    if _NO_LETTERS.fullmatch(lower):
        return " ".join(_THOUSANDS.sub("", lower).translate(_SEPARATORS).split())
    bare = lower.strip(_AT_ENDS)
    if bare.isalnum():
        lower = bare if bare.isalpha() else LEET_TOKEN.sub(read_leet, bare)
    else:
        lower = _APOSTROPHE.sub("", lower)
        lower = LEET_TOKEN.sub(read_leet, lower)
        lower = _APART.sub(_join, lower)
        lower = _THOUSANDS.sub("", lower)
        lower = _NO_PRICE.sub(" ", lower).translate(_SEPARATORS)
    words = lower.split()
    folded = " ".join(map(unstretch, words) if TRIPLE_OR_PAIRS.search(lower) else words)
    return folded if folded.isascii() else unicodedata.normalize("NFC", folded)


#: Words of which chunks are made recur, where the chunks do not: 507-555-0142.
_fold_word = lru_cache(maxsize=65_536)(_fold_chunk)


def _join(found: re.Match[str]) -> str:
    return _BETWEEN.sub("", found[0])


def fold_with_map(text: str) -> tuple[str, list[int]]:
    """``fold_text(text)`` and, for each of its characters, the offset in ``text`` it was read from.

    Offsets never decrease. A space has the offset of the word after it.
    """
    folded = fold_text(text)
    origin = Origins(text)
    source = plain(text)
    source = latin_look(source, reads_as_latin(source))
    offsets: list[int] = []
    at = 0
    last = 0
    for char in folded:
        if char != " ":
            ahead = at
            while ahead < len(source) and not _reads_as(source[ahead], char):
                ahead += 1
            if ahead < len(source):
                last = origin(ahead)
                at = ahead + 1
        offsets.append(last)
    for i in range(len(folded) - 2, -1, -1):
        if folded[i] == " ":
            offsets[i] = offsets[i + 1]
    return folded, offsets


def _reads_as(source: str, char: str) -> bool:
    return source.lower() == char or char in like_letters(source) or char in source.lower()


def batch_fold(batch: pa.RecordBatch) -> pa.Array:
    """Title and text of each ad, folded."""
    return pa.array(
        (
            fold_text(words if head is None else head + " " + words)
            for head, words in zip(
                batch["title"].to_pylist(), batch["text"].to_pylist(), strict=True
            )
        ),
        pa.large_string(),
    )


_COLUMNS = ("title", "text")
_workers = Workers(
    "harborlight.recognize.text.stage",
    "batch_fold",
    pa.schema([pa.field(name, pa.large_string()) for name in _COLUMNS]),
)


@daft.func.batch(return_dtype=DataType.string())
def _fold_batch(title: Series, text: Series) -> Series:
    from harborlight.recognize.text.stage import _workers  # not a copy pickled with the function

    columns = [column.to_arrow().cast(pa.large_string()) for column in (title, text)]
    return Series.from_arrow(_workers(pa.record_batch(columns, list(_COLUMNS))))


def fold(ads: daft.DataFrame) -> daft.DataFrame:
    """ADS -> FOLDED: one row per ad, its title and text folded, in the order of ``ads``."""
    return ads.select("ad", _fold_batch(ads["title"], ads["text"]).alias("folded"))
