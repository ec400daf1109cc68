"""The airline's yearly report on trafficking to the federal government, and the records behind it.

    told = yearly(agency, 2026)
    told.trained, told.notifications, told.notifications[0].told

Period, due day and to whom it goes come from the law's files. What is counted:

- trained: people who passed a course within the period, each once, those who left since too;
- notifications: reports of the airline's crews that were received within the period, whatever came
  of them; from whom it came first, staff or a passenger;
- of each: everybody who was told of it, when and how, by the ledger of who was told.

No name, no flight and nothing that a report says is in it, so nothing is opened.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from harborlight.law import Citation, ask
from harborlight.web.accounts.models import Agency
from harborlight.web.audit.acts import Refused
from harborlight.web.crew.models import CrewReport, Origin, Quarantine
from harborlight.web.training.models import Taking

#: Whom the law asks about, as the ledger of who was told names them.
HOTLINE, AIRPORT = "hotline", "airport_police"


@dataclass(frozen=True)
class Telling:
    """That somebody was told of a report."""

    who: str
    """A code of the ledger, or the name of an agency of this site."""
    method: str
    at: datetime
    agency: bool
    """Whether it is an agency of this site."""


@dataclass(frozen=True)
class Notification:
    """One report, and who was told of it."""

    report: CrewReport
    told: tuple[Telling, ...]

    def told_to(self, who: str) -> bool:
        """Whether the ledger says that they were told."""
        return any(each.who == who and not each.agency for each in self.told)


@dataclass(frozen=True)
class Period:
    """What a year's report covers, and what the law says of it."""

    year: int
    """The calendar year in which it is due."""
    first: date
    last: date
    due: date
    recipients: str
    citations: tuple[Citation, ...]

    @property
    def bounds(self) -> tuple[datetime, datetime]:
        """From, and until but without."""
        zone = timezone.get_current_timezone()
        return (
            datetime.combine(self.first, time(), zone),
            datetime.combine(self.last + timedelta(days=1), time(), zone),
        )


@dataclass(frozen=True)
class Yearly:
    """The report of one airline."""

    agency: Agency
    period: Period
    trainings: tuple[Taking, ...]
    """Every course that was passed within the period."""
    notifications: tuple[Notification, ...]
    unreadable: int
    """What came in within the period and could not be read; not counted as notifications."""
    unsettled: int = field(default=0)
    """Of the unreadable, those that nobody saw to yet."""

    @property
    def trained(self) -> int:
        """How many people."""
        return len({each.person_id for each in self.trainings})

    @property
    def by_course(self) -> dict[str, int]:
        """How many people in each course. Who passed two stands in both."""
        pairs = {(each.course, each.person_id) for each in self.trainings}
        return dict(sorted(Counter(course for course, _person in pairs).items()))

    def of(self, kind: str) -> tuple[Notification, ...]:
        """The notifications behind a number: all, an origin, a place that was told, or neither."""
        return tuple(each for each in self.notifications if _is(each, kind))


KINDS = ("all", Origin.STAFF.value, Origin.PASSENGER.value, HOTLINE, AIRPORT, "neither")


def _is(notification: Notification, kind: str) -> bool:
    if kind in (HOTLINE, AIRPORT):
        return notification.told_to(kind)
    if kind == "neither":
        return not notification.told_to(HOTLINE) and not notification.told_to(AIRPORT)
    return kind in ("all", notification.report.origin)


def period_of(year: int) -> Period:
    """The period of the report that is due in that year. Refused when the law states none."""
    middle = date(year, 7, 1)
    answer = ask(
        "air-annual-report",
        middle,
        {"contract_date": middle, "defense_contract": False, "commercial_products": False},
    )
    first, last = answer.details["period_first_day"], answer.details["period_last_day"]
    due = answer.answer
    if not (isinstance(first, date) and isinstance(last, date) and isinstance(due, date)):
        cited = "; ".join(sorted({each.citation for each in answer.citations}))
        raise Refused(_("The law states no period for %(year)d.") % {"year": year}, citation=cited)
    recipients = next(
        (str(each.value) for each in answer.citations if "recipients" in each.parameter), ""
    )
    return Period(year, first, last, due, recipients, answer.citations)


def current_year(today: date | None = None) -> int:
    """The year whose report is due next."""
    day = today or timezone.localdate()
    period = period_of(day.year)
    return day.year if day <= period.due else day.year + 1


def yearly(agency: Agency, year: int) -> Yearly:
    """The report of an airline that is due in a year. Refused when the law states no period."""
    period = period_of(year)
    start, end = period.bounds
    trainings = Taking.objects.filter(
        agency=agency, passed=True, finished_at__gte=start, finished_at__lt=end
    ).select_related("person", "edition", "certificate")
    reports = CrewReport.objects.filter(
        agency=agency, received_at__gte=start, received_at__lt=end
    ).prefetch_related("told__agency")
    unreadable = Quarantine.objects.filter(
        agency=agency, received_at__gte=start, received_at__lt=end
    )
    return Yearly(
        agency,
        period,
        tuple(trainings.order_by("finished_at", "pk")),
        tuple(_notification(each) for each in reports.order_by("received_at", "pk")),
        unreadable.count(),
        unreadable.filter(settled_at__isnull=True).count(),
    )


def _notification(report: CrewReport) -> Notification:
    told = sorted(report.told.all(), key=lambda each: each.at)
    return Notification(
        report,
        tuple(
            Telling(
                each.agency.name if each.agency else each.outside,
                each.method,
                each.at,
                each.agency is not None,
            )
            for each in told
        ),
    )


COLUMNS = (
    "notification", "received", "first_noticed_by", "outcome", "hotline_told",
    "airport_law_enforcement_told", "who_was_told", "day", "method",
)  # fmt: skip


def lines(told: Yearly) -> Iterator[tuple[str, ...]]:
    """A line for each notification and each who was told of it; one for a notification of which
    nobody was."""
    for each in told.notifications:
        begin = (
            str(each.report.pk),
            timezone.localdate(each.report.received_at).isoformat(),
            each.report.origin,
            each.report.outcome,
            "yes" if each.told_to(HOTLINE) else "no",
            "yes" if each.told_to(AIRPORT) else "no",
        )
        if not each.told:
            yield (*begin, "", "", "")
        for telling in each.told:
            day = timezone.localdate(telling.at).isoformat()
            yield (*begin, telling.who, day, telling.method)


def text(told: Yearly) -> str:
    """The report as CSV: the numbers first, then the notifications."""
    out = io.StringIO()
    writer = csv.writer(out)
    period = told.period
    writer.writerow(["carrier", told.agency.name])
    writer.writerow(["period", period.first.isoformat(), period.last.isoformat()])
    writer.writerow(["due", period.due.isoformat(), period.recipients])
    writer.writerow(["law", "; ".join(sorted({each.citation for each in period.citations}))])
    writer.writerow(["trained", told.trained])
    for course, number in told.by_course.items():
        writer.writerow(["trained_in", course, number])
    for kind in KINDS:
        writer.writerow(["notifications", kind, len(told.of(kind))])
    writer.writerow(["unreadable_and_not_counted", told.unreadable])
    writer.writerow([])
    writer.writerow(COLUMNS)
    writer.writerows(lines(told))
    return out.getvalue()
