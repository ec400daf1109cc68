"""The forms of operations and of deconfliction."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from harborlight.web.accounts.models import Agency, Member
from harborlight.web.accounts.roles import AgencyKind
from harborlight.web.cases.models import Case
from harborlight.web.frame.fields import area, choice, text
from harborlight.web.leads.models import Lead
from harborlight.web.operations import looking
from harborlight.web.operations.interests import Sort
from harborlight.web.operations.models import Kind, Operation, Part, Team, Town

SELECT = {"class": "usa-select"}
_LOCAL = "%Y-%m-%dT%H:%M"


def moment(label: Any, *, required: bool = True) -> forms.DateTimeField:
    """A day and a time, in the time zone of the site."""
    widget = forms.DateTimeInput(
        attrs={"type": "datetime-local", "class": "usa-input"}, format=_LOCAL
    )
    return forms.DateTimeField(label=label, widget=widget, required=required)


def one_of(label: Any, rows: QuerySet[Any], *, required: bool = True) -> Any:
    """One record of a list."""
    return forms.ModelChoiceField(
        label=label, queryset=rows, widget=forms.Select(attrs=SELECT), required=required
    )


def number(label: Any, *, least: int = 0, initial: int = 0) -> forms.IntegerField:
    widget = forms.NumberInput(attrs={"class": "usa-input", "inputmode": "numeric"})
    return forms.IntegerField(
        label=label, min_value=least, max_value=10_000, initial=initial, widget=widget
    )


class PlanForm(forms.Form):
    """What it is for, when, and how everybody stays safe."""

    label = text(_("Code word"), _("A word that says nothing of whom or what it is about."))
    starts = moment(_("Starts"))
    ends = moment(_("Ends"))
    objective = area(_("Objective"), _("Kept encrypted."))
    safety = area(
        _("Safety plan"),
        _(
            "For those who are found, first: where they go, who stays with them. Kept encrypted. "
            "Needed before the start."
        ),
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        starts, ends = values.get("starts"), values.get("ends")
        if starts and ends and ends <= starts:
            self.add_error("ends", _("It ends after it starts."))
        return values


class AskForm(forms.Form):
    """Which agency is asked for which part."""

    agency = one_of(_("Agency"), Agency.objects.none())
    part = choice(_("Part"), [each for each in Part.choices if each[0] != Part.LEAD])

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        kinds = (
            AgencyKind.LAW_ENFORCEMENT,
            AgencyKind.CHILD_PROTECTION,
            AgencyKind.NAVIGATOR,
            AgencyKind.PROSECUTOR,
        )
        field: Any = self.fields["agency"]
        field.queryset = Agency.objects.filter(kind__in=kinds, active=True)


class TownForm(forms.Form):
    town = text(_("Town"), _("Such as “New Ulm, MN”."), most=80)


class TeamForm(forms.Form):
    """A team: where, who, and the victim specialist with them."""

    name = text(_("Name"))
    town = one_of(_("Town"), Town.objects.none())
    people: Any = forms.ModelMultipleChoiceField(
        label=_("People"),
        queryset=Member.objects.none(),
        widget=forms.CheckboxSelectMultiple(),
    )
    specialist = one_of(_("Victim specialist"), Member.objects.none(), required=False)

    def __init__(
        self,
        *args: Any,
        towns: QuerySet[Town],
        people: QuerySet[Member],
        specialists: QuerySet[Member],
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        for name, rows in (("town", towns), ("people", people), ("specialist", specialists)):
            field: Any = self.fields[name]
            field.queryset = rows


class PeopleForm(forms.Form):
    """Who of one's own agency is assigned. Who is not marked works on it no longer."""

    people: Any = forms.ModelMultipleChoiceField(
        label=_("People of your agency"),
        queryset=Member.objects.none(),
        widget=forms.CheckboxSelectMultiple(),
        required=False,
    )

    def __init__(self, *args: Any, colleagues: QuerySet[Member], **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["people"]
        field.queryset = colleagues


class TaskForm(forms.Form):
    """What is to be done, by whom, until when."""

    what = area(_("What is to be done"), _("Kept encrypted."))
    who = one_of(_("Who"), Member.objects.none(), required=False)
    due = moment(_("Due"))

    def __init__(self, *args: Any, people: QuerySet[Member], **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["who"]
        field.queryset = people


class LinkForm(forms.Form):
    """A lead or a case of one's own agency, by its number."""

    lead = forms.IntegerField(
        label=_("Number of the lead"),
        min_value=1,
        required=False,
        widget=forms.NumberInput(attrs={"class": "usa-input", "inputmode": "numeric"}),
    )
    case = text(_("Number of the case"), _("Such as 2026-0001."), required=False)

    def __init__(
        self, *args: Any, leads: QuerySet[Lead], cases: QuerySet[Case], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.leads, self.cases = leads, cases

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        if self.errors:
            return values
        if bool(values["lead"]) == bool(values["case"]):
            raise forms.ValidationError(_("Choose a lead or a case."))
        name, rows = ("lead", self.leads) if values["lead"] else ("case", self.cases)
        found = rows.filter(number=values[name]).first()
        if found is None:
            self.add_error(name, _("Your agency has none of this number that you may open."))
        values["record"] = found
        return values


class EventForm(forms.Form):
    """A line of the live board, told from a phone."""

    kind = choice(_("What"), Kind.choices)
    number = number(_("How many"), least=1, initial=1)
    team = one_of(_("Team"), Team.objects.none(), required=False)
    town = one_of(_("Town"), Town.objects.none(), required=False)
    text = area(
        _("In your words"), _("Kept encrypted. Name nobody who need not be named."), required=False
    )

    def __init__(self, *args: Any, operation: Operation, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, rows in (("team", operation.teams.all()), ("town", operation.towns.all())):
            field: Any = self.fields[name]
            field.queryset = rows


class DebriefForm(forms.Form):
    """What it came to: people helped first."""

    helped = number(_("People helped"))
    offered = number(_("Services offered"))
    accepted = number(_("Services accepted"))
    arrests = number(_("Arrests"))
    charges = number(_("Charges"))
    lessons = area(_("What we learned"), _("Kept encrypted."), required=False)

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        if values.get("accepted", 0) > values.get("offered", 0):
            self.add_error("accepted", _("No more services are accepted than were offered."))
        return values


class InterestForm(forms.Form):
    """At what one's agency looks."""

    sort = choice(_("What"), Sort.choices)
    value = text(
        _("Phone; handle, e-mail address or name; or the spot in a town"),
        _("It is turned into a digest and is not kept."),
        required=False,
        most=200,
    )
    town = text(_("Town, for a place"), _("Such as “New Ulm, MN”."), required=False, most=80)
    note = area(_("A note for your own agency"), _("Kept encrypted."), required=False)

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        if self.errors:
            return values
        sort = values["sort"]
        try:
            looking.canonical(sort, values["value"], values["town"])
        except looking.Unreadable as error:
            self.add_error("town" if sort == Sort.PLACE else "value", str(error))
        return values


class ContactForm(forms.Form):
    """Whom another agency calls."""

    contact = one_of(_("Contact"), Member.objects.none())
    phone = text(_("Phone of the office"), _("It is given to the other agency."), most=32)

    def __init__(self, *args: Any, colleagues: QuerySet[Member], **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["contact"]
        field.queryset = colleagues


class SureForm(forms.Form):
    """Nothing is asked but to go on."""
