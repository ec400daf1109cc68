"""Certificates: a code that anybody can ask about, and the paper.

The code says that a course was passed, when, and at which airline. It names nobody: who was told a
name can type it in and is told whether it is the one.
"""

from __future__ import annotations

import io
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from harborlight.web.audit.acts import REPORTER, act
from harborlight.web.crypto import blind
from harborlight.web.training.catalog import in_language
from harborlight.web.training.keeping import keep_until
from harborlight.web.training.models import Certificate, Taking

#: Crockford's base32: no I, L, O, U; what is mistaken for 1 and 0 is read as these.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 20
_READ_AS = str.maketrans({"I": "1", "L": "1", "O": "0"})

VALID, EXPIRED, UNKNOWN = "valid", "expired", "unknown"


def issue(taking: Taking, day: date, expires: date) -> Certificate:
    """The certificate of a course that was passed. Within an act."""
    return Certificate.objects.create(
        agency_id=taking.agency_id,
        person_id=taking.person_id,
        taking=taking,
        code="".join(secrets.choice(ALPHABET) for _place in range(LENGTH)),
        issued_on=day,
        expires_on=expires,
        keep_until=keep_until(expires),
    )


@dataclass(frozen=True)
class Verdict:
    """What who has a code is told."""

    state: str
    """valid, expired or unknown."""
    course: str = ""
    airline: str = ""
    issued: date | None = None
    expires: date | None = None
    name_matches: bool | None = None
    """Whether the name that was typed is the one; None when none was typed."""


def read(entered: str) -> str:
    """A code as it was typed, however it was grouped. Empty when it can be none."""
    text = "".join(each for each in entered.upper() if each.isalnum()).translate(_READ_AS)
    return text if len(text) == LENGTH and set(text) <= set(ALPHABET) else ""


def verify(entered: str, name: str = "") -> Verdict:
    """Whether a certificate holds. If a name is typed, the real one is opened, in an act."""
    code = read(entered)
    rows = Certificate.objects.filter(code=code) if code else Certificate.objects.none()
    found = rows.select_related("agency", "person", "taking__edition").first()
    if found is None:
        return Verdict(UNKNOWN)
    matches = None
    if name.strip():
        with act(REPORTER, "training.verify"):
            real = str(found.person.take("name")["name"] or "")
        matches = bool(real) and blind.canonical("name", real) == blind.canonical("name", name)
    return Verdict(
        VALID if found.expires_on >= timezone.localdate() else EXPIRED,
        in_language(found.taking.edition.title),
        found.agency.name,
        found.issued_on,
        found.expires_on,
        matches,
    )


@cache
def _fonts() -> tuple[str, str]:
    """The typeface of the paper: Vera, which comes with the library and has accented letters."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    for name, file in (("Text", "Vera.ttf"), ("Bold", "VeraBd.ttf")):
        pdfmetrics.registerFont(TTFont(name, file))
    return "Text", "Bold"


def _drawable(words: str, font: str) -> str:
    """The words with letters that the typeface has: one that it has not loses its marks."""
    from reportlab.pdfbase import pdfmetrics

    has = pdfmetrics.getFont(font).face.charToGlyph
    told = []
    for letter in unicodedata.normalize("NFC", words):
        plain = unicodedata.normalize("NFKD", letter)[0]
        told.append(letter if ord(letter) in has else plain if ord(plain) in has else "?")
    return "".join(told)


def paper(certificate: Certificate, address: str) -> bytes:
    """The certificate as a PDF file, in the language of the page. Within an act: it opens the name.

    `address` is where the code can be asked about. The same certificate gives the same bytes.
    """
    from reportlab.lib.pagesizes import landscape, letter
    from reportlab.pdfgen.canvas import Canvas

    text, bold = _fonts()
    name = str(certificate.person.take("name")["name"] or "")
    edition, airline = certificate.taking.edition, certificate.agency.name
    out = io.BytesIO()
    width, height = landscape(letter)
    canvas: Any = Canvas(out, pagesize=(width, height), invariant=1)
    canvas.setTitle(_("Certificate"))
    canvas.setAuthor("Harborlight")
    canvas.setStrokeColorRGB(0.09, 0.18, 0.32)
    canvas.setLineWidth(3)
    canvas.rect(36, 36, width - 72, height - 72)
    lines = [
        (bold, 30, _("Certificate of training")),
        (text, 15, _("This is to say that")),
        (bold, 26, name),
        (text, 15, _("of %(airline)s has passed the course") % {"airline": airline}),
        (bold, 20, in_language(edition.title)),
        (text, 14, _("on %(day)s. It holds through %(end)s.")
         % {"day": certificate.issued_on.isoformat(), "end": certificate.expires_on.isoformat()}),
        (bold, 16, _("Code: %(code)s") % {"code": str(certificate)}),
        (text, 11, _("Whether it holds can be asked at %(address)s") % {"address": address}),
        (text, 9, _("Course %(course)s, version %(version)s")
         % {"course": edition.course, "version": edition.version[:16]}),
    ]  # fmt: skip
    y = height - 130.0
    for font, size, told in lines:
        words = _drawable(told, font)
        while size > 7 and canvas.stringWidth(words, font, size) > width - 120:
            size -= 1
        canvas.setFont(font, size)
        canvas.drawCentredString(width / 2, y, words)
        y -= 48
    canvas.showPage()
    canvas.save()
    return out.getvalue()
