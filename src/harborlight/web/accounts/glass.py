"""Breaking the glass: a supervisor opens one record beyond their reach, in an emergency.

It needs a reason in words. It holds for that record and that member, for a quarter of an hour. The
reason is in the audit with all that is done meanwhile; the supervisors of the agency whose record
it is find it on their first page until they say that they know of it, and auditors see all.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from harborlight.web.accounts.models import Agency, Glass, Member, Scoped
from harborlight.web.accounts.permissions import TABLE
from harborlight.web.audit import acts
from harborlight.web.audit.acts import Refused, when

HOLDS = timedelta(minutes=15)
LEAST_LETTERS = 15

_told: list[Callable[[Glass], None]] = []
_of_thing: dict[str, type[Scoped]] = {}


def tell_with(function: Callable[[Glass], None]) -> None:
    """Be told when a glass is broken (to send a notice to the owning agency's supervisors)."""
    if function not in _told:
        _told.append(function)


def know(thing: str, model: type[Scoped]) -> None:
    """That records of this thing are of this model. `access.page` tells, of pages with glass."""
    if any(row.glass for row in TABLE.values() if row.thing == thing):
        _of_thing[thing] = model


class ReasonForm(forms.Form):
    """Why the record must be opened now."""

    reason = forms.CharField(
        label=_("Why must you open it now?"),
        help_text=_("Say what the emergency is. Name no person: the reason is kept in the audit."),
        min_length=LEAST_LETTERS,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "class": "usa-textarea"}),
    )


def break_glass(member: Member, thing: str, key: str, reason: str) -> Glass:
    """Open the record to the member for a while. Within an act.

    Refused when there is no such record. It does not say more than that.
    """
    model = _of_thing.get(thing)
    record = _there(model, key) if model is not None else None
    if record is None:
        raise Refused(str(_("There is no such record.")))
    this = acts.current()
    if this is not None:
        this.why = reason
    now = when()
    kind, name = acts.name_of(record)
    broken = Glass(
        member=member,
        thing=thing,
        kind=kind,
        record=name,
        owner=owner_of(record),
        at=now,
        until=now + HOLDS,
    )
    broken.put(reason=reason)
    broken.save()
    for function in _told:
        function(broken)
    return broken


def opened(member: Member, model: type[Scoped], key: object) -> Scoped | None:
    """The record, if the member broke the glass for it and the time is not over. Within an act,
    which gets the reason."""
    broken = Glass.objects.filter(
        member=member, kind=model._meta.label_lower, record=str(key), until__gt=when()
    ).first()
    record = _there(model, key) if broken else None
    this = acts.current()
    if broken and record and this is not None:
        this.why = broken.take("reason")["reason"]
        this.tell(acts.READ, broken.kind, broken.record, {"glass": str(broken.pk)})
    return record


def owner_of(record: models.Model) -> Agency | None:
    """The agency whose record it is: its `owner`, else its `agency`."""
    for name in ("owner", "agency"):
        found: Any = getattr(record, name, None)
        if isinstance(found, Agency):
            return found
    return None


def _there(model: type[Scoped], key: object) -> Scoped | None:
    try:
        return model._default_manager.filter(pk=key).first()
    except (ValidationError, ValueError):
        return None
