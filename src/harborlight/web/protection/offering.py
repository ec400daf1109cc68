"""Offering somebody's need to a service: only where the person consents, and only as long."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from harborlight.web.accounts.models import Member
from harborlight.web.audit.acts import Refused, when
from harborlight.web.cases.persons import Person
from harborlight.web.directory.models import Record
from harborlight.web.directory.projection import of_member
from harborlight.web.protection.models import Consent
from harborlight.web.referral import referrals
from harborlight.web.referral.models import Hold, HoldState, Referral, ReferralState

KIND = Person._meta.label_lower

#: Before the person has come. Once they are there, they end it themselves.
NOT_STARTED = (ReferralState.OFFERED, ReferralState.ACCEPTED)


def services(person: Person, member: Member) -> QuerySet[Record]:
    """The services of agencies to which the person consents, as far as the member may see them."""
    agencies = Consent.objects.filter(person=person, withdrawn_at__isnull=True)
    return of_member(member).records("service").filter(agency__in=agencies.values("recipient"))


def offer(person: Person, service: Record, member: Member, category: str, note: str) -> Referral:
    """Offer a need of the person to the service, within an act, with what the agency holds there.

    Refused where no consent of the person to the service's agency stands.
    """
    # Locked, so that a consent that is withdrawn at the same time ends this one, too.
    consents = Consent.objects.select_for_update().filter(
        person=person, recipient=service.agency_id, withdrawn_at__isnull=True
    )
    if not list(consents):
        raise Refused(_("The person does not consent to this recipient."), record=person)
    held = Hold.objects.filter(
        beds__service=service,
        agency=member.agency_id,
        state=HoldState.HELD,
        until__gt=when(),
        referrals__isnull=True,
    ).first()
    return referrals.offer(
        service,
        member,
        category,
        about_kind=KIND,
        about=person.pk,
        county=person.county,
        hold=held,
        note=note,
    )


def about(person: Person) -> QuerySet[Referral]:
    """The referrals that are about the person, the newest first."""
    return Referral.objects.filter(about_kind=KIND, about=person.pk)


def end(consent: Consent) -> int:
    """Take back what was offered to the recipient, when the last consent to them is withdrawn.

    What has started goes on: the person is there. How many were taken back.
    """
    others = Consent.objects.filter(
        person=consent.person_id, recipient=consent.recipient_id, withdrawn_at__isnull=True
    )
    if others.exists():
        return 0
    rows = about(consent.person).filter(to_agency=consent.recipient_id, state__in=NOT_STARTED)
    ended = list(rows)
    for referral in ended:
        referrals.withdraw(referral)
    return len(ended)
