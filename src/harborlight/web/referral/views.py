"""Pages of matching, holds and referrals."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from harborlight.web.accounts.access import StaffRequest, may, page, reachable
from harborlight.web.audit.acts import Refused, when
from harborlight.web.directory.capacity import STALE
from harborlight.web.directory.models import Beds, Record
from harborlight.web.directory.niem import CATEGORIES
from harborlight.web.directory.projection import of_member
from harborlight.web.referral import holds, referrals
from harborlight.web.referral.forms import DeclineForm, EndForm, NeedForm, OfferForm
from harborlight.web.referral.matching import match
from harborlight.web.referral.models import Hold, HoldState, Referral, ReferralState, Why
from harborlight.web.referral.reasons import reasons

SHOWN = 30


@page("referral", "match")
@require_http_methods(["GET", "POST"])
def find(request: StaffRequest) -> HttpResponse:
    """A need in ten fields; the services that may fit, with reasons. The need is sent by POST, so
    that it stands in no address, and is not kept."""
    form = NeedForm(request.POST or None, initial={"category": "Housing Services"})
    shown: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.is_valid():
        found = match(form.need(), of_member(request.member))
        shown["found"] = [(each, reasons(each)) for each in found[:SHOWN]]
        shown["count"] = len(found)
        shown["may_hold"] = may(request.member, "referral", "hold")
        shown["hidden"] = [(name, value) for name, values in request.POST.lists()
                           for value in values if name != "csrfmiddlewaretoken"]  # fmt: skip
    return render(request, "referral/find.html", shown)


@page("referral", "count_unmet")
@require_POST
def unmet(request: StaffRequest) -> HttpResponse:
    """Count that nothing was found for a need."""
    form = NeedForm(request.POST)
    if not form.is_valid():
        return redirect("referral:find")
    need = form.need()
    found = match(need, of_member(request.member))
    open_ones = [each for each in found if not each.closed]
    why = Why.NONE if not found else Why.FULL if open_ones else Why.CLOSED
    referrals.count_unmet(
        request.member, need.category, why,
        county=need.county, language=need.language, age=need.age,
    )  # fmt: skip
    messages.success(request, _("Counted. Nothing of the person was kept."))
    return redirect("referral:find")


@page("referral", "hold")
@require_POST
def hold(request: StaffRequest, beds: int) -> HttpResponse:
    """Hold one free place for four hours."""
    row = get_object_or_404(Beds, pk=beds)
    if row not in of_member(request.member).beds(row.service):
        raise Http404
    if when() - row.said_at > STALE:
        messages.warning(request, _("What was said of free places is old. Call, too."))
    try:
        holds.hold(row.pk, request.member)
    except Refused as refused:
        messages.error(request, refused.reason)
    else:
        messages.success(request, _("One place is held for four hours."))
    return redirect("referral:holds")


@page("referral", "see_holds")
@require_GET
def held(request: StaffRequest) -> HttpResponse:
    """The places held by one's agency, and those held of one's own."""
    rows = reachable(Hold, request.member, "referral", "see_holds")
    active = rows.filter(state=HoldState.HELD, until__gt=when())
    listed = active.select_related("beds__service__offer", "agency", "member__user")
    return render(request, "referral/holds.html", {"holds": listed})


@page("referral", "release", of=Hold)
@require_POST
def release(request: StaffRequest, hold: Hold) -> HttpResponse:
    """Give a held place back."""
    try:
        holds.release(hold)
    except Refused as refused:
        messages.error(request, refused.reason)
    else:
        messages.success(request, _("The place is free again."))
    return redirect("referral:holds")


@page("referral", "list")
@require_GET
def queue(request: StaffRequest) -> HttpResponse:
    """Referrals that one's agency offered or was offered."""
    rows = reachable(Referral, request.member, "referral", "list")
    listed = rows.select_related("service", "from_agency", "to_agency")
    shown = Paginator(listed, 50).get_page(request.GET.get("page"))
    return render(request, "referral/list.html", {"page": shown})


@page("referral", "offer")
@require_http_methods(["GET", "POST"])
def offer(request: StaffRequest, key: str) -> HttpResponse:
    """Offer a need to a service."""
    services = of_member(request.member).records("service")
    service: Record = get_object_or_404(services, key=str(key))
    form = OfferForm(request.POST or None, initial={"category": request.GET.get("category")})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        mine = Hold.objects.filter(
            beds__service=service, agency=request.member.agency, state=HoldState.HELD,
            until__gt=when(), referrals__isnull=True,
        ).first()  # fmt: skip
        made = referrals.offer(
            service, request.member, given["category"],
            county=given["county"], note=given["note"], hold=mine,
        )  # fmt: skip
        messages.success(request, _("Offered."))
        return redirect("referral:one", pk=made.pk)
    return render(request, "referral/offer.html", {"form": form, "service": service})


@page("referral", "open", of=Referral)
@require_GET
def one(request: StaffRequest, referral: Referral) -> HttpResponse:
    """One referral, with what its agencies wrote, and the steps that are open."""
    member = request.member
    own = member.agency_id == referral.to_agency_id
    mine = member.agency_id == referral.from_agency_id
    state = referral.state
    return render(
        request,
        "referral/one.html",
        {
            "referral": referral,
            "content": referral.take() if mine or state != ReferralState.WITHDRAWN else {},
            "category": CATEGORIES[referral.category],
            "may_accept": own and state == ReferralState.OFFERED,
            "may_decline": own and state in (ReferralState.OFFERED, ReferralState.ACCEPTED),
            "may_start": own and state == ReferralState.ACCEPTED,
            "may_end": own and state == ReferralState.STARTED,
            "may_withdraw": mine and state in (ReferralState.OFFERED, ReferralState.ACCEPTED),
            "decline": DeclineForm(),
            "end": EndForm(),
        },
    )


@page("referral", "answer", of=Referral)
@require_POST
def answer(request: StaffRequest, referral: Referral, step: str) -> HttpResponse:
    """The service's own steps: accept, decline, start, end."""
    given: dict[str, str] = {}
    if step in ("decline", "end"):
        form = DeclineForm(request.POST) if step == "decline" else EndForm(request.POST)
        if not form.is_valid():
            messages.error(request, _("Choose one of the list."))
            return redirect("referral:one", pk=referral.pk)
        given = form.cleaned_data
    if request.member.agency_id != referral.to_agency_id:
        messages.error(request, _("Only the agency it was offered to answers it."))
        return redirect("referral:one", pk=referral.pk)
    steps = {
        "accept": lambda: referrals.accept(referral),
        "decline": lambda: referrals.decline(referral, given["reason"], given["words"]),
        "start": lambda: referrals.start(referral),
        "end": lambda: referrals.end(referral, given["outcome"]),
    }
    if step not in steps:
        raise Http404
    return _done(request, referral, steps[step])


@page("referral", "withdraw", of=Referral)
@require_POST
def withdraw(request: StaffRequest, referral: Referral) -> HttpResponse:
    """Take an offer back."""
    if request.member.agency_id != referral.from_agency_id:
        messages.error(request, _("Only the agency that offered it takes it back."))
        return redirect("referral:one", pk=referral.pk)
    return _done(request, referral, lambda: referrals.withdraw(referral))


def _done(request: StaffRequest, referral: Referral, step: Any) -> HttpResponse:
    try:
        step()
    except Refused as refused:
        messages.error(request, refused.reason)
    else:
        messages.success(request, _("Done."))
    return redirect("referral:one", pk=referral.pk)


@page("referral", "see_unmet")
@require_GET
def counts(request: StaffRequest) -> HttpResponse:
    """How many needs were not met, by kind and reason. Codes alone."""
    labels = dict(Why.choices)
    rows = [(CATEGORIES[kind], labels[why], n) for kind, why, n in referrals.unmet_counts()]
    return render(request, "referral/unmet.html", {"rows": rows})
