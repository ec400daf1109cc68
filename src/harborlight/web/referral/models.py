"""Holds of free places, referrals, and needs that were not met."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from harborlight.web.accounts.models import Agency, Member, Scoped
from harborlight.web.directory.models import Beds, Record
from harborlight.web.directory.niem import CATEGORIES, REASONS
from harborlight.web.vault.models import Sealed


class HoldState(models.TextChoices):
    """What became of a hold."""

    HELD = "held", _("Held")
    RELEASED = "released", _("Given back")
    USED = "used", _("Used: the person came")
    EXPIRED = "expired", _("Ran out")


class Hold(Scoped):
    """One free place kept for somebody until a time. It counts while held and that is ahead."""

    beds = models.ForeignKey(Beds, models.PROTECT, related_name="holds")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    member = models.ForeignKey(Member, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField()
    state = models.CharField(max_length=10, choices=HoldState, default=HoldState.HELD)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("until", "pk")
        indexes: ClassVar = [models.Index(fields=["beds", "state", "until"], name="hold_active")]

    @classmethod
    def reach(cls, member: Member, scope: str) -> models.Q:
        """The agency that holds; and the provider, who sees which of its places are held."""
        own = models.Q(agency_id=member.agency_id)
        return own | models.Q(beds__service__agency_id=member.agency_id)


class ReferralState(models.TextChoices):
    """Where a referral stands."""

    OFFERED = "offered", _("Offered")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    STARTED = "started", _("Started")
    ENDED = "ended", _("Ended")
    WITHDRAWN = "withdrawn", _("Taken back")


class Outcome(models.TextChoices):
    """How a service ended."""

    MET = "met", _("The need was met")
    PARTLY = "partly", _("The need was met in part")
    UNMET = "unmet", _("The need was not met")
    LEFT = "left", _("The person chose to end it")
    MOVED = "moved", _("Went on to another service")
    UNKNOWN = "unknown", _("Not known")


class Referral(Scoped, Sealed):
    """One need of somebody, offered to one service. It names a case or person by kind and id."""

    SEALED: ClassVar[tuple[str, ...]] = ("note", "answer")
    service = models.ForeignKey(Record, models.PROTECT, related_name="referrals")
    from_agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    to_agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    member = models.ForeignKey(Member, models.PROTECT, related_name="+")
    about_kind = models.CharField(max_length=64, blank=True)
    about = models.UUIDField(null=True, blank=True)
    category = models.CharField(_("need"), max_length=64, choices=list(CATEGORIES.items()))
    county = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=10, choices=ReferralState, default=ReferralState.OFFERED)
    reason = models.CharField(max_length=64, blank=True, choices=list(REASONS.items()))
    """Why it was declined: a code of NIEM."""
    outcome = models.CharField(max_length=10, blank=True, choices=Outcome)
    hold = models.ForeignKey(Hold, models.PROTECT, null=True, blank=True, related_name="referrals")
    offered_at = models.DateTimeField(default=timezone.now)
    answered_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-offered_at",)

    @classmethod
    def reach(cls, member: Member, scope: str) -> models.Q:
        """The agency that offered it and the one it was offered to."""
        if scope in ("assigned", "self"):
            return models.Q(member_id=member.pk)
        agency: Any = member.agency_id
        return models.Q(from_agency_id=agency) | models.Q(to_agency_id=agency)


class Why(models.TextChoices):
    """Why a need was not met, beside what a provider gives as NIEM's reason."""

    NONE = "none", _("No service fits")
    FULL = "full", _("All that fit are full")
    CLOSED = "closed", _("All that fit are closed")
    DECLINED = "declined", _("The service declined")
    ENDED = "ended", _("It ended and the need was not met")


class UnmetNeed(Scoped):
    """That a need was not met: codes alone, nothing of the person, so that it can be counted."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    category = models.CharField(max_length=64, choices=list(CATEGORIES.items()))
    county = models.CharField(max_length=64, blank=True)
    language = models.CharField(max_length=8, blank=True)
    age = models.CharField(max_length=8, blank=True)
    """minor, adult, or nothing: not known."""
    why = models.CharField(max_length=10, choices=Why)
    reason = models.CharField(max_length=64, blank=True, choices=list(REASONS.items()))

    class Meta:
        ordering = ("-at",)

    @classmethod
    def reach(cls, member: Member, scope: str) -> models.Q:
        """Its agency's own."""
        return models.Q(agency_id=member.agency_id)
