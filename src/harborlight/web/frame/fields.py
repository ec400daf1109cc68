"""Fields of forms that many apps ask for. Money is read exactly or not at all."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

_MONEY = re.compile(r"\$?(\d{1,3}(?:,\d{3})+|\d{1,12})(?:\.(\d\d))?", re.ASCII)


def cents_of(text: str) -> int:
    """`1,234.50` or `$12` in cents. ValueError for anything else: no third place, no sign."""
    found = _MONEY.fullmatch(text.strip())
    if found is None:
        raise ValueError(text)
    return int(found[1].replace(",", "")) * 100 + int(found[2] or 0)


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


def yes_no(label: Any) -> forms.NullBooleanField:
    """Yes, no, or not known."""
    widget = forms.NullBooleanSelect(attrs={"class": "usa-select"})
    return forms.NullBooleanField(label=label, widget=widget, required=False)
