"""Files that come with a report: what a form may bring, and how they are kept."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from harborlight.web.intake.models import Report
from harborlight.web.vault.files import LARGEST, Upload, files_of, keep

MOST = 10  # files with one form


class FilesInput(forms.ClearableFileInput):
    """A field for several files."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files, each neither empty nor too large; cleaned to a list of `Upload`."""

    widget = FilesInput

    def __init__(self) -> None:
        super().__init__(
            label=gettext_lazy("Files"),
            help_text=gettext_lazy(
                "Pictures, screenshots, documents; 25 MB together. We keep them as they are, and "
                "share copies from which hidden data, such as the place of a photo, is removed."
            ),
            required=False,
        )

    def clean(self, data: Any, initial: Any = None) -> list[Upload]:
        files = [each for each in (data if isinstance(data, list | tuple) else [data]) if each]
        if len(files) > MOST:
            raise forms.ValidationError(
                _("At most %(number)s files with one form.") % {"number": MOST}
            )
        uploads = []
        for each in files:
            super().clean(each, initial)
            uploads.append(Upload(each.name, each.read()))
            each.seek(0)
        return uploads


def too_large(request: HttpRequest) -> bool:
    """Whether what was sent is so large that its files were not taken in at all."""
    sent = int(request.META.get("CONTENT_LENGTH") or 0)
    return sent > min(LARGEST, settings.FILE_UPLOAD_MAX_MEMORY_SIZE)


def sums(uploads: Iterable[Upload]) -> list[str]:
    """SHA-256 of each, in hex."""
    return [hashlib.sha256(each.content).hexdigest() for each in uploads]


def attach(report: Report, uploads: Sequence[Upload]) -> None:
    """Keep the files with the report, each once. Within an act."""
    known = set(files_of(report).values_list("digest", flat=True))
    for upload, digest in zip(uploads, sums(uploads), strict=True):
        if digest not in known:
            keep(upload, report)
            known.add(digest)
