"""What a payment pays, and who gets it: asked of the law, to the cent.

A federal order is paid by the law's rule `payment-order`. Where the statutes conflict and counsel
has not chosen a reading, the money stays unapplied until it is. For an order under Minnesota's law
no order of payment was read in a statute: restitution comes first by this site's policy, and every
posting says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from harborlight.law import Explanation, LawError, ask
from harborlight.web.audit.acts import Refused
from harborlight.web.fund import chart
from harborlight.web.fund.ledger import Line, held
from harborlight.web.fund.models import Holding, Obligation, ObligationKind, Order, Source
from harborlight.web.prosecution.models import Jurisdiction

K = ObligationKind
#: Which fact of the rule `payment-order` each kind of obligation is part of.
FACTS: dict[str, str] = {
    K.CONVICTION: "conviction_assessment",
    K.IMAGE_RESTITUTION: "image_restitution",
    K.IMAGE_ASSESSMENT: "image_assessment",
    K.RESTITUTION: "other_restitution",
    K.TRAFFICKING: "trafficking_assessment",
    K.FINE: "fines_and_costs",
    K.SURCHARGE: "fines_and_costs",
    K.COSTS: "fines_and_costs",
    K.MINNESOTA: "fines_and_costs",
}
STATE_ORDER = (
    K.IMAGE_RESTITUTION, K.RESTITUTION, K.MINNESOTA, K.SURCHARGE, K.FINE, K.COSTS, K.CONVICTION,
    K.IMAGE_ASSESSMENT, K.TRAFFICKING,
)  # fmt: skip
POLICY = "site policy: restitution first; no statute was read"
RULE, SPLIT = "payment-order", "minnesota-assessment-split"
#: Who gets what is paid of a kind that no rule splits.
DUE = {
    K.RESTITUTION: chart.RESTITUTION,
    K.IMAGE_RESTITUTION: chart.RESTITUTION,
    K.CONVICTION: chart.TREASURY,
    K.IMAGE_ASSESSMENT: chart.TREASURY,
    K.TRAFFICKING: chart.TRAFFICKING_FUND,
}


@dataclass(frozen=True)
class Part:
    """What one obligation gets of a payment."""

    obligation: Obligation
    cents: int
    rule: str
    law: str


def owed(obligation: Obligation) -> int:
    """The cents that are still owed, as the ledger has them."""
    return held(chart.receivable(obligation.kind), Source.ORDER, obligation.pk)


def due_of(order: Order) -> list[tuple[Obligation, int]]:
    """The obligations of which something is owed still, and the cents: two queries."""
    obligations = list(order.obligations.filter(expired=None))
    kept = Holding.objects.filter(source=Source.ORDER, number__in=[o.pk for o in obligations])
    cents = {(number, account): c for number, account, c in kept.values_list(
        "number", "account", "cents"
    )}  # fmt: skip
    found = [(o, cents.get((o.pk, chart.receivable(o.kind)), 0)) for o in obligations]
    return [(each, left) for each, left in found if left > 0]


def version(told: Explanation) -> str:
    """The law of an answer: what it cites, since when it holds, and how far it was checked."""
    each = [
        f"{c.citation} since {c.since or 'the beginning'} ({c.verified})" for c in told.citations
    ]
    return "; ".join(dict.fromkeys(each))[:200]


def parts(
    order: Order, due: list[tuple[Obligation, int]], cents: int, day: date
) -> tuple[list[Part], str]:
    """What each obligation gets of so many cents, and why the rest is not applied. `due` is what
    `due_of` told of the order."""
    if not due:
        return [], _("Nothing more is owed by this order.")
    if order.jurisdiction == Jurisdiction.FEDERAL:
        return _federal(order, due, cents, day)
    ranked = sorted(due, key=lambda pair: (STATE_ORDER.index(K(pair[0].kind)), pair[0].pk))
    return list(_fill(ranked, cents, "", POLICY)), ""


def _federal(
    order: Order, due: list[tuple[Obligation, int]], cents: int, day: date
) -> tuple[list[Part], str]:
    facts: dict[str, object] = dict.fromkeys(FACTS.values(), 0)
    for obligation, left in due:
        name = FACTS[obligation.kind]
        facts[name] = int(str(facts[name])) + left
    facts.update(payment=cents, payment_date=day)
    if order.reading:
        facts["reading"] = str(order.reading)
    try:
        told = ask(RULE, max(day, date.today()), facts)
    except LawError as error:
        raise Refused(str(error)) from None
    amounts = amounts_of(told)
    if amounts is None:
        return [], _("The statutes conflict here: counsel's reading is needed.")
    law = version(told)
    found: list[Part] = []
    for name in dict.fromkeys(FACTS.values()):
        these = [pair for pair in due if FACTS[pair[0].kind] == name]
        found.extend(_fill(these, amounts[name], RULE, law))
    return found, ""


def amounts_of(told: Explanation) -> dict[str, int] | None:
    """The named amounts of an answer; None when one of them is not known."""
    if not isinstance(told.answer, Mapping):
        return None
    found = {name: each for name, each in told.answer.items() if type(each) is int}
    return found if len(found) == len(told.answer) else None


def _fill(due: list[tuple[Obligation, int]], cents: int, rule: str, law: str) -> Iterator[Part]:
    for obligation, left in due:
        given = min(left, cents)
        if given:
            yield Part(obligation, given, rule, law)
        cents -= given


def lines_of(part: Part, order: Order) -> list[Line]:
    """The postings of a part: less is owed, and whoever is to get it has a claim."""
    kind, key = K(part.obligation.kind), part.obligation.pk
    return [
        Line(chart.receivable(kind), -part.cents, Source.ORDER, key, part.rule, part.law),
        Line(chart.deferred(kind), part.cents, Source.ORDER, key, part.rule, part.law),
        *_shares(part, order),
    ]


def _shares(part: Part, order: Order) -> list[Line]:
    kind, key = K(part.obligation.kind), part.obligation.pk
    if kind != K.MINNESOTA:
        return [Line(DUE.get(kind, chart.GENERAL), -part.cents, Source.ORDER, key)]
    told = ask(SPLIT, date.today(), {"assessed_date": order.sentenced, "amount": part.cents})
    amounts = amounts_of(told)
    if amounts is None:
        raise Refused(
            _("How an assessment of that day is shared out is not known."),
            citation=version(told),
        )
    law = version(told)

    def agency(account: str, cents: int, key_of: int | None) -> Line:
        if key_of is None:
            return Line(account, -cents, Source.ORDER, key, SPLIT, law)
        return Line(account, -cents, Source.AGENCY, key_of, SPLIT, law)

    return [
        agency(chart.ARRESTING, amounts["arresting_agency"], order.arresting_id),
        agency(chart.PROSECUTING, amounts["prosecuting_agency"], order.prosecuting_id),
        Line(chart.SAFE_HARBOR, -amounts["safe_harbor_account"], Source.ORDER, key, SPLIT, law),
    ]
