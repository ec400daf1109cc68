"""All tables of the fund: of the ledger, of orders, payments and forfeitures, and of grants."""

from harborlight.web.fund.court_tables import (
    Import,
    Obligation,
    ObligationKind,
    Order,
    Payment,
    Reading,
    Reject,
    Review,
)
from harborlight.web.fund.forfeit_tables import Forfeiture
from harborlight.web.fund.grant_tables import Call, Grant, Report
from harborlight.web.fund.ledger_tables import (
    Account,
    Balance,
    Closing,
    Entry,
    Head,
    Holding,
    Kind,
    Posting,
    Seal,
    Share,
    Source,
)

__all__ = [
    "Account",
    "Balance",
    "Call",
    "Closing",
    "Entry",
    "Forfeiture",
    "Grant",
    "Head",
    "Holding",
    "Import",
    "Kind",
    "Obligation",
    "ObligationKind",
    "Order",
    "Payment",
    "Posting",
    "Reading",
    "Reject",
    "Report",
    "Review",
    "Seal",
    "Share",
    "Source",
]
