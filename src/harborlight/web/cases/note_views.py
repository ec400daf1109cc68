"""The pages of notes."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from harborlight.web.accounts.access import StaffRequest, page
from harborlight.web.accounts.asking import ask
from harborlight.web.cases import notes, work_forms
from harborlight.web.cases.models import Case

ON_PAGE = 25


@page("note", "read", of=Case)
def listed(request: StaffRequest, case: Case) -> HttpResponse:
    """The notes of a case that are for this member."""
    mine = notes.readable(request.member, case)
    shown = Paginator(mine, ON_PAGE).get_page(request.GET.get("page"))
    context = {
        "here": "cases",
        "case": case,
        "shown": shown,
        "rows": [(each, each.take("cco_CaseComment")["cco_CaseComment"]) for each in shown],
    }
    return render(request, "cases/notes.html", context)


@page("note", "write", of=Case)
def write(request: StaffRequest, case: Case) -> HttpResponse:
    """Write a note."""
    form = work_forms.NoteForm(request.POST or None, member=request.member)

    def do(told: dict[str, Any]) -> str:
        notes.write(case, told["text"], told["audience"], request.member)
        return _("The note is kept.")

    back = reverse("cases:notes", args=[case.pk])
    return ask(request, form, _("A note"), do, back=back)
