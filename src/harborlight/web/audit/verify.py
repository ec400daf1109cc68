"""Is the chain whole? Finds any entry that was changed, is missing, or stands in another order.

Each entry's digest is computed again. The head must be the last entry. The anchors, kept in a file
outside of the database, must be met: who cuts off the end and moves the head back is found by them.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harborlight.web.audit import chain
from harborlight.web.audit.acts import when
from harborlight.web.audit.models import Entry, Head
from harborlight.web.home import home

BATCH = 2000


@dataclass(frozen=True)
class Fault:
    """Something that is not as it was written."""

    position: int
    what: str

    def __str__(self) -> str:
        return f"{self.position}: {self.what}"


@dataclass(frozen=True)
class Verified:
    """What was looked at, and what is wrong with it."""

    entries: int
    anchors: int
    faults: tuple[Fault, ...]


def verify(anchors: Path | None = None) -> Verified:
    """Look at every entry, the head, and every anchor."""
    kept = read_anchors(anchors)
    wanted = {int(each["position"]): each["digest"] for each in kept}
    faults: list[Fault] = []
    previous, position, count = chain.START, 0, 0
    for entry in Entry.objects.order_by("position").iterator(chunk_size=BATCH):
        count += 1
        if entry.position != position + 1:
            faults.append(Fault(position + 1, f"missing until {entry.position - 1}"))
        elif entry.previous != previous:
            faults.append(Fault(entry.position, "does not follow the entry before it"))
        if chain.digest(entry) != entry.digest:
            faults.append(Fault(entry.position, "was changed"))
        anchor = wanted.pop(entry.position, None)
        if anchor is not None and anchor != entry.digest:
            faults.append(Fault(entry.position, "is not what was anchored"))
        previous, position = entry.digest, entry.position
    head = Head.objects.filter(id=1).first()
    told = (head.position, head.digest) if head else (0, chain.START)
    if told != (position, previous) and (count or head):
        faults.append(Fault(position, f"is the last entry, and the head is at {told[0]}"))
    faults += [
        Fault(missing, f"was anchored, and the entries end at {position}")
        for missing in sorted(wanted)
    ]
    return Verified(count, len(kept), tuple(faults))


def anchor(place: Path | None = None) -> dict[str, Any] | None:
    """Write the head to the file of anchors. None when there is nothing new since the last one."""
    place = place or home().anchors
    head = Head.objects.filter(id=1).first()
    if head is None or not head.position:
        return None
    known = read_anchors(place)
    if known and known[-1]["position"] == head.position:
        return None
    told = {"position": head.position, "digest": head.digest, "at": when().isoformat()}
    with place.open("a", encoding="utf-8") as file:
        os.chmod(place, 0o600)
        file.write(json.dumps(told) + "\n")
        file.flush()
        os.fsync(file.fileno())
    return told


def read_anchors(place: Path | None = None) -> list[dict[str, Any]]:
    """The anchors that were written, first to last."""
    place = place or home().anchors
    if not place.exists():
        return []
    return [json.loads(line) for line in place.read_text("utf-8").splitlines() if line.strip()]


def anchor_now() -> int:
    """The job: one anchor, if anything was done since the last."""
    return 0 if anchor() is None else 1
