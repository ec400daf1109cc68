"""The books: balances, the chart of all money, handing on, closing, and exports."""

from __future__ import annotations

import csv
import io
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from harborlight.web.accounts.access import StaffRequest, may, page
from harborlight.web.accounts.asking import ask
from harborlight.web.accounts.models import Agency
from harborlight.web.fund import (
    beancount,
    claims,
    forfeiting,
    forms,
    ledger,
    payments,
    sankey,
    tracing,
)
from harborlight.web.fund.models import Balance, Forfeiture, Posting
from harborlight.web.fund.names import name_of

KEPT_SHOWN = 200


@page("fund", "see")
def overview(request: StaffRequest) -> HttpResponse:
    """Every balance. No posting is read."""
    claimed = claims.claims()
    balances = claims.apart(beancount.balances(), claimed)
    context = {
        "here": "fund",
        "balances": [(name_of(c, cents), c, cents) for c, cents in balances.items() if cents],
        "claims": [(name_of(each.account), each) for each in claimed],
        "kept": [
            (each, forfeiting.kept(each))
            for each in Forfeiture.objects.exclude(unshared="").order_by("pk")[:KEPT_SHOWN]
        ],
        "closed": ledger.closed_through(),
        "may": {
            name: may(request.member, *permission)
            for name, permission in {
                "hand_on": ("fund", "hand_on"),
                "pay_back": ("fund", "pay_back"),
                "close": ("fund", "close"),
                "export": ("fund", "export"),
                "orders": ("court_order", "list"),
                "grants": ("grant", "list"),
            }.items()
        },
    }
    return render(request, "fund/overview.html", context)


@page("fund", "flow")
def flow(request: StaffRequest) -> HttpResponse:
    """All money from orders to services, as a picture and as a table."""
    flows = tracing.flows()
    picture = sankey.draw(flows, name_of, _("Money from orders to services"))
    context = {
        "here": "fund",
        "flows": [(name_of(start), name_of(end), cents) for start, end, cents in flows],
        "picture": mark_safe(picture),  # noqa: S308 - our own drawing, its words escaped
    }
    return render(request, "fund/flow.html", context)


@page("fund", "hand_on")
def hand_on(request: StaffRequest) -> HttpResponse:
    """Hand on what is due."""

    def do(values: dict[str, Any]) -> str:
        done = payments.hand_on(values["day"])
        return _("%(amount)s dollars are handed on.") % {
            "amount": beancount.amount(sum(done.values()))
        }

    intro = _("Books that what is due was paid out: to agencies and others, and to the account.")
    form = forms.DayForm(request.POST or None)
    back = reverse("fund:overview")
    return ask(request, form, _("Hand on what is due"), do, back=back, intro=intro)


@page("fund", "pay_back")
def pay_back(request: StaffRequest, holding: int) -> HttpResponse:
    """An agency pays back what it got before it was taken back."""
    owed = get_object_or_404(claims.owed_by_agencies(), pk=holding)

    def do(values: dict[str, Any]) -> str:
        claims.pay_back(owed, values["day"], values["cents"])
        return _("It is booked as paid back.")

    agency = Agency.objects.filter(pk=owed.number).first()
    intro = _("%(agency)s owes %(amount)s dollars back.") % {
        "agency": agency.name if agency else owed.number,
        "amount": beancount.amount(owed.cents),
    }
    form = forms.BackForm(request.POST or None)
    back = reverse("fund:overview")
    return ask(request, form, _("An agency pays back"), do, back=back, intro=intro)


@page("fund", "close")
def close(request: StaffRequest) -> HttpResponse:
    """Close the books up to a day."""

    def do(values: dict[str, Any]) -> str:
        ledger.close(values["day"])
        return _("The books are closed through %(day)s.") % {"day": values["day"].isoformat()}

    intro = _("Closed books are never opened again: what was wrong is reversed on a later day.")
    form = forms.DayForm(request.POST or None)
    back = reverse("fund:overview")
    return ask(request, form, _("Close the books"), do, back=back, intro=intro)


@page("fund", "export")
def export_beancount(_request: StaffRequest) -> HttpResponse:
    """The journal for `bean-check`."""
    text = "".join(f"{line}\n" for line in beancount.lines())
    return _file(text, "text/plain; charset=utf-8", "books.beancount")


@page("fund", "export")
def export_csv(_request: StaffRequest) -> HttpResponse:
    """Every posting with its source and law."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(
        ["entry", "day", "what", "reverses", "line", "account", "amount", "source", "number",
         "rule", "law"]
    )  # fmt: skip
    rows = Posting.objects.select_related("entry").order_by("entry", "line")
    for each in rows.iterator(chunk_size=2000):
        entry = each.entry
        writer.writerow(
            [entry.number, entry.day.isoformat(), entry.what, entry.reverses_id or "", each.line,
             each.account_id, beancount.amount(each.cents), each.source, each.number, each.rule,
             each.law]
        )  # fmt: skip
    return _file(out.getvalue(), "text/csv; charset=utf-8", "postings.csv")


@page("fund", "statement")
def statement(request: StaffRequest) -> HttpResponse:
    """A year's statement: of each account what was there, came, went, and is left."""
    years = sorted({m[:4] for m in Balance.objects.values_list("month", flat=True)}, reverse=True)
    year = request.GET.get("year", "")
    if year not in years:
        year = years[0] if years else str(timezone.localdate().year)
    rows: dict[str, list[int]] = {}
    for each in Balance.objects.filter(month__lte=f"{year}-12").order_by("account"):
        row = rows.setdefault(each.account_id, [0, 0, 0, 0])
        if each.month < f"{year}-01":
            row[0] += each.debit - each.credit
        else:
            row[1] += each.debit
            row[2] += each.credit
        row[3] = row[0] + row[1] - row[2]
    context = {
        "here": "fund",
        "year": year,
        "years": years,
        "rows": [(name_of(code, row[3]), code, *row) for code, row in rows.items()],
    }
    return render(request, "fund/statement.html", context)


def _file(text: str, kind: str, name: str) -> HttpResponse:
    answer = HttpResponse(text, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
