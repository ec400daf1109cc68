"""That two records of people are, or are not, of one person: as somebody decided, until undone."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from harborlight.web.accounts.models import Agency, Member, Scoped
from harborlight.web.accounts.permissions import Scope
from harborlight.web.cases.persons import Person
from harborlight.web.vault.models import Sealed


class Verdict(models.TextChoices):
    """What somebody decided of two records."""

    SAME = "same", _("The same person")
    DIFFERENT = "different", _("Not the same person")


class SamePerson(Scoped, Sealed):
    """What was decided of two records. Both stay as they are; undone, the link is closed."""

    SEALED = ("reason", "undone_reason")

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    first = models.ForeignKey(Person, models.PROTECT, related_name="same_first")
    """Of the two, the one with the smaller key."""
    second = models.ForeignKey(Person, models.PROTECT, related_name="same_second")
    verdict = models.CharField(max_length=16, choices=Verdict)
    decided_by = models.ForeignKey(Member, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()
    undone_by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-decided_at",)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["first", "second"],
                condition=models.Q(undone_at__isnull=True),
                name="cases_one_verdict",
            ),
            models.CheckConstraint(
                condition=~models.Q(first=models.F("second")), name="cases_verdict_of_two"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} {self.verdict} {self.second_id}"

    @classmethod
    def reach(cls, member: Member, scope: str) -> models.Q:
        """Of one's agency; for those who work on cases, where they reach both records."""
        own = models.Q(agency=member.agency_id)
        if scope == Scope.ASSIGNED:
            mine = Person.objects.filter(Person.reach(member, scope))
            return own & models.Q(first__in=mine) & models.Q(second__in=mine)
        return own
