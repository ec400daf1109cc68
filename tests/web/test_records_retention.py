"""Closed cases are kept as the policy says: the site proposes, a human decides, a hold stops it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from harborlight.web.accounts.models import Member
from harborlight.web.accounts.roles import Role
from harborlight.web.audit.acts import Refused, act
from harborlight.web.audit.verify import verify
from harborlight.web.cases import notes, tasks
from harborlight.web.cases.models import Case
from harborlight.web.cases.persons import Involvement, Part, Person
from harborlight.web.home import home
from harborlight.web.prosecution.models import Arrest
from harborlight.web.records import holding, policy, retaining
from harborlight.web.records.models import Closing, Outcome, Tally
from objects import make
from people import TESTER, client_of, make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def supervisor() -> Member:
    return make_member(Role.SUPERVISOR)


@pytest.fixture
def person(supervisor: Member) -> Person:
    made: Person = make(Person, supervisor)
    return made


def close(case: Case, member: Member, outcome: str = Outcome.NOTHING) -> Closing:
    with act(member.actor, "case.close"):
        return retaining.close(case, outcome, "made-up-words", member)


def days_ago(closing: Closing, days: int) -> Closing:
    """As if it had been closed so many days ago, by a policy that held then."""
    with act(TESTER, "test.setup"):
        closing.closed_on = timezone.localdate() - timedelta(days=days)
        closing.save()
    return closing


@pytest.fixture
def own_policy() -> Iterator[Any]:
    place = home().folder / "retention.yaml"
    number = iter(range(1_000_000))

    def write(text: str) -> None:
        import os

        place.write_text(text, "utf-8")
        os.utime(place, ns=(0, next(number) * 1_000_000_000))

    yield write
    place.unlink(missing_ok=True)


OLD = """
basis: choice
outcomes:
  nothing: [{since: 2020-01-01, days: 365}]
  helped: [{since: 2020-01-01, days: 30}, {since: 2021-01-01, days: 60}]
  court: [{since: 2020-01-01, days: null}]
"""


def test_the_policy_is_a_choice_and_says_so(own_policy: Any) -> None:
    assert set(policy.policy()) == set(Outcome.values)
    for wrong, says in (
        ("basis: law\noutcomes: {}", "basis"),
        ("basis: choice", "outcomes"),
        ("basis: choice\noutcomes: {quokka: []}", "quokka"),
        ("basis: choice\noutcomes: {nothing: [{since: 2020-01-01, days: 0}]}", "nothing"),
        ("basis: choice\noutcomes: {nothing: [{days: 5}]}", "nothing"),
        ("- [", "not YAML"),
    ):
        own_policy(wrong)
        with pytest.raises(policy.PolicyError, match=says):
            policy.policy()


def test_the_days_of_the_day_of_closing_hold(own_policy: Any) -> None:
    own_policy(OLD)
    assert policy.due_on("helped", date(2020, 12, 31)) == date(2021, 1, 30)
    assert policy.due_on("helped", date(2021, 1, 1)) == date(2021, 3, 2)
    assert policy.due_on("helped", date(2019, 12, 31)) is None, "before the policy"
    assert policy.due_on("court", date(2021, 1, 1)) is None
    assert policy.due_on("no_charge", date(2021, 1, 1)) is None, "nothing is said: it is kept"


def test_it_is_proposed_on_its_day_and_deleted_by_a_human(
    own_policy: Any, supervisor: Member, person: Person
) -> None:
    own_policy(OLD)
    case = person.involvements.get().case
    with act(supervisor.actor, "note.write"):
        notes.write(case, "made-up-words", "case", supervisor)
    closing = days_ago(close(case, supervisor), 364)
    assert retaining.propose() == 0
    with act(supervisor.actor, "retention.decide"), pytest.raises(Refused, match="not propose"):
        retaining.delete(closing, supervisor)
    days_ago(closing, 365)
    assert retaining.propose() == 1
    assert retaining.propose() == 0, "once"
    assert case.notes.count() == 1, "the job deletes nothing"
    client = client_of(supervisor)
    assert str(case) in client.get("/records/retention/").content.decode()
    assert client.post(f"/records/retention/{closing.pk}/delete/").status_code == 302
    case.refresh_from_db()
    closing.refresh_from_db()
    assert case.number
    assert closing.deleted_at is not None
    assert case.notes.count() == 0
    assert not Person.objects.filter(pk=person.pk).exists()
    with act(TESTER, "test.open"):
        assert case.take("title")["title"] is None
        assert closing.take("why")["why"] is None
    assert {each.kind for each in Tally.objects.all()} == {"case", "person"}
    assert verify().faults == ()
    with act(supervisor.actor, "case.reopen"), pytest.raises(Refused, match="deleted"):
        retaining.reopen(closing, supervisor)


def test_somebody_who_is_in_another_case_stays(
    own_policy: Any, supervisor: Member, person: Person
) -> None:
    own_policy(OLD)
    case = person.involvements.get().case
    other: Case = make(Case, supervisor)
    with act(TESTER, "test.setup"):
        Involvement(case=other, person=person, part=Part.WITNESS).save()
    closing = days_ago(close(case, supervisor), 365)
    retaining.propose()
    with act(supervisor.actor, "retention.decide"):
        retaining.delete(closing, supervisor)
    assert [each.case for each in person.involvements.all()] == [other]


def test_a_hold_stops_proposal_and_deletion(
    own_policy: Any, supervisor: Member, person: Person
) -> None:
    own_policy(OLD)
    case = person.involvements.get().case
    closing = days_ago(close(case, supervisor), 400)
    today = timezone.localdate()
    with act(supervisor.actor, "legal_hold.place"):
        hold = holding.place(person, "made-up-words", supervisor, since=today)
    assert retaining.propose() == 0
    with act(supervisor.actor, "legal_hold.release"):
        holding.release(hold, "made-up-words", supervisor)
    assert retaining.propose() == 1
    with act(supervisor.actor, "legal_hold.place"):
        holding.place(case, "made-up-words", supervisor, since=today)
    answer = client_of(supervisor).post(f"/records/retention/{closing.pk}/delete/")
    assert answer.status_code == 409
    assert "A legal hold stands" in answer.content.decode()
    assert Person.objects.filter(pk=person.pk).exists()


def test_what_is_kept_is_proposed_again_after_its_day(
    own_policy: Any, supervisor: Member, person: Person
) -> None:
    own_policy(OLD)
    closing = days_ago(close(person.involvements.get().case, supervisor), 400)
    retaining.propose()
    until = timezone.localdate() + timedelta(days=10)
    with act(supervisor.actor, "retention.decide"):
        retaining.keep(closing, until, "made-up-words", supervisor)
    assert retaining.propose() == 0
    closing.refresh_from_db()
    with act(TESTER, "test.setup"):
        closing.keep_until = timezone.localdate()
        closing.save()
    assert retaining.propose() == 1


def test_a_case_with_an_arrest_is_a_courts(own_policy: Any, supervisor: Member) -> None:
    own_policy(OLD)
    arrest: Arrest = make(Arrest, supervisor)
    closing = days_ago(close(arrest.case, supervisor), 400)
    assert retaining.propose() == 0
    with act(TESTER, "test.setup"):
        closing.proposed_at = timezone.now()
        closing.save()
    with act(supervisor.actor, "retention.decide"), pytest.raises(Refused, match="court’s order"):
        retaining.delete(closing, supervisor)
    assert Arrest.objects.exists()


def test_a_case_with_something_to_do_is_not_closed(supervisor: Member) -> None:
    case: Case = make(Case, supervisor)
    with act(supervisor.actor, "task.add"):
        task = tasks.add(case, "made-up-words", supervisor)
    with pytest.raises(Refused, match="tasks to do"):
        close(case, supervisor)
    with act(supervisor.actor, "task.end"):
        tasks.end(task, supervisor, "done")
    closing = close(case, supervisor)
    with pytest.raises(Refused, match="closed already"):
        close(case, supervisor)
    with act(supervisor.actor, "case.reopen"):
        retaining.reopen(closing, supervisor)
    assert Case.objects.get(pk=case.pk).status == Case.Status.OPEN
    assert close(case, supervisor, Outcome.HELPED).pk == closing.pk
