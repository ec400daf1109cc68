"""What was given out, what was brought in, the rows that were not taken, and what is carried on."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from harborlight.web.accounts.models import Agency, Member, Scoped
from harborlight.web.accounts.permissions import Scope
from harborlight.web.cases.events import OfCase
from harborlight.web.cases.models import Case
from harborlight.web.cases.persons import Person
from harborlight.web.vault.models import Sealed


class Form(models.TextChoices):
    """In which form a package is."""

    JSON = "json", _("JSON, one document")
    CSV = "csv", _("CSV, a zip of tables")


class Sending(OfCase, Sealed):
    """That a case was given out: to whom, for what, by whom. Rows are added; the purpose alone may
    be sealed anew, when somebody is taken out of it."""

    SEALED = ("purpose",)

    case = models.ForeignKey(Case, models.PROTECT, related_name="sendings")
    recipient = models.ForeignKey(
        Agency, models.PROTECT, related_name="+", verbose_name=_("to which agency")
    )
    form = models.CharField(max_length=4, choices=Form)
    by = models.ForeignKey(Member, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    digest = models.CharField(max_length=64)
    """SHA-256 of the bytes."""
    people = models.PositiveIntegerField()
    left_out = models.PositiveIntegerField()
    """How many people of the case are not in it."""
    texts = models.BooleanField()
    """Whether it holds free text: only when nobody is left out."""

    class Meta:
        ordering = ("-at",)

    def __str__(self) -> str:
        return f"{self.case_id} to {self.recipient_id}"


class Arrival(Scoped, Sealed):
    """A package that was brought in, each once an agency."""

    SEALED = ("name", "manifest")

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    by = models.ForeignKey(Member, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    digest = models.CharField(max_length=64)
    rows = models.PositiveIntegerField()
    taken = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("-at",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["agency", "digest"], name="exchange_once")
        ]

    def __str__(self) -> str:
        return f"X-{str(self.pk)[:8]}"

    def get_absolute_url(self) -> str:
        return reverse("exchange:arrival", args=[self.pk])

    @classmethod
    def reach(cls, member: Member, scope: str) -> models.Q:
        """One's agency's; for those who work on cases, what they brought in themselves."""
        own = models.Q(agency=member.agency_id)
        return own & models.Q(by=member.pk) if scope == Scope.ASSIGNED else own


class Reject(Sealed):
    """A row that was not taken, or a cell that could not be read: whole, with the reason."""

    class Kind(models.TextChoices):
        ROW = "row", pgettext_lazy("of a table", "Row")
        CELL = "cell", pgettext_lazy("of a table", "Cell")

    SEALED = ("file", "row", "reason", "citation")

    arrival = models.ForeignKey(Arrival, models.PROTECT, related_name="rejects")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    """Of whom it speaks, so far as that is known: it goes when they are removed."""
    kind = models.CharField(max_length=4, choices=Kind)
    table = models.CharField(max_length=16)
    number = models.PositiveIntegerField()
    """Of the row in its file, from 1."""

    class Meta:
        ordering = ("table", "number")

    def __str__(self) -> str:
        return f"{self.table} {self.number}"


class Carried(Sealed):
    """Cells of a row for which a case has no field: kept beside the record and given out again.

    `of_record` is the key of the record it was brought in as. Consents that somebody gave
    elsewhere, and organizations that a package names, have no record here: they are of `CONSENT`
    and `ORGANIZATION`, and open nothing.
    """

    CONSENT, ORGANIZATION = "consent", "organization"
    SEALED = ("cells",)

    case = models.ForeignKey(Case, models.PROTECT, related_name="carried")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="carried")
    of_model = models.CharField(max_length=64)
    of_record = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ("pk",)
        indexes: ClassVar = [
            models.Index(fields=["case", "of_model", "of_record"], name="exchange_carried_of")
        ]

    def __str__(self) -> str:
        return f"{self.of_model} {self.of_record}"
