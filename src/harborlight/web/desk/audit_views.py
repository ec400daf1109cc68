"""The audit as auditors read it: who did what to which record, when and why. Content of none."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render

from harborlight.web.accounts.access import StaffRequest, page
from harborlight.web.accounts.models import Member
from harborlight.web.audit.models import Entry
from harborlight.web.desk.audit_form import AuditForm

A_PAGE = 100


@page("audit", "read")
def entries(request: StaffRequest) -> HttpResponse:
    """Entries, newest first, by record, who, what and day."""
    form = AuditForm(request.GET or None)
    rows = Entry.objects.order_by("-position")
    if form.is_bound and form.is_valid():
        rows = form.narrow(rows)
    shown = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "desk/audit.html",
        {"form": form, "shown": shown, "names": names_of(shown.object_list), "here": "audit"},
    )


def names_of(entries: object) -> dict[str, str]:
    """The members behind `member 12`, all in one query."""
    told = {entry.actor for entry in entries}  # type: ignore[attr-defined]
    keys = [actor.removeprefix("member ") for actor in told if actor.startswith("member ")]
    members = Member.objects.filter(pk__in=keys).select_related("user", "agency")
    return {f"member {member.pk}": str(member) for member in members}
