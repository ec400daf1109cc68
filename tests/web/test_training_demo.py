"""The courses that come with Harborlight, taken here; and the staff of the demonstration."""

from __future__ import annotations

import pytest

import courses_world as world
from harborlight.demo import training
from harborlight.web.accounts.roles import AgencyKind, Role
from harborlight.web.audit.acts import act
from harborlight.web.training import catalog
from harborlight.web.training.models import StaffFile, StaffPerson, Taking
from people import TESTER, make_agency, make_member

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("work", ["cabin", "ground"])
def test_each_of_our_courses_can_be_taken_and_is_kept_whole(work: str) -> None:
    person = world.make_person(make_agency(AgencyKind.AIRLINE), work=work)
    taken = world.finished(person)
    assert taken.passed
    assert taken.checks.count() == 3
    course = catalog.for_work(work)[0]
    assert catalog.from_plain(taken.edition.content) == course


def test_the_demonstration_has_staff_and_one_finished_course() -> None:
    airline = make_agency(AgencyKind.AIRLINE)
    crew, trainer = make_member(Role.CREW, airline), make_member(Role.TRAINER, airline)
    crew.user.email = "crew@demo.example"  # as in the demonstration
    crew.user.save()
    for _again in range(2):
        training.load(airline, crew, trainer, TESTER)
    assert Taking.objects.filter(agency=airline, passed=True).count() == 2
    assert not Taking.objects.filter(finished_at__isnull=True).exists()
    mine = Taking.objects.get(agency=airline, source="site")
    assert mine.person.member == crew
    with act(TESTER, "test.read"):
        assert mine.person.take("number")["number"] == "1001"
    assert StaffPerson.objects.filter(agency=airline, active=True).count() == 5
    assert StaffFile.objects.get().rejected == 1
