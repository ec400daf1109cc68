"""What forfeited property brought, and whether its money could be shared out."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from harborlight.web.accounts.models import Agency, Member, Scoped


class Property(models.TextChoices):
    """What was forfeited; the words are those of the law's rule."""

    GENERAL = "general", _("Other property")
    VEHICLE = "vehicle", _("Vehicle")
    TRAFFICKING = "trafficking", _("Property of a trafficking offense")
    MONEY = "money", _("Money")


class Unshared(models.TextChoices):
    """Why money is kept and not shared out."""

    RECIPIENT = "recipient", _("Who receives this share was not read in the law.")
    ACCOUNT = "account", _("The books have no account for who receives this share.")
    LAW = "law", _("How it was shared out on that day was not read in the law.")


class Forfeiture(Scoped):
    """One receipt of a court-ordered forfeiture: money, or what property was sold for."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    """The clerk's."""
    receipt = models.CharField(_("receipt"), max_length=40)
    kind = models.CharField(_("what was forfeited"), max_length=12, choices=Property)
    day = models.DateField(_("day"))
    """On which it came in; the law of that day shares it out."""
    cents = models.BigIntegerField(_("what it brought"))
    liens = models.BigIntegerField(_("valid liens"), default=0)
    expenses = models.BigIntegerField(_("expenses"), default=0)
    restitution = models.BigIntegerField(_("restitution to be paid from it first"), default=0)
    arresting = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    prosecuting = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    origin = models.CharField(max_length=64)
    """The key of the sentence that ordered it."""
    unshared = models.CharField(max_length=12, choices=Unshared, blank=True)
    undone = models.DateField(null=True)
    """The day on which it was reversed whole, if it was entered by mistake."""
    entry = models.PositiveBigIntegerField(default=0)
    """The entry by which it stands in the ledger now."""

    class Meta:
        ordering = ("-day", "-pk")
        verbose_name = _("forfeiture")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["agency", "receipt"], name="fund_forfeit_once"),
            models.CheckConstraint(condition=models.Q(cents__gt=0), name="fund_forfeit_cents"),
        ]

    def __str__(self) -> str:
        return self.receipt

    def get_absolute_url(self) -> str:
        return reverse("fund:forfeiture", args=[self.pk])

    @classmethod
    def reach(cls, member: Member, scope: str) -> models.Q:
        """AGENCY: those of one's court, and those that one's agency prosecuted."""
        return models.Q(agency=member.agency_id) | models.Q(prosecuting=member.agency_id)
