"""What auditors look for."""

from __future__ import annotations

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from harborlight.web.audit.models import Entry

OPERATIONS = [
    ("", _("Everything")),
    ("read", _("Reading")),
    ("create", _("Creating")),
    ("change", _("Changing")),
    ("delete", _("Deleting")),
    ("refuse", _("Refused")),
    ("note", _("Other")),
]
TEXT = {"class": "usa-input"}


class AuditForm(forms.Form):
    """By record, who, what and day; all may be left out."""

    record = forms.CharField(label=_("Record"), required=False, widget=forms.TextInput(TEXT))
    actor = forms.CharField(
        label=_("Who (such as: member 12)"), required=False, widget=forms.TextInput(TEXT)
    )
    operation = forms.ChoiceField(
        label=_("What"),
        choices=OPERATIONS,
        required=False,
        widget=forms.Select({"class": "usa-select"}),
    )
    day = forms.DateField(
        label=_("Day"), required=False, widget=forms.DateInput({**TEXT, "type": "date"})
    )

    def narrow(self, rows: models.QuerySet[Entry]) -> models.QuerySet[Entry]:
        """The entries that were asked for."""
        told = self.cleaned_data
        if told["record"]:
            rows = rows.filter(record=told["record"].strip())
        if told["actor"]:
            rows = rows.filter(actor=told["actor"].strip())
        if told["operation"]:
            rows = rows.filter(operation=told["operation"])
        if told["day"]:
            rows = rows.filter(at__date=told["day"])
        return rows
