"""Clocks: by which moment a report is due, and how that was counted."""

from __future__ import annotations

import functools
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import holidays

from harborlight.law.fact import Fact, Moment
from harborlight.law.question import Answered, Case
from harborlight.law.rulebook import rule
from harborlight.law.value import One

GROUP = "Clocks"
LAW = "minnesota.clocks"
SATURDAY = 5
WHOLE_DAY = timedelta(days=1)


def started(q: Case, field: str, zone: str | None) -> datetime | None:
    """The moment a clock starts, in the zone whose days are counted; its day governs the law."""
    begins = q.fact(field)
    if begins.value is None:
        q.say(f"The moment ({field}) is not known; the clock cannot be counted.")
        return None
    moment: datetime = begins.value
    if zone:
        moment = moment.astimezone(ZoneInfo(zone))
    q.on = q.day = One(moment.date())
    return moment


def shown(moment: datetime) -> str:
    """A moment in words, with its offset, so that a change of clocks is seen."""
    return f"{moment:%A %Y-%m-%d %H:%M %Z} (UTC{moment:%z})"


def elapsed(q: Case, field: str, path: str, zone: str | None, what: str) -> Answered:
    """A clock of hours as they pass, through changes of clocks, weekends and holidays."""
    moment = started(q, field, zone)
    hours = q.law(path)
    if moment is None:
        return q.conclude(One(None, frozenset([field])), unknown="Unknown when it is due.")
    if hours.value is None:
        q.say("The law of {day} was not found for this clock.", day=q.day)
        return q.conclude(One(None, hours.needs), unknown="Unknown when it is due.")
    due = (moment.astimezone(UTC) + timedelta(hours=hours.value)).astimezone(moment.tzinfo)
    q.say(f"The clock starts at {shown(moment)}.")
    q.say(
        f"{hours.value} hours are counted as they pass: weekends and holidays count, and a change "
        "to or from daylight saving time neither adds nor takes an hour."
    )
    if due.utcoffset() != moment.utcoffset():
        q.say(
            "Clocks change inside these hours, so the clock on the wall shows another hour when "
            "they have passed."
        )
    q.say(f"They have passed at {shown(due)}.")
    return q.conclude(One(due), yes=f"{what} at once, and at the latest by {shown(due)}.")


def minnesota_zone(q: Case) -> str:
    """Minnesota's time zone."""
    zone: str = q.book[f"{LAW}.time_zone"].at(q.on.value).value  # type: ignore[assignment]
    q.law(f"{LAW}.time_zone")
    return zone


LEARNED_AT = Fact("learned_at", Moment(), "when the person learned of it")


@rule(
    "minnesota-report-clock",
    group=GROUP,
    question="By when must a mandated reporter in Minnesota report?",
    facts=(LEARNED_AT,),
    answers="a moment",
    columnar=False,
)
def report_clock(q: Case) -> Answered:
    """Immediately, and within hours that pass."""
    zone = minnesota_zone(q)
    return elapsed(q, "learned_at", f"{LAW}.oral_report_hours", zone, "Report")


@rule(
    "minnesota-written-report-clock",
    group=GROUP,
    question="By when must the written report follow in Minnesota?",
    facts=(Fact("reported_at", Moment(), "when the oral report was made"),),
    answers="a moment",
    columnar=False,
)
def written_report_clock(q: Case) -> Answered:
    """Hours of working days only: those of weekends and holidays do not count."""
    moment = started(q, "reported_at", minnesota_zone(q))
    hours = q.law(f"{LAW}.written_report_hours")
    calendar = q.law(f"{LAW}.holidays")
    if moment is None:
        return q.conclude(One(None, frozenset(["reported_at"])), unknown="Unknown when it is due.")
    if hours.value is None:
        q.say("The law of {day} was not found for this clock.", day=q.day)
        return q.conclude(One(None, hours.needs), unknown="Unknown when it is due.")
    due, skipped = working_hours_after(moment, timedelta(hours=hours.value), calendar.value)
    q.say(f"The clock starts at {shown(moment)}, in Minnesota's time.")
    q.say(
        f"{hours.value} hours are counted, from midnight to midnight of every day that is no "
        "Saturday, Sunday or holiday (the day a holiday is observed on included)."
    )
    for day, why in skipped:
        q.say(f"Not counted: {day:%A} {day} ({why}).")
    q.say(f"The hours have passed at {shown(due)}.")
    return q.conclude(One(due), yes=f"Write by {shown(due)}.")


def working_hours_after(
    start: datetime, span: timedelta, calendar: str
) -> tuple[datetime, list[tuple[date, str]]]:
    """The moment when a span of working time has passed, and the days left out with the reason.

    ``start`` is in the zone whose days are counted. The time of a working day is what passes
    between its midnights, so that a change of clocks on a working day is counted as it passes.
    """
    zone = start.tzinfo
    day, now, left = start.date(), start, span
    skipped: list[tuple[date, str]] = []
    while True:
        midnight = datetime.combine(day + WHOLE_DAY, time(), zone)
        why = day_off(day, calendar)
        if why:
            skipped.append((day, why))
        else:
            there_is = midnight.astimezone(UTC) - now.astimezone(UTC)
            if left <= there_is:
                return (now.astimezone(UTC) + left).astimezone(zone), skipped
            left -= there_is
        day, now = day + WHOLE_DAY, midnight


def day_off(day: date, calendar: str) -> str:
    """Why a day does not count, or nothing."""
    named = _holidays(day.year, calendar).get(day)
    if named:
        return named
    return "weekend" if day.weekday() >= SATURDAY else ""


@functools.lru_cache(maxsize=64)
def _holidays(year: int, calendar: str) -> dict[date, str]:
    """The holidays of a year with their names; also those observed there for the next year."""
    country, _, part = calendar.partition("-")
    found = holidays.country_holidays(
        country, subdiv=part, years=[year - 1, year, year + 1], observed=True
    )
    return {day: name for day, name in found.items() if day.year == year}


@rule(
    "minnesota-cross-report-clock",
    group=GROUP,
    question="By when must police and child protection in Minnesota tell each other?",
    facts=(Fact("received_at", Moment(), "when the police or the agency received the report"),),
    answers="a moment",
    columnar=False,
)
def cross_report_clock(q: Case) -> Answered:
    """At once: the due moment is the moment itself."""
    moment = started(q, "received_at", minnesota_zone(q))
    how = q.law(f"{LAW}.cross_report")
    if moment is None:
        return q.conclude(One(None, frozenset(["received_at"])), unknown="Unknown when it is due.")
    if how.value is None:
        q.say("The law of {day} was not found for this clock.", day=q.day)
        return q.conclude(One(None, how.needs), unknown="Unknown when it is due.")
    q.say(f"The report was received at {shown(moment)}.")
    q.say(
        "The other is told {how}: no hours are counted, the duty is there at that moment.", how=how
    )
    return q.conclude(One(moment), yes="At once: " + shown(moment) + ", orally and in writing.")


@rule(
    "minnesota-agency-to-police-clock",
    group=GROUP,
    question="By when must an agency tell police that a child may be a victim of sex trafficking?",
    facts=(Fact("cause_at", Moment(), "when the agency had reasonable cause to believe it"),),
    answers="a moment",
    columnar=False,
)
def agency_to_police_clock(q: Case) -> Answered:
    """Hours that pass."""
    zone = minnesota_zone(q)
    return elapsed(q, "cause_at", f"{LAW}.agency_to_police_hours", zone, "Tell law enforcement")


@rule(
    "minnesota-missing-child-clock",
    group=GROUP,
    question="By when must an agency tell police and NCMEC of a missing foster child?",
    facts=(Fact("missing_at", Moment(), "when the agency learned that the child is missing"),),
    answers="a moment",
    columnar=False,
)
def missing_child_clock(q: Case) -> Answered:
    """Hours that pass."""
    zone = minnesota_zone(q)
    return elapsed(q, "missing_at", f"{LAW}.missing_child_hours", zone, "Tell them")


@rule(
    "federal-report-clock",
    group=GROUP,
    question="By when must a listed professional on federal land or in covered sport report?",
    facts=(LEARNED_AT,),
    answers="a moment",
    columnar=False,
)
def federal_report_clock(q: Case) -> Answered:
    """As soon as possible, which the statute defines in hours."""
    return elapsed(q, "learned_at", "federal.clocks.report_hours", None, "Report")
