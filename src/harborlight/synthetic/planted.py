"""Planted corpora: neutral made-up ads of which the truth is known.

The bench, the demo and the tests make their ads here. Some ads follow templates of organizations
that move from town to town; the others are singles by independent posters. All are open to being
mixed up: everyone uses the same common sentences, and some numbers, links and images are carried
by ads that have nothing to do with each other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from harborlight.recognize.schema import ADS, FIELDS
from harborlight.synthetic.options import Options
from harborlight.synthetic.posters import Ad, Posters, Truth, index, shuffle

__all__ = ["ADS_TABLE", "TRUTH", "Options", "Planted", "plant"]

ADS_TABLE = pa.schema([ADS.field(name) for name in FIELDS])
TRUTH = pa.schema(
    [
        pa.field("ad_id", pa.string(), nullable=False),
        pa.field("template", pa.int64()),  # null for a single
        pa.field("organization", pa.int64()),  # null for a single
        pa.field("tier", pa.string(), nullable=False),  # easy, medium, hard, single
        pa.field("phones", pa.list_(pa.string()), nullable=False),  # E.164, as they stand in text
        pa.field("phone_styles", pa.list_(pa.string()), nullable=False),  # one for each phone
    ]
)

_BATCH = 50_000


@dataclass
class Planted:
    """A corpus and its truth, both sorted by ad_id."""

    ads: pa.Table  # ADS_TABLE
    truth: pa.Table  # TRUTH

    def write(self, path: Path | str) -> Path:
        """Write the ads to a .csv or .parquet file, a batch at a time, and return its path."""
        path = Path(path)
        if path.suffix == ".csv":
            with pa.csv.CSVWriter(path, self.ads.schema) as writer:
                for batch in self.ads.to_batches(max_chunksize=_BATCH):
                    writer.write_batch(batch)
        elif path.suffix == ".parquet":
            pa.parquet.write_table(self.ads, path, row_group_size=_BATCH)
        else:
            raise ValueError(f"{path}: a planted corpus is written as .csv or .parquet")
        return path


@dataclass
class _Rows:
    """Ads and truth by column, turned into Arrow a batch at a time."""

    ads: list[list[Any]] = field(default_factory=lambda: [[] for _ in FIELDS[1:]])
    truth: list[list[Any]] = field(default_factory=lambda: [[] for _ in range(5)])

    def add(self, ad: Ad, truth: Truth) -> None:
        for column, value in zip(self.ads, ad, strict=True):
            column.append(value)
        for column, value in zip(self.truth, truth, strict=True):
            column.append(value)

    def tables(self) -> tuple[pa.Table, pa.Table]:
        """Return ads and truth, their ids still empty."""
        none = pa.array([""] * len(self.truth[0]), pa.string())
        ads = [pa.array(c, f.type) for c, f in zip(self.ads, list(ADS_TABLE)[1:], strict=True)]
        truth = [pa.array(c, f.type) for c, f in zip(self.truth, list(TRUTH)[1:], strict=True)]
        return (
            pa.table([none, *ads], schema=ADS_TABLE),
            pa.table([none, *truth], schema=TRUTH),
        )


def plant(ads: int, seed: int, options: Options | None = None) -> Planted:
    """Make a corpus of ``ads`` ads; the same numbers and options give the same corpus.

    Raises ValueError when ``ads`` is negative.
    """
    if ads < 0:
        raise ValueError(f"a corpus cannot have {ads} ads")
    return _Planter(ads, seed, options or Options()).plant()


class _Planter:
    def __init__(self, ads: int, seed: int, options: Options) -> None:
        self.ads, self.seed, self.options = ads, seed, options
        self.posters = Posters(options, self._random("phones").random)

    def _random(self, *name: object) -> Random:
        return Random(":".join(str(part) for part in (self.seed, *name)))  # noqa: S311

    def plant(self) -> Planted:
        batches: list[tuple[pa.Table, pa.Table]] = []
        rows = _Rows()
        for ad, truth in self._ads():
            rows.add(ad, truth)
            if len(rows.truth[0]) >= _BATCH:
                batches.append(rows.tables())
                rows = _Rows()
        batches.append(rows.tables())
        ads = pa.concat_tables(a for a, _ in batches)
        truth = pa.concat_tables(t for _, t in batches)
        order = list(range(ads.num_rows))
        shuffle(order, self._random("order").random)
        ids = [f"p{n:08d}" for n in range(ads.num_rows)]
        ad_tables, truth_tables = [], []
        for first in range(0, max(1, len(order)), _BATCH):
            chosen = pa.array(order[first : first + _BATCH], pa.int64())
            names = pa.array(ids[first : first + _BATCH], pa.string())
            ad_tables.append(ads.take(chosen).set_column(0, "ad_id", names))
            truth_tables.append(truth.take(chosen).set_column(0, "ad_id", names))
        return Planted(
            pa.concat_tables(ad_tables).cast(ADS_TABLE), pa.concat_tables(truth_tables).cast(TRUTH)
        )

    def _ads(self) -> Iterator[tuple[Ad, Truth]]:
        posters = self.posters
        singles = round(self.ads * self.options.singles)
        reposts = round(self.ads * self.options.reposts)
        left = self.ads - singles - reposts
        if left < 2:
            singles, left = singles + left, 0
        tiers = dict(zip(("easy", "medium", "hard"), self.options.tiers, strict=True))
        short = {tier: share * left for tier, share in tiers.items()}
        sizes = self._random("sizes").random
        largest = self.options.largest or max(6, min(self.ads // 60, 5000))
        while left >= 2:
            draw = self._random("organization", posters.organizations).random
            count = 1 + index(draw(), (0.55, 0.75, 0.87, 0.95))
            planned: list[tuple[str, int]] = []
            for _ in range(count):
                size = min(int(2 / max(1 - sizes(), 1e-9) ** (1 / 1.1)), largest)
                size = min(size, left)
                if left - size == 1:
                    size += 1
                if size < 2:
                    break
                left -= size
                tier = max(short, key=lambda t: (short[t], t))
                short[tier] -= size
                planned.append((tier, size))
            organization = posters.organization(sum(size for _, size in planned), draw)
            for tier, size in planned:
                template = posters.template(tier, organization, draw)
                for _ in range(size):
                    yield posters.template_ad(template, organization, draw)
        singles += left
        while reposts >= 2:
            draw = self._random("repost", posters.organizations).random
            copies = reposts if reposts <= 3 else 2 + (draw() < 0.4)
            yield from posters.repost(copies, draw)
            reposts -= copies
        draw = self._random("singles").random
        for _ in range(singles + reposts):
            yield posters.single(draw)
