"""Which member somebody logged in acts as: `request.member`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from harborlight.web.accounts.models import Member, User

ACTING_AS = "acting_as"


def members_of(user: User) -> list[Member]:
    """The memberships of a user that have not ended, at agencies that are active."""
    return list(
        Member.objects.filter(
            Q(until__isnull=True) | Q(until__gt=timezone.now()), user=user, agency__active=True
        ).select_related("agency", "user")
    )


class MemberMiddleware:
    """Finds the member: the one chosen in this session, else the first."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponseBase:
        request.member = None
        request.members = []
        if request.user.is_authenticated:
            request.members = members_of(request.user)
            chosen = request.session.get(ACTING_AS)
            by_key = {each.pk: each for each in request.members}
            if request.members:
                request.member = by_key.get(chosen, request.members[0])
        return self.get_response(request)
