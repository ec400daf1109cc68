"""Input files as bytes: packing, format, encoding and delimiter, decided by what is in them."""

from __future__ import annotations

import csv
import glob
import hashlib
import io
import os
import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Literal

import psutil
from charset_normalizer import from_bytes

from harborlight.recognize.errors import InputError
from harborlight.recognize.ingest.columns import NAMES, plain

SAMPLE = 256 * 1024
#: What one packed file may unpack to, as a share of the machine's memory. A job holds its ads in
#: memory several times over, so a file beyond this could not be worked on anyway.
UNPACKED_SHARE = 0.25
HEAD = 16 * 1024  # what is looked at to tell text from anything else
DELIMITERS = (",", ";", "\t", "|")
#: Stands for "no delimiter" in a file of one column: the ASCII unit separator.
ONE_COLUMN = "\x1f"

Format = Literal["csv", "json lines", "json", "parquet"]

_FOREIGN = {
    b"PK\x03\x04": "a ZIP archive or an Office workbook",
    b"%PDF": "a PDF",
    b"\x89PNG": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"\xd0\xcf\x11\xe0": "an old Office file",
    b"SQLite format 3": "an SQLite database",
    b"BZh": "packed by bzip2",
    b"\xfd7zXZ": "packed by xz",
    b"\x28\xb5\x2f\xfd": "packed by zstd",
    b"\x7fELF": "a program",
}
_BOMS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)


class UnreadableError(InputError):
    """A file whose format is none that is read here."""


class EmptyError(InputError):
    """A file with nothing in it."""


@dataclass(frozen=True)
class Shape:
    """What a file turned out to be."""

    format: Format
    packed: bool = False
    encoding: str = "utf-8"
    bom: int = 0  # bytes to skip at the start
    delimiter: str = ","


def expand(paths: Sequence[str | Path]) -> list[Path]:
    """The files that paths and globs name, each once, sorted by name.

    Raises InputError for a name that matches nothing and for a folder.
    """
    found: dict[Path, Path] = {}
    for given in paths:
        path = Path(given)
        if path.is_dir():
            raise InputError(f"{given} is a folder; name its files, as in '{given}/*.csv'")
        if path.exists():
            matches = [path]
        elif glob.has_magic(str(given)):
            matches = [Path(name) for name in glob.glob(str(given), recursive=True)]
            matches = [match for match in matches if match.is_file()]
            if not matches:
                raise InputError(f"no file matches {given}")
        else:
            raise InputError(f"no such file: {given}")
        for match in matches:
            if not os.access(match, os.R_OK):
                raise InputError(f"no permission to read {match}")
            found.setdefault(match.resolve(), match)
    if not found:
        raise InputError("no input files were given")
    return sorted(found.values(), key=str)


def sha256(path: Path) -> str:
    """The file's SHA-256 in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class Unpacked(io.RawIOBase):
    """The bytes inside a gzip file, as far as they can be had.

    A file that is cut off or damaged ends early and says why in ``broken``, where the standard
    library's reader would raise and lose what it had already unpacked. Raises UnreadableError for
    one that unpacks to more than ``UNPACKED_SHARE`` of the machine's memory.
    """

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb")
        self._inflate = zlib.decompressobj(wbits=31)
        self._packed = b""
        self._ready = b""
        self._most = int(psutil.virtual_memory().total * UNPACKED_SHARE)
        self._size = 0
        self.broken: str | None = None

    def readable(self) -> bool:
        return True

    def close(self) -> None:
        self._file.close()
        super().close()

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while not self._ready:
            if not self._fill(len(buffer)):
                return 0
        size = min(len(buffer), len(self._ready))
        self._size += size
        if self._size > self._most:
            raise UnreadableError(
                f"it unpacks to more than {self._most / 1e9:.3g} GB, a quarter of this machine's "
                "memory; unpack it and give it in parts"
            )
        buffer[:size] = self._ready[:size]
        self._ready = self._ready[size:]
        return size

    def _fill(self, size: int) -> bool:
        """Unpack some more; False at the end."""
        if self.broken:
            return False
        self._packed = self._packed or self._file.read(1 << 16)
        if self._inflate.eof:
            self._packed = self._packed.lstrip(b"\0")  # padding between or after members
            if not self._packed:
                return bool(self._file.peek(1))
            self._inflate = zlib.decompressobj(wbits=31)
        elif not self._packed:
            self.broken = "the gzip data ends before its end mark"
            return False
        before = self._inflate.copy()
        try:
            self._ready = self._inflate.decompress(self._packed, max(size, 1 << 16))
        except zlib.error as error:
            self.broken = f"the gzip data is damaged ({error})"
            self._ready = _until_damage(before, self._packed)
            return bool(self._ready)
        self._packed = self._inflate.unconsumed_tail or self._inflate.unused_data
        return True


def _until_damage(inflate: Any, packed: bytes) -> bytes:
    """What can be unpacked before the damage, which one call for all would not give."""
    ready = b""
    try:
        for at in range(len(packed)):
            ready += inflate.decompress(packed[at : at + 1])
    except zlib.error:
        pass
    return ready


@dataclass
class Source:
    """One open input file."""

    path: Path
    shape: Shape
    _unpacked: Unpacked | None = field(default=None, init=False)

    @property
    def broken(self) -> str | None:
        """Why the file ended early; known once it was read."""
        return self._unpacked.broken if self._unpacked else None

    def open(self) -> BinaryIO:
        """The file's unpacked bytes, after its byte order mark."""
        if self.shape.packed:
            self._unpacked = Unpacked(self.path)
            file: BinaryIO = io.BufferedReader(self._unpacked, 1 << 20)
        else:
            file = self.path.open("rb", buffering=1 << 20)
        file.read(self.shape.bom)
        return file

    def lines(self, odd: list[int]) -> Iterator[str]:
        """The file's lines with their ends (\\n, \\r\\n or \\r).

        A line that is not in the file's encoding is read as Windows-1252 and its number (from 1)
        is put into ``odd``. A last line cut off by damage to the packing is not given: it is in
        ``cut`` afterwards.
        """
        self.cut = ""
        with self.open() as file:
            if self.shape.encoding.startswith(("utf-16", "utf-32")):
                with io.TextIOWrapper(
                    file, encoding=self.shape.encoding, errors="replace", newline=""
                ) as text:
                    for number, line in enumerate(text, 1):
                        if "\ufffd" in line:
                            odd.append(number)
                        if self.broken and not line.endswith(("\n", "\r")):
                            self.cut = line
                        else:
                            yield line
                return
            for number, raw in enumerate(file, 1):
                try:
                    line = raw.decode("utf-8")
                    if self.shape.encoding not in ("utf-8", "ascii") and not raw.isascii():
                        odd.append(number)
                except UnicodeDecodeError:
                    line = self._decode(raw, number, odd)
                if not raw.endswith(b"\n") and not file.peek(1) and self.broken:  # type: ignore[attr-defined]
                    self.cut = line
                elif "\r" in line.removesuffix("\n").removesuffix("\r"):
                    yield from re.split(r"(?<=\r)(?!\n)", line)
                else:
                    yield line

    def _decode(self, raw: bytes, number: int, odd: list[int]) -> str:
        if self.shape.encoding != "utf-8":
            try:
                return raw.decode(self.shape.encoding)
            except UnicodeDecodeError:
                pass
        odd.append(number)
        return windows_1252(raw)


def windows_1252(raw: bytes) -> str:
    """Bytes as Windows-1252; its five unused codes become the control characters of their number,
    so that no byte is lost."""
    try:
        return raw.decode("cp1252")
    except UnicodeDecodeError:
        return "".join(
            bytes([byte]).decode("latin-1" if byte in b"\x81\x8d\x8f\x90\x9d" else "cp1252")
            for byte in raw
        )


def look(path: Path) -> Source:
    """Decide what a file is by what is in it.

    Raises EmptyError and UnreadableError, whose messages do not name the file.
    """
    with path.open("rb") as file:
        start = file.read(8)
    if not start:
        raise EmptyError("the file is empty")
    packed = start.startswith(b"\x1f\x8b")
    source = Source(path, Shape("csv", packed=packed))
    with source.open() as unpacked:
        sample = unpacked.read(SAMPLE)
    if not sample:
        raise EmptyError(source.broken or "the file is empty")
    if sample.startswith(b"PAR1"):
        if packed:
            raise UnreadableError("a gzipped Parquet file; unpack it first")
        return Source(path, Shape("parquet"))
    for magic, name in _FOREIGN.items():
        if sample.startswith(magic):
            raise UnreadableError(f"it is {name}; CSV, JSON lines and Parquet are read")
    encoding, bom = _encoding(sample)
    text = sample[bom:].decode(encoding, errors="replace")
    if not text.strip():
        raise EmptyError("the file holds nothing but blanks")
    shape: Format = _text_format(text)
    delimiter = _delimiter(text) if shape == "csv" else ","
    return Source(path, Shape(shape, packed, encoding, bom, delimiter))


def _text_format(text: str) -> Format:
    start = text.lstrip("\ufeff \t\r\n")
    if re.match(r'\{\s*("|\})', start):
        first, _, more = start.partition("\n")
        return "json lines" if first.rstrip().endswith("}") and more.strip() else "json"
    if re.match(r"\[\s*(\{|\]|$)", start):
        return "json"
    return "csv"


def _encoding(sample: bytes) -> tuple[str, int]:
    """The encoding of a sample and the length of its byte order mark."""
    for mark, name in _BOMS:
        if sample.startswith(mark):
            return name, len(mark)
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    half = max(len(sample) // 2, 1)
    if len(sample) >= 4 and max(even, odd) > 0.3 * half and min(even, odd) < 0.05 * half:
        return ("utf-16-be" if even > odd else "utf-16-le"), 0
    head = sample[:HEAD]
    controls = sum(head.count(bytes([code])) for code in range(1, 32) if code not in b"\t\n\r\f")
    if controls > max(0.02 * len(head), 8) or head.count(0) > 0.3 * len(head):
        raise UnreadableError("it is binary; CSV, JSON lines and Parquet are read")
    lines = sample.split(b"\n")[: -1 if len(sample) >= SAMPLE else None]
    foreign = []
    for line in lines:
        try:
            if not line.isascii():
                line.decode("utf-8")
                return "utf-8", 0  # lines that are not, if any, are read one by one
        except UnicodeDecodeError:
            foreign.append(line)
    if not foreign:
        return "utf-8", 0
    return _legacy(b"\n".join(foreign)), 0


def _legacy(sample: bytes) -> str:
    """The older encoding of text that is not UTF-8. Western European unless another fits better."""
    if sum(byte > 127 for byte in sample) < 8:
        return "cp1252"  # too little to tell by
    guesses = [g for g in from_bytes(sample[: 64 * 1024]) if _holds_ascii(g.encoding)]
    western = [g for g in guesses if "cp1252" in {g.encoding, *g.could_be_from_charset}]
    if not guesses or (western and western[0].chaos <= guesses[0].chaos + 0.02):
        return "cp1252"
    return guesses[0].encoding


def _holds_ascii(encoding: str) -> bool:
    """Whether ASCII text is the same in an encoding, line ends and delimiters too."""
    ascii_text = bytes(range(128))
    return ascii_text.decode(encoding, errors="replace") == ascii_text.decode()


def _delimiter(text: str) -> str:
    """The delimiter under which the header holds most known names and the rows are most even."""
    lines = [line for line in text.splitlines(keepends=True) if line.strip()][:50]
    hint = re.match(r'"?sep=(.)"?\s*$', lines[0])
    if hint:
        return hint.group(1)
    known = {name for names in NAMES.values() for name in names}
    best, best_score = ONE_COLUMN, (0, 0.0, 0)
    for delimiter in DELIMITERS:
        try:
            rows = [row for row in csv.reader(lines, delimiter=delimiter) if row]
        except csv.Error:
            continue
        width = len(rows[0])
        if width < 2:
            continue
        names = sum(plain(name) in known for name in rows[0])
        even = sum(len(row) == width for row in rows) / len(rows)
        score = (names, even, width)
        if score > best_score:
            best, best_score = delimiter, score
    return best
