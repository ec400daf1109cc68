"""The tables a run writes, which name ads, templates and organizations by their ids."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet

from harborlight.recognize.schema import ADS, FIELDS, SIGNALS

ROWS_AT_ONCE = 100_000

#: ads.parquet: every accepted ad; the last three are null when it is alone.
ADS_OUT = pa.schema(
    [ADS.field(name) for name in FIELDS]
    + [
        pa.field("template_id", pa.string()),
        pa.field("organization_id", pa.string()),
        pa.field("explained", pa.float32()),  # share of its words that its template explains, 0..1
    ]
)

#: signals.parquet: `start` and `end` count characters of the named field as it was read.
SIGNALS_OUT = pa.schema([ADS.field("ad_id")] + [f for f in SIGNALS if f.name != "ad"])


def ads_out(
    ads: pa.Table,
    members: pa.Table,
    templates: pa.Table,
    belongs: pa.Table,
    organizations: pa.Table,
) -> pa.Table:
    """ads.parquet, sorted by ad_id. ``ads`` is sorted by ad, which is the same order."""
    count = ads.num_rows
    columns = {name: ads[name] for name in FIELDS}
    columns["template_id"] = _ids_of(count, members, "template", templates)
    columns["organization_id"] = _ids_of(count, belongs, "organization", organizations)
    explained = np.full(count, np.nan, dtype=np.float32)
    explained[members["ad"].to_numpy()] = members["explained"].to_numpy()
    columns["explained"] = pa.array(explained, mask=np.isnan(explained))
    return pa.table(columns)


def _ids_of(count: int, which: pa.Table, kind: str, named: pa.Table) -> pa.Array:
    """The id of each ad's template or organization, null where it has none."""
    ids = named.sort_by(kind)
    place = np.full(count, -1, dtype=np.int64)
    place[which["ad"].to_numpy()] = np.searchsorted(ids[kind].to_numpy(), which[kind].to_numpy())
    indices = pa.array(place, mask=place < 0)
    return ids[f"{kind}_id"].combine_chunks().take(indices)


def signals_out(signals: pa.Table, ads: pa.Table) -> pa.Table:
    """signals.parquet, in the order of ``signals``; ``ads`` is sorted by ad."""
    ids = ads["ad_id"].take(signals["ad"])
    rest = {name: signals[name] for name in SIGNALS_OUT.names if name != "ad_id"}
    return pa.table({"ad_id": ids, **rest}).select(SIGNALS_OUT.names)


def sorted_by(table: pa.Table, *names: str) -> pa.Table:
    """A table sorted by columns, first to last."""
    return table.take(pc.sort_indices(table, sort_keys=[(name, "ascending") for name in names]))


def conform(table: pa.Table, schema: pa.Schema) -> pa.Table:
    """A table with exactly the columns and types of a schema."""
    table = table.select(schema.names)
    pieces = [
        table.slice(start, ROWS_AT_ONCE).cast(schema)
        for start in range(0, table.num_rows, ROWS_AT_ONCE)
    ]
    return pa.concat_tables(pieces) if pieces else schema.empty_table()


def write_parquet(path: Path, table: pa.Table) -> None:
    """Write one file whose bytes depend on the rows alone."""
    with pyarrow.parquet.ParquetWriter(
        path, table.schema.remove_metadata(), compression="zstd", version="2.6"
    ) as writer:
        for start in range(0, max(table.num_rows, 1), ROWS_AT_ONCE):
            # Rows in one chunk each time: how a table is cut into chunks shows in the pages.
            piece = table.slice(start, ROWS_AT_ONCE).combine_chunks()
            writer.write_table(piece.replace_schema_metadata(None), row_group_size=ROWS_AT_ONCE)
