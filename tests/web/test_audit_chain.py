"""The chain finds what was changed, is missing, was reordered or cut off."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction

from harborlight.web.audit import triggers
from harborlight.web.audit.acts import act, note
from harborlight.web.audit.models import Entry, Head
from harborlight.web.audit.verify import anchor, verify
from people import TESTER

pytestmark = pytest.mark.django_db


@pytest.fixture
def anchors(tmp_path: Path) -> Path:
    return tmp_path / "anchors.jsonl"


@pytest.fixture
def chained(anchors: Path) -> Path:
    """Ten entries, of which the seventh and the last were anchored."""
    for number in range(1, 11):
        note(TESTER, "test.note", "test.thing", str(number), why="because")
        if number in (7, 10):
            anchor(anchors)
    return anchors


def sql(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def without_triggers(*statements: str) -> None:
    on = " ON audit_entry" if connection.vendor == "postgresql" else ""
    names = triggers.names(connection.vendor, "audit_entry")
    sql(*(f"DROP TRIGGER {name}{on}" for name in names), *statements)


def test_a_chain_that_nobody_touched_is_whole(chained: Path) -> None:
    found = verify(chained)
    assert (found.entries, found.anchors, found.faults) == (10, 2, ())


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET why = 'other' WHERE position = 3",
        "DELETE FROM audit_entry WHERE position = 3",
        "DELETE FROM audit_entry",
    ],
)
def test_the_database_refuses_changes(chained: Path, statement: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        sql(statement)
    assert verify(chained).faults == ()


def test_postgresql_refuses_truncate(chained: Path) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no TRUNCATE")
    with pytest.raises(IntegrityError), transaction.atomic():
        sql("TRUNCATE audit_entry")
    assert verify(chained).faults == ()


@pytest.mark.parametrize("column", ["why", "actor", "act", "record", "operation", "kind", "agency"])
def test_any_column_that_was_changed_is_found(chained: Path, column: str) -> None:
    without_triggers(f"UPDATE audit_entry SET {column} = 'other' WHERE position = 4")  # noqa: S608
    assert [str(fault) for fault in verify(chained).faults] == ["4: was changed"]


def test_one_that_is_missing_is_found(chained: Path) -> None:
    without_triggers("DELETE FROM audit_entry WHERE position = 4")
    assert verify(chained).faults[0].position == 4


def test_two_that_changed_places_are_found(chained: Path) -> None:
    without_triggers(
        "UPDATE audit_entry SET position = 1000 WHERE position = 4",
        "UPDATE audit_entry SET position = 4 WHERE position = 5",
        "UPDATE audit_entry SET position = 5 WHERE position = 1000",
    )
    assert {4, 5} <= {fault.position for fault in verify(chained).faults}


def test_an_end_that_was_cut_off_is_found_even_with_the_head_moved_back(chained: Path) -> None:
    last = Entry.objects.get(position=8)
    without_triggers("DELETE FROM audit_entry WHERE position > 8")
    assert verify(chained).faults
    Head.objects.filter(id=1).update(position=8, digest=last.digest)
    assert [fault.position for fault in verify(chained).faults] == [10]


def test_all_of_it_gone_is_found(chained: Path) -> None:
    without_triggers("DELETE FROM audit_entry", "DELETE FROM audit_head")
    assert [fault.position for fault in verify(chained).faults] == [7, 10]


def test_nothing_new_is_not_anchored_twice(chained: Path) -> None:
    assert anchor(chained) is None
    with act(TESTER, "test.more") as this:
        this.tell("note", "test.thing", "11", {})
    written = anchor(chained)
    assert written is not None
    assert written["position"] == 11
    assert chained.stat().st_mode & 0o777 == 0o600
