"""The chain: each entry's digest is over its content and the digest before it.

HMAC-SHA-256 under a key outside of the database: who can write to the database alone cannot make a
chain that holds. Who cuts off the end is found by the anchors, copies of the head kept in a file.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Sequence
from datetime import UTC
from typing import Any

from harborlight.web.audit.acts import Told, when
from harborlight.web.crypto.current import keys

START = "0" * 64


def append(told: Sequence[Told]) -> None:
    """Add entries to the chain. Within a transaction: the head stays locked until its end."""
    from harborlight.web.audit.models import Entry, Head

    head = Head.objects.select_for_update().filter(id=1).first()
    if head is None:  # the first entry of all
        Head.objects.bulk_create([Head(id=1, position=0, digest=START)], ignore_conflicts=True)
        head = Head.objects.select_for_update().get(id=1)
    at = when()
    entries = []
    for each in told:
        entry = Entry(
            position=head.position + 1,
            at=at,
            actor=each.actor.name,
            agency=each.actor.agency,
            act=each.act,
            operation=each.operation,
            kind=each.kind,
            record=each.record,
            why=each.why,
            details=each.details,
            previous=head.digest,
        )
        entry.digest = digest(entry)
        head.position, head.digest = entry.position, entry.digest
        entries.append(entry)
    Entry.objects.bulk_create(entries)
    head.save()


def digest(entry: Any) -> str:
    """What the digest of an entry must be: 64 hex digits."""
    content = [
        entry.position,
        entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        entry.actor,
        entry.agency,
        entry.act,
        entry.operation,
        entry.kind,
        entry.record,
        entry.why,
        entry.details,
        entry.previous,
    ]
    text = json.dumps(content, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hmac.new(keys().chain, text.encode(), hashlib.sha256).hexdigest()
