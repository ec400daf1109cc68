"""Arrests, charges, how they ended, and sentences with what the court ordered.

Each arrest, charge and conviction stands on an involvement of a case (`cases.persons`), which Safe
Harbor guards; the triggers of `wall` keep a row from standing on anything else.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from harborlight.web.accounts.models import Agency, Member, Scoped
from harborlight.web.accounts.permissions import Scope
from harborlight.web.audit.models import Recorded
from harborlight.web.cases.models import Case
from harborlight.web.cases.persons import Allegation, Involvement, Person
from harborlight.web.operations.models import Operation
from harborlight.web.vault.models import Sealed


class Jurisdiction(models.TextChoices):
    """Whose law is charged, and says in which order is paid."""

    FEDERAL = "federal", _("Federal")
    MINNESOTA = "minnesota", _("Minnesota")


class Statute(models.Model):
    """A section and one conduct that it is about, copied from the law's files by `statutes`.

    The database's triggers read it, which cannot read the files; who changes the files runs
    `harborlight serve` or `migrate`, and the copy follows.
    """

    code = models.CharField(max_length=80)
    allegation = models.CharField(max_length=16, choices=Allegation)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["code", "allegation"], name="prosecution_statute_once")
        ]

    def __str__(self) -> str:
        return self.code


class Arrest(Scoped, Sealed):
    """That somebody was arrested for buying, selling or something else. The basis is sealed."""

    SEALED = ("basis",)

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    """Who arrested."""
    prosecuting = models.ForeignKey(Agency, models.PROTECT, null=True, related_name="+")
    """To whom it is presented for charging; they see it from then on."""
    case = models.ForeignKey(Case, models.PROTECT, related_name="arrests")
    person = models.ForeignKey(Person, models.PROTECT, related_name="arrests")
    involvement = models.OneToOneField(Involvement, models.PROTECT, related_name="arrest")
    operation = models.ForeignKey(Operation, models.PROTECT, null=True, related_name="arrests")
    """In which operation, if in one."""
    allegation = models.CharField(_("what is alleged"), max_length=16, choices=Allegation)
    at = models.DateTimeField(_("when"))
    town = models.CharField(_("town"), max_length=80)
    by = models.ForeignKey(Member, models.PROTECT, related_name="+")

    class Meta:
        ordering = ("-at",)
        verbose_name = _("arrest")

    def __str__(self) -> str:
        return f"A-{str(self.pk)[:8]}"

    def get_absolute_url(self) -> str:
        return reverse("prosecution:arrest", args=[self.pk])

    @classmethod
    def reach(cls, member: Member, scope: str) -> models.Q:
        """Of one's own agency (for who works on cases, in those assigned), and those presented."""
        own = models.Q(agency=member.agency_id)
        if scope == Scope.ASSIGNED:
            return own & models.Q(case__assigned=member.pk)
        return own | models.Q(prosecuting=member.agency_id)


class Grade(models.TextChoices):
    """The classes of offenses, in the words of the law's rule."""

    FELONY = "felony", _("Felony")
    MISDEMEANOR_A = "class A misdemeanor", _("Class A misdemeanor")
    MISDEMEANOR_B = "class B misdemeanor", _("Class B misdemeanor")
    LEAST = "class C misdemeanor or infraction", _("Class C misdemeanor or infraction")


class Charge(Scoped):
    """A charge under one section, with its counts."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    """Who charges."""
    arrest = models.ForeignKey(Arrest, models.PROTECT, related_name="charges")
    person = models.ForeignKey(Person, models.PROTECT, related_name="charges")
    involvement = models.ForeignKey(Involvement, models.PROTECT, related_name="charges")
    allegation = models.CharField(_("what is alleged"), max_length=16, choices=Allegation)
    jurisdiction = models.CharField(_("law"), max_length=12, choices=Jurisdiction)
    statute = models.CharField(_("section"), max_length=80)
    """Its key in the law's files."""
    nibrs = models.CharField(_("NIBRS code"), max_length=4, blank=True)
    grade = models.CharField(_("class of the offense"), max_length=40, choices=Grade, blank=True)
    """As the law's rule names it; empty where it is not known."""
    counts = models.PositiveSmallIntegerField(_("counts"), default=1)
    offense_on = models.DateField(_("day of what is alleged"))
    filed_on = models.DateField(_("day of the charge"))
    by = models.ForeignKey(Member, models.PROTECT, related_name="+")

    class Meta:
        ordering = ("filed_on", "pk")
        verbose_name = _("charge")
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(counts__gte=1), name="prosecution_counts")
        ]

    def __str__(self) -> str:
        return self.statute

    @property
    def code(self) -> str:
        return f"{self.jurisdiction}:{self.statute}"

    @classmethod
    def reach(cls, member: Member, scope: str) -> models.Q:
        """Of the agency that charges, and of the one that arrested."""
        own = models.Q(arrest__agency=member.agency_id)
        if scope == Scope.ASSIGNED:
            return own & models.Q(arrest__case__assigned=member.pk)
        return own | models.Q(agency=member.agency_id)


class Ending(models.TextChoices):
    """How a charge ends."""

    CONVICTED = "convicted", pgettext_lazy("a charge", "Convicted")
    REDUCED = "reduced", pgettext_lazy("a charge", "Reduced to another section, and convicted")
    ACQUITTED = "acquitted", pgettext_lazy("a charge", "Acquitted")
    DISMISSED = "dismissed", pgettext_lazy("a charge", "Dismissed")


CONVICTIONS = (Ending.CONVICTED, Ending.REDUCED)


class Disposition(Recorded):
    """How a charge ended, once. It is never changed: a later ruling is a sentence vacated."""

    charge = models.OneToOneField(Charge, models.PROTECT, related_name="disposition")
    ending = models.CharField(_("how it ended"), max_length=12, choices=Ending)
    day = models.DateField(_("day"))
    statute = models.CharField(max_length=80)
    """Of the conviction; the charge's own unless it was reduced."""
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    allegation = models.CharField(max_length=16, choices=Allegation)
    involvement = models.OneToOneField(
        Involvement, models.PROTECT, null=True, related_name="disposition"
    )
    """The conviction, where there is one."""
    by = models.ForeignKey(Member, models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.charge}: {self.ending}"

    @property
    def convicted(self) -> bool:
        return self.ending in CONVICTIONS


class Item(models.TextChoices):
    """What a court orders somebody to pay or give up."""

    RESTITUTION = "restitution", _("Restitution")
    CONVICTION = "conviction_assessment", _("Special assessment on a conviction")
    TRAFFICKING = "trafficking_assessment", _("Additional special assessment")
    MINNESOTA = "minnesota_assessment", _("Assessment")
    SURCHARGE = "surcharge", _("Surcharge")
    FINE = "fine", _("Fine")
    COSTS = "costs", _("Costs")
    FORFEITURE = "forfeiture", _("Forfeiture")


class Sentence(Scoped, Sealed):
    """What a court ordered on an arrest's convictions. Docket and note are sealed."""

    SEALED = ("docket", "note")

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    """Who prosecuted."""
    court = models.ForeignKey(Agency, models.PROTECT, null=True, related_name="+")
    """The clerk who takes in the money; they see it from then on."""
    arrest = models.ForeignKey(Arrest, models.PROTECT, related_name="sentences")
    jurisdiction = models.CharField(_("law"), max_length=12, choices=Jurisdiction)
    day = models.DateField(_("day of sentencing"))
    indigent = models.BooleanField(_("indigent"), null=True)
    public_defender = models.BooleanField(_("eligible for a public defender"), null=True)
    undue_hardship = models.BooleanField(_("paying would be an undue hardship"), null=True)
    counting = models.CharField(_("counsel's reading of the counts"), max_length=16, blank=True)
    circuit = models.CharField(_("federal circuit"), max_length=24, blank=True)
    losses = models.BigIntegerField(_("losses of those harmed"), null=True)
    """In cents; None: not known."""
    gross = models.BigIntegerField(_("gross value of the services"), null=True)
    months = models.PositiveSmallIntegerField(_("months of confinement"), default=0)
    by = models.ForeignKey(Member, models.PROTECT, related_name="+")

    class Meta:
        ordering = ("-day",)
        verbose_name = _("sentence")

    def __str__(self) -> str:
        return f"S-{str(self.pk)[:8]}"

    def get_absolute_url(self) -> str:
        return reverse("prosecution:sentence", args=[self.pk])

    @classmethod
    def reach(cls, member: Member, scope: str) -> models.Q:
        """Of who prosecuted, who arrested, and the clerk it was sent to."""
        own = models.Q(arrest__agency=member.agency_id)
        if scope == Scope.ASSIGNED:
            return own & models.Q(arrest__case__assigned=member.pk)
        return own | models.Q(agency=member.agency_id) | models.Q(court=member.agency_id)


class Ordered(Recorded):
    """One thing that a sentence orders, in cents."""

    sentence = models.ForeignKey(Sentence, models.PROTECT, related_name="ordered")
    item = models.CharField(_("kind"), max_length=24, choices=Item)
    cents = models.BigIntegerField(_("amount"))

    class Meta:
        ordering = ("pk",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sentence", "item"], name="prosecution_item_once"),
            models.CheckConstraint(condition=models.Q(cents__gt=0), name="prosecution_cents"),
        ]

    def __str__(self) -> str:
        return self.get_item_display()
