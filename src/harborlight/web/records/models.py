"""Legal holds, how cases ended, expungements that are asked for, and the counts that stay."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from harborlight.web.accounts.models import Agency, Member, Scoped
from harborlight.web.accounts.permissions import Scope
from harborlight.web.audit.models import Recorded
from harborlight.web.cases.models import Case
from harborlight.web.cases.persons import Person
from harborlight.web.vault.models import Sealed


class LegalHold(Scoped, Sealed):
    """That nothing of a case or a person is deleted, from a day until a day or until released."""

    SEALED = ("why", "released_why")

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="legal_holds")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="legal_holds")
    since = models.DateField(_("from"))
    until = models.DateField(_("until"), null=True, blank=True)
    """The last day on which it holds. None: until it is released."""
    placed_by = models.ForeignKey(Member, models.PROTECT, related_name="+")
    placed_at = models.DateTimeField()
    released_by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")
    released_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-placed_at",)
        verbose_name = _("legal hold")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(case__isnull=True, person__isnull=False)
                | models.Q(case__isnull=False, person__isnull=True),
                name="records_hold_of_one",
            )
        ]

    def __str__(self) -> str:
        return f"H-{str(self.pk)[:8]}"

    @classmethod
    def reach(cls, member: Member, scope: str) -> models.Q:
        """Of one's own agency."""
        return models.Q(agency=member.agency_id)

    @property
    def in_force(self) -> bool:
        """Whether it stops a deletion today."""
        return self.released_at is None and (
            self.until is None or self.until >= timezone.localdate()
        )


class Outcome(models.TextChoices):
    """How a case ended. How long it is kept goes by this."""

    NOTHING = "nothing", _("Nothing was found")
    HELPED = "helped", _("Somebody was helped")
    ELSEWHERE = "elsewhere", _("Passed on to others outside of this site")
    NO_CHARGE = "no_charge", _("Nobody was charged")
    COURT = "court", _("It went to court")


class Closing(Scoped, Sealed):
    """How and when a case ended, and what retention made of it."""

    SEALED = ("why", "keep_why")

    case = models.OneToOneField(Case, models.PROTECT, related_name="closing")
    outcome = models.CharField(_("how it ended"), max_length=16, choices=Outcome)
    closed_on = models.DateField()
    closed_by = models.ForeignKey(Member, models.PROTECT, related_name="+")
    keep_until = models.DateField(null=True)
    """Kept at least until this day, as somebody decided."""
    proposed_at = models.DateTimeField(null=True)
    """When the site proposed to delete it."""
    decided_by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("closed_on",)

    def __str__(self) -> str:
        return str(self.case)

    @classmethod
    def reach(cls, member: Member, scope: str) -> models.Q:
        """Of the cases of one's agency; for those who work on cases, of the ones assigned."""
        own = models.Q(case__agency=member.agency_id)
        return own & models.Q(case__assigned=member.pk) if scope == Scope.ASSIGNED else own


class What(models.TextChoices):
    """How much is removed."""

    PERSON = "person", _("Everything of the person")
    CRIMINAL = "criminal", _("Arrests, charges, convictions and sentences alone")


class Basis(models.TextChoices):
    """On what it is asked."""

    COURT = "court", pgettext_lazy("an expungement", "A court’s order")
    ASKED = "asked", pgettext_lazy("an expungement", "The person asks for it")
    MISTAKE = "mistake", pgettext_lazy("an expungement", "The record is a mistake")


class Request(Scoped, Sealed):
    """That somebody asks for an expungement. It is removed with what it asks to remove."""

    SEALED = ("why", "court", "docket")

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    person = models.OneToOneField(Person, models.PROTECT, related_name="expungement")
    what = models.CharField(_("what is removed"), max_length=16, choices=What)
    basis = models.CharField(_("on what it is asked"), max_length=16, choices=Basis)
    ordered_on = models.DateField(_("day of the court’s order"), null=True, blank=True)
    asked_by = models.ForeignKey(Member, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    carried_by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")
    """Who carries it out: set within the act that removes, and by nobody who asked."""

    class Meta:
        ordering = ("asked_at",)
        verbose_name = _("expungement")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~models.Q(basis="court") | models.Q(ordered_on__isnull=False),
                name="records_court_says_when",
            ),
            models.CheckConstraint(
                condition=~models.Q(carried_by=models.F("asked_by")), name="records_two_people"
            ),
        ]

    def __str__(self) -> str:
        return f"X-{str(self.pk)[:8]}"

    @classmethod
    def reach(cls, member: Member, scope: str) -> models.Q:
        """Of one's own agency."""
        return models.Q(agency=member.agency_id)


class Kind(models.TextChoices):
    """What was removed and is counted."""

    PERSON = "person", _("Person")
    ARREST = "arrest", _("Arrest")
    CHARGE = "charge", _("Charge")
    CONVICTION = "conviction", _("Conviction")
    CASE = "case", _("Case")


class Tally(Recorded):
    """How many records of a year, state and kind were removed. Of nobody."""

    year = models.PositiveSmallIntegerField()
    """In which they were made."""
    state = models.CharField(max_length=2)
    kind = models.CharField(max_length=16, choices=Kind)
    number = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("year", "state", "kind")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["year", "state", "kind"], name="records_tally_once")
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.state} {self.kind}: {self.number}"
