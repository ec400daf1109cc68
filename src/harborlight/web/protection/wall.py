"""The wall in the database: what `deciding.guard` asks in the program, the tables ask again.

A row of an arrest, charge or conviction for having been sold needs a clearance that stands; and a
clearance that is needed cannot be taken away first. So no import, shell or statement gets round it.
"""

from __future__ import annotations

from django.db.migrations import RunPython

from harborlight.web.audit.triggers import Refusal, refusing

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


_TRIGGERS = (
    Refusal("protection_wall_insert", "INSERT", "cases_involvement", _FORBIDDEN, _SAYS),
    Refusal("protection_wall_update", "UPDATE", "cases_involvement", _FORBIDDEN, _SAYS),
    Refusal(
        "protection_keep_update",
        "UPDATE",
        "protection_clearance",
        f"{_CHANGED} AND {_NEEDED}",
        _SAYS_NEEDED,
    ),
    Refusal("protection_keep_delete", "DELETE", "protection_clearance", _NEEDED, _SAYS_NEEDED),
)


def wall() -> RunPython:
    """The migration step that builds the wall."""
    return refusing(_TRIGGERS)
