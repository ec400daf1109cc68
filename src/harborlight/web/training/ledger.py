"""The ledger as a CSV file: every course that was finished, by whom, in which version, how well."""

from __future__ import annotations

import csv
import io

from django.utils import timezone

from harborlight.web.accounts.models import Agency
from harborlight.web.training.models import Taking

COLUMNS = (
    "employee_number", "name", "work", "base", "active", "course", "version", "language", "source",
    "started", "finished", "percent", "passed", "expires", "certificate",
)  # fmt: skip


def cell(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def text(agency: Agency) -> str:
    """The whole ledger of an airline. Within an act: names are opened."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    rows = Taking.objects.filter(agency=agency, finished_at__isnull=False)
    rows = rows.select_related("person", "edition", "certificate").order_by("finished_at", "pk")
    opened: dict[object, dict[str, str]] = {}
    for each in rows:
        if each.person_id not in opened:
            opened[each.person_id] = each.person.take("name", "number")
        told = opened[each.person_id]
        certificate = getattr(each, "certificate", None)
        writer.writerow(
            [
                cell(told["number"] or ""),
                cell(told["name"] or ""),
                each.person.work,
                cell(each.person.base),
                "yes" if each.person.active else "no",
                each.course,
                each.edition.version,
                each.language,
                each.source,
                timezone.localtime(each.started_at).isoformat(timespec="seconds"),
                timezone.localtime(each.finished_at).isoformat(timespec="seconds"),
                each.percent,
                "yes" if each.passed else "no",
                each.expires_on.isoformat() if each.expires_on else "",
                str(certificate) if certificate else "",
            ]
        )
    return out.getvalue()
