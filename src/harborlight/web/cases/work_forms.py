"""The forms of tasks and notes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from harborlight.web.accounts.models import Member
from harborlight.web.cases import notes, tasks
from harborlight.web.cases.work import TaskState
from harborlight.web.frame.fields import area, choice, date_of, text


def worker(label: Any, agency_id: int, *, required: bool = False) -> forms.ModelChoiceField[Member]:
    """Somebody of the agency who can have a task or a case."""
    widget = forms.Select(attrs={"class": "usa-select"})
    rows = tasks.workers(agency_id)
    return forms.ModelChoiceField(label=label, queryset=rows, widget=widget, required=required)


class TaskForm(forms.Form):
    """What is to be done, by whom, by when."""

    what = text(_("What is to be done"), most=200)
    due = date_of(_("Due on"), required=False)

    def __init__(self, *args: Any, agency_id: int, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["assigned"] = worker(_("Who does it"), agency_id)


class TaskChangeForm(forms.Form):
    """Somebody else, or another day."""

    due = date_of(_("Due on"), required=False)

    def __init__(self, *args: Any, agency_id: int, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["assigned"] = worker(_("Who does it"), agency_id)


class TaskEndForm(forms.Form):
    """What became of a task."""

    state = choice(
        pgettext_lazy("a task", "What became of it"),
        [each for each in TaskState.choices if each[0] != TaskState.OPEN],
    )
    how = area(_("What was done, or why it is not needed"), required=False)


class NoteForm(forms.Form):
    """A note and for whom it is."""

    text = area(
        _("Note"), _("What was seen or said, and by whom. A note cannot be changed afterwards.")
    )

    def __init__(self, *args: Any, member: Member, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["audience"] = choice(_("Who may read it"), notes.choices(member))
