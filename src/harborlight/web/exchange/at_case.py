"""What the exchange adds to a case: the way to give it out, and in its timeline when it was."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from harborlight.web.accounts.access import may, reachable
from harborlight.web.accounts.models import Member
from harborlight.web.cases.links import Link
from harborlight.web.cases.models import Case
from harborlight.web.cases.timeline import Moment
from harborlight.web.exchange.models import Arrival


def links(case: Case, member: Member) -> Iterator[Link]:
    """The page where the case is given out."""
    if may(member, "exchange", "export"):
        yield Link(_("Give out as HTCDS"), reverse("exchange:export", args=[case.pk]))


def moments(case: Case, member: Member) -> Iterator[Moment]:
    """When the case was given out, and the package it came from."""
    if not may(member, "exchange", "export"):
        return
    url = reverse("exchange:export", args=[case.pk])
    for sending in case.sendings.select_related("recipient"):
        what = _("Given out to %(agency)s") % {"agency": sending.recipient}
        yield Moment(sending.at, what, sending.take("purpose")["purpose"] or "", url)
    if case.opened_from == Arrival._meta.label_lower and case.opened_from_id is not None:
        mine = reachable(Arrival, member, "exchange", "open")
        for arrival in mine.filter(pk=case.opened_from_id):
            what = _("Brought in with %(package)s") % {"package": arrival}
            yield Moment(arrival.at, what, url=arrival.get_absolute_url())
