"""A made-up case of the demonstration: an intake, what happened, and an offer to a county."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from harborlight.web.accounts.models import Agency, Member

#: What the form of an intake gives. Nobody is meant.
TOLD = {
    "prs_FirstName": "Sample",
    "prs_SecondName": "Person",
    "born": None,
    "county": "Blue Earth",
    "prs_PrimaryLanguage": "en",
    "prs_MobilePhone": "507-555-0117",
    "safety": "Somewhere to stay tonight. Call before you come.",
    "category": "Housing Services",
    "note": "Asked for a bed and for somebody to go with them to school.",
    "consents": True,
}


def load(navigator: Member, county: Agency) -> int:
    """Two intakes of what may be one person, and one of the cases offered to the county's child
    protection; nothing where the navigator's agency has a case. How many cases it made."""
    from django.utils import timezone

    from harborlight.web.audit.acts import act
    from harborlight.web.cases import happened, transferring
    from harborlight.web.cases.events import EventKind, PlaceKind
    from harborlight.web.cases.handing import Why
    from harborlight.web.cases.models import Case
    from harborlight.web.protection.taking_in import take_in

    if Case.objects.filter(agency=navigator.agency).exists():
        return 0
    with act(navigator.actor, "demo.load"):
        people = [take_in({**TOLD, "prs_FirstName": name}, navigator) for name in ("Sample", "Sam")]
        case = people[0].involvements.get().case
        place = happened.keep_place(
            case, PlaceKind.STREET, navigator, name="Bus stop", county="Blue Earth", state="MN"
        )
        happened.keep_event(
            case,
            EventKind.CONTACT,
            "Asked the driver for help.",
            navigator,
            day=timezone.localdate(),
            place=place,
            people=people[:1],
        )
        summary = "Somebody who may be a minor asked for a bed. Safe for tonight."
        transferring.offer(case, county, Why.SERVICES, summary, navigator)
    return len(people)
