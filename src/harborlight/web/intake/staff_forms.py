"""Forms of triage: small ones, each for one action."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from harborlight.web.accounts.models import Agency, Member
from harborlight.web.intake.configuration import configuration
from harborlight.web.intake.contacts import Contact
from harborlight.web.intake.counties import counties
from harborlight.web.intake.forms import LANGUAGES, DayInput, PlainForm, text
from harborlight.web.intake.labels import (
    Age,
    Category,
    Danger,
    Method,
    Outcome,
    Outside,
    Purpose,
    Taken,
)


class LabelForm(PlainForm):
    """Labels by which the queue is read."""

    danger = forms.ChoiceField(label=_("Danger"), choices=Danger)
    age = forms.ChoiceField(label=_("Under 18"), choices=Age)
    category = forms.ChoiceField(label=_("About"), choices=Category)
    county = forms.ChoiceField(label=_("County"), required=False)
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["county"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 (for the type checker)
        field.choices = [("", "-"), *((each, each) for each in counties(configuration().state))]


class AssignForm(PlainForm):
    """To whom the report is assigned; empty for nobody."""

    to: forms.ModelChoiceField[Member] = forms.ModelChoiceField(
        Member.objects.none(), label=_("Assign to"), required=False, empty_label=_("Nobody")
    )

    def __init__(self, *args: Any, among: QuerySet[Member], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["to"].queryset = among  # type: ignore[attr-defined]


class NoteForm(PlainForm):
    """A note that only one's own agency reads."""

    text = text(_("Note"), _("Only staff of your agency read it."), rows=3, required=True)


class AskForm(PlainForm):
    """A question that the reporter reads with their receipt."""

    text = text(
        _("Question"),
        _("The reporter reads it when they come back. Ask nothing that puts them in danger."),
        rows=3,
        required=True,
    )


class RouteForm(PlainForm):
    """Agencies to be given the report, and for what."""

    agencies: forms.ModelMultipleChoiceField[Agency] = forms.ModelMultipleChoiceField(
        Agency.objects.none(), label=_("Agencies"), widget=forms.CheckboxSelectMultiple
    )
    purpose = forms.ChoiceField(label=_("For what"), choices=Purpose)

    def __init__(self, *args: Any, among: QuerySet[Agency], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["agencies"].queryset = among  # type: ignore[attr-defined]


class TellForm(PlainForm):
    """That a place outside was told."""

    place = forms.ChoiceField(label=_("Who was told"), choices=Outside)
    name = forms.CharField(
        label=_("Name of the agency"),
        required=False,
        max_length=80,
        help_text=_("If there are several of the kind. No names of people."),
    )
    method = forms.ChoiceField(
        label=_("How"),
        choices=[each for each in Method.choices if each[0] not in (Method.SITE, Method.REPORTER)],
    )
    purpose = forms.ChoiceField(label=_("For what"), choices=Purpose)
    told = forms.DateTimeField(
        label=_("When"),
        help_text=_("Leave empty for now."),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("place") == Outside.OTHER and not data.get("name"):
            self.add_error("name", _("Say which place it is."))
        if data.get("told") and data["told"] > timezone.now():
            self.add_error("told", _("This is in the future."))
        return data


class LinkForm(PlainForm):
    """The report that this one is the same as."""

    number = forms.CharField(
        label=_("Reference of the other report"), max_length=20, help_text="R-0000-000"
    )


class TakeForm(PlainForm):
    """What the agency does with it."""

    taken = forms.ChoiceField(label=_("What your agency does"), choices=Taken, required=False)


class CloseForm(PlainForm):
    """How it ended."""

    outcome = forms.ChoiceField(
        label=_("How it ended"),
        choices=[each for each in Outcome.choices if each[0] != Outcome.WITHDRAWN],
    )


class ContactForm(PlainForm):
    """Another number for a contact, with its source and the day on which it was seen there."""

    number = forms.CharField(label=_("Number"), max_length=40)
    text = forms.CharField(label=_("Number for text messages"), max_length=40, required=False)
    source = forms.CharField(label=_("Where you found this"), max_length=200)
    seen = forms.DateField(label=_("On which day"), widget=DayInput())
    conflict = forms.CharField(label=_("What other sources say"), max_length=200, required=False)

    def clean_seen(self) -> Any:
        seen = self.cleaned_data["seen"]
        if seen > timezone.localdate():
            raise forms.ValidationError(_("This is in the future."))
        return seen

    def clean_number(self) -> str:
        number: str = self.cleaned_data["number"].strip()
        if sum(each.isdigit() for each in number) < 3:
            raise forms.ValidationError(_("A number has at least three digits."))
        return number

    @classmethod
    def of(cls, contact: Contact) -> ContactForm:
        """The form filled with what holds now."""
        names = ("number", "text", "source", "seen", "conflict")
        return cls(initial={name: getattr(contact, name) for name in names})
