"""Breaking the glass: one record, one supervisor, a quarter of an hour, a reason that is told."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

import objects
from harborlight.web.accounts.models import Glass, Member
from harborlight.web.accounts.roles import AgencyKind, Role
from harborlight.web.audit.acts import act
from harborlight.web.audit.models import Entry
from harborlight.web.frame import waiting
from harborlight.web.intake.models import Report
from harborlight.web.notices.models import Notice
from people import TESTER, client_of, make_agency, make_member

pytestmark = pytest.mark.django_db
REASON = "A child is in danger tonight and their agency does not answer"


@pytest.fixture
def owner() -> Member:
    return make_member(Role.SUPERVISOR, make_agency(AgencyKind.CHILD_PROTECTION))


@pytest.fixture
def other() -> Member:
    return make_member(Role.SUPERVISOR, make_agency(AgencyKind.LAW_ENFORCEMENT))


def ask(member: Member, report: Report, reason: str = REASON, thing: str = "report") -> int:
    given = {"thing": thing, "key": str(report.pk), "reason": reason, "next": url(report.pk)}
    return client_of(member).post(reverse("accounts:break_glass"), given).status_code


def url(key: object) -> str:
    return reverse("intake:item", args=[key])


def test_a_record_beyond_reach_and_one_that_is_not_there_look_the_same(
    owner: Member, other: Member
) -> None:
    report = objects.make(Report, owner)
    there, nothing = (client_of(other).get(url(key)) for key in (report.pk, uuid4()))
    assert there.status_code == nothing.status_code == 404
    assert reverse("accounts:break_glass") in there.content.decode()
    assert reverse("accounts:break_glass") in nothing.content.decode()
    assert report.number not in there.content.decode()
    for role in (Role.TRIAGE, Role.NAVIGATOR):
        refused = client_of(make_member(role)).get(url(report.pk))
        assert refused.status_code == 404
        assert reverse("accounts:break_glass") not in refused.content.decode()


def test_it_opens_that_record_for_a_while_and_is_told(owner: Member, other: Member) -> None:
    report, second = objects.make(Report, owner), objects.make(Report, owner)
    assert ask(other, report) == 302
    assert client_of(other).get(url(report.pk)).status_code == 200
    # Not another record, not another page of it, not somebody else.
    assert client_of(other).get(url(second.pk)).status_code == 404
    assert client_of(other).post(reverse("intake:note", args=[report.pk])).status_code == 404
    colleague = make_member(Role.SUPERVISOR, other.agency)
    assert client_of(colleague).get(url(report.pk)).status_code == 404
    told = Entry.objects.filter(kind="intake.report", record=str(report.pk), operation="read")
    assert {(each.actor, each.why) for each in told} == {(other.actor.name, REASON)}
    made = Entry.objects.get(kind="accounts.glass", operation="create")
    assert (made.act, made.why) == ("glass.break", REASON)

    assert [each.count for each in waiting.waits_for(owner) if each.late] == [1]
    assert [(each.member, each.kind) for each in Notice.objects.filter(kind="glass")] == [
        (owner, "glass")
    ]
    listed = client_of(owner).get(reverse("accounts:glass_list")).content.decode()
    assert REASON in listed
    assert other.user.name in listed
    assert REASON not in client_of(other).get(reverse("accounts:glass_list")).content.decode()
    broken = Glass.objects.get()
    assert client_of(other).post(reverse("accounts:know", args=[broken.pk])).status_code == 404
    client_of(owner).post(reverse("accounts:know", args=[broken.pk]))
    assert not [each for each in waiting.waits_for(owner) if each.late]
    with act(TESTER, "test.time"):
        Glass.objects.update(until=timezone.now() - timedelta(seconds=1))
    assert client_of(other).get(url(report.pk)).status_code == 404


def test_it_needs_a_reason_and_a_supervisor_and_a_record(owner: Member, other: Member) -> None:
    report = objects.make(Report, owner)
    assert ask(other, report, "urgent") == 422
    assert ask(make_member(Role.TRIAGE), report) == 403
    assert ask(make_member(Role.ADMINISTRATOR), report) == 403
    assert ask(other, report, thing="member") == 409
    assert ask(other, report, thing="no such thing") == 409
    assert ask(other, Report()) == 409
    assert not Glass.objects.exists()
    assert client_of(other).get(url(report.pk)).status_code == 404


def test_it_leads_to_no_other_site(owner: Member, other: Member) -> None:
    report = objects.make(Report, owner)
    given = {"thing": "report", "key": str(report.pk), "reason": REASON,
             "next": "https://elsewhere.example/"}  # fmt: skip
    answer = client_of(other).post(reverse("accounts:break_glass"), given)
    assert answer["Location"] == reverse("desk:home")


def test_the_reason_is_sealed(owner: Member, other: Member) -> None:
    ask(other, objects.make(Report, owner))
    assert REASON.encode() not in bytes(Glass.objects.get().sealed)
