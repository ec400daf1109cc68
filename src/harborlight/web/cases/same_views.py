"""The pages on which two records are, or are not, said to be of one person."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from harborlight.web.accounts.access import StaffRequest, find, page, reachable
from harborlight.web.accounts.asking import ask
from harborlight.web.cases import suggesting
from harborlight.web.cases.persons import Person
from harborlight.web.cases.same import SamePerson, Verdict
from harborlight.web.frame.fields import area, choice

ON_PAGE = 25


class DecideForm(forms.Form):
    """Whether, and what one goes by."""

    verdict = choice(gettext_lazy("What you decide"), Verdict.choices)
    reason = area(gettext_lazy("What you go by"))


class UndoForm(forms.Form):
    """Why it is undone."""

    reason = area(gettext_lazy("What you go by"))


@page("same_person", "list")
def listed(request: StaffRequest) -> HttpResponse:
    """Records that may be of one person, and what was decided."""
    shown = Paginator(suggesting.suggestions(request.member), ON_PAGE)
    links = reachable(SamePerson, request.member, "same_person", "list").filter(
        undone_at__isnull=True
    )
    decided = links.select_related("first", "second", "decided_by__user")[:ON_PAGE]
    context = {
        "here": "cases",
        "shown": shown.get_page(request.GET.get("page")),
        "decided": [(each, each.take("reason")["reason"]) for each in decided],
    }
    return render(request, "cases/same.html", context)


@page("same_person", "decide", of=Person)
def decide(request: StaffRequest, person: Person, other: uuid.UUID) -> HttpResponse:
    """Decide of two records."""
    second = find(Person, request.member, "same_person", "decide", other)
    form = DecideForm(request.POST or None)

    def do(told: dict[str, Any]) -> str:
        suggesting.decide(person, second, told["verdict"], told["reason"], request.member)
        return _("Kept. Both records stay as they are, and it can be undone.")

    title = _("%(one)s and %(two)s: one person?") % {"one": person, "two": second}
    return ask(request, form, title, do, back=reverse("cases:same"))


@page("same_person", "undo", of=SamePerson)
def undo(request: StaffRequest, link: SamePerson) -> HttpResponse:
    """Undo what was decided."""
    form = UndoForm(request.POST or None)

    def do(told: dict[str, Any]) -> str:
        suggesting.undo(link, told["reason"], request.member)
        return _("Undone.")

    title = _("Undo: %(one)s and %(two)s") % {"one": link.first, "two": link.second}
    return ask(request, form, title, do, back=reverse("cases:same"))
