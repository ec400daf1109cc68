"""Destroying what a report tells: its codes stay, for figures, and the log of it."""

from __future__ import annotations

from harborlight.web.audit.acts import when
from harborlight.web.intake.labels import ENDED, Outcome, Status
from harborlight.web.intake.models import Erasure, Report
from harborlight.web.vault.files import files_of
from harborlight.web.vault.models import Term


def destroy(report: Report, *, days: int) -> None:
    """Destroy it within an act, `days` after its end. One that has not ended is closed."""
    now = when()
    if report.status not in ENDED or report.ended is None:
        report.status, report.ended = Status.CLOSED, now
        report.outcome = report.outcome or Outcome.ACTED
    for each in [*report.messages.all(), *report.notes.all()]:
        each.delete()
    Term.objects.filter(model=Report._meta.label_lower, record=report.pk).delete()
    files = list(files_of(report))
    for file in files:
        file.delete()
    Erasure.objects.create(
        number=report.number,
        outcome=report.outcome,
        ended=report.ended,
        days=days,
        at=now,
        files=len(files),
    )
    # Without the data key nothing that a backup or a page of the disk still holds can be opened by
    # way of this row; a new one seals nothing.
    report.wrapped_key = b""
    report.sealed = b""
    report.town = ""
    report.erased = now
    report.put()
    report.save()
