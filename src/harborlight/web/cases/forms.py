"""The forms of cases."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from harborlight.web.accounts.models import Member
from harborlight.web.accounts.permissions import TABLE


class OpenForm(forms.Form):
    """A title, who works on it, and why it is opened."""

    title = forms.CharField(
        label=_("Title"),
        help_text=_("For those who work on it. Do not name anybody as a victim."),
        max_length=200,
        widget=forms.TextInput(attrs={"class": "usa-input", "autocomplete": "off"}),
    )
    assigned = forms.ModelChoiceField(
        label=_("Assigned to"),
        queryset=Member.objects.none(),
        required=False,
        widget=forms.Select(attrs={"class": "usa-select"}),
    )
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("What makes this worth a case. It cannot be changed afterwards."),
        max_length=4000,
        widget=forms.Textarea(attrs={"class": "usa-textarea", "rows": 4}),
    )

    def __init__(self, *args: Any, member: Member, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["assigned"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101
        field.queryset = Member.objects.filter(
            agency=member.agency_id, role__in=TABLE["case", "open"].who, until__isnull=True
        ).select_related("user", "agency")
