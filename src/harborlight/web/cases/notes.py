"""Notes of a case, each for an audience. Who is not of it does not get the note, by any way."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from harborlight.web.accounts.access import reachable
from harborlight.web.accounts.models import Member
from harborlight.web.audit.acts import Refused
from harborlight.web.cases.audiences import Audience, audiences_of
from harborlight.web.cases.models import Case
from harborlight.web.cases.work import Note


def write(case: Case, text: str, audience: str, member: Member) -> Note:
    """Write a note. One writes for audiences that one is of: nobody writes what they may not
    read. Within an act."""
    if not text.strip():
        raise Refused(_("The note is empty."), record=case)
    if audience not in audiences_of(member):
        raise Refused(_("You are not of this audience."), record=case)
    note = Note(
        case=case, agency=member.agency, member=member, audience=audience, at=timezone.now()
    )
    note.put(cco_CaseComment=text.strip())
    note.save()
    return note


def readable(member: Member, case: Case) -> models.QuerySet[Note]:
    """The notes of a case that this member may read, the last first."""
    rows = reachable(Note, member, "note", "read").filter(case=case)
    return rows.select_related("member__user", "agency")


def choices(member: Member) -> list[tuple[str, str]]:
    """The audiences that this member may write for."""
    mine = audiences_of(member)
    return [(each.value, str(each.label)) for each in Audience if each in mine]
