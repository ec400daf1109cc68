"""Pages of legal holds, of closing cases, and of what the site proposes to delete."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from harborlight.web.accounts.access import StaffRequest, page, reachable
from harborlight.web.accounts.asking import ask
from harborlight.web.cases.models import Case
from harborlight.web.cases.persons import Person
from harborlight.web.records import forms, holding, retaining
from harborlight.web.records.models import Closing, LegalHold, Outcome
from harborlight.web.records.policy import policy

ON_PAGE = 50


def _place(request: StaffRequest, record: Case | Person, back: str) -> HttpResponse:
    form = forms.HoldForm(request.POST or None, initial={"since": timezone.localdate()})

    def do(told: dict[str, Any]) -> str:
        holding.place(record, told["why"], request.member, since=told["since"], until=told["until"])
        return _("Held. Nothing of it is deleted until the hold ends.")

    title = _("Legal hold on %(record)s") % {"record": record}
    return ask(request, form, title, do, back=back)


@page("legal_hold", "place", of=Case)
def hold_case(request: StaffRequest, case: Case) -> HttpResponse:
    """Place a hold on a case."""
    return _place(request, case, case.get_absolute_url())


@page("legal_hold", "place", of=Person)
def hold_person(request: StaffRequest, person: Person) -> HttpResponse:
    """Place a hold on a person's record."""
    return _place(request, person, reverse("protection:person", args=[person.pk]))


@page("legal_hold", "list")
def holds(request: StaffRequest) -> HttpResponse:
    """The holds of the agency, those in force and those that ended."""
    mine = reachable(LegalHold, request.member, "legal_hold", "list")
    shown = mine.select_related("case", "person", "placed_by__user", "released_by__user")
    rows = [(each, each.take("why")["why"]) for each in shown[:ON_PAGE]]
    return render(request, "records/holds.html", {"here": "holds", "rows": rows})


@page("legal_hold", "release", of=LegalHold)
def release(request: StaffRequest, hold: LegalHold) -> HttpResponse:
    """Release a hold."""
    form = forms.ReasonForm(request.POST or None)

    def do(told: dict[str, Any]) -> str:
        holding.release(hold, told["why"], request.member)
        return _("Released.")

    title = _("Release %(hold)s") % {"hold": hold}
    return ask(request, form, title, do, back=reverse("records:holds"))


@page("case", "close", of=Case)
def close(request: StaffRequest, case: Case) -> HttpResponse:
    """Close a case with how it ended."""
    form = forms.CloseForm(request.POST or None)

    def do(told: dict[str, Any]) -> str:
        retaining.close(case, told["outcome"], told["why"], request.member)
        return _("Closed.")

    title = _("Close %(case)s") % {"case": case}
    intro = _("How long it is kept goes by how it ended. It can be opened again.")
    return ask(request, form, title, do, back=case.get_absolute_url(), intro=intro)


@page("case", "reopen", of=Closing)
def reopen(request: StaffRequest, closing: Closing) -> HttpResponse:
    """Open a closed case again."""
    if request.method == "POST":
        retaining.reopen(closing, request.member)
        messages.success(request, _("Opened again."))
    return redirect(closing.case)


@page("retention", "list")
def retention(request: StaffRequest) -> HttpResponse:
    """The policy, what the site proposes to delete, and closed cases with their day."""
    mine = reachable(Closing, request.member, "retention", "list").filter(deleted_at__isnull=True)
    closed = mine.filter(case__status=Case.Status.CLOSED).select_related("case")
    terms = [(Outcome(key).label, each) for key, rows in policy().items() for each in rows]
    context = {
        "here": "retention",
        "terms": terms,
        "proposed": closed.filter(proposed_at__isnull=False)[:ON_PAGE],
        "closed": [
            (each, retaining.due(each)) for each in closed.filter(proposed_at=None)[:ON_PAGE]
        ],
    }
    return render(request, "records/retention.html", context)


@page("retention", "decide", of=Closing)
def delete(request: StaffRequest, closing: Closing) -> HttpResponse:
    """Delete what a case tells."""
    if request.method == "POST":
        retaining.delete(closing, request.member)
        messages.success(request, _("Deleted. Number, outcome and days stay."))
    return redirect("records:retention")


@page("retention", "decide", of=Closing)
def keep(request: StaffRequest, closing: Closing) -> HttpResponse:
    """Keep what was proposed, until a day."""
    form = forms.KeepForm(request.POST or None)

    def do(told: dict[str, Any]) -> str:
        retaining.keep(closing, told["until"], told["why"], request.member)
        return _("Kept.")

    title = _("Keep %(case)s") % {"case": closing}
    return ask(request, form, title, do, back=reverse("records:retention"))
