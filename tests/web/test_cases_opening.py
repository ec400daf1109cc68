"""A case grows from a report: once an agency, by whom it was given to, never from what is gone."""

from __future__ import annotations

import pytest
from django.utils import timezone

from harborlight.web.accounts.models import Member
from harborlight.web.accounts.roles import Role
from harborlight.web.audit.acts import Refused, act
from harborlight.web.cases.models import Case
from harborlight.web.cases.opening import case_of, open_from_report
from harborlight.web.intake.labels import Status
from harborlight.web.intake.models import Holding, Report
from objects import make
from people import TESTER, client_of, make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def supervisor() -> Member:
    return make_member(Role.SUPERVISOR)


@pytest.fixture
def report(supervisor: Member) -> Report:
    made: Report = make(Report, supervisor)
    return made


def test_each_agency_that_was_given_it_opens_one(supervisor: Member, report: Report) -> None:
    other = make_member(Role.SUPERVISOR)
    with act(TESTER, "test.setup"):
        Holding.objects.create(report=report, agency=other.agency, since=timezone.now())
    first = open_from_report(report, supervisor, "Two people said the same.")
    second = open_from_report(report, other, "Ours to follow.", title="The house by the river")
    assert {first.agency_id, second.agency_id} == {supervisor.agency_id, other.agency_id}
    assert case_of(report, supervisor) == first
    for member in (supervisor, other):
        with pytest.raises(Refused, match="has a case of this report"):
            open_from_report(report, member, "Once more.")
    assert Case.objects.count() == 2


def test_nobody_opens_one_who_was_not_given_it(report: Report) -> None:
    with pytest.raises(Refused, match="was not given this report"):
        open_from_report(report, make_member(Role.SUPERVISOR), "A reason.")
    assert not Case.objects.exists()


def test_none_is_opened_from_what_was_withdrawn(supervisor: Member, report: Report) -> None:
    with act(TESTER, "test.setup"):
        report.status = Status.WITHDRAWN
        report.save()
    with pytest.raises(Refused, match="withdrawn or erased"):
        open_from_report(report, supervisor, "A reason.")
    assert not Case.objects.exists()
    page = client_of(supervisor).get(f"/reports/item/{report.pk}/")
    assert page.status_code == 200
    assert f"/cases/from-report/{report.pk}/" not in page.content.decode()


def test_the_page_opens_it_and_both_name_each_other(supervisor: Member, report: Report) -> None:
    client = client_of(supervisor)
    page = client.get(f"/reports/item/{report.pk}/").content.decode()
    assert f"/cases/from-report/{report.pk}/" in page
    where = f"/cases/from-report/{report.pk}/"
    empty = client.post(where, {"reason": ""})
    assert empty.status_code == 422
    assert not Case.objects.exists()
    answer = client.post(
        where, {"title": "A house", "reason": "Two people said the same."}, follow=True
    )
    case = Case.objects.get()
    assert answer.status_code == 200
    assert answer.request["PATH_INFO"] == case.get_absolute_url()
    assert f"/reports/item/{report.pk}/" in answer.content.decode()
    notes = client.get(f"/reports/item/{report.pk}/").content.decode()
    assert "Two people said the same." in notes
    assert case.number in notes
