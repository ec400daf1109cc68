"""An intake of ten fields opens a case with a person; one's people and what is due are on one's
first page."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from harborlight.demo import cases as demo_cases
from harborlight.web.accounts.roles import AgencyKind, Role
from harborlight.web.audit.acts import act
from harborlight.web.audit.models import Entry
from harborlight.web.cases import tasks
from harborlight.web.cases.handing import Transfer
from harborlight.web.cases.models import Case
from harborlight.web.cases.persons import AgeBasis, Involvement, Person
from harborlight.web.cases.work import Note, Task
from harborlight.web.protection import referring
from harborlight.web.protection.forms import IntakeForm
from harborlight.web.protection.models import Consent
from harborlight.web.referral import referrals
from objects_protection import person as made_person
from objects_referral import service
from people import TESTER, client_of, make_agency, make_member

pytestmark = pytest.mark.django_db

TOLD = {
    "prs_FirstName": "Quokka",
    "prs_SecondName": "Zanzibar",
    "born": "2010-05-06",
    "county": "Brown",
    "prs_PrimaryLanguage": "es",
    "prs_MobilePhone": "507-555-0142",
    "safety": "Quokka warm clothes",
    "category": "Housing Services",
    "note": "Quokka was told of a bus",
    "consents": "on",
}


def test_an_intake_of_ten_fields_opens_a_case_with_person_need_and_consent() -> None:
    assert len(IntakeForm().fields) == 10
    member = make_member(Role.NAVIGATOR)
    client = client_of(member)
    answer = client.post(reverse("protection:take_in"), TOLD)
    person = Person.objects.get()
    assert answer["Location"] == reverse("protection:person", args=[person.pk])
    case = Case.objects.get()
    assert (case.assigned, case.agency) == (member, member.agency)
    assert (person.age_basis, person.county) == (AgeBasis.CLAIMED, "Brown")
    assert Involvement.objects.get().part == "possible_victim"
    assert (Task.objects.get().assigned, Task.objects.get().due_on) == (
        member,
        timezone.localdate(),
    )
    assert Consent.objects.get().recipient == member.agency
    rows = [list(each.objects.values()) for each in (Case, Person, Note, Task, Consent, Entry)]
    assert "uokka" not in str(rows)
    page = client.get(answer["Location"]).content.decode()
    assert page.index("Quokka warm clothes") < page.index("What the law says")  # safety first
    home = client.get(reverse("desk:home")).content.decode()
    for text in ("People in your open cases", "Your tasks that are due today"):
        assert text in home
    people = client.get(reverse("protection:people")).content.decode()
    assert f"Quokka Zanzibar ({person})" in people
    assert case.number in people


def test_an_intake_of_which_nothing_is_known_is_taken() -> None:
    client = client_of(make_member(Role.NAVIGATOR))
    assert client.post(reverse("protection:take_in"), {}).status_code == 302
    person = Person.objects.get()
    assert person.age_basis == AgeBasis.UNKNOWN
    assert not Consent.objects.exists()
    assert not Task.objects.exists()
    assert not Note.objects.exists()
    bad = {"born": "yesterday"}
    assert client.post(reverse("protection:take_in"), bad).status_code == 422
    assert Case.objects.count() == 1


def test_the_first_page_tells_of_people_tasks_deadlines_and_referrals_that_are_ones_own() -> None:
    member = make_member(Role.CASEWORKER)
    person = made_person(member)
    case = person.involvements.get().case
    today = timezone.localdate()
    county = make_agency(AgencyKind.CHILD_PROTECTION)
    with act(TESTER, "test.setup"):
        tasks.add(case, "Call", member, member, today - timedelta(days=1))
        referring.refer(person, case, county, member, timezone.now() - timedelta(days=3))
        referrals.accept(referrals.offer(service(), member, "Housing Services"))
    home = client_of(member).get(reverse("desk:home")).content.decode()
    for text in (
        "People in your open cases",
        "Your tasks that are due today",
        "Deadlines of the law within a day",
        "Your referrals that were accepted and have not started",
    ):
        assert text in home
    assert home.count("is late") == 2  # the task and the oral report
    other = client_of(make_member(Role.CASEWORKER, member.agency))
    assert "People in your open cases" not in other.get(reverse("desk:home")).content.decode()


def test_people_are_shown_within_the_walls_and_by_the_page() -> None:
    member = make_member(Role.CASEWORKER)
    colleague = make_member(Role.CASEWORKER, member.agency)
    stranger = make_member(Role.CASEWORKER)
    for owner, many in ((member, 30), (colleague, 1), (stranger, 1)):
        for _ in range(many):
            made_person(owner)
    client, path = client_of(member), reverse("protection:people")
    pages = [client.get(path, {"page": number}).content.decode() for number in (1, 2)]
    assert [page.count("made-up-words made-up-words (P-") for page in pages] == [25, 5]
    boss = client_of(make_member(Role.SUPERVISOR, member.agency))
    assert "Page 2 of 2" in boss.get(path, {"page": 2}).content.decode()
    assert boss.get(path, {"page": 2}).content.decode().count("(P-") == 6


def test_the_demonstration_has_a_case_and_makes_it_once() -> None:
    member = make_member(Role.NAVIGATOR)
    county = make_agency(AgencyKind.CHILD_PROTECTION)
    assert [demo_cases.load(member, county) for _ in range(2)] == [2, 0]
    assert Case.objects.count() == 2
    assert Transfer.objects.get().to_agency == county
    page = client_of(member).get(reverse("cases:same")).content.decode()
    assert "The same phone" in page
