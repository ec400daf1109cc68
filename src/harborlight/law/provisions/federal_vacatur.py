"""Vacatur and expungement under federal law for who was trafficked."""

from __future__ import annotations

from harborlight.law.fact import Choice, Fact, YesNo
from harborlight.law.question import Answered, Question
from harborlight.law.rulebook import rule

GROUP = "Federal relief"
LAW = "federal.vacatur"
CONVICTION, ARREST = "conviction", "arrest"
LEVEL_A, LEVEL_B, NEITHER = "level A", "level B", "neither"


@rule(
    "federal-vacatur",
    group=GROUP,
    question="May a federal conviction be vacated, or an arrest expunged, of who was trafficked?",
    facts=(
        Fact("relief_from", Choice((CONVICTION, ARREST)), "from what relief is asked"),
        Fact(
            "level",
            Choice((LEVEL_A, LEVEL_B, NEITHER)),
            "level A: not violent; level B: violent, and no child was its victim",
        ),
        Fact("result_of_trafficking", YesNo(), "a direct result of having been trafficked"),
        Fact(
            "ended_without_conviction",
            YesNo(),
            "acquitted, dropped, or reduced to level A and that was cleared",
        ),
    ),
)
def federal_vacatur(q: Question) -> Answered:
    """Convictions of level A; arrests of level A, and of level B not ending in a conviction."""
    asked, level = q.fact("relief_from"), q.fact("level")
    result = q.fact("result_of_trafficking")
    for_conviction = asked.equals(CONVICTION)
    convictions = q.in_force(f"{LAW}.convictions")
    arrests = q.in_force(f"{LAW}.arrests")
    in_force = q.where(for_conviction, convictions, arrests)
    q.step(
        in_force,
        no="On {day} federal law had no such provision.",
        day=q.day,
    )
    q.step(
        result,
        yes="It was a direct result of having been trafficked.",
        no="It was not a direct result of having been trafficked.",
        unknown="Whether it was a direct result of having been trafficked is not known.",
    )
    level_a = level.equals(LEVEL_A)
    cleared = level.equals(LEVEL_B) & q.fact("ended_without_conviction")
    within = level_a | (asked.equals(ARREST) & cleared)
    q.step(
        within,
        yes="The offense is of those for which it may be asked.",
        no="The offense is not of those for which it may be asked.",
        unknown="Whether the offense is of those for which it may be asked is not known.",
    )
    q.step(
        in_force,
        yes=(
            "The government may oppose within {opposing} days; an opposed motion is heard within "
            "{hearing} days. Nothing is paid for it, and it is filed under seal."
        ),
        opposing=q.law(f"{LAW}.opposition_days"),
        hearing=q.law(f"{LAW}.hearing_days"),
    )
    return q.conclude(
        in_force & result & within,
        yes="Yes: it may be asked for; the court decides by a preponderance of the evidence.",
        no="No: it may not be asked for under this provision.",
        unknown="Unknown: more must be known, or counsel asked.",
    )
