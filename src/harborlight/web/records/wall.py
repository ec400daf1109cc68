"""The wall in the database: what is held is not deleted, and no arrest vanishes without a court.

An arrest, charge or conviction goes only while an expungement by a court's order is carried out, by
somebody who did not ask for it. A hold that is in force is not deleted, and what it says who placed
it, on what and since when does not change.
"""

from __future__ import annotations

from django.db.migrations import RunPython

from harborlight.web.audit.triggers import Refusal, refusing, replacing

_SAYS_HELD = "a legal hold stands: nothing of this is deleted"
_SAYS_KEPT = "Safe Harbor: an arrest, charge or conviction is removed by a court''s order alone"

_IN_FORCE = "h.released_at IS NULL AND (h.until IS NULL OR h.until >= CURRENT_DATE)"

#: The tables of which no row is deleted while a hold stands: by which columns each names a case or
#: a person.
HELD: dict[str, tuple[tuple[str, str], ...]] = {
    "cases_case": (("case_id", "id"),),
    "cases_person": (("person_id", "id"),),
    "cases_involvement": (("case_id", "case_id"), ("person_id", "person_id")),
    "cases_note": (("case_id", "case_id"),),
    "cases_task": (("case_id", "case_id"),),
    "cases_event": (("case_id", "case_id"),),
    "cases_place": (("case_id", "case_id"),),
    "cases_presence": (("person_id", "person_id"),),
    "cases_relationship": (
        ("case_id", "case_id"),
        ("person_id", "person_id"),
        ("person_id", "other_id"),
    ),
    "cases_sameperson": (("person_id", "first_id"), ("person_id", "second_id")),
    "protection_decision": (("person_id", "person_id"),),
    "protection_clearance": (("person_id", "person_id"),),
    "protection_consent": (("person_id", "person_id"),),
    "protection_protectionreferral": (("case_id", "case_id"), ("person_id", "person_id")),
    "prosecution_arrest": (("case_id", "case_id"), ("person_id", "person_id")),
    "prosecution_charge": (("person_id", "person_id"),),
    "prosecution_disposition": (("person_id", "person_id"),),
}


def _held(columns: tuple[tuple[str, str], ...]) -> str:
    found = " OR ".join(f"h.{mine} = OLD.{theirs}" for mine, theirs in columns)
    return f"EXISTS (SELECT 1 FROM records_legalhold h WHERE ({found}) AND {_IN_FORCE})"  # noqa: S608


_FILE = (
    "EXISTS (SELECT 1 FROM records_legalhold h WHERE "  # noqa: S608
    "((OLD.of_model = 'cases.case' AND REPLACE(OLD.of_record, '-', '') "
    "= REPLACE(CAST(h.case_id AS TEXT), '-', '')) "
    "OR (OLD.of_model = 'cases.person' AND REPLACE(OLD.of_record, '-', '') "
    f"= REPLACE(CAST(h.person_id AS TEXT), '-', ''))) AND {_IN_FORCE})"
)
_OWN = _IN_FORCE.replace("h.", "OLD.")
_CHANGED = " OR ".join(
    f"COALESCE(CAST(NEW.{name} AS TEXT), '') <> COALESCE(CAST(OLD.{name} AS TEXT), '')"
    for name in ("case_id", "person_id", "since", "placed_by_id", "placed_at")
)
_NO_COURT = (
    "NOT EXISTS (SELECT 1 FROM records_request r WHERE r.person_id = OLD.person_id "
    "AND r.basis = 'court' AND r.ordered_on IS NOT NULL AND r.carried_by_id IS NOT NULL)"
)

_TRIGGERS = (
    *(
        Refusal(f"records_held_{table}", "DELETE", table, _held(columns), _SAYS_HELD)
        for table, columns in HELD.items()
    ),
    Refusal("records_held_vault_storedfile", "DELETE", "vault_storedfile", _FILE, _SAYS_HELD),
    Refusal("records_hold_kept", "DELETE", "records_legalhold", _OWN, _SAYS_HELD),
    Refusal("records_hold_fixed", "UPDATE", "records_legalhold", _CHANGED, _SAYS_HELD),
)

#: Those of prosecution that refused every deletion: they let a court's order through.
_BY_COURT = tuple(
    Refusal(f"prosecution_{name}_kept", "DELETE", f"prosecution_{table}", _NO_COURT, _SAYS_KEPT)
    for name, table in (
        ("arrest", "arrest"),
        ("charge", "charge"),
        ("conviction", "disposition"),
    )
)


def held() -> RunPython:
    """The migration step that keeps what is held."""
    return refusing(_TRIGGERS)


def held_consent() -> RunPython:
    """The migration step that keeps held consents in a table that was made anew."""
    return replacing(tuple(each for each in _TRIGGERS if each.table == "protection_consent"))


def by_court() -> RunPython:
    """The migration step that lets a court's order through."""
    return replacing(_BY_COURT)
