"""The journal as a Beancount file: an independent program can check our books.

Every account is opened, every entry is a transaction, and at the end every balance that we keep is
asserted. `bean-check` fails when one of them is not what it works out itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import F, Max, Min, Sum

from harborlight.web.fund.models import Account, Balance, Entry
from harborlight.web.fund.verify import entries


def amount(cents: int) -> str:
    """Cents as dollars with two places: `-12.05`."""
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02d}"


def lines() -> Iterator[str]:
    """The lines of the file, without line ends."""
    days = Entry.objects.aggregate(first=Min("day"), last=Max("day"))
    yield 'option "title" "Harborlight fund"'
    yield 'option "operating_currency" "USD"'
    if days["first"] is None:
        return
    for account in Account.objects.all():
        yield f"{days['first'].isoformat()} open {account.code} USD"
    for entry, _seal, postings in entries():
        yield ""
        yield f'{entry.day.isoformat()} * "{entry.what}"'
        yield f"  entry: {entry.number}"
        if entry.reverses_id:
            yield f"  reverses: {entry.reverses_id}"
        for posting in postings:
            yield f"  {posting.account_id}  {amount(posting.cents)} USD"
            yield f'    source: "{posting.source} {posting.number}"'
            if posting.rule:
                yield f'    rule: "{posting.rule}"'
                yield f'    law: "{_quoted(posting.law)}"'
    yield ""
    after = (days["last"] + timedelta(days=1)).isoformat()
    for code, cents in balances().items():
        # Without "~ 0" a cent too many would be tolerated.
        yield f"{after} balance {code}  {amount(cents)} ~ 0 USD"


def balances(account: str = "") -> dict[str, int]:
    """The cents of each account now, or of one, from the balances of its months: no posting is
    read."""
    kept = Balance.objects.filter(account=account) if account else Balance.objects.all()
    summed = (
        kept.values("account").order_by("account").annotate(cents=Sum(F("debit") - F("credit")))
    )
    return {row["account"]: int(row["cents"]) for row in summed}


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
