"""The forms of the exchange."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from harborlight.web.accounts.models import Agency
from harborlight.web.exchange.models import Form


class GiveForm(forms.Form):
    """To whom, for what, in which form."""

    recipient = forms.ModelChoiceField(
        label=_("To which agency"),
        queryset=Agency.objects.none(),
        widget=forms.Select(attrs={"class": "usa-select"}),
    )
    purpose = forms.CharField(
        label=_("Purpose"),
        help_text=_("In the words of the consents: a consent is for one recipient and purpose."),
        max_length=200,
        widget=forms.TextInput(attrs={"class": "usa-input", "autocomplete": "off"}),
    )
    form = forms.ChoiceField(
        label=_("Form"), choices=Form, widget=forms.Select(attrs={"class": "usa-select"})
    )

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        field = self.fields["recipient"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101
        field.queryset = Agency.objects.filter(active=True)


class BringForm(forms.Form):
    """A package."""

    file = forms.FileField(
        label=_("Package of HTCDS 2.0"),
        help_text=_("A .json document, or a .zip of CSV files."),
        widget=forms.ClearableFileInput(attrs={"class": "usa-file-input", "accept": ".json,.zip"}),
    )
