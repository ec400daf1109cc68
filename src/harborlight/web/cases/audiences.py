"""For whom a note is written, and who is of that audience."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from harborlight.web.accounts.models import Member
from harborlight.web.accounts.roles import AgencyKind, Role


class Audience(TextChoices):
    """Who may read a note of a case that they reach."""

    CASE = "case", _("Everybody on the case")
    INVESTIGATORS = "investigators", _("Investigators and prosecutors")
    PROTECTION = "protection", _("Child protection, navigators and services")
    AGENCY = "agency", _("My own agency alone")


_INVESTIGATE = {Role.ANALYST, Role.INVESTIGATOR, Role.PROSECUTOR}
_PROTECT = {Role.CASEWORKER, Role.NAVIGATOR, Role.PROVIDER, Role.HEALTH}
_INVESTIGATING = {AgencyKind.LAW_ENFORCEMENT, AgencyKind.PROSECUTOR}
_PROTECTING = {AgencyKind.CHILD_PROTECTION, AgencyKind.NAVIGATOR, AgencyKind.PROVIDER}


def audiences_of(member: Member) -> frozenset[Audience]:
    """The audiences that this member is of: by their role; a supervisor's, by the agency."""
    told = {Audience.CASE, Audience.AGENCY}
    kind = member.agency.kind if member.role == Role.SUPERVISOR else None
    if member.role in _INVESTIGATE or kind in _INVESTIGATING:
        told.add(Audience.INVESTIGATORS)
    if member.role in _PROTECT or kind in _PROTECTING:
        told.add(Audience.PROTECTION)
    return frozenset(told)
