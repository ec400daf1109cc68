"""Reading files of ads: every format to the same table, whatever the order of rows and files."""

from __future__ import annotations

import csv
import gzip
import io
import json
import random
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harborlight.recognize.errors import InputError
from harborlight.recognize.ingest import rejects
from harborlight.recognize.ingest.columns import recognize
from harborlight.recognize.ingest.sources import Shape, Source, look
from harborlight.recognize.ingest.stage import Read, read
from harborlight.recognize.ingest.tables import fast_csv, robust_csv
from harborlight.recognize.output.tables import conform
from harborlight.recognize.schema import ADS, FIELDS

ROWS: list[dict[str, Any]] = [
    {
        "ad_id": "a1",
        "posted_at": "2017-01-09T16:05:00Z",
        "site": "one.example",
        "section": "rentals",
        "place": "New Ulm, MN",
        "latitude": 44.3125,
        "longitude": -94.4605,
        "title": "Sunny room, near the river",
        "text": 'Quiet house; "garden" and\nparking | wifi\tincluded. ¡Llámame! 😀',
        "phone": "507-555-0142",
        "image_hash": "00ff00ff00ff00ff",
        "url": "https://one.example/a1",
    },
    {
        "ad_id": "a2",
        "posted_at": None,
        "site": "two.example",
        "section": None,
        "place": None,
        "latitude": None,
        "longitude": None,
        "title": None,
        "text": "Bicycle for sale, café colors",
        "phone": None,
        "image_hash": None,
        "url": None,
    },
]


def ads_of(result: Read) -> list[dict[str, Any]]:
    ads: list[dict[str, Any]] = conform(result.ads.to_arrow(), ADS).to_pylist()
    return ads


def csv_text(rows: list[dict[str, Any]], delimiter: str = ",") -> str:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(FIELDS), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def expected() -> list[dict[str, Any]]:
    rows = [{"ad": number, **row} for number, row in enumerate(ROWS)]
    rows[0]["posted_at"] = datetime(2017, 1, 9, 16, 5, tzinfo=UTC)
    return rows


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("packed", [False, True])
def test_csv_in_every_dress_reads_the_same(
    tmp_path: Path, delimiter: str, encoding: str, packed: bool
) -> None:
    data = csv_text(ROWS, delimiter).encode(encoding)
    path = tmp_path / "ads.txt"
    path.write_bytes(gzip.compress(data) if packed else data)
    result = read([path])
    assert ads_of(result) == expected()
    assert result.rejects.num_rows == 0


def test_json_lines_json_and_parquet_read_the_same(tmp_path: Path) -> None:
    lines = tmp_path / "ads.jsonl"
    lines.write_text("".join(json.dumps(row) + "\n" for row in ROWS), encoding="utf-8")
    array = tmp_path / "ads.json"
    array.write_text(json.dumps(ROWS, ensure_ascii=False, indent=2), encoding="utf-8")
    wrapped = tmp_path / "wrapped.json"
    wrapped.write_text(json.dumps({"count": 2, "ads": ROWS}), encoding="utf-8")
    spread = tmp_path / "spread.json"
    spread.write_text("\n".join(json.dumps(row, indent=1) for row in ROWS), encoding="utf-8")
    table = pa.Table.from_pylist(ROWS)
    times = pa.array([datetime(2017, 1, 9, 16, 5), None], pa.timestamp("ns"))
    table = table.set_column(table.column_names.index("posted_at"), "posted_at", times)
    parquet = tmp_path / "parquet-by-content.csv"
    pyarrow.parquet.write_table(table, parquet)
    for path in (lines, array, wrapped, spread, parquet):
        assert ads_of(read([path])) == expected(), path.name


def test_windows_1252_is_detected(tmp_path: Path) -> None:
    path = tmp_path / "ads.csv"
    texts = ["Cozy “café” room — très près, 10 €", "Niño y mañana: habitación tranquila", "Plain"]
    path.write_bytes(("text\n" + "\n".join(f'"{text}"' for text in texts)).encode("cp1252"))
    result = read([path])
    assert sorted(ad["text"] for ad in ads_of(result)) == sorted(texts)
    assert result.inputs[0].encoding == "cp1252"


def test_cyrillic_is_detected(tmp_path: Path) -> None:
    path = tmp_path / "ads.csv"
    text = "Сдается уютная комната рядом с парком, звоните вечером, рады всем гостям города"
    path.write_bytes(
        f"id,text\n1,{text}\n".replace(",", ";", 1).replace("1,", "1;").encode("cp1251")
    )
    assert ads_of(read([path]))[0]["text"] == text


def test_mixed_encodings_lose_no_row_and_no_byte(tmp_path: Path) -> None:
    path = tmp_path / "ads.csv"
    path.write_bytes(
        b"id,text\n1," + "café utf".encode() + b"\n2," + "café old \x81".encode("latin-1") + b"\n"
    )
    result = read([path])
    assert [ad["text"] for ad in ads_of(result)] == ["café utf", "café old \x81"]
    (note,) = result.rejects.to_pylist()
    assert note["row"] is None
    assert note["reason"].startswith("not in utf-8: 1 line, at 3 ")
    assert result.rejected == 0


CELL = st.text(
    st.one_of(
        st.sampled_from(list("\",;|\t\n\r '\\#ab0é😀\x00\ufeff")),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=12,
)


@given(
    rows=st.lists(st.tuples(CELL, CELL, CELL), max_size=12),
    delimiter=st.sampled_from([",", ";", "\t", "|"]),
    # With "\n" alone as line end, csv.writer does not quote a "\r" that needs it.
    style=st.sampled_from(
        [("\n", csv.QUOTE_ALL), ("\r\n", csv.QUOTE_MINIMAL), ("\r\n", csv.QUOTE_ALL)]
    ),
)
@settings(max_examples=200, deadline=None)
def test_both_csv_readers_give_the_table_that_was_written(
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[tuple[str, str, str]],
    delimiter: str,
    style: tuple[str, Any],
) -> None:
    ending, quoting = style
    path = tmp_path_factory.mktemp("csv") / "ads.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=delimiter, lineterminator=ending, quoting=quoting)
        writer.writerow(["id", "title", "text"])
        writer.writerows(rows)
    source = Source(path, Shape("csv", delimiter=delimiter))
    slow = robust_csv(source)
    assert [tuple(row.values()) for row in slow.table.to_pylist()] == rows
    assert slow.rejects == []
    fast = fast_csv(source)
    assert fast is not None
    assert fast.table.equals(slow.table)
    assert fast.numbers.to_pylist() == slow.numbers.to_pylist()


def test_a_plain_file_takes_the_fast_way(tmp_path: Path) -> None:
    path = tmp_path / "ads.csv"
    path.write_text(csv_text(ROWS), encoding="utf-8", newline="")
    assert fast_csv(look(path)) is not None


def test_a_stray_quotation_mark_takes_the_careful_way(tmp_path: Path) -> None:
    # Arrow's parser alone would read both rows as one: the mark of row 1 closes at that of row 2.
    path = tmp_path / "ads.csv"
    path.write_text('id,text\n1,"room by the lake\n2,"house by the river"\n', encoding="utf-8")
    result = read([path])
    assert [ad["text"] for ad in ads_of(result)] == ["house by the river"]
    (reject,) = result.rejects.to_pylist()
    assert (reject["row"], reject["raw"]) == (1, '1,"room by the lake')
    assert "not closed" in reject["reason"]


@given(seed=st.integers(0, 10_000))
@settings(max_examples=25, deadline=None)
def test_order_of_rows_and_files_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    draw = random.Random(seed)
    rows = [
        {
            "id": draw.choice(["1", "2", "3", "1#2", "a.example/1", ""]),
            "site": draw.choice(["a.example", "b.example", ""]),
            "text": draw.choice(["one", "two", "three"]),
            "date": draw.choice(["2017-01-09", "2017-02-01", ""]),
        }
        for _ in range(30)
    ]
    folder = tmp_path_factory.mktemp("order")
    results = []
    for turn in range(2):
        draw.shuffle(rows)
        cut = draw.randint(1, 29)
        for number, part in enumerate((rows[:cut], rows[cut:])):
            with (folder / f"{turn}-{number}.csv").open("w", newline="", encoding="utf-8") as file:
                writer = csv.DictWriter(file, ["id", "site", "text", "date"])
                writer.writeheader()
                writer.writerows(part)
        results.append(read([folder / f"{turn}-0.csv", folder / f"{turn}-1.csv"]))
    first, second = (ads_of(result) for result in results)
    assert first == second
    ids = [ad["ad_id"] for ad in first]
    assert ids == sorted(ids)
    assert len(set(ids)) == len(ids)
    assert all(result.accepted + result.rejected == 30 for result in results)
    assert results[0].rejects.num_rows == results[0].rejected == 30 - len(ids)
    assert rejects.rows(results[0].rejects) == 30 - len(ids)


def test_ids(tmp_path: Path) -> None:
    path = tmp_path / "ads.csv"
    path.write_text(
        "id,site,date,text\n"
        "7,a.example,2017-01-02,edited\n"
        "7,a.example,2017-01-01,first\n"
        "7,b.example,2017-01-01,elsewhere\n"
        "7,b.example,2017-01-01,elsewhere\n"
        "8,a.example,,alone\n"
        ",a.example,,nameless\n"
        ",a.example,,nameless\n",
        encoding="utf-8",
    )
    result = read([path])
    by_id = {ad["ad_id"]: ad["text"] for ad in ads_of(result)}
    nameless = next(name for name in by_id if name.startswith("h") and "#" not in name)
    assert by_id == {
        "a.example/7": "first",
        "a.example/7#2": "edited",
        "b.example/7": "elsewhere",
        "8": "alone",
        nameless: "nameless",
        nameless + "#2": "nameless",
    }
    (reject,) = result.rejects.to_pylist()
    assert reject["row"] == 4
    assert reject["reason"].startswith(f"the same ad as row 3 of {path}")
    assert json.loads(reject["raw"])["text"] == "elsewhere"


def test_long_numbers_keep_every_digit(tmp_path: Path) -> None:
    path = tmp_path / "ads.jsonl"
    path.write_text('{"id": 123456789012345678901234567890, "text": "x", "lat": 44.10000000000001}')
    (ad,) = ads_of(read([path]))
    assert ad["ad_id"] == "123456789012345678901234567890"
    assert ad["latitude"] == 44.10000000000001


@pytest.mark.parametrize(
    ("columns", "found"),
    [
        (["Post ID", "Posted_At", "Body"],
         {"ad_id": "Post ID", "posted_at": "Posted_At", "text": "Body"}),
        (["ID", "listing_id", "text"], {"ad_id": "ID", "text": "text"}),
        (["City", "LAT", "lng", "Ad Text"],
         {"place": "City", "latitude": "LAT", "longitude": "lng", "text": "Ad Text"}),
        (["text", "description"], {"text": "text"}),
        (["pHash", "Domain", "CATEGORY", "headline", "Link", "content"],
         {"image_hash": "pHash", "site": "Domain", "section": "CATEGORY", "title": "headline",
          "url": "Link", "text": "content"}),
    ],
)  # fmt: skip
def test_usual_column_names(columns: list[str], found: dict[str, str]) -> None:
    assert recognize(columns) == found


def test_mapping(tmp_path: Path) -> None:
    one, two = tmp_path / "one.csv", tmp_path / "two.csv"
    one.write_text("Copy,Metro,text\nhello,Mankato,not this\n", encoding="utf-8")
    two.write_text("body,city\nworld,Rochester\n", encoding="utf-8")
    result = read([one, two], {"text": "copy", "place": "Metro"})
    assert {(ad["text"], ad["place"]) for ad in ads_of(result)} == {
        ("hello", "Mankato"),
        ("world", "Rochester"),
    }
    for mapping, message in (
        ({"txt": "Copy"}, "no field 'txt'; fields are ad_id, posted_at"),
        ({"place": "town hall"}, "no input has a column 'town hall'; there are Copy, Metro, text"),
    ):
        with pytest.raises(InputError, match=message):
            read([one, two], mapping)
    three = tmp_path / "three.csv"
    three.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"three\.csv: no column 'copy'; its columns are a, b"):
        read([one, three], {"text": "copy"})
    with pytest.raises(InputError, match="no column of text is recognized; its columns are a, b"):
        read([three])


def test_globs_and_files_named_twice(tmp_path: Path) -> None:
    for name in ("x1.csv", "x2.csv"):
        (tmp_path / name).write_text(f"text\n{name}\n", encoding="utf-8")
    result = read([str(tmp_path / "x*.csv"), tmp_path / "x1.csv"])
    assert [Path(file.path).name for file in result.inputs] == ["x1.csv", "x2.csv"]
    assert result.accepted == 2


def test_optional_fields_that_make_no_sense_are_left_out_and_told(tmp_path: Path) -> None:
    path = tmp_path / "ads.csv"
    path.write_text(
        "id,date,lat,lon,phash,text\n"
        "1,soon,91,-181,xyz,kept\n"
        '2,2017-01-09,"44,5",-94,0xFFFFFFFFFFFFFFFF,whole\n'
        "3,NULL,nan,,N/A,absent\n",
        encoding="utf-8",
    )
    result = read([path])
    kept, whole, absent = ads_of(result)
    for ad in (kept, absent):
        assert {ad[name] for name in ("posted_at", "latitude", "longitude", "image_hash")} == {None}
    assert (whole["latitude"], whole["image_hash"]) == (44.5, "f" * 16)
    told = result.rejects.to_pylist()
    assert [reject["row"] for reject in told] == [1, 1, 1, 1]
    assert "posted_at not understood: 'soon' (ad kept without it)" in {r["reason"] for r in told}
    assert (result.accepted, result.rejected) == (3, 0)
    assert (rejects.rows(result.rejects), rejects.fields(result.rejects)) == (0, 4)
    assert ("posted_at not understood", 1) in rejects.kinds(result.rejects)


def test_the_exact_name_of_a_column_wins() -> None:
    assert recognize(["id", "Text", "text"])["text"] == "text"
    assert recognize(["id", "text", "Text"])["text"] == "text"
    assert recognize(["Id", "TEXT", "Text"])["text"] == "TEXT"
