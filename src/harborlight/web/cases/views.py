"""The pages of cases: the list, a case, and opening one from a lead or a report."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from harborlight.web.accounts.access import StaffRequest, may, page, reachable
from harborlight.web.cases import links, tasks
from harborlight.web.cases.forms import OpenForm
from harborlight.web.cases.models import Case
from harborlight.web.cases.opening import open_from_lead, open_from_report
from harborlight.web.intake.models import Report
from harborlight.web.leads import deciding
from harborlight.web.leads.models import Lead

ON_PAGE = 50
ON_CASE = 10  # tasks on the page of a case


@page("case", "list")
def cases(request: StaffRequest) -> HttpResponse:
    """The cases that this member works on or leads, by number: titles are not opened here."""
    mine = reachable(Case, request.member, "case", "list").select_related("assigned__user")
    shown = Paginator(mine, ON_PAGE).get_page(request.GET.get("page"))
    context = {
        "here": "cases",
        "cases": shown,
        "may_compare": may(request.member, "same_person", "list"),
    }
    return render(request, "cases/list.html", context)


@page("case", "open", of=Case)
def case(request: StaffRequest, case: Case) -> HttpResponse:
    """A case."""
    lead = None
    if case.opened_from == "leads.lead" and case.opened_from_id is not None:
        mine = reachable(Lead, request.member, "lead", "open")
        lead = mine.filter(pk=case.opened_from_id).first()
    report = None
    if case.opened_from == "intake.report" and case.opened_from_id is not None:
        told = reachable(Report, request.member, "report", "open")
        report = told.filter(pk=case.opened_from_id).first()
    people = None
    if may(request.member, "person", "open"):
        people = case.involvements.select_related("person")
    to_do = []
    if may(request.member, "task", "list"):
        rows = tasks.open_tasks(request.member).filter(case=case)[:ON_CASE]
        to_do = [(each, each.take("what")["what"], tasks.is_late(each)) for each in rows]
    context = {
        "here": "cases",
        "case": case,
        "to_do": to_do,
        "title": case.take("title")["title"],
        "lead": lead,
        "report": report,
        "people": people,
        "links": links.links(case, request.member),
    }
    return render(request, "cases/case.html", context)


@page("lead", "promote", of=Lead)
def from_lead(request: StaffRequest, lead: Lead) -> HttpResponse:
    """Promote a lead to a case."""
    deciding.check_owner(lead, request.member)
    form = OpenForm(request.POST or None, member=request.member, initial={"title": str(lead)})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        opened = open_from_lead(
            lead,
            request.member,
            given["reason"],
            title=given["title"],
            assigned=given["assigned"],
        )
        messages.success(request, _("Case %(number)s is open.") % {"number": opened.number})
        return redirect(opened)
    context = {"here": "leads", "source": lead, "back": lead.get_absolute_url(), "form": form}
    return render(request, "cases/open.html", context, status=422 if form.errors else 200)


@page("report", "promote", of=Report)
def from_report(request: StaffRequest, report: Report) -> HttpResponse:
    """Open a case from a report."""
    form = OpenForm(request.POST or None, member=request.member, initial={"title": str(report)})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        opened = open_from_report(
            report,
            request.member,
            given["reason"],
            title=given["title"],
            assigned=given["assigned"],
        )
        messages.success(request, _("Case %(number)s is open.") % {"number": opened.number})
        reached = reachable(Case, request.member, "case", "open").filter(pk=opened.pk).exists()
        return redirect(opened) if reached else redirect("cases:list")
    back = reverse("intake:item", args=[report.pk])
    context = {"here": "reports", "source": report, "back": back, "form": form}
    return render(request, "cases/open.html", context, status=422 if form.errors else 200)
