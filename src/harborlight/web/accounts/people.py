"""People come by invitation, and leave; what was theirs to do is given to somebody else first."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from harborlight.web.accounts import assigned
from harborlight.web.accounts.models import Agency, Invitation, Member, User
from harborlight.web.accounts.roles import Role, roles_of
from harborlight.web.audit.acts import Actor, Refused, act, touch, when

HOLDS = timedelta(days=7)
INVITED = Actor("invited")


def digest_of(token: str) -> str:
    """What is kept of a link."""
    return hashlib.sha256(token.encode()).hexdigest()


def invite(by: Member, agency: Agency, email: str, role: str, language: str = "") -> str:
    """Invite somebody, within an act. Gives the token of the link, which is kept nowhere.

    Refused when the agency gives no such role, or the person has that role there already.
    """
    email = email.strip().lower()
    if Role(role) not in roles_of(agency.kind):
        raise Refused(_("An agency of this kind gives no such role."), record=agency)
    if Member.objects.filter(
        user__email=email, agency=agency, role=role, until__isnull=True
    ).exists():
        raise Refused(_("This person has that role there already."), record=agency)
    token = secrets.token_urlsafe(32)
    now = when()
    standing(agency).filter(email=email, role=role).update(withdrawn=now)
    Invitation.objects.create(
        agency=agency,
        role=role,
        email=email,
        language=language,
        digest=digest_of(token),
        by=by,
        at=now,
        expires=now + HOLDS,
    )
    return token


def standing(agency: Agency) -> QuerySet[Invitation]:
    """The invitations of an agency that can still be used."""
    return Invitation.objects.filter(
        agency=agency, used__isnull=True, withdrawn__isnull=True, expires__gt=when()
    )


def send(email: str, link: str, language: str) -> None:
    """Mail the link when what was written is kept. The mail says nothing but that there is one."""
    with translation.override(language or "en"):
        subject = _("Your invitation to Harborlight")
        text = _(
            "You are invited to work on Harborlight. Open this link within seven days to choose a "
            "password:\n\n%(link)s\n\nIf you expected no invitation, do nothing."
        ) % {"link": link}
    transaction.on_commit(lambda: send_mail(subject, text, None, [email]))


def find_invitation(token: str) -> Invitation | None:
    """The invitation that this link opens, if it can still be used."""
    return (
        Invitation.objects.select_related("agency")
        .filter(
            digest=digest_of(token),
            used__isnull=True,
            withdrawn__isnull=True,
            expires__gt=when(),
            agency__active=True,
        )
        .first()
    )


def accept(token: str, name: str = "", password: str = "") -> Member:
    """Become a member by a link, once. A new person gives name and password; one who is known
    keeps theirs (the caller has made sure who it is). Refused when the link is used up."""
    with act(INVITED, "member.accept"):
        invitation = Invitation.objects.select_for_update().filter(digest=digest_of(token)).first()
        if invitation is None or find_invitation(token) is None:
            raise Refused(_("This link is used up. Ask for a new one."))
        invitation.used = when()
        invitation.save(update_fields=["used"])
        user = User.objects.filter(email=invitation.email).first()
        if user is None:
            user = User.objects.create_user(
                invitation.email, password, name=name, language=invitation.language
            )
        elif not user.is_active:  # somebody who left and comes back, with a new password
            user.is_active, user.name = True, name
            user.set_password(password)
            user.save()
        return Member.objects.create(user=user, agency=invitation.agency, role=invitation.role)


def needs_password(email: str) -> bool:
    """Whether who accepts an invitation to this address chooses a password: nobody has it yet, or
    somebody who left."""
    return not User.objects.filter(email=email, is_active=True).exists()


def end(member: Member, successor: Member | None) -> int:
    """End a membership, within an act: what was assigned goes to the successor or back to the
    agency's queue, and who is a member nowhere any more can no longer log in. Gives how many
    things were reassigned."""
    if successor is not None and successor.agency_id != member.agency_id:
        raise Refused(_("What is assigned stays within the agency."), record=member)
    if member.role == Role.ADMINISTRATOR and not others_administer(member):
        raise Refused(_("An agency keeps one administrator at least."), record=member)
    moved = assigned.reassign_all(member, successor)
    member.until = when()
    member.save(update_fields=["until"])
    user = member.user
    if not user.members.filter(until__isnull=True).exists():
        user.is_active = False
        user.save(update_fields=["is_active"])
    end_sessions(user)
    return moved


def others_administer(member: Member) -> bool:
    """Whether the agency has another administrator."""
    return (
        Member.objects.filter(agency=member.agency, role=Role.ADMINISTRATOR, until__isnull=True)
        .exclude(pk=member.pk)
        .exists()
    )


def reset_second_factor(member: Member) -> int:
    """Forget a person's second factors, within an act: at their next log-in they set up new ones.
    Ends their sessions. Gives how many there were."""
    touch(member, "change", {"fields": ["second factor"]})
    number, _each = Authenticator.objects.filter(user=member.user).delete()
    end_sessions(member.user)
    return int(number)


def end_sessions(user: User) -> None:
    """Log the person out everywhere, on the server."""
    for session in UserSession.objects.filter(user=user):
        session.end()
