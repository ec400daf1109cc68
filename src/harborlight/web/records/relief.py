"""What federal law and the law of a person's state offer to who was convicted or arrested because
they were trafficked: asked of `harborlight.law`, with citation, verification and what is not known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from harborlight.law import Explanation, LawError
from harborlight.law import ask as ask_law
from harborlight.web.accounts.models import Member
from harborlight.web.audit.acts import Refused
from harborlight.web.cases import tasks
from harborlight.web.cases.models import Case
from harborlight.web.cases.persons import Person
from harborlight.web.cases.work import Task

FEDERAL, STATE = "federal", "state"
YES, NO, UNKNOWN = "yes", "no", "unknown"
#: The part of what is known of a state's law that this is about.
PART = "vacatur"

SAYS: dict[str, str | Promise] = {
    YES: gettext_lazy("It may be asked for."),
    NO: gettext_lazy("It may not be asked for under this law."),
    UNKNOWN: gettext_lazy("Not known: ask counsel."),
}


@dataclass(frozen=True)
class Cited:
    """A provision, how far it was checked, and since when it holds."""

    citation: str
    verified: str
    since: str
    reference: str
    note: str


@dataclass(frozen=True)
class Offer:
    """What one law offers."""

    key: str
    title: str
    answer: str
    """yes, no or unknown."""
    conclusion: str
    steps: tuple[str, ...]
    cited: tuple[Cited, ...]
    unknown: tuple[str, ...]
    """What to find out: facts, and with dots in the name provisions that no source gave."""

    @property
    def says(self) -> str:
        """The answer in words."""
        return str(SAYS[self.answer])


def offers(state: str, facts: Mapping[str, Any] | None = None) -> list[Offer]:
    """What federal law offers on these facts of `federal-vacatur`, and what is known of the state's
    law, today."""
    return [_federal(facts or {}), _of_state(state)]


def add_task(person: Person, case: Case, key: str, member: Member) -> Task:
    """A task in the case to ask counsel about one of the offers, within an act."""
    if not person.involvements.filter(case=case).exists():
        raise Refused(_("This person is not in the case."), record=person)
    found = next((each for each in offers(person.state) if each.key == key), None)
    if found is None:
        raise Refused(_("There is no such offer."), record=person)
    citations = "; ".join(dict.fromkeys(each.citation for each in found.cited))
    what = _("%(person)s: ask counsel about vacatur and expungement, %(title)s (%(citation)s)")
    told = {"person": person, "title": found.title, "citation": citations or _("no citation")}
    return tasks.add(case, (what % told)[:MOST], member, assigned=None)


#: Letters of a task.
MOST = 200


def _federal(facts: Mapping[str, Any]) -> Offer:
    title = _("Federal law")
    try:
        told = ask_law("federal-vacatur", timezone.localdate(), dict(facts))
    except LawError as error:
        return Offer(FEDERAL, title, UNKNOWN, str(error), (), (), (error.field,))
    return Offer(
        FEDERAL,
        title,
        _answer(told.answer),
        told.conclusion,
        told.steps,
        _cited(told),
        told.unknown,
    )


def _of_state(state: str) -> Offer:
    title = _("Law of %(state)s") % {"state": state}
    try:
        told = ask_law("state-law", timezone.localdate(), {"state": state})
    except LawError as error:
        return Offer(STATE, title, UNKNOWN, str(error), (), (), (error.field,))
    answer = told.answer[PART] if isinstance(told.answer, Mapping) else None
    return Offer(
        STATE,
        title,
        _answer(answer),
        "",
        told.steps[:1],
        _cited(told, PART, "known"),
        tuple(each for each in told.unknown if each.endswith(f".{PART}")),
    )


def _answer(value: Any) -> str:
    if value is True:
        return YES
    return NO if value is False else UNKNOWN


def _cited(told: Explanation, *leaves: str) -> tuple[Cited, ...]:
    """The provisions; of a state's only those of these leaves."""
    return tuple(
        Cited(
            each.citation,
            each.verified,
            each.since.isoformat() if each.since else "",
            each.reference,
            each.note,
        )
        for each in told.citations
        if not leaves or each.parameter.rpartition(".")[2] in leaves
    )
