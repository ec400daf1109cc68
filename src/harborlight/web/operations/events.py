"""What happens in an operation, as it is told; and what it came to."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from harborlight.web.accounts.models import Member, Scoped
from harborlight.web.vault.models import Sealed


class Kind(models.TextChoices):
    """What is told. People helped stand first, here and on every page."""

    HELPED = "helped", _("People helped")
    CONTACT = "contact", _("Contacts")
    ARREST = "arrest", _("Arrests")
    VEHICLE = "vehicle", _("Vehicles")
    NOTE = "note", _("Notes")


class Event(Scoped, Sealed):
    """One line of the live board. Never changed and never deleted: another line corrects it."""

    SEALED = ("text",)

    operation = models.ForeignKey("operations.Operation", models.PROTECT, related_name="events")
    at = models.DateTimeField(_("when"))
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    number = models.PositiveSmallIntegerField(_("how many"), default=1)
    """Of people or vehicles; a note counts nothing."""
    town = models.ForeignKey("operations.Town", models.PROTECT, null=True, related_name="+")
    team = models.ForeignKey("operations.Team", models.PROTECT, null=True, related_name="+")
    corrects = models.OneToOneField("self", models.PROTECT, null=True, related_name="corrected_by")
    """A line told wrongly, which this one stands for; it is counted no more."""
    by = models.ForeignKey(Member, models.PROTECT, related_name="+")
    told_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-at", "-told_at")
        verbose_name = _("event")
        indexes: ClassVar = [models.Index(fields=["operation", "at"], name="operations_board")]

    def __str__(self) -> str:
        return f"E-{str(self.pk)[:8]}"

    @classmethod
    def reach(cls, member: Member, scope: str) -> models.Q:
        """As the operation is reached."""
        from harborlight.web.operations.models import Operation

        return models.Q(operation__in=Operation.objects.filter(Operation.reach(member, scope)))


class Debrief(Sealed):
    """What an operation came to: people helped first. Kept once."""

    SEALED = ("lessons",)

    operation = models.OneToOneField("operations.Operation", models.PROTECT, related_name="debrief")
    helped = models.PositiveIntegerField(_("people helped"))
    offered = models.PositiveIntegerField(_("services offered"))
    accepted = models.PositiveIntegerField(_("services accepted"))
    arrests = models.PositiveIntegerField(_("arrests"))
    charges = models.PositiveIntegerField(_("charges"))
    by = models.ForeignKey(Member, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(accepted__lte=models.F("offered")),
                name="operations_accepted_were_offered",
            )
        ]

    def __str__(self) -> str:
        return f"debrief of {self.operation_id}"
