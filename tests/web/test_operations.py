"""Operations: none runs without somebody who helps; who sees them; the live board; the debrief."""

from __future__ import annotations

import contextlib
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

import objects
from harborlight.places.gazetteer import gazetteer
from harborlight.web.accounts import people as leaving
from harborlight.web.accounts.access import reachable
from harborlight.web.accounts.models import Member
from harborlight.web.accounts.roles import AgencyKind, Role
from harborlight.web.audit.acts import Refused, act
from harborlight.web.audit.models import Entry
from harborlight.web.cases.models import Case
from harborlight.web.leads.models import Lead
from harborlight.web.operations import boarding, planning
from harborlight.web.operations.models import (
    HELPING,
    Event,
    Kind,
    Operation,
    Part,
    Participation,
    Status,
    Task,
)
from harborlight.web.vault import rewrap
from people import TESTER, client_of, make_agency, make_member

pytestmark = pytest.mark.django_db
OBJECTIVE, SAFETY, TEXT = "objective-7f3a", "safety-91cc", "text-5d20"


class World:
    """Police who lead, navigators, child protection, other police."""

    def __init__(self) -> None:
        self.lead = make_member(Role.SUPERVISOR, make_agency())
        self.navigator = make_member(Role.NAVIGATOR, make_agency(AgencyKind.NAVIGATOR))
        self.worker = make_member(Role.CASEWORKER, make_agency(AgencyKind.CHILD_PROTECTION))
        self.patrol = make_member(Role.SUPERVISOR, make_agency())
        self.operation = self.plan()

    def plan(self, label: str = "Heron", safety: str = SAFETY) -> Operation:
        now = timezone.now()
        with act(self.lead.actor, "operation.plan"):
            made = planning.plan(self.lead, label, now, now + timedelta(hours=8), OBJECTIVE, safety)
            planning.add_town(made, "New Ulm, MN", self.lead)
        return made

    def ask(self, member: Member, part: str, operation: Operation | None = None) -> Participation:
        with act(self.lead.actor, "operation.change"):
            return planning.ask(operation or self.operation, member.agency, part, self.lead)

    def agreed(
        self, member: Member, part: str, operation: Operation | None = None
    ) -> Participation:
        asked = self.ask(member, part, operation)
        with act(member.actor, "operation.agree"):
            planning.agree(asked, member)
        return asked

    def start(self, operation: Operation | None = None) -> None:
        with act(self.lead.actor, "operation.start"):
            planning.start(operation or self.operation, self.lead)

    def running(self) -> Operation:
        self.agreed(self.navigator, Part.SPECIALIST)
        self.start()
        self.operation.refresh_from_db()
        return self.operation


@pytest.fixture
def world() -> World:
    return World()


def sees(member: Member, operation: Operation) -> bool:
    return reachable(Operation, member, "operation", "open").filter(pk=operation.pk).exists()


# -- nothing starts without somebody who helps -------------------------------------------------


def test_it_does_not_start_until_somebody_who_helps_agreed(world: World) -> None:
    asked = world.ask(world.navigator, Part.SPECIALIST)
    world.agreed(world.patrol, Part.PATROL)
    with pytest.raises(Refused, match="victim specialist"):
        world.start()
    last = Entry.objects.latest("position")
    assert (last.operation, last.act, last.record) == (
        "refuse", "operation.start", str(world.operation.pk)
    )  # fmt: skip
    with act(world.navigator.actor, "operation.agree"):
        planning.agree(asked, world.navigator)
    world.start()
    world.operation.refresh_from_db()
    assert world.operation.status == Status.RUNNING


def test_child_protection_helps_too(world: World) -> None:
    world.agreed(world.worker, Part.CHILD_PROTECTION)
    world.start()


def test_it_does_not_start_without_a_safety_plan(world: World) -> None:
    bare = world.plan("Bittern", safety="  \n")
    world.agreed(world.navigator, Part.SPECIALIST, bare)
    with pytest.raises(Refused, match="safety plan"):
        world.start(bare)
    page = client_of(world.lead).get(bare.get_absolute_url()).content.decode()
    assert "does not start without a safety plan" in page
    assert "does not start without a victim specialist" not in page


def test_the_page_says_why_it_does_not_start(world: World) -> None:
    answer = client_of(world.lead).post(f"{world.operation.get_absolute_url()}start/")
    assert answer.status_code == 409
    assert "a navigator or child protection who agreed" in answer.content.decode()


@pytest.mark.parametrize("lacking", ["helper", "plan"])
def test_the_tables_refuse_what_the_program_refuses(world: World, lacking: str) -> None:
    if lacking == "plan":
        world.agreed(world.navigator, Part.SPECIALIST)
        with act(TESTER, "test"):
            world.operation.put(safety="")
            world.operation.save()
    else:
        world.ask(world.navigator, Part.SPECIALIST)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE operations_operation SET status = 'running'")
    with pytest.raises(IntegrityError), act(TESTER, "test"):
        Operation.objects.filter(pk=world.operation.pk).update(status="running")


def test_the_last_who_helps_does_not_leave_while_it_runs(world: World) -> None:
    asked = world.agreed(world.navigator, Part.SPECIALIST)
    world.start()
    with (
        pytest.raises(Refused, match="without a victim specialist"),
        act(world.navigator.actor, "operation.agree"),
    ):
        planning.leave(asked, world.navigator)
    table = "operations_participation"
    for statement in (
        f"UPDATE {table} SET ended_at = asked_at WHERE part = 'specialist'",  # noqa: S608
        f"UPDATE {table} SET part = 'patrol' WHERE part = 'specialist'",  # noqa: S608
        f"DELETE FROM {table} WHERE part = 'specialist'",  # noqa: S608
        "UPDATE operations_operation SET has_safety_plan = (1 = 0)",
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    world.agreed(world.worker, Part.CHILD_PROTECTION)
    with act(world.navigator.actor, "operation.agree"):
        planning.leave(asked, world.navigator)
    assert not sees(world.navigator, world.operation)


def test_a_running_operation_keeps_its_safety_plan(world: World) -> None:
    operation = world.running()
    with pytest.raises(Refused, match="safety plan"), act(world.lead.actor, "operation.change"):
        planning.change(
            operation, world.lead, label="Heron", starts=operation.starts, ends=operation.ends,
            objective="x", safety=" ",
        )  # fmt: skip


def test_a_provider_is_never_asked_and_each_agency_has_parts_of_its_kind(world: World) -> None:
    house = make_member(Role.PROVIDER, make_agency(AgencyKind.PROVIDER))
    for member, part in (
        (house, Part.SPECIALIST),
        (world.patrol, Part.SPECIALIST),
        (world.patrol, Part.CHILD_PROTECTION),
        (world.navigator, Part.CHILD_PROTECTION),
        (world.navigator, Part.PATROL),
        (world.patrol, Part.LEAD),
    ):
        with pytest.raises(Refused, match="no such part"):
            world.ask(member, part)
    for path in ("", "new/", f"{world.operation.pk}/", f"{world.operation.pk}/board/"):
        assert client_of(house).get(f"/operations/{path}").status_code == 403


class Acts(RuleBasedStateMachine):
    """Any order of acts: what runs has a safety plan and somebody who helps."""

    world: World

    @initialize()
    def begin(self) -> None:
        self.world = World()
        self.asked: list[tuple[Participation, Member]] = []

    def _try(self, do: Any, *args: Any, **named: Any) -> None:
        with contextlib.suppress(Refused), act(TESTER, "test"):
            do(*args, **named)

    def _now(self) -> Operation:
        self.world.operation.refresh_from_db()
        return self.world.operation

    @rule(who=st.sampled_from(["navigator", "worker", "patrol"]), part=st.sampled_from(list(Part)))
    def ask(self, who: str, part: Part) -> None:
        member: Member = getattr(self.world, who)
        with contextlib.suppress(Refused):
            self.asked.append((self.world.ask(member, part), member))

    @rule(which=st.integers(0, 9), yes=st.booleans())
    def answer(self, which: int, yes: bool) -> None:
        if self.asked:
            asked, member = self.asked[which % len(self.asked)]
            asked.refresh_from_db()
            self._try(planning.agree if yes else planning.leave, asked, member)

    @rule(safety=st.sampled_from(["", " ", SAFETY]))
    def write(self, safety: str) -> None:
        now = self._now()
        self._try(
            planning.change, now, self.world.lead, label=now.label, starts=now.starts,
            ends=now.ends, objective="", safety=safety,
        )  # fmt: skip

    @rule(end=st.booleans())
    def go(self, end: bool) -> None:
        self._try(planning.end if end else planning.start, self._now(), self.world.lead)

    @invariant()
    def it_is_safe(self) -> None:
        if not hasattr(self, "asked"):
            return
        now = self._now()
        if now.status == Status.RUNNING:
            rows = Participation.objects.filter(operation=now, part__in=HELPING, ended_at=None)
            assert [each for each in rows if each.agreed_at is not None]
            with act(TESTER, "test"):
                assert now.take("safety")["safety"].strip()


def test_in_any_order_of_acts_nothing_runs_without_help() -> None:
    run_state_machine_as_test(
        Acts,
        settings=settings(
            max_examples=12,
            stateful_step_count=20,
            suppress_health_check=list(HealthCheck),
            deadline=None,
        ),
    )


# -- who sees it -------------------------------------------------------------------------------


def test_an_agency_sees_it_once_it_agrees_and_of_it_who_is_assigned(world: World) -> None:
    asked = world.ask(world.navigator, Part.SPECIALIST)
    client = client_of(world.navigator)
    assert not sees(world.navigator, world.operation)
    assert client.get(world.operation.get_absolute_url()).status_code == 404
    shown = client.get(f"/operations/asked/{asked.pk}/").content.decode()
    assert "Heron" in shown
    assert OBJECTIVE not in shown
    assert SAFETY not in shown
    assert client.post(f"/operations/asked/{asked.pk}/").status_code == 302
    assert OBJECTIVE in client.get(world.operation.get_absolute_url()).content.decode()
    colleague = make_member(Role.NAVIGATOR, world.navigator.agency)
    assert not sees(colleague, world.operation)
    # Nobody answers for another agency.
    other = world.ask(world.worker, Part.CHILD_PROTECTION)
    assert client.post(f"/operations/asked/{other.pk}/").status_code == 404
    investigator = make_member(Role.INVESTIGATOR, world.lead.agency)
    assert not sees(investigator, world.operation)
    with act(world.lead.actor, "operation.assign"):
        planning.assign(world.operation, investigator, world.lead)
    assert sees(investigator, world.operation)
    with act(world.lead.actor, "operation.assign"):
        planning.unassign(world.operation, investigator, world.lead)
    assert not sees(investigator, world.operation)


def test_only_who_leads_plans_and_nobody_assigns_anothers_people(world: World) -> None:
    world.agreed(world.patrol, Part.PATROL)
    client = client_of(world.patrol)
    for path in ("change/", "ask/", "town/", "team/"):
        assert client.get(f"{world.operation.get_absolute_url()}{path}").status_code == 409, path
    assert client.post(f"{world.operation.get_absolute_url()}start/").status_code == 409
    stranger = make_member(Role.NAVIGATOR, world.navigator.agency)
    with pytest.raises(Refused), act(world.patrol.actor, "operation.assign"):
        planning.assign(world.operation, stranger, world.patrol)


def test_a_lead_or_a_case_is_shown_to_who_may_open_it(world: World) -> None:
    lead, case = objects.make(Lead, world.lead), objects.make(Case, world.lead)
    world.agreed(world.patrol, Part.PATROL)
    client = client_of(world.lead)
    for told in ({"lead": lead.number}, {"case": case.number}):
        answer = client.post(f"{world.operation.get_absolute_url()}link/", told)
        assert answer.status_code == 302
    own = client.get(world.operation.get_absolute_url()).content.decode()
    assert str(lead.pk) in own
    assert str(case.pk) in own
    theirs = client_of(world.patrol).get(world.operation.get_absolute_url()).content.decode()
    assert str(lead.pk) not in theirs
    assert str(case.pk) not in theirs
    assert "Leads and cases" not in theirs
    answer = client_of(world.patrol).post(
        f"{world.operation.get_absolute_url()}link/", {"lead": lead.number}
    )
    assert answer.status_code == 422


def test_a_team_is_of_people_assigned_and_its_specialist_of_an_agency_that_helps(
    world: World,
) -> None:
    world.agreed(world.navigator, Part.SPECIALIST)
    town = world.operation.towns.get()
    assert str(town) == "New Ulm, MN"
    assert town.at == gazetteer().locate("New Ulm, MN")
    with act(world.lead.actor, "operation.change"):
        made = planning.add_team(
            world.operation, "One", town, [world.lead], world.lead, specialist=world.navigator
        )
    assert made.specialist == world.navigator
    for people, specialist in (([world.patrol], None), ([world.lead], world.lead)):
        with pytest.raises(Refused), act(world.lead.actor, "operation.change"):
            planning.add_team(
                world.operation, "Two", town, people, world.lead, specialist=specialist
            )
    with pytest.raises(Refused, match="No town"), act(world.lead.actor, "operation.change"):
        planning.add_town(world.operation, "Nowhereville", world.lead)


def test_who_leaves_leaves_nothing_behind(world: World) -> None:
    operation = world.operation
    old, new = (make_member(Role.INVESTIGATOR, world.lead.agency) for _ in range(2))
    with act(world.lead.actor, "operation.assign"):
        planning.assign(operation, old, world.lead)
        todo = planning.add_task(operation, "made up", old, timezone.now())
        planning.add_team(operation, "One", operation.towns.get(), [old], world.lead)
    with act(TESTER, "member.end"):
        assert leaving.end(old, new) == 2
    assert Task.objects.get(pk=todo.pk).who == new
    assert sees(new, operation)
    assert not sees(old, operation)
    assert [each.member for each in operation.teams.get().members.all()] == [new]


# -- the live board ----------------------------------------------------------------------------


def test_people_helped_stand_first_and_a_correction_counts_instead(world: World) -> None:
    operation = world.running()
    with act(world.navigator.actor, "operation.tell"):
        boarding.tell(operation, world.navigator, Kind.ARREST, number=2)
        wrong = boarding.tell(operation, world.navigator, Kind.HELPED, number=9, text=TEXT)
        boarding.tell(operation, world.navigator, Kind.HELPED, number=3, corrects=wrong)
        boarding.tell(operation, world.navigator, Kind.NOTE, number=50)
        boarding.tell(operation, world.navigator, Kind.HELPED, number=1)
    counted = [(each.kind, each.number) for each in boarding.counts(operation)]
    assert counted == [("helped", 4), ("contact", 0), ("arrest", 2), ("vehicle", 0)]
    page = client_of(world.navigator).get(f"{operation.get_absolute_url()}board/").content.decode()
    assert page.index("<dt>People helped</dt><dd>4</dd>") < page.index("<dt>Arrests</dt><dd>2</dd>")
    with pytest.raises(Refused, match="corrected already"), act(TESTER, "operation.tell"):
        boarding.tell(operation, world.navigator, Kind.HELPED, corrects=wrong)


def test_a_line_is_never_changed_or_deleted_and_its_text_is_sealed(world: World) -> None:
    operation = world.running()
    client = client_of(world.navigator)
    answer = client.post(
        f"{operation.get_absolute_url()}board/tell/", {"kind": "helped", "number": 1, "text": TEXT}
    )
    assert answer.status_code == 302
    event = Event.objects.get()
    for statement in (
        "UPDATE operations_event SET number = 7",
        "UPDATE operations_event SET kind = 'arrest'",
        "UPDATE operations_event SET sealed = key_id" if connection.vendor == "sqlite" else
        "UPDATE operations_event SET sealed = ''::bytea",
        "DELETE FROM operations_event",
    ):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert TEXT.encode() not in bytes(event.sealed)
    # The wrapping key can be renewed none the less.
    before = bytes(event.wrapped_key)
    with act(TESTER, "keys.rotate"):
        event.wrap_anew()
        event.save(update_fields=["key_id", "wrapped_key"])
    event = Event.objects.get()
    assert bytes(event.wrapped_key) != before
    assert Event in list(rewrap.sealed_models())
    with act(TESTER, "test"):
        assert event.take("text")["text"] == TEXT


def test_looking_at_the_board_opens_nothing_and_reading_it_is_in_the_audit(world: World) -> None:
    operation = world.running()
    with act(world.navigator.actor, "operation.tell"):
        boarding.tell(operation, world.navigator, Kind.HELPED, text=TEXT)
    client = client_of(world.navigator)
    before = Entry.objects.count()
    for path in ("board/", "board/lines/"):
        answer = client.get(f"{operation.get_absolute_url()}{path}")
        assert answer.status_code == 200
        assert TEXT not in answer.content.decode()
    assert Entry.objects.count() == before
    assert TEXT in client.get(f"{operation.get_absolute_url()}board/texts/").content.decode()
    last = Entry.objects.latest("position")
    assert (last.act, last.operation, last.kind) == ("operation.read", "read", "operations.event")


def test_the_board_is_open_from_the_start_until_the_debrief(world: World) -> None:
    def told() -> None:
        with act(TESTER, "operation.tell"):
            world.operation.refresh_from_db()
            boarding.tell(world.operation, world.lead, Kind.HELPED)

    with pytest.raises(Refused):
        told()
    world.running()
    told()
    with act(world.lead.actor, "operation.start"):
        planning.end(world.operation, world.lead)
    told()
    client = client_of(world.lead)
    url = f"{world.operation.get_absolute_url()}debrief/"
    form = {"helped": 2, "offered": 3, "accepted": 2, "arrests": 1, "charges": 1, "lessons": TEXT}
    assert client.post(url, {**form, "accepted": 4}).status_code == 422
    assert 'value="2"' in client.get(url).content.decode()
    assert client.post(url, form).status_code == 302
    assert client.post(url, form).status_code == 409
    with pytest.raises(Refused):
        told()
    page = client.get(world.operation.get_absolute_url()).content.decode()
    assert page.index("<dt>People helped</dt><dd>2</dd>") < page.index("<dt>Arrests</dt><dd>1</dd>")
    assert TEXT in page
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE operations_debrief SET arrests = 9")


def test_nothing_that_was_written_stands_in_the_tables(world: World) -> None:
    operation = world.running()
    with act(world.lead.actor, "operation.task"):
        planning.add_task(operation, TEXT, world.lead, timezone.now())
        boarding.tell(operation, world.lead, Kind.NOTE, text=TEXT)
    tables = [each for each in connection.introspection.table_names() if "operations" in each]
    assert len(tables) >= 10
    with connection.cursor() as cursor:
        for table in [*tables, "audit_entry", "notices_notice"]:
            cursor.execute(f"SELECT * FROM {table}")  # noqa: S608
            for row in cursor.fetchall():
                for value in row:
                    raw = (
                        bytes(value)
                        if isinstance(value, bytes | memoryview)
                        else str(value).encode()
                    )
                    for word in (OBJECTIVE, SAFETY, TEXT):
                        assert word.encode() not in raw, table
