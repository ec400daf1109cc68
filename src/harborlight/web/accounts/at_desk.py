"""What accounts add to the first page, the menu and the audit of log-ins."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from harborlight.web.accounts.adapters import address_of
from harborlight.web.accounts.models import Glass, Invitation, Member, User
from harborlight.web.accounts.permissions import Scope
from harborlight.web.accounts.roles import Role
from harborlight.web.audit.acts import Actor, note, when
from harborlight.web.frame.menu import Place
from harborlight.web.frame.waiting import Found, Waiting

PLACES = (
    Place("agencies", _("Agencies and people"), "accounts:agencies", "agency", "list"),
    Place("permissions", _("Permissions"), "accounts:permissions", "permission", "list"),
    Place("glass", _("Opened in an emergency"), "accounts:glass_list", "glass", "list"),
)


def waiting(member: Member) -> Iterator[Waiting]:
    """For supervisors: their agency's records that others opened. For administrators: invitations
    that nobody has used and that end within two days."""
    if member.role == Role.SUPERVISOR:
        rows = Glass.objects.filter(Glass.reach(member, Scope.AGENCY), seen__isnull=True)
        number = rows.count()
        yield Waiting(
            _("Records of your agency opened in an emergency"),
            number,
            reverse("accounts:glass_list"),
            late=number,
        )
    if member.role == Role.ADMINISTRATOR:
        ending = Invitation.objects.filter(
            Invitation.reach(member, Scope.AGENCY),
            used__isnull=True,
            withdrawn__isnull=True,
            expires__gt=when(),
            expires__lt=when() + timedelta(days=2),
        )
        yield Waiting(_("Invitations that end soon"), ending.count(), reverse("accounts:agencies"))


def search(member: Member, words: str) -> Iterator[Found]:
    """For administrators: people, by name or address."""
    if member.role != Role.ADMINISTRATOR:
        return
    rows = Member.objects.filter(Member.reach(member, Scope.AGENCY), until__isnull=True)
    named = rows.filter(user__name__icontains=words) | rows.filter(user__email__icontains=words)
    for each in named.select_related("user", "agency")[:20]:
        yield Found(
            _("Person"),
            each.user.name,
            reverse("accounts:agency", args=[each.agency_id]),
            f"{each.get_role_display()}, {each.agency}",
        )


def note_login(sender: object, request: HttpRequest, user: User, **_more: Any) -> None:
    """Keep in the audit that somebody logged in, by whichever way. From where is in the list of
    their sessions, by which each can be ended."""
    UserSession.objects.get_or_create(
        session_key=request.session.session_key,
        defaults={
            "user": user,
            "ip": address_of(request),
            "user_agent": request.META.get("HTTP_USER_AGENT", "")[:200],
        },
    )
    note(Actor(f"user {user.pk}"), "account.log_in", "accounts.user", str(user.pk))


def note_logout(sender: object, request: HttpRequest, user: User | None, **_more: Any) -> None:
    """Keep that somebody logged out."""
    if user is not None and user.pk is not None:
        note(Actor(f"user {user.pk}"), "account.log_out", "accounts.user", str(user.pk))


def note_factor_added(
    sender: object, request: HttpRequest, user: User, authenticator: Authenticator, **_more: Any
) -> None:
    """Keep that a second factor was set up."""
    _note_factor("account.add_factor", user, authenticator)


def note_factor_removed(
    sender: object, request: HttpRequest, user: User, authenticator: Authenticator, **_more: Any
) -> None:
    """Keep that a second factor was given up."""
    _note_factor("account.remove_factor", user, authenticator)


def _note_factor(name: str, user: User, authenticator: Authenticator) -> None:
    actor = Actor(f"user {user.pk}")
    note(actor, name, "accounts.user", str(user.pk), type=str(authenticator.type))
