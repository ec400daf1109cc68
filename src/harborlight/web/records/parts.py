"""What a person's record is made of, and the order in which its rows can go."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any, NamedTuple

from django.db import models
from django.db.models import Q

from harborlight.web.cases.events import Presence, Relationship
from harborlight.web.cases.handing import GOING, Transfer
from harborlight.web.cases.models import Case
from harborlight.web.cases.persons import RESTRICTED, Involvement, Person
from harborlight.web.cases.same import SamePerson
from harborlight.web.exchange.models import Carried, Reject
from harborlight.web.fund import from_sentence
from harborlight.web.fund.models import Order
from harborlight.web.operations import looking
from harborlight.web.operations.models import Overlap
from harborlight.web.prosecution.models import (
    CONVICTIONS,
    Arrest,
    Charge,
    Disposition,
    Ordered,
    Sentence,
)
from harborlight.web.protection import offering
from harborlight.web.protection.models import (
    Clearance,
    Clock,
    Consent,
    Decision,
    Handover,
    ProtectionReferral,
)
from harborlight.web.referral.models import Referral
from harborlight.web.vault.files import StoredFile, files_of

Rows = models.QuerySet[Any]


class Criminal(NamedTuple):
    """Arrests and what stands on them."""

    arrests: list[Arrest]
    charges: list[Charge]
    dispositions: list[Disposition]
    sentences: list[Sentence]
    orders: list[Order]
    """Of the fund, taken in from the sentences."""
    parts: list[Involvement]
    """The parts in cases that they stand on, and others of that kind."""

    @property
    def convictions(self) -> list[Disposition]:
        return [each for each in self.dispositions if each.ending in CONVICTIONS]

    @property
    def any(self) -> bool:
        """Whether there is anything that a court alone removes."""
        standing = [each for each in self.parts if each.ended_at is None]
        return bool(self.arrests or self.charges or self.dispositions or standing)


class Record:
    """A person's record as it is now, each part of it read once."""

    def __init__(self, person: Person) -> None:
        self.person = person

    @cached_property
    def cases(self) -> list[Case]:
        """The cases in which they have, or had, a part."""
        return list(Case.objects.filter(involvements__person=self.person).distinct())

    @cached_property
    def _with_others(self) -> set[Any]:
        others = Involvement.objects.filter(case__in=self.cases).exclude(person=self.person)
        return set(others.values_list("case", flat=True))

    @property
    def alone(self) -> list[Case]:
        """Those in which nobody else has a part."""
        return [case for case in self.cases if case.pk not in self._with_others]

    @property
    def shared(self) -> list[Case]:
        """Those in which somebody else has a part, too."""
        return [case for case in self.cases if case.pk in self._with_others]

    @cached_property
    def shared_files(self) -> list[StoredFile]:
        """The files of cases in which others stay: whose they are, a human says."""
        keys = [str(case.pk) for case in self.shared]
        return list(StoredFile.objects.filter(of_model=Case._meta.label_lower, of_record__in=keys))

    @cached_property
    def criminal(self) -> Criminal:
        """Arrests, charges, convictions, sentences, and the parts that these stand on."""
        parts = list(Involvement.objects.filter(person=self.person, part__in=RESTRICTED))
        arrests = list(Arrest.objects.filter(person=self.person))
        if not arrests:  # all else stands on one
            return Criminal([], [], [], [], [], parts)
        sentences = list(Sentence.objects.filter(arrest__in=arrests))
        origins = [str(each.pk) for each in sentences]
        orders = Order.objects.filter(origin_kind=from_sentence.ORIGIN, origin__in=origins)
        charges = Charge.objects.filter(person=self.person).select_related("involvement")
        return Criminal(
            arrests=arrests,
            charges=list(charges),
            dispositions=list(Disposition.objects.filter(person=self.person)),
            sentences=sentences,
            orders=list(orders),
            parts=parts,
        )

    def opened_from(self, model: type[models.Model]) -> set[Any]:
        """The keys of the records of this model from which cases were opened."""
        name = model._meta.label_lower
        return {case.opened_from_id for case in self.cases if case.opened_from == name} - {None}


def delete_criminal(rows: Criminal) -> None:
    """Delete them, what stands on others first. The money that a court ordered stays, without the
    person and without where it came from."""
    Ordered.objects.filter(sentence__in=rows.sentences).delete()
    for row in (*rows.sentences, *rows.dispositions, *rows.charges, *rows.arrests, *rows.parts):
        row.delete()


def of_person(person: Person) -> list[Rows]:
    """What points at a person, apart from arrests and what stands on them; in the order in which
    it can go."""
    two = Q(first=person) | Q(second=person)
    tied = Q(person=person) | Q(other=person)
    return [
        Referral.objects.filter(about_kind=offering.KIND, about=person.pk),
        Clock.objects.filter(referral__person=person),
        Handover.objects.filter(referral__person=person),
        ProtectionReferral.objects.filter(person=person),
        Consent.objects.filter(person=person),
        Presence.objects.filter(person=person),
        Relationship.objects.filter(tied),
        SamePerson.objects.filter(two),
        Involvement.objects.filter(person=person),
        Clearance.objects.filter(person=person),
        Decision.objects.filter(person=person),
        Carried.objects.filter(person=person),
        Reject.objects.filter(person=person),
        *_looked_at(person),
        files_of(person),
    ]


def _looked_at(person: Person) -> list[Rows]:
    """That the person's agency looks, or looked, at their phone or at one of their names: a digest
    says of a number that is tried whether it was this one. What other agencies look at is theirs.
    """
    told = person.take("prs_FirstName", "prs_SecondName", "other_names", "prs_MobilePhone")
    whole = " ".join(told[name] or "" for name in ("prs_FirstName", "prs_SecondName")).strip()
    names = [each for each in (whole, *(told["other_names"] or [])) if each]
    phones = [told["prs_MobilePhone"]] if told["prs_MobilePhone"] else []
    interests = looking.interests_of(person.agency_id, phones, names)
    return [Overlap.objects.filter(interest__in=interests), interests]


def of_case(case: Case) -> list[Rows]:
    """What is told in a case, in the order in which it can go. The case itself stays, empty."""
    return [
        Presence.objects.filter(event__case=case),
        case.events.all(),
        case.relationships.all(),
        case.places.all(),
        case.notes.all(),
        case.tasks.all(),
        case.carried.all(),
        files_of(case),
    ]


def transfers_going(cases: Iterable[Case]) -> list[Transfer]:
    """The transfers of these cases that go on."""
    return list(Transfer.objects.filter(case__in=list(cases), state__in=GOING))


def delete(groups: Iterable[Rows]) -> int:
    """Delete the rows one by one: each with its blind index, and a file with its bytes."""
    done = 0
    for rows in groups:
        for row in list(rows):
            row.delete()
            done += 1
    return done
