"""The forms of agencies, people and one's own account."""

from __future__ import annotations

from typing import Any, ClassVar

from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _

from harborlight.web.accounts.models import Agency, Member, User
from harborlight.web.accounts.roles import Role, roles_of

LANGUAGES = settings.LANGUAGES


def posted(request: HttpRequest) -> QueryDict | None:
    """What was sent, if this is a request that sends: an empty form is sent too."""
    return request.POST if request.method == "POST" else None


class Styled:
    """Gives every widget the class that USWDS has for it."""

    fields: dict[str, forms.Field]
    use_required_attribute = False

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for field in self.fields.values():
            widget = field.widget
            if isinstance(widget, forms.CheckboxInput):
                continue
            name = "usa-input"
            if isinstance(widget, forms.Textarea):
                name = "usa-textarea"
            elif isinstance(widget, forms.Select):
                name = "usa-select"
            widget.attrs.setdefault("class", name)


class AgencyForm(Styled, forms.ModelForm):  # type: ignore[type-arg]
    """An agency."""

    counties = forms.CharField(
        label=_("Counties served"),
        help_text=_("One a line; none means everywhere."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    class Meta:
        model = Agency
        fields = ("name", "kind", "state", "counties", "takes_reports", "active")
        help_texts: ClassVar = {"state": _("Two letters, for example MN.")}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.instance.pk:
            self.initial["counties"] = "\n".join(self.instance.counties)
            self.fields["kind"].disabled = True  # roles hang on it

    def clean_counties(self) -> list[str]:
        lines = self.cleaned_data["counties"].splitlines()
        return sorted({line.strip() for line in lines if line.strip()})

    def clean_state(self) -> str:
        return str(self.cleaned_data["state"]).upper()


class InviteForm(Styled, forms.Form):
    """Somebody to be invited."""

    email = forms.EmailField(label=_("E-mail address"))
    role = forms.ChoiceField(label=_("Role"))
    language = forms.ChoiceField(label=_("Language of the mail"), choices=LANGUAGES)

    def __init__(self, agency: Agency, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        roles = [role for role in Role if role in roles_of(agency.kind)]
        field = self.fields["role"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        field.choices = [(role.value, role.label) for role in roles]


class EndForm(Styled, forms.Form):
    """Who takes over what is assigned to somebody who leaves."""

    successor = forms.ModelChoiceField(
        Member.objects.none(),
        label=_("Who takes over what is assigned?"),
        empty_label=_("Nobody: back to the agency's queue"),
        required=False,
    )

    def __init__(self, member: Member, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["successor"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101
        field.queryset = (
            Member.objects.filter(agency=member.agency_id, until__isnull=True)
            .exclude(user=member.user_id)
            .exclude(role=Role.ADMINISTRATOR)
            .select_related("user", "agency")
        )


class AcceptForm(Styled, forms.Form):
    """Name and password of somebody new."""

    name = forms.CharField(label=_("Your name"), max_length=150)
    password = forms.CharField(
        label=_("Password"),
        help_text=_("At least twelve characters. A sentence is good."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("Password again"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, email: str, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.email = email

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("password") != given.get("again"):
            self.add_error("again", _("The two passwords are not the same."))
        elif given.get("password"):
            user = User(email=self.email, name=given.get("name", ""))
            try:
                validate_password(given["password"], user)
            except forms.ValidationError as error:
                self.add_error("password", error)
        return given


class AddPasskeyForm(AddWebAuthnForm):  # type: ignore[misc]
    """Allauth's form for a passkey, in the words of this site."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["name"].label = _("Name of the passkey")
        self.fields["passwordless"].label = _("Log in with it alone, without a password")
        self.fields["passwordless"].help_text = _(
            "It then asks for a fingerprint, a face or a PIN, which stay on the device."
        )


class RenamePasskeyForm(EditWebAuthnForm):  # type: ignore[misc]
    """Allauth's form for the name of a passkey, in the words of this site."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["name"].label = _("Name of the passkey")


class ProfileForm(Styled, forms.ModelForm):  # type: ignore[type-arg]
    """One's own name and language."""

    language = forms.ChoiceField(label=_("Language of mails"), choices=LANGUAGES, required=False)

    class Meta:
        model = User
        fields = ("name", "language")
