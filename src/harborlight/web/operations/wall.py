"""The wall in the database: no operation runs without a safety plan and somebody who helps.

What `planning.start` refuses the tables refuse too, whoever writes them; and a line of the live
board is never changed or deleted (but its wrapped key may be renewed).
"""

from __future__ import annotations

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import RunPython
from django.db.migrations.state import StateApps

_HELPERS = (
    "SELECT 1 FROM operations_participation p WHERE p.operation_id = {operation} "
    "AND p.part IN ('child_protection', 'specialist') "
    "AND p.agreed_at IS NOT NULL AND p.ended_at IS NULL"
)
_UNSAFE = (
    "NEW.status = 'running' AND (NOT NEW.has_safety_plan "
    f"OR NOT EXISTS ({_HELPERS.format(operation='NEW.id')}))"
)
_LAST = (
    "OLD.part IN ('child_protection', 'specialist') AND OLD.agreed_at IS NOT NULL "  # noqa: S608
    "AND OLD.ended_at IS NULL {changed}"
    "AND EXISTS (SELECT 1 FROM operations_operation o WHERE o.id = OLD.operation_id "
    "AND o.status = 'running') "
    f"AND NOT EXISTS ({_HELPERS.format(operation='OLD.operation_id')} AND p.id <> OLD.id)"
)
_CHANGED = (
    "AND (NEW.ended_at IS NOT NULL OR NEW.agreed_at IS NULL "
    "OR NEW.operation_id <> OLD.operation_id "
    "OR NEW.part NOT IN ('child_protection', 'specialist')) "
)
_SAYS = "an operation runs with a safety plan and a victim specialist"
_SAYS_KEPT = "a line of the live board is not deleted"

_TRIGGERS = (
    ("operations_safe_insert", "INSERT", "operations_operation", _UNSAFE, _SAYS),
    ("operations_safe_update", "UPDATE", "operations_operation", _UNSAFE, _SAYS),
    (
        "operations_helped_update",
        "UPDATE",
        "operations_participation",
        _LAST.format(changed=_CHANGED),
        _SAYS,
    ),
    (
        "operations_helped_delete",
        "DELETE",
        "operations_participation",
        _LAST.format(changed=""),
        _SAYS,
    ),
    ("operations_event_kept", "DELETE", "operations_event", "1 = 1", _SAYS_KEPT),
)


def _sqlite(name: str, when: str, table: str, condition: str, says: str) -> list[str]:
    return [
        f"CREATE TRIGGER {name} BEFORE {when} ON {table} WHEN {condition} "
        f"BEGIN SELECT RAISE(ABORT, '{says}'); END"
    ]


def _postgresql(name: str, when: str, table: str, condition: str, says: str) -> list[str]:
    back = "OLD" if when == "DELETE" else "NEW"
    return [
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {condition} THEN RAISE EXCEPTION '{says}' USING ERRCODE = '23514'; END IF; "
        f"RETURN {back}; END $$",
        f"CREATE TRIGGER {name} BEFORE {when} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
    ]


def wall() -> RunPython:
    """The migration step that builds the wall."""

    def forward(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        make = _postgresql if editor.connection.vendor == "postgresql" else _sqlite
        for each in _TRIGGERS:
            for statement in make(*each):
                editor.execute(statement, params=None)

    def backward(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        for name, _when, table, _condition, _says in _TRIGGERS:
            on = f" ON {table}" if editor.connection.vendor == "postgresql" else ""
            editor.execute(f"DROP TRIGGER {name}{on}", params=None)

    return RunPython(forward, backward)
