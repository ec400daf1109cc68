"""The clerk's pages of forfeited property: what it brought, and who gets it."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from harborlight.web.accounts.access import StaffRequest, may, page
from harborlight.web.accounts.asking import ask
from harborlight.web.fund import following, forfeiting, forms, tracing
from harborlight.web.fund.court_views import begins
from harborlight.web.fund.from_sentence import ORIGIN
from harborlight.web.fund.models import Forfeiture, Source
from harborlight.web.fund.names import name_of
from harborlight.web.prosecution.models import Sentence


@page("forfeiture", "enter", of=Sentence)
def take_in(request: StaffRequest, sentence: Sentence) -> HttpResponse:
    """Take in what a forfeiture brought. It is shared out at once, by the law of that day."""
    form = forms.ForfeitureForm(request.POST or None)

    def do(values: dict[str, Any]) -> str:
        forfeiting.take_in(sentence, values, request.member)
        return _("It is taken in and shared out, as far as the law is known.")

    intro = _("Liens, expenses and restitution come first; the law’s rule shares out the rest.")
    back = reverse("fund:orders")
    return ask(request, form, _("What a forfeiture brought"), do, back=back, intro=intro)


@page("forfeiture", "open", of=Forfeiture)
def forfeiture(request: StaffRequest, forfeiture: Forfeiture) -> HttpResponse:
    """What it brought, who got what by which law, what is kept and why, what it paid for."""
    member = request.member
    found = following.shares(Source.FORFEIT, [forfeiture.pk])
    context = {
        "here": "fund",
        "forfeiture": forfeiture,
        "got": [(name_of(each.account), each) for each in found],
        "kept": forfeiting.kept(forfeiture),
        "traced": following.bought(tracing.of_forfeiture(forfeiture.pk)),
        "begins": begins(following.sentence_of(ORIGIN, forfeiture.origin), member),
        "may": {name: may(member, "forfeiture", name, forfeiture) for name in ("settle", "undo")},
    }
    return render(request, "fund/forfeiture.html", context)


@page("forfeiture", "settle", of=Forfeiture)
def settle(request: StaffRequest, forfeiture: Forfeiture) -> HttpResponse:
    """Ask the law again who receives what is kept."""

    def do(_values: dict[str, Any]) -> str:
        forfeiting.settle(forfeiture, timezone.localdate())
        return _("The law knows more now: it is shared out.")

    form = forms.NoForm(request.POST if request.method == "POST" else None)
    intro = forfeiture.get_unshared_display()
    back = forfeiture.get_absolute_url()
    return ask(request, form, _("Ask the law again"), do, back=back, intro=intro)


@page("forfeiture", "undo", of=Forfeiture)
def undo(request: StaffRequest, forfeiture: Forfeiture) -> HttpResponse:
    """Reverse what was entered by mistake."""

    def do(values: dict[str, Any]) -> str:
        forfeiting.undo(forfeiture, values["day"])
        return _("It is reversed.")

    form = forms.DayForm(request.POST or None)
    intro = _("Everything that it did is reversed. What was handed on by then becomes a claim.")
    back = forfeiture.get_absolute_url()
    return ask(request, form, _("Entered by mistake"), do, back=back, intro=intro)
