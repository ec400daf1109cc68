"""Limits on public forms, in the memory of each process: nobody's address is stored.

Addresses are counted as HMAC under a random key; key and counts are thrown away together at the end
of each window. Nothing is written anywhere.
"""

from __future__ import annotations

import hmac
import secrets
import time
from collections import Counter
from collections.abc import Callable
from threading import Lock

from django.http import HttpRequest

from harborlight.web.accounts.adapters import address_of


class Limit:
    """So many of something from one address within a window of seconds."""

    def __init__(
        self, most: int, window: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.most = most
        self.window = window
        self._clock = clock
        self._lock = Lock()
        self._begun = clock()
        self._key = secrets.token_bytes(32)
        self._counts: Counter[bytes] = Counter()

    def reached(self, request: HttpRequest) -> bool:
        """Whether this address has used up what it may."""
        with self._lock:
            return self._counts[self._name(request)] >= self.most

    def count(self, request: HttpRequest) -> None:
        """One more from this address."""
        with self._lock:
            self._counts[self._name(request)] += 1

    def forget(self) -> None:
        """Throw away all counts and the key."""
        with self._lock:
            self._renew()

    def _renew(self) -> None:
        self._begun = self._clock()
        self._key = secrets.token_bytes(32)
        self._counts = Counter()

    def _name(self, request: HttpRequest) -> bytes:
        if self._clock() - self._begun >= self.window:
            self._renew()
        return hmac.digest(self._key, address_of(request).encode(), "sha256")


#: Reports and additions from one address. Generous: a school or a shelter shares one.
SENDING = Limit(40, 600)
#: Receipts that opened nothing.
TRYING = Limit(10, 600)
