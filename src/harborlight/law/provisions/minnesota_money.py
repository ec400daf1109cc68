"""Minnesota's assessment on offenders, and how it and forfeited property are shared out."""

from __future__ import annotations

from collections.abc import Mapping

from harborlight.law.fact import Choice, Count, Day, Fact, Money, YesNo
from harborlight.law.question import Answered, Question
from harborlight.law.rulebook import rule
from harborlight.law.value import Value

GROUP = "Minnesota money"
LAW = "minnesota.money"
WHOLE = 100  # percent

SENTENCING_DATE = Fact("sentencing_date", Day(), "the day of sentencing", default_on=True)
KINDS = ("general", "vehicle", "trafficking", "money")


def split(q: Question, amount: Value, percents: Mapping[str, Value]) -> dict[str, Value]:
    """An amount by percents, to the cent.

    Each share is rounded down; the cents that are left go one each to the shares that lost most
    by it, and among equals to the one the statute names first. The shares sum to the amount.
    """
    shares = {name: (amount * percent) // WHOLE for name, percent in percents.items()}
    lost = {name: amount * percents[name] - shares[name] * WHOLE for name in percents}
    left = amount
    for share in shares.values():
        left = left - share
    names = list(percents)
    result = {}
    for place, name in enumerate(names):
        before = q.constant(0)
        for other_place, other in enumerate(names):
            if other_place < place:
                before = before + q.where(lost[other] >= lost[name], 1, 0)
            elif other_place > place:
                before = before + q.where(lost[other] > lost[name], 1, 0)
        result[name] = shares[name] + q.where(before < left, 1, 0)
    return result


@rule(
    "minnesota-assessment",
    group=GROUP,
    question="How much must the court assess on this offender?",
    facts=(
        SENTENCING_DATE,
        Fact("offense", Choice(node=f"{LAW}.offense"), "the section of the sentence"),
        Fact("age", Count(most=130), "the offender's age when sentenced"),
        Fact("prostitute", YesNo(), "the offender acted as a prostitute"),
        Fact("public_defender", YesNo(), "eligible for a public defender"),
        Fact("indigent", YesNo(), "indigent"),
        Fact("undue_hardship", YesNo(), "paying would be an undue hardship"),
    ),
    answers="cents, from minimum to maximum; the floor where the minimum may be reduced",
    unit="cents",
)
def assessment(q: Question) -> Answered:
    """The range by offense. The minimum is never waived, and reduced no lower than a floor."""
    q.day = q.fact("sentencing_date")
    q.refuse(q.day > q.on, "sentencing_date", "the sentencing is after the day asked about")
    offense, age = q.fact("offense"), q.fact("age")
    listed = q.in_force_of(f"{LAW}.offense", offense)
    tier = q.law_of(f"{LAW}.offense", offense)
    adult = age >= q.law("minnesota.safe_harbor.child_under_age")
    prostitute = q.fact("prostitute")
    q.step(
        listed,
        yes="{offense} carries the assessment, in the {tier} tier.",
        no="{offense} did not carry the assessment on {day}.",
        unknown="Whether the offense carried the assessment on {day} is not known.",
        offense=offense,
        tier=tier,
        day=q.day,
    )
    q.step(
        adult,
        no="The offender is not an adult; the assessment is for adults.",
        unknown="Whether the offender is an adult is not known.",
    )
    q.step(
        prostitute,
        yes="The offender acted as a prostitute and is not assessed.",
        unknown="Whether the offender acted as a prostitute is not known.",
    )
    due = listed & adult & ~prostitute
    least = q.law_of(f"{LAW}.amounts", tier, "minimum")
    most = q.law_of(f"{LAW}.amounts", tier, "maximum")
    reducible = q.fact("public_defender") | q.fact("indigent") | q.fact("undue_hardship")
    floor = q.where(reducible, q.law(f"{LAW}.reduced_floor", cited=False), least)
    q.step(
        reducible,
        yes="The minimum may be reduced, to not less than {floor:money}, and paid in "
        "installments. It cannot be waived.",
        no="No ground to reduce the minimum is shown. It cannot be waived.",
        unknown="Whether there is a ground to reduce the minimum (public defender, indigence, "
        "undue hardship) is not known. It cannot be waived.",
        floor=floor,
        cites=f"{LAW}.reduced_floor",
    )
    return q.conclude(
        {
            "minimum": q.where(due, least, 0),
            "maximum": q.where(due, most, 0),
            "floor": q.where(due, floor, 0),
        },
        yes="The assessment is {minimum:money} to {maximum:money}, and never below {floor:money}.",
        unknown="Not all of the assessment is known: minimum {minimum:money}, maximum "
        "{maximum:money}, floor {floor:money}.",
    )


@rule(
    "minnesota-assessment-split",
    group=GROUP,
    question="How is the assessment shared out?",
    facts=(
        Fact("assessed_date", Day(), "the day of the assessment", default_on=True),
        Fact("amount", Money(), "the amount collected"),
        Fact("state_officer", YesNo(), "the arresting officer is a state employee"),
    ),
    answers="cents to each recipient",
    unit="cents",
)
def assessment_split(q: Question) -> Answered:
    """Three shares that sum to the amount."""
    q.day = q.fact("assessed_date")
    amount = q.fact("amount")
    percents = {
        name: q.law(f"{LAW}.assessment_split.{name}")
        for name in ("arresting_agency", "prosecuting_agency", "safe_harbor_account")
    }
    q.step(
        q.fact("state_officer"),
        yes="The arresting officer is a state employee: that share goes to the {recipient}.",
        no="The arresting officer's political subdivision receives that share.",
        unknown="Whether the arresting officer is a state employee is not known; the share is the "
        "same, only who receives it differs.",
        recipient=q.law(f"{LAW}.state_officer_recipient", cited=False),
    )
    say_rounding(q)
    return q.conclude(
        split(q, amount, percents),
        yes="{arresting_agency:money} to the arresting agency, {prosecuting_agency:money} to the "
        "prosecuting agency, {safe_harbor_account:money} to the safe harbor for youth account.",
        unknown="Unknown how it is shared.",
    )


def say_rounding(q: Question) -> None:
    """How the cents are shared."""
    q.say(
        "Each share is rounded down to the cent; cents left over go to the shares that lost most "
        "by it, and among equals to the one named first."
    )


@rule(
    "minnesota-forfeiture-split",
    group=GROUP,
    question="How is what forfeited property brings shared out?",
    facts=(
        Fact("forfeited_date", Day(), "the day of the split", default_on=True),
        Fact("kind", Choice(KINDS), "general; vehicle; trafficking; or money"),
        Fact("proceeds", Money(), "what the property brought, or the money itself"),
        Fact("expenses", Money(), "expenses of seizure, storage, forfeiture and sale"),
        Fact("liens", Money(), "valid liens against the property"),
        Fact("restitution", Money(), "restitution that these proceeds must satisfy first"),
    ),
    answers="cents to each recipient, with what was paid before the split",
    unit="cents",
    reads=(f"{LAW}.forfeiture_split",),
)
def forfeiture_split(q: Question) -> Answered:
    """Liens, expenses and restitution first, then three shares that sum to the rest."""
    q.day = q.fact("forfeited_date")
    kind, left = q.fact("kind"), q.fact("proceeds")
    first = q.law(f"{LAW}.claims_first")
    before: dict[str, Value] = {}
    for name in ("liens", "expenses", "restitution"):
        before[name] = q.where(first, q.smaller(q.fact(name), left), 0)
        left = left - before[name]
        q.step(
            before[name] > 0,
            yes="First {paid:money} for " + name + ".",
            unknown=f"Not known: {name}, which come first.",
            paid=before[name],
        )
    percents = {
        name: q.law_of(f"{LAW}.forfeiture_split", kind, name)
        for name in ("agency", "prosecutor", "third_share")
    }
    q.step(
        kind.is_known(),
        yes="Of the {left:money} left: {agency}% agency, {prosecutor}% prosecutor, {third}% to "
        "{recipient}.",
        no="The kind of property is not known.",
        left=left,
        agency=percents["agency"],
        prosecutor=percents["prosecutor"],
        third=percents["third_share"],
        recipient=q.law_of(f"{LAW}.forfeiture_split", kind, "third_recipient"),
    )
    say_rounding(q)
    shares = split(q, left, percents)
    return q.conclude(
        {**before, **shares},
        yes="{agency:money} to the agency, {prosecutor:money} to the prosecutor, "
        "{third_share:money} to the third share.",
        unknown="Unknown how it is shared.",
    )
