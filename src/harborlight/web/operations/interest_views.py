"""Pages of deconfliction: at what one's agency looks, and whom its contact is to call."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from harborlight.web.accounts.access import StaffRequest, may, page, reachable
from harborlight.web.accounts.asking import ask
from harborlight.web.operations import forms, looking
from harborlight.web.operations.interests import Contact, Interest, Overlap
from harborlight.web.operations.views import colleagues

ON_PAGE = 50


@page("interest", "list")
def interests(request: StaffRequest) -> HttpResponse:
    """One's agency's interests; to the contact alone, also whom to call."""
    member = request.member
    rows = reachable(Interest, member, "interest", "list").filter(withdrawn_at__isnull=True)
    told = Overlap.objects.filter(
        to=member.pk, seen_at__isnull=True, interest__withdrawn_at__isnull=True
    )
    context = {
        "here": "interests",
        "interests": Paginator(rows.select_related("by__user"), ON_PAGE).get_page(
            request.GET.get("page")
        ),
        "overlaps": told.select_related("interest", "other", "other__deconfliction__member__user"),
        "contact": Contact.objects.select_related("member__user")
        .filter(agency=member.agency_id)
        .first(),
        "may_name": may(member, "interest", "name_contact"),
        "may_register": may(member, "interest", "register"),
    }
    return render(request, "operations/interests.html", context)


@page("interest", "register")
def register(request: StaffRequest) -> HttpResponse:
    """Say at what one's agency looks. The answer is the same whether or not another looks too."""
    form = forms.InterestForm(request.POST or None)

    def do(values: dict[str, Any]) -> str:
        looking.register(
            request.member,
            values["sort"],
            values["value"],
            town=values["town"],
            note=values["note"],
        )
        return _("Kept. If another agency looks at the same, your contact is told whom to call.")

    intro = _(
        "If another agency looks at the same, its contact and yours are told to call each other, "
        "and nothing else: no case, person, reason or number."
    )
    back = reverse("operations:interests")
    return ask(request, form, _("Look at something"), do, back=back, intro=intro)


@page("interest", "withdraw", of=Interest)
def withdraw(request: StaffRequest, interest: Interest) -> HttpResponse:
    """Look at it no longer."""
    form = forms.SureForm(request.POST if request.method == "POST" else None)

    def do(_values: dict[str, Any]) -> str:
        looking.withdraw(interest)
        return _("Withdrawn.")

    note = interest.take("note")["note"] or ""
    back = reverse("operations:interests")
    title = _("Look at it no longer")
    return ask(request, form, title, do, back=back, intro=note)


@page("interest", "know", of=Overlap)
def know(request: StaffRequest, overlap: Overlap) -> HttpResponse:
    """Say that one has called."""
    form = forms.SureForm(request.POST if request.method == "POST" else None)

    def do(_values: dict[str, Any]) -> str:
        looking.know(overlap)
        return _("Kept.")

    back = reverse("operations:interests")
    return ask(request, form, _("I have called"), do, back=back)


@page("interest", "name_contact")
def contact(request: StaffRequest) -> HttpResponse:
    """Name whom other agencies call."""
    form = forms.ContactForm(request.POST or None, colleagues=colleagues(request.member))

    def do(values: dict[str, Any]) -> str:
        looking.name_contact(request.member, values["contact"], values["phone"])
        return _("Kept.")

    back = reverse("operations:interests")
    return ask(request, form, _("Contact for other agencies"), do, back=back)
