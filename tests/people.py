"""Made-up agencies and members for tests of the site."""

from __future__ import annotations

import functools
import time
from itertools import count
from typing import Any

from allauth.account.internal.flows.login import (
    _AUTHENTICATION_METHODS_USER_SESSION_KEY,
    AUTHENTICATION_METHODS_SESSION_KEY,
)
from allauth.account.internal.userkit import user_id_to_str
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.hashers import make_password
from django.test import Client

from harborlight.web.accounts.models import Agency, Member, User
from harborlight.web.accounts.roles import ROLES_OF, AgencyKind, Role
from harborlight.web.audit.acts import Actor, act

TESTER = Actor("test")
PASSWORD = "a long made-up passphrase"  # noqa: S105
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # noqa: S105
_number = count(1)


def kind_for(role: Role) -> AgencyKind:
    """A kind of agency in which there is this role."""
    return next((kind for kind, roles in ROLES_OF.items() if role in roles), AgencyKind.SITE)


def make_agency(kind: AgencyKind = AgencyKind.LAW_ENFORCEMENT, **fields: Any) -> Agency:
    with act(TESTER, "test.setup"):
        name = fields.pop("name", f"Agency {next(_number)}")
        return Agency.objects.create(name=name, kind=kind, state="MN", **fields)


@functools.cache
def hashed() -> str:
    """The hash of PASSWORD, made once: it is slow, as it should be."""
    return make_password(PASSWORD)


def make_member(role: Role, agency: Agency | None = None) -> Member:
    agency = agency or make_agency(kind_for(role))
    email = f"{role}{next(_number)}@agency.example"
    user = User.objects.create(email=email, name=f"A {role}", password=hashed())
    with act(TESTER, "test.setup"):
        return Member.objects.create(user=user, agency=agency, role=role)


def second_factor_of(member: Member) -> Authenticator:
    """The member's TOTP authenticator, made if there is none; its secret is sealed."""
    found = Authenticator.objects.filter(user=member.user, type=Authenticator.Type.TOTP).first()
    return found or TOTP.activate(member.user, SECRET).instance


def client_of(member: Member | None, *, second_factor: bool = True) -> Client:
    """A client logged in as this member, with its second factor given; or as nobody.

    The session holds what allauth writes into it when a code was right: the check itself stays on.
    """
    client = Client()
    if member is not None:
        client.force_login(member.user, backend=BACKEND)
        if second_factor:
            factor = second_factor_of(member)
            session = client.session
            session[AUTHENTICATION_METHODS_SESSION_KEY] = [
                {"method": "password", "at": time.time(), "email": member.user.email},
                {"method": "mfa", "at": time.time(), "id": factor.pk, "type": factor.type},
            ]
            session[_AUTHENTICATION_METHODS_USER_SESSION_KEY] = user_id_to_str(member.user)
            session.save()
    return client
