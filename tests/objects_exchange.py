"""Packages that were brought in, for the tests of the walls."""

from __future__ import annotations

import json
import uuid

from django.utils import timezone

from harborlight.web.accounts.models import Member
from harborlight.web.audit.acts import act
from harborlight.web.cases.models import Case, CaseNumbering
from harborlight.web.exchange import exporting, importing
from harborlight.web.exchange.models import Arrival, Form, Sending
from objects import WORDS, make, makes
from people import TESTER


@makes(Arrival)
def arrival(owner: Member) -> Arrival:
    """A package that the owner brought in; one of its rows was not taken, one cell not read."""
    package = {
        "persons": [{"id": "1", "prs_FirstName": "made-up-words", "prs_Email": str(uuid.uuid4())}],
        "events": [{"hte_Type": "made-up-words", "hte_Date": "2026-01-02"}],
        "comments": [{"cco_CaseComment": " "}],
    }
    with act(TESTER, "test.setup"):
        # Beside the made-up numbers of the cases that the tests make themselves.
        CaseNumbering.objects.get_or_create(
            agency=owner.agency, year=timezone.localdate().year, defaults={"last": 50_000}
        )
        return importing.bring_in("made-up.json", json.dumps(package).encode(), owner)


@makes(Sending)
def sending(owner: Member) -> Sending:
    """A case of the owner, given out to the owner's own agency."""
    with act(TESTER, "test.setup"):
        case = make(Case, owner)
        given, _content = exporting.give(case, owner.agency, "made-up-words", Form.JSON, owner)
    return given


WORDS.append(r"cco_CaseComment")
