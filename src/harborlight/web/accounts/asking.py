"""A page with one form: what it asks for is done when it is complete; and a field for agencies."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from harborlight.web.accounts.access import StaffRequest
from harborlight.web.accounts.models import Agency
from harborlight.web.accounts.roles import AgencyKind


def agency(
    label: Any, kind: AgencyKind, *, required: bool = True
) -> forms.ModelChoiceField[Agency]:
    """One of the agencies of a kind that are active."""
    widget = forms.Select(attrs={"class": "usa-select"})
    rows = Agency.objects.filter(kind=kind, active=True)
    return forms.ModelChoiceField(label=label, queryset=rows, widget=widget, required=required)


def ask(
    request: StaffRequest,
    form: forms.Form,
    title: str,
    do: Callable[[dict[str, Any]], str],
    *,
    back: str,
    intro: str = "",
) -> HttpResponse:
    """`do` gives what is told afterwards. `back` is where one goes then."""
    if request.method == "POST" and form.is_valid():
        messages.success(request, do(form.cleaned_data))
        return redirect(back)
    status = 422 if request.method == "POST" else 200
    match = request.resolver_match
    here = match.app_name if match else ""
    context = {"here": here, "form": form, "title": title, "intro": intro, "back": back}
    return render(request, "accounts/ask.html", context, status=status)
