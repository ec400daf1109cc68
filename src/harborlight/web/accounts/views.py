"""One's own account: joining by an invitation, name and language, as which member one acts."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from harborlight.web.accounts import people
from harborlight.web.accounts.access import StaffRequest, page, public
from harborlight.web.accounts.forms import AcceptForm, ProfileForm, posted
from harborlight.web.accounts.middleware import ACTING_AS
from harborlight.web.accounts.models import Invitation, Member
from harborlight.web.audit.acts import Refused

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@public("joins by an invitation: the mailed link, once")
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """Join. Who is new chooses a name and a password; who is known must be logged in."""
    invitation = people.find_invitation(token)
    if invitation is None:
        return render(request, "accounts/used_up.html", status=404)
    if people.needs_password(invitation.email):
        return _accept_as_new(request, token, invitation)
    mine = request.user.is_authenticated and request.user.email == invitation.email
    if request.method == "POST" and mine and getattr(request, "member", None) is not None:
        return _join(request, token)
    told = {"invitation": invitation, "mine": mine}
    return render(request, "accounts/accept.html", told)


def _accept_as_new(request: HttpRequest, token: str, invitation: Invitation) -> HttpResponse:
    form = AcceptForm(invitation.email, posted(request))
    if form.is_valid():
        return _join(request, token, form.cleaned_data["name"], form.cleaned_data["password"])
    return render(request, "accounts/accept.html", {"invitation": invitation, "form": form})


def _join(request: HttpRequest, token: str, name: str = "", password: str = "") -> HttpResponse:
    from allauth.account.internal.flows.login import record_authentication

    try:
        member = people.accept(token, name, password)
    except Refused:
        return render(request, "accounts/used_up.html", status=404)
    if not request.user.is_authenticated:
        login(request, member.user, backend=BACKEND)
        record_authentication(request, member.user, "password", email=member.user.email)
    request.session[ACTING_AS] = member.pk
    return redirect("desk:home")  # by way of setting up a second factor


@page("profile", "see")
def profile(request: StaffRequest) -> HttpResponse:
    """One's own name and language, and the ways to one's log-in."""
    form = ProfileForm(posted(request), instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Kept."))
        answer = redirect("accounts:profile")
        if request.user.language:
            answer.set_cookie(
                settings.LANGUAGE_COOKIE_NAME,
                request.user.language,
                httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
                secure=settings.LANGUAGE_COOKIE_SECURE,
                samesite="Lax",
            )
        return answer
    return render(request, "accounts/profile.html", {"form": form})


@page("member", "act", of=Member)
def act_as(request: StaffRequest, member: Member) -> HttpResponse:
    """Act as another of one's own memberships, in this session."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    if member.pk not in {each.pk for each in request.members}:
        raise Refused(_("This membership has ended."), record=member)
    request.session[ACTING_AS] = member.pk
    return redirect("desk:home")
