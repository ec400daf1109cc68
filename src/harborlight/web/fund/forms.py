"""The forms of the fund. Money is typed in dollars, and read exactly or not at all."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from harborlight.web.accounts.models import Agency
from harborlight.web.accounts.roles import AgencyKind
from harborlight.web.directory.models import Record
from harborlight.web.fund.court_tables import Ability
from harborlight.web.fund.grant_tables import Unit
from harborlight.web.fund.importing import cents_of
from harborlight.web.fund.models import Jurisdiction, ObligationKind, Reading


class Money(forms.CharField):
    """Dollars as they are written: `1,234.50`. Gives cents."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput(
            attrs={"class": "usa-input", "inputmode": "decimal", "autocomplete": "off"}
        )
        options.setdefault("help_text", _("In dollars, such as 1,234.50"))
        super().__init__(widget=widget, max_length=20, **options)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if text in (None, ""):
            return 0
        try:
            return cents_of(text)
        except ValueError:
            raise forms.ValidationError(
                _("Dollars, and two places for cents: nothing else is taken.")
            ) from None


def text(label: Any, hint: Any = "", *, required: bool = True, most: int = 40) -> forms.CharField:
    widget = forms.TextInput(attrs={"class": "usa-input", "autocomplete": "off"})
    return forms.CharField(
        label=label, help_text=hint, widget=widget, max_length=most, required=required
    )


def area(label: Any, hint: Any = "", *, required: bool = True) -> forms.CharField:
    widget = forms.Textarea(attrs={"class": "usa-textarea", "rows": 4})
    return forms.CharField(
        label=label, help_text=hint, widget=widget, max_length=4000, required=required
    )


def date_of(label: Any, *, required: bool = True) -> forms.DateField:
    widget = forms.DateInput(attrs={"class": "usa-input", "type": "date"})
    return forms.DateField(label=label, widget=widget, required=required)


def choice(label: Any, choices: Any, *, required: bool = True) -> forms.ChoiceField:
    widget = forms.Select(attrs={"class": "usa-select"})
    return forms.ChoiceField(label=label, choices=choices, widget=widget, required=required)


def count(label: Any) -> forms.IntegerField:
    widget = forms.NumberInput(attrs={"class": "usa-input", "inputmode": "numeric"})
    return forms.IntegerField(label=label, min_value=1, max_value=1_000_000, widget=widget)


def agency(label: Any, kind: AgencyKind) -> forms.ModelChoiceField[Agency]:
    widget = forms.Select(attrs={"class": "usa-select"})
    rows = Agency.objects.filter(kind=kind, active=True)
    return forms.ModelChoiceField(label=label, queryset=rows, widget=widget, required=False)


class OrderForm(forms.Form):
    """An order, and an amount for each kind of obligation that it holds."""

    number = text(_("Number"), _("By which the clerk’s files name the order. No name of a person."))
    jurisdiction = choice(_("Law"), Jurisdiction.choices)
    sentenced = date_of(_("Day of the judgment"))
    person = text(_("Who is to pay"), _("Kept encrypted."), most=200)
    docket = text(_("The court’s number of the case"), _("Kept encrypted."), most=60)
    imprisoned = forms.NullBooleanField(
        label=_("Imprisoned"), widget=forms.NullBooleanSelect(attrs={"class": "usa-select"})
    )
    released = date_of(_("Day of release"), required=False)
    arresting = agency(_("Arresting agency"), AgencyKind.LAW_ENFORCEMENT)
    prosecuting = agency(_("Prosecuting agency"), AgencyKind.PROSECUTOR)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for kind in ObligationKind:
            self.fields[f"amount_{kind}"] = Money(label=kind.label, required=False)

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        amounts = {k: values.pop(f"amount_{k}", 0) for k in ObligationKind.values}
        self.amounts = {kind: cents for kind, cents in amounts.items() if cents}
        if not self.amounts and not self.errors:
            raise forms.ValidationError(_("An order obliges to something: give an amount."))
        return values


class PaymentForm(forms.Form):
    receipt = text(_("Receipt"))
    day = date_of(_("Day"))
    cents = Money(label=_("Amount"))


class DayForm(forms.Form):
    day = date_of(_("Day"))


class RefundForm(forms.Form):
    day = date_of(_("Day"))
    cents = Money(label=_("Amount"))


class ReadingForm(forms.Form):
    reading = choice(_("Counsel’s reading"), Reading.choices)


class ReviewForm(forms.Form):
    day = date_of(_("Day"))
    found = choice(_("Found"), Ability.choices)
    again = date_of(_("Next review"), required=False)


class FileForm(forms.Form):
    file = forms.FileField(
        label=_("CSV file"),
        help_text=_("Columns: order, receipt, date, amount, and if wanted kind."),
        widget=forms.ClearableFileInput(attrs={"class": "usa-file-input", "accept": ".csv"}),
    )


class CallForm(forms.Form):
    title = text(_("Title"), most=120)
    closes = date_of(_("Last day to apply"))
    cents = Money(label=_("Amount in all"))


class ApplyForm(forms.Form):
    unit = choice(_("Buys"), Unit.choices)
    units = count(_("How many"))
    asked = Money(label=_("Amount asked for"))
    plan = area(_("Plan"), _("What will be provided, where and for whom. No name of a person."))


class AwardForm(forms.Form):
    cents = Money(label=_("Amount awarded"))
    conditions = area(_("Conditions"), required=False)


class ReportForm(forms.Form):
    since = date_of(_("From"))
    until = date_of(_("Until"))
    units = count(_("Provided"))
    cents = Money(label=_("Amount to draw"))


class LandForm(forms.Form):
    service: forms.ModelChoiceField[Record] = forms.ModelChoiceField(
        label=_("Service"),
        queryset=Record.objects.none(),
        widget=forms.Select(attrs={"class": "usa-select"}),
    )

    def __init__(self, *args: Any, services: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["service"]
        field.queryset = services  # type: ignore[attr-defined]
        field.label_from_instance = lambda each: each.name  # type: ignore[attr-defined]


class NoForm(forms.Form):
    """Nothing to say: the button alone."""
