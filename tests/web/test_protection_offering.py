"""A need goes to services to which the person consents, and is taken back with the consent."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harborlight.web.accounts.models import Member
from harborlight.web.accounts.roles import AgencyKind, Role
from harborlight.web.audit.acts import Refused, act, when
from harborlight.web.cases.persons import Person
from harborlight.web.directory.models import Beds, Record
from harborlight.web.protection import consenting, offering
from harborlight.web.protection.models import Consent
from harborlight.web.referral import holds, referrals
from harborlight.web.referral.models import HoldState, Referral
from objects import make
from objects_directory import keep_for, shelter
from people import TESTER, client_of, make_agency, make_member

pytestmark = pytest.mark.django_db
CATEGORY = "Housing Services"


@pytest.fixture
def member() -> Member:
    return make_member(Role.CASEWORKER)


@pytest.fixture
def person(member: Member) -> Person:
    made: Person = make(Person, member)
    return made


def a_service(name: str = "Tonight") -> Record:
    made = shelter(name=name)
    keep_for(make_agency(AgencyKind.PROVIDER), made)
    with act(TESTER, "test.setup"):
        Beds.objects.update(said_at=when())
    record: Record = Record.objects.get(key=made["id"])
    return record


def consents(person: Person, service: Record, member: Member, purpose: str = "A bed") -> Consent:
    assert service.agency is not None
    with act(member.actor, "consent.give"):
        return consenting.give(person, service.agency, purpose, member)


def offer(person: Person, service: Record, member: Member) -> Referral:
    with act(member.actor, "person.offer"):
        return offering.offer(person, service, member, CATEGORY, "made-up-words")


def test_nothing_is_offered_without_a_consent_to_that_recipient(
    person: Person, member: Member
) -> None:
    service, other = a_service(), a_service("Elsewhere")
    consents(person, other, member)
    with pytest.raises(Refused, match="does not consent to this recipient"):
        offer(person, service, member)
    assert list(offering.services(person, member)) == [other]
    page = client_of(member).get(f"/protection/person/{person.pk}/offer/").content.decode()
    assert "Elsewhere" in page
    assert "Tonight" not in page
    sent = client_of(member).post(
        f"/protection/person/{person.pk}/offer/", {"service": service.pk, "category": CATEGORY}
    )
    assert sent.status_code == 422
    assert not Referral.objects.exists()


def test_withdrawal_takes_back_what_has_not_started(person: Person, member: Member) -> None:
    service = a_service()
    kept = consents(person, service, member)
    with act(member.actor, "referral.hold"):
        held = holds.hold(Beds.objects.get(service=service).pk, member)
    offered = offer(person, service, member)
    assert offered.hold == held
    started = offer(person, service, member)
    with act(TESTER, "test.step"):
        referrals.accept(started)
        referrals.start(started)
    told = client_of(member).post(f"/protection/consent/{kept.pk}/withdraw/")
    assert told.status_code == 302
    offered.refresh_from_db()
    started.refresh_from_db()
    held.refresh_from_db()
    assert (offered.state, started.state) == ("withdrawn", "started")
    assert held.state == HoldState.RELEASED
    receiver = make_member(Role.PROVIDER, service.agency)
    page = client_of(receiver).get(f"/referrals/{offered.pk}/")
    assert "made-up-words" not in page.content.decode(), "the recipient reads it no longer"
    with pytest.raises(Refused, match="does not consent"):
        offer(person, service, member)


def test_another_consent_to_the_same_recipient_carries_it_on(
    person: Person, member: Member
) -> None:
    service = a_service()
    first = consents(person, service, member)
    second = consents(person, service, member, "Counseling")
    offered = offer(person, service, member)
    for consent, state in ((first, "offered"), (second, "withdrawn")):
        with act(member.actor, "consent.withdraw"):
            consenting.withdraw(consent)
        offered.refresh_from_db()
        assert offered.state == state


STEPS = ("consent", "withdraw", "offer", "accept", "start")


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 1)), max_size=14))
def test_no_order_of_steps_leaves_an_offer_without_consent(
    steps: list[tuple[str, int]], member: Member
) -> None:
    person: Person = make(Person, member)
    services = [a_service(f"House {each}") for each in range(2)]
    moves = itertools.chain(steps, [("withdraw", 0), ("withdraw", 1)])
    for step, which in moves:
        service = services[which]
        standing = Consent.objects.filter(
            person=person, recipient=service.agency, withdrawn_at__isnull=True
        )
        mine = Referral.objects.filter(about=person.pk, service=service)
        if step == "consent":
            consents(person, service, member)
        elif step == "withdraw":
            for consent in standing:
                with act(member.actor, "consent.withdraw"):
                    consenting.withdraw(consent)
        elif step == "offer":
            if standing.exists():
                offer(person, service, member)
            else:
                with pytest.raises(Refused):
                    offer(person, service, member)
        else:
            state = "offered" if step == "accept" else "accepted"
            for referral in mine.filter(state=state):
                with act(TESTER, "test.step"):
                    getattr(referrals, step)(referral)
        if not standing.exists():
            assert not mine.filter(state__in=offering.NOT_STARTED).exists()
    assert not Referral.objects.filter(about=person.pk, state__in=offering.NOT_STARTED).exists(), (
        "all consents are withdrawn at the end"
    )
