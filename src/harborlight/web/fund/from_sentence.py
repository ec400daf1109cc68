"""A sentence's orders into the fund: each amount as the court ordered it, once."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from harborlight.web.accounts.models import Member
from harborlight.web.audit.acts import Refused
from harborlight.web.fund import orders
from harborlight.web.fund.ledger import lock
from harborlight.web.fund.models import Forfeiture, ObligationKind, Order
from harborlight.web.prosecution.models import Item, Sentence

ORIGIN = "prosecution.sentence"
LOOKED_AT = 200


def order_of(origin: str) -> Order | None:
    """The order that the sentence of this key was taken in as."""
    return Order.objects.filter(origin_kind=ORIGIN, origin=origin).first()


def to_take_in(member: Member) -> list[Sentence]:
    """Sentences sent to this clerk's court of which something is not taken in yet, of the newest
    so many: what is to be paid, or what is forfeited."""
    sent = Sentence.objects.filter(court=member.agency_id).prefetch_related("ordered")
    newest = list(sent.order_by("-day")[:LOOKED_AT])
    keys = [str(each.pk) for each in newest]
    orders_of = Order.objects.filter(origin_kind=ORIGIN, origin__in=keys)
    ordered = set(orders_of.values_list("origin", flat=True))
    brought = Forfeiture.objects.filter(origin__in=keys, undone=None)
    forfeited = set(brought.values_list("origin", flat=True))

    def waits(each: Sentence) -> bool:
        items = {one.item for one in each.ordered.all()}
        owes = bool(items - {Item.FORFEITURE}) and str(each.pk) not in ordered
        return owes or (Item.FORFEITURE in items and str(each.pk) not in forfeited)

    return [each for each in newest if waits(each)]


def take_in(sentence: Sentence, number: str, member: Member) -> Order:
    """Take in what a sentence orders, within an act. The amounts are the sentence's own.

    Refused where the sentence was sent to another clerk, was taken in already, or orders no money
    that is paid. What is forfeited is property and no debt: `forfeiting` takes in what it brings.
    """
    lock()
    if sentence.court_id != member.agency_id:
        raise Refused(_("This sentence was not sent to you."), record=sentence)
    if order_of(str(sentence.pk)) is not None:
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
