"""A sentence's orders into the fund: each amount as the court ordered it, once."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from harborlight.web.accounts.models import Member
from harborlight.web.audit.acts import Refused
from harborlight.web.fund import orders
from harborlight.web.fund.ledger import lock
from harborlight.web.fund.models import ObligationKind, Order
from harborlight.web.prosecution.models import Item, Sentence

ORIGIN = "prosecution.sentence"


def order_of(sentence: Sentence) -> Order | None:
    """The order that this sentence was taken in as."""
    return Order.objects.filter(origin_kind=ORIGIN, origin=str(sentence.pk)).first()


def take_in(sentence: Sentence, number: str, member: Member) -> Order:
    """Take in what a sentence orders, within an act. The amounts are the sentence's own.

    Refused where the sentence was sent to another clerk, was taken in already, or orders no money
    that is paid. What is forfeited is property and no debt: it is shared out when it is sold.
    """
    lock()
    if sentence.court_id != member.agency_id:
        raise Refused(_("This sentence was not sent to you."), record=sentence)
    if order_of(sentence) is not None:
        raise Refused(_("This sentence is taken in already."), record=sentence)
    amounts = {
        ObligationKind(each.item).value: each.cents
        for each in sentence.ordered.exclude(item=Item.FORFEITURE)
    }
    if not amounts:
        raise Refused(_("This sentence orders no money that is paid."), record=sentence)
    name = sentence.arrest.person.take("prs_FirstName", "prs_SecondName")
    values = {
        "number": number,
        "jurisdiction": sentence.jurisdiction,
        "sentenced": sentence.day,
        "person": " ".join(part for part in name.values() if part),
        "docket": sentence.take("docket")["docket"],
        "imprisoned": True if sentence.months else None,
        "arresting": sentence.arrest.agency,
        "prosecuting": sentence.agency,
        "origin_kind": ORIGIN,
        "origin": str(sentence.pk),
    }
    return orders.enter(member.agency, values, amounts, timezone.localdate())
