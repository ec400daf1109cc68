"""Every URL by which one gets in: those of allauth that are in use, and who each is for.

Those that are not here are not served: sign-up (people are invited), e-mail addresses and outside
accounts of one's own choosing. A test asks that every URL of the site has a permission, is public,
or stands here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.socialaccount import views as social
from allauth.socialaccount.providers.openid_connect import views as oidc
from allauth.usersessions import views as sessions
from django.urls import path, re_path

PUBLIC, SELF = "public", "self"

#: May be asked for by somebody logged in whose second factor was not given in this session:
ALWAYS = "always"
WITHOUT_ONE = "without one"
"""To set one up: while the person has none."""
TO_GIVE_IT = "to give it"
"""To give it, when the person has one."""
NEVER = "never"


@dataclass(frozen=True)
class Door:
    """One URL: its name, where it is, for whom, for what, and whether before the second factor."""

    name: str
    route: str
    view: Callable[..., Any]
    who: str
    why: str
    before: str = NEVER


DOORS: tuple[Door, ...] = (
    Door("account_login", "login/", account.login, PUBLIC, "log in", ALWAYS),
    Door("account_logout", "logout/", account.logout, PUBLIC, "log out", ALWAYS),
    Door("account_inactive", "inactive/", account.account_inactive, PUBLIC, "says that the account "
         "was ended", ALWAYS),
    Door("account_reauthenticate", "reauthenticate/", account.reauthenticate, SELF,
         "give the password again", WITHOUT_ONE),
    Door("account_change_password", "password/change/", account.password_change, SELF,
         "change one's password"),
    Door("account_set_password", "password/set/", account.password_set, SELF,
         "choose a password where there is none"),
    Door("account_reset_password", "password/reset/", account.password_reset, PUBLIC,
         "ask for a link to choose a new password", ALWAYS),
    Door("account_reset_password_done", "password/reset/done/", account.password_reset_done,
         PUBLIC, "says that a link was sent", ALWAYS),
    Door("account_reset_password_from_key",
         r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
         account.password_reset_from_key, PUBLIC, "choose a new password by the link", ALWAYS),
    Door("account_reset_password_from_key_done", "password/reset/key/done/",
         account.password_reset_from_key_done, PUBLIC, "says that the password is changed",
         ALWAYS),
    Door("mfa_index", "2fa/", mfa.index, SELF, "one's second factors", WITHOUT_ONE),
    Door("mfa_authenticate", "2fa/authenticate/", mfa.authenticate, PUBLIC,
         "give the second factor while logging in", ALWAYS),
    Door("mfa_reauthenticate", "2fa/reauthenticate/", mfa.reauthenticate, SELF,
         "give the second factor again, by a code", TO_GIVE_IT),
    Door("mfa_activate_totp", "2fa/totp/activate/", totp.activate_totp, SELF,
         "set up an authenticator app", WITHOUT_ONE),
    Door("mfa_deactivate_totp", "2fa/totp/deactivate/", totp.deactivate_totp, SELF,
         "give up the authenticator app"),
    Door("mfa_view_recovery_codes", "2fa/recovery-codes/", codes.view_recovery_codes, SELF,
         "see one's recovery codes"),
    Door("mfa_generate_recovery_codes", "2fa/recovery-codes/generate/",
         codes.generate_recovery_codes, SELF, "make new recovery codes"),
    Door("mfa_download_recovery_codes", "2fa/recovery-codes/download/",
         codes.download_recovery_codes, SELF, "keep one's recovery codes as a file"),
    Door("mfa_list_webauthn", "2fa/webauthn/", webauthn.list_webauthn, SELF, "one's passkeys"),
    Door("mfa_add_webauthn", "2fa/webauthn/add/", webauthn.add_webauthn, SELF, "add a passkey",
         WITHOUT_ONE),
    Door("mfa_reauthenticate_webauthn", "2fa/webauthn/reauthenticate/",
         webauthn.reauthenticate_webauthn, SELF, "give the second factor again, by a passkey",
         TO_GIVE_IT),
    Door("mfa_remove_webauthn", "2fa/webauthn/keys/<int:pk>/remove/", webauthn.remove_webauthn,
         SELF, "give up a passkey"),
    Door("mfa_edit_webauthn", "2fa/webauthn/keys/<int:pk>/edit/", webauthn.edit_webauthn, SELF,
         "name a passkey"),
    Door("mfa_login_webauthn", "2fa/webauthn/login/", webauthn.login_webauthn, PUBLIC,
         "log in by a passkey", ALWAYS),
    Door("usersessions_list", "sessions/", sessions.list_usersessions, SELF,
         "where one is logged in, and ending it"),
    Door("openid_connect_login", "sso/<str:provider_id>/login/", oidc.login, PUBLIC,
         "log in by the agency's own log-in (OpenID Connect)", ALWAYS),
    Door("openid_connect_callback", "sso/<str:provider_id>/login/callback/", oidc.callback, PUBLIC,
         "back from the agency's own log-in", ALWAYS),
    Door("socialaccount_login_cancelled", "sso/cancelled/", social.login_cancelled, PUBLIC,
         "says that the log-in was broken off", ALWAYS),
    Door("socialaccount_login_error", "sso/error/", social.login_error, PUBLIC,
         "says that the log-in failed", ALWAYS),
    Door("socialaccount_signup", "sso/unknown/", social.signup, PUBLIC,
         "says that nobody here has this address: people are invited", ALWAYS),
)  # fmt: skip

urlpatterns = [
    (re_path if each.route.startswith("^") else path)(each.route, each.view, name=each.name)
    for each in DOORS
]

#: URLs that are neither ours nor allauth's, by name: for whom, and why.
OTHERS: dict[str, tuple[str, str]] = {
    "set_language": (PUBLIC, "chooses the language; kept in a cookie"),
}
LISTED: dict[str, tuple[str, str]] = {
    **{each.name: (each.who, each.why) for each in DOORS},
    **OTHERS,
}
BEFORE: dict[str, str] = {**{each.name: each.before for each in DOORS}, "set_language": ALWAYS}
