"""Why two ads belong together: the shortest path of kept evidence between them."""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from harborlight.recognize.errors import InputError


@dataclass(frozen=True)
class Step:
    """One tie of the path: from a node to the next, by what kind of evidence, how strong (0..1)."""

    source: str
    target: str
    kind: str
    weight: float


def why(out: Path | str, ad_a: str, ad_b: str) -> list[Step]:
    """The path of evidence between two ads of a run's folder; empty when nothing ties them.

    Raises InputError when the folder is not a run's, or an ad is not in it.
    """
    folder = Path(out)
    ads_file, links_file = folder / "ads.parquet", folder / "links.parquet"
    if not ads_file.is_file() or not links_file.is_file():
        raise InputError(f"{folder}: not a folder that `harborlight recognize` wrote")
    ads = pq.read_table(
        ads_file,
        columns=["ad_id", "organization_id"],
        filters=pc.field("ad_id").isin([ad_a, ad_b]),
    )
    organization = dict(
        zip(ads["ad_id"].to_pylist(), ads["organization_id"].to_pylist(), strict=True)
    )
    for ad in (ad_a, ad_b):
        if ad not in organization:
            raise InputError(f"{folder}: no ad {ad!r} in this run")
    if organization[ad_a] is None or organization[ad_a] != organization[ad_b]:
        return []
    links = pq.read_table(
        links_file,
        filters=(pc.field("organization_id") == organization[ad_a]) & pc.field("kept"),
    )
    return path(links, f"ad:{ad_a}", f"ad:{ad_b}")


def path(links: pa.Table, start: str, end: str) -> list[Step]:
    """The shortest path over the kept rows of LINKS; the first in order of name among equals."""
    ties: dict[str, list[tuple[str, str, float]]] = defaultdict(list)
    kept = links.filter(links["kept"])
    names = (kept[name].to_pylist() for name in ("source", "target", "kind", "weight"))
    for source, target, kind, weight in zip(*names, strict=True):
        ties[source].append((target, kind, weight))
        ties[target].append((source, kind, weight))
    came: dict[str, Step | None] = {start: None}
    queue = deque([start])
    while queue and end not in came:
        here = queue.popleft()
        for there, kind, weight in sorted(ties[here]):
            if there not in came:
                came[there] = Step(here, there, kind, weight)
                queue.append(there)
    steps: list[Step] = []
    step = came.get(end)
    while step is not None:
        steps.append(step)
        step = came[step.source]
    return steps[::-1]


def refused(out: Path | str, ad: str) -> pa.Table:
    """The refused ties of an ad with their reasons: rows of LINKS, either way round."""
    node = f"ad:{ad}"
    either = (pc.field("source") == node) | (pc.field("target") == node)
    return pq.read_table(Path(out) / "links.parquet", filters=either & ~pc.field("kept"))
