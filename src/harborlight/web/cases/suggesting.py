"""Suggesting that two records are of one person, and keeping what somebody decides.

Records are brought together by the blind index, without opening any; those that share something
are opened, in the audit, and compared. Only records within the member's reach are looked at: no
suggestion goes across the walls. Nothing is merged: a decision is a link, and can be undone.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from dataclasses import dataclass
from itertools import combinations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from harborlight.web.accounts.access import may, reachable
from harborlight.web.accounts.models import Member
from harborlight.web.audit.acts import Refused
from harborlight.web.cases import alike
from harborlight.web.cases.alike import Compared
from harborlight.web.cases.persons import Person
from harborlight.web.cases.same import SamePerson, Verdict
from harborlight.web.vault.models import Term

#: More records than this with one value say nothing of any two of them.
MOST_WITH_ONE = 20
#: Pairs that are opened for one page.
MOST_OPENED = 60

Pair = tuple[uuid.UUID, uuid.UUID]


@dataclass
class Suggestion:
    """Two records, what each is called, and what speaks for and against."""

    first: Person
    second: Person
    names: tuple[str, str]
    compared: Compared


def suggestions(member: Member) -> list[Suggestion]:
    """Pairs that are worth a look and that nobody decided, in review order. Within an act."""
    mine = reachable(Person, member, "same_person", "decide")
    pairs = _sharing(mine)
    for decided in SamePerson.objects.filter(undone_at__isnull=True).values_list("first", "second"):
        pairs.pop(_pair(*decided), None)
    looked = sorted(pairs, key=lambda pair: (-len(pairs[pair]), pair))[:MOST_OPENED]
    people = mine.in_bulk({key for pair in looked for key in pair})
    values = {key: person.take(*alike.FIELDS) for key, person in people.items()}
    told = []
    for first, second in looked:
        compared = alike.compare(values[first], values[second])
        if compared.worth_a_look:
            names = (_name(values[first]), _name(values[second]))
            told.append(Suggestion(people[first], people[second], names, compared))
    return sorted(told, key=lambda each: (-len(each.compared.toward), len(each.compared.against)))


def decide(first: Person, second: Person, verdict: str, reason: str, member: Member) -> SamePerson:
    """Keep what somebody decided of two records that they reach. Within an act."""
    if first.pk == second.pk:
        raise Refused(_("These are one record."), record=first)
    mine = reachable(Person, member, "same_person", "decide")
    if mine.filter(pk__in=(first.pk, second.pk)).count() != 2 or first.agency != second.agency:
        raise Refused(_("You do not reach both records."), record=first)
    if not reason.strip():
        raise Refused(_("Say what you go by."), record=first)
    one, two = sorted((first, second), key=lambda each: each.pk)
    if standing().filter(first=one, second=two).exists():
        raise Refused(_("This is decided already: undo that first."), record=first)
    link = SamePerson(
        agency=one.agency,
        first=one,
        second=two,
        verdict=verdict,
        decided_by=member,
        decided_at=timezone.now(),
    )
    link.put(reason=reason.strip())
    link.save()
    return link


def undo(link: SamePerson, reason: str, member: Member) -> SamePerson:
    """Close a link. Both records are what they were all along."""
    if link.undone_at is not None:
        raise Refused(_("This was undone already."), record=link)
    if not reason.strip():
        raise Refused(_("Say what you go by."), record=link)
    link.undone_by, link.undone_at = member, timezone.now()
    link.put(undone_reason=reason.strip())
    link.save()
    return link


def standing() -> models.QuerySet[SamePerson]:
    """Decisions that were not undone."""
    rows: models.QuerySet[SamePerson] = SamePerson.objects.filter(undone_at__isnull=True)
    return rows


def others_of(person: Person, member: Member) -> list[Person]:
    """The other records of the same person, by way of any number of links, that the member
    reaches."""
    if not may(member, "same_person", "decide"):
        return []
    known, new = {person.pk}, {person.pk}
    while new:
        touching = models.Q(first__in=new) | models.Q(second__in=new)
        links = standing().filter(touching, verdict=Verdict.SAME, agency=person.agency_id)
        new = {key for pair in links.values_list("first", "second") for key in pair} - known
        known |= new
    if len(known) == 1:
        return []
    mine = reachable(Person, member, "same_person", "decide")
    return list(mine.filter(pk__in=known - {person.pk}).order_by("added_at"))


def _sharing(people: models.QuerySet[Person]) -> dict[Pair, set[str]]:
    """The pairs of records that share a value, and the kinds of what they share."""
    terms = Term.objects.filter(
        model=Person._meta.label_lower, record__in=people.values("pk").order_by()
    )
    shared = (
        terms.values("digest").annotate(many=models.Count("record")).filter(many__gt=1)
    ).values("digest")
    groups: dict[tuple[str, bytes], set[uuid.UUID]] = defaultdict(set)
    for kind, digest, record in terms.filter(digest__in=shared).values_list(
        "kind", "digest", "record"
    ):
        groups[kind, bytes(digest)].add(record)
    pairs: dict[Pair, set[str]] = defaultdict(set)
    for (kind, _digest), records in groups.items():
        if len(records) <= MOST_WITH_ONE:
            for one, two in combinations(records, 2):
                pairs[_pair(one, two)].add(kind)
    return pairs


def _pair(one: uuid.UUID, two: uuid.UUID) -> Pair:
    return (one, two) if one < two else (two, one)


def _name(values: dict[str, object]) -> str:
    both = (values.get("prs_FirstName"), values.get("prs_SecondName"))
    return " ".join(str(each) for each in both if each) or "–"
