"""Reports of crews, for the tests of the walls."""

from __future__ import annotations

import json
import uuid

from harborlight.web.accounts.models import Member
from harborlight.web.crew import receiving
from harborlight.web.crew.models import CrewReport, Quarantine
from objects import arguments, makes


@makes(CrewReport)
def crew_report(owner: Member) -> CrewReport:
    """A report that the owner sent, from the owner's airline."""
    number = str(uuid.uuid4())
    told = {
        "schema": 2,
        "danger": False,
        "reasons": ["answers"],
        "observed": [{"at": "10:05", "what": "made-up-words"}],
    }
    receiving.take(number, json.dumps(told).encode(), owner, "form")
    return CrewReport.objects.get(pk=number)


@makes(Quarantine)
def quarantined(owner: Member) -> Quarantine:
    """Something unreadable that the owner's phone sent."""
    raw = f"not a report {uuid.uuid4()}".encode()
    receiving.quarantine(raw, "", "made-up", owner)
    found = Quarantine.objects.order_by("-received_at").filter(agency=owner.agency).first()
    assert found is not None
    return found


arguments("crew:yearly_notified", lambda _none: {"kind": "all"})
