"""The signals stage: how an ad says it can be reached, where it is, when and for how much.

Kinds and values: phone (E.164), email (lower case), handle ("instagram:name", "@name" when no
service is named near), link (host and path, see ``contacts.normal_link``), messaging (the service),
price ("USD 120/hour"), time ("09:00-17:00", "24/7"), place ("Mankato, MN"), image (the hash).
``start`` and ``end`` are Python string offsets into the original field, null for a whole field.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

import daft
import phonenumbers
import pyarrow as pa
from daft import DataType, Series

from harborlight.places.gazetteer import gazetteer
from harborlight.recognize.runtime.workers import Workers
from harborlight.recognize.signals.amounts import Amount, amounts_in
from harborlight.recognize.signals.contacts import Contact, contacts_in, handle_of_link, normal_link
from harborlight.recognize.signals.phones import Phone, find_phones, phones_of
from harborlight.recognize.signals.readable import Readable, readable
from harborlight.recognize.signals.readables import readables


class Signal(NamedTuple):
    """One signal of one field; ``start`` and ``end`` are None when it is the whole field."""

    field: str
    start: int | None
    kind: str
    value: str
    end: int | None


def text_signals(field: str, text: str) -> list[Signal]:
    """The signals of a free text, sorted by (start, kind, value), each once."""
    return _signals_of(field, [readable(text)])[0]


def _signals_of(field: str, texts: Sequence[Readable]) -> list[list[Signal]]:
    """The signals of each text. One finder after another reads all of them, for the processor
    keeps the finder at hand: that takes four fifths of the time of one text after another."""
    phones = phones_of(texts)
    spans = [[(p.start, p.end) for p in found[:100]] for found in phones]
    amounts = list(map(amounts_in, texts, spans))
    contacts = list(map(contacts_in, texts))
    towns = gazetteer()
    places = [towns.find_in(t.text, words=t.words) if t.words.openings else [] for t in texts]
    return [
        _sorted(field, *of_one)
        for of_one in zip(texts, phones, spans, amounts, contacts, places, strict=True)
    ]


def _sorted(
    field: str,
    text: Readable,
    phones: list[Phone],
    spans: list[tuple[int, int]],
    amounts: list[Amount],
    contacts: list[Contact],
    places: list[tuple[int, int, str]],
) -> list[Signal]:
    """What the finders found in one text, as signals."""
    found: list[tuple[int, int, str, str]] = [(p.start, p.end, "phone", p.value) for p in phones]
    for amount in amounts:
        for start, end in spans:
            if start < amount.end and amount.start < end:
                break
        else:
            found.append(amount)
    found += contacts
    found += [(start, end, "place", key) for start, end, key in places]
    if not found:
        return []
    if not text.original.isascii():
        found = [(*text.span(start, end), kind, value) for start, end, kind, value in found]
    return [
        Signal(field, start, kind, value, end)
        for start, kind, value, end in sorted({(s, k, v, e) for s, e, k, v in found})
    ]


@lru_cache(maxsize=65536)
def _resolved(place: str) -> str | None:
    return gazetteer().resolve(place)


#: Titles recur, and what is found in them is remembered.
_TITLES = 50_000
_titles: dict[str, list[Signal]] = {}


def _titles_signals(titles: Iterable[str]) -> dict[str, list[Signal]]:
    """The signals of titles. May be called from any thread."""
    if len(_titles) > _TITLES:
        _titles.clear()
    known = {title: _titles.get(title) for title in titles}
    new = [title for title, found in known.items() if found is None]
    told = dict(zip(new, _signals_of("title", readables(new)), strict=True))
    _titles.update(told)
    return told | {title: found for title, found in known.items() if found is not None}


def phone_column(written: str) -> list[str]:
    """The E.164 numbers of a phone column, in order, each once; none if there is no valid one."""
    values = [p.value for p in find_phones(written)]
    if not values:
        try:
            number = phonenumbers.parse(written, "US")
        except phonenumbers.NumberParseException:
            return []
        if phonenumbers.is_valid_number(number):
            values = [phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)]
    return list(dict.fromkeys(values))


def ad_signals(
    title: str | None,
    text: str,
    phone: str | None,
    place: str | None,
    image_hash: str | None,
    url: str | None,
) -> list[Signal]:
    """The signals of one ad, sorted by (field, start, kind, value), each once."""
    in_title = text_signals("title", title) if title else []
    return _together(in_title, text_signals("text", text), phone, place, image_hash, url)


def _together(
    in_title: list[Signal],
    in_text: list[Signal],
    phone: str | None,
    place: str | None,
    image_hash: str | None,
    url: str | None,
) -> list[Signal]:
    found: list[Signal] = []
    if image_hash:
        found.append(Signal("image_hash", None, "image", image_hash, None))
    if phone:
        found += [Signal("phone", None, "phone", p, None) for p in sorted(phone_column(phone))]
    if place:
        key = _resolved(place)
        if key:
            found.append(Signal("place", None, "place", key, None))
    found += in_text
    found += in_title
    if url:
        link = normal_link(url)
        if link:
            handle = handle_of_link(link)
            if handle:
                found.append(Signal("url", None, "handle", handle, None))
            found.append(Signal("url", None, "link", link, None))
    return found


_SIGNAL = DataType.struct(
    {
        "kind": DataType.string(),
        "value": DataType.string(),
        "field": DataType.string(),
        "start": DataType.int64(),
        "end": DataType.int64(),
    }
)


_COLUMNS = ("title", "text", "phone", "place", "image_hash", "url")
_workers = Workers(
    "harborlight.recognize.signals.stage",
    "batch_signals",
    pa.schema([pa.field(name, pa.large_string()) for name in _COLUMNS]),
)


@daft.func.batch(return_dtype=DataType.list(_SIGNAL), batch_size=4_000)
def _signals_batch(
    title: Series, text: Series, phone: Series, place: Series, image_hash: Series, url: Series
) -> pa.Array:
    from harborlight.recognize.signals.stage import _workers  # not a copy pickled with the function

    columns = [c.to_arrow() for c in (title, text, phone, place, image_hash, url)]
    return _workers(pa.record_batch([c.cast(pa.large_string()) for c in columns], list(_COLUMNS)))


def batch_signals(ads: pa.RecordBatch) -> pa.Array:
    """For each ad, a row of the columns that ``ad_signals`` takes, its signals: an Arrow list."""
    flat: list[Signal] = []
    offsets = [0]
    titles, texts, *rest = (column.to_pylist() for column in ads.columns)
    in_titles = _titles_signals(title for title in titles if title)
    in_texts = _signals_of("text", readables(texts))
    for title, in_text, *others in zip(titles, in_texts, *rest, strict=True):
        flat += _together(in_titles[title] if title else [], in_text, *others)
        offsets.append(len(flat))
    fields, starts, kinds, values, ends = zip(*flat, strict=True) if flat else ((),) * 5
    structs = pa.StructArray.from_arrays(
        [
            pa.array(kinds, pa.large_string()),
            pa.array(values, pa.large_string()),
            pa.array(fields, pa.large_string()),
            pa.array(starts, pa.int64()),
            pa.array(ends, pa.int64()),
        ],
        names=["kind", "value", "field", "start", "end"],
    )
    return pa.LargeListArray.from_arrays(pa.array(offsets, pa.int64()), structs)


def signals(ads: daft.DataFrame) -> daft.DataFrame:
    """ADS -> SIGNALS: one row per signal, sorted by (ad, field, start, kind, value)."""
    columns = [ads[c] for c in _COLUMNS]
    found = ads.select("ad", _signals_batch(*columns).alias("signal")).explode("signal")
    return (
        found.where(~found["signal"].is_null())
        .select("ad", found["signal"].unnest())
        .sort(["ad", "field", "start", "kind", "value"], nulls_first=True)
    )
