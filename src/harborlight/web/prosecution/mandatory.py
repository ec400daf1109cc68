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
from harborlight.web.prosecution.models import Disposition, Item, Jurisdiction, Sentence
from harborlight.web.prosecution.sentencing import convictions


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
    ordered: int
    found: Found
    told: dict[str, Any] = field(default_factory=dict)
    """The law's explanation: conclusion, steps, citations."""

    @property
    def warns(self) -> bool:
        return self.found in (Found.MISSING, Found.LOW, Found.HIGH)


def findings(sentence: Sentence, born: date | None) -> list[Finding]:
    """What the law says to each mandatory item, in the order of `Item`.

    ``born`` is the offender's birth date where it is known.
    """
    ordered = dict(sentence.ordered.values_list("item", "cents"))
    standing = convictions(sentence.arrest, sentence.jurisdiction)
    if sentence.jurisdiction == Jurisdiction.MINNESOTA:
        return _minnesota(sentence, standing, ordered, born)
    return _federal(sentence, standing, ordered)


def _minnesota(
    sentence: Sentence, standing: list[Disposition], ordered: dict[str, int], born: date | None
) -> list[Finding]:
    """The assessment, once for each section; what is ordered is held against their sum."""
    least: int | None = 0
    most: int | None = 0
    explained: list[Finding] = []
    for each in standing:
        facts: dict[str, Any] = {
            "sentencing_date": sentence.day,
            "offense": each.statute,
            "prostitute": each.allegation == "hired",
        }
        if born is not None:
            facts["age"] = _years(born, sentence.day)
        for name in ("public_defender", "indigent", "undue_hardship"):
            if getattr(sentence, name) is not None:
                facts[name] = getattr(sentence, name)
        told = _ask("minnesota-assessment", sentence.day, facts)
        answer = told.answer if told and isinstance(told.answer, dict) else {}
        low, high = _cents(answer.get("floor")), _cents(answer.get("maximum"))
        least = None if least is None or low is None else max(least, low)
        most = None if most is None or high is None else most + high
        explained.append(
            Finding(Item.MINNESOTA, each.statute, low, high, 0, Found.NONE, _plain(told))
        )
    has = ordered.get(Item.MINNESOTA, 0)
    return [
        Finding(Item.MINNESOTA, one.section, least, most, has, _held(has, least, most), one.told)
        for one in explained
    ]


def _federal(
    sentence: Sentence, standing: list[Disposition], ordered: dict[str, int]
) -> list[Finding]:
    found = []
    for each in standing:
        facts: dict[str, Any] = {
            "sentencing_date": sentence.day,
            "statute": each.statute,
            "counts": each.charge.counts,
        }
        if sentence.indigent is not None:
            facts["indigent"] = sentence.indigent
        for name in ("circuit", "counting"):
            if getattr(sentence, name):
                facts[name] = getattr(sentence, name)
        found.append(
            _one(
                Item.TRAFFICKING,
                each,
                _ask("federal-trafficking-assessment", sentence.day, facts),
                ordered,
            )
        )
        plain: dict[str, Any] = {
            "sentencing_date": sentence.day,
            "defendant": "individual",
            "counts": each.charge.counts,
        }
        if each.charge.grade:
            plain["offense_class"] = each.charge.grade
        found.append(
            _one(
                Item.CONVICTION,
                each,
                _ask("federal-conviction-assessment", sentence.day, plain),
                ordered,
            )
        )
        losses: dict[str, Any] = {"sentencing_date": sentence.day, "statute": each.statute}
        if sentence.losses is not None:
            losses["losses"] = sentence.losses
        if sentence.gross is not None:
            losses |= {"gross_value": sentence.gross, "wages": 0}
        told = _ask("federal-restitution", sentence.day, losses)
        found.append(_one(Item.RESTITUTION, each, told, ordered))
    return _together(found)


def _together(found: list[Finding]) -> list[Finding]:
    """What is ordered is one amount an item: it is held against the sum over the convictions."""
    result = []
    for item in Item:
        same = [one for one in found if one.item == item]
        lows = [one.least for one in same]
        least = None if None in lows else sum(low or 0 for low in lows)
        most = None if item == Item.RESTITUTION else least
        if item == Item.RESTITUTION and least is not None:
            least = max((low or 0 for low in lows), default=0)  # one loss, whatever the sections
        result += [
            replace(one, least=least, most=most, found=_held(one.ordered, least, most))
            for one in same
        ]
    return result


def _one(
    item: Item, each: Disposition, told: Explanation | None, ordered: dict[str, int]
) -> Finding:
    due = _cents(told.answer) if told is not None else None
    has = ordered.get(item, 0)
    return Finding(item, each.statute, due, due, has, Found.UNKNOWN, _plain(told))


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


def _years(born: date, day: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
