"""Agencies, people, invitations and broken glass, for the tests of the walls."""

from __future__ import annotations

from datetime import timedelta
from itertools import count

from django.utils import timezone

from harborlight.web.accounts.models import Agency, Glass, Invitation, Member
from harborlight.web.accounts.roles import Role
from harborlight.web.audit.acts import act
from objects import arguments, makes
from people import TESTER

_number = count(1)


@makes(Agency)
def agency(owner: Member) -> Agency:
    return owner.agency


@makes(Member)
def member(owner: Member) -> Member:
    return owner


@makes(Invitation)
def invitation(owner: Member) -> Invitation:
    now = timezone.now()
    with act(TESTER, "test.setup"):
        return Invitation.objects.create(
            agency=owner.agency,
            role=Role.ADMINISTRATOR,
            email="invited@agency.example",
            digest=f"{next(_number):064d}",
            by=owner,
            at=now,
            expires=now + timedelta(days=1),
        )


@makes(Glass)
def glass(owner: Member) -> Glass:
    now = timezone.now()
    with act(TESTER, "test.setup"):
        made = Glass(
            member=owner,
            thing="report",
            kind="intake.report",
            record="none",
            owner=owner.agency,
            at=now,
            until=now,
        )
        made.put(reason="made-up-words")
        made.save()
        return made


arguments("accounts:accept", lambda _record: {"token": "none"})
