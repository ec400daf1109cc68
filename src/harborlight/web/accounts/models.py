"""Agencies, users, and members: a user in a role at an agency, from a day until a day."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from harborlight.web.accounts.permissions import AGENCY, SELF
from harborlight.web.accounts.roles import AgencyKind, Role
from harborlight.web.audit.acts import Actor
from harborlight.web.audit.models import Recorded
from harborlight.web.vault.models import Sealed


class Scoped(Recorded):
    """A record with walls: each model says which rows a member reaches in a scope.

    `reach(member, scope)` gives a Q; see `harborlight.web.accounts.permissions.Scope`.
    """

    class Meta:
        abstract = True

    @classmethod
    def reach(cls, member: Member, scope: str) -> models.Q:
        """The rows that this member reaches in this scope. Every model says its own."""
        raise NotImplementedError(cls._meta.label)


class Agency(Scoped):
    """An agency that takes part. What it holds is its own until it shares it."""

    name = models.CharField(_("name"), max_length=200, unique=True)
    kind = models.CharField(_("kind"), max_length=32, choices=AgencyKind)
    state = models.CharField(_("state"), max_length=2, blank=True)
    """Two letters."""
    counties = models.JSONField(_("counties served"), default=list, blank=True)
    """Names of counties, by which reports are routed and navigators proposed."""
    takes_reports = models.BooleanField(_("takes reports from the public"), default=False)
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ("name",)
        verbose_name = _("agency")
        verbose_name_plural = _("agencies")

    def __str__(self) -> str:
        return self.name

    @classmethod
    def reach(cls, member: Member, scope: str) -> models.Q:
        """AGENCY: one's own; to those who run the site, every agency."""
        return models.Q() if runs_site(member) else models.Q(pk=member.agency_id)


class UserManager(BaseUserManager["User"]):
    """Users are known by their e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Make a user; without a password they cannot log in by one."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """Somebody who can log in. What they may do comes from their memberships alone."""

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=150)
    language = models.CharField(max_length=8, blank=True)
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar = ["name"]
    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        ordering = ("name",)
        verbose_name = _("user")
        verbose_name_plural = _("users")

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def is_staff(self) -> bool:
        """Django's own admin site is not used."""
        return False

    def get_full_name(self) -> str:
        return self.name


class Member(Scoped):
    """A user in one role at one agency. Ended, never deleted: the audit speaks of members."""

    user = models.ForeignKey(User, models.PROTECT, related_name="members")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="members")
    role = models.CharField(_("role"), max_length=32, choices=Role)
    since = models.DateTimeField(auto_now_add=True)
    until = models.DateTimeField(_("ended"), null=True, blank=True)

    class Meta:
        ordering = ("agency__name", "role")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "agency", "role"],
                condition=models.Q(until__isnull=True),
                name="one_membership_of_a_kind",
            )
        ]
        verbose_name = _("member")
        verbose_name_plural = _("members")

    def __str__(self) -> str:
        return f"{self.user}, {self.get_role_display()}, {self.agency}"

    @property
    def actor(self) -> Actor:
        """How acts and the audit name this member."""
        return Actor(f"member {self.pk}", str(self.agency_id))

    @classmethod
    def reach(cls, member: Member, scope: str) -> models.Q:
        """AGENCY: the people of one's agency; to those who run the site, everybody. SELF: one's
        own memberships."""
        if scope == SELF:
            return models.Q(user=member.user_id)
        return models.Q() if runs_site(member) else models.Q(agency=member.agency_id)


def runs_site(member: Member) -> bool:
    """Whether the member's agency is the one that runs the site."""
    return member.agency.kind == AgencyKind.SITE


class Invitation(Scoped):
    """That somebody may become a member. The mailed link opens it once, until a day."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="invitations")
    role = models.CharField(_("role"), max_length=32, choices=Role)
    email = models.EmailField(_("e-mail address"))
    language = models.CharField(_("language of the mail"), max_length=8, blank=True)
    digest = models.CharField(max_length=64, unique=True)
    """SHA-256 of the link's 256 random bits."""
    by = models.ForeignKey(Member, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    expires = models.DateTimeField()
    used = models.DateTimeField(null=True, blank=True)
    withdrawn = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-at",)
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")

    def __str__(self) -> str:
        return f"{self.email}, {self.get_role_display()}"

    @classmethod
    def reach(cls, member: Member, scope: str) -> models.Q:
        """AGENCY: those of one's agency; to those who run the site, all."""
        return models.Q() if runs_site(member) else models.Q(agency=member.agency_id)


class Glass(Scoped, Sealed):
    """That a supervisor opened one record beyond their reach, why, and until when they may."""

    SEALED = ("reason",)

    member = models.ForeignKey(Member, models.PROTECT, related_name="+")
    thing = models.CharField(max_length=64)
    """What the table of permissions calls it: `report`."""
    kind = models.CharField(max_length=64)
    """The model: `intake.report`."""
    record = models.CharField(max_length=64)
    owner = models.ForeignKey(Agency, models.PROTECT, null=True, related_name="+")
    """The agency whose record it is, so far as the record says."""
    at = models.DateTimeField()
    until = models.DateTimeField()
    seen = models.DateTimeField(null=True, blank=True)
    """When a supervisor of the owner said that they know of it."""

    class Meta:
        ordering = ("-at",)
        verbose_name = _("record opened in an emergency")

    def __str__(self) -> str:
        return f"{self.kind} {self.record}"

    @classmethod
    def reach(cls, member: Member, scope: str) -> models.Q:
        """AGENCY: one's agency's records that others opened. ASSIGNED, SELF: what one opened."""
        if scope == AGENCY:
            return models.Q(owner=member.agency_id)
        return models.Q(member=member.pk)
