"""Files of a case: the original as evidence, and a copy without hidden data to share."""

from __future__ import annotations

import hashlib
from typing import Any

from django.utils.translation import gettext as _

from harborlight.web.audit.acts import Refused
from harborlight.web.cases.models import Case
from harborlight.web.vault.files import LARGEST, FileError, StoredFile, Upload, files_of, keep


def attach(case: Case, upload: Upload) -> StoredFile:
    """Keep a file of a case, each once. Within an act; Refused where it cannot be taken."""
    digest = hashlib.sha256(upload.content).hexdigest()
    if files_of(case).filter(digest=digest).exists():
        raise Refused(_("This file is in the case already."), record=case)
    if not upload.content:
        raise Refused(_("The file is empty."), record=case)
    try:
        return keep(upload, case)
    except FileError:
        most = LARGEST // 1024 // 1024
        raise Refused(
            _("The file cannot be taken: it may have %(most)d MB.") % {"most": most}, record=case
        ) from None


def listed(case: Case) -> list[tuple[StoredFile, str]]:
    """The files with their names. Within an act."""
    return [(each, str(each.take("name")["name"])) for each in files_of(case)]


def content(case: Case, key: Any, *, cleaned: bool) -> tuple[str, bytes] | None:
    """A file's name and bytes: the cleaned copy, or as it came. None when there is none of it."""
    stored = files_of(case).filter(pk=key).first()
    if stored is None or (cleaned and not stored.cleaned):
        return None
    told = stored.copy() if cleaned else stored.original()
    return str(stored.take("name")["name"]), told
