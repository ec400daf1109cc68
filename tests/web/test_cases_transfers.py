"""A case goes to another agency by its steps alone; at each, each agency sees what it may.

The long run: `uv run pytest -m proof tests/web/test_cases_transfers.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

import objects
from canaries import found_in
from harborlight.web.accounts.access import reachable
from harborlight.web.accounts.models import Member
from harborlight.web.accounts.roles import AgencyKind, Role
from harborlight.web.audit.acts import Refused, act
from harborlight.web.audit.models import Entry
from harborlight.web.cases import attaching, notes, tasks, transferring
from harborlight.web.cases.audiences import Audience
from harborlight.web.cases.handing import Step, Transfer, TransferStep, Why
from harborlight.web.cases.models import Case
from harborlight.web.cases.persons import Involvement, Part, Person
from harborlight.web.cases.same import SamePerson, Verdict
from harborlight.web.cases.work import Task
from harborlight.web.vault.files import Upload
from people import TESTER, client_of, make_agency, make_member

pytestmark = pytest.mark.django_db

SUMMARY, FILE, OWN, ANSWER = "Xylo summary", "Yonder note", "Quill own", "Vortex answer"


def in_agency(kind: AgencyKind, role: Role) -> Member:
    """A supervisor of a new agency of the kind, which has a worker in the role too."""
    agency = make_agency(kind)
    make_member(role, agency)
    return make_member(Role.SUPERVISOR, agency)


def worker(boss: Member) -> Member:
    found = Member.objects.filter(agency=boss.agency).exclude(role=Role.SUPERVISOR).first()
    assert found is not None
    return found


def a_case(owner: Member, *people: Person) -> Case:
    case: Case = objects.make(Case, owner)
    with act(TESTER, "test.setup"):
        for person in people:
            Involvement(case=case, person=person, part=Part.WITNESS).save()
    return case


def a_person(owner: Member) -> Person:
    with act(TESTER, "test.setup"):
        person = Person(agency=owner.agency)
        person.put(prs_FirstName="Made", prs_SecondName="Up")
        person.save()
    return person


def offered(case: Case, giver: Member, receiver: Member) -> Transfer:
    with act(giver.actor, "transfer.offer"):
        return transferring.offer(case, receiver.agency, Why.MOVED, SUMMARY, giver)


def accepted(case: Case, giver: Member, receiver: Member) -> Transfer:
    transfer = offered(case, giver, receiver)
    with act(receiver.actor, "transfer.answer"):
        return transferring.accept(transfer, worker(receiver), receiver)


#: What anybody may try: the step, and how it is taken.
TRIED: dict[str, Callable[[Transfer, Member], object]] = {
    Step.ACCEPTED: lambda each, by: transferring.accept(each, worker(by), by),
    Step.REJECTED: lambda each, by: transferring.reject(each, ANSWER, by),
    Step.REVOKED: transferring.revoke,
    Step.DONE: transferring.complete,
}


class Handing(RuleBasedStateMachine):
    """Three agencies try any step at any time; what should come of it is counted along here."""

    @initialize()
    def begin(self) -> None:
        self.sid = transaction.savepoint()
        self.people = [
            in_agency(AgencyKind.LAW_ENFORCEMENT, Role.INVESTIGATOR),
            in_agency(AgencyKind.CHILD_PROTECTION, Role.CASEWORKER),
            in_agency(AgencyKind.LAW_ENFORCEMENT, Role.ANALYST),
        ]
        first = self.people[0]
        self.clients = [client_of(each) for each in self.people]
        self.owner = 0
        self.person = a_person(first)
        self.case = a_case(first, self.person)
        with act(TESTER, "test.setup"):
            notes.write(self.case, FILE, Audience.CASE, first)
            notes.write(self.case, OWN, Audience.AGENCY, first)
        #: Of each transfer: the giver, the receiver, and the steps.
        self.told: list[tuple[int, int, list[str]]] = []
        self.transfers: list[Transfer] = []
        self.ledger: list[tuple[Any, ...]] = []

    def teardown(self) -> None:
        transaction.savepoint_rollback(self.sid)

    @rule(to=st.integers(1, 2))
    def offer(self, to: int) -> None:
        """Whoever has the case offers it to one of the others, if none goes on."""
        if not self.goes():
            by, to = self.owner, (self.owner + to) % 3
            self.transfers.append(offered(self.fresh(), self.people[by], self.people[to]))
            self.told.append((by, to, [Step.OFFERED]))

    @rule(pick=st.integers(0, 5))
    def go_on(self, pick: int) -> None:
        """One of the steps that can be taken now."""
        if not self.goes():
            return
        _giver, receiver, steps = self.told[-1]
        legal = sorted(self.legal(len(self.told) - 1).items())
        step, by = legal[pick % len(legal)]
        with act(self.people[by].actor, "transfer.step"):
            TRIED[step](self.transfers[-1], self.people[by])
        steps.append(step)
        if step == Step.DONE:
            self.owner = receiver

    @rule(which=st.integers(0, 9))
    def try_what_is_over(self, which: int) -> None:
        self.try_all_that_is_not_meant(which)

    def try_all_that_is_not_meant(self, which: int) -> None:
        """Every step by everybody, every offer and every statement that is none now: refused."""
        for by in range(3):
            for to in range(3):
                if by != self.owner or to == by or self.goes():
                    with pytest.raises(Refused):
                        offered(self.fresh(), self.people[by], self.people[to])
        if not self.told:
            return
        which = -1 - which % len(self.told)
        transfer, legal = self.transfers[which], self.legal(which)
        for step, take in TRIED.items():
            for by in range(3):
                if legal.get(step) != by:
                    with pytest.raises(Refused), act(self.people[by].actor, "transfer.step"):
                        take(transfer, self.people[by])
        for state in Step:
            if state != self.told[which][2][-1] and state not in legal:
                with pytest.raises(IntegrityError), transaction.atomic(), act(TESTER, "shell"):
                    Transfer.objects.filter(pk=transfer.pk).update(state=state)
        with pytest.raises(IntegrityError), transaction.atomic(), act(TESTER, "shell"):
            TransferStep.objects.update(step=Step.DONE)

    def fresh(self) -> Case:
        return Case.objects.get(pk=self.case.pk)

    def goes(self) -> bool:
        return bool(self.told) and self.told[-1][2][-1] in (Step.OFFERED, Step.ACCEPTED)

    def legal(self, which: int) -> dict[str, int]:
        """The steps that may be taken of a transfer now, and who may: said again here."""
        giver, receiver, steps = self.told[which]
        ways: dict[str, dict[str, int]] = {
            Step.OFFERED: {
                Step.ACCEPTED: receiver,
                Step.REJECTED: receiver,
                Step.REVOKED: giver,
            },
            Step.ACCEPTED: {Step.REVOKED: giver, Step.DONE: giver},
        }
        return ways.get(steps[-1], {})

    @invariant()
    def nothing_but_what_is_meant_can_be_done(self) -> None:
        self.try_all_that_is_not_meant(0)

    @invariant()
    def the_ledger_only_grows_and_tells_the_state(self) -> None:
        rows = list(TransferStep.objects.order_by("pk").values_list("transfer", "step", "at"))
        assert rows[: len(self.ledger)] == self.ledger
        self.ledger = rows
        for transfer, (_, _, steps) in zip(self.transfers, self.told, strict=True):
            kept = [step for key, step, _ in rows if key == transfer.pk]
            assert kept == steps
            assert Transfer.objects.get(pk=transfer.pk).state == steps[-1]

    @invariant()
    def one_agency_has_the_case_and_its_people(self) -> None:
        for number, member in enumerate(self.people):
            has = number == self.owner
            assert reachable(Case, member, "case", "open").exists() == has
            assert reachable(Person, member, "person", "open").exists() == has

    @invariant()
    def each_sees_what_the_step_lets_them_see(self) -> None:
        if not self.told:
            return
        transfer, (giver, receiver, steps) = self.transfers[-1], self.told[-1]
        state = steps[-1]
        # A case that comes back to the first agency has that agency's own note in it.
        own = {OWN} if receiver == 0 else set()
        sees = {
            giver: {SUMMARY, ANSWER} if state != Step.DONE else set(),
            receiver: {
                Step.OFFERED: {SUMMARY},
                Step.ACCEPTED: {SUMMARY, FILE, *own},
                Step.REJECTED: {ANSWER},
                Step.DONE: {SUMMARY},
                Step.REVOKED: set(),
            }[Step(state)],
        }
        if state != Step.REJECTED:
            sees = {who: what - {ANSWER} for who, what in sees.items()}
        canaries = [SUMMARY, FILE, OWN, ANSWER]
        for number, client in enumerate(self.clients):
            page = client.get(reverse("cases:transfer", args=[transfer.pk]))
            assert page.status_code == (200 if number in sees else 404)
            seen = set(found_in(page.content, canaries))
            assert seen == sees.get(number, set()), (number, state)
        # A note of the first agency alone is that agency's wherever the case is.
        page = self.clients[self.owner].get(reverse("cases:notes", args=[self.case.pk]))
        assert (OWN in page.content.decode()) == (self.owner == 0)


def run(examples: int, steps: int = 12) -> None:
    run_state_machine_as_test(
        Handing,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            phases=[Phase.generate],
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.parametrize(
    "picks", [(), (0,), (1,), (2,), (0, 0), (0, 1)], ids=lambda each: f"path{each}"
)
def test_at_each_state_nothing_but_what_is_meant_can_be_done(picks: tuple[int, ...]) -> None:
    """Every state that a transfer can be in: each is come to once."""
    state = Handing()
    state.begin()
    state.offer(to=1)
    for pick in picks:
        state.go_on(pick=pick)
    state.nothing_but_what_is_meant_can_be_done()
    state.the_ledger_only_grows_and_tells_the_state()
    state.one_agency_has_the_case_and_its_people()
    state.each_sees_what_the_step_lets_them_see()
    state.teardown()


def test_a_case_that_comes_back_has_the_note_that_stayed() -> None:
    state = Handing()
    state.begin()
    state.offer(to=2)
    state.go_on(pick=0)
    state.go_on(pick=0)
    assert state.owner == 2
    state.offer(to=1)
    state.go_on(pick=0)
    state.each_sees_what_the_step_lets_them_see()
    state.one_agency_has_the_case_and_its_people()
    state.teardown()


def test_no_order_of_steps_but_those_that_are_meant() -> None:
    run(2, steps=8)


@pytest.mark.proof
def test_no_order_of_steps_but_those_that_are_meant_in_many_runs() -> None:
    run(150)


def test_what_goes_with_the_case_and_what_stays() -> None:
    giver = in_agency(AgencyKind.LAW_ENFORCEMENT, Role.INVESTIGATOR)
    receiver = in_agency(AgencyKind.CHILD_PROTECTION, Role.CASEWORKER)
    goes, stays = a_person(giver), a_person(giver)
    case = a_case(giver, goes)
    number = case.number
    first, second = sorted((goes, stays), key=lambda each: str(each.pk))
    with act(TESTER, "test.setup"):
        task = tasks.add(case, "Call the school", giver, giver)
        link = SamePerson(agency=giver.agency, first=first, second=second, decided_by=giver)
        link.verdict, link.decided_at = Verdict.SAME, task.made_at
        link.save()
        stored = attaching.attach(case, Upload("made-up.txt", b"made up"))
    transfer = accepted(case, giver, receiver)
    read = client_of(receiver).get(reverse("cases:transfer", args=[transfer.pk])).content.decode()
    assert "made-up.txt" in read
    original = reverse("cases:original", args=[case.pk, stored.pk])
    assert client_of(receiver).get(original).status_code == 404
    assert client_of(worker(receiver)).get(case.get_absolute_url()).status_code == 404
    answer = client_of(giver).post(reverse("cases:complete", args=[transfer.pk]))
    assert answer.status_code == 302
    for record in (case, goes, stays, task, link):
        record.refresh_from_db()
    assert (case.agency, case.assigned) == (receiver.agency, worker(receiver))
    assert (goes.agency, stays.agency) == (receiver.agency, giver.agency)
    assert task.assigned == worker(receiver)
    assert link.undone_at is not None  # it would go across the walls
    assert client_of(worker(receiver)).get(case.get_absolute_url()).status_code == 200
    assert client_of(giver).get(case.get_absolute_url()).status_code == 404
    assert client_of(giver).get(original).status_code == 404
    assert client_of(receiver).get(original).status_code == 200
    assert not reachable(Task, giver, "task", "list").exists()
    stub = client_of(giver).get(reverse("cases:transfer", args=[transfer.pk])).content.decode()
    assert number in stub
    assert receiver.agency.name in stub
    assert case.get_absolute_url() not in stub


def test_nobody_is_torn_from_a_case_that_stays() -> None:
    giver = in_agency(AgencyKind.LAW_ENFORCEMENT, Role.INVESTIGATOR)
    receiver = in_agency(AgencyKind.CHILD_PROTECTION, Role.CASEWORKER)
    person = a_person(giver)
    one, two = a_case(giver, person), a_case(giver, person)
    first = accepted(one, giver, receiver)
    with pytest.raises(Refused, match=two.number), act(giver.actor, "transfer.complete"):
        transferring.complete(first, giver)
    second = accepted(two, giver, receiver)
    with act(giver.actor, "transfer.complete"):
        transferring.complete(first, giver)
    with pytest.raises(Refused, match="handed over"), act(giver.actor, "transfer.revoke"):
        transferring.revoke(second, giver)
    with act(giver.actor, "transfer.complete"):
        transferring.complete(second, giver)
    assert reachable(Case, receiver, "case", "list").count() == 2
    assert set(reachable(Person, receiver, "person", "open")) == {person}


def test_an_offer_needs_a_summary_an_open_case_and_an_agency_that_can_have_it() -> None:
    giver = in_agency(AgencyKind.LAW_ENFORCEMENT, Role.INVESTIGATOR)
    receiver = in_agency(AgencyKind.CHILD_PROTECTION, Role.CASEWORKER)
    case, provider = a_case(giver), make_member(Role.PROVIDER)
    for to, summary in ((receiver, " "), (provider, SUMMARY), (giver, SUMMARY)):
        with pytest.raises(Refused), act(giver.actor, "transfer.offer"):
            transferring.offer(case, to.agency, Why.OTHER, summary, giver)
    transfer = offered(case, giver, receiver)
    for by in (worker(giver), provider):
        with pytest.raises(Refused), act(receiver.actor, "transfer.answer"):
            transferring.accept(transfer, by, receiver)
    with pytest.raises(Refused), act(receiver.actor, "transfer.answer"):
        transferring.reject(transfer, " ", receiver)
    assert provider.agency not in transferring.holders()
    with act(TESTER, "case.close"):
        Case.objects.filter(pk=case.pk).update(status=Case.Status.CLOSED)
        transferring.revoke(transfer, giver)
    with pytest.raises(Refused, match="closed"), act(giver.actor, "transfer.offer"):
        transferring.offer(case, receiver.agency, Why.OTHER, SUMMARY, giver)


def test_what_is_written_in_a_transfer_is_sealed_and_its_ledger_is_kept() -> None:
    giver = in_agency(AgencyKind.LAW_ENFORCEMENT, Role.INVESTIGATOR)
    receiver = in_agency(AgencyKind.CHILD_PROTECTION, Role.CASEWORKER)
    transfer = offered(a_case(giver), giver, receiver)
    with act(receiver.actor, "transfer.answer"):
        transferring.reject(transfer, ANSWER, receiver)
    rows = str(list(Transfer.objects.values())) + str(list(Entry.objects.values()))
    assert SUMMARY not in rows
    assert ANSWER not in rows
    for statement in (
        "DELETE FROM cases_transferstep",
        "UPDATE cases_transfer SET state = 'offered'",
        "UPDATE cases_transfer SET offered_by_id = offered_by_id",
    ):
        with (
            pytest.raises(IntegrityError),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


def test_an_offer_waits_for_the_receiver_and_the_hand_over_for_the_giver() -> None:
    giver = in_agency(AgencyKind.LAW_ENFORCEMENT, Role.INVESTIGATOR)
    receiver = in_agency(AgencyKind.NAVIGATOR, Role.NAVIGATOR)
    case = a_case(giver)
    client, path = client_of(giver), reverse("cases:offer", args=[case.pk])
    told = {"to_agency": receiver.agency_id, "why": "Other", "summary": SUMMARY}
    assert client.post(path, {**told, "summary": ""}).status_code == 422
    assert client.post(path, told).status_code == 302
    transfer = Transfer.objects.get()
    home = client_of(worker(receiver)).get(reverse("desk:home")).content.decode()
    assert "Cases that are offered to your agency" in home
    accept = reverse("cases:accept", args=[transfer.pk])
    answer = client_of(receiver).post(accept, {"assigned": worker(receiver).pk})
    assert answer.status_code == 302
    assert "Cases to hand over" in client.get(reverse("desk:home")).content.decode()
