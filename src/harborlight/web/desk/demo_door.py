"""The door of the demonstration: one button a role, and the second factor counts as given.

It is there only in demo mode (HARBORLIGHT_DEMO=1), which shows a banner on every page, and answers
only somebody on the same machine who asks for it by a name of this machine.
"""

from __future__ import annotations

import ipaddress
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from harborlight.web.accounts.access import public
from harborlight.web.accounts.models import Member

HERE = ("localhost", "127.0.0.1", "[::1]")
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def check_here(request: HttpRequest) -> None:
    """Http404 unless this is the demonstration, on this machine, asked from this machine."""
    host = request.get_host().rsplit(":", 1)[0] if "]" not in request.get_host() else "[::1]"
    try:
        near = ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        near = False
    passed_on = "HTTP_X_FORWARDED_FOR" in request.META or "HTTP_FORWARDED" in request.META
    if not settings.DEMO or settings.PRODUCTION or host not in HERE or not near or passed_on:
        raise Http404


@public("in the demonstration alone: come in as anybody of it")
def door(request: HttpRequest) -> HttpResponse:
    """Everybody of the demonstration, by agency."""
    check_here(request)
    members = Member.objects.filter(until__isnull=True).select_related("agency", "user")
    return render(request, "desk/demo.html", {"members": members.order_by("agency__name", "pk")})


@public("in the demonstration alone: come in as anybody of it")
@require_POST
def enter(request: Any, pk: int) -> HttpResponse:
    """Come in as this member."""
    check_here(request)
    member = get_object_or_404(Member.objects.select_related("user"), pk=pk, until__isnull=True)
    login(request, member.user, backend=BACKEND)
    record_authentication(request, member.user, "mfa", type="demo")
    return redirect("desk:home")
