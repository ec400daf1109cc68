"""Sentences: what a court ordered on the convictions of an arrest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from harborlight.web.accounts.models import Agency, Member
from harborlight.web.accounts.roles import AgencyKind
from harborlight.web.audit.acts import Refused
from harborlight.web.prosecution.models import (
    CONVICTIONS,
    Arrest,
    Disposition,
    Item,
    Ordered,
    Sentence,
)


def convictions(arrest: Arrest, jurisdiction: str = "") -> list[Disposition]:
    """The convictions on an arrest that stand, of one jurisdiction or of all."""
    found = Disposition.objects.filter(
        charge__arrest=arrest,
        ending__in=CONVICTIONS,
        involvement__ended_at=None,
    )
    if jurisdiction:
        found = found.filter(charge__jurisdiction=jurisdiction)
    return list(found.select_related("charge").order_by("pk"))


def sentence(
    arrest: Arrest, values: Mapping[str, Any], amounts: Mapping[str, int], member: Member
) -> Sentence:
    """Keep a sentence, within an act: `amounts` are cents by kind of `Item`.

    Refused without a conviction that stands, before one, and where it was kept already.
    """
    found = convictions(arrest, values["jurisdiction"])
    if not found or any(each.charge.agency_id != member.agency_id for each in found):
        raise Refused(_("A sentence needs a conviction of your agency that stands."), record=arrest)
    if values["day"] < max(each.day for each in found) or values["day"] > timezone.localdate():
        raise Refused(_("A sentence comes after the conviction, and not in the future."))
    if arrest.sentences.filter(jurisdiction=values["jurisdiction"]).exists():
        raise Refused(_("The sentence is kept already."), record=arrest)
    sealed = {name: values.get(name, "") for name in Sentence.SEALED}
    made = Sentence(
        agency=member.agency,
        arrest=arrest,
        by=member,
        **{name: value for name, value in values.items() if name not in sealed},
    )
    made.put(**sealed)
    made.save()
    for item, cents in amounts.items():
        Ordered(sentence=made, item=Item(item), cents=cents).save()
    return made


def send(sentence: Sentence, court: Agency) -> None:
    """Send a sentence to the clerk who takes in the money; they see it from then on."""
    if court.kind != AgencyKind.FINANCE:
        raise Refused(_("A sentence is sent to a clerk."), record=sentence)
    if sentence.court_id is not None and sentence.court_id != court.pk:
        raise Refused(_("It was sent to another clerk already."), record=sentence)
    sentence.court = court
    sentence.save()
