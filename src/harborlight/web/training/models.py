"""Staff of airlines, the courses that they took, each answer, checks, and certificates."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from harborlight.web.accounts.models import Agency, Member, Scoped
from harborlight.web.accounts.permissions import Scope
from harborlight.web.audit.models import Recorded
from harborlight.web.training.keeping import Kept
from harborlight.web.vault.models import Sealed


class Work(models.TextChoices):
    """Where somebody works; a course is for one of these."""

    CABIN = "cabin", _("Cabin")
    GROUND = "ground", _("Gate and ticket desk")


class Source(models.TextChoices):
    """Where a course was taken."""

    SITE = "site", _("Here")
    RECORDED = "recorded", _("Elsewhere, recorded by a trainer")


class Kind(models.TextChoices):
    """What was answered."""

    SCENARIO = "scenario", _("Situation")
    QUESTION = "question", _("Question")


class StaffPerson(Scoped, Sealed):
    """Somebody whom an airline trains. Who leaves is inactive, and what they learned is kept."""

    SEALED = ("name", "email", "number")
    SEARCHED: ClassVar = {"number": "employee", "email": "email"}

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="staff")
    member = models.ForeignKey(
        Member, models.PROTECT, null=True, blank=True, related_name="trained_as"
    )
    """Who logs in, if they do."""
    work = models.CharField(_("work"), max_length=8, choices=Work)
    base = models.CharField(_("base"), max_length=16, blank=True)
    """A code, such as of an airport."""
    active = models.BooleanField(_("active"), default=True)
    left_on = models.DateField(_("left"), null=True, blank=True)
    told = models.BinaryField(max_length=32, default=bytes)
    """A keyed digest of what the airline's file said last, so that a row that says the same is
    known without opening anything."""
    since = models.DateTimeField(auto_now_add=True)
    reminded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-active", "since", "pk")
        indexes: ClassVar = [
            models.Index(fields=["agency", "active", "work"], name="training_staff_of_agency")
        ]
        verbose_name = _("staff person")

    def __str__(self) -> str:
        return str(self.pk)[:8]

    def get_absolute_url(self) -> str:
        return reverse("training:person", args=[self.pk])

    @classmethod
    def reach(cls, member: Member, scope: str) -> models.Q:
        """AGENCY: the airline's. SELF: the member's own record, by whichever role they log in."""
        own = models.Q(agency=member.agency_id)
        return own & models.Q(member__user=member.user_id) if scope == Scope.SELF else own


def of_person(member: Member, scope: str) -> models.Q:
    """The rows of an airline, or of one person of it, for models with `agency` and `person`."""
    own = models.Q(agency=member.agency_id)
    return own & models.Q(person__member__user=member.user_id) if scope == Scope.SELF else own


class Edition(Recorded):
    """A course as it was: its whole content by its hash, so that an answer can be read for ever."""

    course = models.CharField(max_length=40)
    version = models.CharField(max_length=64)
    """SHA-256 of all files of the course."""
    title = models.JSONField(default=dict)
    content = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        ordering = ("course", "at")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["course", "version"], name="training_edition_once")
        ]

    def __str__(self) -> str:
        return f"{self.course} {self.version[:12]}"


class Taking(Scoped, Kept):
    """One time that somebody took a course. Once it is finished it never changes."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    person = models.ForeignKey(StaffPerson, models.PROTECT, related_name="takings")
    course = models.CharField(max_length=40)
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="takings")
    language = models.CharField(max_length=8)
    source = models.CharField(max_length=8, choices=Source, default=Source.SITE)
    by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")
    """Who recorded it, when it was taken elsewhere."""
    place = models.PositiveIntegerField(default=0)
    """How many steps are done."""
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True, db_index=True)
    percent = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    """The score, as `harborlight.courses.scoring.result` has it."""
    passed = models.BooleanField(null=True)
    expires_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("-started_at",)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "course"],
                condition=models.Q(finished_at__isnull=True),
                name="training_one_open_taking",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["person", "course", "expires_on"], name="training_expiry"),
            models.Index(fields=["agency", "finished_at"], name="training_of_agency"),
        ]

    def __str__(self) -> str:
        return f"{self.course} {self.pk}"

    @classmethod
    def reach(cls, member: Member, scope: str) -> models.Q:
        """AGENCY: the airline's. SELF: one's own."""
        return of_person(member, scope)


class Check(Scoped, Kept):
    """Some questions asked again, so many days after somebody passed."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    person = models.ForeignKey(StaffPerson, models.PROTECT, related_name="checks")
    taking = models.ForeignKey(Taking, models.PROTECT, related_name="checks")
    days = models.PositiveSmallIntegerField()
    """After passing: 30, 90 or 180."""
    due_on = models.DateField()
    dropped = models.BooleanField(default=False)
    """Whether the course was passed again before it was done."""
    done_at = models.DateTimeField(null=True, blank=True)
    right = models.PositiveIntegerField(null=True)
    asked = models.PositiveIntegerField(null=True)

    class Meta:
        ordering = ("due_on",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["taking", "days"], name="training_check_once")
        ]

    def __str__(self) -> str:
        return f"{self.taking_id}: {self.days} days"

    @classmethod
    def reach(cls, member: Member, scope: str) -> models.Q:
        """AGENCY: the airline's. SELF: one's own."""
        return of_person(member, scope)


class Answer(Kept):
    """What somebody answered, once. Never changed, and not deleted before its day."""

    taking = models.ForeignKey(Taking, models.PROTECT, related_name="answers")
    retrieval = models.ForeignKey(Check, models.PROTECT, null=True, related_name="answers")
    """The check in which it was asked again, or none: then in the course."""
    kind = models.CharField(max_length=8, choices=Kind)
    item = models.CharField(max_length=60)
    choice = models.CharField(max_length=8)
    """report or none; of a question the number of the option, from 0."""
    right = models.BooleanField()
    confidence = models.PositiveSmallIntegerField(null=True)
    """50 to 100, as the person said."""
    at = models.DateTimeField()

    class Meta:
        ordering = ("at", "pk")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["taking", "item"],
                condition=models.Q(retrieval__isnull=True),
                name="training_answered_once",
            ),
            models.UniqueConstraint(
                fields=["retrieval", "item"],
                condition=models.Q(retrieval__isnull=False),
                name="training_checked_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.taking_id}: {self.item}"


class Certificate(Scoped, Kept):
    """That somebody passed. Who has the code can ask whether it holds; it names nobody."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    person = models.ForeignKey(StaffPerson, models.PROTECT, related_name="certificates")
    taking = models.OneToOneField(Taking, models.PROTECT, related_name="certificate")
    code = models.CharField(max_length=20, unique=True)
    """100 random bits."""
    issued_on = models.DateField()
    expires_on = models.DateField()

    class Meta:
        ordering = ("-issued_on",)

    def __str__(self) -> str:
        return "-".join(self.code[at : at + 4] for at in range(0, 20, 4))

    @classmethod
    def reach(cls, member: Member, scope: str) -> models.Q:
        """AGENCY: the airline's. SELF: one's own."""
        return of_person(member, scope)


class StaffFile(Scoped):
    """A file of staff that an airline brought in, and what became of its rows."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()
    whole = models.BooleanField(default=False)
    """Whether it named everybody: who was not in it has left."""
    rows = models.PositiveIntegerField(default=0)
    new = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    same = models.PositiveIntegerField(default=0)
    left = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("-at",)

    def __str__(self) -> str:
        return self.name

    @classmethod
    def reach(cls, member: Member, scope: str) -> models.Q:
        """AGENCY: those that one's agency brought in."""
        return models.Q(agency=member.agency_id)


class StaffReject(Sealed):
    """A row that was not taken, whole, and why."""

    SEALED = ("row", "reason")

    file = models.ForeignKey(StaffFile, models.PROTECT, related_name="rejects")
    number = models.PositiveIntegerField()

    class Meta:
        ordering = ("number",)

    def __str__(self) -> str:
        return f"{self.file_id}: row {self.number}"
