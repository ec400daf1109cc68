"""Restitution to victims of trafficking and forced labor, and where forfeited assets go."""

from __future__ import annotations

from datetime import timedelta

from harborlight.law.fact import Choice, Day, Fact, Money, Weeks
from harborlight.law.question import Answered, Case, Question
from harborlight.law.rulebook import rule
from harborlight.law.value import One, money

GROUP = "Federal money"
LAW = "federal.restitution"

SENTENCING_DATE = Fact("sentencing_date", Day(), "the day of sentencing", default_on=True)
HUNDREDTHS = 100
PERCENT = 100


@rule(
    "federal-restitution",
    group=GROUP,
    question="How much restitution is owed to a victim of trafficking or forced labor?",
    facts=(
        SENTENCING_DATE,
        Fact("statute", Choice(node="federal.statutes"), "the section of the conviction"),
        Fact("losses", Money(), "the victim's full losses"),
        Fact("gross_value", Money(), "the defendant's gross income or value from the services"),
        Fact("weeks", Weeks(), "the weeks worked with their hours"),
        Fact("wages", Money(), "minimum wage and overtime, if computed already"),
    ),
    answers="cents",
    unit="cents",
    columnar=False,
    reads=(LAW,),
)
def restitution(q: Case) -> Answered:
    """Losses, and the greater of gross value and the wages that the labor law guarantees."""
    q.day = q.fact("sentencing_date")
    q.refuse(q.day > q.on, "sentencing_date", "the sentencing is after the day asked about")
    statute = q.fact("statute")
    chapter = q.law_of("federal.statutes", statute, "chapter")
    covered = chapter.equals(q.law(f"{LAW}.chapter")) & q.law_of(
        "federal.statutes", statute, "offense"
    )
    mandatory = q.law(f"{LAW}.mandatory")
    q.step(
        covered & mandatory,
        yes="{statute} is an offense of {chapter}: restitution is mandatory.",
        no="{statute} is no offense of the chapter that carries this restitution.",
        unknown="Whether this restitution is mandatory here is not known.",
        statute=statute,
        chapter=chapter,
    )
    losses, gross = q.fact("losses"), q.fact("gross_value")
    given = q.fact("wages")
    wages = given if given.value is not None else wages_of(q)
    q.step(
        losses.is_known(),
        yes="The victim's losses are {losses:money}.",
        no="The victim's losses are not known.",
        losses=losses,
    )
    greater = q.larger(gross, wages)
    q.step(
        (gross >= wages) & q.law(f"{LAW}.greater_of_value_or_wages"),
        yes="The gross value of {gross:money} is not less than the wages of {wages:money}: it is "
        "added.",
        no="The wages of {wages:money} are more than the gross value of {gross:money}: they are "
        "added.",
        unknown="The greater of gross value ({gross:money}) and wages ({wages:money}) is not "
        "known.",
        gross=gross,
        wages=wages,
    )
    q.detail("losses", losses)
    q.detail("gross_value", gross)
    q.detail("wages", wages)
    owed = q.where(covered & mandatory, losses + greater, 0)
    return q.conclude(
        owed,
        yes="{answer:money} is owed.",
        no="Nothing is owed under this provision; other restitution statutes were not asked.",
        unknown="Unknown how much is owed.",
    )


def wages_of(q: Case) -> One:
    """Minimum wage and overtime of each week, rounded up at half a cent."""
    weeks = q.fact("weeks")
    if weeks.value is None:
        return One(None, frozenset(["weeks", "wages"]))
    sentencing = q.day
    total = 0
    for begins, hours in weeks.value:
        q.day = One(begins)
        threshold = q.law(f"{LAW}.overtime_above")
        overtime = q.law(f"{LAW}.overtime_percent")
        first = q.law(f"{LAW}.minimum_wage")
        ends = begins + timedelta(weeks=1) - timedelta(days=1)
        changed = q.book[f"{LAW}.minimum_wage"].at(ends)
        q.day = sentencing
        if first.value is None or threshold.value is None or overtime.value is None:
            q.say(f"The minimum wage in the week of {begins} was not found.")
            return One(None, first.needs or threshold.needs | overtime.needs)
        rates = [first.value]
        if changed.one is not first:
            if len(hours) == 1:
                q.say(
                    f"The wage changed on {changed.since}, inside the week of {begins}: write its "
                    "hours before and after as 30+20."
                )
                return One(None, frozenset(["weeks"]))
            rates.append(changed.one.value)
        elif len(hours) > 1:
            q.refuse(One(True), "weeks", f"the wage did not change in the week of {begins}")
        straight = threshold.value * HUNDREDTHS
        for rate, worked in zip(rates, hours, strict=False):
            plain, above = min(worked, straight), max(worked - straight, 0)
            straight -= plain
            paid = rate * (plain * PERCENT + above * overtime.value)
            total += _rounded(paid, HUNDREDTHS * PERCENT)
    count = len(weeks.value)
    q.say(
        f"Minimum wage and overtime of {count} week{'s' if count != 1 else ''}: {money(total)} "
        "(each week rounded to the cent, half a cent up)."
    )
    return One(total)


def _rounded(amount: int, by: int) -> int:
    return (2 * amount + by) // (2 * by)


@rule(
    "federal-forfeited-assets",
    group=GROUP,
    question="How much of forfeited assets goes to restitution?",
    facts=(
        SENTENCING_DATE,
        Fact("forfeited", Money(), "the assets forfeited, or what their sale brought"),
        Fact("restitution_owed", Money(), "restitution still owed to victims"),
    ),
    answers="cents to restitution, remaining forfeited assets, and restitution still owed",
    unit="cents",
)
def forfeited_assets(q: Question) -> Answered:
    """Restitution first, with priority over any other claim."""
    q.day = q.fact("sentencing_date")
    in_force = q.in_force(f"{LAW}.forfeited_first")
    forfeited, owed = q.fact("forfeited"), q.fact("restitution_owed")
    q.step(
        in_force,
        yes="Forfeited assets satisfy restitution first, before any other claim.",
        no="On {day} the law gave restitution no such priority.",
        day=q.day,
    )
    moved = q.where(in_force, q.smaller(forfeited, owed), 0)
    q.step(
        (moved < owed) & in_force,
        yes="{rest:money} of restitution stays owed; the defendant's duty to pay it from other "
        "assets is not reduced.",
        rest=owed - moved,
    )
    return q.conclude(
        {
            "to_restitution": moved,
            "remaining_assets": forfeited - moved,
            "restitution_still_owed": owed - moved,
        },
        yes="{to_restitution:money} goes to restitution; {remaining_assets:money} remains.",
        unknown="Unknown how much goes to restitution.",
    )
