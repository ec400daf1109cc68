"""What was handed on before it was taken back, by a bank or as a mistake: a claim, never a silent
negative.

Each is one source's: an obligation's share that somebody got, or what an agency got in all. It is
made up for by what later payments would bring to the same account for the same source, or by what
an agency pays back.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from django.db.models import QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from harborlight.web.accounts.models import Agency
from harborlight.web.audit.acts import Refused
from harborlight.web.fund import chart
from harborlight.web.fund.ledger import Line, held, lock, post
from harborlight.web.fund.models import Holding, Source


@dataclass(frozen=True)
class Claim:
    """So many cents that an account's receiver got and that are owed back. `agency` is the name of
    the agency that got them; empty where it is not one agency's."""

    account: str
    agency: str
    cents: int
    holding: int = field(default=0, compare=False)
    """By which `pay_back` knows it; 0 where it is made up for by later payments alone."""


def claims() -> list[Claim]:
    """All of them, by account and agency. Two queries, of what is kept; no posting is read."""
    others = _over().exclude(source=Source.AGENCY).values("account").order_by("account")
    found = [
        Claim(row["account"], "", int(row["sum"])) for row in others.annotate(sum=Sum("cents"))
    ]
    rows = list(owed_by_agencies().order_by("account", "number"))
    agencies = Agency.objects.in_bulk([each.number for each in rows]) if rows else {}
    for each in rows:
        agency = agencies.get(each.number)
        found.append(
            Claim(each.account_id, str(agency.name if agency else each.number), each.cents, each.pk)
        )
    return found


def owed_by_agencies() -> QuerySet[Holding]:
    """What agencies got and owe back: what `pay_back` takes."""
    return _over().filter(source=Source.AGENCY)


def _over() -> QuerySet[Holding]:
    """More was handed on of these than came in."""
    return Holding.objects.filter(account__in=chart.DUES, cents__gt=0)


def pay_back(holding: Holding, day: date, cents: int) -> None:
    """An agency pays back what it got, or a part, to the court that handed it on; within an act.
    Refused beyond what it owes."""
    lock()
    if not 0 < cents <= held(holding.account_id, holding.source, holding.number):
        raise Refused(_("No more is paid back than is owed."))
    if day > timezone.localdate():
        raise Refused(_("It is not paid back in the future."))
    post(
        "claim.pay_back",
        day,
        [
            Line(chart.COURT_CASH, cents, holding.source, holding.number),
            Line(holding.account_id, -cents, holding.source, holding.number),
        ],
    )


def apart(balances: dict[str, int], made: list[Claim]) -> dict[str, int]:
    """The balances without the claims that are in them: what is due is due in full."""
    found = dict(balances)
    for claim in made:
        found[claim.account] = found.get(claim.account, 0) - claim.cents
    return found
