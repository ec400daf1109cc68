"""Agencies and the people in them, for administrators; the table of permissions."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from harborlight.web.accounts import assigned, people
from harborlight.web.accounts.access import StaffRequest, may, page, reachable
from harborlight.web.accounts.doors import LISTED
from harborlight.web.accounts.forms import AgencyForm, EndForm, InviteForm, posted
from harborlight.web.accounts.models import Agency, Invitation, Member
from harborlight.web.accounts.permissions import ROWS
from harborlight.web.accounts.roles import Role
from harborlight.web.audit.acts import when


@page("agency", "list")
def agencies(request: StaffRequest) -> HttpResponse:
    """The agencies whose people one administers."""
    rows = reachable(Agency, request.member, "agency", "list")
    told = {"agencies": rows, "may_add": may(request.member, "agency", "add")}
    return render(request, "accounts/agencies.html", told)


@page("agency", "add")
def add(request: StaffRequest) -> HttpResponse:
    """A new agency."""
    form = AgencyForm(posted(request))
    if form.is_valid():
        agency = form.save()
        return redirect("accounts:agency", pk=agency.pk)
    return render(request, "accounts/agency_form.html", {"form": form})


@page("agency", "change", of=Agency)
def change(request: StaffRequest, agency: Agency) -> HttpResponse:
    """What is said of an agency."""
    form = AgencyForm(posted(request), instance=agency)
    if form.is_valid():
        form.save()
        return redirect("accounts:agency", pk=agency.pk)
    return render(request, "accounts/agency_form.html", {"form": form, "agency": agency})


@page("agency", "show", of=Agency)
def agency(request: StaffRequest, agency: Agency) -> HttpResponse:
    """An agency's people and invitations."""
    members = agency.members.select_related("user").order_by("until", "user__name")
    told = {
        "agency": agency,
        "now": [each for each in members if each.until is None],
        "before": [each for each in members if each.until is not None],
        "invitations": people.standing(agency),
        "may_change": may(request.member, "agency", "change"),
    }
    return render(request, "accounts/agency.html", told)


@page("member", "invite", of=Agency)
def invite(request: StaffRequest, agency: Agency) -> HttpResponse:
    """Invite somebody by mail."""
    form = InviteForm(agency, posted(request))
    if form.is_valid():
        given = form.cleaned_data
        token = people.invite(
            request.member, agency, given["email"], given["role"], given["language"]
        )
        link = request.build_absolute_uri(reverse("accounts:accept", args=[token]))
        people.send(given["email"].strip().lower(), link, given["language"])
        messages.success(request, _("The invitation was sent. It holds for seven days."))
        return redirect("accounts:agency", pk=agency.pk)
    return render(request, "accounts/invite.html", {"form": form, "agency": agency})


@page("invitation", "withdraw", of=Invitation)
def withdraw(request: StaffRequest, invitation: Invitation) -> HttpResponse:
    """Take an invitation back."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    invitation.withdrawn = when()
    invitation.save(update_fields=["withdrawn"])
    return redirect("accounts:agency", pk=invitation.agency_id)


@page("member", "end", of=Member)
def end(request: StaffRequest, member: Member) -> HttpResponse:
    """Somebody leaves: who takes over what is assigned to them."""
    form = EndForm(member, posted(request))
    if request.method == "POST" and form.is_valid():
        people.end(member, form.cleaned_data["successor"])
        if member.user_id == request.user.pk:
            return _out(request)
        messages.success(request, _("The membership has ended."))
        return redirect("accounts:agency", pk=member.agency_id)
    told = {"form": form, "who": member, "assigned": assigned.waiting_with(member)}
    return render(request, "accounts/end.html", told)


@page("member", "reset", of=Member)
def reset(request: StaffRequest, member: Member) -> HttpResponse:
    """Forget somebody's second factors, when they lost them."""
    if request.method != "POST":
        return render(request, "accounts/reset.html", {"who": member})
    people.reset_second_factor(member)
    if member.user_id == request.user.pk:
        return _out(request)
    messages.success(request, _("At their next log-in they set up a new second factor."))
    return redirect("accounts:agency", pk=member.agency_id)


def _out(request: StaffRequest) -> HttpResponse:
    """One's own sessions were ended, this one too."""
    logout(request)
    return redirect("account_login")


@page("permission", "list")
def permissions(request: StaffRequest) -> HttpResponse:
    """The table from which every check is made."""
    chosen = request.GET.get("role", "")
    rows = [row for row in ROWS if not chosen or chosen in row.who]
    told = {"rows": rows, "roles": Role.choices, "chosen": chosen, "doors": sorted(LISTED.items())}
    return render(request, "accounts/permissions.html", told)
