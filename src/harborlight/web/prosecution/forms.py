"""The forms of arrests, charges and sentences."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from harborlight.law import current_law
from harborlight.web.accounts.asking import agency
from harborlight.web.accounts.roles import AgencyKind
from harborlight.web.cases.models import Case
from harborlight.web.cases.persons import Allegation, Person
from harborlight.web.frame.fields import Money, area, choice, count, date_of, text, yes_no
from harborlight.web.operations.models import Operation
from harborlight.web.prosecution import statutes
from harborlight.web.prosecution.models import Ending, Grade, Item, Jurisdiction

ALLEGED = [each for each in Allegation.choices if each[0] != Allegation.NONE]
NOT_KNOWN = [("", _("Not known"))]


class ArrestForm(forms.Form):
    """Who, for what, when and where; and on what basis."""

    person: forms.ModelChoiceField[Person] = forms.ModelChoiceField(
        label=_("Person"),
        queryset=Person.objects.none(),
        widget=forms.Select(attrs={"class": "usa-select"}),
    )
    allegation = choice(_("What is alleged"), ALLEGED)
    offense_on = date_of(_("Day of what is alleged"))
    at = forms.DateTimeField(
        label=_("When"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local", "class": "usa-input"}),
    )
    town = text(_("Town"), most=80)
    basis = area(_("Basis"), _("What was seen and heard. Kept encrypted."))
    prosecuting = agency(_("Present to"), AgencyKind.PROSECUTOR, required=False)
    operation: forms.ModelChoiceField[Operation] = forms.ModelChoiceField(
        label=_("In which operation"),
        queryset=Operation.objects.none(),
        required=False,
        widget=forms.Select(attrs={"class": "usa-select"}),
    )

    def __init__(
        self, *args: Any, case: Case, operations: QuerySet[Operation], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        chosen: Any = self.fields["operation"]
        chosen.queryset = operations
        field: Any = self.fields["person"]
        field.queryset = Person.objects.filter(involvements__case=case).distinct()


class PresentForm(forms.Form):
    to = agency(_("Present to"), AgencyKind.PROSECUTOR)


class ChargeForm(forms.Form):
    """A section about what is alleged, with its counts."""

    code = choice(_("Section"), [])
    grade = choice(_("Class of the offense"), [*NOT_KNOWN, *Grade.choices], required=False)
    counts = count(_("Counts"))
    filed_on = date_of(_("Day of the charge"))

    def __init__(self, *args: Any, allegation: str, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["code"]
        field.choices = statutes.choices(allegation, timezone.localdate())


class EndingForm(forms.Form):
    """How a charge ended."""

    ending = choice(_("How it ended"), Ending.choices)
    day = date_of(_("Day"))
    reduced_to = choice(_("Reduced to"), [], required=False)

    def __init__(self, *args: Any, allegation: str, jurisdiction: str, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["reduced_to"]
        field.choices = [
            ("", "–"),
            *(
                each
                for each in statutes.choices(allegation, timezone.localdate())
                if each[0].startswith(jurisdiction + ":")
            ),
        ]

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        if values.get("ending") == Ending.REDUCED and not values.get("reduced_to"):
            self.add_error("reduced_to", _("Say to which section."))
        return values


class SentenceForm(forms.Form):
    """What the court ordered, and what the law asks for to say what is mandatory."""

    jurisdiction = choice(_("Law"), Jurisdiction.choices)
    day = date_of(_("Day of sentencing"))
    docket = text(_("The court’s number of the case"), _("Kept encrypted."), most=60)
    months = forms.IntegerField(
        label=_("Months of confinement"),
        min_value=0,
        max_value=1_200,
        initial=0,
        widget=forms.NumberInput(attrs={"class": "usa-input", "inputmode": "numeric"}),
    )
    indigent = yes_no(_("Indigent"))
    public_defender = yes_no(_("Eligible for a public defender"))
    undue_hardship = yes_no(_("Paying would be an undue hardship"))
    circuit = choice(_("Federal circuit"), [], required=False)
    counting = choice(
        _("Counsel’s reading, where the circuit has not decided"),
        [
            *NOT_KNOWN,
            ("per count", _("An amount for each count")),
            ("per offender", _("One amount for each person convicted")),
        ],
        required=False,
    )
    losses = Money(label=_("Losses of those harmed"), required=False)
    gross = Money(label=_("Gross value of the services"), required=False)
    note = area(_("Note"), _("Kept encrypted."), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["circuit"]
        names = current_law().node("federal.circuits").children
        field.choices = [*NOT_KNOWN, *((name, name) for name in names)]
        for item in Item:
            self.fields[f"amount_{item}"] = Money(label=item.label, required=False)

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        amounts = {item: values.pop(f"amount_{item}", 0) for item in Item.values}
        self.amounts = {item: cents for item, cents in amounts.items() if cents}
        for name in ("losses", "gross"):
            if not self.data.get(name, "").strip():
                values[name] = None
        return values


class SendForm(forms.Form):
    to = agency(_("Clerk"), AgencyKind.FINANCE)
