"""Cases, in their smallest form: what was opened, from what, by whom, and who has it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from harborlight.web.accounts.models import Agency, Member, Scoped
from harborlight.web.accounts.permissions import Scope
from harborlight.web.cases.events import Event, Place, Presence, Relationship
from harborlight.web.cases.handing import Transfer, TransferStep
from harborlight.web.cases.persons import Involvement, Person
from harborlight.web.cases.same import SamePerson
from harborlight.web.cases.work import Note, Task
from harborlight.web.vault.models import Sealed

__all__ = [
    "Case",
    "CaseNumbering",
    "Event",
    "Involvement",
    "Note",
    "Person",
    "Place",
    "Presence",
    "Relationship",
    "SamePerson",
    "Task",
    "Transfer",
    "TransferStep",
]


class Case(Scoped, Sealed):
    """A case of one agency. The title is sealed: lists show its number."""

    class Status(models.TextChoices):
        OPEN = "open", pgettext_lazy("a case", "Open")
        CLOSED = "closed", pgettext_lazy("a case", "Closed")

    SEALED = ("title",)

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    number = models.CharField(_("number"), max_length=32)
    """The year and a number within it: 2026-0001."""
    status = models.CharField(_("status"), max_length=16, choices=Status, default=Status.OPEN)
    opened_from = models.CharField(max_length=32, blank=True)
    """The kind of record it was opened from: `leads.lead`."""
    opened_from_id = models.UUIDField(null=True)
    assigned = models.ForeignKey(
        Member, models.PROTECT, null=True, related_name="+", verbose_name=_("assigned to")
    )
    opened_by = models.ForeignKey(Member, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-opened_at",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["agency", "number"], name="cases_number")
        ]

    def __str__(self) -> str:
        return str(_("Case %(number)s") % {"number": self.number})

    def get_absolute_url(self) -> str:
        return reverse("cases:case", args=[self.pk])

    @classmethod
    def reach(cls, member: Member, scope: str) -> models.Q:
        """One's own agency's; for those who work on cases, the ones assigned to them."""
        own = models.Q(agency=member.agency_id)
        return own & models.Q(assigned=member.pk) if scope == Scope.ASSIGNED else own


class CaseNumbering(models.Model):
    """The last number given in a year at an agency."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["agency", "year"], name="cases_numbering_once")
        ]
