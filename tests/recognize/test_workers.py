"""Batches worked by processes of our own: the same results, in order, whatever happens to them."""

from __future__ import annotations

import pyarrow as pa
import pytest

from harborlight.recognize.runtime import workers
from harborlight.recognize.runtime.threads import limit
from harborlight.recognize.runtime.workers import Workers, expecting
from harborlight.recognize.signals.stage import _COLUMNS, batch_signals

SCHEMA = pa.schema([pa.field(name, pa.large_string()) for name in _COLUMNS])


def ads(count: int) -> pa.RecordBatch:
    none = [None] * count
    texts = [f"call 507-555-01{n % 100:02d}, ${n} 😀" for n in range(count)]
    columns = [none, texts, none, none, none, none]
    return pa.record_batch([pa.array(c, pa.large_string()) for c in columns], schema=SCHEMA)


@pytest.fixture
def pool(monkeypatch: pytest.MonkeyPatch) -> Workers:
    monkeypatch.setattr(workers, "_BEFORE", 0)
    monkeypatch.setattr(workers, "cores", lambda: 2)
    return Workers("harborlight.recognize.signals.stage", "batch_signals", SCHEMA)


def test_processes_give_what_one_thread_gives_also_when_one_dies(pool: Workers) -> None:
    batch = ads(1700)
    alone = batch_signals(batch)
    assert pool(batch) == alone
    assert len(pool._all) == 2
    pool._all[0]._process.kill()
    pool._all[0]._process.wait()
    assert pool(batch) == alone
    pool.stop()
    assert pool._all == []
    assert pool(batch) == alone
    pool.stop()


def test_what_the_function_raises_is_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_BEFORE", 0)
    monkeypatch.setattr(workers, "cores", lambda: 2)
    pool = Workers("operator", "concat", pa.schema([pa.field("a", pa.int64())]))
    with pytest.raises(TypeError):
        pool(pa.record_batch([pa.array([1])], ["a"]))
    pool.stop()


def test_few_rows_start_no_process_unless_many_are_expected(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(workers, "cores", lambda: 2)
    pool = Workers("harborlight.recognize.signals.stage", "batch_signals", SCHEMA)
    pool(ads(10))
    assert pool._all == []
    with expecting(59_999):
        pool(ads(10))
    assert pool._all == []
    with expecting(60_000):
        assert pool(ads(10)) == batch_signals(ads(10))
    assert len(pool._all) == 2
    pool.stop()
    pool(ads(10))
    assert pool._all == []


def test_as_many_processes_as_cores_are_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_BEFORE", 0)
    monkeypatch.setattr("os.sched_getaffinity", lambda _: set(range(4)), raising=False)
    pool = Workers("harborlight.recognize.signals.stage", "batch_signals", SCHEMA)
    batch = ads(10)
    try:
        for most, processes in ((1, 0), (3, 3), (None, 4), (9, 4)):
            limit(most)
            pool(batch)
            assert len(pool._all) == processes
            pool.stop()
    finally:
        limit(None)
        pool.stop()
