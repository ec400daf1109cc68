"""Accounts in words that people read."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from harborlight.web.fund import chart
from harborlight.web.fund.court_tables import ObligationKind

NAMES: dict[str, str | Promise] = {
    chart.COURT_CASH: _("Money received, not yet handed on"),
    chart.FUND_CASH: _("Money of the safe-harbor account"),
    chart.UNAPPLIED: _("Paid and not applied"),
    chart.RESTITUTION: _("Due as restitution"),
    chart.TREASURY: _("Due to the United States Treasury"),
    chart.TRAFFICKING_FUND: _("Due to the Domestic Trafficking Victims’ Fund"),
    chart.GENERAL: _("Due to the general fund"),
    chart.ARRESTING: _("Due to arresting agencies"),
    chart.PROSECUTING: _("Due to prosecuting agencies"),
    chart.PUBLIC_SAFETY: _("Due to Public Safety, for services to victims of trafficking"),
    chart.CRIME_PREVENTION: _("Due to cities, for crime prevention"),
    chart.LIENS: _("Due to who has a lien"),
    chart.EXPENSES: _("Due for expenses of forfeiture"),
    chart.UNSHARED: _("Forfeited, kept until it is known who receives it"),
    chart.SAFE_HARBOR: _("Due to the safe-harbor account"),
    chart.AVAILABLE: _("Safe-harbor account, not promised"),
    chart.COMMITTED: _("Safe-harbor account, promised to grants"),
    chart.SPENT: _("Safe-harbor account, spent"),
    chart.SERVICES: _("Services paid for"),
    chart.FORFEITED: _("Forfeited property"),
}


def name_of(code: str, cents: int = 0) -> str:
    """The name of an account, or of the kind of obligation in its last part. With its balance,
    where that is on the other side than it belongs: what it means there."""
    if code == chart.COURT_CASH and cents < 0:
        return str(_("Advanced by the court: handed on, then returned by a bank"))
    if code.startswith(chart.DUE) and cents > 0:
        return str(_("Claim: %(name)s")) % {"name": NAMES[code]}
    if code in NAMES:
        return str(NAMES[code])
    last = code.rpartition(":")[2]
    kind = next((key for key, each in chart.OBLIGATIONS.items() if each == last), "")
    label = str(ObligationKind(kind).label) if kind else last
    if code.startswith(chart.RECEIVABLE):
        return str(_("Owed: %(kind)s")) % {"kind": label}
    if code.startswith(chart.DEFERRED):
        return str(_("Ordered, not yet paid: %(kind)s")) % {"kind": label}
    return label
