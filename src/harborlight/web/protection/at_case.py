"""What protection adds to the timeline of a case: decisions, referrals, deadlines and consent."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from harborlight.web.accounts.access import may, reachable
from harborlight.web.accounts.models import Member
from harborlight.web.cases.models import Case
from harborlight.web.cases.timeline import Moment
from harborlight.web.protection.models import (
    Clock,
    Consent,
    Decision,
    Handover,
    ProtectionReferral,
)


def moments(case: Case, member: Member) -> Iterator[Moment]:
    """For who may open the people of the case. No text of a decision is opened for it."""
    if not may(member, "person", "open"):
        return
    people = case.involvements.values("person")
    for decision in Decision.objects.filter(person__in=people).select_related("person"):
        what = _("%(person)s: the law was asked") % {"person": decision.person}
        url = reverse("protection:person", args=[decision.person_id])
        yield Moment(decision.asked_at, what, decision.get_answer_display(), url)
    referrals = reachable(ProtectionReferral, member, "protection", "list").filter(case=case)
    for referral in referrals.select_related("person", "to_agency"):
        what = _("%(person)s: referred to child protection") % {"person": referral.person}
        yield Moment(referral.made_at, what, str(referral.to_agency), reverse("protection:clocks"))
    for clock in Clock.objects.filter(referral__in=referrals, stopped_at__isnull=False):
        done = clock.take("stopped_how")["stopped_how"] or ""
        yield Moment(clock.stopped_at, clock.get_kind_display(), done)
    for moved in Handover.objects.filter(referral__in=referrals).select_related(
        "referral__person", "from_agency", "to_agency", "named__user"
    ):
        what = _("%(person)s: deadlines of child protection went with the case")
        went = _("From %(giver)s to %(receiver)s, brought to %(named)s; running: %(running)d") % {
            "giver": moved.from_agency,
            "receiver": moved.to_agency,
            "named": moved.named.user,
            "running": moved.running,
        }
        yield Moment(moved.at, what % {"person": moved.referral.person}, went)
    for consent in Consent.objects.filter(person__in=people).select_related("person", "recipient"):
        told = {"person": consent.person, "recipient": consent.recipient}
        url = reverse("protection:person", args=[consent.person_id])
        given = _("%(person)s: consent for %(recipient)s") % told
        purpose = consent.take("purpose")["purpose"] or ""
        yield Moment(consent.given_at, given, purpose, url)
        if consent.withdrawn_at is not None:
            ended = _("%(person)s: consent for %(recipient)s was withdrawn") % told
            yield Moment(consent.withdrawn_at, ended, purpose, url)
