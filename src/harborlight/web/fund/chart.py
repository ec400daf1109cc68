"""The chart of accounts. Names are Beancount's, so that an export needs no translation."""

from __future__ import annotations

from harborlight.web.fund.ledger_tables import Account, Kind

COURT_CASH = "Assets:Cash:Court"
FUND_CASH = "Assets:Cash:SafeHarbor"
RECEIVABLE = "Assets:Receivable"
DEFERRED = "Liabilities:Deferred"
"""What was ordered and not yet paid: it is nobody's money before it comes in."""
UNAPPLIED = "Liabilities:Unapplied"
"""Paid, and not yet (or never) applied to an obligation: an overpayment, an open question."""
DUE = "Liabilities:Due:"
"""How each account begins of what is to be handed on."""
RESTITUTION = "Liabilities:Due:Restitution"
TREASURY = "Liabilities:Due:Treasury"
TRAFFICKING_FUND = "Liabilities:Due:TraffickingFund"
GENERAL = "Liabilities:Due:General"
ARRESTING = "Liabilities:Due:Arresting"
PROSECUTING = "Liabilities:Due:Prosecuting"
SAFE_HARBOR = "Liabilities:Due:SafeHarbor"
PUBLIC_SAFETY = "Liabilities:Due:PublicSafety"
CRIME_PREVENTION = "Liabilities:Due:CrimePrevention"
LIENS = "Liabilities:Due:Lienholders"
EXPENSES = "Liabilities:Due:ForfeitureExpenses"
DUES = (
    RESTITUTION, TREASURY, TRAFFICKING_FUND, GENERAL, ARRESTING, PROSECUTING, PUBLIC_SAFETY,
    CRIME_PREVENTION, LIENS, EXPENSES, SAFE_HARBOR,
)  # fmt: skip
UNSHARED = "Liabilities:Undistributed:Forfeiture"
"""Forfeited, and kept: the law's files do not say who receives it."""
AVAILABLE = "Equity:SafeHarbor:Available"
COMMITTED = "Equity:SafeHarbor:Committed"
SPENT = "Equity:SafeHarbor:Spent"
SERVICES = "Expenses:Services"

#: No account: where what forfeited property brought begins in the picture of all money.
FORFEITED = "Forfeited"

#: Each kind of obligation, and the last part of the names of its two accounts.
OBLIGATIONS = {
    "fine": "Fine",
    "surcharge": "Surcharge",
    "costs": "Costs",
    "conviction_assessment": "ConvictionAssessment",
    "image_restitution": "ImageRestitution",
    "image_assessment": "ImageAssessment",
    "restitution": "Restitution",
    "trafficking_assessment": "TraffickingAssessment",
    "minnesota_assessment": "MinnesotaAssessment",
}


def receivable(kind: str) -> str:
    """The account of what is owed of this kind of obligation."""
    return f"{RECEIVABLE}:{OBLIGATIONS[kind]}"


def deferred(kind: str) -> str:
    """The account against which it stands."""
    return f"{DEFERRED}:{OBLIGATIONS[kind]}"


def accounts() -> list[Account]:
    """All accounts, as rows to be."""
    held = {
        UNAPPLIED, UNSHARED, *DUES, COMMITTED, SERVICES, SPENT,
        *(receivable(kind) for kind in OBLIGATIONS), *(deferred(kind) for kind in OBLIGATIONS),
    }  # fmt: skip
    codes = sorted({COURT_CASH, FUND_CASH, AVAILABLE, *held})
    return [Account(code=c, kind=Kind(c.partition(":")[0]), held=c in held) for c in codes]
