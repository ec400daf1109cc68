"""The first page of the public and of staff, and the search."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from harborlight.web.accounts.access import StaffRequest, page, public
from harborlight.web.frame import waiting


@public("says what this site is, and leads to help and to the form for reports")
def front(request: HttpRequest) -> HttpResponse:
    """The first page of the public. Staff who are logged in go to their own."""
    if request.user.is_authenticated:
        return redirect("desk:home")
    return render(request, "desk/front.html")


@page("desk", "see")
def home(request: StaffRequest) -> HttpResponse:
    """What waits for this member today."""
    return render(request, "desk/home.html", {"waiting": waiting.waits_for(request.member)})


@page("desk", "search")
def search(request: StaffRequest) -> HttpResponse:
    """One search over all that this member may see. The words are not kept."""
    words = request.GET.get("q", "").strip()[:200]
    found = waiting.search(request.member, words) if words else []
    return render(request, "desk/search.html", {"words": words, "found": found})
