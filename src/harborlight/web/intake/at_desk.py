"""What of reports waits for a member today, and what their search finds."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from harborlight.recognize.signals.phones import find_phones
from harborlight.web.accounts.access import may, reachable
from harborlight.web.accounts.models import Member
from harborlight.web.accounts.roles import Role
from harborlight.web.audit.acts import when
from harborlight.web.crypto.blind import canonical
from harborlight.web.frame.waiting import Found, Waiting
from harborlight.web.intake.clock import late
from harborlight.web.intake.labels import ENDED, Status
from harborlight.web.intake.models import Report
from harborlight.web.intake.review_queue import holdings


def waiting(member: Member) -> Iterator[Waiting]:
    """Unread reports of the agency, those assigned to the member, and those without anybody."""
    if member.role == Role.ADMINISTRATOR:
        nobody = Report.objects.filter(owner__isnull=True, erased__isnull=True).count()
        yield Waiting(
            _("Reports that no agency reads yet"), nobody, reverse("desk:home"), late=nobody
        )
    if not may(member, "report", "list"):
        return
    now = when()
    unread = list(
        holdings(member).filter(read__isnull=True).select_related("report").order_by("since")
    )
    yield Waiting(
        _("Reports that nobody has read"),
        len(unread),
        reverse("intake:queue") + "?show=unread",
        late=sum(late(each, each.report.danger, now) for each in unread),
    )
    mine = holdings(member).filter(assigned=member).exclude(report__status__in=ENDED)
    yield Waiting(
        _("Reports assigned to you"), mine.count(), reverse("intake:queue") + "?show=mine"
    )


def search(member: Member, words: str) -> Iterator[Found]:
    """By reference, or by an exact telephone number, e-mail address or license plate."""
    if not may(member, "report", "list"):
        return
    rows = reachable(Report, member, "report", "list")
    keys = set(rows.filter(number__iexact=words).values_list("pk", flat=True))
    for phone in find_phones(words):
        keys |= set(Report.having("phone", phone.value).values_list("pk", flat=True))
    if "@" in words:
        keys |= set(Report.having("email", words).values_list("pk", flat=True))
    plate = canonical("plate", words)
    if 4 <= len(plate) <= 8 and any(each.isdigit() for each in plate):
        keys |= set(Report.having("plate", words).values_list("pk", flat=True))
    for each in rows.filter(pk__in=keys)[:50]:
        yield Found(
            _("Report"),
            each.number,
            reverse("intake:item", args=[each.pk]),
            Status(each.status).label,
        )
