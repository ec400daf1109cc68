"""Reports of crews as they are kept: immutable versions, receipts, and what could not be read."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from harborlight.web.accounts.models import Agency, Member, Scoped
from harborlight.web.accounts.permissions import Scope
from harborlight.web.accounts.roles import AgencyKind
from harborlight.web.audit.models import Recorded
from harborlight.web.vault.models import Sealed


class Outcome(models.TextChoices):
    """What the crew member is told, and no more."""

    RECEIVED = "received", _("Received")
    ASSESSED = "assessed", _("Assessed")
    UNFOUNDED = "unfounded", _("No sign of trafficking found")
    HELPED = "helped", _("Somebody was helped")


class Origin(models.TextChoices):
    """Who saw it first."""

    STAFF = "staff", _("Staff")
    PASSENGER = "passenger", _("A passenger")


def sees_to_unknown(member: Member) -> bool:
    """Whether a member sees what came from nobody the site knows: those who take reports."""
    return member.agency.kind == AgencyKind.LAW_ENFORCEMENT or member.agency.takes_reports


def who_sees_to_unknown() -> models.QuerySet[Agency]:
    """The agencies whose members see what came from nobody the site knows."""
    takes = models.Q(kind=AgencyKind.LAW_ENFORCEMENT) | models.Q(takes_reports=True)
    return Agency.objects.filter(takes, active=True)


class Device(Recorded):
    """A phone set up by a member: it may hand in reports in their name, and nothing else."""

    member = models.ForeignKey(Member, models.PROTECT, related_name="devices")
    digest = models.CharField(max_length=64, unique=True)
    """SHA-256 of the device's token of 256 random bits."""
    since = models.DateTimeField(auto_now_add=True)
    until = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"device {self.pk} of {self.member_id}"


class CrewReport(Scoped):
    """One report, known by the number that the device gave it once. What it says is in versions."""

    id = models.UUIDField(primary_key=True, editable=False)
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, related_name="crew_reports")
    """The airline. None: the sender is not known, and staff of the site's triage see to it."""
    author = models.ForeignKey(Member, models.PROTECT, null=True, related_name="crew_reports")
    danger = models.BooleanField(_("immediate danger"), default=False)
    origin = models.CharField(max_length=16, choices=Origin, default=Origin.STAFF)
    outcome = models.CharField(max_length=16, choices=Outcome, default=Outcome.RECEIVED)
    occurred_on = models.DateField(null=True, blank=True)
    received_at = models.DateTimeField(db_index=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    escalated_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-danger", "received_at")
        verbose_name = _("crew report")

    def __str__(self) -> str:
        return str(self.pk)[:8]

    @classmethod
    def reach(cls, member: Member, scope: str) -> models.Q:
        """The airline's own and those it told; a crew member's own."""
        if scope == Scope.SELF:
            return models.Q(author=member)
        own = models.Q(agency=member.agency) | models.Q(
            pk__in=Told.objects.filter(agency=member.agency).values("report")
        )
        return own | models.Q(agency=None) if sees_to_unknown(member) else own


class Version(Sealed):
    """What was sent, once and unchanged: `body` is the JSON text of the device, byte for byte."""

    SEALED = ("body",)

    report = models.ForeignKey(CrewReport, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    schema = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    """SHA-256 of the bytes of `body`."""
    received_at = models.DateTimeField()
    channel = models.CharField(max_length=16, default="device")
    """device, form or file."""

    class Meta:
        ordering = ("number",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["report", "digest"], name="crew_one_version_once"),
            models.UniqueConstraint(fields=["report", "number"], name="crew_versions_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.report_id} version {self.number}"


class Review(Sealed):
    """What came of a report, who said so, and why. A later one stands; all are kept."""

    SEALED = ("why", "lesson")

    report = models.ForeignKey(CrewReport, models.PROTECT, related_name="reviews")
    outcome = models.CharField(max_length=16, choices=Outcome)
    by = models.ForeignKey(Member, models.PROTECT)
    at = models.DateTimeField()

    class Meta:
        ordering = ("at",)

    def __str__(self) -> str:
        return f"{self.report_id}: {self.outcome}"


class Quarantine(Scoped, Sealed):
    """What came in and could not be read. It is kept, signed for, and shown to staff."""

    SEALED = ("body",)

    digest = models.CharField(max_length=64, unique=True)
    claimed = models.CharField(max_length=64, blank=True)
    reason = models.CharField(max_length=200)
    agency = models.ForeignKey(Agency, models.PROTECT, null=True)
    received_at = models.DateTimeField()
    escalated_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("received_at",)

    def __str__(self) -> str:
        return f"{self.digest[:8]}: {self.reason}"

    @classmethod
    def reach(cls, member: Member, scope: str) -> models.Q:
        """The airline's own, and what nobody's device sent."""
        own = models.Q(agency=member.agency)
        return own | models.Q(agency=None) if sees_to_unknown(member) else own


class Told(Recorded):
    """Who was told of a report, when and how: a ledger, append-only, nobody twice."""

    report = models.ForeignKey(CrewReport, models.PROTECT, related_name="told")
    agency = models.ForeignKey(Agency, models.PROTECT, null=True)
    """An agency of the site, or none: then `outside` says who."""
    outside = models.CharField(max_length=32, blank=True)
    """captain, airport_police, hsi, hotline, operations, other."""
    method = models.CharField(max_length=16)
    at = models.DateTimeField()
    by = models.CharField(max_length=64)

    class Meta:
        ordering = ("at",)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["report", "agency"],
                condition=models.Q(agency__isnull=False),
                name="crew_an_agency_is_told_once",
            ),
            models.UniqueConstraint(
                fields=["report", "outside"],
                condition=models.Q(agency__isnull=True) & ~models.Q(outside="other"),
                name="crew_outside_is_told_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report_id}: {self.agency or self.outside}"
