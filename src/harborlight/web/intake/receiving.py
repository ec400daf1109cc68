"""A report comes in: stored exactly once, with somebody who must read it."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError

from harborlight.web.accounts.models import Agency, Member
from harborlight.web.accounts.permissions import TABLE, Scope
from harborlight.web.accounts.roles import Role
from harborlight.web.audit.acts import REPORTER, Actor, act, when
from harborlight.web.crypto.current import keys
from harborlight.web.intake import receipts
from harborlight.web.intake.attachments import attach, sums
from harborlight.web.intake.labels import Channel, Kind, Method, Outside, Purpose
from harborlight.web.intake.models import Holding, Message, Report, Telling, number_of
from harborlight.web.intake.terms import terms
from harborlight.web.notices.telling import tell
from harborlight.web.vault.files import Upload


@dataclass(frozen=True)
class Incoming:
    """What came in. `content` are sealed fields of Report; `codes` its open labels."""

    content: dict[str, Any]
    codes: dict[str, str]
    told: Sequence[str] = ()
    """Codes of `Outside` that the reporter says they told already."""
    channel: str = Channel.FORM
    received: datetime | None = None
    """When it reached the agency, if it did not come by the form."""
    files: Sequence[Upload] = ()

    def digest(self) -> str:
        """Keyed digest of all that came, by which the same sent again is known."""
        told = {
            "content": self.content,
            "codes": self.codes,
            "told": sorted(self.told),
            "files": sorted(sums(self.files)),
        }
        return keyed_digest(json.dumps(told, sort_keys=True, default=str))


@dataclass(frozen=True)
class Received:
    """What became of it: the report, and whether it had been there already."""

    report: Report
    again: bool = False


def keyed_digest(text: str) -> str:
    """HMAC-SHA-256 in hex, under a key outside of the database."""
    return hmac.new(keys().index, b"intake\x00" + text.encode(), hashlib.sha256).hexdigest()


def receive(receipt: str, incoming: Incoming, actor: Actor = REPORTER) -> Received:
    """Store what came under this receipt, exactly once however often it is sent.

    The same receipt with other content is kept as a later version of the same report: nothing that
    somebody sent is lost, and nothing is there twice.
    """
    kept = receipts.kept(receipt)
    digest = incoming.digest()
    try:
        with act(actor, "report.receive"):
            return _receive(kept, digest, incoming)
    except IntegrityError:
        # The same form came twice at the same moment, and the other one was first.
        with act(actor, "report.receive"):
            return _receive(kept, digest, incoming)


def _receive(kept: str, digest: str, incoming: Incoming) -> Received:
    known = Report.objects.select_for_update().filter(receipt=kept).first()
    if known is None:
        return Received(_store(kept, digest, incoming))
    if known.digest != digest and not known.messages.filter(digest=digest).exists():
        message = Message(report=known, kind=Kind.VERSION, at=when(), digest=digest)
        message.put(version={**incoming.content, **incoming.codes})
        message.save()
        add_terms(known, incoming.content)
        known.save()
        unread(known)
        attach(known, incoming.files)
    return Received(known, again=True)


def _store(kept: str, digest: str, incoming: Incoming) -> Report:
    now = when()
    report = Report(
        number=number_of(),
        receipt=kept,
        digest=digest,
        channel=incoming.channel,
        received=incoming.received or now,
        **incoming.codes,
    )
    report.owner = owner_for(report.state, report.county)
    report.put(**incoming.content, **terms(incoming.content, report.town))
    report.save()
    if report.owner is not None:
        give(report, report.owner, now)
    for code in incoming.told:
        Telling.objects.create(
            report=report,
            place=code,
            name=str(Outside(code).label),
            purpose=Purpose.KNOW,
            method=Method.REPORTER,
            told=report.received,
        )
    attach(report, incoming.files)
    return report


def add_terms(report: Report, content: dict[str, Any]) -> None:
    """Let the report be found by what a later message holds, too. Not saved yet."""
    new = terms(content, report.town)
    old = report.take(*new)
    report.put(**{name: sorted({*(old[name] or []), *values}) for name, values in new.items()})


def unread(report: Report) -> None:
    """There is something new in it: every agency that has it must read it again."""
    again = report.holdings.filter(read__isnull=False)
    for holding in again.select_related("agency").order_by("pk"):
        told = [holding.assigned] if holding.assigned else who_reads(holding.agency)
        for member in told:
            tell(member, "report")
    again.update(read=None, since=when(), escalated=None)


def give(report: Report, agency: Agency, since: datetime) -> None:
    """Let the agency have the report: it must read it, and those who do so are told by mail that
    something waits."""
    Holding.objects.create(report=report, agency=agency, since=since)
    for member in who_reads(agency):
        tell(member, "report")


def who_reads(agency: Agency) -> list[Member]:
    """Who is told that a report waits: triage officers; without any, the next who may read it."""
    found = list(readers(agency).order_by("pk"))
    for role in (Role.TRIAGE, Role.NAVIGATOR, Role.SUPERVISOR):
        some = [each for each in found if each.role == role]
        if some:
            return some
    return found


def owner_for(state: str, county: str) -> Agency | None:
    """Which agency must read a report from there.

    One that takes reports and serves the county; else one that takes reports and names no county
    (it serves everywhere: the default); else any that takes reports; each only if it has somebody
    who may read them. Last, any agency with a triage officer. None when there is nobody at all.
    """
    agencies = list(
        Agency.objects.filter(
            active=True, pk__in=readers().values("agency"), takes_reports=True
        ).order_by("pk")
    )
    serving = [
        each
        for each in agencies
        if county and county in each.counties and (not state or each.state in ("", state))
    ]
    everywhere = [each for each in agencies if not each.counties]
    for some in (serving, everywhere, agencies):
        if some:
            return some[0]
    return Agency.objects.filter(active=True, pk__in=readers().values("agency")).first()


def readers(agency: Agency | None = None) -> Any:
    """The members who may open every report of their agency; of one agency, or of all."""
    roles = [role for role, scope in TABLE["report", "open"].who.items() if scope is Scope.AGENCY]
    found = Member.objects.filter(role__in=roles, until__isnull=True, user__is_active=True)
    return found if agency is None else found.filter(agency=agency)


def place(report: Report) -> bool:
    """Give a report without an agency to one, if there is one now."""
    report.owner = owner_for(report.state, report.county)
    if report.owner is None:
        return False
    report.save(update_fields=["owner"])
    give(report, report.owner, report.stored)
    return True
