"""Pages of those who read the reports of crews: the queue, a report, what could not be read."""

from __future__ import annotations

import base64

from django.contrib import messages
from django.http import HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from harborlight.web.accounts.access import StaffRequest, may, page, reachable
from harborlight.web.accounts.models import Agency
from harborlight.web.crew import staff
from harborlight.web.crew.forms import OutcomeForm, TellForm
from harborlight.web.crew.models import CrewReport, Quarantine, Review
from harborlight.web.crew.reasons import observed


@page("crew_report", "list")
def queue(request: StaffRequest) -> HttpResponse:
    """Reports by urgency, readable without opening any."""
    rows = reachable(CrewReport, request.member, "crew_report", "list").select_related("agency")
    open_ones = rows.filter(outcome="received").order_by("-danger", "received_at")[:200]
    settled = rows.exclude(outcome="received").order_by("-received_at")[:50]
    unreadable = (
        staff.waiting_in_quarantine(request.member)
        if may(request.member, "quarantine", "open")
        else Quarantine.objects.none()
    )
    return render(
        request,
        "crew/queue.html",
        {"open": open_ones, "settled": settled, "quarantine": unreadable, "here": "crew_queue"},
    )


@page("crew_report", "open", of=CrewReport)
def show(request: StaffRequest, report: CrewReport) -> HttpResponse:
    """A report with all its versions, who was told, and what came of it."""
    return render(
        request,
        "crew/report.html",
        {
            "report": report,
            "readings": staff.open_report(report),
            "reasons": dict(observed(get_language() or "en")),
            "told": report.told.select_related("agency"),
            "reviews": report.reviews.select_related("by__user"),
            "outcome_form": OutcomeForm(),
            "tell_form": TellForm(),
            "may_settle": may(request.member, "crew_report", "settle", report),
            "may_tell": may(request.member, "crew_report", "tell", report),
            "here": "crew_queue",
        },
    )


@page("crew_report", "settle", of=CrewReport)
def settle(request: StaffRequest, report: CrewReport) -> HttpResponse:
    """Say what came of a report."""
    form = OutcomeForm(request.POST)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        staff.settle(report, request.member, told["outcome"], told["why"], told["lesson"])
        messages.success(request, _("Kept. The crew member sees the outcome and no more."))
    elif request.method == "POST":
        messages.error(request, _("An outcome needs a reason."))
    return redirect("crew:show", pk=report.pk)


@page("crew_report", "tell", of=CrewReport)
def tell(request: StaffRequest, report: CrewReport) -> HttpResponse:
    """Give a report to one more agency."""
    form = TellForm(request.POST)
    if request.method == "POST" and form.is_valid():
        agency = Agency.objects.get(pk=form.cleaned_data["agency"])
        if staff.tell_more(report, request.member, agency):
            messages.success(request, _("%s has the report now.") % agency)
        else:
            messages.info(request, _("%s has it already; nobody is told twice.") % agency)
    return redirect("crew:show", pk=report.pk)


@page("quarantine", "open", of=Quarantine)
def unreadable(request: StaffRequest, kept: Quarantine) -> HttpResponse:
    """What came in and could not be read, as far as it is text."""
    text = base64.b64decode(kept.take("body")["body"]).decode("utf-8", "backslashreplace")
    return render(request, "crew/quarantine.html", {"kept": kept, "text": text})


@page("quarantine", "settle", of=Quarantine)
def settle_unreadable(request: StaffRequest, kept: Quarantine) -> HttpResponse:
    """Say that somebody saw to it. It is kept."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    kept.settled_at = timezone.now()
    kept.save(update_fields=["settled_at"])
    return redirect("crew:queue")


@page("crew_report", "lessons")
def lessons(request: StaffRequest) -> HttpResponse:
    """What trainers can learn from reports, unfounded ones above all. No names or flights."""
    rows = Review.objects.filter(report__agency=request.member.agency).order_by("-at")[:100]
    told = [(row.outcome, row.get_outcome_display(), row.take("lesson")["lesson"]) for row in rows]
    return render(
        request,
        "crew/lessons.html",
        {"lessons": [each for each in told if each[2]], "here": "lessons"},
    )
