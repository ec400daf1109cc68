"""A case that is given out and brought in elsewhere has every field that it had."""

from __future__ import annotations

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import htcds
from harborlight.web.accounts.roles import AgencyKind
from harborlight.web.exchange import package as packages
from harborlight.web.exchange import standard
from harborlight.web.exchange.models import Reject

pytestmark = pytest.mark.django_db
ONE_BY_ONE = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]


def go_round(data: st.DataObject, form: str) -> None:
    """A case to the agency's own use, brought in at another agency, and given out there again."""
    with transaction.atomic():
        giver = htcds.a_supervisor()
        taker = htcds.a_supervisor(AgencyKind.LAW_ENFORCEMENT)
        case = htcds.make_case(data, giver)
        first = htcds.given(case, giver.agency, giver, form=form)
        arrival = htcds.brought(first, taker, f"made-up.{form}")
        assert list(Reject.objects.filter(arrival=arrival)) == []
        assert arrival.taken == arrival.rows
        there = htcds.case_of(arrival)
        assert there.agency == taker.agency
        assert htcds.fields_of(there) == htcds.fields_of(case)
        again = htcds.given(there, taker.agency, taker, form=form)
        before, after = packages.read("a", first), packages.read("b", again)
        had, has = htcds.the_same(before.tables), htcds.the_same(after.tables)
        assert set(has) == set(had)
        for table, rows in had.items():
            for row, again_row in zip(rows, has[table], strict=True):
                assert again_row == row, table
        transaction.set_rollback(True)


@pytest.mark.parametrize("form", ["json", "csv"])
def test_a_round_loses_no_field(form: str) -> None:
    @settings(max_examples=4, suppress_health_check=ONE_BY_ONE, phases=[Phase.generate])
    @given(st.data())
    def go(data: st.DataObject) -> None:
        go_round(data, form)

    go()


@pytest.mark.proof
def test_a_thousand_rounds_lose_no_field() -> None:
    @settings(max_examples=1000, suppress_health_check=ONE_BY_ONE)
    @given(st.data(), st.sampled_from(["json", "csv"]))
    def go(data: st.DataObject, form: str) -> None:
        go_round(data, form)

    go()


cells = st.dictionaries(
    st.sampled_from([*standard.columns("persons"), "harborlight_Made", "their_own"]),
    htcds.words | htcds.formulas,
    max_size=6,
)


@settings(max_examples=100)
@given(st.lists(cells.map(lambda row: {"id": "1", **row}), min_size=1, max_size=5))
def test_json_and_csv_hold_any_text(rows: list[dict[str, str]]) -> None:
    rows = [{name: cell for name, cell in row.items() if cell} for row in rows]
    package = packages.Package({"persons": rows}, packages.manifest())
    for written in (packages.to_json(package), packages.to_csv(package)):
        assert packages.read("made-up", written).tables["persons"] == rows
    assert packages.to_csv(package) == packages.to_csv(package)
