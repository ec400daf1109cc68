"""Legal holds: who placed one, why, from when until when. While one stands nothing is deleted."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from harborlight.web.accounts.models import Member
from harborlight.web.audit.acts import Refused
from harborlight.web.cases.models import Case
from harborlight.web.cases.persons import Person
from harborlight.web.records.models import LegalHold


def place(
    record: Case | Person, why: str, member: Member, *, since: date, until: date | None = None
) -> LegalHold:
    """Place a hold on a case or a person, within an act."""
    if not why.strip():
        raise Refused(_("Say why it is held."), record=record)
    if until is not None and until < max(since, timezone.localdate()):
        raise Refused(_("A hold ends after it begins, and not in the past."), record=record)
    if since > timezone.localdate():
        raise Refused(_("A hold begins today or before."), record=record)
    hold = LegalHold(
        agency=record.agency,
        case=record if isinstance(record, Case) else None,
        person=record if isinstance(record, Person) else None,
        since=since,
        until=until,
        placed_by=member,
        placed_at=timezone.now(),
    )
    hold.put(why=why.strip())
    hold.save()
    return hold


def release(hold: LegalHold, why: str, member: Member) -> None:
    """Release a hold, within an act. It is kept as released."""
    fresh = LegalHold.objects.select_for_update().get(pk=hold.pk)
    if fresh.released_at is not None:
        raise Refused(_("This hold is released already."), record=hold)
    if not why.strip():
        raise Refused(_("Say why it is released."), record=hold)
    fresh.released_by, fresh.released_at = member, timezone.now()
    fresh.put(released_why=why.strip())
    fresh.save()


def in_force(cases: Iterable[Any] = (), people: Iterable[Any] = ()) -> models.QuerySet[LegalHold]:
    """The holds that stand today on any of these cases or people (by key)."""
    today = timezone.localdate()
    standing = models.Q(until__isnull=True) | models.Q(until__gte=today)
    of = models.Q(case__in=list(cases)) | models.Q(person__in=list(people))
    return LegalHold.objects.filter(of & standing, released_at__isnull=True)


def must_not_be_held(record: models.Model, cases: Iterable[Any], people: Iterable[Any]) -> None:
    """Refused while a hold stands on any of these cases or people."""
    held = list(in_force(cases, people)[:5])
    if held:
        names = ", ".join(str(each) for each in held)
        said = _("A legal hold stands (%(holds)s): nothing of this is deleted until it ends.")
        raise Refused(said % {"holds": names}, record=record)
