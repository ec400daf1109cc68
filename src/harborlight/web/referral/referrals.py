"""A referral from offer to outcome. Each step is a function, within an act; a step out of order is
refused and changes nothing."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.db.models import Count
from django.utils.translation import gettext as _

from harborlight.web.accounts.models import Member
from harborlight.web.audit.acts import Refused, when
from harborlight.web.directory.models import Record
from harborlight.web.directory.niem import CATEGORIES, REASONS
from harborlight.web.referral import holds
from harborlight.web.referral.models import (
    Hold,
    HoldState,
    Outcome,
    Referral,
    ReferralState,
    UnmetNeed,
    Why,
)

State = ReferralState


def offer(
    service: Record,
    member: Member,
    category: str,
    *,
    about_kind: str = "",
    about: uuid.UUID | None = None,
    county: str = "",
    hold: Hold | None = None,
    note: str = "",
) -> Referral:
    """Offer a need to a service. `about` names whom or what it is about, by kind and id."""
    if service.table != "service":
        raise ValueError(f"a {service.table} is no service")
    if category not in CATEGORIES:
        raise ValueError("no category of NIEM")
    if hold is not None and hold.beds.service_id != service.pk:
        raise Refused(_("The place that is held is of another service."), record=hold)
    referral = Referral(
        service=service,
        from_agency=member.agency,
        to_agency=service.agency,
        member=member,
        category=category,
        about_kind=about_kind,
        about=about,
        county=county,
        hold=hold,
    )
    referral.put(note=note)
    referral.save()
    return referral


def accept(referral: Referral) -> None:
    """The service takes it."""
    _step(referral, {State.OFFERED}, State.ACCEPTED)
    referral.answered_at = when()
    referral.save()


def decline(referral: Referral, reason: str, words: str = "") -> UnmetNeed:
    """The service does not take it, for one of NIEM's reasons. A held place becomes free."""
    if reason not in REASONS:
        raise ValueError("no reason of NIEM")
    _step(referral, {State.OFFERED, State.ACCEPTED}, State.DECLINED)
    referral.reason, referral.answered_at = reason, when()
    referral.put(answer=words)
    referral.save()
    _give_back(referral)
    return _count(referral, Why.DECLINED, reason)


def start(referral: Referral) -> None:
    """The person came. A held place is used."""
    _step(referral, {State.ACCEPTED}, State.STARTED)
    referral.started_at = when()
    referral.save()
    held = referral.hold
    if held is not None:
        held.refresh_from_db()
        if held.state == HoldState.HELD and held.until > when():
            holds.use(held)


def end(referral: Referral, outcome: str) -> None:
    """The service ended, and how. An unmet need is counted."""
    if outcome not in Outcome.values:
        raise ValueError("no outcome")
    _step(referral, {State.STARTED}, State.ENDED)
    referral.outcome, referral.ended_at = outcome, when()
    referral.save()
    if outcome == Outcome.UNMET:
        _count(referral, Why.ENDED)


def withdraw(referral: Referral) -> None:
    """The agency that offered it takes it back, before it has started."""
    _step(referral, {State.OFFERED, State.ACCEPTED}, State.WITHDRAWN)
    referral.ended_at = when()
    referral.save()
    _give_back(referral)


def _step(referral: Referral, before: Iterable[str], after: ReferralState) -> None:
    # Locked, so that of two who answer at once the second finds it answered.
    now = Referral.objects.select_for_update().get(pk=referral.pk).state
    if now not in before:
        names = {"now": State(now).label, "after": after.label}
        said = _("The referral is “%(now)s”. It cannot become “%(after)s”.") % names
        raise Refused(said, record=referral)
    referral.state = after


def _give_back(referral: Referral) -> None:
    held = referral.hold
    if held is not None:
        held.refresh_from_db()
        if held.state == HoldState.HELD and held.until > when():
            holds.release(held)


def _count(referral: Referral, why: Why, reason: str = "") -> UnmetNeed:
    unmet = UnmetNeed(
        agency=referral.from_agency,
        category=referral.category,
        county=referral.county,
        why=why,
        reason=reason,
    )
    unmet.save()
    return unmet


def count_unmet(
    member: Member,
    category: str,
    why: Why,
    *,
    county: str = "",
    language: str = "",
    age: int | None = None,
) -> UnmetNeed:
    """Count a need for which nothing was found, within an act."""
    unmet = UnmetNeed(agency=member.agency, category=category, county=county, language=language)
    unmet.age = "" if age is None else ("minor" if age < ADULT else "adult")
    unmet.why = why
    unmet.save()
    return unmet


#: In years. Only for counting: what the law says of age is asked of the law.
ADULT = 18


def unmet_counts() -> list[tuple[str, str, int]]:
    """How many needs were not met: (category, why, count), of all agencies, the most first."""
    rows = UnmetNeed.objects.order_by().values("category", "why").annotate(count=Count("pk"))
    return sorted(
        ((row["category"], row["why"], row["count"]) for row in rows),
        key=lambda each: (-each[2], each[0], each[1]),
    )
