"""How records of a case and rows of a package are one: which columns are fields of ours.

A column that is named here is read into a field of ours, and written from it. Every other column is
carried: kept as it came and written again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django.utils.dateparse import parse_datetime

from harborlight.web.accounts.roles import AgencyKind
from harborlight.web.exchange import standard

#: Columns of HTCDS that are sealed fields of a person, by the same name.
OF_PERSON = (
    "prs_FirstName",
    "prs_SecondName",
    "prs_Birthdate",
    "prs_Gender",
    "prs_PrimaryLanguage",
    "prs_MobilePhone",
)
#: Columns of an address, and the fields of a place.
OF_PLACE = ("hte_Street", "hte_City", "hte_PostalCode")

#: The sending itself, in the words of the standard. What an earlier one said is kept beside.
OF_SENDING = (
    "cas_ReferringOrganisation",
    "cas_ReferredOrganisation",
    "cas_OutgoingReferralDate",
    "cas_OutgoingReferralDetails",
)

#: Of each table, the columns that are fields of ours.
MAPPED: dict[str, frozenset[str]] = {
    "organizations": frozenset(),
    "cases": frozenset({"id", "harborlight_Title"}),
    "persons": frozenset(
        {
            "id",
            *OF_PERSON,
            *map(standard.beside, OF_PERSON),
            "harborlight_OtherNames",
            "harborlight_Safety",
            "harborlight_AgeBasis",
            "harborlight_State",
            "harborlight_County",
        }
    ),
    "involvements": frozenset(
        {
            "id",
            "harborlight_Case",
            "harborlight_Person",
            "harborlight_Part",
            "harborlight_Allegation",
            "harborlight_OffenseOn",
            "harborlight_EndedAt",
            "harborlight_EndReason",
        }
    ),
    "places": frozenset(
        {
            "id",
            *OF_PLACE,
            "hte_State",
            "harborlight_Case",
            "harborlight_Kind",
            "harborlight_Name",
            "harborlight_County",
        }
    ),
    "events": frozenset(
        {
            "id",
            *OF_PLACE,
            "hte_State",
            "hte_Date",
            "hte_Type",
            "hte_Description",
            "harborlight_Case",
            "harborlight_Type",
            "harborlight_Place",
            "harborlight_Persons",
        }
    ),
    "relationships": frozenset(
        {
            "id",
            "harborlight_Case",
            "harborlight_Person",
            "harborlight_Tie",
            "harborlight_Other",
            "harborlight_Note",
            "harborlight_EndedAt",
        }
    ),
    "comments": frozenset({"id", "cco_CaseComment", "harborlight_Case", "harborlight_Audience"}),
    "tasks": frozenset(
        {
            "id",
            "spl_ActionPlan",
            "spl_PlannedEndDate",
            "spl_ActualEndDate",
            "harborlight_Case",
            "harborlight_State",
            "harborlight_How",
            "harborlight_EndedAt",
        }
    ),
    "consents": frozenset({"id", "harborlight_Person"}),
}

#: The kinds of our agencies as `org_Type`. It has no code for prosecutors, finance or airlines'
#: crews: the exact kind stands in a column of our own.
ORGANIZATION_TYPES: dict[str, str] = {
    AgencyKind.LAW_ENFORCEMENT: "LawEnforcement",
    AgencyKind.CHILD_PROTECTION: "LocalGovernmentOrganisation",
    AgencyKind.NAVIGATOR: "NGO",
    AgencyKind.PROVIDER: "NGO",
    AgencyKind.AIRLINE: "CorporateBusiness",
    AgencyKind.PROSECUTOR: "LocalGovernmentOrganisation",
    AgencyKind.FINANCE: "LocalGovernmentOrganisation",
    AgencyKind.HEALTH: "HealthServiceOrganisation",
    AgencyKind.FIGURES: "CentralGovernmentOrganisation",
    AgencyKind.SITE: "NGO",
}


def both(name: str, value: Any) -> dict[str, str]:
    """A value as a column of the standard; where that cannot hold it as it is, also beside it."""
    text = "" if value is None else str(value)
    if not text:
        return {}
    given = standard.phone(text) if name.endswith("Phone") else text
    fit, _rest = standard.read(name, given)
    cells = {name: fit} if fit else {}
    if fit != text:
        cells[standard.beside(name)] = text
    return cells


def one(row: dict[str, str], name: str) -> str:
    """A value of a row: as it stands beside, else as the standard's column reads."""
    exact = row.get(standard.beside(name))
    if exact is not None:
        return exact
    text = row.get(name, "")
    fit, _rest = standard.read(name, text)
    return fit if standard.fields()[name].codes and fit else text


def filled(cells: dict[str, Any]) -> dict[str, str]:
    """The cells that say something."""
    return {name: str(value) for name, value in cells.items() if value not in (None, "")}


def moment(at: datetime | None) -> str:
    """A moment in UTC, to the microsecond."""
    return "" if at is None else at.astimezone(UTC).isoformat()


def moment_of(text: str) -> datetime | None:
    """A moment as it is written. ValueError where it is none."""
    if not text:
        return None
    at = parse_datetime(text)
    if at is None:
        raise ValueError(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def listed(values: Iterable[Any]) -> str:
    """Keys of rows in one cell."""
    return ";".join(str(each) for each in values)


def names(value: Any) -> str:
    """Other names, a list, in one cell."""
    return json.dumps(list(value), ensure_ascii=False) if value else ""


def names_of(text: str) -> list[str]:
    """The other names of a cell; text that is no list is one name."""
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        told = None
    if isinstance(told, list) and all(isinstance(each, str) for each in told):
        return told
    return [text] if text else []
