"""Files: the original as evidence, and a cleaned copy for sharing. Both encrypted.

The bytes lie in the home's folder of files, sealed; nothing readable reaches the disk, not even for
a moment. Reading is told to the act that is going on, as with every sealed record.
"""

from __future__ import annotations

import functools
import hashlib
import os
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import models, transaction

from harborlight.web.audit import acts
from harborlight.web.crypto import sealing
from harborlight.web.home import home
from harborlight.web.vault.cleaning import clean, kind_of
from harborlight.web.vault.models import Sealed

LARGEST = 25 * 1024 * 1024


class FileError(Exception):
    """The file cannot be taken. The message names no content."""


class StoredFile(Sealed):
    """One file of a record. Its name is sealed; its bytes are on disk, under the same key."""

    SEALED = ("name",)

    kind = models.CharField(max_length=100)
    """Media type, found from the bytes and never from the name."""
    size = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    """SHA-256 of the original."""
    cleaned = models.BooleanField(default=False)
    """Whether there is a cleaned copy."""
    of_model = models.CharField(max_length=64)
    of_record = models.CharField(max_length=64)
    added_at = models.DateTimeField()

    class Meta:
        ordering = ("added_at",)
        indexes = (models.Index(fields=["of_model", "of_record"], name="vault_file_of_record"),)

    def __str__(self) -> str:
        return f"file {str(self.pk)[:8]}"

    def delete(self, *args: Any, **options: Any) -> tuple[int, dict[str, int]]:
        places = [place_of(self.pk, which) for which in ("original", "cleaned")]
        done = super().delete(*args, **options)  # after which it has no key any more
        for place in places:
            transaction.on_commit(functools.partial(place.unlink, missing_ok=True))
        return done

    def _seal_bytes(self, which: str, content: bytes) -> None:
        place = place_of(self.pk, which)
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        sealed = sealing.seal(self._data_key(), content, f"{self._about()} {which}")
        part = place.with_suffix(".part")
        with part.open("wb") as file:
            os.chmod(part, 0o600)
            file.write(sealed)
            file.flush()
            os.fsync(file.fileno())
        part.replace(place)

    def original(self) -> bytes:
        """The bytes as they came. Within an act, which is told of the reading."""
        return self._open("original")

    def copy(self) -> bytes:
        """The cleaned copy. FileError when none could be made."""
        if not self.cleaned:
            raise FileError("there is no cleaned copy of this file")
        return self._open("cleaned")

    def _open(self, which: str) -> bytes:
        acts.touch(self, acts.READ, {"fields": [which]})
        sealed = place_of(self.pk, which).read_bytes()
        return sealing.unseal(self._data_key(), sealed, f"{self._about()} {which}")


@dataclass(frozen=True)
class Upload:
    """A file as it came: its name and its bytes."""

    name: str
    content: bytes


def place_of(key: uuid.UUID, which: str) -> Path:
    """Where the sealed bytes of a file lie."""
    name = key.hex
    return home().files / name[:2] / f"{name}.{which}"


def keep(upload: Upload, record: models.Model) -> StoredFile:
    """Keep a file of a record, and a cleaned copy where one can be made. Within an act."""
    if not upload.content:
        raise FileError("the file is empty")
    if len(upload.content) > LARGEST:
        raise FileError(f"the file is larger than {LARGEST // 1024 // 1024} MB")
    kind = kind_of(upload.content)
    model, key = acts.name_of(record)
    stored = StoredFile(
        kind=kind,
        size=len(upload.content),
        digest=hashlib.sha256(upload.content).hexdigest(),
        of_model=model,
        of_record=key,
        added_at=acts.when(),
    )
    stored.put(name=upload.name[:200])
    cleaned = clean(upload.content, kind)
    stored.cleaned = cleaned is not None
    stored._seal_bytes("original", upload.content)
    if cleaned is not None:
        stored._seal_bytes("cleaned", cleaned)
    stored.save(force_insert=True)
    return stored


def files_of(record: models.Model) -> models.QuerySet[StoredFile]:
    """The files of a record, first to last."""
    model, key = acts.name_of(record)
    return StoredFile.objects.filter(of_model=model, of_record=key)
