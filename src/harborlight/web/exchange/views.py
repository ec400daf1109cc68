"""The pages of the exchange: give a case out, bring a package in, and what was not taken."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from harborlight.web.accounts.access import StaffRequest, may, page, reachable
from harborlight.web.accounts.models import Member
from harborlight.web.cases.models import Case
from harborlight.web.exchange import exporting, forms, importing
from harborlight.web.exchange.models import Arrival, Form, Reject
from harborlight.web.exchange.package import PackageError
from harborlight.web.protection.models import Consent

ON_PAGE = 50
MOST_SHOWN = 500
_TYPES = {Form.JSON: ("application/json", "json"), Form.CSV: ("application/zip", "zip")}


@page("exchange", "export", of=Case)
def export(request: StaffRequest, case: Case) -> HttpResponse:
    """Who consents to what, when the case was given out, and giving it out: the package itself."""
    form = forms.GiveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        sending, content = exporting.give(
            case, told["recipient"], told["purpose"], told["form"], request.member
        )
        kind, ending = _TYPES[Form(sending.form)]
        answer = HttpResponse(content, content_type=kind)
        name = f"htcds-{case.number}.{ending}"
        answer["Content-Disposition"] = content_disposition_header(
            as_attachment=True, filename=name
        )
        return answer
    consents = Consent.objects.filter(
        person__in=case.involvements.values("person"), withdrawn_at__isnull=True
    )
    context = {
        "here": "cases",
        "case": case,
        "form": form,
        "consents": _with_purpose(consents.select_related("person", "recipient")),
        "sendings": _with_purpose(case.sendings.select_related("recipient", "by__user")[:ON_PAGE]),
    }
    return render(request, "exchange/export.html", context, status=422 if form.errors else 200)


def _with_purpose(rows: Iterable[Any]) -> list[tuple[Any, str]]:
    return [(each, each.take("purpose")["purpose"] or "") for each in rows]


@page("exchange", "list")
def arrivals(request: StaffRequest) -> HttpResponse:
    """The packages that were brought in: no name of a file is opened here."""
    mine = reachable(Arrival, request.member, "exchange", "list").select_related("by__user")
    context = {
        "here": "exchange",
        "arrivals": Paginator(mine, ON_PAGE).get_page(request.GET.get("page")),
        "may_import": may(request.member, "exchange", "import"),
    }
    return render(request, "exchange/arrivals.html", context)


@page("exchange", "import")
def bring(request: StaffRequest) -> HttpResponse:
    """Bring a package in."""
    form = forms.BringForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            return redirect(importing.bring_in(upload.name, upload.read(), request.member))
        except PackageError as error:
            form.add_error("file", str(error))
    context = {
        "here": "exchange",
        "form": form,
        "title": _("Bring in a package"),
        "intro": _(
            "Rows that cannot be taken are kept with their reason; the others become cases of your "
            "agency, assigned to you. An age that was verified elsewhere is claimed here until "
            "somebody qualified verifies it. Consents given elsewhere are kept and open nothing: "
            "ask the person."
        ),
        "back": reverse("exchange:arrivals"),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "accounts/ask.html", context, status=status)


@page("exchange", "open", of=Arrival)
def arrival(request: StaffRequest, arrival: Arrival) -> HttpResponse:
    """What became of a package's rows."""
    cases = reachable(Case, request.member, "case", "open").filter(
        opened_from=Arrival._meta.label_lower, opened_from_id=arrival.pk
    )
    kept = arrival.rejects.all()
    context = {
        "here": "exchange",
        "arrival": arrival,
        "name": arrival.take("name")["name"],
        "cases": cases,
        "refused": arrival.rows - arrival.taken,
        "rejects": [_shown(each, arrival, request.member) for each in kept[:MOST_SHOWN]],
        "more": max(0, kept.count() - MOST_SHOWN),
    }
    return render(request, "exchange/arrival.html", context)


def _shown(reject: Reject, arrival: Arrival, member: Member) -> dict[str, Any]:
    """A row and why it was not taken. A note has an audience: whoever brought it in sees it."""
    told = reject.take()
    if reject.table == "comments" and arrival.by_id != member.pk:
        told["row"] = {}
    return {"reject": reject, **told}
