"""Which reports may be the same, and the links that a person decides on and can undo."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from harborlight.web.accounts.access import reachable
from harborlight.web.accounts.models import Member
from harborlight.web.audit.acts import Refused, when
from harborlight.web.intake.models import Report, SameAs
from harborlight.web.vault.models import Term

_MODEL = Report._meta.label_lower
_WHY: dict[str, Promise] = {
    "phones": gettext_lazy("the same telephone number"),
    "emails": gettext_lazy("the same e-mail address"),
    "plates": gettext_lazy("the same license plate"),
    "flights": gettext_lazy("the same flight and day"),
    "place_days": gettext_lazy("the same town and day"),
}


@dataclass(frozen=True)
class Suggestion:
    """A report that may be the same, and what both have."""

    report: Report
    why: list[str | Promise]


def suggestions(
    member: Member, report: Report, kin: Collection[Any] | None = None
) -> list[Suggestion]:
    """Reports within the member's reach that share an exact number, flight or day and place, those
    that share most first. Nothing is opened for it."""
    kin = family(report) if kin is None else kin
    digests = Term.objects.filter(model=_MODEL, record=report.pk).values("digest")
    shared: dict[Any, set[str]] = defaultdict(set)
    rows = Term.objects.filter(model=_MODEL, digest__in=digests).exclude(record__in=kin)
    for record, field in rows.values_list("record", "field"):
        shared[record].add(field)
    found = reachable(Report, member, "report", "list").filter(pk__in=list(shared))
    told = [
        Suggestion(each, [_WHY[field] for field in _WHY if field in shared[each.pk]])
        for each in found
    ]
    return sorted(told, key=lambda each: (-len(each.why), each.report.received))[:20]


def family(report: Report) -> set[Any]:
    """The keys of the report, its canonical one, and all that are the same as that."""
    held = SameAs.objects.filter(undone__isnull=True)
    roots = held.filter(report=report).values("canonical")
    pairs = held.filter(
        Q(report=report) | Q(canonical=report) | Q(canonical__in=roots)
    ).values_list("report", "canonical")
    return {report.pk, *(key for pair in pairs for key in pair)}


def links(report: Report) -> list[SameAs]:
    """The links that hold now, of this report to another and of others to it."""
    held = SameAs.objects.filter(undone__isnull=True).select_related("report", "canonical")
    return list(held.filter(Q(report=report) | Q(canonical=report)))


def link(member: Member, report: Report, canonical: Report) -> SameAs:
    """Decide that `report` is the same as `canonical`. Both stay whole; `unlink` undoes it."""
    if report.owner_id != member.agency_id:
        raise Refused(_("Only the agency that keeps this report can do that."), record=report)
    link_of = SameAs.objects.filter(undone__isnull=True)
    Report.objects.select_for_update().filter(pk__in=[report.pk, canonical.pk]).order_by("pk")
    further = link_of.filter(report=canonical).select_related("canonical").first()
    root = canonical if further is None else further.canonical
    if root.pk == report.pk:
        raise Refused(_("These two are linked already, or are one and the same."), record=report)
    if link_of.filter(report=report).exists():
        raise Refused(_("This report is linked to another already. Undo that first."))
    if link_of.filter(canonical=report).exists():
        raise Refused(
            _("Other reports are linked to this one. Link the other report to this one instead."),
            record=report,
        )
    return SameAs.objects.create(report=report, canonical=root, at=when(), by=member)


def unlink(member: Member, report: Report) -> None:
    """Undo the link of this report to another. That it was there stays known."""
    if report.owner_id != member.agency_id:
        raise Refused(_("Only the agency that keeps this report can do that."), record=report)
    known = SameAs.objects.filter(report=report, undone__isnull=True).first()
    if known is None:
        raise Refused(_("This report is not linked to another."), record=report)
    known.undone, known.undone_by = when(), member
    known.save(update_fields=["undone", "undone_by"])
