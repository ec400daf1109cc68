"""The pages of transfers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from harborlight.web.accounts.access import StaffRequest, may, page, reachable
from harborlight.web.accounts.asking import ask
from harborlight.web.cases import receiving, transferring
from harborlight.web.cases.handing import BEFORE, Step, Transfer, Why
from harborlight.web.cases.models import Case
from harborlight.web.cases.work_forms import worker
from harborlight.web.frame.fields import area, choice

ON_PAGE = 50
#: What may be done from a transfer's page: the permission, the step, the URL and the button.
_STEPS = (
    ("answer", Step.ACCEPTED, "cases:accept", gettext_lazy("Accept")),
    ("answer", Step.REJECTED, "cases:reject", gettext_lazy("Reject")),
    ("complete", Step.DONE, "cases:complete", gettext_lazy("Hand the case over")),
    ("revoke", Step.REVOKED, "cases:revoke", gettext_lazy("Take it back")),
)


class OfferForm(forms.Form):
    """To whom, why, and what the other agency must know to decide."""

    why = choice(gettext_lazy("Why"), Why.choices)
    summary = area(
        gettext_lazy("Summary"),
        gettext_lazy(
            "All that the other agency sees until it accepts. Name nobody unless they must know."
        ),
    )

    def __init__(self, *args: Any, case: Case, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["to_agency"] = forms.ModelChoiceField(
            label=gettext_lazy("To which agency"),
            queryset=transferring.holders().exclude(pk=case.agency_id),
            widget=forms.Select(attrs={"class": "usa-select"}),
        )
        self.order_fields(["to_agency", "why", "summary"])


class AcceptForm(forms.Form):
    """Who is to have the case."""

    def __init__(self, *args: Any, agency_id: int, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["assigned"] = worker(gettext_lazy("Assigned to"), agency_id, required=True)


class RejectForm(forms.Form):
    """Why not."""

    reason = area(gettext_lazy("Why it is rejected"), gettext_lazy("The other agency reads it."))


@page("transfer", "list")
def listed(request: StaffRequest) -> HttpResponse:
    """The transfers that this member may see: by number; nothing is opened."""
    rows = reachable(Transfer, request.member, "transfer", "list")
    shown = Paginator(rows.select_related("from_agency", "to_agency"), ON_PAGE)
    context = {"here": "transfers", "shown": shown.get_page(request.GET.get("page"))}
    return render(request, "cases/transfers.html", context)


@page("transfer", "open", of=Transfer)
def transfer(request: StaffRequest, transfer: Transfer) -> HttpResponse:
    """A transfer: its steps, and of the case what this agency may see now."""
    member = request.member
    seen = transferring.sight(transfer, member.agency_id)
    names = ["cas_OutgoingReferralDetails"] if seen.summary else []
    names += ["answer"] if seen.answer else []
    context = {
        "here": "transfers",
        "transfer": transfer,
        "told": transfer.take(*names) if names else {},
        "file": receiving.file_of(transfer, member),
        "case": reachable(Case, member, "case", "open").filter(pk=transfer.case_id).first(),
        "steps": transfer.steps.select_related("agency", "member__user"),
        "can": [
            (reverse(url, args=[transfer.pk]), label)
            for action, step, url, label in _STEPS
            if transfer.state in BEFORE[step]
            and may(member, "transfer", action)
            and member.agency_id
            == (transfer.to_agency_id if action == "answer" else transfer.from_agency_id)
        ],
    }
    return render(request, "cases/transfer.html", context)


@page("transfer", "offer", of=Case)
def offer(request: StaffRequest, case: Case) -> HttpResponse:
    """Offer a case to another agency."""
    form = OfferForm(request.POST or None, case=case)

    def do(told: dict[str, Any]) -> str:
        transferring.offer(case, told["to_agency"], told["why"], told["summary"], request.member)
        return _("Offered. Until it is handed over the case stays yours.")

    intro = _(
        "The other agency sees your summary. If it accepts, it reads the case; then you hand it "
        "over, and keep its number, to whom it went, and when."
    )
    back = case.get_absolute_url()
    return ask(request, form, _("Hand on to another agency"), do, back=back, intro=intro)


@page("transfer", "answer", of=Transfer)
def accept(request: StaffRequest, transfer: Transfer) -> HttpResponse:
    """Accept a case for one's agency."""
    form = AcceptForm(request.POST or None, agency_id=request.member.agency_id)

    def do(told: dict[str, Any]) -> str:
        transferring.accept(transfer, told["assigned"], request.member)
        return _("Accepted. You may read the case; it is yours when it is handed over.")

    return _ask(request, transfer, form, _("Accept"), do)


@page("transfer", "answer", of=Transfer)
def reject(request: StaffRequest, transfer: Transfer) -> HttpResponse:
    """Reject a case, with a reason."""
    form = RejectForm(request.POST or None)

    def do(told: dict[str, Any]) -> str:
        transferring.reject(transfer, told["reason"], request.member)
        return _("Rejected.")

    return _ask(request, transfer, form, _("Reject"), do)


@page("transfer", "complete", of=Transfer)
def complete(request: StaffRequest, transfer: Transfer) -> HttpResponse:
    """Hand the case over."""

    def do(_told: dict[str, Any]) -> str:
        transferring.complete(transfer, request.member)
        return _("Handed over. The case is the other agency's.")

    intro = _("From then on your agency cannot open the case, its people, notes or files.")
    return _ask(request, transfer, _sure(request), _("Hand the case over"), do, intro)


@page("transfer", "revoke", of=Transfer)
def revoke(request: StaffRequest, transfer: Transfer) -> HttpResponse:
    """Take an offer back."""

    def do(_told: dict[str, Any]) -> str:
        transferring.revoke(transfer, request.member)
        return _("Taken back. The other agency sees nothing of the case any more.")

    return _ask(request, transfer, _sure(request), _("Take it back"), do)


def _sure(request: StaffRequest) -> forms.Form:
    """A form without fields: the button alone."""
    return forms.Form(request.POST if request.method == "POST" else None)


def _ask(
    request: StaffRequest,
    transfer: Transfer,
    form: forms.Form,
    title: str,
    do: Any,
    intro: str = "",
) -> HttpResponse:
    back = reverse("cases:transfer", args=[transfer.pk])
    return ask(request, form, f"{transfer}: {title}", do, back=back, intro=intro)
