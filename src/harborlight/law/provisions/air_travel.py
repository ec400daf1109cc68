"""Air carriers: who must be trained and when, and the annual report on federal contracts."""

from __future__ import annotations

from datetime import date, timedelta

from harborlight.law.fact import Choice, Day, Fact, YesNo
from harborlight.law.question import Answered, Case, Question
from harborlight.law.rulebook import rule
from harborlight.law.value import One, Value

GROUP = "Air travel"
LAW = "air_travel"
ANNUAL = "initial and annual"

ROLE = Fact("role", Choice(node=f"{LAW}.role"), "the worker's role at the carrier")


def training_duty(q: Question) -> Value:
    """Whether the role must be trained on the day."""
    role = q.fact("role")
    required = q.in_force_of(f"{LAW}.role", role)
    q.step(
        required,
        yes="On {day} this role ({role}) must be trained: {how}.",
        no="On {day} no provision here requires training of this role ({role}).",
        unknown="The role is not known.",
        day=q.day,
        role=role,
        how=q.law_of(f"{LAW}.role", role),
    )
    return required


@rule(
    "air-training-required",
    group=GROUP,
    question="Must this airline worker be trained to recognize and respond to trafficking?",
    facts=(ROLE,),
    reads=(f"{LAW}.role",),
)
def air_training_required(q: Question) -> Answered:
    """By role and day."""
    return q.conclude(
        training_duty(q),
        yes="Training is required.",
        no="Training is not required by these provisions on this day.",
        unknown="Unknown whether training is required.",
    )


@rule(
    "air-training-due",
    group=GROUP,
    question="When does this airline worker's training fall due?",
    facts=(
        ROLE,
        Fact("ever_trained", YesNo(), "the worker has been trained before"),
        Fact("last_trained", Day(), "the day of the last training"),
    ),
    answers="a day, or in words",
    columnar=False,
    reads=(f"{LAW}.role", f"{LAW}.annual_interval"),
)
def air_training_due(q: Case) -> Answered:
    """Initial training at once; flight attendants again each year; others with no interval."""
    required = training_duty(q)
    last = q.fact("last_trained")
    q.refuse(last > q.on, "last_trained", "the last training is after the day asked about")
    q.refuse(
        last.is_known() & ~q.fact("ever_trained"), "ever_trained", "no, but a last training is told"
    )
    trained = q.fact("ever_trained") if last.value is None else One(True)
    how = q.law_of(f"{LAW}.role", q.fact("role"))
    annual = how.equals(ANNUAL)
    q.step(trained, no="The worker was never trained: initial training is due.")
    q.step(
        trained & ~annual,
        yes="The worker has been trained, and the statute states no interval for this role: no "
        "later day is due under it. (The department's page says annually.)",
    )
    years = q.law(f"{LAW}.annual_interval", cited=False)
    again = q.years_after(last, years)
    q.step(
        trained & annual & last.is_known(),
        yes="Last trained on {last}; annual training is counted in years from then: {years}.",
        last=last,
        years=years,
        cites=f"{LAW}.annual_interval",
    )
    later = q.where(annual, again, "no day stated")
    answer = q.where(required, q.where(trained, later, q.on), "not required")
    overdue = (again < q.on) & trained & annual & required
    q.step(overdue, yes="That day has passed: the training is overdue.")
    return q.conclude(
        answer,
        yes="Training due: {answer}.",
        unknown="Unknown when training is due.",
    )


@rule(
    "air-annual-report",
    group=GROUP,
    question="When is the carrier's next annual report on trafficking due, for a federal contract?",
    facts=(
        Fact("contract_date", Day(), "the day of the contract for federal air transport"),
        Fact("defense_contract", YesNo(), "a contract of the Department of Defense"),
        Fact("commercial_products", YesNo(), "a contract for commercial products"),
    ),
    answers="a day, or in words",
    columnar=False,
)
def air_annual_report(q: Case) -> Answered:
    """Contracts after a day, not of Defense; the period and the due day by the clause."""
    required = q.in_force(f"{LAW}.report_required")
    after = q.fact("contract_date") > q.law(f"{LAW}.contracts_after")
    q.refuse(
        q.fact("contract_date") > q.on, "contract_date", "the contract is after the day asked about"
    )
    defense, commercial = q.fact("defense_contract"), q.fact("commercial_products")
    exempt = defense | (commercial & q.law(f"{LAW}.commercial_exempt"))
    q.step(
        required,
        yes="On {day} contracts for federal air transport must require an annual report.",
        no="On {day} no annual report was required.",
        day=q.day,
    )
    q.step(
        after,
        yes="The contract was made after the day from which it applies.",
        no="The contract was made before the requirement applied.",
        unknown="The day of the contract is not known.",
    )
    q.step(
        exempt,
        yes="The contract is exempt (Department of Defense, or commercial products).",
        unknown="Whether the contract is exempt is not known.",
    )
    applies = required & after & ~exempt
    stated = q.in_force(f"{LAW}.report_due_day")
    due, first, last = _next_report(q)
    q.step(
        stated & applies,
        yes="The report on {first} to {last} is due on {due}, to {to}: the number trained; the "
        "notifications of potential victims; and for each whether, when and how the hotline or "
        "airport police were told.",
        no="The statute says annually and states no due day; the clause that does came later.",
        first=first,
        last=last,
        due=due,
        to=q.law(f"{LAW}.report_recipients"),
    )
    q.detail("period_first_day", first)
    q.detail("period_last_day", last)
    answer = q.where(applies, q.where(stated, due, "annually, no day stated"), "not required")
    return q.conclude(
        answer,
        yes="Next annual report: {answer}.",
        unknown="Unknown whether a report is due.",
    )


def _next_report(q: Case) -> tuple[One, One, One]:
    """The next due day on or after the day asked about, and the period that it reports on."""
    on: date = q.on.value
    pattern = q.law(f"{LAW}.report_due_day").value
    begins = q.law(f"{LAW}.period_first_day").value
    if pattern is None or begins is None:
        return One(None), One(None), One(None)
    due = date(on.year, pattern.month, pattern.day)
    if due < on:
        due = date(on.year + 1, pattern.month, pattern.day)
    next_period = date(due.year, begins.month, begins.day)
    if next_period > due:
        next_period = date(due.year - 1, begins.month, begins.day)
    first = date(next_period.year - 1, begins.month, begins.day)
    return One(due), One(first), One(next_period - timedelta(days=1))
