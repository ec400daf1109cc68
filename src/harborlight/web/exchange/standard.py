"""The fields and code lists of HTCDS 2.0, and how values of them are read and written.

The lists are those of the International Organization for Migration (`data/htcds.json`, CC BY 4.0).
Where they have a defect, `READ_AS` says how what others write is read, and `docs/exchange.md` lists
each. What fits no list is never thrown away: it stands in a column of our own beside it, whose name
begins with `harborlight_`.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

VERSION = "2.0"
OURS = "harborlight_"

#: Of our own columns: the one beside a column of the standard, for what does not fit it.
_PREFIX = re.compile(r"^[a-z]{3}_")

TABLES: dict[str, str] = {
    "Organization": "organizations",
    "Person": "persons",
    "Person -  Victim Context": "persons",  # two spaces, as the standard has it
    "Person -  Perpetrator Context": "persons",
    "Case": "cases",
    "Referral Details": "cases",
    "Case Comment": "comments",
    "Historic Trafficking Events": "events",
    "Support Plan": "tasks",
    "Consent": "consents",
}
"""In which table of a package the fields of each section stand."""

#: What others write, and the code of the list that is meant by it. The keys are `squeezed`.
READ_AS: dict[str, dict[str, str]] = {
    # The list misspells it. Whoever spells it right means the same.
    "vic_RelationshipToTrafficker": {"unacquainted": "Unaquainted"},
    # The definitions of these are the same, their names are not.
    "vic_MethodsOfControl": {
        "psychoactivesubstances": "PsychoactiveSubstance",
        "threatoflawenforcement": "ThreatsLawEnforcement",
    },
    # Code and label do not say the same word.
    "prs_Gender": {"notspecifiedunknown": "NonSpecifiedUnknown"},
}

#: Names that the definitions put before a code of the list.
_BEFORE = {"vic_MethodsOfControl": "methodsofcontrol"}

#: In the list of what perpetrators do: what was done to somebody. They make nobody a suspect.
DONE_TO_SOMEBODY = frozenset(
    {
        "TransferredIndividual",
        "HarbouredIndividual",
        "SoldIndividual",
        "BoughtIndividual",
        "ReceivedIndividual",
        "ControlledIndividual",
    }
)

_PHONE = re.compile(r"\+?[1-9]\d{1,14}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z]{2})?")
_COUNTRY = re.compile(r"[A-Z]{2,3}")
_NUMBER = re.compile(r"-?\d{1,12}(\.\d{1,12})?")
_FORMS = {
    "prs_HomePhone": _PHONE,
    "prs_MobilePhone": _PHONE,
    "org_Phone": _PHONE,
    "prs_PrimaryLanguage": _LANGUAGE,
    "prs_SecondaryLanguage": _LANGUAGE,
    "prs_MailingCountry": _COUNTRY,
    "org_ShippingCountry": _COUNTRY,
}
_YES, _NO = frozenset({"true", "yes", "1"}), frozenset({"false", "no", "0"})


@dataclass(frozen=True)
class Field:
    """One field of the standard."""

    name: str
    table: str
    type: str
    status: str
    """DRAFT or DEPRECATED."""
    codes: dict[str, str]
    """Code to label; empty where there is no list."""

    @property
    def several(self) -> bool:
        """Whether it holds several codes."""
        return self.type.startswith("Multiselect")


@cache
def fields() -> dict[str, Field]:
    """All fields, by name, in the order of the standard."""
    told = json.loads((Path(__file__).parent / "data" / "htcds.json").read_text("utf-8"))
    return {
        each["field"]: Field(
            each["field"], TABLES[each["section"]], each["type"], each["status"], each["codes"]
        )
        for each in told["fields"]
    }


def columns(table: str) -> list[str]:
    """The columns of the standard that a table has."""
    return [each.name for each in fields().values() if each.table == table]


def beside(name: str) -> str:
    """Our own column for what a column of the standard cannot hold: `harborlight_Gender`."""
    return OURS + _PREFIX.sub("", name)


def squeezed(text: str) -> str:
    """A code or label without case, blanks and marks, by which they are compared."""
    return re.sub(r"[\W_]+", "", text).casefold()


@cache
def _read_as(name: str) -> dict[str, str]:
    field = fields()[name]
    told = {squeezed(label): code for code, label in field.codes.items()}
    told |= {squeezed(code): code for code in field.codes}
    return told | READ_AS.get(name, {})


def code_of(name: str, text: str) -> str | None:
    """The code that is meant: by the code itself, its label, or what is known to be meant."""
    key = squeezed(text)
    before = _BEFORE.get(name, "")
    known = _read_as(name)
    return known.get(key) or (known.get(key.removeprefix(before)) if before else None)


def read(name: str, text: str) -> tuple[str, str]:
    """A cell of a field, read: what fits the standard, and what does not, as it was written.

    Several codes are separated by `;`. A checkbox is `true` or `false`.
    """
    field = fields()[name]
    text = text.strip()
    if not text:
        return "", ""
    if field.codes:
        parts = [each.strip() for each in text.split(";")] if field.several else [text]
        read_ones = [(code_of(name, each), each) for each in parts if each]
        fit = [code for code, _ in read_ones if code]
        rest = [each for code, each in read_ones if not code]
        if rest and field.several and "Other" in field.codes and "Other" not in fit:
            fit.append("Other")
        return ";".join(dict.fromkeys(fit)), ";".join(rest)
    return (text, "") if fits(name, text) else ("", text)


def fits(name: str, text: str) -> bool:
    """Whether a value may stand in a column of the standard."""
    field = fields()[name]
    if name in _FORMS:
        return _FORMS[name].fullmatch(text) is not None
    if field.type == "Date":
        return day_of(text) is not None
    if field.type == "Checkbox":
        return text.casefold() in _YES | _NO
    if field.type == "Number":
        return _NUMBER.fullmatch(text) is not None
    return True


def day_of(text: str) -> date | None:
    """A day, as year-month-day; None when it is none."""
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def is_yes(text: str) -> bool:
    """What a checkbox says."""
    return text.strip().casefold() in _YES


def phone(text: str) -> str:
    """A phone of the United States by E.164, as the standard has them; others as they are."""
    digits = re.sub(r"\D", "", text)
    if text.strip().startswith("+"):
        return "+" + digits
    if len(digits) == 10 and digits[0] not in "01":
        return "+1" + digits
    return text
