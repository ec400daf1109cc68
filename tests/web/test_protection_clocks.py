"""The law's clocks: counted by the law, warned of, brought up, stopped by a recorded act alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from harborlight.web.accounts.models import Agency, Member
from harborlight.web.accounts.roles import AgencyKind, Role
from harborlight.web.audit.acts import Refused, act
from harborlight.web.cases.persons import Person
from harborlight.web.notices.models import Notice
from harborlight.web.protection import consenting, referring
from harborlight.web.protection.models import Clock, ClockKind, Consent, ProtectionReferral
from objects import make
from people import TESTER, client_of, make_agency, make_member

pytestmark = pytest.mark.django_db


def a_referral(member: Member, ago: timedelta = timedelta(0)) -> ProtectionReferral:
    person: Person = make(Person, member)
    county = make_agency(AgencyKind.CHILD_PROTECTION)
    with act(member.actor, "person.refer"):
        case = person.involvements.get().case
        return referring.refer(person, case, county, member, timezone.now() - ago)


@pytest.mark.parametrize(
    ("kind", "start", "due"),
    [
        # Oral: hours as they pass, through the change of clocks in March.
        ("oral", datetime(2026, 3, 7, 18, tzinfo=UTC), datetime(2026, 3, 8, 18, tzinfo=UTC)),
        ("oral", datetime(2026, 11, 1, 3, tzinfo=UTC), datetime(2026, 11, 2, 3, tzinfo=UTC)),
        # Written: 72 hours without weekends; Friday noon ends on Wednesday noon.
        ("written", datetime(2026, 6, 5, 17, tzinfo=UTC), datetime(2026, 6, 10, 17, tzinfo=UTC)),
        # Over Thanksgiving 2026: Thursday and the weekend do not count.
        ("written", datetime(2026, 11, 25, 18, tzinfo=UTC), datetime(2026, 12, 1, 18, tzinfo=UTC)),
    ],
)
def test_a_clock_is_counted_as_the_law_counts(kind: str, start: datetime, due: datetime) -> None:
    counted, told = referring.due_by("MN", kind, start)
    assert counted == due
    assert told["citations"]


def test_a_state_without_a_known_clock_is_due_at_once() -> None:
    counted, told = referring.due_by("XX", "oral", timezone.now())
    assert counted is None
    assert told["conclusion"]


def test_the_oral_report_starts_the_written_one() -> None:
    member = make_member(Role.CASEWORKER)
    referral = a_referral(member)
    (oral,) = referral.clocks.all()
    assert oral.kind == ClockKind.ORAL
    with pytest.raises(Refused), act(member.actor, "protection.stop"):
        referring.stop(oral, member, "  ")
    with act(member.actor, "protection.stop"):
        referring.stop(oral, member, "Called the county at noon")
    assert {each.kind for each in referral.clocks.all()} == {"oral", "written", "cross"}
    oral.refresh_from_db()
    assert oral.stopped_by == member
    with act(TESTER, "test.open"):
        assert oral.take("stopped_how")["stopped_how"] == "Called the county at noon"


def test_what_fell_due_while_the_site_was_down_is_brought_up_at_its_start() -> None:
    member = make_member(Role.CASEWORKER)
    supervisor = make_member(Role.SUPERVISOR, member.agency)
    referral = a_referral(member, ago=timedelta(days=20))
    Notice.objects.all().delete()
    assert referring.watch() == 1
    clock = referral.clocks.get()
    assert clock.escalated_at is not None
    told = set(Notice.objects.values_list("member", "kind"))
    assert {(member.pk, "clock"), (supervisor.pk, "clock")} <= told
    assert referring.watch() == 0  # once
    with act(member.actor, "protection.stop"):
        referring.stop(clock, member, "Done late")
    assert referring.watch() >= 0
    assert referral.clocks.get(kind="oral").stopped_at is not None


def test_it_warns_before_it_is_due() -> None:
    member = make_member(Role.CASEWORKER)
    a_referral(member, ago=timedelta(hours=1))
    assert referring.watch() == 0
    early = a_referral(member, ago=timedelta(hours=21))
    assert referring.watch() == 1
    assert early.clocks.get().warned_at is not None
    assert early.clocks.get().escalated_at is None


def test_it_can_be_brought_to_somebody_else() -> None:
    member, other = make_member(Role.CASEWORKER), make_member(Role.CASEWORKER)
    referral = a_referral(member, ago=timedelta(days=20))
    with act(member.actor, "protection.name"):
        referring.name_somebody(referral, other)
    Notice.objects.all().delete()
    referring.watch()
    assert Notice.objects.filter(member=other, kind="clock").exists()


def test_the_navigator_of_the_county_is_proposed() -> None:
    member = make_member(Role.CASEWORKER)
    wanted = make_agency(AgencyKind.NAVIGATOR, counties=["Brown", "Nicollet"])
    make_agency(AgencyKind.NAVIGATOR, counties=["Olmsted"])
    person: Person = make(Person, member)
    assert referring.navigator_for(person) == wanted


def test_referring_to_others_than_child_protection_is_refused() -> None:
    member = make_member(Role.CASEWORKER)
    person: Person = make(Person, member)
    case = person.involvements.get().case
    police: Agency = make_agency(AgencyKind.LAW_ENFORCEMENT)
    with pytest.raises(Refused), act(member.actor, "person.refer"):
        referring.refer(person, case, police, member, timezone.now())
    county = make_agency(AgencyKind.CHILD_PROTECTION)
    later = timezone.now() + timedelta(hours=1)
    with pytest.raises(Refused), act(member.actor, "person.refer"):
        referring.refer(person, case, county, member, later)


def test_one_clock_of_a_kind() -> None:
    referral = a_referral(make_member(Role.CASEWORKER))
    with pytest.raises(IntegrityError), transaction.atomic(), act(TESTER, "test"):
        Clock(referral=referral, kind="oral", started_at=timezone.now(), explanation={}).save()


def test_a_withdrawn_consent_ends_what_stands_on_it() -> None:
    member = make_member(Role.CASEWORKER)
    consent: Consent = make(Consent, member)
    ended: list[Consent] = []

    def end(withdrawn: Consent) -> int:
        ended.append(withdrawn)
        return 1

    consenting.when_withdrawn("test", end)
    try:
        assert consenting.consents(consent.person, consent.recipient, "made-up-words")
        assert not consenting.consents(consent.person, consent.recipient, "something else")
        answer = client_of(member).post(f"/protection/consent/{consent.pk}/withdraw/")
        assert answer.status_code == 302
        assert [each.pk for each in ended] == [consent.pk]
        assert not consenting.consents(consent.person, consent.recipient, "made-up-words")
        client_of(member).post(f"/protection/consent/{consent.pk}/withdraw/")
        assert len(ended) == 1
    finally:
        consenting._ends.pop("test")


def test_a_workers_day_shows_what_is_late() -> None:
    member = make_member(Role.CASEWORKER)
    a_referral(member, ago=timedelta(days=20))
    page = client_of(member).get("/today/").content.decode()
    assert "Deadlines of the law within a day" in page
    assert "is late" in page
    deadlines = client_of(member).get("/protection/clocks/").content.decode()
    assert "260E" in deadlines
