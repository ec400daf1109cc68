"""Looking for what must not be there, in the bytes of an answer and whatever they are made of."""

from __future__ import annotations

import contextlib
import gzip
import html
import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from urllib.parse import unquote_plus


def layers(content: bytes) -> Iterator[str]:
    """The bytes as they are, unpacked, and with each way to write a character undone."""
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                yield from layers(archive.read(name))
        return
    if content[:2] == b"\x1f\x8b":
        content = gzip.decompress(content)
    elif content[:1] == b"\x78":
        with contextlib.suppress(zlib.error):
            content = zlib.decompress(content)
    text = content.decode("utf-8", "replace")
    yield text
    for _ in range(2):
        text = re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), text)
        text = html.unescape(unquote_plus(text))
        yield text


def found_in(content: bytes, canaries: Iterable[str]) -> list[str]:
    """The canaries that stand in the content, whatever was done to case and spaces."""
    there = []
    texts = [re.sub(r"\s+", " ", text.casefold()) for text in layers(content)]
    figures = [re.sub(r"(?<=\d)[\s().\-/]+(?=\d)", "", text) for text in texts]
    for canary in canaries:
        plain = re.sub(r"\s+", " ", canary.casefold())
        digits = re.sub(r"\D", "", canary)
        if any(plain in text for text in texts) or (
            re.fullmatch(r"[\d\s().+\-]+", canary)
            and len(digits) >= 7
            and any(digits in text for text in figures)
        ):
            there.append(canary)
    return there
