"""What a payment pays: the order of obligations, and the two readings where statutes conflict."""

from __future__ import annotations

from collections.abc import Mapping

from harborlight.law.fact import Choice, Day, Fact, Money
from harborlight.law.question import Answered, Question
from harborlight.law.rulebook import rule
from harborlight.law.value import Value

GROUP = "Federal money"
LAW = "federal.payment"

OBLIGATIONS = (
    Fact("conviction_assessment", Money(), "owed: the assessment on each conviction"),
    Fact("image_restitution", Money(), "owed: restitution to victims of images of child abuse"),
    Fact("image_assessment", Money(), "owed: the assessment in cases of such images"),
    Fact("other_restitution", Money(), "owed: restitution under other orders"),
    Fact("trafficking_assessment", Money(), "owed: the additional trafficking assessment"),
    Fact("fines_and_costs", Money(), "owed: all other fines and costs"),
)
READINGS = ("orders before fines", "assessment last")


def pay(q: Question, order: tuple[str, ...], payment: Value) -> dict[str, Value]:
    """Each obligation in its turn gets what it is owed, as far as the payment goes."""
    left = payment
    paid: dict[str, Value] = {}
    for name in order:
        paid[name] = q.smaller(q.fact(name), left)
        left = left - paid[name]
    paid["left_over"] = left
    return paid


@rule(
    "payment-order",
    group=GROUP,
    question="To which obligations does a payment go?",
    facts=(
        Fact("payment_date", Day(), "the day of the payment", default_on=True),
        Fact("payment", Money(), "the amount received"),
        *OBLIGATIONS,
        Fact(
            "reading",
            Choice(READINGS),
            "counsel's choice where the statutes conflict: orders before fines (the order for "
            "image cases), or assessment last (the assessment's own statute)",
        ),
    ),
    answers="cents paid to each obligation, and what is left over",
    unit="cents",
)
def payment_order(q: Question) -> Answered:
    """Both orders are computed; where they pay alike, the conflict does not matter."""
    q.day = q.fact("payment_date")
    payment = q.fact("payment")
    image_case = q.fact("image_assessment") > 0
    conflict = image_case & q.in_force(f"{LAW}.image_case_order")
    q.step(
        conflict,
        yes="There is an image assessment: its statute puts other orders before fines, while the "
        "trafficking assessment's own statute makes it wait for fines. The two conflict.",
        no="There is no image assessment: the conviction's assessment is paid first, then "
        "restitution, then fines, and the trafficking assessment last.",
        unknown="Whether there is an image assessment is not known.",
    )
    q.step(
        ~conflict, yes="(This order was not read in the statute.)", cites=f"{LAW}.ordinary_order"
    )
    last = pay(q, q.listed(f"{LAW}.assessment_last"), payment)
    before = pay(q, q.listed(f"{LAW}.orders_before_fines"), payment)
    alike = q.constant(True)
    for name, amount in last.items():
        alike = alike & amount.equals(before[name])
    q.step(
        conflict & alike,
        yes="Both readings pay the same here.",
    )
    reading = q.fact("reading")
    q.step(
        reading.is_known() & conflict,
        yes="Counsel's choice: {reading}.",
        reading=reading,
    )
    q.step(
        conflict & ~alike & ~reading.is_known(),
        yes="By the reading that orders come before fines, the trafficking assessment gets "
        "{before:money} and fines and costs get {fines_before:money}; by the reading that it is "
        "last, it gets {last:money} and they get {fines_last:money}. Set reading to counsel's "
        "choice.",
        before=before["trafficking_assessment"],
        last=last["trafficking_assessment"],
        fines_before=before["fines_and_costs"],
        fines_last=last["fines_and_costs"],
    )
    chosen = conflict & reading.equals(READINGS[0])
    paid: Mapping[str, Value] = {
        name: q.where(chosen, before[name], amount) for name, amount in last.items()
    }
    for name in ("trafficking_assessment", "fines_and_costs"):  # what the readings pay apart
        q.detail(f"assessment last: {name}", last[name])
        q.detail(f"orders before fines: {name}", q.where(conflict, before[name], last[name]))
    for fact in OBLIGATIONS:
        q.step(
            paid[fact.name] > 0,
            yes="{paid:money} of {owed:money} goes to what is " + fact.text + ".",
            paid=paid[fact.name],
            owed=q.fact(fact.name),
        )
    return q.conclude(
        paid,
        yes="The payment of {payment:money} is applied; {left_over:money} is left over.",
        unknown="Not all of the order of payment is known.",
        payment=payment,
    )
