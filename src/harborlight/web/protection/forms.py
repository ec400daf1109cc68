"""Forms of people in cases and of their protection."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from harborlight.web.accounts.models import Agency
from harborlight.web.accounts.roles import AgencyKind
from harborlight.web.cases.persons import AgeBasis, Allegation, Part
from harborlight.web.directory.models import Record
from harborlight.web.directory.niem import CATEGORIES
from harborlight.web.frame.fields import area, choice, date_of, text


def day(label: Any, **more: Any) -> forms.DateField:
    """A day, picked as the browser does it."""
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}), **more)


class IntakeForm(forms.Form):
    """A navigator's intake: ten fields, none of which must be known."""

    prs_FirstName = text(_("First name"), required=False)  # noqa: N815
    prs_SecondName = text(_("Last name"), required=False)  # noqa: N815
    born = date_of(_("Birth date, as they say"), required=False)
    county = text(_("County"), required=False)
    prs_PrimaryLanguage = text(_("Language"), required=False)  # noqa: N815
    prs_MobilePhone = text(_("A safe phone"), required=False)  # noqa: N815
    safety = area(_("What is needed to be safe now"), required=False)
    category = choice(_("What is needed first"), [("", "–"), *CATEGORIES.items()], required=False)
    note = area(_("What they told you, in their words"), required=False)
    consents = forms.BooleanField(
        label=_("They agree that we keep this and look for help"), required=False
    )


class PersonForm(forms.Form):
    """Somebody new in a case that is open."""

    prs_FirstName = forms.CharField(label=_("First name"), required=False, max_length=100)  # noqa: N815
    prs_SecondName = forms.CharField(label=_("Last name"), required=False, max_length=100)  # noqa: N815
    born = day(_("Birth date"), required=False)
    age_basis = forms.ChoiceField(label=_("How the age is known"), choices=AgeBasis)
    county = forms.CharField(label=_("County"), required=False, max_length=64)
    prs_PrimaryLanguage = forms.CharField(label=_("Language"), required=False, max_length=40)  # noqa: N815
    prs_MobilePhone = forms.CharField(label=_("A safe phone"), required=False, max_length=40)  # noqa: N815
    safety = forms.CharField(
        label=_("What is needed to be safe now"), required=False, widget=forms.Textarea
    )
    part = forms.ChoiceField(label=_("Part in the case"), choices=Part)
    allegation = forms.ChoiceField(label=_("What is alleged"), choices=Allegation)
    offense_on = day(_("Day of what is alleged"), required=False)


class PartForm(forms.Form):
    """Another part in the case for somebody who is in it."""

    part = forms.ChoiceField(label=_("Part in the case"), choices=Part)
    allegation = forms.ChoiceField(label=_("What is alleged"), choices=Allegation)
    offense_on = day(_("Day of what is alleged"), required=False)


class AgeForm(forms.Form):
    """When somebody was born, and how that is known."""

    born = day(_("Birth date"), required=False)
    age_basis = forms.ChoiceField(label=_("How the age is known"), choices=AgeBasis)


class ReferForm(forms.Form):
    """To which child protection, and since when one knows."""

    to_agency = forms.ModelChoiceField(label=_("Child protection"), queryset=Agency.objects.none())
    learned_at = forms.DateTimeField(
        label=_("When you learned of it"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        agencies: Any = self.fields["to_agency"]
        agencies.queryset = Agency.objects.filter(kind=AgencyKind.CHILD_PROTECTION, active=True)


class StopForm(forms.Form):
    """What was done about a clock."""

    how = forms.CharField(label=_("What was done"), max_length=200)


class OfferForm(forms.Form):
    """A need of somebody, offered to a service to whose agency they consent."""

    service: forms.ModelChoiceField[Record] = forms.ModelChoiceField(
        label=_("Service"), queryset=Record.objects.none()
    )
    category = forms.ChoiceField(label=_("What is needed"), choices=list(CATEGORIES.items()))
    note = forms.CharField(
        label=_("What the service must know"),
        help_text=_("Sealed. Only what the person agreed to share."),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, services: QuerySet[Record], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["service"]
        field.queryset = services
        field.label_from_instance = lambda record: record.name


class ConsentForm(forms.Form):
    """To whom and for what."""

    recipient = forms.ModelChoiceField(label=_("Recipient"), queryset=Agency.objects.none())
    purpose = forms.CharField(label=_("Purpose"), max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        agencies: Any = self.fields["recipient"]
        agencies.queryset = Agency.objects.filter(active=True)
