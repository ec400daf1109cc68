"""Pages of a person: their safety, what the law says for them, the clocks, their consent."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from harborlight.web.accounts.access import StaffRequest, may, page, reachable
from harborlight.web.accounts.asking import ask
from harborlight.web.cases.models import Case
from harborlight.web.cases.persons import Involvement, Person
from harborlight.web.protection import consenting, deciding, offering, referring
from harborlight.web.protection.forms import (
    AgeForm,
    ConsentForm,
    OfferForm,
    PartForm,
    PersonForm,
    ReferForm,
    StopForm,
)
from harborlight.web.protection.models import Clock, Consent, ProtectionReferral

SEALED_IN_FORM = (
    "prs_FirstName",
    "prs_SecondName",
    "prs_PrimaryLanguage",
    "prs_MobilePhone",
    "safety",
)


@page("person", "add", of=Case)
def add(request: StaffRequest, case: Case) -> HttpResponse:
    """Somebody new in a case: ten fields, and the law is asked at once."""
    form = PersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        person = Person(agency=case.agency, county=told["county"], state=case.agency.state or "MN")
        person.put(**{name: told[name] for name in SEALED_IN_FORM})
        person.save()
        deciding.set_age(person, told["born"], told["age_basis"], request.member)
        _take_part(case, person, told)
        return redirect("protection:person", pk=person.pk)
    return render(request, "protection/add.html", {"case": case, "form": form, "here": "cases"})


def _take_part(case: Case, person: Person, told: dict[str, Any]) -> None:
    involvement = Involvement(
        case=case,
        person=person,
        part=told["part"],
        allegation=told["allegation"],
        offense_on=told["offense_on"],
    )
    involvement.save()
    deciding.ask_again(person)


@page("person", "open", of=Person)
def person(request: StaffRequest, person: Person) -> HttpResponse:
    """A person: safety first, then what the law says, the clocks, and consent."""
    told = person.take()
    decisions = [
        (each, each.take("explanation")["explanation"]) for each in person.decisions.all()[:5]
    ]
    referrals = person.protection_referrals.prefetch_related("clocks").select_related(
        "to_agency", "navigator", "named__user"
    )
    return render(
        request,
        "protection/person.html",
        {
            "person": person,
            "told": told,
            "decisions": decisions,
            "involvements": person.involvements.select_related("case"),
            "referrals": referrals,
            "consents": [
                (each, each.take("purpose")["purpose"])
                for each in person.consents.select_related("recipient")
            ],
            "navigator": referring.navigator_for(person),
            "part_form": PartForm(),
            "age_form": AgeForm(
                initial={"born": told["prs_Birthdate"], "age_basis": person.age_basis}
            ),
            "refer_form": ReferForm(),
            "stop_form": StopForm(),
            "consent_form": ConsentForm(),
            "offers": offering.about(person).select_related("service", "to_agency"),
            "may_offer": may(request.member, "person", "offer"),
            "may_change": may(request.member, "person", "change"),
            "here": "cases",
        },
    )


@page("person", "change", of=Person)
def take_part(request: StaffRequest, person: Person) -> HttpResponse:
    """Another part in a case. Refused, with the citation, where Safe Harbor stands against it."""
    form = PartForm(request.POST)
    involvement = person.involvements.select_related("case").last()
    if request.method == "POST" and form.is_valid() and involvement is not None:
        _take_part(involvement.case, person, form.cleaned_data)
        messages.success(request, _("Kept."))
    return redirect("protection:person", pk=person.pk)


@page("person", "change", of=Person)
def age(request: StaffRequest, person: Person) -> HttpResponse:
    """When somebody was born and how that is known; the law is asked again."""
    form = AgeForm(request.POST)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        deciding.set_age(person, told["born"], told["age_basis"], request.member)
        messages.success(request, _("Kept, and the law was asked again."))
    return redirect("protection:person", pk=person.pk)


@page("person", "refer", of=Person)
def refer(request: StaffRequest, person: Person) -> HttpResponse:
    """Refer somebody to child protection; the clocks start."""
    form = ReferForm(request.POST)
    involvement = person.involvements.select_related("case").first()
    if request.method == "POST" and form.is_valid() and involvement is not None:
        told = form.cleaned_data
        referring.refer(
            person, involvement.case, told["to_agency"], request.member, told["learned_at"]
        )
        messages.success(request, _("Referred. The clocks of the law are running."))
    elif request.method == "POST":
        messages.error(request, _("Say to whom, and when you learned of it."))
    return redirect("protection:person", pk=person.pk)


@page("person", "offer", of=Person)
def offer(request: StaffRequest, person: Person) -> HttpResponse:
    """Offer a need of somebody to a service to whose agency they consent."""
    form = OfferForm(request.POST or None, services=offering.services(person, request.member))

    def do(told: dict[str, Any]) -> str:
        offering.offer(person, told["service"], request.member, told["category"], told["note"])
        return _("Offered.")

    intro = _(
        "Only services of recipients to whom the person consents are listed. Keep the consent "
        "first. When it is withdrawn, what has not started is taken back."
    )
    back = reverse("protection:person", args=[person.pk])
    return ask(request, form, _("Offer to a service"), do, back=back, intro=intro)


@page("protection", "stop", of=ProtectionReferral)
def stop(request: StaffRequest, referral: ProtectionReferral, kind: str) -> HttpResponse:
    """Stop a clock by saying what was done."""
    form = StopForm(request.POST)
    clock = referral.clocks.filter(kind=kind).first()
    if request.method == "POST" and form.is_valid() and isinstance(clock, Clock):
        referring.stop(clock, request.member, form.cleaned_data["how"])
        messages.success(request, _("Kept."))
    return redirect("protection:clocks")


@page("protection", "list")
def clocks(request: StaffRequest) -> HttpResponse:
    """What is due today, and what is late."""
    rows = reachable(ProtectionReferral, request.member, "protection", "list")
    running = (
        Clock.objects.filter(referral__in=rows, stopped_at__isnull=True)
        .select_related("referral__to_agency", "referral__named__user", "referral__person")
        .order_by("due_at")
    )
    return render(
        request,
        "protection/clocks.html",
        {"clocks": running, "form": StopForm(), "here": "clocks"},
    )


@page("person", "change", of=Person)
def consent(request: StaffRequest, person: Person) -> HttpResponse:
    """Keep a consent."""
    form = ConsentForm(request.POST)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        consenting.give(person, told["recipient"], told["purpose"], request.member)
        messages.success(request, _("Kept."))
    return redirect("protection:person", pk=person.pk)


@page("consent", "withdraw", of=Consent)
def withdraw(request: StaffRequest, consent: Consent) -> HttpResponse:
    """Keep that a person withdraws a consent; what stood on it ends."""
    if request.method == "POST":
        ended = consenting.withdraw(consent)
        messages.success(request, _("Withdrawn. What stood on it has ended: %d.") % ended)
    return redirect("protection:person", pk=consent.person_id)
