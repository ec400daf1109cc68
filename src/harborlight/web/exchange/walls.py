"""Who and what of a case may leave with a package, for one recipient and one purpose.

    who may have been sold, or is a witness
                    with their consent for this recipient and purpose, else not at all
    who is suspected, arrested or charged, and of nothing that was done to themselves
                    to agencies that investigate, prosecute or protect children, else not at all
    free text       only when nobody is left out: it may speak of them; of a case in which nobody
                    is, to agencies that investigate, prosecute or protect children
    a note          to agencies that are of its audience; an agency's own, to none
    where a shelter or service is
                    to none: its county alone
    an arrest or charge of somebody for having been sold, also one that has ended
                    to none

What goes to the agency that has the case already, to be brought in elsewhere, is all of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from harborlight.web.accounts.access import reachable
from harborlight.web.accounts.models import Agency, Member
from harborlight.web.accounts.roles import AgencyKind
from harborlight.web.cases import notes
from harborlight.web.cases.audiences import Audience
from harborlight.web.cases.models import Case
from harborlight.web.cases.persons import RESTRICTED, Allegation, Involvement, Part, Person
from harborlight.web.cases.work import Note
from harborlight.web.protection import consenting

ACCUSED = frozenset({Part.SUSPECT, *RESTRICTED})
#: Who may be told of somebody that is accused.
TOLD_OF_ACCUSED = frozenset(
    {AgencyKind.LAW_ENFORCEMENT, AgencyKind.PROSECUTOR, AgencyKind.CHILD_PROTECTION}
)
#: The kinds of agencies that are of an audience.
KINDS_OF: dict[str, frozenset[AgencyKind]] = {
    Audience.CASE: frozenset(AgencyKind),
    Audience.INVESTIGATORS: frozenset({AgencyKind.LAW_ENFORCEMENT, AgencyKind.PROSECUTOR}),
    Audience.PROTECTION: frozenset(
        {AgencyKind.CHILD_PROTECTION, AgencyKind.NAVIGATOR, AgencyKind.PROVIDER}
    ),
    Audience.AGENCY: frozenset(),
}


@dataclass
class Pass:
    """What may leave."""

    own: bool
    """Whether it goes to the agency that has the case."""
    trusted: bool
    """Whether the recipient may be told of somebody that is accused."""
    people: list[Person]
    left_out: list[Person]
    involvements: list[Involvement] = field(default_factory=list)

    @property
    def texts(self) -> bool:
        return not self.left_out and (self.own or self.trusted or bool(self.people))


def asked(case: Case, recipient: Agency, purpose: str, member: Member) -> Pass:
    """Who and what of a case may leave."""
    rows = list(case.involvements.order_by("since", "pk"))
    parts: dict[UUID, list[Involvement]] = {}
    for row in rows:
        parts.setdefault(row.person_id, []).append(row)
    own = recipient.pk == case.agency_id
    people: list[Person] = []
    left_out: list[Person] = []
    reached = reachable(Person, member, "person", "open").filter(pk__in=list(parts))
    within = set(reached.values_list("pk", flat=True))
    consented = _consenting(list(parts), recipient, purpose)
    for person in Person.objects.filter(pk__in=list(parts)).order_by("added_at", "pk"):
        goes = person.pk in within and (
            own
            or person.pk in consented
            or (is_accused(parts[person.pk]) and recipient.kind in TOLD_OF_ACCUSED)
        )
        (people if goes else left_out).append(person)
    told = {person.pk for person in people}
    kept = [
        row
        for row in rows
        if row.person_id in told
        and (own or not (row.allegation == Allegation.HIRED and row.part in RESTRICTED))
    ]
    return Pass(own, recipient.kind in TOLD_OF_ACCUSED, people, left_out, kept)


def is_accused(parts: list[Involvement]) -> bool:
    """Whether somebody's parts in a case are all of something they are said to have done."""
    return all(row.part in ACCUSED and row.allegation != Allegation.HIRED for row in parts)


def notes_for(case: Case, recipient: Agency, member: Member, *, own: bool) -> list[Note]:
    """The notes that the member may read and the recipient may have, first to last."""
    return [
        note
        for note in notes.readable(member, case).order_by("at", "pk")
        if own or recipient.kind in KINDS_OF[note.audience]
    ]


def _consenting(people: list[UUID], recipient: Agency, purpose: str) -> set[UUID]:
    rows = consenting.standing(recipient, purpose).filter(person__in=people)
    return set(rows.values_list("person", flat=True))
