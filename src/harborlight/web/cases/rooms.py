"""What a case's page leads to: each part of the case that the member may go to."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from harborlight.web.accounts.access import may
from harborlight.web.accounts.models import Member
from harborlight.web.cases.links import Link
from harborlight.web.cases.models import Case

#: A thing and an action, the URL of a case, and what the button says.
_ROOMS = (
    ("event", "list", "cases:timeline", _("Timeline")),
    ("event", "list", "cases:happenings", _("Events, places and relationships")),
    ("task", "add", "cases:add_task", _("Add a task")),
    ("note", "read", "cases:notes", _("Notes")),
    ("case_file", "list", "cases:files", _("Files")),
    ("transfer", "offer", "cases:offer", _("Hand on to another agency")),
)


def links(case: Case, member: Member) -> Iterator[Link]:
    """The parts of this case that this member may go to."""
    for thing, action, url, label in _ROOMS:
        if may(member, thing, action):
            yield Link(label, reverse(url, args=[case.pk]))
