"""No sequence of acts, through any door, puts a minor who was sold into an arrest or charge."""

from __future__ import annotations

from datetime import date, timedelta
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

from harborlight.web.accounts.models import Member
from harborlight.web.accounts.roles import AgencyKind, Role
from harborlight.web.audit.acts import Refused, act
from harborlight.web.audit.models import Entry
from harborlight.web.cases.models import Case
from harborlight.web.cases.persons import (
    RESTRICTED,
    AgeBasis,
    Allegation,
    Involvement,
    Part,
    Person,
)
from harborlight.web.protection import deciding
from harborlight.web.protection.models import Clearance, Decision
from people import TESTER, client_of, make_agency, make_member

pytestmark = pytest.mark.django_db
OFFENSE = date(2026, 3, 1)
MINOR, ADULT = date(2010, 1, 1), date(1990, 1, 1)


def a_case(member: Member) -> Case:
    with act(TESTER, "test.setup"):
        case = Case(agency=member.agency, number=f"t-{timezone.now().timestamp()}")
        case.opened_by = case.assigned = member
        case.put(title="made up")
        case.save()
        return case


def a_person(member: Member, born: date | None = None, basis: str = AgeBasis.UNKNOWN) -> Person:
    with act(TESTER, "test.setup"):
        person = Person(agency=member.agency)
        person.put(prs_FirstName="Made", prs_SecondName="Up")
        person.save()
        if born:
            deciding.set_age(person, born, basis, member)
    return person


def arrest(person: Person, case: Case, **more: Any) -> Involvement:
    return Involvement(
        **{
            "case": case,
            "person": person,
            "part": Part.ARRESTEE,
            "allegation": Allegation.HIRED,
            "offense_on": OFFENSE,
            **more,
        }
    )


def refused_by_the_database(statement: str) -> None:
    """A direct statement does not get round the wall."""
    with (
        pytest.raises(IntegrityError, match="Safe Harbor"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def restricted() -> list[Involvement]:
    """Arrests, charges and convictions for having been sold that go on, whoever wrote them."""
    rows = Involvement.objects.filter(
        part__in=RESTRICTED, allegation=Allegation.HIRED, ended_at__isnull=True
    )
    return list(rows.select_related("person"))


@pytest.mark.parametrize(
    ("born", "basis"),
    [
        (None, AgeBasis.UNKNOWN),
        (MINOR, AgeBasis.CLAIMED),
        (MINOR, AgeBasis.DOCUMENT),
        (ADULT, AgeBasis.CLAIMED),
        (date(2008, 3, 2), AgeBasis.DOCUMENT),  # eighteen on the day after
    ],
)
@pytest.mark.parametrize("part", RESTRICTED)
def test_a_minor_and_an_unknown_age_are_refused(born: date, basis: str, part: str) -> None:
    member = make_member(Role.CASEWORKER)
    person, case = a_person(member, born, basis), a_case(member)
    before = Entry.objects.count()
    with pytest.raises(Refused) as refused, act(member.actor, "person.change"):
        arrest(person, case, part=part).save()
    assert "260B.007" in refused.value.citation
    assert "child protection" in refused.value.reason
    assert restricted() == []
    told = Entry.objects.filter(position__gt=before, operation="refuse")
    assert [(each.record, each.actor) for each in told] == [(str(person.pk), member.actor.name)]


@pytest.mark.parametrize("born", [ADULT, date(2008, 3, 1)])
def test_an_adult_whose_age_somebody_qualified_verified_is_not_excluded(born: date) -> None:
    member = make_member(Role.CASEWORKER)
    person, case = a_person(member, born, AgeBasis.DOCUMENT), a_case(member)
    with act(member.actor, "person.change"):
        arrest(person, case).save()
    assert len(restricted()) == 1


def test_other_allegations_stay_possible() -> None:
    member = make_member(Role.CASEWORKER)
    person, case = a_person(member, MINOR, AgeBasis.DOCUMENT), a_case(member)
    with act(member.actor, "person.change"):
        for allegation in (Allegation.OTHER, Allegation.HIRING, Allegation.SELLING):
            arrest(person, case, allegation=allegation).save()
    assert restricted() == []


def test_an_investigator_cannot_verify_an_age() -> None:
    member = make_member(Role.INVESTIGATOR)
    with pytest.raises(Refused):
        a_person(member, ADULT, AgeBasis.DOCUMENT)


def test_every_way_of_the_orm_and_of_sql_is_closed() -> None:
    member = make_member(Role.CASEWORKER)
    person, case = a_person(member, MINOR, AgeBasis.DOCUMENT), a_case(member)
    with act(TESTER, "test.setup"):
        kept = arrest(person, case, part=Part.POSSIBLE_VICTIM)
        kept.save()
    ways: list[Any] = [
        lambda: arrest(person, case).save(),
        lambda: Involvement.objects.create(
            case=case, person=person, part="defendant", allegation="hired", offense_on=OFFENSE
        ),
        lambda: Involvement.objects.bulk_create([arrest(person, case)]),
        lambda: Involvement.objects.filter(pk=kept.pk).update(part="arrestee"),
        lambda: Involvement.objects.bulk_update([arrest(person, case, pk=kept.pk)], ["part"]),
        lambda: Clearance.objects.create(
            person=person, offense_on=OFFENSE, decision=Decision(), given_at=timezone.now()
        ),
    ]
    for way in ways:
        with pytest.raises(Refused), act(TESTER, "shell"):
            way()
    statements = (
        "UPDATE cases_involvement SET part = 'arrestee', allegation = 'hired'",
        "UPDATE cases_involvement SET part = 'convicted'",
        "INSERT INTO cases_involvement (case_id, person_id, part, allegation, offense_on, since, "
        "end_reason) SELECT case_id, person_id, 'arrestee', allegation, offense_on, since, '' "
        "FROM cases_involvement",
    )
    for statement in statements:
        refused_by_the_database(statement)
    assert restricted() == []


def test_a_clearance_that_an_arrest_stands_on_cannot_be_taken_away_first() -> None:
    member = make_member(Role.CASEWORKER)
    person, case = a_person(member, ADULT, AgeBasis.DOCUMENT), a_case(member)
    with act(member.actor, "person.change"):
        arrest(person, case).save()
    for statement in (
        "DELETE FROM protection_clearance",
        "UPDATE protection_clearance SET revoked_at = given_at",
        "UPDATE protection_clearance SET offense_on = '2020-01-01'",
    ):
        refused_by_the_database(statement)


def test_who_turns_out_to_have_been_a_minor_is_freed_in_the_same_act() -> None:
    member = make_member(Role.CASEWORKER)
    person, case = a_person(member, ADULT, AgeBasis.DOCUMENT), a_case(member)
    with act(member.actor, "person.change"):
        arrest(person, case).save()
        arrest(person, case, part=Part.DEFENDANT).save()
    with act(member.actor, "person.change"):
        deciding.set_age(person, MINOR, AgeBasis.DOCUMENT, member)
    assert restricted() == []
    ended = Involvement.objects.filter(person=person, end_reason="safe harbor")
    assert ended.count() == 2
    assert Involvement.objects.filter(person=person, part=Part.POSSIBLE_VICTIM).count() == 2
    assert not Clearance.objects.filter(revoked_at__isnull=True).exists()


def test_a_decision_is_kept_with_its_citations_and_asked_again() -> None:
    member = make_member(Role.CASEWORKER)
    person, case = a_person(member), a_case(member)
    with act(member.actor, "person.change"):
        arrest(person, case, part=Part.POSSIBLE_VICTIM).save()
        deciding.ask_again(person)
        deciding.set_age(person, MINOR, AgeBasis.DOCUMENT, member)
        rows = [(each.answer, each.take()["explanation"]) for each in person.decisions.all()]
    assert [answer for answer, _ in rows] == ["yes", "yes"]
    assert all(told["citations"] for _, told in rows)
    assert "presumed" in str(rows[1][1]["steps"])


def test_the_form_says_why_and_offers_the_way() -> None:
    member = make_member(Role.CASEWORKER)
    person, case = a_person(member, MINOR, AgeBasis.DOCUMENT), a_case(member)
    with act(TESTER, "test.setup"):
        Involvement(case=case, person=person, part=Part.POSSIBLE_VICTIM).save()
    client = client_of(member)
    told = {"part": "arrestee", "allegation": "hired", "offense_on": "2026-03-01"}
    answer = client.post(f"/protection/person/{person.pk}/part/", told)
    text = answer.content.decode()
    assert answer.status_code in (409, 422, 403)
    assert "child protection" in text
    assert "260B.007" in text
    assert restricted() == []
    assert client.get(f"/protection/person/{person.pk}/").status_code == 200


class Wall(RuleBasedStateMachine):
    """Random acts of a worker, a shell and a database, and what must hold after each."""

    @initialize()
    def start(self) -> None:
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.member = make_member(Role.CASEWORKER, make_agency(AgencyKind.CHILD_PROTECTION))
        self.case = a_case(self.member)
        self.people = [a_person(self.member) for _ in range(2)]

    def teardown(self) -> None:
        if hasattr(self, "atomic"):
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)

    def attempt(self, do: Any) -> None:
        try:
            with transaction.atomic(), act(self.member.actor, "test.try"):
                do()
        except (Refused, IntegrityError):
            pass

    @rule(
        who=st.integers(0, 1),
        born=st.sampled_from([None, MINOR, ADULT, date(2008, 3, 1), date(2008, 3, 2)]),
        basis=st.sampled_from(list(AgeBasis)),
    )
    def say_an_age(self, who: int, born: date | None, basis: str) -> None:
        self.attempt(lambda: deciding.set_age(self.people[who], born, basis, self.member))

    @rule(
        who=st.integers(0, 1),
        part=st.sampled_from(list(Part)),
        allegation=st.sampled_from(list(Allegation)),
        day=st.sampled_from([None, OFFENSE, OFFENSE - timedelta(days=2), date(2012, 1, 1)]),
    )
    def add_a_part(self, who: int, part: str, allegation: str, day: date | None) -> None:
        self.attempt(
            lambda: arrest(
                self.people[who], self.case, part=part, allegation=allegation, offense_on=day
            ).save()
        )

    @rule(
        data=st.data(),
        part=st.sampled_from(list(Part)),
        allegation=st.sampled_from(list(Allegation)),
        who=st.integers(0, 1),
        ended=st.booleans(),
    )
    def change_a_part(
        self, data: st.DataObject, part: str, allegation: str, who: int, ended: bool
    ) -> None:
        rows = list(Involvement.objects.all())
        if not rows:
            return
        row = data.draw(st.sampled_from(rows))
        row.part, row.allegation, row.person = part, allegation, self.people[who]
        row.ended_at = timezone.now() if ended else None
        self.attempt(row.save)

    @rule(column=st.sampled_from(["part = 'arrestee'", "allegation = 'hired'", "ended_at = NULL"]))
    def change_in_the_database(self, column: str) -> None:
        def do() -> None:
            with connection.cursor() as cursor:
                cursor.execute(f"UPDATE cases_involvement SET {column}")  # noqa: S608

        self.attempt(do)

    @rule(
        statement=st.sampled_from(
            [
                "UPDATE protection_clearance SET revoked_at = given_at",
                "DELETE FROM protection_clearance",
            ]
        )
    )
    def take_clearances_away(self, statement: str) -> None:
        def do() -> None:
            with connection.cursor() as cursor:
                cursor.execute(statement)

        self.attempt(do)

    @rule(who=st.integers(0, 1))
    def ask_again(self, who: int) -> None:
        self.attempt(lambda: deciding.ask_again(self.people[who]))

    @invariant()
    def nobody_protected_is_in_an_arrest(self) -> None:
        if not hasattr(self, "people"):
            return
        with act(TESTER, "test.look"):
            for row in restricted():
                assert row.offense_on is not None
                assert deciding.is_adult(Person.objects.get(pk=row.person_id), row.offense_on)


def run_the_wall(examples: int, steps: int) -> None:
    run_state_machine_as_test(
        Wall,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_no_sequence_of_acts_gets_round_the_wall(db: None) -> None:
    run_the_wall(examples=15, steps=25)


@pytest.mark.proof
def test_no_long_sequence_of_acts_gets_round_the_wall(db: None) -> None:
    run_the_wall(examples=400, steps=60)
