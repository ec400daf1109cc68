"""The law of the states on children who were hired for sex, as far as it is known."""

from __future__ import annotations

from harborlight.law.fact import Choice, Count, Fact, YesNo
from harborlight.law.question import Answered, Question
from harborlight.law.rulebook import rule
from harborlight.law.value import Value

GROUP = "States"
LAW = "states"
GRANTS = "federal.grants"
STATE = Fact("state", Choice(node=LAW), "the state, by its two letters or its name")
PROTECTED, CONDITIONAL, NOT_PROTECTED = "protected", "conditional", "not protected"


def known_of(q: Question, state: Value) -> None:
    """How current and how sure what follows is."""
    q.step(
        state.is_known(),
        yes="What is known of {state} is {known}.",
        no="The state is not known.",
        state=state,
        known=q.law_of(LAW, state, "known"),
    )


@rule(
    "state-immunity",
    group=GROUP,
    question="Does this state keep a minor who was hired for sex from being charged with it?",
    facts=(
        STATE,
        Fact("age", Count(most=130), "the person's age"),
        Fact("shown_trafficked", YesNo(), "shown to have been trafficked at the time"),
        Fact(
            "reading",
            Choice((PROTECTED, CONDITIONAL, NOT_PROTECTED)),
            "what you found in the statute, where the sources conflict or say nothing",
        ),
    ),
)
def state_immunity(q: Question) -> Answered:
    """Protected, not, or on a condition; where sources conflict the readings are kept apart."""
    state = q.fact("state")
    known_of(q, state)
    word = q.law_of(LAW, state, "immunity")
    in_force = q.in_force_of(LAW, state, "immunity")
    limit = q.law_of(LAW, state, "immunity_under_age")
    conflict = word.equals("conflict") | word.equals("protected or conditional")
    q.step(
        in_force & conflict,
        yes="The sources conflict; nothing is guessed. Look up the statute and give reading.",
    )
    q.step(
        in_force & ~(in_force & conflict),
        yes="By these sources a minor is {word}.",
        word=word,
    )
    q.step(
        in_force,
        no="On {day} the law of {state} had no such provision in force.",
        unknown="No source says how {state} treats a minor on {day}.",
        state=state,
        day=q.day,
    )
    shown, reading = q.fact("shown_trafficked"), q.fact("reading")
    q.step(
        word.equals(CONDITIONAL),
        yes="The minor is protected only when shown to have been trafficked at the time.",
    )
    at_least = word.equals("protected at least")
    by_reading = q.where(
        reading.equals(PROTECTED), True, q.where(reading.equals(CONDITIONAL), shown, False)
    )
    conditional_or_more = q.where(reading.equals(PROTECTED), True, shown)
    protected = q.where(word.equals(PROTECTED) | at_least, True, word.equals(CONDITIONAL) & shown)
    protected = q.where(word.equals("conflict"), by_reading, protected)
    protected = q.where(word.equals("protected or conditional"), conditional_or_more, protected)
    # Where no source says anything, what counsel read stands in for the parameter.
    protected = q.where(word.is_known(), protected, by_reading)
    in_force = q.where(~in_force.is_known() & reading.is_known(), True, in_force)

    age = q.fact("age")
    minor_limit = q.law(f"{GRANTS}.minor_under_age", cited=False)
    unlimited = ~q.in_force_of(LAW, state, "immunity_under_age").settled_by(True)
    stated = q.where(limit.is_known(), limit, minor_limit)
    minor = q.presume(
        age < minor_limit,
        age,
        "minnesota.safe_harbor.unknown_age_is_minor",
        "The age is unknown; the person is presumed to be a minor. This was presumed, not shown.",
        in_force & protected & ~unlimited,
    )
    below = q.where(stated < minor_limit, age < stated, minor)
    stands = in_force & word.is_known()
    q.step(
        stands & unlimited,
        yes="There is no age limit: the offense was repealed for everyone.",
    )
    q.step(stands & ~unlimited, yes="The limit is under {stated}.", stated=stated)
    q.step(
        stands & ~limit.is_known() & ~unlimited,
        yes="The sources say minor and state no age.",
        cites=f"{GRANTS}.minor_under_age",
    )
    older = at_least & ~below & minor
    q.step(
        older,
        yes="Above the limit that is known nothing was found: the limit may be higher now. Look "
        "up the statute and give reading.",
    )
    covered = unlimited | below
    covered = q.where(older.settled_by(False), reading.equals(PROTECTED), covered)
    return q.conclude(
        in_force & protected & covered,
        yes="Yes: the minor is kept from being charged, as far as is known.",
        no="No: the minor is not kept from being charged, as far as is known.",
        unknown="Unknown for this state.",
    )


@rule(
    "state-law",
    group=GROUP,
    question="What is known of this state's law: immunity, diversion, defense, referral, vacatur?",
    facts=(STATE,),
    answers="a word or yes, no, unknown for each protection",
)
def state_law(q: Question) -> Answered:
    """Everything that is known of one state."""
    state = q.fact("state")
    known_of(q, state)
    immunity = q.law_of(LAW, state, "immunity")
    in_force = q.in_force_of(LAW, state, "immunity")
    answer: dict[str, Value] = {"immunity": q.where(in_force, immunity, NOT_PROTECTED)}
    for name in ("diversion", "affirmative_defense", "referral", "vacatur"):
        answer[name] = q.law_of(LAW, state, name)
        q.step(
            answer[name],
            yes=f"{name.replace('_', ' ').capitalize()}: yes.",
            no=f"{name.replace('_', ' ').capitalize()}: no.",
            unknown=f"{name.replace('_', ' ').capitalize()}: not known.",
        )
    return q.conclude(
        answer,
        yes="Immunity: {immunity}. All five are known.",
        unknown="Immunity: {immunity}. Not everything is known of this state.",
    )


@rule(
    "federal-grant-preference",
    group=GROUP,
    question="May an applicant of this state be preferred for its safe harbor law?",
    facts=(
        STATE,
        Fact("treated_as_victim", YesNo(), "the state treats such a minor as a trafficking victim"),
        Fact("charging_discouraged", YesNo(), "the state discourages or prohibits charging"),
        Fact("diversion_encouraged", YesNo(), "the state encourages diversion to services"),
    ),
)
def grant_preference(q: Question) -> Answered:
    """All three parts of the test; each from what is known of the state, or as told."""
    state = q.fact("state")
    known_of(q, state)
    in_force = q.in_force(f"{GRANTS}.safe_harbor_preference")
    immunity = q.law_of(LAW, state, "immunity")
    # Where a state does not protect, it may still discourage charging: that stays unknown.
    prohibits = q.where(immunity.equals(PROTECTED), True, q.constant(None))
    refers = q.law_of(LAW, state, "diversion") | q.law_of(LAW, state, "referral")
    parts = {
        "treated_as_victim": q.law_of(LAW, state, "treated_as_victim"),
        "charging_discouraged": prohibits,
        "diversion_encouraged": refers,
    }
    answer = in_force
    for name, known in parts.items():
        holds = q.first_known(q.fact(name), known)
        words = name.replace("_", " ")
        q.step(
            holds,
            yes=f"This part is met: {words}.",
            no=f"This part is not met: {words}.",
            unknown=f"Not known: {words}.",
        )
        q.detail(name, holds)
        answer = answer & holds
    return q.conclude(
        answer,
        yes="Yes: preferential consideration may be given, where feasible; nobody has to give it.",
        no="No: all three parts are needed, on a day when the preference is law.",
        unknown="Unknown: a part of the test was not found for this state.",
    )


VACATUR_PARTS = (
    Fact("nonviolent_vacatur", YesNo(), "victims can vacate nonviolent offenses"),
    Fact("presumption", YesNo(), "documented victims are rebuttably presumed to be victims"),
    Fact("identity_protected", YesNo(), "the identity of those who ask is protected"),
    Fact("documents_not_required", YesNo(), "no official document is required"),
)


@rule(
    "federal-vacatur-preference",
    group=GROUP,
    question="May an applicant of this state be preferred for its vacatur law?",
    facts=(STATE, *VACATUR_PARTS),
)
def vacatur_preference(q: Question) -> Answered:
    """All four parts; only the first is known of any state."""
    state = q.fact("state")
    known_of(q, state)
    answer = q.in_force(f"{GRANTS}.vacatur_preference")
    for fact in VACATUR_PARTS:
        holds = q.fact(fact.name)
        if fact is VACATUR_PARTS[0]:
            holds = q.first_known(holds, q.law_of(LAW, state, "vacatur"))
        q.step(
            holds,
            yes=f"This part is met: {fact.text}.",
            no=f"This part is not met: {fact.text}.",
            unknown=f"Not known: {fact.text}.",
        )
        answer = answer & holds
    return q.conclude(
        answer,
        yes="Yes: preferential consideration may be given, where feasible; nobody has to give it.",
        no="No: every part is needed, on a day when the preference is law.",
        unknown="Unknown: a part of the test was not found for this state.",
    )
