"""What people do and write in a case: tasks, and notes for an audience."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from harborlight.web.accounts.models import Agency, Member, Scoped
from harborlight.web.accounts.permissions import Scope
from harborlight.web.cases.audiences import Audience, audiences_of
from harborlight.web.vault.models import Sealed


class TaskState(models.TextChoices):
    """What became of a task."""

    OPEN = "open", pgettext_lazy("a task", "To do")
    DONE = "done", pgettext_lazy("a task", "Done")
    DROPPED = "dropped", pgettext_lazy("a task", "Not needed any more")


class Task(Scoped, Sealed):
    """Something to be done in a case, by somebody, by a day. Its words are sealed."""

    SEALED = ("what", "how")

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="tasks")
    assigned = models.ForeignKey(
        Member, models.PROTECT, null=True, related_name="+", verbose_name=_("assigned to")
    )
    """Who is to do it. None: nobody yet."""
    due_on = models.DateField(_("due"), null=True, blank=True)
    """The last day on which it is in time."""
    state = models.CharField(max_length=8, choices=TaskState, default=TaskState.OPEN)
    made_by = models.ForeignKey(Member, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    ended_by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = (models.F("due_on").asc(nulls_last=True), "made_at")
        indexes: ClassVar = [
            models.Index(fields=["assigned", "state", "due_on"], name="cases_task_waits")
        ]

    def __str__(self) -> str:
        return f"T-{str(self.pk)[:8]}"

    @classmethod
    def reach(cls, member: Member, scope: str) -> models.Q:
        """Of one's agency's cases; for those who work on cases, of the ones assigned to them, and
        the tasks that are theirs."""
        own = models.Q(case__agency=member.agency_id)
        if scope == Scope.ASSIGNED:
            return own & (models.Q(case__assigned=member.pk) | models.Q(assigned=member.pk))
        return own


class Note(Scoped, Sealed):
    """What somebody wrote in a case, for an audience. Never changed: a second one corrects it.

    `cco_CaseComment` is HTCDS's name for it.
    """

    SEALED = ("cco_CaseComment",)

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="notes")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    """Of whoever wrote it."""
    member = models.ForeignKey(Member, models.PROTECT, related_name="+")
    audience = models.CharField(_("who may read it"), max_length=16, choices=Audience)
    at = models.DateTimeField()

    class Meta:
        ordering = ("-at",)

    def __str__(self) -> str:
        return f"N-{str(self.pk)[:8]}"

    @classmethod
    def reach(cls, member: Member, scope: str) -> models.Q:
        """Of the cases that one reaches, those for an audience that one is of."""
        own = models.Q(case__agency=member.agency_id)
        if scope == Scope.ASSIGNED:
            own &= models.Q(case__assigned=member.pk)
        return own & for_reader(member)


def for_reader(member: Member) -> models.Q:
    """The notes for whose audience this member is, whatever the case."""
    shared = audiences_of(member) - {Audience.AGENCY}
    return models.Q(audience__in=sorted(shared)) | models.Q(
        audience=Audience.AGENCY, agency=member.agency_id
    )
