"""A reporter comes back with the receipt: sees where it stands, answers, adds, withdraws.

What they wrote is not shown to them again: somebody who finds the receipt must not read it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core import signing
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from harborlight.web.audit.acts import REPORTER, act, when
from harborlight.web.intake import receipts
from harborlight.web.intake.attachments import attach
from harborlight.web.intake.labels import Kind, Outcome, Status
from harborlight.web.intake.models import Message, Report
from harborlight.web.intake.receiving import add_terms, keyed_digest, unread
from harborlight.web.vault.files import Upload

_SALT = "harborlight.intake.message"

_SAID: dict[str, Promise] = {
    Status.NEW: _("Your report has arrived. Nobody has read it yet."),
    Status.OPEN: _("Somebody has read your report and is looking at it."),
    Status.ASKED: _("There is a question for you."),
    Status.ROUTED: _("Your report was passed on to those who can act on it."),
    Status.CLOSED: _("Work on your report has ended."),
    Status.WITHDRAWN: _("You withdrew your report."),
}
_PERSONAL = ("name", "reach", "safe_times")


@dataclass(frozen=True)
class Said:
    """One line of the thread: a question with its text, or that the reporter wrote something."""

    kind: str
    at: datetime
    text: str


@dataclass(frozen=True)
class Standing:
    """What a reporter sees of their report."""

    report: Report
    status: str | Promise
    said: list[Said]
    ended: bool


def find(receipt: str) -> Report | None:
    """The report of a receipt, or None. Slow by intent (Argon2id)."""
    return Report.objects.filter(receipt=receipts.kept(receipt)).first()


def standing(report: Report) -> Standing:
    """Where it stands, and staff's questions."""
    with act(REPORTER, "report.return"):
        said = [
            Said(each.kind, each.at, each.take("text")["text"] if each.kind == Kind.ASKED else "")
            for each in report.messages.all()
        ]
    return Standing(
        report=report,
        status=_SAID[Status(report.status)],
        said=said,
        ended=report.status == Status.WITHDRAWN or report.erased is not None,
    )


def ticket() -> str:
    """For one form of an answer: the same form sent twice is one answer."""
    return signing.dumps(receipts.letters(16), salt=_SALT)


def ticket_is_ours(carried: str) -> bool:
    """Whether a form's ticket was made here."""
    try:
        signing.loads(carried, salt=_SALT, max_age=receipts.OPEN_FOR)
    except signing.BadSignature:
        return False
    return True


def add(report: Report, text: str, carried: str, files: Sequence[Upload] = ()) -> bool:
    """Add an answer or anything else. False when this form had been sent already."""
    digest = keyed_digest(f"{carried}\x00{text}")
    with act(REPORTER, "report.add"):
        report = Report.objects.select_for_update().get(pk=report.pk)
        if report.messages.filter(digest=digest).exists():
            return False
        message = Message(report=report, kind=Kind.ANSWERED, at=when(), digest=digest)
        message.put(text=text)
        message.save()
        add_terms(report, {"text": text})
        attach(report, files)
        if report.status in (Status.ASKED, Status.CLOSED):
            report.status, report.outcome, report.ended = Status.OPEN, "", None
        report.save()
        unread(report)
    return True


def withdraw(report: Report) -> None:
    """Withdraw. Who the reporter is and how to reach them is erased at once; the rest is kept for
    the days of `defaults.yaml`, so that somebody in danger is not forgotten, and then erased."""
    with act(REPORTER, "report.withdraw"):
        report = Report.objects.select_for_update().get(pk=report.pk)
        if report.status == Status.WITHDRAWN:
            return
        nothing = dict.fromkeys(_PERSONAL)
        report.put(**nothing)
        report.status, report.outcome, report.ended = Status.WITHDRAWN, Outcome.WITHDRAWN, when()
        report.save()
        for each in report.messages.filter(kind=Kind.VERSION):
            version = each.take("version")["version"] or {}
            each.put(version={**version, **nothing})
            each.save()
        Message(
            report=report, kind=Kind.WITHDREW, at=when(), digest=keyed_digest("withdrawn")
        ).save()
        unread(report)
