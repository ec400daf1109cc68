"""Why a service is shown for a need: what speaks for it, what against, and what is not known."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from harborlight.web.referral.matching import Match

#: For each question: what is said when the answer is yes, no, and not known.
TEXTS: dict[str, tuple[str | Promise, str | Promise, str | Promise]] = {
    "age": (
        gettext_lazy("Takes this age"),
        gettext_lazy("Does not take this age"),
        gettext_lazy("It is not known whether it takes this age: ask"),
    ),
    "gender": (
        gettext_lazy("Takes people of this gender"),
        gettext_lazy("Does not take people of this gender"),
        gettext_lazy("It is not said which genders it takes: ask"),
    ),
    "language": (
        gettext_lazy("Speaks the language"),
        gettext_lazy("Does not name the language: ask for an interpreter"),
        gettext_lazy("It is not said which languages are spoken"),
    ),
    "children": (
        gettext_lazy("Children can come along"),
        gettext_lazy("Children cannot come along"),
        gettext_lazy("It is not said whether children can come along"),
    ),
    "pets": (
        gettext_lazy("Pets can come along"),
        gettext_lazy("Pets cannot come along"),
        gettext_lazy("It is not said whether pets can come along"),
    ),
    "disability": (
        gettext_lazy("The place is accessible"),
        gettext_lazy("The place is not accessible"),
        gettext_lazy("It is not said whether the place is accessible"),
    ),
    "immigration": (
        gettext_lazy("Does not ask for immigration papers"),
        gettext_lazy("May ask for immigration papers"),
        gettext_lazy("It is not said whether it asks for immigration papers"),
    ),
    "cost": (
        gettext_lazy("Costs no more than asked"),
        gettext_lazy("Costs more than asked"),
        gettext_lazy("It is not said what it costs"),
    ),
    "county": (
        gettext_lazy("Serves the county"),
        gettext_lazy("Does not name the county among those it serves"),
        gettext_lazy("It is not said which counties it serves"),
    ),
    "distance": (
        gettext_lazy("Near enough"),
        gettext_lazy("Farther than asked"),
        gettext_lazy("It is not known how far it is"),
    ),
    "bed": (
        gettext_lazy("A place is free"),
        gettext_lazy("No place is free"),
        gettext_lazy("It is not known whether a place is free: call"),
    ),
}


@dataclass
class Reasons:
    """In words, the weightiest first."""

    pro: list[str] = field(default_factory=list)
    contra: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)


def reasons(match: Match) -> Reasons:
    """Why this service is where it is in the list."""
    told = Reasons()
    if match.closed:
        texts = {
            "temporarily closed": _("Closed for now"),
            "inactive": _("Not active"),
            "defunct": _("No longer exists"),
        }
        told.contra.append(texts.get(match.offer.status, _("Not active")))
    for name, answer in match.answers.items():
        if name not in TEXTS:
            continue
        yes, no, unknown = TEXTS[name]
        if name == "bed" and answer:
            free = match.free or 0
            told.pro.append(
                ngettext("%(n)d place is free", "%(n)d places are free", free) % {"n": free}
            )
        elif answer is None:
            told.unknown.append(str(unknown))
        elif answer:
            told.pro.append(str(yes))
        else:
            told.contra.append(str(no))
    return told
