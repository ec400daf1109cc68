"""What the rejects say, counted: rows, fields, and the kinds of reasons.

``read`` writes three sorts of lines (schema REJECTS): rows that could not be used, optional fields
that were not understood while their ad was kept, and, without a row number, what concerns a file.
"""

from __future__ import annotations

import re
from collections import Counter

import pyarrow as pa
import pyarrow.compute as pc

#: How the reason ends when the ad was kept and only a field of it left out.
KEPT = "(ad kept without it)"


def rows(rejects: pa.Table) -> int:
    """How many rows could not be used."""
    lost = pc.and_(rejects["row"].is_valid(), pc.invert(pc.ends_with(rejects["reason"], KEPT)))
    return int(pc.sum(lost).as_py() or 0)


def fields(rejects: pa.Table) -> int:
    """How many optional fields were not understood, of ads that were kept."""
    return int(pc.sum(pc.ends_with(rejects["reason"], KEPT)).as_py() or 0)


def kinds(rejects: pa.Table) -> tuple[tuple[str, int], ...]:
    """Reasons without their particulars and how often each was given; commonest first."""
    counted = Counter(
        re.split(r": | as row ", reason)[0] for reason in rejects["reason"].to_pylist()
    )
    return tuple(sorted(counted.items(), key=lambda kind: (-kind[1], kind[0])))
