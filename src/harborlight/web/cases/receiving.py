"""What the receiver of a transfer reads of a case that it accepted and does not have yet."""

from __future__ import annotations

from typing import Any

from harborlight.web.accounts.access import may
from harborlight.web.accounts.models import Member
from harborlight.web.cases import attaching, transferring
from harborlight.web.cases.handing import Transfer
from harborlight.web.cases.work import TaskState, for_reader

MOST = 50  # of each kind, on one page


def file_of(transfer: Transfer, member: Member) -> dict[str, Any] | None:
    """The case's title, people, tasks, events, notes and names of files.

    None where the member may not see it.

    Notes are given by their audience, as ever. Each record that is opened is in the audit.
    """
    if not transferring.sight(transfer, member.agency_id).file:
        return None
    case = transfer.case
    people = []
    if may(member, "person", "open"):
        for row in case.involvements.select_related("person")[:MOST]:
            told = row.person.take("prs_FirstName", "prs_SecondName", "safety")
            people.append((row, told))
    events = case.events.all()[:MOST]
    notes = case.notes.filter(for_reader(member)).select_related("member__user")[:MOST]
    open_tasks = case.tasks.filter(state=TaskState.OPEN)[:MOST]
    return {
        "files": [name for _stored, name in attaching.listed(case)[:MOST]],
        "title": case.take("title")["title"],
        "people": people,
        "tasks": [(each, each.take("what")["what"]) for each in open_tasks],
        "events": [(each, each.take("hte_Description")["hte_Description"]) for each in events],
        "notes": [(each, each.take("cco_CaseComment")["cco_CaseComment"]) for each in notes],
    }
