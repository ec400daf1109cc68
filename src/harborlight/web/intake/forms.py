"""The form of a report, and those by which a reporter comes back. They work without JavaScript."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from harborlight.web.intake.attachments import FilesField
from harborlight.web.intake.configuration import configuration
from harborlight.web.intake.counties import counties
from harborlight.web.intake.labels import Age, Category, Channel, Danger, Outside
from harborlight.web.intake.models import Report
from harborlight.web.intake.receipts import NoReceipt, read
from harborlight.web.intake.receiving import Incoming
from harborlight.web.intake.terms import town_of

LONG = 20_000  # characters of a text
SHORT = 500

LANGUAGES = [
    ("en", _("English")),
    ("es", _("Spanish")),
    ("hmn", _("Hmong")),
    ("so", _("Somali")),
    ("other", _("Another language")),
]
#: What a reporter may have told already.
_TOLD = [Outside.EMERGENCY, Outside.HOTLINE, Outside.HSI, Outside.POLICE, Outside.CHILD,
         Outside.CAPTAIN, Outside.OPERATIONS, Outside.AIRPORT]  # fmt: skip


class PlainForm(forms.Form):
    """A form whose fields have the classes of USWDS, and which browsers do not fill by memory."""

    use_required_attribute = False

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for field in self.fields.values():
            style(field)


def style(field: forms.Field) -> None:
    """Give a field's widget the class that USWDS has for it."""
    widget = field.widget
    name = None
    if isinstance(widget, forms.Textarea):
        name = "usa-textarea"
    elif isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        pass
    elif isinstance(widget, forms.Select):
        name = "usa-select"
    elif isinstance(widget, forms.FileInput):
        name = "usa-file-input"
    elif isinstance(widget, forms.widgets.Input) and not widget.is_hidden:
        name = "usa-input"
    if name is not None:
        widget.attrs.setdefault("class", name)
    widget.attrs.setdefault("autocomplete", "off")


def text(label: Any, help_text: Any = "", *, rows: int = 0, required: bool = False) -> Any:
    """A text field: of one line, or of so many rows."""
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
    most = LONG if rows else SHORT
    return forms.CharField(
        label=label, help_text=help_text, required=required, max_length=most, widget=widget
    )


class DayInput(forms.DateInput):
    """A day, by the browser's own calendar if it has one."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class ReportForm(PlainForm):
    """What somebody tells. Only danger and what was seen or heard must be answered."""

    danger = forms.ChoiceField(
        label=_("Is somebody in danger right now?"), choices=Danger, widget=forms.RadioSelect
    )
    observed = text(
        _("What did you see or hear?"),
        _("Only what you saw or heard yourself. Exact words help. Describe what people did, not "
          "who they look like."),
        rows=8,
        required=True,
    )  # fmt: skip
    inferred = text(
        _("What do you think is going on?"),
        _("Your own thoughts, and what others told you. We keep them apart from what you saw."),
        rows=4,
    )
    category = forms.ChoiceField(
        label=_("What is it about?"),
        choices=[*Category.choices],
        initial=Category.OTHER,
        required=False,
    )
    age = forms.ChoiceField(
        label=_("Is somebody under 18 concerned?"),
        choices=Age,
        widget=forms.RadioSelect,
        required=False,
    )
    where = text(
        _("Where was it?"), _("A place, a street, a business, a website, a flight."), rows=2
    )
    town = text(_("Town or city"))
    county = forms.ChoiceField(label=_("County"), required=False)
    when = text(_("When was it?"), _("As well as you remember. Is it still going on?"))
    day = forms.DateField(label=_("Day, if you know it"), required=False, widget=DayInput())
    people = text(
        _("Who was there?"),
        _("Clothing, height, hair, names you heard, who said what. You need not know names."),
        rows=4,
    )
    vehicles = text(_("Vehicles"), _("Make, color, license plate, which way they went."), rows=2)
    contacts = text(
        _("Telephone numbers, online names, links"), _("As you saw them, one on a line."), rows=3
    )
    airline = text(_("Airline"))
    flight = text(_("Flight number"), _("For example DL1234."))
    flight_day = forms.DateField(label=_("Day of the flight"), required=False, widget=DayInput())
    seat = text(_("Seats"))
    route = text(_("From, to, and next connection"))
    attached = FilesField()
    told = forms.MultipleChoiceField(
        label=_("Have you told anybody already?"),
        help_text=_("So that nobody is told twice."),
        choices=[(each.value, each.label) for each in _TOLD],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    name = text(_("Your name"), _("You need not say it."))
    reach = text(
        _("How can we reach you?"),
        _("You need not say it. You can also come back with your receipt."),
    )
    safe_times = text(_("When is it safe to reach you, and how?"))
    language = forms.ChoiceField(
        label=_("Language in which you want to be answered"), choices=LANGUAGES, required=False
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.state = configuration().state
        field = self.fields["county"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 (for the type checker)
        field.choices = [
            ("", _("I do not know")),
            *((each, each) for each in counties(self.state)),
            ("-", _("Outside of this state")),
        ]

    def incoming(self, **more: Any) -> Incoming:
        """What was entered, as content to be sealed and codes. Of a valid form."""
        data = self.cleaned_data
        outside = data["county"] == "-"
        names = [name for name in Report.SEALED if name in data]
        content = {name: _plain(data[name]) for name in names if data[name]}
        state = "" if outside else self.state
        if data["town"]:
            content["where"] = "\n".join(each for each in (data["where"], data["town"]) if each)
        return Incoming(
            content=content,
            codes={
                "danger": data["danger"],
                "age": data["age"] or Age.UNKNOWN,
                "category": data["category"] or Category.OTHER,
                "language": data["language"] or "en",
                "state": state,
                "county": "" if outside else data["county"],
                "town": town_of(data["town"], state),
            },
            told=data["told"],
            files=data["attached"],
            **more,
        )


class EnterForm(ReportForm):
    """A report that came by phone, on paper or in person, entered by staff."""

    channel = forms.ChoiceField(
        label=_("How did it come?"), choices=[each for each in Channel.choices if each[0] != "form"]
    )
    received = forms.DateTimeField(
        label=_("When did it reach you?"),
        required=False,
        help_text=_("Leave empty for now."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    field_order = ("channel", "received")

    def clean_received(self) -> Any:
        received = self.cleaned_data["received"]
        if received is not None and received > timezone.now():
            raise forms.ValidationError(_("This is in the future."))
        return received


class ReceiptForm(PlainForm):
    """The receipt, to come back. POSTed alone: it never stands in a URL or a cookie."""

    receipt = forms.CharField(
        label=_("Your receipt"),
        help_text=_(
            "Twenty letters and figures in five groups. Dashes and capitals do not matter."
        ),
        max_length=60,
        widget=forms.TextInput(attrs={"spellcheck": "false", "autocapitalize": "characters"}),
    )

    def clean_receipt(self) -> str:
        try:
            return read(self.cleaned_data["receipt"])
        except NoReceipt:
            raise forms.ValidationError(
                _("A receipt has twenty letters and figures. Please look again.")
            ) from None


class AddForm(PlainForm):
    """An answer, or anything else to add."""

    text = text(_("What do you want to add?"), rows=6, required=True)
    attached = FilesField()


def _plain(value: Any) -> Any:
    return value if isinstance(value, str) else str(value)
