"""Pages of staff: the queue, one report, and each action on it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from harborlight.web.accounts.access import StaffRequest, may, page
from harborlight.web.audit.acts import Refused, when
from harborlight.web.intake import receipts, sameness, staff_forms, telling, triage
from harborlight.web.intake.attachments import too_large
from harborlight.web.intake.contacts import contact
from harborlight.web.intake.forms import EnterForm
from harborlight.web.intake.labels import Channel
from harborlight.web.intake.models import ContactChange, Report
from harborlight.web.intake.public_views import SECTIONS
from harborlight.web.intake.receipts import NoReceipt
from harborlight.web.intake.receiving import receive
from harborlight.web.intake.review_queue import SHOWN, lines, rows
from harborlight.web.vault.files import files_of

FORMS = ["GET", "HEAD", "POST"]
A_PAGE = 50


@page("report", "list")
@require_safe
def queue(request: StaffRequest) -> HttpResponse:
    """The triage queue, in review order. Labels alone: nothing is opened."""
    show = request.GET.get("show", "open")
    if show not in SHOWN:
        raise Http404
    found = Paginator(rows(request.member, show), A_PAGE).get_page(request.GET.get("page"))
    context = {
        "rows": found,
        "lines": lines(found.object_list),
        "show": show,
        "shown": SHOWN,
        "here": "reports",
        "may_enter": may(request.member, "report", "enter"),
    }
    return render(request, "intake/queue.html", context)


@page("report", "open", of=Report)
@require_safe
def item(request: StaffRequest, report: Report) -> HttpResponse:
    """One report, opened."""
    return _item(request, report)


@page("report", "enter")
@sensitive_post_parameters()
@require_http_methods(FORMS)
def enter(request: StaffRequest) -> HttpResponse:
    """Enter a report that came by phone, on paper or in person. The caller can have the receipt."""
    if request.method != "POST":
        return _enter(request, EnterForm(initial={"language": "en"}), receipts.mint())
    form = EnterForm(request.POST, request.FILES)
    try:
        receipt = receipts.unsigned(request.POST.get("form", ""))
    except NoReceipt:
        form.full_clean()
        form.add_error(None, _("This form was open for very long. Please send it once more."))
        return _enter(request, form, receipts.mint(), 400)
    if too_large(request):
        form.full_clean()
        form.add_error("attached", _("The files are larger than 25 MB together."))
    if not form.is_valid():
        return _enter(request, form, receipt, 400)
    data = form.cleaned_data
    done = receive(
        receipt,
        form.incoming(channel=Channel(data["channel"]), received=data["received"]),
        request.member.actor,
    )
    context = {"report": done.report, "receipt": receipts.shown(receipt), "here": "reports"}
    return render(request, "intake/entered.html", context)


def _enter(request: StaffRequest, form: EnterForm, receipt: str, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "sections": [(name, [form[field] for field in fields]) for name, fields in SECTIONS],
        "carried": receipts.signed(receipt),
        "here": "reports",
    }
    return render(request, "intake/enter.html", context, status=status)


@page("report", "file", of=Report)
@require_safe
def copy(request: StaffRequest, report: Report, file: uuid.UUID) -> HttpResponse:
    """The cleaned copy of a file, for sharing."""
    return _file(report, file, cleaned=True)


@page("report", "evidence", of=Report)
@require_safe
def original(request: StaffRequest, report: Report, file: uuid.UUID) -> HttpResponse:
    """A file as it came, with all that is hidden in it: evidence."""
    return _file(report, file, cleaned=False)


def _file(report: Report, key: uuid.UUID, *, cleaned: bool) -> HttpResponse:
    """A file to be saved and not shown: what is in it runs on no page of ours."""
    stored = files_of(report).filter(pk=key).first()
    if stored is None or (cleaned and not stored.cleaned):
        raise Http404
    content = stored.copy() if cleaned else stored.original()
    name = stored.take("name")["name"]
    response = HttpResponse(content, content_type="application/octet-stream")
    response.headers["Content-Disposition"] = (
        content_disposition_header(True, f"{report.number} {name}") or "attachment"
    )
    return response


@page("report", "label", of=Report)
@require_POST
def label(request: StaffRequest, report: Report) -> HttpResponse:
    """Set the labels."""
    form = staff_forms.LabelForm(request.POST)
    return _do(request, report, form, lambda data: triage.label(request.member, report, **data))


@page("report", "assign", of=Report)
@require_POST
def assign(request: StaffRequest, report: Report) -> HttpResponse:
    """Assign to a colleague."""
    form = staff_forms.AssignForm(request.POST, among=triage.colleagues(request.member))
    return _do(
        request, report, form, lambda data: triage.assign(request.member, report, data["to"])
    )


@page("report", "note", of=Report)
@sensitive_post_parameters()
@require_POST
def note(request: StaffRequest, report: Report) -> HttpResponse:
    """Keep a note of staff."""
    form = staff_forms.NoteForm(request.POST)
    return _do(
        request, report, form, lambda data: triage.write_note(request.member, report, data["text"])
    )


@page("report", "ask", of=Report)
@sensitive_post_parameters()
@require_POST
def ask(request: StaffRequest, report: Report) -> HttpResponse:
    """Ask the reporter."""
    form = staff_forms.AskForm(request.POST)
    return _do(request, report, form, lambda data: triage.ask(request.member, report, data["text"]))


@page("report", "take", of=Report)
@require_POST
def take(request: StaffRequest, report: Report) -> HttpResponse:
    """Say what this agency does with it."""
    form = staff_forms.TakeForm(request.POST)
    return _do(
        request, report, form, lambda data: triage.take_up(request.member, report, data["taken"])
    )


@page("report", "route", of=Report)
@require_POST
def route(request: StaffRequest, report: Report) -> HttpResponse:
    """Give it to agencies."""
    among = telling.agencies_with_readers()
    form = staff_forms.RouteForm(request.POST, among=among)
    return _do(
        request,
        report,
        form,
        lambda data: telling.route(request.member, report, list(data["agencies"]), data["purpose"]),
    )


@page("report", "tell", of=Report)
@require_POST
def tell(request: StaffRequest, report: Report) -> HttpResponse:
    """Keep that a place outside was told."""
    form = staff_forms.TellForm(request.POST)
    return _do(
        request,
        report,
        form,
        lambda data: telling.tell_outside(
            request.member, report, **{**data, "told": data["told"] or when()}
        ),
    )


@page("report", "link", of=Report)
@require_POST
def link(request: StaffRequest, report: Report) -> HttpResponse:
    """Decide that it is the same as another, or undo that."""
    if request.POST.get("undo"):
        sameness.unlink(request.member, report)
        return redirect("intake:item", report.pk)
    form = staff_forms.LinkForm(request.POST)

    def work(data: dict[str, Any]) -> None:
        number = data["number"].strip().upper()
        other = _reachable(request, number)
        if other is None:
            raise Refused(
                _("There is no report %(number)s within your reach.") % {"number": number}
            )
        sameness.link(request.member, report, other)

    return _do(request, report, form, work)


@page("report", "close", of=Report)
@require_POST
def close(request: StaffRequest, report: Report) -> HttpResponse:
    """End the work on it, or take it up again."""
    if request.POST.get("undo"):
        triage.reopen(request.member, report)
        return redirect("intake:item", report.pk)
    form = staff_forms.CloseForm(request.POST)
    return _do(
        request, report, form, lambda data: triage.close(request.member, report, data["outcome"])
    )


@page("report", "hold", of=Report)
@require_POST
def hold(request: StaffRequest, report: Report) -> HttpResponse:
    """Set or lift a legal hold."""
    triage.hold(request.member, report, request.POST.get("held") == "yes")
    return redirect("intake:item", report.pk)


@page("contact", "change")
@require_http_methods(FORMS)
def change_contact(request: StaffRequest, key: str) -> HttpResponse:
    """Set another number for a contact, with its source."""
    try:
        known = contact(key)
    except KeyError:
        raise Http404 from None
    form = staff_forms.ContactForm.of(known)
    if request.method == "POST":
        form = staff_forms.ContactForm(request.POST)
        if form.is_valid():
            ContactChange.objects.create(key=key, **form.cleaned_data)
            return redirect("intake:numbers")
    return render(
        request,
        "intake/change_contact.html",
        {"form": form, "contact": known},
        status=400 if form.errors else 200,
    )


def _reachable(request: StaffRequest, number: str) -> Report | None:
    from harborlight.web.accounts.access import reachable

    return reachable(Report, request.member, "report", "open").filter(number=number).first()


def _do(
    request: StaffRequest, report: Report, form: Any, work: Callable[[dict[str, Any]], object]
) -> HttpResponse:
    """Do it and go back to the report; or show what is wrong with what was entered."""
    if not form.is_valid():
        context = {"form": form, "report": report, "here": "reports", "action": request.path}
        return render(request, "intake/again.html", context, status=400)
    work(form.cleaned_data)
    messages.success(request, _("Saved."))
    return redirect("intake:item", report.pk)


def _item(request: StaffRequest, report: Report) -> HttpResponse:
    member = request.member
    opened = triage.open_report(member, report)
    holding = opened.holding
    can = {
        action: may(member, "report", action)
        for action in ("label", "assign", "note", "ask", "route", "tell", "link", "close", "hold",
                       "take", "file", "evidence", "promote")
    }  # fmt: skip
    own = report.owner_id == member.agency_id
    if own:
        report.owner = member.agency
    kin = sameness.family(report)
    codes = ("danger", "age", "category", "county", "language")
    context = {
        "here": "reports",
        "report": report,
        "opened": opened,
        "own": own,
        "can": can,
        "holding": holding,
        "files": [(each, each.take("name")["name"]) for each in files_of(report)],
        "ledger": telling.ledger(report, kin),
        "same": sameness.links(report),
        "suggestions": sameness.suggestions(member, report, kin) if own else [],
        "label_form": staff_forms.LabelForm(
            initial={name: getattr(report, name) for name in codes}, prefix=None
        ),
        "assign_form": staff_forms.AssignForm(
            among=triage.colleagues(member), initial={"to": holding and holding.assigned_id}
        ),
        "note_form": staff_forms.NoteForm(auto_id="note_%s"),
        "ask_form": staff_forms.AskForm(auto_id="ask_%s"),
        "take_form": staff_forms.TakeForm(initial={"taken": holding.taken if holding else ""}),
        "route_form": staff_forms.RouteForm(
            among=telling.agencies_to_tell(report, kin), auto_id="route_%s"
        ),
        "tell_form": staff_forms.TellForm(auto_id="tell_%s"),
        "link_form": staff_forms.LinkForm(),
        "close_form": staff_forms.CloseForm(),
    }
    return render(request, "intake/item.html", context)
