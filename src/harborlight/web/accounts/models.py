"""Agencies, users, and members: a user in a role at an agency, from a day until a day."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from harborlight.web.accounts.roles import AgencyKind, Role
from harborlight.web.audit.acts import Actor
from harborlight.web.audit.models import Recorded


class Agency(Recorded):
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


class Member(Recorded):
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
