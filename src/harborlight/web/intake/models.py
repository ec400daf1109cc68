"""Reports: their sealed content, who must read them, what was said, and who was told."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from harborlight.web.accounts.models import Agency, Member, Scoped
from harborlight.web.accounts.permissions import Scope
from harborlight.web.audit.models import Recorded
from harborlight.web.intake import labels
from harborlight.web.vault.models import Sealed


class Report(Scoped, Sealed):
    """What somebody told. Open are codes alone; everything else is sealed."""

    SEALED = (
        "where",
        "when",
        "day",
        "observed",
        "inferred",
        "people",
        "vehicles",
        "contacts",
        "airline",
        "flight",
        "flight_day",
        "seat",
        "route",
        "name",
        "reach",
        "safe_times",
        # Found in the text, for the blind index alone (see `terms`).
        "phones",
        "emails",
        "plates",
        "flights",
        "place_days",
    )
    SEARCHED: ClassVar[dict[str, str]] = {
        "phones": "phone",
        "emails": "email",
        "plates": "plate",
        "flights": "flight",
        "place_days": "place_day",
    }

    number = models.CharField(_("reference"), max_length=12, unique=True)
    """By which staff speak of the report. Random, and no way to open anything."""
    receipt = models.CharField(max_length=64, unique=True)
    """Argon2id of the receipt, in hex: see `receipts`."""
    digest = models.CharField(max_length=64)
    """Keyed digest of what was sent, by which the same sent again is known."""
    channel = models.CharField(_("came by"), max_length=16, choices=labels.Channel)
    received = models.DateTimeField(_("received"), db_index=True)
    stored = models.DateTimeField(auto_now_add=True)
    danger = models.CharField(_("danger"), max_length=16, choices=labels.Danger)
    age = models.CharField(_("under 18"), max_length=16, choices=labels.Age)
    category = models.CharField(_("about"), max_length=16, choices=labels.Category)
    state = models.CharField(max_length=2, blank=True)
    county = models.CharField(_("county"), max_length=64, blank=True)
    town = models.CharField(_("town"), max_length=80, blank=True)
    """A key of `harborlight.places`: "Mankato, MN"; what was written is sealed."""
    language = models.CharField(_("language"), max_length=8, default="en")
    status = models.CharField(
        _("status"), max_length=16, choices=labels.Status, default=labels.Status.NEW, db_index=True
    )
    outcome = models.CharField(_("outcome"), max_length=16, choices=labels.Outcome, blank=True)
    ended = models.DateTimeField(null=True, blank=True)
    owner = models.ForeignKey(Agency, models.PROTECT, null=True, related_name="+")
    """The agency that must read it. None only until some agency takes reports."""
    held = models.BooleanField(_("legal hold"), default=False)
    erased = models.DateTimeField(null=True, blank=True)
    """When retention destroyed the content. The codes stay, for figures."""

    class Meta:
        ordering = ("received",)
        verbose_name = _("report")
        verbose_name_plural = _("reports")

    def __str__(self) -> str:
        return self.number

    @classmethod
    def reach(cls, member: Member, scope: str) -> models.Q:
        """AGENCY: those the agency must read (its own, or routed to it). ASSIGNED: one's own."""
        if scope == Scope.AGENCY:
            rows = Holding.objects.filter(agency=member.agency_id)
        elif scope == Scope.ASSIGNED:
            rows = Holding.objects.filter(assigned=member.pk)
        else:
            rows = Holding.objects.none()
        return models.Q(pk__in=rows.values("report"))


class Holding(Recorded):
    """That an agency has a report and must read it; who there works on it."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="holdings")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    since = models.DateTimeField()
    """Since when there is something unread in it."""
    read = models.DateTimeField(null=True, blank=True, db_index=True)
    """When it was last opened there; None while something in it is unread."""
    assigned = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    taken = models.CharField(max_length=16, choices=labels.Taken, blank=True)
    escalated = models.DateTimeField(null=True, blank=True)
    """When the agency's supervisors were last told that it is unread."""
    escalations = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["report", "agency"], name="one_holding_an_agency")
        ]


class Message(Sealed):
    """One thing said between the reporter and staff. Content: text, or a whole later version."""

    SEALED = ("text", "version")

    report = models.ForeignKey(Report, models.PROTECT, related_name="messages")
    kind = models.CharField(max_length=16, choices=labels.Kind)
    at = models.DateTimeField()
    by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")
    """The member who asked; None for the reporter."""
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ("at",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["report", "digest"], name="one_message_once")
        ]


class Note(Sealed):
    """A note of staff, read within their agency alone; the reporter never sees it."""

    SEALED = ("text",)

    report = models.ForeignKey(Report, models.PROTECT, related_name="notes")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    by = models.ForeignKey(Member, models.PROTECT, related_name="+")

    class Meta:
        ordering = ("at",)


class Telling(Recorded):
    """That somebody was told of a report: never twice the same place. Rows are append-only."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="tellings")
    place = models.CharField(max_length=120)
    """`agency 12`, `hsi`, or `other: the name`."""
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=200)
    """How the place was called then."""
    purpose = models.CharField(max_length=16, choices=labels.Purpose)
    method = models.CharField(max_length=16, choices=labels.Method)
    told = models.DateTimeField()
    recorded = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")
    """Who told; None when the reporter did so."""

    class Meta:
        ordering = ("told", "pk")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["report", "place"], name="told_once_a_place")
        ]


class SameAs(Recorded):
    """That a person decided that a report is the same as another, and maybe undid it."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="same_as")
    canonical = models.ForeignKey(Report, models.PROTECT, related_name="others")
    at = models.DateTimeField()
    by = models.ForeignKey(Member, models.PROTECT, related_name="+")
    undone = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["report"], condition=models.Q(undone__isnull=True), name="same_as_one"
            )
        ]


class Erasure(Recorded):
    """The log of retention: which report's content was destroyed, when, by which rule."""

    number = models.CharField(max_length=12)
    outcome = models.CharField(max_length=16)
    ended = models.DateTimeField()
    days = models.PositiveIntegerField()
    """How long it was kept after its end."""
    at = models.DateTimeField()
    files = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("at", "pk")


class ContactChange(Recorded):
    """What an administrator says of a contact instead of `contacts.yaml`. Rows are append-only:
    the last one of a key holds."""

    key = models.CharField(max_length=32)
    number = models.CharField(_("number"), max_length=40)
    text = models.CharField(_("number for text messages"), max_length=40, blank=True)
    source = models.CharField(_("where this was found"), max_length=200)
    seen = models.DateField(_("on which day"))
    conflict = models.CharField(_("what other sources say"), max_length=200, blank=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("pk",)


def number_of(**about: Any) -> str:
    """A fresh reference: `R-7K3M-9QX`. Not derived from anything."""
    from harborlight.web.intake.receipts import letters

    while True:
        text = letters(7)
        number = f"R-{text[:4]}-{text[4:]}"
        if not Report.objects.filter(number=number).exists():
            return number
