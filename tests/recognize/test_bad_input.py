"""Bad input, tried and told: one clear line, and nothing lost."""

from __future__ import annotations

import gzip
import json
import os
import random
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pyarrow as pa
import pyarrow.parquet
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harborlight.recognize.errors import InputError
from harborlight.recognize.ingest.stage import Read, read
from harborlight.recognize.output.tables import conform
from harborlight.recognize.schema import ADS

GOOD = "id,text\n1,good\n"


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    def write_file(data: str | bytes, name: str = "ads.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        return path

    return write_file


def texts(result: Read) -> list[str]:
    ads: list[dict[str, Any]] = conform(result.ads.to_arrow(), ADS).to_pylist()
    return [ad["text"] for ad in ads]


def told(result: Read) -> list[tuple[int | None, str, str | None]]:
    return [(r["row"], r["reason"], r["raw"]) for r in result.rejects.to_pylist()]


@pytest.mark.parametrize("data", [b"", gzip.compress(b""), b"\n\n", b"\xef\xbb\xbf"])
def test_empty_file(write: Callable[..., Path], data: bytes) -> None:
    result = read([write(data)])
    assert result.accepted == 0
    assert told(result)[0][:2] == (None, "the file is empty")
    beside_a_good_one = read([write(data), write(GOOD, "good.csv")])
    assert texts(beside_a_good_one) == ["good"]
    assert len(told(beside_a_good_one)) == 1


def test_header_only(write: Callable[..., Path]) -> None:
    result = read([write("id,text\n")])
    assert (result.accepted, told(result)) == (0, [(None, "no rows below the header", None)])


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (random.Random(1).randbytes(5000), "it is binary"),
        (bytes(5000), "it is binary"),
        (b"PK\x03\x04" + bytes(50), "ZIP archive or an Office workbook"),
        (b"PAR1 and nothing of the kind", "a Parquet file that cannot be read"),
        (b"%PDF-1.7 ...", "it is a PDF"),
        (gzip.compress(random.Random(2).randbytes(5000)), "it is binary"),
    ],
)
def test_binary_file_with_a_csv_name(write: Callable[..., Path], data: bytes, reason: str) -> None:
    with pytest.raises(InputError, match=f"cannot read .*ads.csv: .*{reason}"):
        read([write(data)])
    result = read([write(data), write(GOOD, "good.csv")])
    assert texts(result) == ["good"]
    ((row, why, _),) = told(result)
    assert row is None
    assert reason in why


def many(count: int) -> str:
    draw = random.Random(5)
    return "id,text\n" + "".join(
        f'{n},"ad {draw.getrandbits(200):x} number {n}"\n' for n in range(1, count + 1)
    )


@pytest.mark.parametrize("kind", ["cut", "damaged"])
@pytest.mark.parametrize("as_json", [False, True])
def test_truncated_gzip(write: Callable[..., Path], kind: str, as_json: bool) -> None:
    rows = [{"id": str(n), "text": f"{random.Random(n).getrandbits(200):x}"} for n in range(3000)]
    lines = [json.dumps(row) for row in rows]
    if not as_json:
        lines = ["id,text"] + [f"{row['id']},{row['text']}" for row in rows]
    packed = gzip.compress("\n".join(lines).encode())
    if kind == "cut":
        packed = packed[: len(packed) // 2]
    else:
        packed = packed[: len(packed) // 2] + b"\xff" * 64 + packed[len(packed) // 2 + 64 :]
    result = read([write(packed, "ads.gz")])
    assert 100 < result.accepted < 3000
    whole = {row["text"] for row in rows}
    assert kind == "damaged" or set(texts(result)) <= whole
    breaks = [(row, why, raw) for row, why, raw in told(result) if "gzip" in why]
    ((row, why, raw),) = breaks
    assert row is None
    assert "rows before that are kept" in why
    if kind == "cut" and raw:  # the row that was cut is told, not taken for an ad
        assert any(line.startswith(raw) for line in lines)


def test_cut_parquet(write: Callable[..., Path], tmp_path: Path) -> None:
    pyarrow.parquet.write_table(pa.table({"text": ["a", "b"]}), tmp_path / "x.parquet")
    data = (tmp_path / "x.parquet").read_bytes()
    with pytest.raises(InputError, match="a Parquet file that cannot be read"):
        read([write(data[:-20], "cut.parquet")])


@pytest.mark.parametrize("stray", ["", '2,"never closed\n'])
def test_three_megabytes_in_one_cell(write: Callable[..., Path], stray: str) -> None:
    cell = "long ad, " * 350_000
    result = read([write(f'id,text\n1,"{cell}"\n{stray}3,short\n')])
    assert len(cell) > 3_000_000
    assert sorted(texts(result), key=len) == ["short", cell]
    assert [row for row, _, _ in told(result)] == ([2] if stray else [])


def test_nul_bytes(write: Callable[..., Path]) -> None:
    result = read([write(b"id,text\n1,with\x00nul\n2,\x00\x00\n3\x00,plain text\n")])
    assert texts(result) == ["with\x00nul", "plain text"]
    assert told(result) == [(2, "text is empty", json.dumps({"id": "2", "text": "\0\0"}))]


def test_ragged_rows(write: Callable[..., Path]) -> None:
    result = read([write("id,text,place\n1,a\n2,b,c,d\n3,fine,Mankato\n4,also fine,Mankato,,\n")])
    assert texts(result) == ["fine", "also fine"]
    assert told(result) == [
        (1, "wrong number of cells: 2 where the header has 3", "1,a"),
        (2, "wrong number of cells: 4 where the header has 3", "2,b,c,d"),
    ]
    assert (result.inputs[0].rows, result.accepted, result.rejected) == (4, 2, 2)


def test_unclosed_quotation_mark_swallows_nothing(write: Callable[..., Path]) -> None:
    rows = "".join(f"{n},text {n}\n" for n in range(3, 500))
    result = read([write('id,text\n1,"fine"\n2,"never closed\n' + rows)])
    assert result.accepted == 498
    ((row, why, raw),) = told(result)
    assert (row, raw) == (2, '2,"never closed')
    assert "not closed" in why


def test_quotation_marks_inside_a_row(write: Callable[..., Path]) -> None:
    result = read([write('id,text\n1,12" pizza\n2,"so called "fresh" rolls"\n3,"a ""b"" c"\n')])
    assert texts(result) == ['12" pizza', 'so called fresh" rolls"', 'a "b" c']
    assert told(result) == []


def test_header_names_a_column_twice(write: Callable[..., Path]) -> None:
    result = read([write("id,text,text\n1,first,second\n")])
    assert texts(result) == ["first"]
    assert "names column 'text' more than once" in told(result)[0][1]


def test_lines_that_are_no_json(write: Callable[..., Path]) -> None:
    lines = ['{"text": "good"}', "{not json", "[1, 2]", '{"id": 4}', '{"text": {"a": [1]}}']
    result = read([write("\n".join(lines), "ads.jsonl")])
    assert texts(result) == ["good", '{"a": ["1"]}'] or texts(result) == ['{"a": ["1"]}', "good"]
    reasons = told(result)
    assert [row for row, _, _ in reasons] == [2, 3, 4]
    assert reasons[0][1].startswith("not JSON")
    assert reasons[0][2] == "{not json"
    assert reasons[1][1] == "not a JSON object"
    assert reasons[2][1] == "text is empty"


def test_half_a_surrogate_pair_in_json(write: Callable[..., Path]) -> None:
    result = read([write('{"text": "half \\ud83d pair"}\n{"text": "b"}\n', "ads.jsonl")])
    assert "half \ufffd pair" in texts(result)


def test_json_array_that_breaks_off(write: Callable[..., Path]) -> None:
    result = read([write('[{"text": "one"}, {"text": "two"}, {"text": "th', "ads.json")])
    assert sorted(texts(result)) == ["one", "two"]
    ((row, why, raw),) = told(result)
    assert (row, raw) == (None, '{"text": "th')
    assert "rows before are kept" in why


def test_deep_nesting(write: Callable[..., Path]) -> None:
    deep = '{"text": ' + "[" * 100_000 + "]" * 100_000 + "}"
    result = read([write('{"text": "fine"}\n' + deep + "\n", "ads.jsonl")])
    assert texts(result) == ["fine"]
    assert told(result)[0][:2] == (2, "not JSON: nested too deep")


def test_all_emoji_text(write: Callable[..., Path]) -> None:
    result = read([write("id,text\n1,😀🏠🌊\n2,👩‍👩‍👧‍👦\n")])
    assert texts(result) == ["😀🏠🌊", "👩‍👩‍👧‍👦"]


@pytest.mark.parametrize("named", [True, False])
def test_many_identical_ads(write: Callable[..., Path], named: bool) -> None:
    _identical(write, 20_000, named)


@pytest.mark.proof
@pytest.mark.parametrize("named", [True, False])
def test_a_million_identical_ads(write: Callable[..., Path], named: bool) -> None:
    _identical(write, 1_000_000, named)


def _identical(write: Callable[..., Path], count: int, named: bool) -> None:
    row = f"{7 if named else ''},the very same advertisement\n"
    result = read([write("id,text\n" + row * count)])
    assert result.accepted == (1 if named else count)
    assert result.accepted + result.rejected == count
    if named:
        assert told(result)[-1][0] == count
    else:
        ids = result.ads.to_pydict()["ad_id"]
        assert len(set(ids)) == count
        assert ids == sorted(ids)


def test_dates_in_many_formats(write: Callable[..., Path]) -> None:
    dates = ["2017-01-09", "1/9/2017", '"Jan 9, 2017"', "9 January 2017", "1483920000",
             "20170109", "09.01.2017", "2017-01-08T18:00:00-06:00"]  # fmt: skip
    rows = "".join(f"{n},{date},ad {n}\n" for n, date in enumerate(dates))
    result = read([write("id,date,text\n" + rows)])
    assert {str(ad) for ad in result.ads.to_pydict()["posted_at"]} == {"2017-01-09 00:00:00+00:00"}


def test_missing_file_folder_and_empty_glob(tmp_path: Path) -> None:
    for path, message in (
        (tmp_path / "none.csv", "no such file: .*none.csv"),
        (tmp_path / "*.csv", r"no file matches .*\*\.csv"),
        (tmp_path, "is a folder; name its files"),
    ):
        with pytest.raises(InputError, match=message):
            read([path])


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_file_without_permission(write: Callable[..., Path]) -> None:
    path = write(GOOD)
    path.chmod(0)
    with pytest.raises(InputError, match="no permission to read"):
        read([path])


@given(st.binary(max_size=300), st.sampled_from([b"", b"id,text\n1,good\n", b'{"text":"x"}\n']))
@settings(max_examples=500, deadline=None)
def test_any_bytes_are_read_or_refused_in_one_line(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, start: bytes
) -> None:
    path = tmp_path_factory.mktemp("any") / "ads"
    path.write_bytes(start + data)
    try:
        result = read([path])
    except InputError as error:
        assert "\n" not in str(error)  # noqa: PT017 - both outcomes are right
        return
    assert sum(row is not None for row, _, _ in told(result)) >= result.rejected
    assert result.accepted == len(texts(result))


def test_a_small_file_that_unpacks_to_more_than_the_machine_holds(
    write: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("psutil.virtual_memory", lambda: SimpleNamespace(total=8_000_000))
    lines = ["text", *["the same ad over and over"] * 200_000]
    bomb = write(gzip.compress("\n".join(lines).encode()), "bomb.csv.gz")
    fine = write(gzip.compress("\n".join(lines[:1000]).encode()), "fine.csv.gz")
    result = read([bomb, fine])
    assert result.accepted == 999
    assert [(row, raw) for row, why, raw in told(result) if "unpacks to more than" in why] == [
        (None, None)
    ]
