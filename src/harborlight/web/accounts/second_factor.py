"""Whether somebody logged in gave a second factor in this session, and where they go if not."""

from __future__ import annotations

from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode

from harborlight.web.accounts.doors import ALWAYS, BEFORE, TO_GIVE_IT, WITHOUT_ONE
from harborlight.web.accounts.models import User

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def given(request: Any) -> bool:
    """Whether an authenticator app, a passkey or a recovery code was used in this session."""
    return any(
        record.get("method") == "mfa"
        for record in get_authentication_records(request, request.user)
    )


def has_one(user: User) -> bool:
    """Whether the user has set up an authenticator app or a passkey."""
    return bool(Authenticator.objects.filter(user_id=user.pk, type__in=FACTORS).exists())


def elsewhere(request: Any, view: Any, url_name: str) -> str | None:
    """Where somebody logged in must go before this page, or None: they may see it as they are."""
    if not request.user.is_authenticated or hasattr(view, "public"):
        return None
    before = BEFORE.get(url_name, "")
    if before == ALWAYS or given(request):
        return None
    if has_one(request.user):
        if before == TO_GIVE_IT:
            return None
        by_code = Authenticator.objects.filter(
            user_id=request.user.pk, type=Authenticator.Type.TOTP
        ).exists()
        name = "mfa_reauthenticate" if by_code else "mfa_reauthenticate_webauthn"
        return f"{reverse(name)}?{urlencode({'next': request.get_full_path()})}"
    return None if before == WITHOUT_ONE else reverse("mfa_index")


def remember_set_up(
    sender: object, request: HttpRequest, user: User, authenticator: Authenticator, **_: Any
) -> None:
    """Setting one up proves that one has it: it counts as given in this session."""
    if authenticator.type in FACTORS:
        record_authentication(
            request, user, "mfa", id=authenticator.pk, type=authenticator.type, set_up=True
        )


def forget_when_none_is_left(
    sender: object, request: HttpRequest, user: User, authenticator: Authenticator, **_: Any
) -> None:
    """Who gives up the last one is sent to set up another, in this session and every other."""
    if not has_one(user):
        from allauth.account.internal.flows.login import clear_authentication_records
        from allauth.usersessions.internal.flows.sessions import end_other_sessions

        end_other_sessions(request, user)
        clear_authentication_records(request)
