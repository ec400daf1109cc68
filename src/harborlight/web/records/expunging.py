"""Removing a person's record: asked by one, carried out by another, and nothing of them stays.

Rows and files are destroyed with their data keys and the blind index. In cases in which others stay
the person's name is taken out of what was written. The audit keeps who removed what by the keys of
rows, which name nobody any more; and a count stays by year, state and kind.

Refused while a legal hold stands, and with what must be decided first: an arrest, charge or
conviction goes by a court's order alone.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from harborlight.web.accounts.models import Glass, Member
from harborlight.web.audit.acts import Refused
from harborlight.web.cases.models import Case
from harborlight.web.cases.persons import Person
from harborlight.web.fund.applying import owed
from harborlight.web.intake.erasing import destroy
from harborlight.web.intake.models import Report
from harborlight.web.leads.models import Lead
from harborlight.web.leads.purging import purge
from harborlight.web.protection import consenting, offering
from harborlight.web.protection.models import Clock, Consent
from harborlight.web.records import holding, naming, parts, scrubbing
from harborlight.web.records.counting import count
from harborlight.web.records.models import Basis, Kind, LegalHold, Request, What
from harborlight.web.records.parts import Record
from harborlight.web.referral import referrals
from harborlight.web.referral.models import ReferralState


@dataclass(frozen=True)
class Chosen:
    """What a human decides about what may be of others, too."""

    files: Collection[Any] = field(default_factory=tuple)
    """Keys of files of shared cases that go."""
    reports: Collection[Any] = field(default_factory=tuple)
    """Keys of reports that are erased whole; the person is taken out of the others."""
    leads: Collection[Any] = field(default_factory=tuple)
    """Keys of leads that are purged, with what was shown of them."""


def ask(
    person: Person,
    what: str,
    basis: str,
    why: str,
    member: Member,
    *,
    ordered_on: date | None = None,
    court: str = "",
    docket: str = "",
) -> Request:
    """Ask for an expungement, within an act. Nothing is removed by asking."""
    if Request.objects.filter(person=person).exists():
        raise Refused(_("It is asked for already."), record=person)
    if basis == Basis.COURT and (ordered_on is None or not court.strip()):
        raise Refused(_("Say which court ordered it, and when."), record=person)
    if ordered_on is not None and ordered_on > timezone.localdate():
        raise Refused(_("An order is not of the future."), record=person)
    if what == What.CRIMINAL and basis != Basis.COURT:
        raise Refused(by_court(), record=person)
    if not why.strip():
        raise Refused(_("Say why."), record=person)
    request = Request(
        agency=person.agency,
        person=person,
        what=what,
        basis=basis,
        ordered_on=ordered_on if basis == Basis.COURT else None,
        asked_by=member,
        asked_at=timezone.now(),
    )
    request.put(why=why.strip(), court=court.strip(), docket=docket.strip())
    request.save()
    return request


def drop(request: Request) -> None:
    """Remove the request; the record stays as it is. Within an act."""
    request.delete()


def by_court() -> str:
    """Why something of prosecution is not removed otherwise."""
    return _("An arrest, charge or conviction is removed by a court’s order alone.")


def first(request: Request, record: Record) -> list[str]:
    """What must be decided before it can be carried out, in words. Empty: nothing."""
    person, found = record.person, record.criminal
    told = []
    if found.any and request.basis != Basis.COURT:
        told.append(by_court())
    ended = {each.charge_id for each in found.dispositions}
    for charge in found.charges:
        if charge.pk not in ended and charge.involvement.ended_at is None:
            said = _("A charge goes on (%(charge)s): let the prosecutor say how it ended.")
            told.append(said % {"charge": charge})
    for order in found.orders:
        if any(owed(each) for each in order.obligations.all()):
            said = _("Money is owed on order %(number)s: let the clerk say what becomes of it.")
            told.append(said % {"number": order.number})
    if request.what == What.CRIMINAL:
        return told
    if Clock.objects.filter(referral__person=person, stopped_at__isnull=True).exists():
        told.append(_("A deadline of child protection runs: say what was done."))
    if going := service_goes_on(person):
        told.append(going)
    for transfer in parts.transfers_going(record.cases):
        told.append(_("%(transfer)s goes on: let it end first.") % {"transfer": transfer})
    return told


def service_goes_on(person: Person) -> str:
    """That a service that started goes on, in words. Empty: none does."""
    started = offering.about(person).filter(state=ReferralState.STARTED)
    return _("A service goes on: let it end first.") if started.exists() else ""


def reports_of(record: Record) -> list[Report]:
    """The reports that a case of the person was opened from, and those with the same phone."""
    keys = record.opened_from(Report)
    phone = record.person.take("prs_MobilePhone")["prs_MobilePhone"]
    if phone:
        keys |= set(Report.having("phone", phone).values_list("pk", flat=True))
    return list(Report.objects.filter(pk__in=keys, erased__isnull=True)) if keys else []


def leads_of(record: Record) -> list[Lead]:
    """The agency's leads that a case of the person was opened from."""
    keys = record.opened_from(Lead)
    return list(Lead.objects.filter(pk__in=keys, agency=record.person.agency_id)) if keys else []


def carry_out(request: Request, chosen: Chosen, member: Member) -> None:
    """Remove what the request asks to remove, within an act. Nothing of it can be undone."""
    request = Request.objects.select_for_update().get(pk=request.pk)
    person = Person.objects.select_for_update().get(pk=request.person_id)
    if member.agency_id != person.agency_id:
        raise Refused(_("This is another agency’s record."), record=person)
    if member.pk == request.asked_by_id:
        raise Refused(_("Somebody else than who asked carries it out."), record=request)
    record = Record(person)
    holding.must_not_be_held(request, [case.pk for case in record.cases], [person.pk])
    waits = first(request, record)
    if waits:
        raise Refused(" ".join(waits), record=request)
    request.carried_by = member
    request.save()
    remove_criminal(record)
    if request.what == What.PERSON:
        _take_out(record, chosen, member)
        for case in record.alone:
            empty(case)
        remove_person(person)
    else:
        request.delete()
    transaction.on_commit(scrubbing.scrub)


def remove_criminal(record: Record) -> None:
    """Count and delete arrests and what stands on them; the fund's orders stay without a name."""
    person, found = record.person, record.criminal
    for arrest in found.arrests:
        count(timezone.localdate(arrest.at).year, person.state, Kind.ARREST)
    for charge in found.charges:
        count(charge.filed_on.year, person.state, Kind.CHARGE)
    for conviction in found.convictions:
        count(conviction.day.year, person.state, Kind.CONVICTION)
    for order in found.orders:
        order.origin_kind, order.origin = "", ""
        naming.emptied(order, "origin_kind", "origin")
    parts.delete_criminal(found)


def remove_person(person: Person) -> None:
    """Count and delete a person with all that points at them, but for what a court removes."""
    count(timezone.localdate(person.added_at).year, person.state, Kind.PERSON)
    _end_offers(person)
    parts.delete(parts.of_person(person))
    parts.delete(
        [
            LegalHold.objects.filter(person=person),
            Request.objects.filter(person=person),
            Glass.objects.filter(kind=Person._meta.label_lower, record=str(person.pk)),
        ]
    )
    try:
        person.delete()
    except models.ProtectedError as error:
        kinds = sorted({str(type(each)._meta.verbose_name) for each in error.protected_objects})
        said = _(
            "The record cannot be removed: this points at it, and is not known here: %(kinds)s"
        )
        raise Refused(said % {"kinds": ", ".join(kinds)}, record=person) from None


def empty(case: Case) -> None:
    """Destroy all that a case tells: its number, its agency and its days stay."""
    parts.delete(parts.of_case(case))
    naming.emptied(case)
    for transfer in case.transfers.all():
        naming.emptied(transfer)
    for sending in case.sendings.all():
        naming.emptied(sending)


def _take_out(record: Record, chosen: Chosen, member: Member) -> None:
    """What is decided about leads, reports and files, and the names in what stays."""
    take = naming.taker(record.person)
    going = {str(key) for key in chosen.reports}
    for report in reports_of(record):
        if str(report.pk) not in going:
            naming.take_out_of_report(report, take)
            continue
        if report.held:
            said = _("Report %(number)s is under a legal hold.")
            raise Refused(said % {"number": report.number}, record=report)
        destroy(report, days=0)
    purged = {str(key) for key in chosen.leads}
    leads = [lead for lead in leads_of(record) if str(lead.pk) in purged]
    if leads:
        purge(record.person.agency_id, leads, member.actor, "an expungement")
    gone = {str(key) for key in chosen.files}
    for file in record.shared_files:
        if str(file.pk) in gone:
            file.delete()
    for case in record.shared:
        naming.take_out_of_case(case, record.person, take)
    naming.take_out_of_packages(record.person.agency, take)
    naming.take_out_of_interests(record.person.agency, take)


def _end_offers(person: Person) -> None:
    """Consents end with what stands on them, so that a place that is held becomes free."""
    for consent in Consent.objects.filter(person=person, withdrawn_at__isnull=True):
        consenting.withdraw(consent)
    for referral in offering.about(person).filter(state__in=offering.NOT_STARTED):
        referrals.withdraw(referral)
