"""The pages of all people that a member reaches, and of an intake."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render

from harborlight.web.accounts.access import StaffRequest, page, reachable
from harborlight.web.cases.persons import Person
from harborlight.web.protection import taking_in
from harborlight.web.protection.forms import IntakeForm

ON_PAGE = 25


@page("person", "list")
def people(request: StaffRequest) -> HttpResponse:
    """The people of the cases that this member reaches, the last first. Names are opened, page by
    page."""
    mine = reachable(Person, request.member, "person", "list").order_by("-added_at", "pk")
    shown = Paginator(mine.prefetch_related("involvements__case"), ON_PAGE)
    found = shown.get_page(request.GET.get("page"))
    rows: list[tuple[Person, str, list[Any]]] = []
    for person in found:
        names = person.take("prs_FirstName", "prs_SecondName").values()
        cases = {row.case_id: row.case for row in person.involvements.all()}
        own = [each for each in cases.values() if each.agency_id == request.member.agency_id]
        rows.append((person, " ".join(each for each in names if each), own))
    context = {"here": "people", "shown": found, "rows": rows}
    return render(request, "protection/people.html", context)


@page("person", "take_in")
def take_in(request: StaffRequest) -> HttpResponse:
    """Ten fields, on a phone: a case with a person, their need, and whether they agree."""
    form = IntakeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        person = taking_in.take_in(form.cleaned_data, request.member)
        return redirect("protection:person", pk=person.pk)
    context = {"form": form, "here": "intake"}
    status = 422 if form.errors else 200
    return render(request, "protection/take_in.html", context, status=status)
