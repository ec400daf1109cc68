"""Arresting, charging and convicting: each through the wall of Safe Harbor, each once."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from harborlight.web.accounts.models import Agency, Member
from harborlight.web.accounts.roles import AgencyKind
from harborlight.web.audit.acts import Refused
from harborlight.web.cases.models import Case
from harborlight.web.cases.persons import Allegation, Involvement, Part, Person
from harborlight.web.operations import planning
from harborlight.web.operations.models import Operation
from harborlight.web.prosecution import statutes
from harborlight.web.prosecution.models import CONVICTIONS, Arrest, Charge, Disposition, Ending


def arrest(
    case: Case,
    person: Person,
    allegation: str,
    offense_on: date,
    member: Member,
    *,
    at: datetime,
    town: str,
    basis: str,
    prosecuting: Agency | None = None,
    operation: Operation | None = None,
) -> Arrest:
    """Keep an arrest, within an act.

    Refused where nothing is alleged, where somebody is not in the case, where one's agency does not
    take part in the operation or it had not started, and, with the law's citation, where Safe
    Harbor protects the person.
    """
    if allegation == Allegation.NONE:
        raise Refused(_("An arrest needs what is alleged."), record=person)
    if not basis.strip():
        raise Refused(_("An arrest needs its basis."), record=person)
    if not person.involvements.filter(case=case).exists():
        raise Refused(_("This person is not in the case."), record=person)
    if at > timezone.now():
        raise Refused(_("An arrest is not in the future."), record=person)
    if offense_on > timezone.localdate(at):
        raise Refused(_("What is alleged comes before the arrest."), record=person)
    if operation is not None:
        _check_operation(operation, member, at)
    part = _part(case, person, Part.ARRESTEE, allegation, offense_on)
    made = Arrest(
        agency=member.agency,
        prosecuting=prosecuting,
        case=case,
        person=person,
        involvement=part,
        operation=operation,
        allegation=allegation,
        at=at,
        town=town,
        by=member,
    )
    made.put(basis=basis)
    made.save()
    return made


def _check_operation(operation: Operation, member: Member, at: datetime) -> None:
    """Refused unless one's agency takes part in it, and it ran then."""
    if not planning.takes_part(operation, member.agency):
        raise Refused(_("Your agency does not take part."), record=operation)
    started, ended = operation.started_at, operation.ended_at
    if started is not None:  # an arrest is told to the minute: the minute of the start is in it
        started = started.replace(second=0, microsecond=0)
    if started is None or at < started or (ended is not None and at > ended):
        raise Refused(_("The operation was not running then."), record=operation)


def counted(operation: Operation) -> list[tuple[str, int]]:
    """What the records say an operation came to: numbers alone, of all agencies that took part."""
    arrests = Arrest.objects.filter(operation=operation, involvement__ended_at__isnull=True)
    charges = Charge.objects.filter(arrest__in=arrests)
    convicted = charges.filter(disposition__ending__in=CONVICTIONS)
    return [
        (_("Arrests that stand"), arrests.count()),
        (_("Charges"), charges.count()),
        (_("Convictions"), convicted.count()),
    ]


def present(arrest: Arrest, to: Agency) -> None:
    """Present an arrest to a prosecutor, who sees it from then on."""
    if to.kind != AgencyKind.PROSECUTOR:
        raise Refused(_("An arrest is presented to a prosecutor."), record=arrest)
    if arrest.prosecuting_id is not None and arrest.charges.exists():
        raise Refused(_("Somebody has charged already."), record=arrest)
    arrest.prosecuting = to
    arrest.save()


def charge(
    arrest: Arrest,
    code: str,
    member: Member,
    *,
    filed_on: date,
    counts: int = 1,
    grade: str = "",
) -> Charge:
    """Charge somebody who was arrested under one section, within an act."""
    if arrest.prosecuting_id != member.agency_id:
        raise Refused(_("Only the prosecutor to whom it was presented charges."), record=arrest)
    if not stands(arrest):
        raise Refused(_("This arrest does not stand any more."), record=arrest)
    day = arrest.involvement.offense_on
    found = statutes.about(code, arrest.allegation, filed_on)
    if found is None or day is None:
        raise Refused(_("This section is not about what is alleged."), record=arrest)
    if filed_on > timezone.localdate() or filed_on < day:
        raise Refused(_("A charge comes after what is alleged, and not in the future."))
    part = _part(arrest.case, arrest.person, Part.DEFENDANT, arrest.allegation, day)
    made = Charge(
        agency=member.agency,
        arrest=arrest,
        person=arrest.person,
        involvement=part,
        allegation=arrest.allegation,
        jurisdiction=found.jurisdiction,
        statute=found.key,
        nibrs=found.nibrs,
        counts=counts,
        grade=grade,
        offense_on=day,
        filed_on=filed_on,
        by=member,
    )
    made.save()
    return made


def dispose(
    charge: Charge, ending: str, day: date, member: Member, reduced_to: str = ""
) -> Disposition:
    """Keep how a charge ended, within an act: once, and not before it was made."""
    if charge.agency_id != member.agency_id:
        raise Refused(_("Only who charged says how it ended."), record=charge)
    if Disposition.objects.filter(charge=charge).exists():
        raise Refused(_("How it ended is kept already."), record=charge)
    if day < charge.filed_on or day > timezone.localdate():
        raise Refused(_("It ends after it began, and not in the future."), record=charge)
    code = reduced_to if ending == Ending.REDUCED else charge.code
    convicted = ending in CONVICTIONS
    if convicted and charge.involvement.ended_at is not None:
        raise Refused(_("This charge does not stand any more."), record=charge)
    jurisdiction, _sign, key = code.partition(":")
    if convicted and (
        jurisdiction != charge.jurisdiction or statutes.about(code, charge.allegation, day) is None
    ):
        raise Refused(_("This section is not about what is alleged."), record=charge)
    part = None
    if convicted:
        part = _part(
            charge.arrest.case, charge.person, Part.CONVICTED, charge.allegation, charge.offense_on
        )
    else:
        _end(charge.involvement, ending)
    made = Disposition(
        charge=charge,
        ending=ending,
        day=day,
        statute=key,
        person=charge.person,
        allegation=charge.allegation,
        involvement=part,
        by=member,
    )
    made.save()
    return made


def stands(arrest: Arrest) -> bool:
    """Whether an arrest goes on: Safe Harbor has not ended it."""
    return Involvement.objects.filter(pk=arrest.involvement_id, ended_at=None).exists()


def _part(case: Case, person: Person, part: str, allegation: str, day: date) -> Involvement:
    """The involvement it stands on. The guards are asked when it is written."""
    made = Involvement(case=case, person=person, part=part, allegation=allegation, offense_on=day)
    made.save()
    return made


def _end(involvement: Involvement, reason: str) -> None:
    if involvement.ended_at is None:
        involvement.ended_at, involvement.end_reason = timezone.now(), reason
        involvement.save()
