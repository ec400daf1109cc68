"""Records of one person are suggested within the walls, decided by somebody, and never merged."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

import objects
from harborlight.web.accounts.models import Member
from harborlight.web.accounts.roles import Role
from harborlight.web.audit.acts import Refused, act
from harborlight.web.audit.models import Entry
from harborlight.web.cases import alike, suggesting
from harborlight.web.cases.models import Case
from harborlight.web.cases.persons import Involvement, Part, Person
from harborlight.web.cases.same import SamePerson, Verdict
from harborlight.web.cases.sounds import sound, soundex
from harborlight.web.protection import consenting
from harborlight.web.vault.models import Term
from people import TESTER, client_of, make_member

pytestmark = pytest.mark.django_db

MADE: dict[str, Any] = {
    "prs_FirstName": "Sample",
    "prs_SecondName": "Thornbury",
    "prs_Birthdate": "2009-04-03",
    "prs_MobilePhone": "507-555-0142",
}


def a_person(member: Member, case: Case | None = None, **values: Any) -> Person:
    where = case or objects.make(Case, member)
    with act(TESTER, "test.setup"):
        person = Person(agency=where.agency)
        person.put(**values)
        person.save()
        Involvement(case=where, person=person, part=Part.WITNESS).save()
    return person


def suggested(member: Member) -> set[frozenset[uuid.UUID]]:
    with act(member.actor, "same_person.list"):
        told = suggesting.suggestions(member)
    return {frozenset({each.first.pk, each.second.pk}) for each in told}


@pytest.mark.parametrize(
    ("word", "code"),
    [
        # The examples of the National Archives' page.
        ("Washington", "W252"),
        ("Lee", "L000"),
        ("Gutierrez", "G362"),
        ("Pfister", "P236"),
        ("Jackson", "J250"),
        ("Tymczak", "T522"),
        ("Ashcraft", "A261"),
        ("Ñandú", "N530"),
        ("", ""),
        ("李", ""),
    ],
)
def test_names_sound_as_the_archives_say(word: str, code: str) -> None:
    assert soundex(word) == code


@given(st.text(max_size=30), st.text(max_size=30))
def test_any_two_names_have_a_sound_whichever_comes_first(one: str, two: str) -> None:
    assert sound(one, two) == sound(two, one)
    assert all(len(each) == 8 for each in sound(one, two))


@pytest.mark.parametrize(
    ("change", "looked", "toward", "against"),
    [
        ({}, True, 3, 0),
        ({"prs_MobilePhone": "(507) 555 0142"}, True, 3, 0),
        ({"prs_FirstName": "Thornbury", "prs_SecondName": "Sample"}, True, 3, 0),
        ({"prs_SecondName": "Thornberry", "prs_MobilePhone": ""}, True, 2, 0),
        ({"prs_Birthdate": "2009-03-04", "prs_MobilePhone": ""}, True, 2, 0),
        ({"prs_Birthdate": "2008-04-03", "prs_MobilePhone": ""}, True, 2, 0),
        ({"prs_Birthdate": "", "prs_MobilePhone": ""}, True, 1, 0),
        # One name and another birth date; one phone in a family; one birth date of two people.
        ({"prs_Birthdate": "1991-12-27", "prs_MobilePhone": ""}, False, 1, 1),
        ({"prs_FirstName": "Ola", "prs_SecondName": "Wick", "prs_Birthdate": ""}, False, 1, 1),
        ({"prs_FirstName": "Ola", "prs_SecondName": "Wick", "prs_MobilePhone": ""}, False, 1, 1),
        ({"prs_PrimaryLanguage": "es"}, True, 3, 0),
    ],
)
def test_what_speaks_for_and_against(
    change: dict[str, str], looked: bool, toward: int, against: int
) -> None:
    told = alike.compare(MADE, {**MADE, **change})
    assert (told.worth_a_look, len(told.toward), len(told.against)) == (looked, toward, against)
    back = alike.compare({**MADE, **change}, MADE)
    assert (back.toward, back.against) == (told.toward, told.against)


def test_records_that_share_something_are_suggested_until_somebody_decides() -> None:
    member = make_member(Role.CASEWORKER)
    one = a_person(member, **MADE)
    two = a_person(member, **{**MADE, "prs_SecondName": "Thornberry", "prs_MobilePhone": ""})
    a_person(member, prs_FirstName="Ola", prs_SecondName="Wick", prs_Birthdate="2009-04-03")
    pair = frozenset({one.pk, two.pk})
    assert suggested(member) == {pair}
    opened = Entry.objects.filter(act="same_person.list", operation="read")
    assert {each.kind for each in opened} == {"cases.person"}
    client = client_of(member)
    page = client.get(reverse("cases:same")).content.decode()
    assert "The same birth date" in page
    path = reverse("cases:decide_same", args=[one.pk, two.pk])
    assert client.post(path, {"verdict": "same", "reason": " "}).status_code == 422
    told = {"verdict": "same", "reason": "Quokka told me"}
    assert [client.post(path, told).status_code for _ in range(2)] == [302, 409]
    assert suggested(member) == set()
    link = SamePerson.objects.get()
    assert "Quokka" not in str(list(SamePerson.objects.values()) + list(Entry.objects.values()))
    shown = client.get(reverse("protection:person", args=[one.pk])).content.decode()
    assert reverse("protection:person", args=[two.pk]) in shown
    # Nothing was merged, and it can be undone.
    with act(TESTER, "test.look"):
        assert Person.objects.get(pk=one.pk).take("prs_SecondName") != two.take("prs_SecondName")
    undo = reverse("cases:undo_same", args=[link.pk])
    assert [client.post(undo, {"reason": "Wrong"}).status_code for _ in range(2)] == [302, 409]
    assert suggested(member) == {pair}
    assert SamePerson.objects.get().undone_by == member


def test_links_are_followed_through_any_number_of_records() -> None:
    member = make_member(Role.SUPERVISOR)
    people = [a_person(member, **MADE) for _ in range(4)]
    with act(member.actor, "same_person.decide"):
        for one, two in ((0, 1), (2, 1)):
            suggesting.decide(people[one], people[two], Verdict.SAME, "Seen", member)
        suggesting.decide(people[3], people[0], Verdict.DIFFERENT, "Seen", member)
    assert set(suggesting.others_of(people[0], member)) == {people[1], people[2]}
    assert suggesting.others_of(people[3], member) == []
    assert suggesting.others_of(people[0], make_member(Role.SUPERVISOR)) == []


def test_no_suggestion_and_no_decision_goes_across_the_walls() -> None:
    member, stranger = make_member(Role.CASEWORKER), make_member(Role.CASEWORKER)
    colleague = make_member(Role.CASEWORKER, member.agency)
    boss = make_member(Role.SUPERVISOR, member.agency)
    mine, theirs = a_person(member, **MADE), a_person(stranger, **MADE)
    colleagues = a_person(colleague, **MADE)
    for who in (member, stranger, colleague):
        assert suggested(who) == set()
        page = client_of(who).get(reverse("cases:same")).content.decode()
        assert "Thornbury" not in page
    assert suggested(boss) == {frozenset({mine.pk, colleagues.pk})}
    for other in (theirs, colleagues):
        path = reverse("cases:decide_same", args=[mine.pk, other.pk])
        told = {"verdict": "same", "reason": "Guessed"}
        assert client_of(member).post(path, told).status_code == 404
        with pytest.raises(Refused), act(member.actor, "same_person.decide"):
            suggesting.decide(mine, other, Verdict.SAME, "Guessed", member)
    with pytest.raises(Refused), act(boss.actor, "same_person.decide"):
        suggesting.decide(mine, mine, Verdict.SAME, "Guessed", boss)
    assert not SamePerson.objects.exists()


def test_one_decision_stands_of_two_records() -> None:
    member = make_member(Role.CASEWORKER)
    link = objects.make(SamePerson, member)
    again = SamePerson(
        agency=link.agency,
        first=link.first,
        second=link.second,
        verdict=Verdict.DIFFERENT,
        decided_by=member,
        decided_at=timezone.now(),
    )
    with pytest.raises(IntegrityError), transaction.atomic(), act(TESTER, "shell"):
        again.save()


def test_a_value_that_very_many_share_brings_nobody_together() -> None:
    member = make_member(Role.SUPERVISOR)
    case: Case = objects.make(Case, member)
    for _ in range(suggesting.MOST_WITH_ONE + 1):
        a_person(member, case, prs_FirstName="Sample", prs_SecondName="Thornbury")
    assert suggested(member) == set()


def test_somebody_with_two_parts_in_a_case_is_one_person() -> None:
    member = make_member(Role.CASEWORKER)
    case: Case = objects.make(Case, member)
    person = a_person(member, case, **MADE)
    with act(TESTER, "test.setup"):
        Involvement(case=case, person=person, part=Part.POSSIBLE_VICTIM).save()
        consent = consenting.give(person, member.agency, "Made up", member)
    client = client_of(member)
    assert client.get(reverse("protection:person", args=[person.pk])).status_code == 200
    assert client.post(reverse("protection:withdraw", args=[consent.pk])).status_code == 302


def test_the_index_of_a_person_goes_with_the_name() -> None:
    member = make_member(Role.CASEWORKER)
    person = a_person(member, **MADE)
    kinds = Term.objects.filter(record=person.pk).values_list("kind", flat=True)
    assert set(kinds) == {"phone", "name", "born", "sound"}
    with act(TESTER, "test.change"):
        person.put(prs_FirstName="")
        person.save()
    assert not Term.objects.filter(record=person.pk, kind="sound").exists()
