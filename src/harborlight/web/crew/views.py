"""Pages of the crew: the form without JavaScript, one's own reports, setting up a phone."""

from __future__ import annotations

import secrets

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from harborlight.web.accounts.access import StaffRequest, page, reachable
from harborlight.web.crew import envelope, receiving
from harborlight.web.crew.forms import CrewForm, agencies_to_tell
from harborlight.web.crew.models import CrewReport, Device
from harborlight.web.crew.reasons import observed, words


@page("crew_report", "write")
def form(request: StaffRequest) -> HttpResponse:
    """The report in one page, which needs no JavaScript and a connection."""
    filled = CrewForm(request.POST or None)
    if request.method == "POST" and filled.is_valid():
        number = str(filled.cleaned_data["number"])
        receiving.take(number, filled.plain(), request.member, "form")
        messages.success(request, _("Your report is stored. Its number is %s.") % number[:8])
        return redirect("crew:mine")
    return render(request, "crew/form.html", {"form": filled, "here": "crew"})


@page("crew_report", "mine")
def mine(request: StaffRequest) -> HttpResponse:
    """One's own reports and what came of each, without details."""
    reports = reachable(CrewReport, request.member, "crew_report", "mine").order_by("-received_at")
    devices = Device.objects.filter(member=request.member, until__isnull=True)
    return render(
        request,
        "crew/mine.html",
        {"reports": reports[:200], "devices": devices, "here": "crew_mine"},
    )


@page("crew_report", "set_up")
def set_up(request: StaffRequest) -> HttpResponse:
    """Give this phone what it needs to write and send reports without a log-in.

    The token is shown once and kept as a digest; who has it can hand in reports and nothing else.
    """
    if request.method != "POST":
        return render(request, "crew/set_up.html", {"here": "crew_mine"})
    token = secrets.token_urlsafe(32)
    Device(member=request.member, digest=receiving.token_digest(token)).save()
    language = get_language() or "en"
    return JsonResponse(
        {
            "token": token,
            "user": str(request.member.pk),
            "name": request.member.user.name,
            "airline": request.member.agency.name,
            "receive": envelope.public_point("receive"),
            "receipt": envelope.public_point("receipt"),
            "agencies": agencies_to_tell(),
            "reasons": observed(language),
            "traits": sorted(words("traits")),
            "small": sorted(words("small")),
        }
    )


@page("crew_report", "end_device")
def end_devices(request: StaffRequest) -> HttpResponse:
    """Take from all of one's phones the right to send in one's name."""
    from django.utils import timezone

    if request.method == "POST":
        Device.objects.filter(member=request.member, until__isnull=True).update(
            until=timezone.now()
        )
        messages.success(request, _("No phone sends in your name any more."))
    return redirect("crew:mine")
