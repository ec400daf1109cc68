"""The wall in the database: what `deciding.guard` asks in the program, the tables ask again.

A row of an arrest, charge or conviction for having been sold needs a clearance that stands; and a
clearance that is needed cannot be taken away first. So no import, shell or statement gets round it.
"""

from __future__ import annotations

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import RunPython
from django.db.migrations.state import StateApps

_FORBIDDEN = """
    NEW.allegation = 'hired' AND NEW.part IN ('arrestee', 'defendant', 'convicted')
    AND NEW.ended_at IS NULL AND NOT EXISTS (
        SELECT 1 FROM protection_clearance c WHERE c.person_id = NEW.person_id
        AND c.offense_on = NEW.offense_on AND c.revoked_at IS NULL)
"""
_NEEDED = """
    EXISTS (SELECT 1 FROM cases_involvement i WHERE i.person_id = OLD.person_id
        AND i.offense_on = OLD.offense_on AND i.allegation = 'hired'
        AND i.part IN ('arrestee', 'defendant', 'convicted') AND i.ended_at IS NULL)
"""
_CHANGED = (
    "(NEW.revoked_at IS NOT NULL OR NEW.person_id <> OLD.person_id "
    "OR NEW.offense_on <> OLD.offense_on)"
)
_SAYS = "Safe Harbor: nobody is arrested or charged here for having been sold"
_SAYS_NEEDED = "Safe Harbor: an arrest or charge stands on this clearance"


def _sqlite(name: str, when: str, table: str, condition: str, says: str) -> str:
    return (
        f"CREATE TRIGGER {name} BEFORE {when} ON {table} WHEN {condition} "
        f"BEGIN SELECT RAISE(ABORT, '{says}'); END"
    )


def _postgresql(name: str, when: str, table: str, condition: str, says: str) -> list[str]:
    back = "OLD" if when == "DELETE" else "NEW"
    return [
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {condition} THEN RAISE EXCEPTION '{says}' USING ERRCODE = '23514'; END IF; "
        f"RETURN {back}; END $$",
        f"CREATE TRIGGER {name} BEFORE {when} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
    ]


_TRIGGERS = (
    ("protection_wall_insert", "INSERT", "cases_involvement", _FORBIDDEN, _SAYS),
    ("protection_wall_update", "UPDATE", "cases_involvement", _FORBIDDEN, _SAYS),
    (
        "protection_keep_update",
        "UPDATE",
        "protection_clearance",
        f"{_CHANGED} AND {_NEEDED}",
        _SAYS_NEEDED,
    ),
    ("protection_keep_delete", "DELETE", "protection_clearance", _NEEDED, _SAYS_NEEDED),
)


def wall() -> RunPython:
    """The migration step that builds the wall."""

    def forward(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        for each in _TRIGGERS:
            if editor.connection.vendor == "postgresql":
                for statement in _postgresql(*each):
                    editor.execute(statement, params=None)
            else:
                editor.execute(_sqlite(*each), params=None)

    def backward(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        for name, _when, table, _condition, _says in _TRIGGERS:
            on = f" ON {table}" if editor.connection.vendor == "postgresql" else ""
            editor.execute(f"DROP TRIGGER {name}{on}", params=None)

    return RunPython(forward, backward)
