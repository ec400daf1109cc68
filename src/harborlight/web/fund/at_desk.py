"""What waits for clerks and grant managers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from harborlight.web.accounts.access import may, reachable
from harborlight.web.frame.waiting import Waiting
from harborlight.web.fund.from_sentence import to_take_in
from harborlight.web.fund.grant_tables import GrantState
from harborlight.web.fund.models import Grant, Order, Report, Review


def waiting(member: Any) -> Iterator[Waiting]:
    """Reviews that are due; applications and reports to decide on."""
    if may(member, "court_order", "review"):
        mine = reachable(Order, member, "court_order", "review")
        due = Review.objects.filter(order__in=mine, again__lte=timezone.localdate())
        newest = due.exclude(order__reviews__day__gte=timezone.localdate())
        yield Waiting(_("Reviews of means that are due"), newest.count(), reverse("fund:orders"))
    if may(member, "sentence", "take_in"):
        sent = len(to_take_in(member))
        yield Waiting(_("Sentences to take in"), sent, reverse("fund:orders"))
    if may(member, "grant", "award"):
        url = reverse("fund:grants")
        applied = Grant.objects.filter(state=GrantState.APPLIED).count()
        yield Waiting(_("Applications for grants"), applied, url)
        yield Waiting(_("Reports to pay"), Report.objects.filter(paid=None).count(), url)
