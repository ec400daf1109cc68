"""The clerk's pages: orders, payments, files, and what becomes of them."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from harborlight.web.accounts.access import StaffRequest, may, page, reachable
from harborlight.web.accounts.asking import ask
from harborlight.web.accounts.models import Member
from harborlight.web.frame.templatetags.dollars import dollars
from harborlight.web.fund import applying, following, forms, importing, orders, payments, tracing
from harborlight.web.fund.from_sentence import take_in, to_take_in
from harborlight.web.fund.models import Forfeiture, Import, Order, Payment, Reject
from harborlight.web.fund.names import name_of
from harborlight.web.prosecution.models import Sentence

ON_PAGE = 50


@page("court_order", "list")
def order_list(request: StaffRequest) -> HttpResponse:
    """The orders within reach, latest first, or the one of a docket; what is owed, by age."""
    mine = reachable(Order, request.member, "court_order", "list")
    docket = request.GET.get("docket", "").strip()
    found = mine.filter(pk__in=Order.having("docket", docket).values("pk")) if docket else mine
    context = {
        "here": "fund",
        "docket": docket,
        "orders": Paginator(found, ON_PAGE).get_page(request.GET.get("page")),
        "aging": orders.aging(mine, timezone.localdate()),
        "forfeited": reachable(Forfeiture, request.member, "forfeiture", "open")[:ON_PAGE],
        "files": reachable(Import, request.member, "payment", "file")[:10],
        "sent": to_take_in(request.member) if may(request.member, "sentence", "take_in") else (),
        "may_enter": may(request.member, "court_order", "enter"),
        "may_import": may(request.member, "payment", "import"),
    }
    return render(request, "fund/orders.html", context)


@page("court_order", "open", of=Order)
def order(request: StaffRequest, order: Order) -> HttpResponse:
    """An order whole: what is owed, what came in, and where it went."""
    obligations = list(order.obligations.all())
    keys = {each.pk for each in obligations}
    paid = list(order.payments.all())
    left = payments.unapplied_of([each.pk for each in paid])
    context = {
        "here": "fund",
        "order": order,
        "sealed": order.take(),
        "obligations": [(each, applying.owed(each)) for each in obligations],
        "payments": [(each, left.get(each.pk, 0)) for each in paid],
        "reviews": order.reviews.all(),
        "got": [(name_of(each.account), each) for each in following.paid_of(order)],
        "traced": following.bought(tracing.of_obligations(keys)),
        "begins": begins(following.sentence_of(order.origin_kind, order.origin), request.member),
        "forfeited": Forfeiture.objects.filter(origin=order.origin) if order.origin else (),
        "may_pay": may(request.member, "payment", "enter", order),
    }
    return render(request, "fund/order.html", context)


def begins(sentence: Sentence | None, member: Member) -> dict[str, Any]:
    """Where the money's way begins, as far as this member may open it."""
    if sentence is None or not may(member, "sentence", "open", sentence):
        return {}
    told: dict[str, Any] = {"sentence": sentence}
    arrest = sentence.arrest
    if may(member, "arrest", "open", arrest):
        told["arrest"] = arrest
        if arrest.operation and may(member, "operation", "open", arrest.operation):
            told["operation"] = arrest.operation
    return told


@page("court_order", "enter")
def enter_order(request: StaffRequest) -> HttpResponse:
    """Take in an order."""
    form = forms.OrderForm(request.POST or None)

    def do(values: dict[str, Any]) -> str:
        orders.enter(request.member.agency, values, form.amounts, timezone.localdate())
        return _("The order is taken in.")

    return ask(request, form, _("Take in an order"), do, back=reverse("fund:orders"))


@page("sentence", "take_in", of=Sentence)
def from_sentence(request: StaffRequest, sentence: Sentence) -> HttpResponse:
    """Take in what a sentence orders: the amounts are the sentence's, and cannot be typed anew."""
    form = forms.NumberForm(request.POST or None)

    def do(values: dict[str, Any]) -> str:
        take_in(sentence, values["number"], request.member)
        return _("The order is taken in.")

    listed = ", ".join(f"{each}: {dollars(each.cents)}" for each in sentence.ordered.all())
    return ask(request, form, _("Take in an order"), do, back=reverse("fund:orders"), intro=listed)


@page("court_order", "read", of=Order)
def reading(request: StaffRequest, order: Order) -> HttpResponse:
    """Keep counsel's reading, and apply what waited for it."""

    def do(values: dict[str, Any]) -> str:
        order.reading = values["reading"]
        order.save()
        payments.apply(order, timezone.localdate())
        return _("The reading is kept, and what waited for it is applied.")

    intro = _("Two statutes conflict on what is paid first. Counsel decides; the site does not.")
    form = forms.ReadingForm(request.POST or None)
    return ask(
        request, form, _("Counsel’s reading"), do, back=order.get_absolute_url(), intro=intro
    )


@page("court_order", "review", of=Order)
def review(request: StaffRequest, order: Order) -> HttpResponse:
    """Keep what a review of somebody's means found."""

    def do(values: dict[str, Any]) -> str:
        orders.review(order, values["day"], values["found"], values["again"])
        return _("The review is kept.")

    form = forms.ReviewForm(request.POST or None)
    return ask(request, form, _("Review of means"), do, back=order.get_absolute_url())


@page("payment", "enter", of=Order)
def enter_payment(request: StaffRequest, order: Order) -> HttpResponse:
    """Take in a payment."""

    def do(values: dict[str, Any]) -> str:
        payments.receive(order, values["receipt"], values["day"], values["cents"])
        return _("The payment is taken in.")

    form = forms.PaymentForm(request.POST or None)
    return ask(request, form, _("Take in a payment"), do, back=order.get_absolute_url())


@page("payment", "bounce", of=Payment)
def bounce(request: StaffRequest, payment: Payment) -> HttpResponse:
    """The bank took it back."""

    def do(values: dict[str, Any]) -> str:
        payments.bounce(payment, values["day"])
        return _("Everything that the payment did is reversed.")

    form = forms.DayForm(request.POST or None)
    title = _("The bank returned payment %(receipt)s") % {"receipt": payment.receipt}
    return ask(request, form, title, do, back=payment.order.get_absolute_url())


@page("payment", "refund", of=Payment)
def refund(request: StaffRequest, payment: Payment) -> HttpResponse:
    """Give back what was paid too much."""

    def do(values: dict[str, Any]) -> str:
        payments.refund(payment, values["day"], values["cents"])
        return _("The refund is booked.")

    form = forms.RefundForm(request.POST or None)
    title = _("Refund of payment %(receipt)s") % {"receipt": payment.receipt}
    return ask(request, form, title, do, back=payment.order.get_absolute_url())


@page("payment", "import")
def import_file(request: StaffRequest) -> HttpResponse:
    """Bring in a clerk's file. The same file twice adds nothing."""
    form = forms.FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            member = request.member
            done = importing.bring_in(member.agency, upload.name, upload.read(), member.actor)
            return redirect("fund:file", pk=done.pk)
        except importing.FileError as error:
            form.add_error("file", str(error))
    status = 422 if request.method == "POST" else 200
    context = {
        "here": "fund",
        "form": form,
        "title": _("Bring in a file of payments"),
        "intro": _("Rows that cannot be used are kept with their reason; the others are booked."),
        "back": reverse("fund:orders"),
    }
    return render(request, "accounts/ask.html", context, status=status)


@page("payment", "file", of=Import)
def file(request: StaffRequest, file: Import) -> HttpResponse:
    """What became of a file's rows."""
    rejects = [(each.number, each.take()) for each in Reject.objects.filter(file=file)[:500]]
    context = {"here": "fund", "file": file, "rejects": rejects, "rejected": file.done - file.taken}
    return render(request, "fund/file.html", context)
