"""The wall in the database for arrests, charges and convictions.

A row stands on an involvement of the same person, part and allegation, which has not ended: so it
meets the wall of `protection.wall`, whoever writes it. A section that is about having been sold
cannot be written as anything else. Rows are never deleted, and what they stand on never changes.
"""

from __future__ import annotations

from django.db.migrations import RunPython

from harborlight.web.audit.triggers import Refusal, refusing

_SAYS = "Safe Harbor: an arrest, charge or conviction stands on a part in a case that goes on"
_SAYS_SECTION = "Safe Harbor: this section is not about what is alleged"
_SAYS_FIXED = "Safe Harbor: an arrest, charge or conviction is not changed or deleted"


def _stands(part: str) -> str:
    return (
        "NOT EXISTS (SELECT 1 FROM cases_involvement i WHERE i.id = NEW.involvement_id "  # noqa: S608
        f"AND i.person_id = NEW.person_id AND i.part = '{part}' "
        "AND i.allegation = NEW.allegation AND i.ended_at IS NULL)"
    )


def _about(code: str) -> str:
    return (
        "NOT EXISTS (SELECT 1 FROM prosecution_statute s "  # noqa: S608
        f"WHERE s.code = {code} AND s.allegation = NEW.allegation)"
    )


_CHARGED = "NEW.jurisdiction || ':' || NEW.statute"
_CONVICTED = (
    "(SELECT c.jurisdiction || ':' || NEW.statute FROM prosecution_charge c "
    "WHERE c.id = NEW.charge_id)"
)
_IS_CONVICTION = "NEW.ending IN ('convicted', 'reduced')"
_STOOD_ON = (
    "(NEW.allegation <> OLD.allegation OR NEW.part <> OLD.part OR NEW.person_id <> OLD.person_id "
    "OR COALESCE(CAST(NEW.offense_on AS TEXT), '') <> COALESCE(CAST(OLD.offense_on AS TEXT), '')) "
    "AND (EXISTS (SELECT 1 FROM prosecution_arrest a WHERE a.involvement_id = OLD.id) "
    "OR EXISTS (SELECT 1 FROM prosecution_charge c WHERE c.involvement_id = OLD.id) "
    "OR EXISTS (SELECT 1 FROM prosecution_disposition d WHERE d.involvement_id = OLD.id))"
)
_FIXED = "NEW.person_id <> OLD.person_id OR NEW.involvement_id <> OLD.involvement_id"

_TRIGGERS = (
    Refusal("prosecution_arrest_wall", "INSERT", "prosecution_arrest", _stands("arrestee"), _SAYS),
    Refusal("prosecution_charge_wall", "INSERT", "prosecution_charge", _stands("defendant"), _SAYS),
    Refusal(
        "prosecution_charge_section",
        "INSERT",
        "prosecution_charge",
        _about(_CHARGED),
        _SAYS_SECTION,
    ),
    Refusal(
        "prosecution_conviction_wall",
        "INSERT",
        "prosecution_disposition",
        f"{_IS_CONVICTION} AND (NEW.involvement_id IS NULL OR {_stands('convicted')})",
        _SAYS,
    ),
    Refusal(
        "prosecution_conviction_section",
        "INSERT",
        "prosecution_disposition",
        f"{_IS_CONVICTION} AND {_about(_CONVICTED)}",
        _SAYS_SECTION,
    ),
    Refusal(
        "prosecution_arrest_fixed",
        "UPDATE",
        "prosecution_arrest",
        f"{_FIXED} OR NEW.allegation <> OLD.allegation",
        _SAYS_FIXED,
    ),
    Refusal("prosecution_stood_on", "UPDATE", "cases_involvement", _STOOD_ON, _SAYS_FIXED),
    Refusal("prosecution_arrest_kept", "DELETE", "prosecution_arrest", "1 = 1", _SAYS_FIXED),
    Refusal("prosecution_charge_fixed", "UPDATE", "prosecution_charge", "1 = 1", _SAYS_FIXED),
    Refusal("prosecution_charge_kept", "DELETE", "prosecution_charge", "1 = 1", _SAYS_FIXED),
    Refusal(
        "prosecution_conviction_fixed", "UPDATE", "prosecution_disposition", "1 = 1", _SAYS_FIXED
    ),
    Refusal(
        "prosecution_conviction_kept", "DELETE", "prosecution_disposition", "1 = 1", _SAYS_FIXED
    ),
    Refusal(
        "prosecution_statute_sold",
        "INSERT",
        "prosecution_statute",
        "EXISTS (SELECT 1 FROM prosecution_statute s WHERE s.code = NEW.code "
        "AND (s.allegation = 'hired') <> (NEW.allegation = 'hired'))",
        _SAYS_SECTION,
    ),
    Refusal("prosecution_statute_fixed", "UPDATE", "prosecution_statute", "1 = 1", _SAYS_SECTION),
    Refusal(
        "prosecution_statute_kept",
        "DELETE",
        "prosecution_statute",
        "OLD.allegation = 'hired'",
        _SAYS_SECTION,
    ),
)


def wall() -> RunPython:
    """The migration step that builds the wall."""
    return refusing(_TRIGGERS)
