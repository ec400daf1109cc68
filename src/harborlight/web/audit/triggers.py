"""Triggers that refuse to write, change or delete rows, on SQLite and on PostgreSQL.

Used in migrations: `operations = [append_only("audit_entry")]`. A refusal reaches Django as
IntegrityError on both databases.
"""

from __future__ import annotations

from typing import NamedTuple

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import RunPython
from django.db.migrations.state import StateApps

_POSTGRESQL = (
    """
    CREATE OR REPLACE FUNCTION harborlight_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION '% of % is refused: its rows are append-only', TG_OP, TG_TABLE_NAME
            USING ERRCODE = '23514';
    END $$
    """,
    """
    CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
        FOR EACH ROW EXECUTE FUNCTION harborlight_append_only()
    """,
    """
    CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
        FOR EACH STATEMENT EXECUTE FUNCTION harborlight_append_only()
    """,
)
_SQLITE = (
    """
    CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table}
        BEGIN SELECT RAISE(ABORT, 'UPDATE of {table} is refused: its rows are append-only'); END
    """,
    """
    CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table}
        BEGIN SELECT RAISE(ABORT, 'DELETE of {table} is refused: its rows are append-only'); END
    """,
)
_NAMES = {
    "postgresql": ("{table}_append_only", "{table}_no_truncate"),
    "sqlite": ("{table}_no_update", "{table}_no_delete"),
}


def names(vendor: str, table: str) -> tuple[str, ...]:
    """The names of the triggers that keep this table."""
    return tuple(name.format(table=table) for name in _NAMES[vendor])


def append_only(table: str) -> RunPython:
    """A migration step: rows of the table can be added, and never changed or deleted."""

    def forward(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        statements = _POSTGRESQL if editor.connection.vendor == "postgresql" else _SQLITE
        for statement in statements:
            editor.execute(statement.format(table=table), params=None)

    def backward(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        on = f" ON {table}" if editor.connection.vendor == "postgresql" else ""
        for name in names(editor.connection.vendor, table):
            editor.execute(f"DROP TRIGGER {name}{on}", params=None)

    return RunPython(forward, backward)


def frozen(table: str, *columns: str) -> RunPython:
    """A migration step: these columns are never changed once the row is there.

    For rows whose content is immutable while their wrapped key may be renewed, or which retention
    may delete one day.
    """
    listed = ", ".join(columns)

    def forward(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        if editor.connection.vendor == "postgresql":
            editor.execute(_POSTGRESQL[0], params=None)
            editor.execute(
                f"CREATE TRIGGER {table}_frozen BEFORE UPDATE OF {listed} ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION harborlight_append_only()",
                params=None,
            )
        else:
            editor.execute(
                f"CREATE TRIGGER {table}_frozen BEFORE UPDATE OF {listed} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, 'UPDATE of {table} is refused: it is frozen'); END",
                params=None,
            )

    def backward(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        on = f" ON {table}" if editor.connection.vendor == "postgresql" else ""
        editor.execute(f"DROP TRIGGER {table}_frozen{on}", params=None)

    return RunPython(forward, backward)


class Refusal(NamedTuple):
    """A trigger that refuses rows: its name, INSERT, UPDATE or DELETE, the table, for which rows
    (SQL over NEW and OLD, the same on both databases), and what it says."""

    name: str
    when: str
    table: str
    condition: str
    says: str


def refusing(refusals: tuple[Refusal, ...]) -> RunPython:
    """A migration step: these triggers."""

    def forward(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        make = _postgresql if editor.connection.vendor == "postgresql" else _sqlite
        for each in refusals:
            for statement in make(each):
                editor.execute(statement, params=None)

    def backward(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        for each in refusals:
            on = f" ON {each.table}" if editor.connection.vendor == "postgresql" else ""
            editor.execute(f"DROP TRIGGER {each.name}{on}", params=None)

    return RunPython(forward, backward)


def replacing(refusals: tuple[Refusal, ...]) -> RunPython:
    """A migration step: these triggers instead of those that have their names, if there are any.

    An app above lets through what one nearer the ground refuses altogether. It is not undone.
    """

    def forward(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        make = _postgresql if editor.connection.vendor == "postgresql" else _sqlite
        for each in refusals:
            on = f" ON {each.table}" if editor.connection.vendor == "postgresql" else ""
            editor.execute(f"DROP TRIGGER IF EXISTS {each.name}{on}", params=None)
            for statement in make(each):
                editor.execute(statement, params=None)

    return RunPython(forward)


def _sqlite(each: Refusal) -> list[str]:
    return [
        f"CREATE TRIGGER {each.name} BEFORE {each.when} ON {each.table} WHEN {each.condition} "
        f"BEGIN SELECT RAISE(ABORT, '{each.says}'); END"
    ]


def _postgresql(each: Refusal) -> list[str]:
    back = "OLD" if each.when == "DELETE" else "NEW"
    return [
        f"CREATE OR REPLACE FUNCTION {each.name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {each.condition} THEN RAISE EXCEPTION '{each.says}' USING ERRCODE = '23514'; END IF; "
        f"RETURN {back}; END $$",
        f"CREATE TRIGGER {each.name} BEFORE {each.when} ON {each.table} "
        f"FOR EACH ROW EXECUTE FUNCTION {each.name}()",
    ]
