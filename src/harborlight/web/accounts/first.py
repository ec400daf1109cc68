"""The first administrator of a site, made from its machine: nobody is there yet to invite one."""

from __future__ import annotations

from django.contrib.auth.password_validation import validate_password
from django.core.validators import validate_email

from harborlight.web.accounts import people
from harborlight.web.accounts.models import Agency, Member, User
from harborlight.web.accounts.roles import AgencyKind, Role
from harborlight.web.audit.acts import SHELL, Refused, act

NAME = "Running the site"


def make_administrator(email: str, name: str, password: str, *, again: bool = False) -> Member:
    """Make somebody administrator of the agency that runs the site, which is made if need be.

    With `again`, a user who is known gets this password and sets up a new second factor: for who
    lost both, and has nobody who can help by the site. Refused without it. ValidationError when the
    address or the password is none.
    """
    email = User.objects.normalize_email(email).strip().lower()
    validate_email(email)
    validate_password(password, User(email=email, name=name))
    with act(SHELL, "administrator.make", why="from the machine of the site"):
        agency = Agency.objects.filter(kind=AgencyKind.SITE, active=True).order_by("pk").first()
        if agency is None:
            agency = Agency.objects.create(name=NAME, kind=AgencyKind.SITE)
        user = User.objects.filter(email=email).first()
        if user is not None and not again:
            raise Refused(f"{email} is known here already; --again gives a new password")
        if user is None:
            user = User.objects.create_user(email, password, name=name)
        else:
            user.is_active = True
            user.set_password(password)
            user.save()
        member, _new = Member.objects.get_or_create(
            user=user, agency=agency, role=Role.ADMINISTRATOR, until=None
        )
        people.reset_second_factor(member)
    return member
