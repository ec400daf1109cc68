"""What providers fill in: a service, the walls around a location, a package to import."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from harborlight.places.gazetteer import gazetteer
from harborlight.web.directory.languages import NAMES
from harborlight.web.directory.models import View
from harborlight.web.directory.niem import CATEGORIES

_LINE = forms.TextInput(attrs={"class": "usa-input"})
_LINES = forms.Textarea(attrs={"class": "usa-textarea", "rows": 4})
_ONE = forms.Select(attrs={"class": "usa-select"})
_MANY = forms.CheckboxSelectMultiple
_NUMBER = forms.NumberInput(attrs={"class": "usa-input"})

YES_NO = (("", _("Not said")), ("yes", _("Yes")), ("no", _("No")))
STATUSES = (
    ("active", _("Open")),
    ("temporarily closed", _("Closed for now")),
    ("inactive", _("Not active")),
    ("defunct", _("No longer exists")),
)


class ServiceForm(forms.Form):
    """One service, in the words of those who ask for it."""

    name = forms.CharField(label=_("Name of the service"), max_length=255, widget=_LINE)
    status = forms.ChoiceField(label=_("Is it open?"), choices=STATUSES, widget=_ONE)
    phone = forms.CharField(
        label=_("Phone number that everybody may have"),
        help_text=_("Never the number of a confidential place."),
        max_length=40, required=False, widget=_LINE,
    )  # fmt: skip
    description = forms.CharField(label=_("What it does"), required=False, widget=_LINES)
    categories = forms.MultipleChoiceField(
        label=_("Needs it meets"), choices=list(CATEGORIES.items()), widget=_MANY, required=False
    )
    eligibility_description = forms.CharField(label=_("For whom"), required=False, widget=_LINES)
    minimum_age = forms.IntegerField(
        label=_("From age"), min_value=0, max_value=120, required=False, widget=_NUMBER
    )
    maximum_age = forms.IntegerField(
        label=_("To age"), min_value=0, max_value=120, required=False, widget=_NUMBER
    )
    genders = forms.MultipleChoiceField(
        label=_("Genders"),
        choices=(("female", _("Female")), ("male", _("Male")), ("other", _("Other genders"))),
        widget=_MANY, required=False,
    )  # fmt: skip
    languages = forms.MultipleChoiceField(
        label=_("Languages spoken"), choices=list(NAMES.items()), widget=_MANY, required=False
    )
    counties = forms.CharField(
        label=_("Counties served"), help_text=_("With commas between."),
        max_length=1000, required=False, widget=_LINE,
    )  # fmt: skip
    town = forms.CharField(
        label=_("Town that distances are counted to"),
        help_text=_("A larger town of the area served, such as “Mankato, MN”. Of a confidential "
                    "place, not the town it is in, unless everybody may know that."),
        max_length=100, required=False, widget=_LINE,
    )  # fmt: skip
    children = forms.ChoiceField(
        label=_("Can children come along?"), choices=YES_NO, required=False, widget=_ONE
    )
    pets = forms.ChoiceField(
        label=_("Can pets come along?"), choices=YES_NO, required=False, widget=_ONE
    )
    accessible = forms.ChoiceField(
        label=_("Is it accessible to people with disabilities?"),
        choices=YES_NO, required=False, widget=_ONE,
    )  # fmt: skip
    immigration_safe = forms.ChoiceField(
        label=_("Is it open to all, without questions about immigration papers?"),
        choices=YES_NO, required=False, widget=_ONE,
    )  # fmt: skip
    cost = forms.ChoiceField(
        label=_("Cost"),
        choices=(("", _("Not said")), ("free", _("Free")), ("sliding", _("By income")),
                 ("paid", _("Paid"))),
        required=False, widget=_ONE,
    )  # fmt: skip
    application_process = forms.CharField(label=_("How to get in"), required=False, widget=_LINES)
    url = forms.URLField(label=_("Website"), required=False, widget=_LINE, assume_scheme="https")
    places = forms.IntegerField(
        label=_("Beds there are at all"), min_value=0, max_value=10_000, required=False,
        widget=_NUMBER,
    )  # fmt: skip

    def clean_town(self) -> str:
        text: str = self.cleaned_data["town"].strip()
        key = gazetteer().resolve(text) if text else ""
        if key is None:
            raise forms.ValidationError(_("No such town is known. Try “Town, State”."))
        return key

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        low, high = cleaned.get("minimum_age"), cleaned.get("maximum_age")
        if low is not None and high is not None and low > high:
            self.add_error("maximum_age", _("This is below the other age."))
        if any("\x00" in str(value) for value in cleaned.values()):
            raise forms.ValidationError(_("A character cannot be stored."))
        return cleaned


class WallsForm(forms.Form):
    """Who may have the address and the phones of a location."""

    confidential = forms.ChoiceField(
        label=_("Is this place confidential?"), choices=YES_NO[1:], widget=_ONE
    )
    phone_to = forms.TypedChoiceField(
        label=_("Who may have its phone numbers, if it is?"),
        choices=View.choices, coerce=int, widget=_ONE,
    )  # fmt: skip
    address_to = forms.TypedChoiceField(
        label=_("Who may have its address, if it is?"),
        choices=[each for each in View.choices if each[0] >= View.PARTNER],
        coerce=int, widget=_ONE,
    )  # fmt: skip


class ImportForm(forms.Form):
    """A package of HSDS."""

    file = forms.FileField(
        label=_("Package of HSDS 3.1"),
        help_text=_("A .zip of CSV files or of JSON documents, or a single .json or .csv file."),
        widget=forms.ClearableFileInput(attrs={"class": "usa-file-input"}),
    )
    unsaid = forms.ChoiceField(
        label=_("New places that do not say whether they are confidential"),
        choices=(("confidential", _("Keep them confidential")), ("open", _("Show them"))),
        initial="confidential", widget=_ONE,
    )  # fmt: skip


class BedsForm(forms.Form):
    """How many places are free."""

    available = forms.IntegerField(
        label=_("Free now"), min_value=0, max_value=10_000, widget=_NUMBER
    )
