"""The live board and the debrief: pages that work on a phone, with or without JavaScript."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from harborlight.web.accounts.access import StaffRequest, may, page
from harborlight.web.accounts.asking import ask
from harborlight.web.operations import boarding, forms, planning
from harborlight.web.operations.models import Event, Kind, Operation

LINES = 100
TEXTS = 50


@page("operation", "board", of=Operation)
def board(request: StaffRequest, operation: Operation) -> HttpResponse:
    """The board: counts, people helped first, and the lines without their text."""
    context = {
        **_shown(operation),
        "here": "operations",
        "may_tell": may(request.member, "operation", "tell")
        and operation.status in ("running", "ended"),
    }
    return render(request, "operations/board.html", context)


@page("operation", "board", of=Operation)
def lines(request: StaffRequest, operation: Operation) -> HttpResponse:
    """What of the board changes: asked again every few seconds by the board's page."""
    return render(request, "operations/lines.html", _shown(operation))


def _shown(operation: Operation) -> dict[str, Any]:
    events = Event.objects.filter(operation=operation)
    return {
        "operation": operation,
        "counts": boarding.counts(operation),
        "events": events.select_related("town", "team", "by__user", "corrected_by")[:LINES],
    }


@page("operation", "read", of=Operation)
def texts(request: StaffRequest, operation: Operation) -> HttpResponse:
    """The last lines with their text; each opening is in the audit."""
    events = Event.objects.filter(operation=operation)
    rows = events.select_related("town", "team", "by__user", "corrected_by")[:TEXTS]
    context = {
        "here": "operations",
        "operation": operation,
        "events": [(each, each.take("text")["text"]) for each in rows],
        "may_tell": may(request.member, "operation", "tell"),
    }
    return render(request, "operations/texts.html", context)


@page("operation", "tell", of=Operation)
def tell(request: StaffRequest, operation: Operation) -> HttpResponse:
    """Tell what happens. With `corrects` in the address, it stands for an earlier line."""
    wrong = _corrected(operation, request.GET.get("corrects", ""))
    initial = {"kind": wrong.kind, "number": wrong.number, "team": wrong.team_id,
               "town": wrong.town_id} if wrong else {"kind": Kind.CONTACT}  # fmt: skip
    form = forms.EventForm(request.POST or None, operation=operation, initial=initial)

    def do(values: dict[str, Any]) -> str:
        boarding.tell(operation, request.member, corrects=wrong, **values)
        return _("Told.")

    intro = _("It stands for the line that was told wrongly; that one stays to be seen.")
    title = _("Correct a line") if wrong else _("Tell what happens")
    back = reverse("operations:board", args=[operation.pk])
    return ask(request, form, title, do, back=back, intro=intro if wrong else "")


def _corrected(operation: Operation, key: str) -> Event | None:
    try:
        return Event.objects.get(operation=operation, pk=key) if key else None
    except (Event.DoesNotExist, ValidationError, ValueError):
        raise Http404 from None


@page("operation", "debrief", of=Operation)
def debrief(request: StaffRequest, operation: Operation) -> HttpResponse:
    """What it came to."""
    planning.check_lead(operation, request.member)
    told = {each.kind: each.number for each in boarding.counts(operation)}
    initial = {"helped": told[Kind.HELPED], "arrests": told[Kind.ARREST]}
    form = forms.DebriefForm(request.POST or None, initial=initial)

    def do(values: dict[str, Any]) -> str:
        boarding.debrief(operation, request.member, **values)
        return _("Kept.")

    return ask(request, form, _("Debrief"), do, back=operation.get_absolute_url())
