"""Which member somebody logged in acts as: `request.member`. Nobody, without a second factor."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.db.models import Q
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.utils import timezone

from harborlight.web.accounts import second_factor
from harborlight.web.accounts.models import Member, User

ACTING_AS = "acting_as"
BEGAN = "began"


def members_of(user: User) -> list[Member]:
    """The memberships of a user that have not ended, at agencies that are active."""
    return list(
        Member.objects.filter(
            Q(until__isnull=True) | Q(until__gt=timezone.now()), user=user, agency__active=True
        ).select_related("agency", "user")
    )


def too_old(request: Any) -> bool:
    """Whether the session was begun longer ago than any may last. Notes when it began."""
    began = request.session.setdefault(BEGAN, time.time())
    return bool(time.time() - float(began) > settings.HARBORLIGHT_SESSION_AT_MOST)


class MemberMiddleware:
    """Finds the member: the one chosen in this session, else the first."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponseBase:
        request.member = None
        request.members = []
        if request.user.is_authenticated and too_old(request):
            logout(request)
        if request.user.is_authenticated and second_factor.given(request):
            request.members = members_of(request.user)
            chosen = request.session.get(ACTING_AS)
            by_key = {each.pk: each for each in request.members}
            if request.members:
                request.member = by_key.get(chosen, request.members[0])
        return self.get_response(request)

    def process_view(
        self, request: Any, view: Any, args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        """No page of staff without a second factor that was given in this session."""
        to = second_factor.elsewhere(request, view, request.resolver_match.view_name)
        return HttpResponseRedirect(to) if to else None
