"""The site's shared cache, which remembers a second factor's code for as long as it is valid.

django-allauth forgets a used code after one period (30 s), but with a tolerance of one period
before and one after it would take the same code for three: RFC 6238 section 5.2 lets none be taken
twice.
"""

from __future__ import annotations

from typing import Any

from allauth.mfa import app_settings
from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.db import DatabaseCache

_USED = "allauth.mfa.totp.used?"


class SharedCache(DatabaseCache):
    """In the database, so that what one process saw holds in all."""

    def add(
        self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> bool:
        if str(key).startswith(_USED):
            timeout = app_settings.TOTP_PERIOD * (2 * app_settings.TOTP_TOLERANCE + 1)
        return super().add(key, value, timeout, version)
