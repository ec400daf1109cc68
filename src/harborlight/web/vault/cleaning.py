"""Cleaned copies for sharing: pictures and PDFs written anew, without what was hidden in them.

Of other kinds no copy is made: nothing is called clean that was not taken apart and written again.
"""

from __future__ import annotations

import io
import warnings

from PIL import Image

PICTURES = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP", "image/gif": "PNG"}
MOST_PIXELS = 60_000_000

#: What a page of a PDF may keep; all else (actions, annotations, metadata, pieces) is left out.
KEPT_OF_PAGES = {
    "/Type",
    "/Parent",
    "/Resources",
    "/MediaBox",
    "/CropBox",
    "/Rotate",
    "/Contents",
    "/Group",
    "/UserUnit",
}


def kind_of(content: bytes) -> str:
    """The media type, by the first bytes; never by a name that somebody gave."""
    head = content[:16]
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head[:6] in (b"GIF87a", b"GIF89a"):
        return "image/gif"
    if b"%PDF-" in content[:1024]:
        return "application/pdf"
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return "application/octet-stream"
    return "text/plain" if "\x00" not in text else "application/octet-stream"


def clean(content: bytes, kind: str) -> bytes | None:
    """A copy without metadata, or None: none can be made of this file."""
    try:
        if kind in PICTURES:
            return _picture(content, PICTURES[kind])
        if kind == "application/pdf":
            return _pdf(content)
    except Exception:
        # Whatever a broken or hostile file raises: there is no copy, and the original is kept.
        return None
    return None


def _picture(content: bytes, form: str) -> bytes:
    """The pixels alone, turned as the camera said, in a new file."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        with Image.open(io.BytesIO(content)) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise ValueError("too many pixels")
            turn = {3: 180, 6: 270, 8: 90}.get(picture.getexif().get(0x0112, 1), 0)
            pixels = picture.convert("RGBA" if form != "JPEG" and "A" in picture.mode else "RGB")
            if turn:
                pixels = pixels.rotate(turn, expand=True)
            plain = Image.frombytes(pixels.mode, pixels.size, pixels.tobytes())
            out = io.BytesIO()
            plain.save(out, form)
            return out.getvalue()


def _pdf(content: bytes) -> bytes:
    """The pages with their contents, and nothing of the document around them."""
    # Read when the first PDF comes: it takes a tenth of the start of every process.
    from pypdf import PdfReader, PdfWriter
    from pypdf.generic import NameObject

    reader = PdfReader(io.BytesIO(content), strict=False)
    if reader.is_encrypted:
        raise ValueError("encrypted")
    writer = PdfWriter()
    for page in reader.pages:
        added = writer.add_page(page)
        for name in [each for each in added if each not in KEPT_OF_PAGES]:
            del added[NameObject(name)]
    writer.metadata = None
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
