"""At what an agency looks, by blind digest alone; and that two agencies look at the same.

No table holds the phone, place or name itself: who has the database alone can see that two rows
share a digest, and not of what.
"""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from harborlight.web.accounts.models import Agency, Member, Scoped
from harborlight.web.accounts.permissions import Scope
from harborlight.web.audit.models import Recorded
from harborlight.web.vault.models import Sealed


class Sort(models.TextChoices):
    """What is looked at."""

    PHONE = "phone", _("A phone")
    PLACE = "place", _("A place")
    ORGANIZATION = "organization", _("An organization")


class Contact(Recorded):
    """Whom another agency calls when both look at the same. One for each agency."""

    agency = models.OneToOneField(Agency, models.PROTECT, related_name="deconfliction")
    member = models.ForeignKey(Member, models.PROTECT, related_name="+")
    phone = models.CharField(_("phone"), max_length=32)
    """Of the office: it is given to the other agency."""

    def __str__(self) -> str:
        return f"{self.agency_id}: {self.member_id}"


class Interest(Scoped, Sealed):
    """That an agency looks at something. What it is, is not kept; its own note is sealed."""

    SEALED = ("note",)

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    sort = models.CharField(_("kind"), max_length=12, choices=Sort)
    digest = models.BinaryField(max_length=32, editable=False)
    by = models.ForeignKey(Member, models.PROTECT, related_name="+")
    since = models.DateTimeField(auto_now_add=True)
    compared_at = models.DateTimeField(null=True)
    """When the job looked for others, whether or not there were any."""
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-since",)
        verbose_name = _("interest")
        indexes: ClassVar = [
            models.Index(fields=["digest"], name="operations_same"),
            models.Index(fields=["compared_at"], name="operations_to_compare"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["agency", "digest"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="operations_interest_once",
            )
        ]

    def __str__(self) -> str:
        return f"I-{str(self.pk)[:8]}"

    @classmethod
    def reach(cls, member: Member, scope: str) -> models.Q:
        """AGENCY: of one's agency. ASSIGNED: what one registered."""
        own = models.Q(agency=member.agency_id)
        return own & models.Q(by=member.pk) if scope == Scope.ASSIGNED else own


class Overlap(Scoped):
    """That another agency looks at the same as an interest: whom to call, and nothing else.

    There is one row for each of the two agencies. It names the agency's own interest and the other
    agency; of the other's interest it holds nothing.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    """Random: a number that counts would say how many others there are."""
    interest = models.ForeignKey(Interest, models.PROTECT, related_name="overlaps")
    other = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    to = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")
    """The agency's contact, alone; None while one of the two agencies has none."""
    seen_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("interest", "other")
        verbose_name = _("overlap")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["interest", "other"], name="operations_overlap_once")
        ]

    def __str__(self) -> str:
        return f"O-{str(self.pk)[:8]}"

    @classmethod
    def reach(cls, member: Member, scope: str) -> models.Q:
        """The contact's alone, whatever the scope."""
        return models.Q(to=member.pk, interest__agency=member.agency_id)
