"""Operations: who takes part, in which towns, in which teams, with what to do.

What an operation is for and its safety plan are sealed. Only the agencies that agreed to take part
reach it, and of these only who is assigned, and their supervisors.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from harborlight.places.gazetteer import gazetteer
from harborlight.web.accounts.models import Agency, Member, Scoped
from harborlight.web.accounts.permissions import Scope
from harborlight.web.accounts.roles import AgencyKind
from harborlight.web.audit.models import Recorded
from harborlight.web.cases.models import Case
from harborlight.web.leads.models import Lead
from harborlight.web.operations.events import Debrief, Event, Kind
from harborlight.web.operations.interests import Contact, Interest, Overlap
from harborlight.web.vault.models import Sealed

__all__ = [
    "Assignment", "Contact", "Debrief", "Event", "Interest", "Kind", "Operation", "Overlap",
    "Part", "Participation", "Source", "Status", "Task", "Team", "TeamMember", "Town",
]  # fmt: skip


class Status(models.TextChoices):
    """Where an operation stands."""

    PLANNED = "planned", _("Planned")
    RUNNING = "running", _("Running")
    ENDED = "ended", _("Ended")
    DEBRIEFED = "debriefed", _("Debriefed")


class Part(models.TextChoices):
    """What an agency does in an operation."""

    LEAD = "lead", _("Leads the operation")
    PATROL = "patrol", _("Patrol")
    CHILD_PROTECTION = "child_protection", _("Child protection")
    SPECIALIST = "specialist", _("Victim specialist")
    PROSECUTOR = "prosecutor", _("Prosecutor")


#: Which kinds of agencies can have which part.
KINDS: dict[str, frozenset[AgencyKind]] = {
    Part.LEAD: frozenset({AgencyKind.LAW_ENFORCEMENT}),
    Part.PATROL: frozenset({AgencyKind.LAW_ENFORCEMENT}),
    Part.CHILD_PROTECTION: frozenset({AgencyKind.CHILD_PROTECTION}),
    Part.SPECIALIST: frozenset({AgencyKind.NAVIGATOR, AgencyKind.CHILD_PROTECTION}),
    Part.PROSECUTOR: frozenset({AgencyKind.PROSECUTOR}),
}
#: Without one of these no operation starts.
HELPING = (Part.CHILD_PROTECTION, Part.SPECIALIST)


class Operation(Scoped, Sealed):
    """Something that several agencies do together, in towns, from a time until a time."""

    SEALED = ("objective", "safety")

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    """Who leads."""
    label = models.CharField(_("code word"), max_length=40)
    """A word that says nothing of whom or what it is about."""
    status = models.CharField(
        _("status"), max_length=12, choices=Status, default=Status.PLANNED, db_index=True
    )
    has_safety_plan = models.BooleanField(default=False, editable=False)
    """Whether a safety plan is sealed in it; kept by `put`."""
    starts = models.DateTimeField(_("starts"))
    ends = models.DateTimeField(_("ends"))
    planned_by = models.ForeignKey(Member, models.PROTECT, related_name="+")
    planned_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-starts",)
        verbose_name = _("operation")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["agency", "label"], name="operations_label"),
            models.CheckConstraint(
                condition=models.Q(ends__gt=models.F("starts")), name="operations_from_until"
            ),
        ]

    def __str__(self) -> str:
        return self.label

    def get_absolute_url(self) -> str:
        return reverse("operations:operation", args=[self.pk])

    def put(self, **values: Any) -> None:
        super().put(**values)
        if "safety" in values:
            self.has_safety_plan = bool((values["safety"] or "").strip())

    @classmethod
    def reach(cls, member: Member, scope: str) -> models.Q:
        """AGENCY: of the agencies that lead or agreed to take part. ASSIGNED: who of them is
        assigned."""
        taking = Participation.objects.filter(
            agency=member.agency_id, agreed_at__isnull=False, ended_at__isnull=True
        )
        own = models.Q(pk__in=taking.values("operation"))
        if scope == Scope.ASSIGNED:
            assigned = Assignment.objects.filter(member=member.pk, until__isnull=True)
            return own & models.Q(pk__in=assigned.values("operation"))
        return own


class Participation(Scoped):
    """That an agency is asked to take part, and who of it agreed, when."""

    operation = models.ForeignKey(Operation, models.PROTECT, related_name="participations")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    part = models.CharField(_("part"), max_length=16, choices=Part)
    asked_by = models.ForeignKey(Member, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    agreed_by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")
    agreed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    """When the agency declined or left."""

    class Meta:
        ordering = ("asked_at", "pk")
        verbose_name = _("taking part")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["operation", "agency", "part"],
                condition=models.Q(ended_at__isnull=True),
                name="operations_part_once",
            ),
            models.CheckConstraint(
                condition=models.Q(agreed_at__isnull=True) | models.Q(agreed_by__isnull=False),
                name="operations_agreed_by",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency}, {self.get_part_display()}"

    @classmethod
    def reach(cls, member: Member, scope: str) -> models.Q:
        """What one's own agency is asked, and does."""
        return models.Q(agency=member.agency_id)


class Assignment(Recorded):
    """That somebody of a taking-part agency works on it, and so sees it."""

    operation = models.ForeignKey(Operation, models.PROTECT, related_name="assignments")
    member = models.ForeignKey(Member, models.PROTECT, related_name="+")
    since = models.DateTimeField(auto_now_add=True)
    until = models.DateTimeField(null=True)

    class Meta:
        ordering = ("since", "pk")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["operation", "member"],
                condition=models.Q(until__isnull=True),
                name="operations_assigned_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.operation_id}: {self.member_id}"


class Town(Recorded):
    """A town in which it takes place: a key of the gazetteer."""

    operation = models.ForeignKey(Operation, models.PROTECT, related_name="towns")
    place = models.CharField(_("town"), max_length=80)
    """Such as "New Ulm, MN"."""

    class Meta:
        ordering = ("place",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["operation", "place"], name="operations_town_once")
        ]

    def __str__(self) -> str:
        return self.place

    @property
    def at(self) -> tuple[float, float]:
        """Latitude and longitude in degrees."""
        return gazetteer().locate(self.place)


class Team(Recorded):
    """People who go together in a town, and the victim specialist with them."""

    operation = models.ForeignKey(Operation, models.PROTECT, related_name="teams")
    town = models.ForeignKey(Town, models.PROTECT, related_name="teams")
    name = models.CharField(_("name"), max_length=40)
    specialist = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("name",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["operation", "name"], name="operations_team_once")
        ]

    def __str__(self) -> str:
        return self.name


class TeamMember(Recorded):
    """Who is in a team."""

    team = models.ForeignKey(Team, models.PROTECT, related_name="members")
    member = models.ForeignKey(Member, models.PROTECT, related_name="+")

    class Meta:
        ordering = ("pk",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["team", "member"], name="operations_in_team_once")
        ]

    def __str__(self) -> str:
        return f"{self.team_id}: {self.member_id}"


class Task(Scoped, Sealed):
    """Something that somebody is to do by a time. What it is, is sealed."""

    SEALED = ("what",)

    operation = models.ForeignKey(Operation, models.PROTECT, related_name="tasks")
    who = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")
    due = models.DateTimeField(_("due"))
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("due",)
        verbose_name = _("task")

    def __str__(self) -> str:
        return f"T-{str(self.pk)[:8]}"

    @classmethod
    def reach(cls, member: Member, scope: str) -> models.Q:
        """As the operation is reached."""
        return models.Q(operation__in=Operation.objects.filter(Operation.reach(member, scope)))


class Source(Recorded):
    """A lead that an operation starts from, or a case that it is about.

    Shown only to who may open that lead or case. A lead that was purged leaves the row behind.
    """

    operation = models.ForeignKey(Operation, models.PROTECT, related_name="sources")
    lead = models.ForeignKey(
        Lead, models.DO_NOTHING, null=True, db_constraint=False, related_name="+"
    )
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="+")
    linked_by = models.ForeignKey(Member, models.PROTECT, related_name="+")
    linked_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("linked_at", "pk")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["operation", "lead"], name="operations_lead_once"),
            models.UniqueConstraint(fields=["operation", "case"], name="operations_case_once"),
            models.CheckConstraint(
                condition=models.Q(lead__isnull=True, case__isnull=False)
                | models.Q(lead__isnull=False, case__isnull=True),
                name="operations_lead_or_case",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.operation_id}: {self.lead_id or self.case_id}"
