"""The clocks of child protection go with the case, to a named person of the agency that has it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from harborlight.web.accounts.access import reachable
from harborlight.web.accounts.models import Member
from harborlight.web.accounts.roles import AgencyKind, Role
from harborlight.web.audit.acts import act
from harborlight.web.cases import transferring
from harborlight.web.cases.handing import Transfer, Why
from harborlight.web.cases.models import Case
from harborlight.web.cases.persons import Person
from harborlight.web.notices.models import Notice
from harborlight.web.protection import referring
from harborlight.web.protection.models import Clock, Handover, ProtectionReferral
from objects import make
from people import client_of, make_agency, make_member

pytestmark = pytest.mark.django_db


def a_side(role: Role) -> tuple[Member, Member]:
    """A supervisor of a new agency, and who works there."""
    worker = make_member(role)
    return make_member(Role.SUPERVISOR, worker.agency), worker


def a_referral(worker: Member, ago: timedelta) -> ProtectionReferral:
    person: Person = make(Person, worker)
    county = make_agency(AgencyKind.CHILD_PROTECTION)
    with act(worker.actor, "person.refer"):
        case = person.involvements.get().case
        return referring.refer(person, case, county, worker, timezone.now() - ago)


def accepted(case: Case, giver: Member, receiver: Member, worker: Member) -> Transfer:
    case = Case.objects.get(pk=case.pk)
    with act(giver.actor, "transfer.offer"):
        transfer = transferring.offer(case, receiver.agency, Why.MOVED, "made-up-words", giver)
    with act(receiver.actor, "transfer.answer"):
        return transferring.accept(transfer, worker, receiver)


def handed(case: Case, giver: Member, receiver: Member, worker: Member) -> Transfer:
    transfer = accepted(case, giver, receiver, worker)
    with act(giver.actor, "transfer.complete"):
        return transferring.complete(transfer, giver)


def told() -> set[tuple[int, str]]:
    return set(Notice.objects.values_list("member", "kind"))


def sees(member: Member) -> bool:
    return reachable(ProtectionReferral, member, "protection", "list").exists()


def test_a_clock_goes_with_the_case_and_is_brought_to_whom_it_is_assigned() -> None:
    giver, gave = a_side(Role.INVESTIGATOR)
    receiver, got = a_side(Role.NAVIGATOR)
    referral = a_referral(gave, timedelta(hours=1))
    clock = referral.clocks.get()
    Notice.objects.all().delete()
    transfer = handed(referral.case, giver, receiver, got)
    referral.refresh_from_db()
    assert (referral.agency, referral.named) == (receiver.agency, got)
    assert (got.pk, "clock") in told(), "at once: it runs"
    assert (receiver.pk, "clock") not in told(), "it has not run out"
    moved = Handover.objects.get()
    assert (moved.transfer, moved.running) == (transfer, 1)
    assert (moved.from_agency, moved.from_named) == (giver.agency, gave)

    # Nothing is counted anew, and when it runs out the new agency is told, and the old one not.
    assert referral.clocks.get().due_at == clock.due_at
    with act(got.actor, "test.setup"):
        Clock.objects.update(due_at=timezone.now() - timedelta(hours=1))
    Notice.objects.all().delete()
    assert referring.watch() == 1
    assert {(got.pk, "clock"), (receiver.pk, "clock")} <= told()
    assert not told() & {(gave.pk, "clock"), (giver.pk, "clock")}

    assert sees(receiver)
    assert sees(got)
    assert not sees(giver)
    stop = reverse("protection:stop", args=[referral.pk, "oral"])
    assert client_of(gave).post(stop, {"how": "Called"}).status_code == 404
    assert client_of(got).post(stop, {"how": "Called"}).status_code == 302
    assert referral.clocks.get(kind="oral").stopped_by == got

    timeline = reverse("cases:timeline", args=[referral.case_id])
    page = client_of(got).get(timeline).content.decode()
    assert "deadlines of child protection went with the case" in page
    assert giver.agency.name in page
    with (
        pytest.raises(IntegrityError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE protection_handover SET running = 0")


def test_one_that_has_run_out_is_brought_up_at_the_new_agency_at_once() -> None:
    giver, gave = a_side(Role.INVESTIGATOR)
    receiver, got = a_side(Role.CASEWORKER)
    referral = a_referral(gave, timedelta(days=20))
    assert referring.watch() == 1
    Notice.objects.all().delete()
    handed(referral.case, giver, receiver, got)
    assert {(got.pk, "clock"), (receiver.pk, "clock")} <= told()
    assert referring.watch() == 0, "it was escalated already, and everybody new was told"


def test_until_it_is_done_and_after_it_is_taken_back_the_clocks_are_the_givers() -> None:
    giver, gave = a_side(Role.INVESTIGATOR)
    receiver, got = a_side(Role.NAVIGATOR)
    referral = a_referral(gave, timedelta(hours=1))
    transfer = accepted(referral.case, giver, receiver, got)
    for take_back in (False, True):
        if take_back:
            with act(giver.actor, "transfer.revoke"):
                transferring.revoke(transfer, giver)
        referral.refresh_from_db()
        assert (referral.agency, referral.named) == (giver.agency, gave)
        assert sees(gave)
        assert not sees(got)
    assert not Handover.objects.exists()


def test_when_the_case_comes_back_the_clocks_come_back() -> None:
    giver, gave = a_side(Role.INVESTIGATOR)
    receiver, got = a_side(Role.NAVIGATOR)
    referral = a_referral(gave, timedelta(hours=1))
    handed(referral.case, giver, receiver, got)
    handed(referral.case, receiver, giver, gave)
    referral.refresh_from_db()
    assert (referral.agency, referral.named) == (giver.agency, gave)
    assert sees(gave)
    assert not sees(got)
    ways = [(each.from_agency, each.to_agency) for each in referral.handovers.all()]
    assert ways == [(giver.agency, receiver.agency), (receiver.agency, giver.agency)]


def test_what_was_done_already_goes_along_and_bothers_nobody() -> None:
    giver, gave = a_side(Role.INVESTIGATOR)
    receiver, got = a_side(Role.NAVIGATOR)
    referral = a_referral(gave, timedelta(hours=1))
    while (clock := referral.clocks.filter(stopped_at__isnull=True).first()) is not None:
        with act(gave.actor, "protection.stop"):
            referring.stop(clock, gave, "Called the county")
    Notice.objects.all().delete()
    handed(referral.case, giver, receiver, got)
    assert Handover.objects.get().running == 0
    assert (got.pk, "clock") not in told()
    assert not sees(gave)
