"""E-mail addresses, handles, links and names of messaging services in free text.

All functions take the original text and give offsets into it. Every search is anchored on a
character or word that must be there, so the time is linear in the text.
"""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit

from harborlight.recognize.signals.platforms import (
    BEFORE_A_NAME,
    COMMON_PAGES,
    FILE_ENDINGS,
    HOSTS,
    OWN_PAGES,
    PLATFORM_WORDS,
    PLATFORMS,
    STYLE_RULES,
)
from harborlight.recognize.signals.readable import Readable, readable
from harborlight.recognize.text.leet import LEET_TOKEN, read_leet
from harborlight.recognize.text.lexicon import LEXICON


class Contact(NamedTuple):
    """What was found: offsets, kind ("email", "handle", "link", "messaging") and value."""

    start: int
    end: int
    kind: str
    value: str


#: Named alone these are no messaging service, or are other words.
_NOT_ALONE = frozenset(["sc", "ig", "tg", "fb", "wa", "snap", "tele", "signal", "line", "insta"])
_ALONE_AFTER = re.compile(r"(?:\bon|\bvia|\bby|\bmy|\bthrough|\bonly|\buse|\bhave)\s+$", re.I)
_NOT_MESSAGING = frozenset(["cashapp", "venmo", "onlyfans", "tiktok"])
_NAMES = "|".join(sorted((re.escape(n) for n in PLATFORMS), key=lambda n: (-len(n), n)))
_PLATFORM = re.compile(rf"(?<![a-z0-9@._/-])({_NAMES})(?![a-z0-9])(?!\.(?:com|me)\b)", re.I)
_USER = r"[a-z0-9](?:[a-z0-9._-]{1,28}[a-z0-9_])"
#: After a service's name: a sign or word that announces a name, then the name.
_ANNOUNCED = re.compile(
    rf"(?:\s*(?:me|us|name|id|handle|user(?:name)?|account|add|at|is|:|=|>|-|–|—|\(|,)){{0,4}}"
    rf"\s*(?P<sign>@|[:=>]\s*@?|\b(?:name|id|handle|user(?:name)?|is)\b\s*:?\s*@?)?\s*"
    rf"(?P<user>{_USER})",
    re.I,
)
_AT_NAME = re.compile(r"@(?<![a-z0-9._%+-]@)([a-z_][a-z0-9._]{1,28}[a-z0-9_])", re.I)

_LOCAL = re.compile(r"[A-Za-z0-9._%+-]{1,64}$")
_DOMAIN = re.compile(
    r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,62})(?:\.[A-Za-z0-9-]{1,63}){0,6}\.[A-Za-z]{2,24}"
)
_TOP = "com|net|org|info|biz|edu|co|us|me|io|es|mx|ca|uk|de|fr"
_MAIL_HOSTS = (
    "gmail|yahoo|hotmail|outlook|icloud|protonmail|proton|aol|live|msn|mail|ymail|gmx|zoho|tutanota"
)
#: name at host dot com, name (at) host (dot) com, name@host dot com
_WORDED_MAIL = re.compile(
    rf"(?:\s*[\[({{<]\s*(?:at|@|arroba)\s*[\])}}>]\s*|\s+(?:at|arroba)\s+|\s*@\s*)"
    rf"([a-z0-9-]{{2,40}})"
    rf"(?:\s*[\[({{<]\s*(?:dot|punto|\.)\s*[\])}}>]\s*|\s+(?:dot|punto)\s+|\s*\.\s*)"
    rf"({_TOP})(?![a-z0-9])",
    re.I,
)
_AT_WORD = re.compile(r" at [a-z]+ ?\.")
_AT_BETWEEN = re.compile(r"[\[({<] ?(?:at|arroba) ?[\])}>]")
_WORDED_AT = re.compile(r"[\[({<\s](?:at|arroba)[\])}>\s]|@", re.I)

_SCHEME = re.compile(r"(?:https?://|www\.)[^\s<>\"'`\x00|\\^{}\[\]]{3,2000}", re.I)
_BARE_END = re.compile(
    r"\.(?=[a-z])(?:com|net|org|info|biz|edu|gov|io|xyz|site|online|app|shop|store|club|me|gg|ly|ee|tv|us|be"
    r"|gl|link|co(?:\.uk|\.nz|\.za|m\.au|m\.mx)?)(?![a-z0-9-])(?!\.[a-z])(/[^\s<>\"'`\x00]{1,500})?",
    re.I,
)
#: Ends that are also words or abbreviations: only with a path, or for these hosts.
_WITH_PATH = frozenset(["me", "us", "be", "co", "io", "ly", "ee", "tv", "gg", "gl", "link", "app",
                        "club", "shop", "store", "online", "site", "info"])  # fmt: skip
_HOST_BEFORE = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,250}[a-z0-9])?$", re.I)
_TRACKING = re.compile(
    r"(?:utm_\w+|fbclid|gclid|msclkid|mc_[ce]id|igshid|igsh|ref|ref_src|si)", re.I
)
_SIMPLE_LINK = re.compile(
    r"(?:https?://)?(?:www\.)?(?!www\.)([a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){0,8}\.[a-z]{2,24})"
    r"(/[A-Za-z0-9/._~%@=-]*)?",
    re.I | re.ASCII,
)
_TRAILING = ".,;:!?)]}>*_'\"…"


def find_contacts(text: str) -> list[Contact]:
    """E-mail addresses, links, handles and services of ``text``, in order of position."""
    read = readable(text)
    return [Contact(*read.span(c.start, c.end), c.kind, c.value) for c in contacts_in(read)]


def contacts_in(readable: Readable) -> list[Contact]:
    """The contacts of a text made readable; offsets into ``readable.text``."""
    text, lower = readable.text, readable.lower
    found: list[Contact] = []
    has_at = "@" in text
    has_dot = "." in text
    if has_at or "dot" in lower or "punto" in lower or (has_dot and _says_at(lower)):
        found += _emails(text)
    if has_dot:
        found += _links(text, found, "http" in lower or "www." in lower)
    places = [at for at, word in readable.notable if word in PLATFORM_WORDS]
    if found or places or has_at:
        found += _handles(text, found, has_at, places)
        found.sort()
    return found


def _says_at(lower: str) -> bool:
    """Whether "at" stands where it may be the sign of an e-mail address."""
    if " at " in lower and _AT_WORD.search(lower):
        return True
    if "at" not in lower and "arroba" not in lower:
        return False
    return any(sign in lower for sign in "[({<") and _AT_BETWEEN.search(lower) is not None


def _free(found: list[Contact], start: int, end: int) -> bool:
    return not any(c.start < end and start < c.end for c in found)


def _emails(text: str) -> list[Contact]:
    found: list[Contact] = []
    for at in re.finditer("@", text):
        local = _LOCAL.search(text, max(0, at.start() - 64), at.start())
        domain = _DOMAIN.match(text, at.end())
        if local and domain and _free(found, local.start(), domain.end()):
            start = local.end() - len(local[0].lstrip(".-+%"))
            if start < at.start() and domain[0].rpartition(".")[2].lower() not in FILE_ENDINGS:
                value = text[start : domain.end()].lower()
                found.append(Contact(start, domain.end(), "email", value))
    for at in _WORDED_AT.finditer(text):
        begin = at.start()
        while begin and at.start() - begin < 3 and text[begin - 1] == " ":
            begin -= 1
        worded = _WORDED_MAIL.match(text, begin)
        if not worded:
            continue
        local = _LOCAL.search(text, max(0, worded.start() - 64), worded.start())
        host = worded[1].lower()
        plainly = re.fullmatch(r"\s+at\s+\S+\s*\.\s*\S+", worded[0], re.I) is not None
        if not local or (plainly and not re.fullmatch(_MAIL_HOSTS, host)):
            continue
        start = local.end() - len(local[0].lstrip(".-+%"))
        if start < local.end() and _free(found, start, worded.end()):
            value = f"{text[start : local.end()]}@{host}.{worded[2]}".lower()
            found.append(Contact(start, worded.end(), "email", value))
    return found


def normal_link(url: str) -> str | None:
    """A link as it is compared: no scheme, no www., lower-case host, no tracking parameters, no
    fragment, no trailing slash. None when it has no host with a dot.
    """
    simple = _SIMPLE_LINK.fullmatch(url)
    if simple:
        return simple[1].lower() + (simple[2] or "").rstrip("/")
    try:
        parts = urlsplit(url if "://" in url else "//" + url)
        host = (parts.hostname or "").lower().removeprefix("www.").rstrip(".")
        port = parts.port
    except ValueError:
        return None
    if "." not in host or not re.fullmatch(r"[\w.-]+\.[^\W\d]\w*(?:-\w+)*", host):
        return None
    if port and port not in (80, 443):
        host += f":{port}"
    kept = [(k, v) for k, v in parse_qsl(parts.query, True) if not _TRACKING.fullmatch(k)]
    query = "?" + urlencode(sorted(kept)) if kept else ""
    return host + parts.path.rstrip("/") + query


def _links(text: str, others: list[Contact], full_ones: bool) -> list[Contact]:
    found: list[Contact] = []
    spans: list[tuple[int, int]] = [(c.start, c.end) for c in others]

    def add(start: int, end: int) -> None:
        while end > start and text[end - 1] in _TRAILING:
            end -= 1
        value = normal_link(text[start:end])
        if value and not any(a < end and start < b for a, b in spans[-50:]):
            spans.append((start, end))
            found.append(Contact(start, end, "link", value))

    if full_ones:
        for full in _SCHEME.finditer(text):
            add(full.start(), full.end())
    for bare in _BARE_END.finditer(text):
        host = _HOST_BEFORE.search(text, max(0, bare.start() - 250), bare.start())
        if not host or (host.start() and text[host.start() - 1] in "@/:%=&?_"):
            continue
        ending = bare[0][1:].split("/")[0].lower()
        whole = (host[0] + "." + ending).lower().removeprefix("www.")
        if ending in _WITH_PATH and not bare[1] and whole not in HOSTS:
            continue
        if "." not in host[0] and (host[0].isdigit() or len(host[0]) < 2) and not bare[1]:
            continue
        add(host.start(), bare.end())
    return found


def handle_of_link(link: str) -> str | None:
    """The handle that a normal link to a service's profile is: t.me/name is telegram:name."""
    host, _, path = link.partition("/")
    platform = HOSTS.get(host.removeprefix("m.").removeprefix("web.").removeprefix("mobile."))
    if not platform:
        return None
    way, _, query = path.partition("?")
    parts = [part for part in way.split("/") if part]
    if not parts:
        return None
    first = parts[0].lower()
    if platform == "facebook" and first in ("profile.php", "people"):
        number = dict(parse_qsl(query)).get("id", "") if first == "profile.php" else parts[-1]
        return f"facebook:{number}" if re.fullmatch(r"[0-9]{5,20}", number) else None
    if first in BEFORE_A_NAME.get(platform, ()):
        parts = parts[1:]
    if not parts or parts[0].lower() in OWN_PAGES.get(platform, COMMON_PAGES):
        return None
    if platform in ("telegram", "whatsapp") and parts[0].startswith("+"):
        return None
    user = parts[0].lstrip("@$").lower()
    if not user or (platform == "whatsapp" and user.isdigit()):
        return None
    return f"{platform}:{user}" if re.fullmatch(r"[a-z0-9._-]{2,40}", user) else None


def _handles(text: str, others: list[Contact], has_at: bool, places: list[int]) -> list[Contact]:
    """Handles and services; ``places`` are where words stand with which a service's name begins."""
    found: list[Contact] = []
    for link in others:
        if link.kind == "link":
            handle = handle_of_link(link.value)
            if handle:
                found.append(Contact(link.start, link.end, "handle", handle))
    taken = list(others)
    alone: list[Contact] = []
    named: list[tuple[int, int, str]] = []
    for place in places:
        platform = _PLATFORM.match(text, place)
        if platform is None:
            continue
        start, end = platform.span()
        if not _free(taken[-50:], start, end):
            continue
        name = PLATFORMS[platform[1].lower()]
        named.append((start, end, name))
        user = _announced_user(text, end, platform[1])
        if user and _free(taken[-50:], *user):
            value = text[user[0] : user[1]].lower().rstrip(".-")
            found.append(Contact(start, user[1], "handle", f"{name}:{value}"))
            taken.append(found[-1])
        elif _is_service(text, start, platform[1]):
            alone.append(Contact(start, end, "messaging", name))
    if has_at:
        found += _at_names(text, taken, named)
    return found + alone


def _announced_user(text: str, end: int, written: str) -> tuple[int, int] | None:
    """Where the user's name after a service's name stands, if announced or plainly one."""
    found = _ANNOUNCED.match(text, end, end + 90)
    if not found:
        return None
    start, stop = found.span("user")
    user = found["user"].lower().rstrip(".-")
    stop = start + len(user)
    between = text[end:start].lower()
    marked = any(c in between for c in "@:=>")
    worded = re.search(r"\b(?:name|id|handle|user(?:name)?|is)\s*$", between) is not None
    telling = any(c.isalpha() for c in user) and (
        "_" in user or (any(c.isdigit() for c in user) and len(user) > 4)
    )
    if not any(c.isalpha() for c in user) or re.fullmatch(r"\d{1,2}(?:am|pm)|\d+\w{1,2}", user):
        return None
    if "@" in between:
        return start, stop
    if written.lower() in ("line", "signal", "wa") and not worded and not telling:
        return None
    if (marked or worded) and (user not in LEXICON or marked) and user not in PLATFORMS:
        return (
            (start, stop)
            if user not in ("or", "and", "me", "only", "us", "http", "https")
            else None
        )
    if telling and not re.search(r"[.,]", between):
        return start, stop
    return None


def _is_service(text: str, start: int, written: str) -> bool:
    if PLATFORMS[written.lower()] in _NOT_MESSAGING:
        return False
    if written.lower() not in _NOT_ALONE:
        return True
    if written.lower() in ("line", "sc", "tele", "wa", "ig", "tg", "fb", "snap"):
        return written.lower() in ("ig", "fb", "tg", "snap") and bool(
            _ALONE_AFTER.search(text, max(0, start - 12), start)
        )
    return bool(_ALONE_AFTER.search(text, max(0, start - 12), start)) or written.lower() == "insta"


def _at_names(text: str, taken: list[Contact], named: list[tuple[int, int, str]]) -> list[Contact]:
    found: list[Contact] = []
    for at in _AT_NAME.finditer(text):
        if not _free(taken[-50:], at.start(), at.end()):
            continue
        user = at[1].lower()
        if user in STYLE_RULES or text.startswith("-face", at.end()):
            continue
        if LEET_TOKEN.sub(read_leet, at[0].lower()) in LEXICON:
            continue  # @vailable
        near = [
            (min(abs(at.start() - end), abs(start - at.end())), name)
            for start, end, name in named[-50:]
            if (end <= at.start() + 1 and at.start() - end < 40) or 0 <= start - at.end() < 25
        ]
        value = f"{min(near)[1]}:{user}" if near else f"@{user}"
        found.append(Contact(at.start(), at.end(), "handle", value))
    return found
