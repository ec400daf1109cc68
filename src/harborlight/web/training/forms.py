"""Its forms."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from harborlight.web.training.answers import NONE, REPORT
from harborlight.web.training.models import Work

MOST_BYTES = 20 * 1024 * 1024


class WorkForm(forms.Form):
    """Where somebody works who is on no list of their airline's yet."""

    work = forms.ChoiceField(
        label=_("Where do you work?"), choices=Work.choices, widget=forms.RadioSelect
    )


class ScenarioForm(forms.Form):
    """Would you report it, and how sure are you?"""

    choice = forms.ChoiceField(
        label=_("What would you do?"),
        choices=[(REPORT, _("Report it")), (NONE, _("There is no reason to report"))],
        widget=forms.RadioSelect,
    )
    confidence = forms.TypedChoiceField(
        label=_("How sure are you?"),
        help_text=_("50 is a guess, 100 is certain."),
        choices=[(each, f"{each}%") for each in range(50, 101, 10)],
        coerce=int,
        widget=forms.RadioSelect,
    )


class QuestionForm(forms.Form):
    """One of the options."""

    choice = forms.ChoiceField(label=_("Your answer"), widget=forms.RadioSelect)

    def __init__(self, options: list[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["choice"].choices = [  # type: ignore[attr-defined]
            (str(number), text) for number, text in enumerate(options)
        ]


class CertificateForm(forms.Form):
    """A code, and a name if one wants to know whether it is that one's."""

    code = forms.CharField(
        label=_("Code"),
        help_text=_("20 letters and digits, as they stand on the certificate."),
        max_length=40,
        widget=forms.TextInput(attrs={"class": "usa-input", "autocomplete": "off"}),
    )
    name = forms.CharField(
        label=_("Name (you may leave this empty)"),
        help_text=_("You are told whether it is the name on the certificate. No name is shown."),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"class": "usa-input", "autocomplete": "off"}),
    )


class FileForm(forms.Form):
    """A file of staff."""

    file = forms.FileField(
        label=_("CSV file"),
        help_text=_(
            "With the columns employee number, name and role (cabin or ground), and if you like "
            "e-mail, base and status (active or left)."
        ),
    )
    whole = forms.BooleanField(
        label=_("The file names all of our staff: who is not in it has left"), required=False
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(_("The file is larger than 20 MB."))
        return file


class RecordForm(forms.Form):
    """A course that was taken elsewhere."""

    course = forms.ChoiceField(
        label=_("Course"), widget=forms.Select(attrs={"class": "usa-select"})
    )
    day = forms.DateField(
        label=_("Day"), widget=forms.DateInput(attrs={"class": "usa-input", "type": "date"})
    )
    percent = forms.DecimalField(
        label=_("Score in percent"),
        min_value=0,
        max_value=100,
        max_digits=5,
        decimal_places=2,
        widget=forms.TextInput(attrs={"class": "usa-input", "inputmode": "decimal"}),
    )

    def __init__(self, courses: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["course"].choices = courses  # type: ignore[attr-defined]
