"""Digits and symbols that stand for letters inside a word: m4ss4ge, @vailable, $tudio, h0me.

A token of letters and such signs is read as a word of the lexicon where it can be; otherwise by
rule, and left alone where a number is more likely meant: 3br, 4pm, 1st, b4, mp3, apt4, 2bed1bath.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import product

from harborlight.recognize.text.lexicon import LEXICON

_LIKE = {
    "0": "o",
    "1": "il",
    "3": "e",
    "4": "a",
    "5": "s",
    "7": "t",
    "8": "b",
    "@": "a",
    "$": "s",
    "!": "il",
    "|": "li",
    "€": "e",
}
_SIGNS = "".join(_LIKE)
_CLASS = "a-z0-9" + re.escape("@$!|€")
#: A run of letters, digits and signs in lower-case text that holds a digit or sign.
LEET_TOKEN = re.compile(rf"(?<![{_CLASS}])(?=[a-z]*[0-9@$!|€])[{_CLASS}]+")
_LONGEST = 40

#: What numbers count in ads: a digit before these is a number.
_UNIT_WORDS = """
a acre acres am b ba baby bath bathroom bathrooms baths bd bdr bdrm bdrms beach bed bedroom
bedrooms beds bedroomed br brs by c car cars cc cell child cm cyl d day days db deg door doors e
f feet fl floor floors flr ft g gal gb girl girls guest guests gym h half hand hd hour hours hp
hr hrs hz in inch inches k kg kids kit kitchen km kw kwh l lane lb lbs level m mb men mg mi mile
miles min mins minute minutes ml mm mo month months mos mp mph mth mths n night nights nt nts
o of off p pack pc pcs pcm people per person persons piece pieces pk plus pm ppl pt pw px qt
rm rms room rooms s sec seat seater sf sq sqft sqm star stars stop storey story t tb time
times to tv u unit units v vs w way week weeks wk wks wo x xl yd yds year years yo yr yrs z
"""
_UNITS = frozenset(_UNIT_WORDS.split())
_NUMBERED_WORDS = """
apt apts unit suite ste room rm route rt hwy highway exit floor flr building bldg block level
phase lot gate pier door ps xbox iphone ipad galaxy windows mp covid pm am size sizes no
"""
_NUMBERED = frozenset(_NUMBERED_WORDS.split())
_ALTERNATING = re.compile(r"\d+[a-z]+(?:\d+[a-z]+)*\d*")
_ORDINAL = re.compile(r"\d*(?:11th|12th|13th|1st|2nd|3rd|[04-9]th)")
_LETTERS = re.compile(r"[a-z]+")
_EMAIL_TAIL = re.compile(r"\.[a-z]{2}")
_VOWELS = "aeiou"
_PAIRS = "0f 0h 0k 0n 0r g0 n0 s0 t0 d0 1f 1n 1s 1t @m @n @s @t"
_SAFE_PAIRS = frozenset(_PAIRS.split())


def like_letters(char: str) -> str:
    """The letters that a digit or sign can stand for, "" if none."""
    return _LIKE.get(char, "")


def read_leet(found: re.Match[str]) -> str:
    """The reading of one ``LEET_TOKEN``; what it does not read as letters it leaves."""
    token = found[0]
    if len(token) > _LONGEST or not _LETTERS.search(token):
        return token
    if "@" in token[1:-1] and _EMAIL_TAIL.match(found.string, found.end()):
        return token
    return _read(token)


def spells_word(token: str) -> bool:
    """Whether a token of letters and digits is read as a word of the lexicon: 3very, 5tart."""
    return len(token) <= _LONGEST and token.isalnum() and _read(token) in LEXICON


@lru_cache(maxsize=65536)
def _read(token: str) -> str:
    bare = token.strip("!|")
    if bare in LEXICON or bare.isalpha():
        whole = _known(token) if bare not in LEXICON else None
        return whole or token
    if token.isalnum():
        return _read_digits(token)
    known = _known(token)
    if known:
        return known
    return _read_signs(token)


def _known(token: str) -> str | None:
    """The word of the lexicon that ``token`` spells, signs read as letters."""
    choices = [_LIKE.get(c, c) for c in token]
    if sum(len(c) > 1 for c in choices) > 4:
        return None
    for letters in product(*choices):
        word = "".join(letters)
        if word in LEXICON:
            return word
    return None


def _read_digits(token: str) -> str:
    """Letters and digits only."""
    groups = _LETTERS.findall(token)
    if any(c in "269" for c in token) or _ORDINAL.fullmatch(token):
        return token
    if _ALTERNATING.fullmatch(token) and all(g in _UNITS for g in groups) and token[0] != "0":
        return token if token not in _SAFE_PAIRS else _known(token) or token
    stem = token.rstrip("0123456789")
    if stem.isalpha() and (stem in _NUMBERED or (stem in LEXICON and len(stem) > 1)):
        return token if token not in _SAFE_PAIRS else _known(token) or token
    if len(token) == 2 and token not in _SAFE_PAIRS:
        return token
    known = _known(token)
    if known:
        return known
    letters = sum(map(len, groups))
    digits = len(token) - letters
    first, last = token[0].isdigit(), token[-1].isdigit()
    inside = len(groups) > 1
    runs = re.findall(r"\d+", token)
    if any(len(run) > 2 for run in runs) or digits > letters:
        return token
    if first:
        rest = token.lstrip("0123456789")
        if (rest in _UNITS or rest in LEXICON) and token[0] != "0":
            return token
        if len(runs[0]) > 1 or (letters < 5 and token[0] != "0"):
            return token
    if last and (len(runs[-1]) > 1 or (letters < 5 and token[-1] != "0")):
        return token
    if letters < 3 or (not inside and letters < 3 + first + last):
        return token
    return _by_rule(token)


def _read_signs(token: str) -> str:
    """Tokens with @ $ ! | or € that spell no known word."""
    lead, core, trail = _split_ends(token)
    if not core:
        return token
    parts = re.split(r"[!|]+", core)
    if len(parts) > 1 and (any(p in LEXICON for p in parts) or not all(parts)):
        return lead + " ".join(_read(p) if p else "" for p in parts) + trail
    if any(c.isdigit() for c in core):
        if re.search(r"[$€]\d|\d[$€]", core):
            return token
        spelled = _read_digits("".join(c if c.isalnum() else _LIKE[c][0] for c in core))
        return lead + (spelled if spelled.isalpha() else core) + trail
    return lead + _by_rule(core) + trail


def _split_ends(token: str) -> tuple[str, str, str]:
    """Leading @ ! | and trailing @ ! | are not read as letters by rule; $ beside a letter is."""
    start, end = 0, len(token)
    while start < end and token[start] in "@!|€":
        start += 1
    while end > start and token[end - 1] in "@!|€":
        end -= 1
    return token[:start], token[start:end], token[end:]


def _by_rule(token: str) -> str:
    """Every digit and sign as the likeliest letter."""
    out: list[str] = []
    for i, char in enumerate(token):
        if char in "1|!":
            out.append(_i_or_l(token, i))
        else:
            out.append(_LIKE.get(char, char)[0])
    return "".join(out)


def _i_or_l(token: str, at: int) -> str:
    before = token[at - 1] if at else ""
    after = token[at + 1] if at + 1 < len(token) else ""
    if before in ("1", "|") or after in ("1", "|") or not after:
        return "l"
    if before and before in _VOWELS + "034@":
        return "i" if after in "lnrd" else "l"
    if after in _VOWELS and before and at == 1 and before in "bcfgkps":
        return "l"
    return "i"
