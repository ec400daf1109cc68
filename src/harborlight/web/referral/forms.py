"""What navigators and providers fill in: a need, an offer, an answer, an end."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from harborlight.places.gazetteer import gazetteer
from harborlight.web.directory.languages import NAMES
from harborlight.web.directory.niem import CATEGORIES, REASONS
from harborlight.web.referral.models import Outcome
from harborlight.web.referral.needs import Need

_LINE = forms.TextInput(attrs={"class": "usa-input"})
_LINES = forms.Textarea(attrs={"class": "usa-textarea", "rows": 3})
_ONE = forms.Select(attrs={"class": "usa-select"})
_MANY = forms.CheckboxSelectMultiple
_NUMBER = forms.NumberInput(attrs={"class": "usa-input"})

COMES_WITH = (
    ("children", _("Children come along")),
    ("pets", _("Pets come along")),
    ("disability", _("Needs an accessible place")),
    ("immigration", _("Must not be asked for immigration papers")),
    ("bed", _("Needs a bed")),
)
MUST = (
    ("language", _("The language")),
    ("children", _("That children can come along")),
    ("pets", _("That pets can come along")),
    ("disability", _("That it is accessible")),
    ("immigration", _("That nobody asks for immigration papers")),
    ("cost", _("The cost")),
    ("county", _("The county")),
    ("distance", _("The distance")),
)


class NeedForm(forms.Form):
    """A need, in ten fields. Nothing of it is kept."""

    category = forms.ChoiceField(
        label=_("What is needed"), choices=list(CATEGORIES.items()), widget=_ONE
    )
    age = forms.IntegerField(
        label=_("Age in years"), help_text=_("Leave it empty if it is not known."),
        min_value=0, max_value=120, required=False, widget=_NUMBER,
    )  # fmt: skip
    gender = forms.ChoiceField(
        label=_("Gender"),
        choices=(("", _("Not asked")), ("female", _("Female")), ("male", _("Male")),
                 ("other", _("Another gender"))),
        required=False, widget=_ONE,
    )  # fmt: skip
    language = forms.ChoiceField(
        label=_("Language"), choices=(("", _("Any")), *NAMES.items()), required=False, widget=_ONE
    )
    county = forms.CharField(label=_("County"), max_length=64, required=False, widget=_LINE)
    town = forms.CharField(
        label=_("Near the town"), help_text=_("Such as “Mankato, MN”."),
        max_length=100, required=False, widget=_LINE,
    )  # fmt: skip
    kilometers = forms.IntegerField(
        label=_("Within kilometers"), min_value=1, max_value=5000, required=False, widget=_NUMBER
    )
    cost = forms.ChoiceField(
        label=_("Cost"),
        choices=(("", _("Any")), ("free", _("Free")), ("sliding", _("Free or by income"))),
        required=False, widget=_ONE,
    )  # fmt: skip
    with_it = forms.MultipleChoiceField(
        label=_("Also"), choices=COMES_WITH, required=False, widget=_MANY
    )
    must = forms.MultipleChoiceField(
        label=_("Required, not only preferred"), choices=MUST, required=False, widget=_MANY
    )

    def clean_town(self) -> str:
        text: str = self.cleaned_data["town"].strip()
        key = gazetteer().resolve(text) if text else ""
        if key is None:
            raise forms.ValidationError(_("No such town is known. Try “Town, State”."))
        return key

    def need(self) -> Need:
        """The need. Only when the form is valid."""
        given: dict[str, Any] = self.cleaned_data
        also = set(given["with_it"])
        return Need(
            category=given["category"],
            age=given["age"],
            gender=given["gender"],
            language=given["language"],
            county=given["county"],
            town=given["town"],
            kilometers=float(given["kilometers"] or 0),
            cost=given["cost"],
            children="children" in also,
            pets="pets" in also,
            disability="disability" in also,
            immigration="immigration" in also,
            bed="bed" in also,
            must=frozenset(given["must"]),
        )


class OfferForm(forms.Form):
    """A referral to one service."""

    category = forms.ChoiceField(
        label=_("What is needed"), choices=list(CATEGORIES.items()), widget=_ONE
    )
    county = forms.CharField(label=_("County"), max_length=64, required=False, widget=_LINE)
    note = forms.CharField(
        label=_("What the service must know"),
        help_text=_("Sealed. Only what the person agreed to share."),
        max_length=4000, required=False, widget=_LINES,
    )  # fmt: skip


class DeclineForm(forms.Form):
    """Why a service does not take it."""

    reason = forms.ChoiceField(label=_("Reason"), choices=list(REASONS.items()), widget=_ONE)
    words = forms.CharField(label=_("In words"), max_length=2000, required=False, widget=_LINES)


class EndForm(forms.Form):
    """How a service ended."""

    outcome = forms.ChoiceField(label=_("How it ended"), choices=Outcome.choices, widget=_ONE)
