"""Forms of holds, expungements, relief and retention."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from harborlight.web.cases.models import Case
from harborlight.web.frame.fields import area, choice, date_of, text, yes_no
from harborlight.web.records import expunging, relief
from harborlight.web.records.models import Basis, Outcome, What
from harborlight.web.records.parts import Record


class HoldForm(forms.Form):
    """Why, from when, until when."""

    why = area(_("Why it is held"))
    since = date_of(_("From"))
    until = date_of(_("Until (empty: until it is released)"), required=False)


class ReasonForm(forms.Form):
    """Why."""

    why = area(_("Why"))


class AskForm(forms.Form):
    """What is removed, and on what it is asked."""

    what = choice(_("What is removed"), What.choices)
    basis = choice(_("On what it is asked"), Basis.choices)
    ordered_on = date_of(_("Day of the court’s order"), required=False)
    court = text(_("Which court"), required=False, most=120)
    docket = text(_("The court’s number of the case"), required=False, most=60)
    why = area(_("Why"))


class CarryForm(forms.Form):
    """What a human decides about what may be of others, too."""

    sure = forms.BooleanField(
        label=_("I have read what is removed. It cannot be undone."),
        widget=forms.CheckboxInput(attrs={"class": "usa-checkbox__input"}),
    )

    def __init__(self, *args: Any, record: Record, **options: Any) -> None:
        super().__init__(*args, **options)
        files = [
            (str(each.pk), each.take("name")["name"] or str(each)) for each in record.shared_files
        ]
        reports = [(str(each.pk), str(each)) for each in expunging.reports_of(record)]
        leads = [(str(each.pk), str(each)) for each in expunging.leads_of(record)]
        for name, label, rows in (
            ("files", _("Files of cases with others in them: which go"), files),
            ("reports", _("Reports: which are erased whole"), reports),
            ("leads", _("Leads: which are purged, with what was shown of them"), leads),
        ):
            if rows:
                self.fields[name] = forms.MultipleChoiceField(
                    label=label,
                    choices=rows,
                    required=False,
                    widget=forms.CheckboxSelectMultiple,
                )

    def chosen(self) -> expunging.Chosen:
        """What was ticked."""
        told = self.cleaned_data
        return expunging.Chosen(
            files=told.get("files", ()),
            reports=told.get("reports", ()),
            leads=told.get("leads", ()),
        )


class CloseForm(forms.Form):
    """How a case ended."""

    outcome = choice(_("How it ended"), Outcome.choices)
    why = area(_("What was done, and why it ends"))


class KeepForm(forms.Form):
    """Until when, and why."""

    until = date_of(_("Keep it until"))
    why = area(_("Why it is kept"))


UNTOLD = [("", pgettext_lazy("a fact", "Not known"))]


class FactsForm(forms.Form):
    """The facts that the federal rule asks for. They are not kept."""

    relief_from = choice(
        _("Relief from what"),
        [*UNTOLD, ("conviction", _("A conviction")), ("arrest", _("An arrest"))],
        required=False,
    )
    level = choice(
        _("The offense"),
        [
            *UNTOLD,
            ("level A", _("Level A: not violent")),
            ("level B", _("Level B: violent, and no child was its victim")),
            ("neither", _("Neither")),
        ],
        required=False,
    )
    result_of_trafficking = yes_no(_("It was a direct result of having been trafficked"))
    ended_without_conviction = yes_no(
        _("Acquitted, dropped, or reduced to level A and that was cleared")
    )

    def facts(self) -> dict[str, Any]:
        """Those that are known."""
        if not self.is_valid():
            return {}
        return {name: value for name, value in self.cleaned_data.items() if value not in ("", None)}


class TaskForm(forms.Form):
    """In which of the person's cases, and about which offer."""

    case = forms.ModelChoiceField(
        label=_("Case"),
        queryset=Case.objects.none(),
        widget=forms.Select(attrs={"class": "usa-select"}),
    )
    offer = choice(
        _("About what"),
        [(relief.FEDERAL, _("Federal law")), (relief.STATE, _("The law of the state"))],
    )

    def __init__(self, *args: Any, cases: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["case"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - for types
        field.queryset = cases
