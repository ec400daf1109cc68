"""Decisions of Safe Harbor, who may be treated as an adult, the clocks, and consent."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from harborlight.web.accounts.models import Agency, Member, Scoped
from harborlight.web.accounts.permissions import Scope
from harborlight.web.audit.models import Recorded
from harborlight.web.cases.handing import Transfer
from harborlight.web.cases.models import Case
from harborlight.web.cases.persons import Allegation, Involvement, Person
from harborlight.web.vault.models import Sealed


class Answer(models.TextChoices):
    """What the law answers."""

    YES = "yes", _("Protected")
    NO = "no", _("Not excluded by this rule")
    UNKNOWN = "unknown", _("Unknown: treated as protected")


class Decision(Sealed):
    """What the law answered on a day, with its steps and citations as they stood then."""

    SEALED = ("explanation",)

    person = models.ForeignKey(Person, models.PROTECT, related_name="decisions")
    allegation = models.CharField(max_length=16, choices=Allegation)
    asked_at = models.DateTimeField()
    offense_on = models.DateField()
    rule = models.CharField(max_length=64, blank=True)
    answer = models.CharField(max_length=8, choices=Answer)
    verified = models.CharField(max_length=16, blank=True)
    """How far the least checked provision was checked."""

    class Meta:
        ordering = ("-asked_at",)

    def __str__(self) -> str:
        return f"{self.person_id}: {self.answer}"


class Clearance(Recorded):
    """That a person was an adult, known so by somebody qualified, on the day of what is alleged.

    Without one nobody gets into an arrest or charge for having been sold: a trigger of the database
    asks for it. `save` asks the law and the person's age itself, whoever calls it.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="clearances")
    offense_on = models.DateField()
    decision = models.ForeignKey(Decision, models.PROTECT)
    given_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "offense_on"],
                condition=models.Q(revoked_at__isnull=True),
                name="protection_one_clearance",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} on {self.offense_on}"

    def save(self, *args: Any, **options: Any) -> None:
        from harborlight.web.protection import deciding

        if self.revoked_at is None:
            deciding.must_be_adult(self.person, self.offense_on)
        super().save(*args, **options)


class ProtectionReferral(Scoped):
    """That a child is referred to child protection, and the law's clocks with it."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="protection_referrals")
    case = models.ForeignKey(Case, models.PROTECT, related_name="protection_referrals")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    """Who has the case: it refers, and keeps the clocks. `handovers` says who did so before."""
    to_agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    navigator = models.ForeignKey(Agency, models.PROTECT, null=True, related_name="+")
    named = models.ForeignKey(Member, models.PROTECT, related_name="+")
    """To whom a clock that runs out is brought."""
    learned_at = models.DateTimeField()
    made_at = models.DateTimeField()

    class Meta:
        ordering = ("-made_at",)

    def __str__(self) -> str:
        return f"R-{self.pk}"

    @classmethod
    def reach(cls, member: Member, scope: str) -> models.Q:
        """Those of the agency that refers and of the one referred to."""
        either = models.Q(agency=member.agency_id) | models.Q(to_agency=member.agency_id)
        if scope == Scope.ASSIGNED:
            return models.Q(case__assigned=member.pk) | models.Q(to_agency=member.agency_id)
        return either


class ClockKind(models.TextChoices):
    """What is due."""

    ORAL = "oral", _("Oral report")
    WRITTEN = "written", _("Written report")
    CROSS = "cross", _("Police and child protection tell each other")


class Clock(Sealed):
    """One deadline of the law. It stops by a recorded act alone; what was done is sealed."""

    SEALED = ("stopped_how",)

    referral = models.ForeignKey(ProtectionReferral, models.PROTECT, related_name="clocks")
    kind = models.CharField(max_length=8, choices=ClockKind)
    started_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    """None: the law of that day was not found; it is shown as due at once."""
    explanation = models.JSONField()
    """Steps and citations of the law; of nobody."""
    warned_at = models.DateTimeField(null=True)
    escalated_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    stopped_by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("due_at",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["referral", "kind"], name="protection_clock_once")
        ]

    def __str__(self) -> str:
        return f"{self.referral_id}: {self.kind}"


class Handover(Recorded):
    """That the clocks of a referral went to another agency with the case. Rows never change."""

    referral = models.ForeignKey(ProtectionReferral, models.PROTECT, related_name="handovers")
    transfer = models.ForeignKey(Transfer, models.PROTECT, related_name="+")
    from_agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    to_agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    from_named = models.ForeignKey(Member, models.PROTECT, related_name="+")
    named = models.ForeignKey(Member, models.PROTECT, related_name="+")
    """To whom a clock that runs out is brought from then on."""
    running = models.PositiveIntegerField()
    """How many clocks ran."""
    at = models.DateTimeField()

    class Meta:
        ordering = ("at", "pk")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["referral", "transfer"], name="protection_handover_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.referral_id}: {self.from_agency_id} to {self.to_agency_id}"


class Consent(Scoped, Sealed):
    """That a person lets one recipient have what is theirs, for one purpose, until they say no.

    The purpose is in the person's words: it is sealed, and found by the blind index alone.
    """

    SEALED = ("purpose",)
    SEARCHED: ClassVar = {"purpose": "purpose"}

    person = models.ForeignKey(Person, models.PROTECT, related_name="consents")
    recipient = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Member, models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("given_at",)

    def __str__(self) -> str:
        return f"consent {self.pk}"

    @classmethod
    def reach(cls, member: Member, scope: str) -> models.Q:
        """Of one's own agency's people; for those who work on cases, in those assigned to them."""
        own = models.Q(person__agency=member.agency_id)
        if scope == Scope.ASSIGNED:
            mine = Involvement.objects.filter(case__assigned=member.pk)
            return own & models.Q(person__in=mine.values("person"))
        return own
