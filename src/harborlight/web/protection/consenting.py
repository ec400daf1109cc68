"""Consent: one recipient, one purpose, withdrawn at any time; what stands on it ends with it."""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from harborlight.web.accounts.models import Agency, Member
from harborlight.web.audit.acts import Refused
from harborlight.web.cases.persons import Person
from harborlight.web.protection.models import Consent

#: Letters of a purpose.
MOST = 200

_ends: dict[str, Callable[[Consent], int]] = {}


def when_withdrawn(name: str, end: Callable[[Consent], int]) -> None:
    """Add what ends with a consent: a function that ends it and says how many it ended."""
    _ends[name] = end


def give(person: Person, recipient: Agency, purpose: str, member: Member) -> Consent:
    """Keep that the person consents."""
    if not purpose.strip():
        raise Refused(_("A consent is for a purpose."), record=person)
    consent = Consent(
        person=person,
        recipient=recipient,
        given_at=timezone.now(),
        recorded_by=member,
    )
    consent.put(purpose=purpose.strip()[:MOST])
    consent.save()
    return consent


def withdraw(consent: Consent) -> int:
    """Keep that the person withdraws it, and end all that stands on it. How many that were."""
    # Locked: an offer that is made on it at the same time is either made before, and ended with it,
    # or refused.
    consent = Consent.objects.select_for_update().get(pk=consent.pk)
    if consent.withdrawn_at is not None:
        return 0
    consent.withdrawn_at = timezone.now()
    consent.save()
    return sum(end(consent) for end in _ends.values())


def consents(person: Person, recipient: Agency, purpose: str) -> bool:
    """Whether this recipient may have it for this purpose now."""
    return standing(recipient, purpose).filter(person=person).exists()


def standing(recipient: Agency, purpose: str) -> QuerySet[Consent]:
    """The consents for this recipient and purpose that are not withdrawn. A purpose is the same
    whatever the case of its letters and the space between its words; none is opened for it."""
    return Consent.having("purpose", purpose).filter(recipient=recipient, withdrawn_at__isnull=True)
