"""The operations of the demonstration: one of New Ulm and Mankato, one only planned."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from harborlight.web.accounts.models import Member

TOWNS = ("New Ulm, MN", "Mankato, MN")

#: What was told on the board: kind, how many, in which of the towns, and the line.
BOARD = (
    ("contact", 2, 0, "Two people talked with the victim specialist."),
    ("helped", 2, 0, "Both chose a place to stay; the navigator went with them."),
    ("arrest", 3, 1, "Three people who came to buy were arrested."),
    ("helped", 1, 1, "One person asked for a phone and a call back tomorrow."),
    ("vehicle", 1, 1, "One car was parked and listed."),
)


def load(by_role: dict[str, Member]) -> int:
    """Both operations, unless there are some. `by_role` has the people of the demonstration by
    their roles. How many it made."""
    from django.utils import timezone

    from harborlight.web.accounts.roles import Role
    from harborlight.web.audit.acts import act
    from harborlight.web.leads.models import Lead
    from harborlight.web.operations import boarding, planning
    from harborlight.web.operations.models import Operation, Part

    if Operation.objects.exists():
        return 0
    lead = by_role[Role.SUPERVISOR]
    investigator, navigator = by_role[Role.INVESTIGATOR], by_role[Role.NAVIGATOR]
    asked = (
        (Part.SPECIALIST, navigator),
        (Part.CHILD_PROTECTION, by_role[Role.CASEWORKER]),
        (Part.PROSECUTOR, by_role[Role.PROSECUTOR]),
    )
    now = timezone.now()
    with act(lead.actor, "demo.load"):
        made = planning.plan(
            lead,
            "Cottonwood",
            now,
            now + timedelta(hours=10),
            "Find who organizes the posting; help whoever wants help.",
            "The specialist speaks first. A place to stay is held before anybody is met.",
        )
        towns = [planning.add_town(made, each, lead) for each in TOWNS]
        planning.assign(made, investigator, lead)
        for part, member in asked:
            planning.agree(planning.ask(made, member.agency, part, lead), member)
        for town in towns:
            planning.add_team(made, town.place, town, [lead, investigator], lead, navigator)
        due = now + timedelta(hours=2)
        planning.finish(
            planning.add_task(made, "Hold two places to stay.", navigator, due), navigator
        )
        for source in Lead.objects.filter(agency=lead.agency_id).order_by("number")[:2]:
            planning.link(made, source, lead)
        planning.start(made, lead)
        made.refresh_from_db()
        for kind, number, where, line in BOARD:
            boarding.tell(made, investigator, kind, number=number, text=line, town=towns[where])
        made.refresh_from_db()
        planning.end(made, lead)
        made.refresh_from_db()
        boarding.debrief(
            made, lead, helped=3, offered=3, accepted=2, arrests=3, charges=0,
            lessons="Two towns need two specialists.",
        )  # fmt: skip
        planning.plan(
            lead,
            "Prairie",
            now + timedelta(days=12),
            now + timedelta(days=13),
            "Look again where the posting moved to.",
        )
    return 2
