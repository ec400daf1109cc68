"""Single sign-on links no identity to an account that is already open."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.models import SocialLogin
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory

from harborlight.web.accounts.adapters import SocialAdapter
from harborlight.web.accounts.models import User


def _log_in(process: str, user: Any) -> None:
    request = RequestFactory().get("/")
    request.user = user
    login = SocialLogin()
    login.state = {"process": process}
    SocialAdapter().pre_social_login(request, login)


@pytest.mark.parametrize("process", ["connect", "redirect"])
def test_linking_an_identity_is_refused(process: str) -> None:
    with pytest.raises(ImmediateHttpResponse) as refused:
        _log_in(process, AnonymousUser())
    assert refused.value.response.status_code == 403


def test_a_session_takes_no_further_identity() -> None:
    with pytest.raises(ImmediateHttpResponse) as refused:
        _log_in("login", User())
    assert refused.value.response.status_code == 403


def test_logging_in_anew_goes_on() -> None:
    _log_in("login", AnonymousUser())
