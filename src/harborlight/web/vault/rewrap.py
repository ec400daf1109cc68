"""Renewing the wrapping key: each data key is unwrapped with the old one and wrapped with the new.

What is sealed stays as it is. It goes in small acts and can be stopped anywhere: what was done is
done, and the next run goes on. The old key leaves the file when no record needs it any more.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

from django.apps import apps
from django.db import connection, models

from harborlight.web.audit.acts import SHELL, Actor, act
from harborlight.web.crypto import keyring
from harborlight.web.crypto.current import keys
from harborlight.web.home import home
from harborlight.web.vault.models import Sealed

BATCH = 200
PATIENCE = 2.0
Told = Callable[[str, int], None]

_also: dict[str, Callable[[Actor], int]] = {}


def also(name: str, wrap_anew: Callable[[Actor], int]) -> None:
    """Add what is wrapped with the site's key and is no sealed record: a function that wraps all of
    it with the active key, and gives how many there were. To be called in `AppConfig.ready`."""
    _also[name] = wrap_anew


def sealed_models() -> Iterator[type[Sealed]]:
    """Every model of the site whose rows have a data key."""
    for model in apps.get_models():
        if issubclass(model, Sealed):
            yield model


def rotate(actor: Actor = SHELL, told: Told = lambda _what, _count: None) -> int:
    """Renew the wrapping key, or go on with a renewal that was stopped. How many were wrapped."""
    if not _unfinished():
        keyring.write(home().keys, keyring.with_new_wrapping_key(keys()))
    done = rewrap_all(actor, told)
    # What was being written with the old key while this went on is there by now.
    time.sleep(PATIENCE)
    done += rewrap_all(actor, told)
    keyring.write(home().keys, keyring.without_retired(keys()))
    return done


def rewrap_all(actor: Actor, told: Told) -> int:
    """Wrap every data key with the active wrapping key."""
    done = 0
    for model in sealed_models():
        count = 0
        while batch := list(_old_rows(model)[:BATCH]):
            with act(actor, "keys.rotate"):
                for row in batch:
                    rewrap(row)
            count += len(batch)
        if count:
            told(model._meta.label_lower, count)
        done += count
    for name, wrap_anew in _also.items():
        count = wrap_anew(actor)
        if count:
            told(name, count)
        done += count
    return done


def rewrap(row: Sealed) -> None:
    """Wrap one data key anew, unless somebody did meanwhile."""
    old = row.key_id
    row.wrap_anew()
    type(row)._default_manager.filter(pk=row.pk, key_id=old).update(
        key_id=row.key_id, wrapped_key=row.wrapped_key
    )


def unopenable() -> int:
    """How many sealed records no key of the key file opens: it is of another time than they."""
    known, tables = list(keys().wrapping), set(connection.introspection.table_names())
    return sum(
        model._default_manager.exclude(key_id__in=known).count()
        for model in sealed_models()
        if model._meta.db_table in tables
    )


def _unfinished() -> bool:
    return len(keys().wrapping) > 1


def _old_rows(model: type[Sealed]) -> models.QuerySet[Any]:
    return model._default_manager.exclude(key_id=keys().active).order_by("pk")
