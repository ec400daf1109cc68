"""What allauth is told: nobody signs up, secrets are sealed, addresses come from the proxy."""

from __future__ import annotations

import base64
import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.views.defaults import permission_denied

from harborlight.web.crypto import sealing
from harborlight.web.crypto.current import keys

ABOUT = "second factor"
NO_ADDRESS = "0.0.0.0"  # noqa: S104 - stands for none: asked through a socket of the machine
FRESH_SECONDS = 5 * 60


def address_of(request: HttpRequest) -> str:
    """The address that asks: the last that the proxy in front wrote down, if there is one."""
    if settings.SECURE_PROXY_SSL_HEADER:
        told: str = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")[-1].strip()
        if told:
            return told
    return str(request.META.get("REMOTE_ADDR") or NO_ADDRESS)


def name_tried(request: HttpRequest | None, credentials: dict[str, Any] | None = None) -> str:
    """The e-mail address with which a log-in was tried (for the lock-out)."""
    told = (credentials or {}).get("email") or (credentials or {}).get("username")
    if not told and request is not None:
        told = request.POST.get("login", "")
    return str(told or "").strip().lower()


def seal_secret(text: str) -> str:
    """A secret as it is kept: under a data key of its own, wrapped by a key of the key file."""
    data_key = sealing.new_data_key()
    key_id, wrapped = sealing.wrap(keys(), data_key, ABOUT)
    sealed = sealing.seal(data_key, text.encode(), ABOUT)
    return ":".join((key_id, _text(wrapped), _text(sealed)))


def open_secret(kept: str) -> str:
    """The secret again. SealError when it was changed; KeyringError under another key file."""
    key_id, wrapped, sealed = kept.split(":")
    data_key = sealing.unwrap(keys(), key_id, base64.b64decode(wrapped), ABOUT)
    return sealing.unseal(data_key, base64.b64decode(sealed), ABOUT).decode()


def rewrap_secret(kept: str) -> str:
    """The same secret under the active wrapping key."""
    key_id, wrapped, sealed = kept.split(":")
    data_key = sealing.unwrap(keys(), key_id, base64.b64decode(wrapped), ABOUT)
    new_id, again = sealing.wrap(keys(), data_key, ABOUT)
    return ":".join((new_id, _text(again), sealed))


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode("ascii")


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Log-in by e-mail address and password."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """People are invited; nobody signs up."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return address_of(request)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Who logged in within five minutes need not say again who they are."""
        if not super().is_reauthentication_required(app=app, **kwargs):
            return False
        records = get_authentication_records(context.request, context.request.user)
        return not any(time.time() - record["at"] < FRESH_SECONDS for record in records)


class SocialAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Single sign-on lets in who has joined, and nobody else."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Refuse to link an identity to an account: `process=connect`, and any single sign-on
        within a session that somebody already has, are answered with 403."""
        connecting = sociallogin.state.get("process", "login") != "login"
        if connecting or request.user.is_authenticated:
            raise ImmediateHttpResponse(permission_denied(request, PermissionDenied()))

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: dict[str, Any]) -> Any:
        """Of what the issuer tells of a person, nothing is kept but the name it has for them
        (`sub`, by which it finds them again)."""
        sociallogin.account.extra_data = {}
        return super().populate_user(request, sociallogin, data)

    def authenticate_by_email(self, sociallogin: Any) -> tuple[Any, str] | None:
        """Who is here, and has an address of which the issuer says that it is verified: `true`.
        Some issuers send it as a word, and the word "false" would count as yes."""
        for each in sociallogin.email_addresses:
            each.verified = each.verified is True
        told: tuple[Any, str] | None = super().authenticate_by_email(sociallogin)
        return told if told and told[0].is_active else None


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets of authenticator apps and seeds of recovery codes are sealed."""

    def encrypt(self, text: str) -> str:
        return seal_secret(text)

    def decrypt(self, encrypted_text: str) -> str:
        return open_secret(encrypted_text)
