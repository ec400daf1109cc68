"""Sealed records, and the blind index by which they are found.

class Reporter(Sealed):
    SEALED = ("name", "phone")
    SEARCHED = {"phone": "phone"}

reporter = Reporter()
reporter.put(name="...", phone="507-555-0142")
reporter.save()                              # within an act
reporter.take("phone")                       # within an act, which is told of the reading
Reporter.having("phone", "(507) 555-0142")   # by exact value, without opening any
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, ClassVar, Self, cast

from django.db import models

from harborlight.web.audit import acts
from harborlight.web.audit.models import Recorded
from harborlight.web.crypto import blind, sealing
from harborlight.web.crypto.current import keys

#: Rows that are written in one statement.
MANY = 500


class Term(models.Model):
    """That a record has a value, as a blind digest. Rows follow the record they stand for."""

    kind = models.CharField(max_length=32)
    digest = models.BinaryField(max_length=32)
    model = models.CharField(max_length=64)
    record = models.UUIDField()
    field = models.CharField(max_length=32)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["digest", "model"], name="vault_by_digest"),
            models.Index(fields=["model", "record"], name="vault_by_record"),
        ]


#: The columns of what a record seals: all that is written when it alone is sealed anew.
SEALED_COLUMNS = ("key_id", "wrapped_key", "sealed")


class Sealed(Recorded):
    """A record whose named fields are sealed together under a data key of its own.

    Values are what JSON can hold. `put` and `take` are the only doors; `take` tells the act that is
    going on that the record was read (NoAct without one).
    """

    SEALED: ClassVar[tuple[str, ...]] = ()
    SEARCHED: ClassVar[dict[str, str]] = {}

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key_id = models.CharField(max_length=16, editable=False)
    wrapped_key = models.BinaryField(editable=False)
    sealed = models.BinaryField(editable=False)

    class Meta:
        abstract = True

    def put(self, **values: Any) -> None:
        """Seal these values, keeping the others. They reach the database with `save`."""
        unknown = sorted(set(values) - set(self.SEALED))
        if unknown:
            raise ValueError(f"{self._meta.label} seals no {', '.join(unknown)}")
        content = {**self._content(), **values}
        data_key = self._data_key() if self.wrapped_key else sealing.new_data_key()
        if not self.wrapped_key:
            self.key_id, self.wrapped_key = sealing.wrap(keys(), data_key, self._about())
        plain = json.dumps(content, ensure_ascii=False, sort_keys=True).encode()
        self.sealed = sealing.seal(data_key, plain, self._about())
        self._terms = {**getattr(self, "_terms", {}), **self._terms_of(values)}

    def take(self, *names: str) -> dict[str, Any]:
        """Open the record: these of its values, or all. A value never put is None."""
        acts.touch(self, acts.READ, {"fields": sorted(names or self.SEALED)})
        content = self._content()
        return {name: content.get(name) for name in names or self.SEALED}

    def save(self, *args: Any, **options: Any) -> None:
        if not self.wrapped_key:
            self.put()
        elif self.key_id != keys().active:
            # The wrapping key was renewed since this row was read: never write the old one back.
            self.wrap_anew()
        super().save(*args, **options)
        terms: dict[str, tuple[str, list[str]]] = getattr(self, "_terms", {})
        if terms:
            index(self, terms)
            self._terms = {}

    def delete(self, *args: Any, **options: Any) -> tuple[int, dict[str, int]]:
        Term.objects.filter(model=self._meta.label_lower, record=self.pk).delete()
        return super().delete(*args, **options)

    def wrap_anew(self) -> None:
        """Wrap the data key with the active wrapping key."""
        self.key_id, self.wrapped_key = sealing.wrap(keys(), self._data_key(), self._about())

    @classmethod
    def having(cls, kind: str, value: str) -> models.QuerySet[Self]:
        """The records that have exactly this value of this kind, however it is written."""
        found = Term.objects.filter(
            digest=blind.blind(keys(), kind, value), model=cls._meta.label_lower
        )
        rows = cls._default_manager.filter(pk__in=found.values("record"))
        return cast("models.QuerySet[Self]", rows)

    def _about(self) -> str:
        return f"{self._meta.label_lower} {self.pk}"

    def _data_key(self) -> bytes:
        return sealing.unwrap(keys(), self.key_id, bytes(self.wrapped_key), self._about())

    def _content(self) -> dict[str, Any]:
        if not self.sealed:
            return {}
        plain = sealing.unseal(self._data_key(), bytes(self.sealed), self._about())
        content: dict[str, Any] = json.loads(plain)
        return content

    def _terms_of(self, values: dict[str, Any]) -> dict[str, tuple[str, list[str]]]:
        return {
            name: (kind, _listed(values[name]))
            for name, kind in self.SEARCHED.items()
            if name in values
        }


def index(record: Sealed, terms: dict[str, tuple[str, list[str]]]) -> None:
    """Make the blind index of these fields (name: kind, values) what it must be now."""
    model = record._meta.label_lower
    Term.objects.filter(model=model, record=record.pk, field__in=list(terms)).delete()
    Term.objects.bulk_create(_terms(record, terms))


def create_many(records: Sequence[Sealed]) -> None:
    """Save new records of one model, and what they are found by, in few steps. Within an act."""
    if not records:
        return
    for record in records:
        if not record.wrapped_key:
            record.put()
        elif record.key_id != keys().active:
            record.wrap_anew()
    type(records[0])._default_manager.bulk_create(records, batch_size=MANY)
    found = [term for record in records for term in _terms(record, getattr(record, "_terms", {}))]
    Term.objects.bulk_create(found, batch_size=MANY)
    for record in records:
        record._terms = {}


def _terms(record: Sealed, terms: dict[str, tuple[str, list[str]]]) -> Iterator[Term]:
    model = record._meta.label_lower
    for name, (kind, values) in terms.items():
        for value in values:
            digest = blind.blind(keys(), kind, value)
            yield Term(kind=kind, digest=digest, model=model, record=record.pk, field=name)


def _listed(value: Any) -> list[str]:
    """The values to be found by: none, one, or each of a list."""
    if value is None or value == "":
        return []
    if isinstance(value, str):
        return [value]
    each: Iterable[Any] = value if isinstance(value, list | tuple) else [value]
    return [str(one) for one in each if one not in (None, "")]
