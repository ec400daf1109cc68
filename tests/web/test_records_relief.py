"""What the law offers who was trafficked: with citation, verification and what is not known."""

from __future__ import annotations

import pytest

from harborlight.law import current_law
from harborlight.web.accounts.roles import Role
from harborlight.web.audit.acts import Refused, act
from harborlight.web.cases.models import Case
from harborlight.web.cases.persons import Person
from harborlight.web.cases.work import Task
from harborlight.web.records import relief
from objects import make
from people import client_of, make_member

pytestmark = pytest.mark.django_db


def by_key(state: str, **facts: object) -> dict[str, relief.Offer]:
    return {each.key: each for each in relief.offers(state, facts)}


def test_nothing_is_guessed_of_minnesota() -> None:
    """No source of the law's files says what Minnesota offers: so the page says unknown."""
    found = by_key("MN")["state"]
    assert found.answer == "unknown"
    assert found.unknown == ("states.MN.vacatur",)
    assert {each.verified for each in found.cited} >= {"unknown"}
    assert all(each.citation and each.reference for each in found.cited)


def test_each_state_says_what_the_law_says() -> None:
    law = current_law()
    told = {}
    for state in ("MN", "CA", "AL", "NY"):
        value = law[f"states.{state}.vacatur"].values[-1].value
        told[state] = by_key(state)["state"].answer
        assert told[state] == ("yes" if value is True else "unknown"), state
    assert len(set(told.values())) == 2


def test_a_state_that_is_not_one_is_unknown() -> None:
    found = by_key("ZZ")["state"]
    assert (found.answer, found.unknown) == ("unknown", ("state",))


@pytest.mark.parametrize(
    ("facts", "answer"),
    [
        ({}, "unknown"),
        ({"relief_from": "conviction", "level": "level A", "result_of_trafficking": True}, "yes"),
        ({"relief_from": "conviction", "level": "level B", "result_of_trafficking": True}, "no"),
        ({"relief_from": "arrest", "level": "level B", "result_of_trafficking": True}, "unknown"),
        ({"result_of_trafficking": False}, "no"),
    ],
)
def test_federal_law_is_asked(facts: dict[str, object], answer: str) -> None:
    found = by_key("MN", **facts)["federal"]
    assert found.answer == answer
    assert bool(found.unknown) is (answer == "unknown")
    assert {each.verified for each in found.cited} == {"statute"}


def test_its_page_and_the_task() -> None:
    worker = make_member(Role.CASEWORKER)
    person: Person = make(Person, worker)
    case = person.involvements.get().case
    client = client_of(worker)
    url = f"/records/person/{person.pk}/relief/"
    page = client.get(url).content.decode()
    for each in relief.offers("MN"):
        assert each.title in page
        for one in each.cited:
            assert one.verified in page
    assert "states.MN.vacatur" in page
    assert "Not known: ask counsel." in page
    more = "?relief_from=conviction&level=level+A&result_of_trafficking=true"
    assert "It may be asked for." in client.get(url + more).content.decode()
    assert f"{url}" in client.get(f"/protection/person/{person.pk}/").content.decode()
    sent = client.post(f"{url}task/", {"case": str(case.pk), "offer": "federal"})
    assert sent.status_code == 302
    task = Task.objects.get()
    assert task.case == case
    with act(worker.actor, "task.list"):
        what = task.take("what")["what"]
    assert relief.offers("MN")[0].cited[0].citation in what
    assert str(person) in what


def test_no_task_goes_into_another_case() -> None:
    worker = make_member(Role.CASEWORKER)
    person: Person = make(Person, worker)
    elsewhere: Case = make(Case, make_member(Role.CASEWORKER))
    client_of(worker).post(
        f"/records/person/{person.pk}/relief/task/",
        {"case": str(elsewhere.pk), "offer": "federal"},
    )
    assert not Task.objects.exists()
    with act(worker.actor, "relief.task"), pytest.raises(Refused, match="not in the case"):
        relief.add_task(person, elsewhere, "federal", worker)
