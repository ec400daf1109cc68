"""The pages of the timeline, and of places, events and relationships."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from harborlight.web.accounts.access import StaffRequest, page
from harborlight.web.accounts.asking import ask
from harborlight.web.cases import event_forms, happened, timeline
from harborlight.web.cases.events import Relationship
from harborlight.web.cases.models import Case

ON_PAGE = 50


@page("event", "list", of=Case)
def shown_timeline(request: StaffRequest, case: Case) -> HttpResponse:
    """All that happened in a case and around it, the last first."""
    told = timeline.moments(case, request.member)
    shown = Paginator(told, ON_PAGE).get_page(request.GET.get("page"))
    context = {
        "here": "cases",
        "case": case,
        "shown": shown,
        "rows": list(timeline.opened(shown)),
    }
    return render(request, "cases/timeline.html", context)


@page("event", "list", of=Case)
def happenings(request: StaffRequest, case: Case) -> HttpResponse:
    """The places, events and relationships of a case."""
    events = Paginator(
        case.events.select_related("place").prefetch_related("presences__person"), ON_PAGE
    ).get_page(request.GET.get("page"))
    ties = case.relationships.select_related("person", "other")
    context = {
        "here": "cases",
        "case": case,
        "places": [(each, each.take()) for each in case.places.all()[:ON_PAGE]],
        "shown": events,
        "events": [(each, each.take("hte_Description")["hte_Description"]) for each in events],
        "ties": [(each, each.take("note")["note"]) for each in ties[:ON_PAGE]],
        "names": event_forms.named(case, request.member),
    }
    return render(request, "cases/happenings.html", context)


@page("event", "add", of=Case)
def add_event(request: StaffRequest, case: Case) -> HttpResponse:
    """Something that happened."""
    form = event_forms.EventForm(request.POST or None, case=case, member=request.member)

    def do(told: dict[str, Any]) -> str:
        happened.keep_event(
            case,
            told["kind"],
            told["what"],
            request.member,
            day=told["day"],
            place=told["place"],
            people=told["people"],
        )
        return _("Kept.")

    return _ask(request, case, form, _("Something that happened"), do)


@page("place", "add", of=Case)
def add_place(request: StaffRequest, case: Case) -> HttpResponse:
    """A place of a case."""
    form = event_forms.PlaceForm(request.POST or None)

    def do(told: dict[str, Any]) -> str:
        happened.keep_place(case, told.pop("kind"), request.member, **told)
        return _("Kept.")

    return _ask(request, case, form, _("A place"), do)


@page("relationship", "add", of=Case)
def add_tie(request: StaffRequest, case: Case) -> HttpResponse:
    """What one person of a case is to another."""
    form = event_forms.TieForm(request.POST or None, case=case, member=request.member)

    def do(told: dict[str, Any]) -> str:
        happened.relate(
            case, told["person"], told["tie"], told["other"], request.member, told["note"]
        )
        return _("Kept.")

    return _ask(request, case, form, _("Who is what to whom"), do)


@page("relationship", "end", of=Relationship)
def end_tie(request: StaffRequest, relationship: Relationship) -> HttpResponse:
    """End a relationship that was wrong or is over."""
    form = forms.Form(request.POST if request.method == "POST" else None)

    def do(_told: dict[str, Any]) -> str:
        happened.unrelate(relationship, request.member)
        return _("Kept as ended.")

    return _ask(request, relationship.case, form, _("This is wrong, or over"), do)


def _ask(request: StaffRequest, case: Case, form: forms.Form, title: str, do: Any) -> HttpResponse:
    return ask(request, form, title, do, back=reverse("cases:happenings", args=[case.pk]))
