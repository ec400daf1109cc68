"""What a court ordered, what came in for it, and the files in which a clerk sends payments."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from harborlight.web.accounts.models import Agency, Member, Scoped
from harborlight.web.audit.models import Recorded
from harborlight.web.prosecution.models import Jurisdiction
from harborlight.web.vault.models import Sealed


class Reading(models.TextChoices):
    """Counsel's choice where two statutes conflict; the words are those of the law's rule."""

    ORDERS = "orders before fines", _("Orders before fines")
    LAST = "assessment last", _("Assessment last")


class ObligationKind(models.TextChoices):
    """What somebody was ordered to pay."""

    RESTITUTION = "restitution", _("Restitution")
    IMAGE_RESTITUTION = "image_restitution", _("Restitution, images of child abuse")
    CONVICTION = "conviction_assessment", _("Special assessment on a conviction")
    IMAGE_ASSESSMENT = "image_assessment", _("Assessment, images of child abuse")
    TRAFFICKING = "trafficking_assessment", _("Additional special assessment")
    MINNESOTA = "minnesota_assessment", _("Assessment")
    SURCHARGE = "surcharge", _("Surcharge")
    FINE = "fine", _("Fine")
    COSTS = "costs", _("Costs")


class Order(Scoped, Sealed):
    """An order to pay. The person's name and the court's number of the case are sealed."""

    SEALED = ("person", "docket")
    SEARCHED: ClassVar = {"docket": "docket"}

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    """The clerk's."""
    number = models.CharField(_("number"), max_length=40)
    """By which the clerk's files name it. It says nothing about a person."""
    jurisdiction = models.CharField(_("law"), max_length=12, choices=Jurisdiction)
    sentenced = models.DateField(_("day of the judgment"))
    arresting = models.ForeignKey(
        Agency, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("arresting agency"),
    )  # fmt: skip
    prosecuting = models.ForeignKey(
        Agency, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("prosecuting agency"),
    )  # fmt: skip
    reading = models.CharField(_("counsel's reading"), max_length=20, choices=Reading, blank=True)
    imprisoned = models.BooleanField(null=True)
    """Whether the person was imprisoned; None: not known, and then no end is guessed."""
    released = models.DateField(null=True)
    """The day of release, from which the law may count."""
    origin_kind = models.CharField(max_length=64, blank=True)
    """The model of the record in which the sentence stands, if the site has it."""
    origin = models.CharField(max_length=64, blank=True)
    """Its key."""

    class Meta:
        ordering = ("-sentenced", "number")
        verbose_name = _("order")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["agency", "number"], name="fund_order_once")
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("fund:order", args=[self.pk])

    @classmethod
    def reach(cls, member: Member, scope: str) -> models.Q:
        """AGENCY: those of one's court, and those that one's agency prosecuted."""
        return models.Q(agency=member.agency_id) | models.Q(prosecuting=member.agency_id)


class Obligation(Recorded):
    """One thing to be paid by an order. What it still owes is in the ledger alone."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="obligations")
    kind = models.CharField(_("kind"), max_length=24, choices=ObligationKind)
    cents = models.BigIntegerField(_("amount"))
    ordered = models.DateField()
    entry = models.PositiveBigIntegerField(default=0)
    expires = models.DateField(null=True)
    """The day after which it is not owed, where the law's rule says so."""
    expiry_law = models.CharField(max_length=200, blank=True)
    expired = models.DateField(null=True)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.get_kind_display()


class Import(Scoped):
    """A clerk's file, known by its digest. `done` is the last row that was dealt with."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()
    rows = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    taken = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("-at",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["agency", "digest"], name="fund_file_once")
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def reach(cls, member: Member, scope: str) -> models.Q:
        """AGENCY: those that one's agency brought in."""
        return models.Q(agency=member.agency_id)


class Reject(Sealed):
    """A row that was not taken, whole, and why."""

    SEALED = ("row", "reason")

    file = models.ForeignKey(Import, models.PROTECT, related_name="rejects")
    number = models.PositiveIntegerField()

    class Meta:
        ordering = ("number",)


class State(models.TextChoices):
    """What became of a payment."""

    RECEIVED = "received", _("Received")
    BOUNCED = "bounced", _("Bounced")
    REFUNDED = "refunded", _("Refunded in part")


class Payment(Scoped):
    """Money that came in for an order. A receipt's number counts once, whatever is imported."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    order = models.ForeignKey(Order, models.PROTECT, related_name="payments")
    receipt = models.CharField(_("receipt"), max_length=40)
    day = models.DateField(_("day"))
    cents = models.BigIntegerField(_("amount"))
    state = models.CharField(max_length=8, choices=State, default=State.RECEIVED)
    entry = models.PositiveBigIntegerField(default=0)
    file = models.ForeignKey(Import, models.PROTECT, null=True, related_name="payments")
    row = models.PositiveIntegerField(null=True)

    class Meta:
        ordering = ("-day", "-pk")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["agency", "receipt"], name="fund_receipt_once")
        ]

    def __str__(self) -> str:
        return self.receipt

    @classmethod
    def reach(cls, member: Member, scope: str) -> models.Q:
        """AGENCY: those of one's court, and for orders that one's agency prosecuted."""
        return models.Q(agency=member.agency_id) | models.Q(order__prosecuting=member.agency_id)


class Ability(models.TextChoices):
    """What a review of somebody's means found."""

    ABLE = "able", _("Able to pay")
    PARTLY = "partly", _("Able to pay in installments")
    UNABLE = "unable", _("Not able to pay now")


class Review(Recorded):
    """A review of whether somebody can pay, and when the next one is due."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="reviews")
    day = models.DateField()
    found = models.CharField(_("found"), max_length=8, choices=Ability)
    again = models.DateField(_("next review"), null=True)

    class Meta:
        ordering = ("-day", "-pk")
