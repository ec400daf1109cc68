"""Made-up agencies and members for tests of the site."""

from __future__ import annotations

from itertools import count
from typing import Any

from django.test import Client

from harborlight.web.accounts.models import Agency, Member, User
from harborlight.web.accounts.roles import ROLES_OF, AgencyKind, Role
from harborlight.web.audit.acts import Actor, act

TESTER = Actor("test")
PASSWORD = "a long made-up passphrase"  # noqa: S105
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
_number = count(1)


def kind_for(role: Role) -> AgencyKind:
    """A kind of agency in which there is this role."""
    return next((kind for kind, roles in ROLES_OF.items() if role in roles), AgencyKind.SITE)


def make_agency(kind: AgencyKind = AgencyKind.LAW_ENFORCEMENT, **fields: Any) -> Agency:
    with act(TESTER, "test.setup"):
        name = fields.pop("name", f"Agency {next(_number)}")
        return Agency.objects.create(name=name, kind=kind, state="MN", **fields)


def make_member(role: Role, agency: Agency | None = None) -> Member:
    agency = agency or make_agency(kind_for(role))
    email = f"{role}{next(_number)}@agency.example"
    user = User.objects.create_user(email, PASSWORD, name=f"A {role}")
    with act(TESTER, "test.setup"):
        return Member.objects.create(user=user, agency=agency, role=role)


def client_of(member: Member | None) -> Client:
    """A client logged in as this member, with its second factor given; or as nobody."""
    client = Client()
    if member is not None:
        client.force_login(member.user, backend=BACKEND)
    return client
