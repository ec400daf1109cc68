"""The forms of places, events and relationships."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from harborlight.web.accounts.access import may
from harborlight.web.accounts.models import Member
from harborlight.web.cases.events import EventKind, Place, PlaceKind, Tie
from harborlight.web.cases.models import Case
from harborlight.web.cases.persons import Person
from harborlight.web.frame.fields import area, choice, date_of, text


def named(case: Case, member: Member) -> dict[str, str]:
    """The people of a case by key, with their names where the member may open them. Within an
    act."""
    people = Person.objects.filter(pk__in=case.involvements.values("person"))
    opens = may(member, "person", "open")
    told = {}
    for person in people.order_by("added_at"):
        label = str(person)
        if opens:
            names = person.take("prs_FirstName", "prs_SecondName")
            label = " ".join([*(each for each in names.values() if each), f"({person})"])
        told[str(person.pk)] = label
    return told


class PlaceForm(forms.Form):
    """A place. All but county and state is sealed."""

    kind = choice(_("What it is"), PlaceKind.choices)
    name = text(_("What it is called"), required=False, most=100)
    hte_Street = text(_("Street"), required=False, most=100)  # noqa: N815
    hte_City = text(_("Town"), required=False, most=60)  # noqa: N815
    hte_PostalCode = text(_("ZIP code"), required=False, most=10)  # noqa: N815
    county = text(_("County"), required=False, most=60)
    state = text(_("State"), _("Two letters, such as MN"), required=False, most=2)


class EventForm(forms.Form):
    """What happened, when, where, and who was part of it."""

    kind = choice(_("What it is"), EventKind.choices)
    day = date_of(_("Day, if it is known"), required=False)
    what = area(
        _("What happened"), _("In plain words, and no more than is needed."), required=False
    )

    def __init__(self, *args: Any, case: Case, member: Member, **options: Any) -> None:
        super().__init__(*args, **options)
        places = [
            (str(each.pk), f"{each.take('name')['name'] or each} ({each.get_kind_display()})")
            for each in case.places.all()
        ]
        self.places = {str(each.pk): each for each in Place.objects.filter(case=case)}
        self.fields["place"] = choice(_("Place"), [("", "–"), *places], required=False)
        self.fields["people"] = forms.MultipleChoiceField(
            label=_("Who was part of it"),
            choices=list(named(case, member).items()),
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )

    def clean_place(self) -> Place | None:
        return self.places.get(self.cleaned_data["place"])

    def clean_people(self) -> list[Person]:
        return list(Person.objects.filter(pk__in=self.cleaned_data["people"]))


class TieForm(forms.Form):
    """What one person is to another."""

    note = area(_("Who says so, and how it is known"), required=False)

    def __init__(self, *args: Any, case: Case, member: Member, **options: Any) -> None:
        super().__init__(*args, **options)
        people = list(named(case, member).items())
        self.fields["person"] = choice(_("Who"), people)
        self.fields["tie"] = choice(_("What to whom"), Tie.choices)
        self.fields["other"] = choice(_("To whom"), people)
        self.order_fields(["person", "tie", "other", "note"])

    def clean_person(self) -> Person:
        return Person.objects.get(pk=self.cleaned_data["person"])

    def clean_other(self) -> Person:
        return Person.objects.get(pk=self.cleaned_data["other"])
