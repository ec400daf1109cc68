"""Pages of expungement and of what the law offers."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import models
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from harborlight.web.accounts.access import StaffRequest, may, page, reachable
from harborlight.web.accounts.asking import ask
from harborlight.web.cases.models import Case
from harborlight.web.cases.persons import Person
from harborlight.web.records import expunging, forms, holding, relief
from harborlight.web.records.counting import counts
from harborlight.web.records.models import Request, What
from harborlight.web.records.parts import Record


def _cases(request: StaffRequest, person: Person) -> models.QuerySet[Case]:
    """The person's cases to which the member may add a task."""
    mine = reachable(Case, request.member, "task", "add")
    return mine.filter(pk__in=person.involvements.values("case"))


@page("relief", "see", of=Person)
def offered(request: StaffRequest, person: Person) -> HttpResponse:
    """What the law offers who was convicted or arrested because they were trafficked."""
    form = forms.FactsForm(request.GET or None)
    context = {
        "here": "cases",
        "person": person,
        "form": form,
        "offers": relief.offers(person.state, form.facts()),
        "task_form": forms.TaskForm(cases=_cases(request, person)),
        "may_ask": may(request.member, "expungement", "ask"),
        "may_hold": may(request.member, "legal_hold", "place"),
    }
    return render(request, "records/relief.html", context)


@page("relief", "task", of=Person)
def task(request: StaffRequest, person: Person) -> HttpResponse:
    """A task in the case to ask counsel about it."""
    form = forms.TaskForm(request.POST or None, cases=_cases(request, person))
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        relief.add_task(person, told["case"], told["offer"], request.member)
        messages.success(request, _("The task is kept."))
        return redirect(told["case"])
    return redirect("records:relief", pk=person.pk)


@page("expungement", "ask", of=Person)
def ask_for(request: StaffRequest, person: Person) -> HttpResponse:
    """Ask for an expungement. Another member carries it out."""
    form = forms.AskForm(request.POST or None)

    def do(told: dict[str, Any]) -> str:
        expunging.ask(person, member=request.member, **told)
        return _("Asked. A supervisor who is somebody else carries it out.")

    intro = _(
        "Nothing is removed by asking. An arrest, charge or conviction is removed by a court’s "
        "order alone."
    )
    title = _("Remove the record of %(person)s") % {"person": person}
    back = reverse("protection:person", args=[person.pk])
    return ask(request, form, title, do, back=back, intro=intro)


@page("expungement", "list")
def requests(request: StaffRequest) -> HttpResponse:
    """What is asked, and the counts of what was removed."""
    mine = reachable(Request, request.member, "expungement", "list")
    context = {
        "here": "records",
        "requests": mine.select_related("asked_by__user"),
        "counts": counts(),
    }
    return render(request, "records/requests.html", context)


@page("expungement", "open", of=Request)
def one(request: StaffRequest, asked: Request) -> HttpResponse:
    """What would be removed, and what must be decided first."""
    record = Record(asked.person)
    return _shown(request, asked, record, forms.CarryForm(record=record))


@page("expungement", "carry_out", of=Request)
def carry_out(request: StaffRequest, asked: Request) -> HttpResponse:
    """Remove it."""
    given = request.POST if request.method == "POST" else None
    record = Record(asked.person)
    form = forms.CarryForm(given, record=record)
    if form.is_valid():
        expunging.carry_out(asked, form.chosen(), request.member)
        messages.success(request, _("Removed. A count stays, and the audit says who removed it."))
        return redirect("records:requests")
    return _shown(request, asked, record, form, status=422 if form.errors else 200)


@page("expungement", "drop", of=Request)
def drop(request: StaffRequest, asked: Request) -> HttpResponse:
    """Take the request away; the record stays."""
    if request.method == "POST":
        expunging.drop(asked)
        messages.success(request, _("The request is taken away. The record stays as it is."))
    return redirect("records:requests")


def _shown(
    request: StaffRequest, asked: Request, record: Record, form: forms.CarryForm, status: int = 200
) -> HttpResponse:
    found = record.criminal
    context = {
        "here": "records",
        "asked": asked,
        "told": asked.take(),
        "form": form,
        "first": expunging.first(asked, record),
        "holds": holding.in_force([each.pk for each in record.cases], [record.person.pk]),
        "arrests": len(found.arrests),
        "charges": len(found.charges),
        "convictions": len(found.convictions),
        "alone": record.alone,
        "shared": record.shared,
        "everything": asked.what == What.PERSON,
        "mine": asked.asked_by_id == request.member.pk,
    }
    return render(request, "records/request.html", context, status=status)
