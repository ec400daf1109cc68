"""The pages on which somebody decides about a lead, shows it to others, or imports a run."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from harborlight.recognize.errors import InputError
from harborlight.web.accounts.access import StaffRequest, page
from harborlight.web.accounts.models import Agency
from harborlight.web.leads import archive, deciding, importing, sharing
from harborlight.web.leads.forms import (
    HoldForm,
    ImportForm,
    MergeForm,
    ReasonForm,
    ShareForm,
    ToldForm,
)
from harborlight.web.leads.models import Lead, Share


def ask(
    request: StaffRequest,
    lead: Lead,
    form: forms.Form,
    title: str,
    intro: str,
    button: str,
    do: Callable[[dict[str, Any]], object],
    done: str,
) -> HttpResponse:
    """A page with one form: what is decided is done when it is complete."""
    deciding.check_owner(lead, request.member)
    if request.method == "POST" and form.is_valid():
        do(form.cleaned_data)
        messages.success(request, done)
        return redirect(lead)
    context = {
        "here": "leads",
        "lead": lead,
        "form": form,
        "title": title,
        "intro": intro,
        "button": button,
    }
    status = 422 if form.errors else 200
    return render(request, "leads/decide.html", context, status=status)


@page("lead", "hold", of=Lead)
def hold(request: StaffRequest, lead: Lead) -> HttpResponse:
    """Keep a lead for later."""

    def do(given: dict[str, Any]) -> object:
        until: date = given["until"]
        return deciding.hold(lead, request.member, given["reason"], until)

    return ask(
        request, lead, HoldForm(request.POST or None),
        title=_("Hold this lead"),
        intro=_("It stays as it is until that day, and then waits for you again."),
        button=_("Hold"), do=do, done=_("The lead is held."),
    )  # fmt: skip


@page("lead", "dismiss", of=Lead)
def dismiss(request: StaffRequest, lead: Lead) -> HttpResponse:
    """Put a lead aside."""
    return ask(
        request, lead, ReasonForm(request.POST or None),
        title=_("Dismiss this lead"),
        intro=_("It leaves the queue, and is purged after a while. Until then it can be returned."),
        button=_("Dismiss"), done=_("The lead is dismissed."),
        do=lambda given: deciding.dismiss(lead, request.member, given["reason"]),
    )  # fmt: skip


@page("lead", "reopen", of=Lead)
def reopen(request: StaffRequest, lead: Lead) -> HttpResponse:
    """Return a lead to review."""
    return ask(
        request, lead, ReasonForm(request.POST or None),
        title=_("Return this lead to review"),
        intro=_("What was decided before stays in its history."),
        button=_("Return to review"), done=_("The lead is in review again."),
        do=lambda given: deciding.reopen(lead, request.member, given["reason"]),
    )  # fmt: skip


@page("lead", "merge", of=Lead)
def merge(request: StaffRequest, lead: Lead) -> HttpResponse:
    """Say that a lead is part of another."""
    form = MergeForm(request.POST or None, lead=lead, initial={"into": request.GET.get("into")})
    return ask(
        request, lead, form,
        title=_("Merge this lead into another"),
        intro=_("Its ads and history stay its own; it is decided with the other one from now on."),
        button=_("Merge"), done=_("The lead is merged."),
        do=lambda given: deciding.merge(lead, request.member, given["reason"], given["into"]),
    )  # fmt: skip


@page("lead", "share", of=Lead)
def share(request: StaffRequest, lead: Lead) -> HttpResponse:
    """Show a lead to another agency."""

    def do(given: dict[str, Any]) -> object:
        agency: Agency = given["agency"]
        return sharing.share(lead, request.member, agency, given["purpose"], given["reason"])

    return ask(
        request, lead, ShareForm(request.POST or None, lead=lead),
        title=_("Show this lead to another agency"),
        intro=_(
            "Its readers see the evidence, the ads and the contacts, not your history. "
            "You can end it at any time."
        ),
        button=_("Show it to them"), do=do, done=_("The agency can see the lead now."),
    )  # fmt: skip


@page("lead", "unshare", of=Lead)
def unshare(request: StaffRequest, lead: Lead, share: int) -> HttpResponse:
    """Show a lead to that agency no longer."""
    shown = get_object_or_404(Share.objects.select_related("agency", "lead"), pk=share, lead=lead)
    return ask(
        request, lead, ReasonForm(request.POST or None),
        title=_("End showing this lead to %(agency)s") % {"agency": shown.agency},
        intro=_("They see it no longer. What they have read, they have read."),
        button=_("End it"), done=_("The agency sees the lead no longer."),
        do=lambda given: sharing.end(shown, request.member, given["reason"]),
    )  # fmt: skip


@page("lead", "disseminate", of=Lead)
def told(request: StaffRequest, lead: Lead) -> HttpResponse:
    """Keep who was told what."""
    return ask(
        request, lead, ToldForm(request.POST or None),
        title=_("Enter who was told of this lead"),
        intro=_("For what you pass on outside of this site. It cannot be changed afterwards."),
        button=_("Enter"), done=_("It is in the log."),
        do=lambda given: sharing.told(
            lead, request.member, given["recipient"], given["what"], given["purpose"],
            given["reason"],
        ),
    )  # fmt: skip


@page("lead", "import")
def take_in(request: StaffRequest) -> HttpResponse:
    """Import a run's folder, packed as a ZIP file."""
    form = ImportForm(request.POST, request.FILES) if request.method == "POST" else ImportForm()
    if int(request.META.get("CONTENT_LENGTH") or 0) > settings.FILE_UPLOAD_MAX_MEMORY_SIZE:
        form.fields["file"].error_messages["required"] = (
            _("This file is larger than 25 MB. Import the folder where the site runs: ")
            + "harborlight leads import"
        )
    if request.method == "POST" and form.is_valid():
        try:
            from harborlight.recognize.output import results

            found = results.read(archive.read(form.cleaned_data["file"].file))
            done = importing.import_results(found, request.member.agency, request.member.actor)
        except (archive.ArchiveError, InputError) as error:
            form.add_error("file", str(error))
        else:
            messages.success(request, summary(done))
            return redirect("leads:queue")
    context = {"here": "leads", "form": form}
    return render(request, "leads/import.html", context, status=422 if form.errors else 200)


def summary(done: importing.Imported) -> str:
    """What an import did, in a line."""
    if done.known:
        return _("This run was imported before: nothing was added.")
    return _("%(new)s new leads, %(changed)s with new evidence, %(same)s as they were.") % {
        "new": done.new,
        "changed": done.changed,
        "same": done.same,
    }
