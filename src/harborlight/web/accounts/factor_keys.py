"""The secrets of second factors under a renewed key: they are wrapped anew, as sealed records are.

Without this a renewal would take everybody's authenticator app away with the old key.
"""

from __future__ import annotations

import re
from typing import Any

from allauth.mfa.models import Authenticator

from harborlight.web.accounts.adapters import rewrap_secret
from harborlight.web.audit.acts import CHANGE, Actor, act
from harborlight.web.crypto.current import keys

SECRET = re.compile(r"(k\d+):[A-Za-z0-9+/=]+:[A-Za-z0-9+/=]+")


def wrap_anew(actor: Actor) -> int:
    """Wrap every secret with the active key; gives how many factors had one under another."""
    done = 0
    for pk in Authenticator.objects.order_by("pk").values_list("pk", flat=True):
        with act(actor, "keys.rotate") as this:
            # Locked: a recovery code that is used meanwhile stays used.
            row = Authenticator.objects.select_for_update().filter(pk=pk).first()
            if row is None:
                continue
            renewed = _renewed(row.data)
            if renewed != row.data:
                row.data = renewed
                row.save(update_fields=["data"])
                this.tell(CHANGE, "mfa.authenticator", str(pk), {"fields": ["key"]})
                done += 1
    return done


def _renewed(told: Any) -> Any:
    """The same with every sealed secret in it under the active key."""
    if isinstance(told, dict):
        return {name: _renewed(each) for name, each in told.items()}
    if isinstance(told, list):
        return [_renewed(each) for each in told]
    if isinstance(told, str):
        found = SECRET.fullmatch(told)
        if found and found[1] != keys().active:
            return rewrap_secret(told)
    return told
