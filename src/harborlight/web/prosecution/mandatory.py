"""What the law makes mandatory for a sentence, beside what the court ordered.

The law is asked for each conviction on the day of sentencing. What it does not know stays unknown,
and is shown so: nothing is guessed, and nothing is changed in what the court ordered.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from harborlight.law import Explanation, LawError, ask
from harborlight.web.cases.persons import Allegation
from harborlight.web.prosecution.models import Disposition, Item, Jurisdiction, Sentence
from harborlight.web.prosecution.sentencing import convictions
from harborlight.web.protection.deciding import years


class Found(models.TextChoices):
    """How what was ordered stands beside what is mandatory."""

    ENOUGH = "enough", _("As the law has it")
    MISSING = "missing", _("Missing: the law makes it mandatory")
    LOW = "low", _("Less than the law makes mandatory")
    HIGH = "high", _("More than the law allows")
    NONE = "none", _("None is due")
    UNKNOWN = "unknown", _("Not known; see why")


@dataclass(frozen=True)
class Finding:
    """One mandatory item of one conviction, or of all. Cents; None: not known."""

    item: Item
    section: str
    least: int | None
    most: int | None
    ordered: int = 0
    found: Found = Found.UNKNOWN
    told: dict[str, Any] = field(default_factory=dict)
    """The law's explanation: conclusion, steps, citations."""

    @property
    def warns(self) -> bool:
        return self.found in (Found.MISSING, Found.LOW, Found.HIGH)


#: Owed once, whatever the convictions: the largest least is what is mandatory, not their sum.
_ONCE = (Item.RESTITUTION, Item.MINNESOTA)


def findings(sentence: Sentence, born: date | None) -> list[Finding]:
    """What the law says to each mandatory item, in the order of `Item`.

    ``born`` is the offender's birth date where it is known.
    """
    standing = convictions(sentence.arrest, sentence.jurisdiction)
    if sentence.jurisdiction == Jurisdiction.MINNESOTA:
        found = [_minnesota(sentence, each, born) for each in standing]
    else:
        found = [one for each in standing for one in _federal(sentence, each)]
    return _together(found, dict(sentence.ordered.values_list("item", "cents")))


def _minnesota(sentence: Sentence, each: Disposition, born: date | None) -> Finding:
    """The assessment of one conviction."""
    facts = {
        "sentencing_date": sentence.day,
        "offense": each.statute,
        "prostitute": each.allegation == Allegation.HIRED,
        **_known(sentence, "public_defender", "indigent", "undue_hardship"),
    }
    if born is not None:
        facts["age"] = years(born, sentence.day)
    told = _ask("minnesota-assessment", sentence.day, facts)
    answer = told.answer if told and isinstance(told.answer, dict) else {}
    low, high = _cents(answer.get("floor")), _cents(answer.get("maximum"))
    return Finding(Item.MINNESOTA, each.statute, low, high, told=_plain(told))


def _federal(sentence: Sentence, each: Disposition) -> list[Finding]:
    """The assessments and restitution of one conviction."""
    day, statute = {"sentencing_date": sentence.day}, {"statute": each.statute}
    counts = {"counts": each.charge.counts}
    additional = _known(sentence, "indigent", "circuit", "counting")
    plain: dict[str, Any] = {"defendant": "individual"}
    if each.charge.grade:
        plain["offense_class"] = each.charge.grade
    losses = _known(sentence, "losses")
    if sentence.gross is not None:
        losses |= {"gross_value": sentence.gross, "wages": 0}
    asked = (
        (Item.TRAFFICKING, "federal-trafficking-assessment", day | statute | counts | additional),
        (Item.CONVICTION, "federal-conviction-assessment", day | counts | plain),
        (Item.RESTITUTION, "federal-restitution", day | statute | losses),
    )
    found = []
    for item, rule, facts in asked:
        told = _ask(rule, sentence.day, facts)
        due = _cents(told.answer) if told is not None else None
        most = None if item == Item.RESTITUTION else due  # a court may order more of that
        found.append(Finding(item, each.statute, due, most, told=_plain(told)))
    return found


def _together(found: list[Finding], ordered: dict[str, int]) -> list[Finding]:
    """What is ordered is one amount an item: it is held against all convictions together."""
    result = []
    for item in Item:
        same = [one for one in found if one.item == item]
        lows = [one.least for one in same if one.least is not None]
        highs = [one.most for one in same if one.most is not None]
        least = (max(lows, default=0) if item in _ONCE else sum(lows)) if _all(lows, same) else None
        most = sum(highs) if _all(highs, same) else None
        has = ordered.get(item, 0)
        told = _held(has, least, most)
        result += [replace(one, least=least, most=most, ordered=has, found=told) for one in same]
    return result


def _all(known: list[int], found: list[Finding]) -> bool:
    return len(known) == len(found)


def _known(sentence: Sentence, *names: str) -> dict[str, Any]:
    """Those of these facts of a sentence that are known."""
    given = {name: getattr(sentence, name) for name in names}
    return {name: value for name, value in given.items() if value not in (None, "")}


def _held(has: int, least: int | None, most: int | None) -> Found:
    """What was ordered, held against the law's range."""
    if least is None:
        return Found.UNKNOWN
    if least == 0 and not most:
        return Found.NONE if has == 0 or most is None else Found.HIGH
    if has == 0:
        return Found.MISSING
    if has < least:
        return Found.LOW
    return Found.HIGH if most is not None and has > most else Found.ENOUGH


def _ask(rule: str, day: date, facts: dict[str, Any]) -> Explanation | None:
    try:
        return ask(rule, day, facts)
    except LawError:
        return None


def _plain(told: Explanation | None) -> dict[str, Any]:
    if told is None:
        return {"conclusion": str(_("The law's rule could not be asked with these facts."))}
    return told.to_dict()


def _cents(answer: object) -> int | None:
    return answer if isinstance(answer, int) and not isinstance(answer, bool) else None
