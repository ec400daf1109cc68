"""What speaks for and against that two records are of one person. No number comes out of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from rapidfuzz import fuzz, utils
from rapidfuzz.distance import Hamming

from harborlight.web.crypto.blind import canonical

SAME_NAME, ALIKE, UNLIKE = 95, 82, 50
#: What is looked at.
FIELDS = (
    "prs_FirstName",
    "prs_SecondName",
    "other_names",
    "prs_Birthdate",
    "prs_MobilePhone",
    "prs_PrimaryLanguage",
)


@dataclass
class Compared:
    """Reasons, in words, each a thing that anybody can look at."""

    toward: list[str] = field(default_factory=list)
    against: list[str] = field(default_factory=list)
    named: bool = False
    """Whether the names are the same, or nearly."""

    @property
    def worth_a_look(self) -> bool:
        """One thing alone is not enough, unless it is the whole name and nothing speaks
        against."""
        enough = len(self.toward) > 1 or (self.named and not self.against)
        return enough and len(self.toward) > len(self.against)


def compare(one: dict[str, Any], two: dict[str, Any]) -> Compared:
    """Compare two records, opened: values by their names in `FIELDS`, None where not known."""
    told = Compared()
    _names(told, one, two)
    _born(told, one.get("prs_Birthdate") or "", two.get("prs_Birthdate") or "")
    phones = [canonical("phone", each.get("prs_MobilePhone") or "") for each in (one, two)]
    if phones[0] and phones[0] == phones[1]:
        told.toward.append(_("The same phone"))
    spoken = [(each.get("prs_PrimaryLanguage") or "").casefold() for each in (one, two)]
    if all(spoken) and spoken[0] != spoken[1]:
        told.against.append(_("Different languages"))
    return told


def _names(told: Compared, one: dict[str, Any], two: dict[str, Any]) -> None:
    likeness = max(
        (
            fuzz.token_sort_ratio(first, second, processor=utils.default_process)
            for first in _called(one)
            for second in _called(two)
        ),
        default=None,
    )
    if likeness is None:
        return
    if likeness >= SAME_NAME:
        told.toward.append(_("The same name"))
    elif likeness >= ALIKE:
        told.toward.append(_("Names that are much alike"))
    elif likeness < UNLIKE:
        told.against.append(_("Names that are not alike"))
    told.named = likeness >= ALIKE


def _called(values: dict[str, Any]) -> list[str]:
    """All that somebody is called: first and last name, and other names."""
    both = [values.get("prs_FirstName") or "", values.get("prs_SecondName") or ""]
    others = values.get("other_names") or []
    listed = [others] if isinstance(others, str) else [str(each) for each in others]
    whole = " ".join(both).strip() if all(both) else ""
    return [each for each in (whole, *listed) if each]


def _born(told: Compared, one: str, two: str) -> None:
    """Days as ISO writes them."""
    if not one or not two:
        return
    year, month, day = f"{one}--".split("-")[:3]
    if one == two:
        told.toward.append(_("The same birth date"))
    elif f"{year}-{day}-{month}" == two:
        told.toward.append(_("The same birth date, but for day and month exchanged"))
    elif len(one) == len(two) and Hamming.distance(one, two) == 1:
        told.toward.append(_("Birth dates that differ in one figure"))
    else:
        told.against.append(_("Different birth dates"))
