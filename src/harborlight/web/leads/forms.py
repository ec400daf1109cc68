"""The forms of leads. Every decision asks for its reason."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from harborlight.web.accounts.models import Agency
from harborlight.web.leads import keeping
from harborlight.web.leads.models import Lead, Purpose


def area(label: Any, hint: Any = "") -> forms.CharField:
    """A field of several lines, in USWDS' markup."""
    widget = forms.Textarea(attrs={"class": "usa-textarea", "rows": 4})
    return forms.CharField(label=label, help_text=hint, widget=widget, max_length=4000)


def text(label: Any, hint: Any = "") -> forms.CharField:
    widget = forms.TextInput(attrs={"class": "usa-input", "autocomplete": "off"})
    return forms.CharField(label=label, help_text=hint, widget=widget, max_length=200)


def choice(label: Any, choices: Any) -> forms.ChoiceField:
    widget = forms.Select(attrs={"class": "usa-select"})
    return forms.ChoiceField(label=label, choices=choices, widget=widget)


class ReasonForm(forms.Form):
    """A decision that needs a reason and nothing else."""

    reason = area(
        _("Reason"),
        _("What you saw, for and against. Who reviews this later reads it. It cannot be changed."),
    )


class HoldForm(ReasonForm):
    """Until when, and why."""

    until = forms.DateField(
        label=_("Hold until"),
        widget=forms.DateInput(attrs={"class": "usa-input", "type": "date"}),
    )
    field_order = ("until", "reason")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["until"].help_text = _("%(day)s at the latest.") % {
            "day": keeping.longest_hold().isoformat()
        }

    def clean_until(self) -> date:
        until: date = self.cleaned_data["until"]
        if not timezone.localdate() < until <= keeping.longest_hold():
            raise forms.ValidationError(_("A day after today, and not later than said above."))
        return until


class MergeForm(ReasonForm):
    """Into which lead, by its number, and why."""

    into = forms.IntegerField(
        label=_("Into lead number"),
        min_value=1,
        widget=forms.NumberInput(attrs={"class": "usa-input", "inputmode": "numeric"}),
    )
    field_order = ("into", "reason")

    def __init__(self, *args: Any, lead: Lead, **options: Any) -> None:
        super().__init__(*args, **options)
        self.lead = lead

    def clean_into(self) -> Lead:
        number = self.cleaned_data["into"]
        found = Lead.objects.filter(agency=self.lead.agency_id, number=number).first()
        if found is None or found.pk == self.lead.pk:
            raise forms.ValidationError(_("Your agency has no other lead of this number."))
        return found


class ShareForm(ReasonForm):
    """To which agency, for which purpose, and why."""

    agency = forms.ModelChoiceField(
        label=_("Agency"),
        queryset=Agency.objects.none(),
        widget=forms.Select(attrs={"class": "usa-select"}),
    )
    purpose = choice(_("Purpose"), Purpose.choices)
    field_order = ("agency", "purpose", "reason")

    def __init__(self, *args: Any, lead: Lead, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["agency"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101
        field.queryset = Agency.objects.filter(active=True).exclude(pk=lead.agency_id)


class ToldForm(ReasonForm):
    """To whom something was told, what, for which purpose, and why."""

    recipient = text(_("To whom"), _("Name, and the office or agency."))
    what = area(_("What was told"))
    purpose = choice(_("Purpose"), Purpose.choices)
    field_order = ("recipient", "what", "purpose", "reason")


class ImportForm(forms.Form):
    """A run's folder, packed."""

    file = forms.FileField(
        label=_("ZIP file of the folder"),
        help_text=_("The folder that “harborlight recognize” wrote, up to 25 MB packed."),
        widget=forms.ClearableFileInput(
            attrs={"class": "usa-file-input", "accept": ".zip,application/zip"}
        ),
    )


class WhyForm(forms.Form):
    """Two ads of a lead, by their numbers."""

    a = forms.IntegerField(
        label=_("Ad"), min_value=1, widget=forms.NumberInput(attrs={"class": "usa-input"})
    )
    b = forms.IntegerField(
        label=_("and ad"), min_value=1, widget=forms.NumberInput(attrs={"class": "usa-input"})
    )
