"""Pages of trainers: staff and who is due, one person, files of staff, the ledger."""

from __future__ import annotations

import csv
import io
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from harborlight.web.accounts.access import StaffRequest, page, reachable
from harborlight.web.accounts.asking import ask
from harborlight.web.training import catalog, due, importing, ledger, people, taking
from harborlight.web.training.catalog import in_language
from harborlight.web.training.duty import duty
from harborlight.web.training.forms import FileForm, RecordForm
from harborlight.web.training.models import StaffFile, StaffPerson, StaffReject

PAGE = 50


@page("staff", "list")
def staff(request: StaffRequest) -> HttpResponse:
    """Staff of a course by state, with who is due; or who has left; or one employee number."""
    agency = request.member.agency
    courses = list(catalog.courses().values())
    chosen = catalog.courses().get(request.GET.get("course", "")) or courses[0]
    state = request.GET.get("state", "")
    number = request.GET.get("number", "").strip()
    today = timezone.localdate()
    rows = due.staff(agency, chosen)
    if number:
        mine = reachable(StaffPerson, request.member, "staff", "list")
        rows = StaffPerson.having("employee", number).filter(pk__in=mine.values("pk"))
    elif state == "left":
        rows = StaffPerson.objects.filter(agency=agency, active=False)
    elif state in due.STATES:
        rows = rows.filter(due.condition(state, today))
    shown = Paginator(rows.order_by("since", "pk"), PAGE).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "here": "staff",
        "courses": [(each.code, in_language(each.title)) for each in courses],
        "course": chosen.code,
        "title": in_language(chosen.title),
        "state": state,
        "number": number,
        "states": [
            (key, label, count)
            for (key, label), count in zip(
                due.STATES.items(), due.counts(agency, chosen).values(), strict=True
            )
        ],
        "shown": shown,
        "query": urlencode({"course": chosen.code, "state": state, "number": number}),
        "people": [_line(each, today) for each in shown],
        "duty": duty(chosen.role, today),
        "files": StaffFile.objects.filter(agency=agency)[:5],
    }
    return render(request, "training/staff.html", context)


def _line(person: StaffPerson, today: Any) -> dict[str, Any]:
    told = person.take("name", "number")
    line = {"person": person, "name": told["name"], "number": told["number"]}
    if hasattr(person, "expires"):
        line["expires"] = person.expires
        line["state"] = due.STATES[due.state_of(person.expires, today)]
        line["check"] = getattr(person, "check_due", False)
    return line


@page("staff", "open", of=StaffPerson)
def person(request: StaffRequest, person: StaffPerson) -> HttpResponse:
    """One person: courses, takings, certificates. No answer to a single situation is shown."""
    context = {
        "here": "staff",
        "person": person,
        "told": person.take(),
        "standings": [(in_language(c.title), s) for c, s in due.of_person(person)],
        "takings": [
            (each, in_language(each.edition.title), getattr(each, "certificate", None))
            for each in person.takings.filter(finished_at__isnull=False).select_related(
                "edition", "certificate"
            )
        ],
        "checks": person.checks.filter(done_at__isnull=False),
    }
    return render(request, "training/person.html", context)


@page("staff", "record", of=StaffPerson)
def record(request: StaffRequest, person: StaffPerson) -> HttpResponse:
    """Keep that somebody took a course elsewhere."""

    def do(values: dict[str, Any]) -> str:
        course = catalog.courses()[values["course"]]
        done = taking.record(person, course, values["day"], values["percent"], request.member)
        return _("Recorded as passed.") if done.passed else _("Recorded as not passed.")

    offered = [(each.code, in_language(each.title)) for each in catalog.for_person(person)]
    form = RecordForm(offered, request.POST or None)
    intro = _("For a course that was taken in your own LMS. It cannot be changed afterwards.")
    return ask(request, form, _("Record a course"), do, back=person.get_absolute_url(), intro=intro)


@page("staff", "change", of=StaffPerson)
def change(request: StaffRequest, person: StaffPerson) -> HttpResponse:
    """Say that somebody left, or is back. What they learned is kept."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    people.set_active(person, not person.active)
    messages.success(request, _("Kept."))
    return redirect(person.get_absolute_url())


@page("staff", "import")
def import_file(request: StaffRequest) -> HttpResponse:
    """Bring in a file of staff."""
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            done = importing.bring_in(
                request.member.agency,
                upload.name,
                upload.read(),
                whole=form.cleaned_data["whole"],
                most=importing.MOST_BY_PAGE,
            )
            return redirect("training:file", pk=done.pk)
        except importing.FileError as error:
            form.add_error("file", str(error))
    context = {
        "here": "staff",
        "form": form,
        "title": _("Bring in a file of staff"),
        "intro": _("Rows that cannot be used are kept with their reason; the others are taken."),
        "back": reverse("training:staff"),
        "upload": True,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "accounts/ask.html", context, status=status)


@page("staff", "file", of=StaffFile)
def file(request: StaffRequest, file: StaffFile) -> HttpResponse:
    """What became of a file's rows."""
    rejects = [(each.number, each.take()) for each in file.rejects.all()[:100]]
    context = {"here": "staff", "file": file, "rejects": rejects}
    return render(request, "training/file.html", context)


@page("staff", "file", of=StaffFile)
def rejected(_request: StaffRequest, file: StaffFile) -> HttpResponse:
    """The rows that were not taken, as they were, with file, row and reason before them."""
    out = io.StringIO()
    writer = csv.writer(out)
    for number, each in enumerate(StaffReject.objects.filter(file=file)):
        told = each.take()
        if not number:
            writer.writerow(["file", "row_number", "reason", *told["row"]["header"]])
        cells = [ledger.cell(text) for text in told["row"]["cells"]]
        writer.writerow([ledger.cell(file.name), each.number, told["reason"], *cells])
    return _csv(out.getvalue(), "rejected.csv")


@page("training", "ledger")
def export(request: StaffRequest) -> HttpResponse:
    """Every course that was finished at the airline, a line each."""
    return _csv(ledger.text(request.member.agency), "training.csv")


def _csv(text: str, name: str) -> HttpResponse:
    answer = HttpResponse(text, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
