"""The entries of the audit, and the base of every model whose writes are audited."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar, TypeVar

from django.db import models

from harborlight.web.audit import acts


class Entry(models.Model):
    """One thing done to one record. Rows are added by `acts` alone, and never changed."""

    position = models.PositiveBigIntegerField(primary_key=True)
    at = models.DateTimeField(db_index=True)
    actor = models.CharField(max_length=64)
    """Who: `member 12`, `reporter`, `system`, `shell`."""
    agency = models.CharField(max_length=64, blank=True)
    act = models.CharField(max_length=64)
    """What was done, as the table of permissions names it: `report.open`."""
    operation = models.CharField(max_length=8)
    """create, change, delete, read, refuse or note."""
    kind = models.CharField(max_length=64)
    """The model of the record: `intake.report`."""
    record = models.CharField(max_length=64)
    why = models.TextField(blank=True)
    """The reason that was given. Never content of a record."""
    details = models.JSONField(default=dict)
    """Names of fields that changed and the like. Never content of a record."""
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ("position",)
        indexes: ClassVar = [
            models.Index(fields=["kind", "record", "position"], name="audit_of_record"),
            models.Index(fields=["actor", "position"], name="audit_of_actor"),
        ]

    def __str__(self) -> str:
        return (
            f"{self.position}: {self.actor} {self.act} {self.operation} {self.kind} {self.record}"
        )


class Head(models.Model):
    """The last link of the chain. One row, locked while links are added."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    position = models.PositiveBigIntegerField(default=0)
    digest = models.CharField(max_length=64, default="")


M = TypeVar("M", bound=models.Model)


class RecordedQuerySet(models.QuerySet[M]):
    """Writes of many rows at once, each told to the act that is open."""

    def update(self, **values: Any) -> int:
        with acts.writing(self.model):
            keys = list(self.values_list("pk", flat=True))
            acts.touch_many(self.model, keys, acts.CHANGE, {"fields": sorted(values)})
            return super().update(**values)

    def delete(self) -> tuple[int, dict[str, int]]:
        with acts.writing(self.model):
            keys = list(self.values_list("pk", flat=True))
            acts.touch_many(self.model, keys, acts.DELETE)
            return super().delete()

    def bulk_create(self, objs: Iterable[M], *args: Any, **options: Any) -> list[M]:
        with acts.writing(self.model):
            made = super().bulk_create(objs, *args, **options)
            acts.touch_many(self.model, [each.pk for each in made], acts.CREATE)
            return made

    def bulk_update(
        self, objs: Iterable[M], fields: Iterable[str], *args: Any, **options: Any
    ) -> int:
        listed = list(objs)
        with acts.writing(self.model):
            # Django's own bulk_update goes by way of `update`, which tells of each row.
            return super().bulk_update(listed, list(fields), *args, **options)


class Recorded(models.Model):
    """A model that is written within an act only: `with act(actor, "case.note", why): ...`.

    Saving or deleting without one raises `acts.NoAct`, by whichever way of Django's it is tried.
    """

    objects: ClassVar[models.Manager[Any]] = models.Manager.from_queryset(RecordedQuerySet)()

    class Meta:
        abstract = True

    def save(self, *args: Any, **options: Any) -> None:
        with acts.writing(type(self)):
            made = self._state.adding
            super().save(*args, **options)
            fields = options.get("update_fields")
            details = {"fields": sorted(fields)} if fields else {}
            acts.touch(self, acts.CREATE if made else acts.CHANGE, details)

    def delete(self, *args: Any, **options: Any) -> tuple[int, dict[str, int]]:
        with acts.writing(type(self)):
            acts.touch(self, acts.DELETE)
            return super().delete(*args, **options)
