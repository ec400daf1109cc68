"""Taking in what devices, forms and files hand in: stored exactly once, signed for, routed.

Nothing is turned away. What cannot be opened or read is kept in quarantine, and staff are told; who
cannot be recognized is taken in as unknown. The receipt says that the bytes are stored, in either
case.
"""

from __future__ import annotations

import base64
import hashlib
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import IntegrityError
from django.utils import timezone

from harborlight.web.accounts.models import Agency, Member
from harborlight.web.accounts.roles import AgencyKind, Role
from harborlight.web.audit.acts import REPORTER, Actor, act
from harborlight.web.crew import body as bodies
from harborlight.web.crew import receipt
from harborlight.web.crew.envelope import EnvelopeError, digest, open_envelope
from harborlight.web.crew.models import (
    CrewReport,
    Device,
    Quarantine,
    Told,
    Version,
    who_sees_to_unknown,
)
from harborlight.web.frame import strict_json
from harborlight.web.notices.telling import tell_role

OUTSIDE = ("captain", "operations", "airport_police", "hsi", "hotline", "other")
METHODS = ("person", "phone", "radio", "site", "other")
TRIES = 5


@dataclass(frozen=True)
class Taken:
    """What became of what was handed in."""

    receipt: dict[str, str]
    new: bool


def device_of(token: str) -> Device | None:
    """The device with this token, if its member still has a part in the site."""
    found = Device.objects.filter(digest=token_digest(token), until__isnull=True)
    device = found.select_related("member__agency").first()
    if device is None or (device.member.until and device.member.until <= timezone.now()):
        return None
    return device


def token_digest(token: str) -> str:
    """How a token is kept: 256 random bits need no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()


def take_envelope(raw: bytes, member: Member | None, channel: str = "device") -> Taken:
    """Store what a device or a file hands in."""
    try:
        number, plain = open_envelope(raw)
    except EnvelopeError as error:
        return quarantine(raw, _claimed(raw), str(error), member)
    return take(number, plain, member, channel)


def take(number: str, plain: bytes, member: Member | None, channel: str) -> Taken:
    """Store a report by its number and bytes: once, however often it comes."""
    try:
        key = uuid.UUID(number)
        content = bodies.read(plain)
        plain.decode("utf-8")
    except (ValueError, bodies.BodyError) as error:
        reason = str(error) if isinstance(error, bodies.BodyError) else "no UUID, or no text"
        return quarantine(plain, number, reason, member)
    return _again(lambda: _store(key, plain, content, member, channel))


def _again(store: Callable[[], Taken]) -> Taken:
    """Store; look again where another request stored the same at the same moment."""
    for _attempt in range(TRIES - 1):
        try:
            return store()
        except IntegrityError:
            continue
    return store()


def _store(
    key: uuid.UUID, plain: bytes, content: bodies.Body, member: Member | None, channel: str
) -> Taken:
    hashed = digest(plain)
    known = Version.objects.filter(report_id=key, digest=hashed).first()
    if known is not None:
        return Taken(_sign(key, known), new=False)
    with act(_actor(member), "crew_report.send"):
        now = timezone.now()
        report = CrewReport.objects.select_for_update().filter(pk=key).first()
        if report is None:
            report = CrewReport(
                pk=key,
                agency=member.agency if member else None,
                author=member,
                danger=content.danger,
                origin=content.origin,
                occurred_on=content.day,
                received_at=now,
            )
            report.save(force_insert=True)
        elif report.author_id != (member.pk if member else None):
            # Somebody else's number: it is no version of that report.
            return quarantine(plain, str(key), "the number is of another member's report", member)
        else:
            report.danger = report.danger or content.danger
            report.opened_at = None
            report.save(update_fields=["danger", "opened_at"])
        version = Version(
            report=report,
            number=report.versions.count() + 1,
            schema=content.schema,
            digest=hashed,
            received_at=now,
            channel=channel,
        )
        version.put(body=plain.decode("utf-8"))
        version.save(force_insert=True)
        _tell(report, content, member)
    return Taken(_sign(key, version), new=True)


def _tell(report: CrewReport, content: bodies.Body, member: Member | None) -> None:
    """The ledger: the airline, the agencies chosen, and whom the crew member says they told."""
    chosen = Agency.objects.filter(
        pk__in=[each for each in content.tell if _is_key(each)][:200],
        kind=AgencyKind.LAW_ENFORCEMENT,
        active=True,
    )
    for agency in [*([member.agency] if member else []), *chosen]:
        tell_agency(report, agency, _actor(member))
    if member is None:
        tell_readers(None, "report")
    for row in content.told:
        if row["who"] in OUTSIDE:
            tell_outside(report, row["who"], row["how"], _actor(member))


def tell_agency(report: CrewReport, agency: Agency, by: Actor) -> Told | None:
    """Give the report to an agency of the site. None when it has it: nobody is told twice."""
    if Told.objects.filter(report=report, agency=agency).exists():
        return None
    told = Told(report=report, agency=agency, method="site", at=timezone.now(), by=by.name)
    told.save()
    tell_readers(agency, "report")
    return told


def tell_readers(agency: Agency | None, kind: str) -> None:
    """Have those told by mail who read such reports at an agency. The mail says no more.

    None: nobody the site knows sent it, so all are told who see to such reports.
    """
    for each in who_sees_to_unknown() if agency is None else (agency,):
        for role in (Role.OPERATIONS, Role.TRIAGE):
            tell_role(each, role, kind)


def tell_outside(report: CrewReport, who: str, how: str, by: Actor) -> Told | None:
    """Keep that somebody outside of the site was told. None when that is kept already."""
    if who != "other" and Told.objects.filter(report=report, outside=who).exists():
        return None
    method = how if how in METHODS else "other"
    told = Told(report=report, outside=who, method=method, at=timezone.now(), by=by.name)
    told.save()
    return told


def quarantine(raw: bytes, claimed: str, reason: str, member: Member | None) -> Taken:
    """Keep what cannot be read, and tell staff. The same bytes are kept once."""
    claimed = claimed if strict_json.storable(claimed) else ""
    return _again(lambda: _quarantine(raw, claimed, reason, member))


def _quarantine(raw: bytes, claimed: str, reason: str, member: Member | None) -> Taken:
    hashed = digest(raw)
    now = timezone.now()
    with act(_actor(member), "crew_report.send"):
        known = Quarantine.objects.filter(digest=hashed).first()
        new = known is None
        if known is None:
            known = Quarantine(
                digest=hashed,
                claimed=claimed[:64],
                reason=reason[:200],
                agency=member.agency if member else None,
                received_at=now,
            )
            known.put(body=base64.b64encode(raw).decode("ascii"))
            known.save(force_insert=True)
            tell_readers(known.agency, "report")
    told = known.received_at.astimezone(UTC).isoformat()
    return Taken(receipt.sign(claimed[:64], hashed, told, readable=False), new=new)


def _claimed(raw: bytes) -> str:
    """The number that an envelope names, though it does not open."""
    try:
        told = strict_json.loads(raw)
        return str(told["id"])[:64]
    except (ValueError, KeyError, TypeError):
        return ""


def _sign(key: uuid.UUID, version: Version) -> dict[str, str]:
    at: datetime = version.received_at
    told = at.astimezone(UTC).isoformat()
    return receipt.sign(str(key), version.digest, told, readable=True)


def _actor(member: Member | None) -> Actor:
    return member.actor if member else REPORTER


def _is_key(text: str) -> bool:
    """Whether a text can be a key of the database: decimal digits that fit 64 bits."""
    return text.isascii() and text.isdecimal() and len(text) <= strict_json.DIGITS
