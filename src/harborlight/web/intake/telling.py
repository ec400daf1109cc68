"""Who is told of a report: agencies on this site, and places outside. Never twice the same place.

A report and those that are the same as it are one in this: the ledger of all of them counts.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import formats
from django.utils.translation import gettext as _

from harborlight.web.accounts.models import Agency, Member
from harborlight.web.audit.acts import Refused, when
from harborlight.web.intake.labels import ENDED, Method, Outside, Status
from harborlight.web.intake.models import Holding, Report, Telling
from harborlight.web.intake.receiving import give, readers
from harborlight.web.intake.sameness import family


class AlreadyTold(Refused):
    """The place knows of this report."""


def agencies_with_readers() -> QuerySet[Agency]:
    """Agencies in which somebody may read a report."""
    return Agency.objects.filter(active=True, pk__in=readers().values("agency"))


def agencies_to_tell(report: Report, kin: Collection[Any] | None = None) -> QuerySet[Agency]:
    """Agencies in which somebody may read a report, and which do not have this one (`kin`: its
    family, when it is known)."""
    holdings = Holding.objects.filter(report__in=family(report) if kin is None else kin)
    return agencies_with_readers().exclude(Q(pk__in=holdings.values("agency")))


def route(
    member: Member, report: Report, agencies: Sequence[Agency], purpose: str
) -> list[Telling]:
    """Give the report to these agencies for a purpose: from now on they see it and must read it."""
    report = _locked(member, report)
    now = when()
    made = []
    for agency in agencies:
        _not_told(report, f"agency {agency.pk}", agency.name)
        if not readers(agency).exists():
            raise Refused(
                _("Nobody at %(agency)s may read reports.") % {"agency": agency.name},
                record=report,
            )
        made.append(
            Telling.objects.create(
                report=report,
                place=f"agency {agency.pk}",
                agency=agency,
                name=agency.name,
                purpose=purpose,
                method=Method.SITE,
                told=now,
                by=member,
            )
        )
        give(report, agency, now)
    if made and report.status not in ENDED:
        report.status = Status.ROUTED
        report.save(update_fields=["status"])
    return made


def tell_outside(
    member: Member,
    report: Report,
    place: str,
    *,
    purpose: str,
    method: str,
    told: datetime,
    name: str = "",
) -> Telling:
    """Keep that somebody outside of the site was told, how, when and for what."""
    report = _locked(member, report)
    if told > when():
        raise Refused(_("The time at which they were told is in the future."), record=report)
    called = str(Outside(place).label)
    name = " ".join(name.split())
    if name:
        place, called = f"{place}: {name.casefold()}"[:120], f"{called}: {name}"[:200]
    _not_told(report, place, called)
    return Telling.objects.create(
        report=report,
        place=place,
        name=called,
        purpose=purpose,
        method=method,
        told=told,
        by=member,
    )


def ledger(report: Report, kin: Collection[Any] | None = None) -> QuerySet[Telling]:
    """Who was told of this report and of those that are the same (`kin`, when it is known)."""
    rows = Telling.objects.filter(report__in=family(report) if kin is None else kin)
    return rows.select_related("report", "by__user")


def _locked(member: Member, report: Report) -> Report:
    """The report, with all its family locked against another telling at the same time."""
    if report.owner_id != member.agency_id:
        raise Refused(_("Only the agency that keeps this report can do that."), record=report)
    keys = sorted(family(report), key=str)
    locked = {
        each.pk: each
        for each in Report.objects.select_for_update().filter(pk__in=keys).order_by("pk")
    }
    return locked[report.pk]


def _not_told(report: Report, place: str, name: str) -> None:
    known = ledger(report).filter(place=place).first()
    holds = place.startswith("agency ") and Holding.objects.filter(
        report__in=family(report), agency=int(place.removeprefix("agency "))
    )
    if known is not None:
        raise AlreadyTold(
            _("%(place)s was told on %(day)s already (%(number)s). Nothing is sent twice.")
            % {
                "place": name,
                "day": formats.date_format(known.told, "SHORT_DATE_FORMAT"),
                "number": known.report.number,
            },
            record=report,
        )
    if holds and holds.exists():
        raise AlreadyTold(_("%(place)s has this report already.") % {"place": name}, record=report)
