"""That a case is handed from one agency to another, and the ledger of the steps."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from harborlight.web.accounts.models import Agency, Member, Scoped
from harborlight.web.accounts.permissions import Scope
from harborlight.web.audit.models import Recorded
from harborlight.web.vault.models import Sealed


class Step(models.TextChoices):
    """Where a transfer stands, and the step that brought it there."""

    OFFERED = "offered", pgettext_lazy("a transfer", "Offered")
    ACCEPTED = "accepted", pgettext_lazy("a transfer", "Accepted")
    REJECTED = "rejected", pgettext_lazy("a transfer", "Rejected")
    DONE = "done", pgettext_lazy("a transfer", "Done")
    REVOKED = "revoked", pgettext_lazy("a transfer", "Taken back")


#: From where each step may be taken.
BEFORE: dict[str, tuple[str, ...]] = {
    Step.ACCEPTED: (Step.OFFERED,),
    Step.REJECTED: (Step.OFFERED,),
    Step.REVOKED: (Step.OFFERED, Step.ACCEPTED),
    Step.DONE: (Step.ACCEPTED,),
}
#: Those that go on.
GOING = (Step.OFFERED, Step.ACCEPTED)


class Why(models.TextChoices):
    """Why it is handed on: the codes of HTCDS's `cas_ReasonForOutgoingReferral`."""

    SERVICES = "AdditionalServicesRequired", _("Additional services are required")
    MOVED = "MigrationOrChangeOfLocation", _("Migration or change of location")
    OTHER = "Other", pgettext_lazy("a reason", "Other")


class Transfer(Scoped, Sealed):
    """One case handed by one agency to another. After *done* it is the giver's stub: the number
    that the case had there, to whom, and when."""

    SEALED = ("cas_OutgoingReferralDetails", "answer")

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="transfers")
    number = models.CharField(max_length=32)
    """The number that the case has at the giver."""
    from_agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    to_agency = models.ForeignKey(
        Agency, models.PROTECT, related_name="+", verbose_name=_("to which agency")
    )
    why = models.CharField(_("why"), max_length=32, choices=Why)
    state = models.CharField(max_length=8, choices=Step, default=Step.OFFERED)
    offered_by = models.ForeignKey(Member, models.PROTECT, related_name="+")
    offered_at = models.DateTimeField()
    assigned = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")
    """Who is to have the case at the receiver: said when it accepts."""

    class Meta:
        ordering = ("-offered_at",)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case"],
                condition=models.Q(state__in=[Step.OFFERED.value, Step.ACCEPTED.value]),
                name="cases_one_transfer_goes",
            ),
            models.CheckConstraint(
                condition=~models.Q(from_agency=models.F("to_agency")),
                name="cases_transfer_to_another",
            ),
        ]

    def __str__(self) -> str:
        return str(_("Transfer of case %(number)s") % {"number": self.number})

    @classmethod
    def reach(cls, member: Member, scope: str) -> models.Q:
        """Those of the agency that gives and of the one that receives; for those who work on
        cases, the ones that they offered or are to have."""
        gives = models.Q(from_agency=member.agency_id)
        receives = models.Q(to_agency=member.agency_id)
        if scope == Scope.ASSIGNED:
            return gives & models.Q(offered_by=member.pk) | receives & models.Q(assigned=member.pk)
        return gives | receives


class TransferStep(Recorded):
    """One step of a transfer. Rows are added, and never changed or deleted."""

    transfer = models.ForeignKey(Transfer, models.PROTECT, related_name="steps")
    step = models.CharField(max_length=8, choices=Step)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    member = models.ForeignKey(Member, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("at", "pk")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["transfer", "step"], name="cases_step_once")
        ]

    def __str__(self) -> str:
        return f"{self.transfer_id}: {self.step}"
