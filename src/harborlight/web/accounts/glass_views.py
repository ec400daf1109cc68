"""Opening one record beyond reach in an emergency, and the list of what was so opened."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from harborlight.web.accounts import glass
from harborlight.web.accounts.access import StaffRequest, page, reachable
from harborlight.web.accounts.models import Glass
from harborlight.web.audit.acts import when


@page("glass", "break")
def break_glass(request: StaffRequest) -> HttpResponse:
    """Give the reason; then the record opens for a quarter of an hour."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    thing, key = request.POST.get("thing", ""), request.POST.get("key", "")
    form = glass.ReasonForm(request.POST)
    if not form.is_valid():
        told = {"thing": thing, "key": key, "form": form, "next": _back(request)}
        return render(request, "accounts/glass.html", told, status=422)
    glass.break_glass(request.member, thing, key, form.cleaned_data["reason"])
    return redirect(_back(request))


@page("glass", "list")
def opened(request: StaffRequest) -> HttpResponse:
    """What was opened in an emergency, by whom and why."""
    rows = reachable(Glass, request.member, "glass", "list").select_related(
        "member__user", "member__agency", "owner"
    )[:50]
    lines = [(each, each.take("reason")["reason"]) for each in rows]
    return render(request, "accounts/glass_list.html", {"lines": lines})


@page("glass", "know", of=Glass)
def know(request: StaffRequest, broken: Glass) -> HttpResponse:
    """Say that one knows of it."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    broken.seen = when()
    broken.save(update_fields=["seen"])
    return redirect("accounts:glass_list")


def _back(request: StaffRequest) -> str:
    """The page from which the glass was broken; it is on this site."""
    to = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(to, {request.get_host()}, request.is_secure())
    return to if safe else reverse("desk:home")
