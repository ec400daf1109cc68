"""Acts: what is done and that it was done are kept together; without an act nothing is written."""

from __future__ import annotations

import pytest

from harborlight.web.accounts.models import Agency
from harborlight.web.audit.acts import NoAct, Refused, act
from harborlight.web.audit.models import Entry
from people import TESTER, make_agency

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "write",
    [
        lambda agency: agency.save(),
        lambda agency: agency.delete(),
        lambda agency: Agency.objects.filter(pk=agency.pk).update(name="Other"),
        lambda agency: Agency.objects.filter(pk=agency.pk).delete(),
        lambda agency: Agency.objects.bulk_update([agency], ["name"]),
        lambda _agency: Agency.objects.bulk_create([Agency(name="New", kind="site")]),
        lambda _agency: Agency.objects.create(name="New", kind="site"),
    ],
)
def test_every_way_to_write_needs_an_act_and_is_told(write) -> None:  # type: ignore[no-untyped-def]
    agency = make_agency()
    before = Entry.objects.count()
    with pytest.raises(NoAct):
        write(agency)
    assert Entry.objects.count() == before
    with act(TESTER, "test.write", "because"):
        write(agency)
    told = Entry.objects.filter(position__gt=before)
    assert told
    assert {(each.actor, each.act, each.why, each.kind) for each in told} == {
        ("test", "test.write", "because", "accounts.agency")
    }


def add_and_fail(failure: Exception) -> None:
    with act(TESTER, "test.write"):
        Agency.objects.create(name="Never", kind="site")
        raise failure


def test_an_act_that_fails_leaves_nothing() -> None:
    before = Entry.objects.count()
    with pytest.raises(ZeroDivisionError):
        add_and_fail(ZeroDivisionError())
    assert not Agency.objects.filter(name="Never").exists()
    assert Entry.objects.count() == before


def test_a_refusal_undoes_the_act_and_is_kept() -> None:
    agency = make_agency()
    with pytest.raises(Refused):
        add_and_fail(Refused("not so", citation="Some Act s. 1", record=agency))
    assert not Agency.objects.filter(name="Never").exists()
    last = Entry.objects.last()
    assert last is not None
    assert (last.operation, last.kind, last.record) == ("refuse", "accounts.agency", str(agency.pk))
    assert last.details == {"citation": "Some Act s. 1"}
