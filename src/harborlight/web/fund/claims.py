"""What was handed on before a bank took the payment back: a claim, never a silent negative.

Each is one source's: an obligation's share that somebody got, or what an agency got in all. It is
made up for by what later payments would bring to the same account for the same source.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Sum

from harborlight.web.accounts.models import Agency
from harborlight.web.fund import chart
from harborlight.web.fund.models import Holding, Source


@dataclass(frozen=True)
class Claim:
    """So many cents that an account's receiver got and that are owed back. `agency` is the name of
    the agency that got them; empty where it is not one agency's."""

    account: str
    agency: str
    cents: int


def claims() -> list[Claim]:
    """All of them, by account and agency. Two queries, of what is kept; no posting is read."""
    over = Holding.objects.filter(account__in=chart.DUES, cents__gt=0)
    others = over.exclude(source=Source.AGENCY).values("account").order_by("account")
    found = [
        Claim(row["account"], "", int(row["sum"])) for row in others.annotate(sum=Sum("cents"))
    ]
    rows = list(over.filter(source=Source.AGENCY).order_by("account", "number"))
    agencies = Agency.objects.in_bulk([each.number for each in rows]) if rows else {}
    for each in rows:
        agency = agencies.get(each.number)
        found.append(
            Claim(each.account_id, str(agency.name if agency else each.number), each.cents)
        )
    return found


def apart(balances: dict[str, int], made: list[Claim]) -> dict[str, int]:
    """The balances without the claims that are in them: what is due is due in full."""
    found = dict(balances)
    for claim in made:
        found[claim.account] = found.get(claim.account, 0) - claim.cents
    return found
