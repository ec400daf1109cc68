"""Grants of the safe-harbor account: never more than is there, drawn against reports."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from harborlight.web.accounts.models import Agency
from harborlight.web.audit.acts import Refused
from harborlight.web.fund import chart
from harborlight.web.fund.beancount import balances
from harborlight.web.fund.grant_tables import GrantState
from harborlight.web.fund.ledger import Line, held, lock, post
from harborlight.web.fund.models import Call, Grant, Report, Source


def available() -> int:
    """The cents of the account that are promised to nobody."""
    return -balances(chart.AVAILABLE).get(chart.AVAILABLE, 0)


def undrawn(grant: Grant) -> int:
    """The cents of a grant that can still be drawn."""
    return -held(chart.COMMITTED, Source.GRANT, grant.number)


def apply_for(call: Call, agency: Agency, values: Mapping[str, Any], day: date) -> Grant:
    """A provider applies, within an act."""
    lock()
    if day > call.closes:
        raise Refused(_("The last day to apply was %(day)s.") % {"day": call.closes.isoformat()})
    if not 0 < values["asked"] <= call.cents:
        raise Refused(_("The call is for less than that."))
    number = 1 + (Grant.objects.aggregate(n=Max("number"))["n"] or 0)
    plain = {name: value for name, value in values.items() if name != "plan"}
    grant = Grant(call=call, agency=agency, applied=day, number=number, **plain)
    grant.put(plan=values["plan"])
    grant.save()
    return grant


def award(grant: Grant, cents: int, conditions: str, day: date) -> None:
    """Promise money to a provider, within an act. Refused beyond what is there or called for."""
    lock()
    if Grant.objects.get(pk=grant.pk).state != GrantState.APPLIED:
        raise Refused(_("It was decided already."))
    if not 0 < cents <= grant.asked:
        raise Refused(_("No more is awarded than was asked for."))
    if cents > available():
        raise Refused(_("The account has less than that."))
    given = sum(Grant.objects.filter(call=grant.call).values_list("awarded", flat=True))
    if given + cents > grant.call.cents:
        raise Refused(_("The call is for less than that."))
    grant.awarded, grant.state = cents, GrantState.AWARDED
    grant.put(conditions=conditions)
    grant.save()
    post(
        "grant.award",
        day,
        [
            Line(chart.AVAILABLE, cents, Source.GRANT, grant.number),
            Line(chart.COMMITTED, -cents, Source.GRANT, grant.number),
        ],
    )


def decline(grant: Grant) -> None:
    """Say no, within an act."""
    lock()
    if Grant.objects.get(pk=grant.pk).state != GrantState.APPLIED:
        raise Refused(_("It was decided already."))
    grant.state = GrantState.DECLINED
    grant.save(update_fields=["state"])


def report(grant: Grant, since: date, until: date, units: int, cents: int) -> Report:
    """A provider reports on a time, and asks for a part of the grant; within an act."""
    lock()
    if grant.state != GrantState.AWARDED:
        raise Refused(_("It is not awarded."))
    if until < since:
        raise Refused(_("It ends before it begins."))
    if grant.reports.filter(since__lte=until, until__gte=since).exists():
        raise Refused(_("There is a report on a part of this time."))
    asked = sum(grant.reports.filter(paid=None).values_list("cents", flat=True))
    if not 0 < cents <= undrawn(grant) - asked:
        raise Refused(_("No more can be drawn than is left of the grant."))
    return Report.objects.create(grant=grant, since=since, until=until, units=units, cents=cents)


def pay(made: Report, day: date) -> None:
    """Pay what a report asks for, once; within an act."""
    lock()
    if Report.objects.get(pk=made.pk).paid is not None:
        raise Refused(_("It was paid already."))
    number = made.grant.number
    if made.cents > undrawn(made.grant):
        raise Refused(_("No more can be drawn than is left of the grant."))
    entry = post(
        "grant.pay",
        day,
        [
            Line(chart.COMMITTED, made.cents, Source.GRANT, number),
            Line(chart.FUND_CASH, -made.cents, Source.GRANT, number),
            # Spent: the promise is gone, and what it bought is an expense against the account.
            Line(chart.SERVICES, made.cents, Source.GRANT, number),
            Line(chart.SPENT, -made.cents, Source.GRANT, number),
        ],
    )
    made.paid, made.entry = day, entry.number
    made.save(update_fields=["paid", "entry"])


def give_back(made: Report, day: date, cents: int) -> None:
    """A provider returns what was paid against a report, or a part: it is the grant's again, to be
    drawn against another report; within an act."""
    lock()
    now = Report.objects.get(pk=made.pk)
    if now.paid is None:
        raise Refused(_("It is not paid yet."))
    if day < now.paid or day > timezone.localdate():
        raise Refused(_("It comes back after it was paid, and not in the future."))
    if not 0 < cents <= now.cents - now.returned:
        raise Refused(_("No more comes back than was paid against this report."))
    number = now.grant.number
    post(
        "grant.return",
        day,
        [
            Line(chart.FUND_CASH, cents, Source.GRANT, number),
            Line(chart.COMMITTED, -cents, Source.GRANT, number),
            Line(chart.SPENT, cents, Source.GRANT, number),
            Line(chart.SERVICES, -cents, Source.GRANT, number),
        ],
    )
    made.returned = now.returned + cents
    made.save(update_fields=["returned"])
