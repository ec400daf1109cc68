"""Leads and what is kept of them.

What an export says (texts, contacts, towns by day) is sealed. Codes, counts, dates and the names of
towns are not: by them the queue is read without opening a lead.
"""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from harborlight.web.accounts.models import Agency, Member, Scoped
from harborlight.web.audit.models import Recorded
from harborlight.web.vault.models import Sealed


class State(models.TextChoices):
    """Where a lead stands. Each but the first is a decision of a member."""

    REVIEW = "review", _("To review")
    HELD = "held", _("Held")
    PROMOTED = "promoted", _("Promoted to a case")
    MERGED = "merged", _("Merged")
    DISMISSED = "dismissed", _("Dismissed")


class Run(Recorded):
    """A folder of `harborlight recognize` that was imported. The same folder is imported once."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64)
    version = models.CharField(max_length=32)
    """Of Harborlight, which wrote it."""
    ads = models.PositiveIntegerField()
    leads = models.PositiveIntegerField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-at", "-pk")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["agency", "digest"], name="leads_run_once")
        ]


class Numbering(models.Model):
    """The last number given to a lead of an agency: numbers of purged leads are not given again."""

    agency = models.OneToOneField(Agency, models.PROTECT, related_name="+")
    last = models.PositiveIntegerField(default=0)


class Lead(Scoped, Sealed):
    """Ads that look as if one hand posted them, in front of a reviewer."""

    SEALED = ("phones", "handles", "emails", "links", "ads")
    SEARCHED: ClassVar = {"phones": "phone", "handles": "handle", "emails": "email", "ads": "ad"}

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    number = models.PositiveIntegerField(_("number"))
    state = models.CharField(
        _("state"), max_length=16, choices=State, default=State.REVIEW, db_index=True
    )
    toward = models.PositiveSmallIntegerField(_("kinds of evidence"))
    """Independent families of evidence."""
    away = models.PositiveSmallIntegerField(_("kinds of counter-evidence"))
    size = models.PositiveIntegerField(_("ads"))
    known = models.PositiveIntegerField(default=0)
    """How many different ads those are, by what they say."""
    towns = models.JSONField(_("towns"), default=list)
    """Names of towns, those with most ads first, at most five."""
    town_count = models.PositiveIntegerField(default=0)
    phone_count = models.PositiveIntegerField(default=0)
    first_posted = models.DateField(null=True)
    last_posted = models.DateField(null=True)
    imported = models.DateTimeField(auto_now_add=True)
    evidence_at = models.DateTimeField()
    """When the evidence last changed."""
    decided_at = models.DateTimeField(null=True)
    hold_until = models.DateField(_("held until"), null=True)
    purge_on = models.DateField(null=True, db_index=True)
    """The day from which it is purged; none for what was promoted, or merged into another."""
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged")

    class Meta:
        ordering = ("agency", "number")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["agency", "number"], name="leads_number")
        ]

    def __str__(self) -> str:
        return str(_("Lead %(number)s") % {"number": self.number})

    def get_absolute_url(self) -> str:
        return reverse("leads:lead", args=[self.pk])

    @classmethod
    def reach(cls, member: Member, scope: str) -> models.Q:
        """One's own agency's, and those that were shown to it."""
        shown = Share.objects.filter(agency=member.agency_id, ended__isnull=True)
        return models.Q(agency=member.agency_id) | models.Q(pk__in=shown.values("lead"))

    @property
    def changed_since_decided(self) -> bool:
        """Whether there is evidence that nobody had seen when they decided."""
        return self.decided_at is not None and self.evidence_at > self.decided_at

    @property
    def version(self) -> Version:
        """The evidence as it is now."""
        return self.versions.latest("number")


class Version(Sealed):
    """The evidence of a lead as one run found it. `content` is as recognize.results gives it."""

    SEALED = ("content",)

    lead = models.ForeignKey(Lead, models.CASCADE, related_name="versions")
    run = models.ForeignKey(Run, models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    """By which the same evidence is known again. Keyed: it says nothing to who has no key."""
    at = models.DateTimeField(auto_now_add=True)
    size = models.PositiveIntegerField()
    toward = models.PositiveSmallIntegerField()
    away = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("lead", "number")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["lead", "number"], name="leads_version_number")
        ]


class Sheet(Sealed):
    """Some of the ads of a version: as many as stand on a page."""

    SEALED = ("ads",)
    ADS = 25

    version = models.ForeignKey(Version, models.CASCADE, related_name="sheets")
    number = models.PositiveIntegerField()

    class Meta:
        ordering = ("version", "number")


class Ties(Sealed):
    """The ties between the ads of a version, kept and refused."""

    SEALED = ("kept", "refused")

    version = models.OneToOneField(Version, models.CASCADE, related_name="ties")


class Overlap(Recorded):
    """Two leads that have ads in common, as a run found: perhaps they are one."""

    lead = models.ForeignKey(Lead, models.CASCADE, related_name="overlaps")
    other = models.ForeignKey(Lead, models.CASCADE, related_name="+")
    shared = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["lead", "other"], name="leads_overlap_once")
        ]


class Words(Sealed):
    """What somebody wrote about a lead: a reason, a recipient, a purpose.

    Kept apart from the rows that are never changed, so that a purge takes what was written and
    leaves who did it and when.
    """

    SEALED = ("reason", "recipient", "what")

    lead = models.UUIDField(db_index=True)


class Decision(Recorded):
    """What a member decided about a lead. Append-only: another decision reverses it."""

    class Kind(models.TextChoices):
        PROMOTE = "promote", _("Promoted to a case")
        MERGE = "merge", _("Merged into another lead")
        HOLD = "hold", _("Held")
        DISMISS = "dismiss", _("Dismissed")
        REOPEN = "reopen", _("Returned to review")

    lead = models.ForeignKey(Lead, models.DO_NOTHING, db_constraint=False, related_name="decisions")
    kind = models.CharField(max_length=16, choices=Kind)
    member = models.ForeignKey(Member, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    until = models.DateField(null=True)
    """Of a hold."""
    other = models.UUIDField(null=True)
    """The lead it was merged into, or the case that was opened."""
    label = models.CharField(max_length=32, blank=True)
    """The number of that one."""
    version = models.PositiveIntegerField()
    """Of the evidence that was decided on."""
    words = models.UUIDField()

    class Meta:
        ordering = ("-at", "-pk")


class Purpose(models.TextChoices):
    """For what a lead is shown to another agency, or told to somebody."""

    INVESTIGATION = "investigation", _("An investigation of theirs")
    CHILD_PROTECTION = "child_protection", _("Protecting a child")
    SERVICES = "services", _("Offering services")
    PROSECUTION = "prosecution", _("A prosecution")
    DECONFLICTION = "deconfliction", _("Not working on the same thing unknowingly")


class Share(Recorded):
    """A lead shown to another agency of the site, for a purpose, until it is ended."""

    lead = models.ForeignKey(Lead, models.CASCADE, related_name="shares")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    purpose = models.CharField(_("purpose"), max_length=32, choices=Purpose)
    since = models.DateTimeField(auto_now_add=True)
    ended = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-since",)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["lead", "agency"],
                condition=models.Q(ended__isnull=True),
                name="leads_shared_once",
            )
        ]


class Dissemination(Recorded):
    """That something of a lead was told to somebody: to whom, what and why are in its words.

    Append-only. Showing a lead to an agency of the site, and ending that, are written here too.
    """

    class Kind(models.TextChoices):
        SHOWN = "shown", _("Shown on this site")
        ENDED = "ended", _("No longer shown")
        TOLD = "told", _("Told outside of this site")

    lead = models.ForeignKey(
        Lead, models.DO_NOTHING, db_constraint=False, related_name="disseminations"
    )
    kind = models.CharField(max_length=16, choices=Kind)
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, related_name="+")
    purpose = models.CharField(_("purpose"), max_length=32, choices=Purpose)
    member = models.ForeignKey(Member, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    words = models.UUIDField()

    class Meta:
        ordering = ("-at", "-pk")


class Purge(Scoped):
    """That leads were purged: how many, and their numbers. No content. Append-only."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    leads = models.PositiveIntegerField()
    ads = models.PositiveIntegerField()
    numbers = models.JSONField(default=list)
    keys = models.JSONField(default=list)
    """The ids by which the audit knows them."""

    class Meta:
        ordering = ("-at", "-pk")

    @classmethod
    def reach(cls, member: Member, scope: str) -> models.Q:
        return models.Q(agency=member.agency_id)


def day_of(moment: str | None) -> date | None:
    """The day (UTC) of a time in ISO format."""
    return date.fromisoformat(moment[:10]) if moment else None
