"""The job: those who are due are told, by a mail that says no more than that a training is due.

Once a week at most for each person. Who cannot log in is told by their trainers, who see on their
first page how many are due and get one mail a week.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from harborlight.web.accounts.models import Agency, Member
from harborlight.web.accounts.roles import AgencyKind, Role
from harborlight.web.audit.acts import SYSTEM, act
from harborlight.web.notices.models import Notice
from harborlight.web.notices.telling import tell, tell_role
from harborlight.web.training import catalog, due
from harborlight.web.training.models import StaffPerson

AGAIN_AFTER = timedelta(days=7)


def remind() -> int:
    """Tell all who are due and were not told within the week. How many were."""
    now = timezone.now()
    done = 0
    for agency in Agency.objects.filter(kind=AgencyKind.AIRLINE, active=True):
        for course in catalog.courses().values():
            rows = due.must_act(agency, course, timezone.localdate(now)).filter(
                Q(reminded_at__isnull=True) | Q(reminded_at__lte=now - AGAIN_AFTER)
            )
            keys = list(rows.values_list("pk", flat=True))
            if not keys:
                continue
            with act(SYSTEM, "training.remind"):
                for member in _who_log_in(agency, keys):
                    tell(member, "training")
                _tell_trainers(agency)
                StaffPerson.objects.filter(pk__in=keys).update(reminded_at=now)
            done += len(keys)
    return done


def _who_log_in(agency: Agency, keys: list[UUID]) -> list[Member]:
    """A membership that has not ended of each of these people, if they have one."""
    now = timezone.now()
    users = StaffPerson.objects.filter(pk__in=keys, member__isnull=False).values("member__user")
    current = Member.objects.filter(
        Q(until__isnull=True) | Q(until__gt=now), agency=agency, user__in=users
    ).order_by("user", "pk")
    return list({each.user_id: each for each in current}.values())


def _tell_trainers(agency: Agency) -> None:
    """A mail a week at most."""
    since = timezone.now() - AGAIN_AFTER
    told = Notice.objects.filter(
        member__agency=agency, member__role=Role.TRAINER, kind="training", made_at__gte=since
    )
    if not told.exists():
        tell_role(agency, Role.TRAINER, "training")
