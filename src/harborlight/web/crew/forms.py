"""The form of a crew without JavaScript, and the forms of staff."""

from __future__ import annotations

import json
import uuid
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from harborlight.web.accounts.models import Agency
from harborlight.web.accounts.roles import AgencyKind
from harborlight.web.crew import body as bodies
from harborlight.web.crew.models import Origin, Outcome
from harborlight.web.crew.reasons import has_reason, observed


def lines() -> forms.Textarea:
    """A field of a few lines."""
    return forms.Textarea(attrs={"rows": 3})


class CrewForm(forms.Form):
    """A report in one page. The number is given once, when the form is shown."""

    number = forms.UUIDField(widget=forms.HiddenInput)
    danger = forms.ChoiceField(
        label=_("Is somebody in danger right now?"),
        choices=[("no", _("No")), ("yes", _("Yes"))],
        widget=forms.RadioSelect,
        initial="no",
    )
    first_seen_by = forms.ChoiceField(label=_("Who noticed it first?"), choices=Origin)
    flight = forms.CharField(label=_("Flight"), required=False, max_length=20)
    day = forms.DateField(
        label=_("Date of the flight"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    seats = forms.CharField(label=_("Seats"), required=False, max_length=100)
    origin = forms.CharField(label=_("From"), required=False, max_length=100)
    destination = forms.CharField(label=_("To"), required=False, max_length=100)
    connection = forms.CharField(label=_("Next connection"), required=False, max_length=100)
    gate = forms.CharField(label=_("Arrival gate"), required=False, max_length=50)
    arrival = forms.CharField(label=_("Expected arrival"), required=False, max_length=50)
    reasons = forms.MultipleChoiceField(
        label=_("What was done or said?"), required=False, widget=forms.CheckboxSelectMultiple
    )
    observed = forms.CharField(
        label=_("What you saw"),
        help_text=_("What was done, with times if you can."),
        required=False,
        widget=lines(),
    )
    observed_at = forms.CharField(label=_("When you saw it"), required=False, max_length=50)
    heard = forms.CharField(
        label=_("What you heard"),
        help_text=_("The exact words if you can."),
        required=False,
        widget=lines(),
    )
    heard_at = forms.CharField(label=_("When you heard it"), required=False, max_length=50)
    description = forms.CharField(
        label=_("Description of the people"),
        help_text=_("Clothing, looks, luggage: to find them again. It is no reason by itself."),
        required=False,
        widget=lines(),
    )
    inferred = forms.CharField(
        label=_("What you think, or were told by others"), required=False, widget=forms.Textarea
    )
    captain = forms.BooleanField(label=_("The captain was told"), required=False)
    tell = forms.MultipleChoiceField(
        label=_("Also tell"), required=False, widget=forms.CheckboxSelectMultiple
    )
    contact = forms.CharField(label=_("How to reach you"), required=False, max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reasons"].choices = observed(get_language() or "en")  # type: ignore[attr-defined]
        self.fields["tell"].choices = agencies_to_tell()  # type: ignore[attr-defined]
        if not self.is_bound:
            self.initial.setdefault("number", uuid.uuid4())

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        seen = [told.get("observed", ""), told.get("heard", "")]
        if not has_reason(told.get("reasons", []), seen):
            raise forms.ValidationError(
                _(
                    "Write what was done or said. How somebody looks, where they come from or that "
                    "a family looks different is no reason; it can stand under the description."
                )
            )
        return told

    def plain(self) -> bytes:
        """The bytes of the report, as a device would make them."""
        told = self.cleaned_data
        seen = {"at": told["observed_at"], "what": told["observed"]}
        content: dict[str, Any] = {
            "schema": bodies.CURRENT,
            "danger": told["danger"] == "yes",
            "first_seen_by": told["first_seen_by"],
            "day": told["day"].isoformat() if told["day"] else "",
            "reasons": told["reasons"],
            "observed": [seen] if told["observed"] else [],
            "told": [{"who": "captain", "how": "person", "at": ""}] if told["captain"] else [],
            "tell": told["tell"],
        }
        for name in bodies.TEXTS:
            content[name] = told.get(name, "")
        return json.dumps(content, sort_keys=True, ensure_ascii=False).encode()


class OutcomeForm(forms.Form):
    """What came of a report, and why."""

    outcome = forms.ChoiceField(
        label=_("What came of it"),
        choices=[each for each in Outcome.choices if each[0] != "received"],
    )
    why = forms.CharField(label=_("Why"), widget=lines())
    lesson = forms.CharField(
        label=_("What training can learn from it"),
        help_text=_("Without names, flights or dates: trainers read it to write scenarios."),
        required=False,
        widget=lines(),
    )


class TellForm(forms.Form):
    """One more agency to tell."""

    agency = forms.ChoiceField(label=_("Agency"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agency"].choices = agencies_to_tell()  # type: ignore[attr-defined]


def agencies_to_tell() -> list[tuple[str, str]]:
    """The agencies that a crew may choose: law enforcement that takes reports."""
    rows = Agency.objects.filter(
        kind=AgencyKind.LAW_ENFORCEMENT, takes_reports=True, active=True
    ).values_list("pk", "name")
    return [(str(key), name) for key, name in rows]
