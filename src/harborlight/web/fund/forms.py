"""The forms of the fund."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from harborlight.web.accounts.asking import agency
from harborlight.web.accounts.roles import AgencyKind
from harborlight.web.directory.models import Record
from harborlight.web.frame.fields import Money, area, choice, count, date_of, text, yes_no
from harborlight.web.fund.court_tables import Ability
from harborlight.web.fund.forfeit_tables import Property
from harborlight.web.fund.grant_tables import Unit
from harborlight.web.fund.models import ObligationKind, Reading
from harborlight.web.prosecution.models import Jurisdiction


class OrderForm(forms.Form):
    """An order, and an amount for each kind of obligation that it holds."""

    number = text(_("Number"), _("By which the clerk’s files name the order. No name of a person."))
    jurisdiction = choice(_("Law"), Jurisdiction.choices)
    sentenced = date_of(_("Day of the judgment"))
    person = text(_("Who is to pay"), _("Kept encrypted."), most=200)
    docket = text(_("The court’s number of the case"), _("Kept encrypted."), most=60)
    imprisoned = yes_no(_("Imprisoned"))
    released = date_of(_("Day of release"), required=False)
    arresting = agency(_("Arresting agency"), AgencyKind.LAW_ENFORCEMENT, required=False)
    prosecuting = agency(_("Prosecuting agency"), AgencyKind.PROSECUTOR, required=False)

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


class NumberForm(forms.Form):
    """By which the clerk's files name an order; all else is the sentence's."""

    number = text(_("Number"), _("By which the clerk’s files name the order. No name of a person."))


class PaymentForm(forms.Form):
    receipt = text(_("Receipt"))
    day = date_of(_("Day"))
    cents = Money(label=_("Amount"))


class ForfeitureForm(forms.Form):
    """What a forfeiture brought, and what comes before it is shared out."""

    receipt = text(_("Receipt"))
    kind = choice(_("What was forfeited"), Property.choices)
    day = date_of(_("Day"))
    cents = Money(label=_("What it brought"))
    liens = Money(label=_("Valid liens"), required=False)
    expenses = Money(label=_("Expenses of seizure, storage, forfeiture and sale"), required=False)
    restitution = Money(label=_("Restitution to be paid from it first"), required=False)


class DayForm(forms.Form):
    day = date_of(_("Day"))


class BackForm(forms.Form):
    day = date_of(_("Day"))
    cents = Money(label=_("Amount paid back"))


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
