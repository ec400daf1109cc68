"""Calls, grants to providers, and their reports."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from harborlight.web.accounts.models import Agency, Member, Scoped
from harborlight.web.audit.models import Recorded
from harborlight.web.vault.models import Sealed


class Unit(models.TextChoices):
    """What a grant buys."""

    BED = "bed", _("Beds")
    NIGHT = "night", _("Nights")
    HOUR = "hour", _("Hours")


class Call(Recorded):
    """That providers may apply for money of the account."""

    title = models.CharField(_("title"), max_length=120)
    closes = models.DateField(_("last day to apply"))
    cents = models.BigIntegerField(_("amount in all"))

    class Meta:
        ordering = ("-closes", "-pk")

    def __str__(self) -> str:
        return self.title


class GrantState(models.TextChoices):
    """How far a grant is."""

    APPLIED = "applied", _("Applied for")
    AWARDED = "awarded", _("Awarded")
    DECLINED = "declined", _("Declined")


class Grant(Scoped, Sealed):
    """Money for a provider's capacity: applied for, awarded, drawn as reports come in."""

    SEALED = ("plan", "conditions")

    call = models.ForeignKey(Call, models.PROTECT, related_name="grants")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    """The provider."""
    state = models.CharField(max_length=8, choices=GrantState, default=GrantState.APPLIED)
    unit = models.CharField(_("buys"), max_length=8, choices=Unit)
    units = models.PositiveIntegerField(_("how many"))
    service = models.CharField(max_length=64, blank=True)
    """The key of the provider's service in the directory, in which the capacity is to be."""
    asked = models.BigIntegerField(_("amount asked for"))
    awarded = models.BigIntegerField(_("amount awarded"), default=0)
    applied = models.DateField()
    number = models.PositiveBigIntegerField(unique=True)
    """By which the ledger names it."""

    class Meta:
        ordering = ("-number",)
        verbose_name = _("grant")

    def __str__(self) -> str:
        return f"G-{self.number}"

    def get_absolute_url(self) -> str:
        return reverse("fund:grant", args=[self.pk])

    @classmethod
    def reach(cls, member: Member, scope: str) -> models.Q:
        """AGENCY: the provider's own."""
        return models.Q(agency=member.agency_id)


class Report(Recorded):
    """What a provider did with a part of a grant. Counts alone: nobody helped is named."""

    grant = models.ForeignKey(Grant, models.PROTECT, related_name="reports")
    since = models.DateField(_("from"))
    until = models.DateField(_("until"))
    units = models.PositiveIntegerField(_("provided"))
    cents = models.BigIntegerField(_("amount to draw"))
    paid = models.DateField(null=True)
    returned = models.BigIntegerField(default=0)
    """The cents of it that the provider paid back."""
    entry = models.PositiveBigIntegerField(default=0)

    class Meta:
        ordering = ("pk",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["grant", "since"], name="fund_report_once")
        ]
