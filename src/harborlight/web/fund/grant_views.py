"""Pages of grants: calls, applications, awards, reports, and where they land."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from harborlight.web.accounts.access import StaffRequest, may, page, reachable
from harborlight.web.accounts.asking import ask
from harborlight.web.directory.models import Record
from harborlight.web.fund import forms, grants, landing, tracing
from harborlight.web.fund.models import Call, Forfeiture, Grant, Obligation, Source


@page("grant", "list")
def grant_list(request: StaffRequest) -> HttpResponse:
    """Open calls, and the grants within reach."""
    member = request.member
    context = {
        "here": "fund",
        "calls": Call.objects.filter(closes__gte=timezone.localdate()),
        "grants": reachable(Grant, member, "grant", "list").select_related("call", "agency"),
        "available": grants.available(),
        "may_call": may(member, "grant", "call"),
        "may_apply": may(member, "grant", "apply"),
    }
    return render(request, "fund/grants.html", context)


@page("grant", "open", of=Grant)
def grant(request: StaffRequest, grant: Grant) -> HttpResponse:
    """A grant whole: its plan, its money, its reports, and the orders that paid for it."""
    member = request.member
    traced = tracing.of_grant(grant.number)
    obliged = Obligation.objects.select_related("order").in_bulk(
        [s.obligation for s in traced if s.source == Source.ORDER]
    )
    forfeited = Forfeiture.objects.in_bulk(
        [s.obligation for s in traced if s.source == Source.FORFEIT]
    )
    seen = may(member, "court_order", "list")
    context = {
        "here": "fund",
        "grant": grant,
        "sealed": grant.take(),
        "undrawn": grants.undrawn(grant),
        "reports": grant.reports.all(),
        "traced": [(obliged[s.obligation], s.cents) for s in traced if s.source == Source.ORDER],
        "forfeited": [
            (forfeited[s.obligation], s.cents) for s in traced if s.source == Source.FORFEIT
        ],
        "orders_seen": seen,
        "may": {
            name: may(member, "grant", name, grant)
            for name in ("award", "decline", "report", "pay", "give_back", "land")
        },
    }
    return render(request, "fund/grant.html", context)


@page("grant", "call")
def call(request: StaffRequest) -> HttpResponse:
    """Call for applications."""

    def do(values: dict[str, Any]) -> str:
        Call.objects.create(**values)
        return _("Providers can apply now.")

    form = forms.CallForm(request.POST or None)
    return ask(request, form, _("New call"), do, back=reverse("fund:grants"))


@page("grant", "apply")
def apply(request: StaffRequest, call: int) -> HttpResponse:
    """A provider applies."""
    wanted = get_object_or_404(Call, pk=call)

    def do(values: dict[str, Any]) -> str:
        grants.apply_for(wanted, request.member.agency, values, timezone.localdate())
        return _("You applied.")

    form = forms.ApplyForm(request.POST or None)
    title = _("Apply: %(call)s") % {"call": wanted.title}
    return ask(request, form, title, do, back=reverse("fund:grants"))


@page("grant", "award", of=Grant)
def award(request: StaffRequest, grant: Grant) -> HttpResponse:
    """Promise the money."""

    def do(values: dict[str, Any]) -> str:
        grants.award(grant, values["cents"], values["conditions"], timezone.localdate())
        return _("The grant is awarded.")

    form = forms.AwardForm(request.POST or None)
    return ask(request, form, _("Award"), do, back=grant.get_absolute_url())


@page("grant", "decline", of=Grant)
@require_POST
def decline(request: StaffRequest, grant: Grant) -> HttpResponse:
    """Say no."""
    grants.decline(grant)
    messages.success(request, _("The application is declined."))
    return redirect(grant)


@page("grant", "report", of=Grant)
def report(request: StaffRequest, grant: Grant) -> HttpResponse:
    """A provider reports, and asks for a part of the money."""

    def do(values: dict[str, Any]) -> str:
        grants.report(grant, **values)
        return _("The report is in.")

    form = forms.ReportForm(request.POST or None)
    intro = _("Counts alone: no name of anybody who was helped.")
    return ask(request, form, _("Report"), do, back=grant.get_absolute_url(), intro=intro)


@page("grant", "pay", of=Grant)
@require_POST
def pay(request: StaffRequest, grant: Grant, report: int) -> HttpResponse:
    """Pay what a report asks for."""
    grants.pay(get_object_or_404(grant.reports, pk=report), timezone.localdate())
    messages.success(request, _("It is paid."))
    return redirect(grant)


@page("grant", "give_back", of=Grant)
def give_back(request: StaffRequest, grant: Grant, report: int) -> HttpResponse:
    """A provider returns what was paid against a report: it is the grant's again."""
    paid = get_object_or_404(grant.reports, pk=report)

    def do(values: dict[str, Any]) -> str:
        grants.give_back(paid, values["day"], values["cents"])
        return _("It is booked, and can be drawn again.")

    form = forms.BackForm(request.POST or None)
    intro = _("What a provider returns is the grant’s again. The report stays as it is.")
    return ask(request, form, _("Paid back"), do, back=grant.get_absolute_url(), intro=intro)


@page("grant", "land", of=Grant)
def land(request: StaffRequest, grant: Grant) -> HttpResponse:
    """Put what it bought into the directory, as places of one of the provider's services."""
    own = Record.objects.filter(agency=request.member.agency_id, table="service")

    def do(values: dict[str, Any]) -> str:
        landing.land(grant, values["service"], request.member)
        return _("The places are in the directory.")

    form = forms.LandForm(request.POST or None, services=own)
    return ask(request, form, _("Put into the directory"), do, back=grant.get_absolute_url())
