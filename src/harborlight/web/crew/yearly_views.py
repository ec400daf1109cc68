"""The pages of the yearly report: the numbers, the records behind each, and the file."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from harborlight.web.accounts.access import StaffRequest, may, page
from harborlight.web.crew import yearly as yearly_report
from harborlight.web.crew.models import Origin
from harborlight.web.crew.yearly import AIRPORT, HOTLINE, KINDS, Yearly
from harborlight.web.training import catalog

LABELS = {
    "all": gettext_lazy("Notifications of potential victims"),
    Origin.STAFF.value: gettext_lazy("Noticed first by staff"),
    Origin.PASSENGER.value: gettext_lazy("Noticed first by a passenger"),
    HOTLINE: gettext_lazy("The hotline was told"),
    AIRPORT: gettext_lazy("Airport law enforcement was told"),
    "neither": gettext_lazy("Neither of the two was told"),
}
WHO = {
    "captain": gettext_lazy("Captain"),
    "operations": gettext_lazy("Airline operations"),
    AIRPORT: gettext_lazy("Airport law enforcement"),
    "hsi": gettext_lazy("Homeland Security Investigations"),
    HOTLINE: gettext_lazy("Hotline"),
    "other": gettext_lazy("Somebody else"),
}
METHODS = {
    "person": gettext_lazy("in person"),
    "phone": gettext_lazy("by phone"),
    "radio": gettext_lazy("by radio"),
    "site": gettext_lazy("by this site"),
    "other": gettext_lazy("in another way"),
}
MOST = 500


def _wanted(request: StaffRequest) -> Yearly:
    text = request.GET.get("year", "")
    year = int(text) if text.isdecimal() and 1990 <= int(text) <= 2200 else 0
    return yearly_report.yearly(request.member.agency, year or yearly_report.current_year())


def title_of(course: str) -> str:
    """A course in the language of the page, or its code when the site has it no more."""
    found = catalog.courses().get(course)
    return catalog.in_language(found.title) if found else course


@page("yearly", "see")
def show(request: StaffRequest) -> HttpResponse:
    """The numbers of a year, and who was told of each notification."""
    told = _wanted(request)
    now = yearly_report.current_year()
    context: dict[str, Any] = {
        "here": "yearly",
        "told": told,
        "period": told.period,
        "years": range(now, now - 3, -1),
        "by_course": [(c, title_of(c), number) for c, number in told.by_course.items()],
        "kinds": [(kind, LABELS[kind], len(told.of(kind))) for kind in KINDS],
    }
    return render(request, "crew/yearly.html", context)


@page("yearly", "records")
def trained(request: StaffRequest) -> HttpResponse:
    """Every course that was passed, with the person where the member may open staff."""
    told = _wanted(request)
    course = request.GET.get("course", "")
    rows = [each for each in told.trainings if course in ("", each.course)]
    context: dict[str, Any] = {
        "here": "yearly",
        "told": told,
        "people": len({each.person_id for each in rows}),
        "rows": [
            (each, title_of(each.course), getattr(each, "certificate", None))
            for each in rows[:MOST]
        ],
        "more": max(0, len(rows) - MOST),
        "may_open": may(request.member, "staff", "open"),
    }
    return render(request, "crew/yearly_trained.html", context)


@page("yearly", "records")
def notified(request: StaffRequest, kind: str) -> HttpResponse:
    """The notifications behind a number, and who was told, when and how."""
    if kind not in KINDS:
        raise Http404
    told = _wanted(request)
    rows = told.of(kind)
    context: dict[str, Any] = {
        "here": "yearly",
        "told": told,
        "title": LABELS[kind],
        "number": len(rows),
        "rows": [(each, [_words(telling) for telling in each.told]) for each in rows[:MOST]],
        "more": max(0, len(rows) - MOST),
        "may_open": may(request.member, "crew_report", "open"),
    }
    return render(request, "crew/yearly_notified.html", context)


def _words(telling: yearly_report.Telling) -> dict[str, Any]:
    return {
        "who": telling.who if telling.agency else WHO.get(telling.who, telling.who),
        "agency": telling.agency,
        "at": timezone.localtime(telling.at),
        "how": METHODS.get(telling.method, _("in another way")),
    }


@page("yearly", "see")
def file(request: StaffRequest) -> HttpResponse:
    """The report as a CSV file."""
    told = _wanted(request)
    answer = HttpResponse(yearly_report.text(told), content_type="text/csv; charset=utf-8")
    name = f"trafficking-report-{told.period.year}.csv"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
