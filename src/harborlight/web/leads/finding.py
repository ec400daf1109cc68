"""Leads in review order, and by what is known of them."""

from __future__ import annotations

from django.db.models import F, QuerySet

from harborlight.web.accounts.access import reachable
from harborlight.web.accounts.models import Member
from harborlight.web.audit.acts import act
from harborlight.web.leads.models import Lead

MOST = 50


def review_order(leads: QuerySet[Lead]) -> QuerySet[Lead]:
    """As in the report: more kinds of evidence after taking off those of counter-evidence, then
    more kinds of evidence, then more towns, then more ads, then the lower number."""
    return leads.order_by(
        (F("toward") - F("away")).desc(), "-toward", "-town_count", "-size", "agency", "number"
    )


def find(member: Member, words: str) -> list[Lead]:
    """The leads that this member may see with this number, phone, address, account or link."""
    with act(member.actor, "lead.search"):
        found = set()
        for kind in ("phone", "email", "handle", "link"):
            value = words.removeprefix("@") if kind == "handle" else words
            found |= set(Lead.having(kind, value).values_list("pk", flat=True))
        mine = reachable(Lead, member, "lead", "list")
        rows = mine.filter(pk__in=found)
        number = words.lower().removeprefix("lead").strip()
        if number.isdecimal() and len(number) < 9:
            rows |= mine.filter(number=int(number))
        return list(review_order(rows.distinct()).select_related("agency")[:MOST])
