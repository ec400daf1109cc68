"""Asking the law whether a person is protected, and acting on its answer.

The decision is asked when age, part or allegation becomes known, kept as the law stood that day,
and asked again when a fact changes. Nobody is arrested or charged for having been sold unless
somebody qualified says that they were an adult: the law of a state may protect more, never less.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from harborlight.law import LawError, ask
from harborlight.web.accounts.models import Member
from harborlight.web.accounts.roles import Role
from harborlight.web.audit.acts import Refused
from harborlight.web.cases.persons import (
    RESTRICTED,
    VERIFIED,
    AgeBasis,
    Allegation,
    Involvement,
    Part,
    Person,
)
from harborlight.web.protection.models import Answer, Clearance, Decision

ADULT = 18

#: Who may say that somebody is an adult.
QUALIFIED = (Role.CASEWORKER, Role.NAVIGATOR, Role.SUPERVISOR)


@cache
def states() -> dict[str, dict[str, Any]]:
    """The rules of each state, of `states.yaml`."""
    told: dict[str, dict[str, Any]] = yaml.safe_load(
        (Path(__file__).parent / "states.yaml").read_text("utf-8")
    )
    return told


def rule_of(person: Person) -> str:
    """The rule of Safe Harbor of the person's state; empty where none is known."""
    return str(states().get(person.state, {}).get("safe_harbor", ""))


def set_age(person: Person, born: date | None, basis: str, member: Member) -> None:
    """Say when somebody was born and how that is known; then ask the law again.

    Refused where somebody who is not qualified says that an age is verified.
    """
    if basis in VERIFIED and member.role not in QUALIFIED:
        raise Refused(_("Your role cannot verify an age."), record=person)
    if basis in VERIFIED and born is None:
        raise Refused(_("A verified age needs a birth date."), record=person)
    person.put(prs_Birthdate=born.isoformat() if born else "")
    person.age_basis = basis if born else AgeBasis.UNKNOWN
    person.age_by = member if person.age_basis in VERIFIED else None
    person.save()
    ask_again(person)


def ask_again(person: Person) -> list[Decision]:
    """Ask the law for every allegation of having been sold, and free who is protected."""
    decisions = []
    rows = Involvement.objects.filter(person=person, allegation=Allegation.HIRED)
    days = {row.offense_on or timezone.localdate() for row in rows}
    days |= set(Clearance.objects.filter(person=person).values_list("offense_on", flat=True))
    for day in sorted(days):
        decisions.append(decide(person, day))
    return decisions


def decide(person: Person, offense_on: date) -> Decision:
    """Ask the law of the day of what is alleged, keep its answer, and act on it."""
    rule = rule_of(person)
    born = born_on(person)
    facts: dict[str, Any] = {"conduct": "hired", "offense_date": offense_on}
    if born is not None and person.age_basis in VERIFIED:
        facts["birth_date"] = born
    decision = Decision(
        person=person,
        allegation=Allegation.HIRED,
        asked_at=timezone.now(),
        offense_on=offense_on,
        rule=rule,
    )
    decision.answer, told = _ask(rule, facts)
    decision.verified = str(told.get("verified", ""))
    decision.put(explanation=told)
    decision.save()
    if is_adult(person, offense_on) and decision.answer == Answer.NO:
        _clear(person, offense_on, decision)
    else:
        _protect(person, offense_on)
    return decision


def _ask(rule: str, facts: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """The law's answer, and its explanation in plain types."""
    if not rule:
        return Answer.UNKNOWN, {
            "conclusion": _("No rule of this state is known here; ask counsel.")
        }
    try:
        told = ask(rule, timezone.localdate(), facts)
    except LawError as error:
        return Answer.UNKNOWN, {"conclusion": str(error)}
    answer = Answer.UNKNOWN
    if told.answer is True:
        answer = Answer.YES
    elif told.answer is False:
        answer = Answer.NO
    return answer, told.to_dict()


def is_adult(person: Person, day: date) -> bool:
    """Whether somebody qualified says that the person was an adult on that day."""
    born = born_on(person)
    if born is None or person.age_basis not in VERIFIED or person.age_by_id is None:
        return False
    return years(born, day) >= ADULT


def years(born: date, day: date) -> int:
    """Whole years of age on a day."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def must_be_adult(person: Person, day: date) -> None:
    """Refused unless the person is known to have been an adult, and the law excludes nothing."""
    rule = rule_of(person)
    fresh = Person.objects.get(pk=person.pk)
    if not is_adult(fresh, day):
        raise _refusal(person, citation_of(rule, day))
    answer, _told = _ask(
        rule, {"conduct": "hired", "offense_date": day, "birth_date": born_on(fresh)}
    )
    if answer != Answer.NO:
        raise _refusal(person, citation_of(rule, day))


def guard(involvement: Involvement) -> None:
    """Before somebody gets a part in a case: not into an arrest or charge for having been sold."""
    if involvement.allegation != Allegation.HIRED or not involvement.restricted:
        return
    day = involvement.offense_on
    if day is None:
        raise Refused(
            _("An arrest or charge for this needs the day of what is alleged."),
            citation=citation_of(rule_of(involvement.person), timezone.localdate()),
            record=involvement.person,
        )
    must_be_adult(involvement.person, day)
    cleared = Clearance.objects.filter(
        person=involvement.person_id, offense_on=day, revoked_at__isnull=True
    )
    if not cleared.exists():
        # Nobody asked yet: ask now, of the facts as they are.
        decide(involvement.person, day)


def _clear(person: Person, day: date, decision: Decision) -> None:
    known = Clearance.objects.filter(person=person, offense_on=day, revoked_at__isnull=True)
    if not known.exists():
        Clearance(person=person, offense_on=day, decision=decision, given_at=timezone.now()).save()


def _protect(person: Person, day: date) -> None:
    """End what must not be, and take back what allowed it, in this order: the database asks."""
    now = timezone.now()
    for row in Involvement.objects.filter(
        person=person, allegation=Allegation.HIRED, part__in=RESTRICTED, ended_at__isnull=True
    ):
        if row.offense_on not in (None, day):
            continue
        row.ended_at, row.end_reason = now, "safe harbor"
        row.save()
        Involvement(
            case=row.case,
            person=person,
            part=Part.POSSIBLE_VICTIM,
            allegation=Allegation.NONE,
            offense_on=row.offense_on,
        ).save()
    for clearance in Clearance.objects.filter(
        person=person, offense_on=day, revoked_at__isnull=True
    ):
        clearance.revoked_at = now
        clearance.save()


def citation_of(rule: str, day: date) -> str:
    """The provisions that a rule stands on, with how far each was checked."""
    if not rule:
        return ""
    told = ask(rule, day, {"conduct": "hired"})
    return "; ".join(dict.fromkeys(f"{each.citation} ({each.verified})" for each in told.citations))


def born_on(person: Person) -> date | None:
    """The birth date, where it is known. Read within an act."""
    told = person.take("prs_Birthdate")["prs_Birthdate"]
    return date.fromisoformat(told) if told else None


def _refusal(person: Person, citation: str) -> Refused:
    """What whoever tries is told, with the way to child protection."""
    told = _(
        "Nobody is arrested, charged or convicted here for having been sold. Unless somebody "
        "qualified says that the person was an adult, they are treated as a minor: refer them to "
        "child protection. Any other allegation stays possible."
    )
    way = reverse("protection:person", args=[person.pk]) + "#refer"
    return Refused(told, citation=citation, record=person, way=way)
