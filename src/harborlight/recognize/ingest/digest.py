"""A digest of the accepted ads, so that a report says which ads it was made from."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from harborlight.recognize.schema import FIELDS


def digest(ads: pa.Table) -> str:
    """SHA-256 of the accepted ads, whatever files and order they came in."""
    sha = hashlib.sha256()
    for name in FIELDS:
        column = ads[name]
        sha.update(name.encode())
        sha.update(np.packbits(np.asarray(column.is_valid().to_numpy(), dtype=bool)).tobytes())
        if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
            for chunk in pc.fill_null(column, "").chunks:
                sha.update(pc.binary_length(chunk).to_numpy().astype("<i8").tobytes())
            for chunk in pc.fill_null(column, "").chunks:
                _update_with_text(sha, chunk.cast(pa.large_string()))
        elif pa.types.is_timestamp(column.type):
            whole = pc.fill_null(column.cast(pa.int64()), 0).to_numpy()
            sha.update(whole.astype("<i8").tobytes())
        else:
            sha.update(pc.fill_null(column, 0.0).to_numpy().astype("<f8").tobytes())
    return sha.hexdigest()


def _update_with_text(sha: Any, strings: pa.Array) -> None:
    _, offsets, data = strings.buffers()
    if data is None or not len(strings):
        return
    at = np.frombuffer(offsets, dtype=np.int64)[strings.offset : strings.offset + len(strings) + 1]
    sha.update(memoryview(data)[int(at[0]) : int(at[-1])])
