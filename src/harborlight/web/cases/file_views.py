"""The pages of a case's files."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from harborlight.web.accounts.access import StaffRequest, may, page
from harborlight.web.accounts.asking import ask
from harborlight.web.cases import attaching
from harborlight.web.cases.models import Case
from harborlight.web.vault.files import Upload


class FileForm(forms.Form):
    """One file."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy(
            "A picture, a document; at most 25 MB. It is kept as it is, and a copy is made from "
            "which hidden data, such as the place of a photo, is removed."
        ),
        widget=forms.ClearableFileInput(attrs={"class": "usa-file-input"}),
    )


@page("case_file", "list", of=Case)
def listed(request: StaffRequest, case: Case) -> HttpResponse:
    """The files of a case, by name."""
    context = {
        "here": "cases",
        "case": case,
        "files": attaching.listed(case),
        "may_add": may(request.member, "case_file", "add"),
        "may_original": may(request.member, "case_file", "evidence"),
    }
    return render(request, "cases/files.html", context)


@page("case_file", "add", of=Case)
def add(request: StaffRequest, case: Case) -> HttpResponse:
    """Add a file."""
    form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()

    def do(told: dict[str, Any]) -> str:
        attaching.attach(case, Upload(told["file"].name, told["file"].read()))
        return _("The file is kept.")

    back = reverse("cases:files", args=[case.pk])
    return ask(request, form, _("A file"), do, back=back)


@page("case_file", "copy", of=Case)
@require_safe
def copy(_request: StaffRequest, case: Case, file: uuid.UUID) -> HttpResponse:
    """The copy of a file without hidden data."""
    return _answer(case, file, cleaned=True)


@page("case_file", "evidence", of=Case)
@require_safe
def original(_request: StaffRequest, case: Case, file: uuid.UUID) -> HttpResponse:
    """A file as it came, with all that is hidden in it: evidence."""
    return _answer(case, file, cleaned=False)


def _answer(case: Case, key: uuid.UUID, *, cleaned: bool) -> HttpResponse:
    """A file to be saved and not shown: what is in it runs on no page of ours."""
    found = attaching.content(case, key, cleaned=cleaned)
    if found is None:
        raise Http404
    name, content = found
    response = HttpResponse(content, content_type="application/octet-stream")
    response.headers["Content-Disposition"] = (
        content_disposition_header(True, f"{case.number} {name}") or "attachment"
    )
    return response
