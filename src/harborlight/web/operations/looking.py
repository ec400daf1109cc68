"""Deconfliction: an agency says at what it looks, and is told when another looks at the same.

    register(member, Sort.PHONE, "(507) 555-0142")     in the act of the page
    compare()                                          the job, every few minutes

What is looked at is kept as a digest under a key of this use alone. Registering never looks for
others: it does the same statements and gives the same answer whether or not another agency looks.
The job looks later; then both agencies' contacts, and nobody else, are told whom to call. No agency
matches itself. That a contact is told some minutes after the other agency registered cannot be
hidden; who registered, when and why is told to nobody.
"""

from __future__ import annotations

import hashlib
import hmac
import unicodedata
from collections.abc import Iterable
from contextlib import suppress

import phonenumbers
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from harborlight.places.gazetteer import gazetteer, plain_words
from harborlight.web.accounts.models import Member
from harborlight.web.audit.acts import SYSTEM, Refused, act
from harborlight.web.crypto.current import keys
from harborlight.web.notices.telling import tell
from harborlight.web.operations.interests import Contact, Interest, Overlap, Sort

Rows = QuerySet[Interest]

BATCH = 500
_USE = b"harborlight: deconfliction"
_COUNTRY = "US"


class Unreadable(ValueError):
    """What was written is no phone, place or organization. Its text says what is wrong."""


def canonical(sort: str, value: str, town: str = "") -> str:
    """One form for every way to write it. Unreadable when it is none.

    A phone in E.164; a place as a town of the gazetteer and the words of the spot in it; an
    organization's handle, e-mail address or name without accents, case and a leading @.
    """
    if sort == Sort.PHONE:
        try:
            number = phonenumbers.parse(value, _COUNTRY)
        except phonenumbers.NumberParseException:
            raise Unreadable(_("This is no phone number.")) from None
        if not phonenumbers.is_possible_number(number):
            raise Unreadable(_("This is no phone number."))
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    if sort == Sort.PLACE:
        key = gazetteer().resolve(town)
        if key is None:
            raise Unreadable(_("No town of this name is known. Write it as “New Ulm, MN”."))
        return f"{key}\x00{' '.join(plain_words(value))}"
    folded = _folded(value).lstrip("@").strip()
    if not folded:
        raise Unreadable(_("Write the handle, the e-mail address or the name."))
    return folded


def _folded(text: str) -> str:
    """Without accents, case and the ways to write a letter; words one space apart."""
    bare = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    return " ".join("".join(each for each in bare if not unicodedata.combining(each)).split())


def digest_of(sort: str, value: str, town: str = "") -> bytes:
    """The 32 bytes that stand for it. Unreadable as in `canonical`."""
    key = hmac.digest(keys().index, _USE, hashlib.sha256)
    text = f"{Sort(sort)}\x00{canonical(sort, value, town)}"
    return hmac.digest(key, text.encode(), hashlib.sha256)


def register(member: Member, sort: str, value: str, *, town: str = "", note: str = "") -> Interest:
    """Say that one's agency looks at this, within an act. Asks nothing of other agencies' rows."""
    digest = digest_of(sort, value, town)
    if not Contact.objects.filter(agency=member.agency_id).exists():
        raise Refused(_("Name first whom another agency is to call."))
    if Interest.objects.filter(
        agency=member.agency_id, digest=digest, withdrawn_at__isnull=True
    ).exists():
        raise Refused(_("Your agency looks at this already."))
    made = Interest(agency=member.agency, sort=sort, digest=digest, by=member)
    made.put(note=note.strip())
    made.save()
    return made


def withdraw(interest: Interest) -> None:
    """Look at it no longer: it matches nobody from now on."""
    if interest.withdrawn_at is not None:
        raise Refused(_("It is withdrawn already."), record=interest)
    interest.withdrawn_at = timezone.now()
    interest.save()


def interests_of(agency_id: int, phones: Iterable[str], names: Iterable[str]) -> Rows:
    """All that the agency ever said that it looks at one of these phones, or at an organization of
    one of these names. What is no phone and no name is nothing that it can look at."""
    wanted = [(Sort.PHONE, each) for each in phones]
    wanted += [(Sort.ORGANIZATION, each) for each in names]
    digests = []
    for sort, value in wanted:
        with suppress(Unreadable):
            digests.append(digest_of(sort, value))
    return Interest.objects.filter(agency=agency_id, digest__in=digests)


def name_contact(member: Member, contact: Member, phone: str) -> Contact:
    """Name whom other agencies call. What waits for the former contact goes to the new one."""
    if contact.agency_id != member.agency_id or contact.until is not None:
        raise Refused(_("Name somebody of your own agency."))
    kept = Contact.objects.filter(agency=member.agency_id).first()
    kept = kept or Contact(agency=member.agency)
    kept.member, kept.phone = contact, phone.strip()
    kept.save()
    give(member.agency_id, contact)
    return kept


def give(agency_id: int, contact: Member | None) -> None:
    """Give what is not seen yet to the contact; to nobody while there is none."""
    waiting = Overlap.objects.filter(interest__agency=agency_id, seen_at__isnull=True)
    for each in waiting.filter(to__isnull=False):
        each.to = contact
        each.save()


def know(overlap: Overlap) -> None:
    """The contact has called."""
    if overlap.seen_at is None:
        overlap.seen_at = timezone.now()
        overlap.save()


def compare() -> int:
    """The job: compare what was registered since, and tell who is not told yet. How many interests
    were compared, whether or not any matched: the log says no more."""
    with act(SYSTEM, "interest.compare"):
        fresh = list(
            Interest.objects.filter(compared_at__isnull=True).order_by("since", "pk")[:BATCH]
        )
        for each in fresh:
            _compare(each)
        _tell()
    return len(fresh)


def _compare(interest: Interest) -> None:
    others = Interest.objects.filter(
        digest=interest.digest, withdrawn_at__isnull=True, agency__active=True
    ).exclude(agency=interest.agency_id)
    if interest.withdrawn_at is None and interest.agency.active:
        for other in others:
            Overlap.objects.get_or_create(interest=interest, other_id=other.agency_id)
            Overlap.objects.get_or_create(interest=other, other_id=interest.agency_id)
    interest.compared_at = timezone.now()
    interest.save()


def _tell() -> None:
    """Tell the contacts of both agencies, once both have one: each is to be called by the other."""
    contacts = {each.agency_id: each.member for each in Contact.objects.select_related("member")}
    untold = Overlap.objects.filter(to__isnull=True, interest__withdrawn_at__isnull=True)
    for each in untold.select_related("interest"):
        own = contacts.get(each.interest.agency_id)
        if own is None or each.other_id not in contacts:
            continue
        each.to = own
        each.save()
        tell(own, "deconfliction")
