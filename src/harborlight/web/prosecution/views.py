"""Pages of arrests, charges and sentences."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from harborlight.web.accounts.access import StaffRequest, may, page, reachable
from harborlight.web.accounts.asking import ask
from harborlight.web.cases.models import Case
from harborlight.web.operations.models import Operation
from harborlight.web.prosecution import charging, forms, mandatory, sentencing
from harborlight.web.prosecution.models import Arrest, Charge, Sentence
from harborlight.web.protection.deciding import born_on

ON_PAGE = 50


@page("arrest", "list")
def arrests(request: StaffRequest) -> HttpResponse:
    """Arrests of one's agency, and those presented to it. Nobody is named."""
    mine = reachable(Arrest, request.member, "arrest", "list")
    shown = mine.select_related("agency", "prosecuting", "case", "involvement")
    sentences = reachable(Sentence, request.member, "sentence", "list")
    context = {
        "here": "prosecution",
        "arrests": Paginator(shown, ON_PAGE).get_page(request.GET.get("page")),
        "sentences": sentences.select_related("agency")[:ON_PAGE],
    }
    return render(request, "prosecution/arrests.html", context)


@page("arrest", "add", of=Case)
def add(request: StaffRequest, case: Case) -> HttpResponse:
    """Keep an arrest of somebody in a case. Safe Harbor may refuse it, with its citation."""
    operations = reachable(Operation, request.member, "operation", "open")
    form = forms.ArrestForm(
        request.POST or None, case=case, operations=operations.filter(started_at__isnull=False)
    )
    kept: list[Arrest] = []

    def do(values: dict[str, Any]) -> str:
        kept.append(
            charging.arrest(
                case,
                values.pop("person"),
                values.pop("allegation"),
                values.pop("offense_on"),
                request.member,
                **values,
            )
        )
        return _("The arrest is kept.")

    intro = _(
        "Nobody is arrested here for having been sold, unless somebody qualified says that they "
        "were an adult. An age that is not known counts as that of a minor."
    )
    return ask(request, form, _("An arrest"), do, back=case.get_absolute_url(), intro=intro)


@page("arrest", "open", of=Arrest)
def arrest(request: StaffRequest, arrest: Arrest) -> HttpResponse:
    """An arrest: who, why, the charges, how each ended, the sentences."""
    member = request.member
    charges = arrest.charges.select_related("agency", "disposition", "involvement")
    context = {
        "here": "prosecution",
        "arrest": arrest,
        "basis": arrest.take("basis")["basis"],
        "told": arrest.person.take("prs_FirstName", "prs_SecondName"),
        "stands": charging.stands(arrest),
        "charges": charges,
        "sentences": arrest.sentences.all(),
        "may_present": may(member, "arrest", "present", arrest)
        and member.agency_id == arrest.agency_id,
        "may_charge": may(member, "charge", "file", arrest)
        and member.agency_id == arrest.prosecuting_id,
        "may_sentence": may(member, "sentence", "keep", arrest)
        and bool(sentencing.convictions(arrest)),
        "may_see_operation": arrest.operation is not None
        and may(member, "operation", "open", arrest.operation),
        "may_see_person": may(member, "person", "open", arrest.person),
    }
    return render(request, "prosecution/arrest.html", context)


@page("arrest", "present", of=Arrest)
def present(request: StaffRequest, arrest: Arrest) -> HttpResponse:
    """Present an arrest to a prosecutor."""

    def do(values: dict[str, Any]) -> str:
        charging.present(arrest, values["to"])
        return _("Presented.")

    form = forms.PresentForm(request.POST or None)
    return ask(request, form, _("Present to a prosecutor"), do, back=arrest.get_absolute_url())


@page("charge", "file", of=Arrest)
def charge(request: StaffRequest, arrest: Arrest) -> HttpResponse:
    """Charge somebody under a section."""
    form = forms.ChargeForm(request.POST or None, allegation=arrest.allegation)

    def do(values: dict[str, Any]) -> str:
        charging.charge(arrest, values.pop("code"), request.member, **values)
        return _("The charge is kept.")

    intro = _(
        "Sections that are about what is alleged. How far each was checked is shown with the law; "
        "this is not legal advice."
    )
    return ask(request, form, _("A charge"), do, back=arrest.get_absolute_url(), intro=intro)


@page("charge", "dispose", of=Charge)
def dispose(request: StaffRequest, charge: Charge) -> HttpResponse:
    """Keep how a charge ended."""
    form = forms.EndingForm(
        request.POST or None, allegation=charge.allegation, jurisdiction=charge.jurisdiction
    )

    def do(values: dict[str, Any]) -> str:
        charging.dispose(
            charge, values["ending"], values["day"], request.member, values["reduced_to"]
        )
        return _("Kept.")

    back = charge.arrest.get_absolute_url()
    return ask(request, form, _("How the charge ended"), do, back=back)


@page("sentence", "keep", of=Arrest)
def sentence_new(request: StaffRequest, arrest: Arrest) -> HttpResponse:
    """Keep what a court ordered."""
    form = forms.SentenceForm(request.POST or None)

    def do(values: dict[str, Any]) -> str:
        sentencing.sentence(arrest, values, form.amounts, request.member)
        return _("The sentence is kept. See what the law makes mandatory beside it.")

    return ask(request, form, _("A sentence"), do, back=arrest.get_absolute_url())


@page("sentence", "open", of=Sentence)
def sentence(request: StaffRequest, sentence: Sentence) -> HttpResponse:
    """What the court ordered, and what the law makes mandatory."""
    born = born_on(sentence.arrest.person)
    context = {
        "here": "prosecution",
        "sentence": sentence,
        "sealed": sentence.take(),
        "ordered": sentence.ordered.all(),
        "findings": mandatory.findings(sentence, born),
        "may_send": may(request.member, "sentence", "send", sentence)
        and request.member.agency_id == sentence.agency_id
        and sentence.court_id is None,
        "may_enter": sentence.court_id == request.member.agency_id
        and may(request.member, "sentence", "take_in"),
    }
    return render(request, "prosecution/sentence.html", context)


@page("sentence", "send", of=Sentence)
def send(request: StaffRequest, sentence: Sentence) -> HttpResponse:
    """Send a sentence to the clerk who takes in the money."""

    def do(values: dict[str, Any]) -> str:
        sentencing.send(sentence, values["to"])
        return _("Sent.")

    form = forms.SendForm(request.POST or None)
    return ask(request, form, _("Send to a clerk"), do, back=sentence.get_absolute_url())
