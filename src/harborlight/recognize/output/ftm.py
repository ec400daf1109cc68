"""Stage 9, for OpenAleph: organizations and their ads as FollowTheMoney entities, one a line.

What is written claims no more than was found:

* an ad of an organization is an ``Article``: a text that stood somewhere on a day;
* an organization is a ``UserAccount``: something that posts. It is no ``Person``, ``Company`` or
  ``LegalEntity``, for nobody has shown that there is one. Its phones stand in its notes, for the
  property that holds them has another name from version to version of the schemata; those of its
  ads are theirs (``phoneMentioned``), where they are found and counted;
* that an ad belongs to it is a ``Documentation`` from the one to the other.

Ads that stand alone are not written. Ids are digests: an ad's of its ``ad_id``, an organization's
of the ``ad_id`` of all its ads, so the same ads give the same entities in every run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from hashlib import sha256
from json import dumps
from json.encoder import encode_basestring as _quoted
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from harborlight.recognize.runtime.tally import Ints, ints, look_up
from harborlight.recognize.runtime.workers import Workers

NOTE = (
    "Ads that look as if one hand posted them, found by Harborlight. Not a finding about any "
    "person: agencies, partners and families post together, too. See report.html for evidence, "
    "counter-evidence and the innocent reading."
)
ROLE = "ad of this group"
BATCH = 20_000

#: Kinds of signals and the property of an Article that holds them.
MENTIONED = {"phone": "phoneMentioned", "email": "emailMentioned", "place": "locationMentioned"}

_URL = re.compile(r"https?://[a-z0-9.-]+\.[a-z]{2,}(?:[:/?#][!-~]*)?", re.IGNORECASE)


def write_ftm(
    path: Path, ads: pa.Table, belongs: pa.Table, organizations: pa.Table, signals: pa.Table
) -> int:
    """Write one entity a line and return how many there are. The tables follow ``schema``.

    Raises:
        OSError: the file cannot be written.
    """
    written = 0
    with path.open("wb") as file:
        for entities, lines in _lines(ads, belongs, organizations, signals):
            file.write(lines)
            written += entities
    return written


def ad_key(ad_id: str) -> str:
    """The id of an ad's entity."""
    return _key(f"ad:{ad_id}")


def organization_key(ad_ids: list[str]) -> str:
    """The id of an organization's entity, from the ids of all its ads, sorted."""
    return _key("organization:" + "\0".join(ad_ids))


def _key(name: str) -> str:
    return "harborlight-" + sha256(name.encode()).hexdigest()[:40]


def _lines(
    ads: pa.Table, belongs: pa.Table, organizations: pa.Table, signals: pa.Table
) -> Iterator[tuple[int, bytes | memoryview]]:
    """How many entities, and their lines: some thousands at a time, those of ads on all cores."""
    named = organizations.sort_by("organization")
    belongs = belongs.sort_by("ad")
    mine = ints(belongs["ad"])
    of = look_up(ints(named["organization"]), ints(belongs["organization"]))
    ads = ads.take(pa.array(look_up(ints(ads["ad"]), mine)))
    groups = _organization_keys(of, ads["ad_id"].to_pylist(), named.num_rows)
    rows = zip(groups, named.to_pylist(), strict=True)
    yield len(groups), "".join([_organization(group, row) for group, row in rows]).encode()
    columns = [ads[name].cast(pa.large_string()) for name in _TEXTS]
    columns.append(pc.strftime(ads["posted_at"], format=_DAY).cast(pa.large_string()))
    columns.append(pa.array(groups, pa.large_string()).take(pa.array(of)))
    columns += [_mentioned(signals, mine, kind) for kind in MENTIONED]
    table = pa.table(columns, schema=_SAID)
    for first in range(0, table.num_rows, BATCH):
        for batch in table.slice(first, BATCH).combine_chunks().to_batches():
            yield 2 * batch.num_rows, _end_to_end(_workers(batch))


def _end_to_end(texts: pa.LargeStringArray) -> memoryview:
    """The bytes of texts, none of them null."""
    _, offsets, data = texts.buffers()
    first, last = np.frombuffer(offsets, np.int64)[[texts.offset, texts.offset + len(texts)]]
    return memoryview(data)[first:last]


def _organization_keys(of: Ints, ids: list[str], count: int) -> list[str]:
    members: list[list[str]] = [[] for _ in range(count)]
    for organization, ad_id in zip(of.tolist(), ids, strict=True):  # by ad, hence by ad_id
        members[organization].append(ad_id)
    return [organization_key(ad_ids) for ad_ids in members]


def _mentioned(signals: pa.Table, mine: Ints, kind: str) -> pa.Array:
    """For each of the ads ``mine`` the values of a kind that it mentions, in any order."""
    part = signals.filter(pc.equal(signals["kind"], kind))
    row = look_up(mine, ints(part["ad"]))
    order = np.argsort(row, kind="stable")
    order = order[np.searchsorted(row[order], 0) :]
    values = part["value"].take(pa.array(order)).cast(pa.large_string())
    offsets = np.searchsorted(row[order], np.arange(len(mine) + 1))
    return pa.LargeListArray.from_arrays(pa.array(offsets), values.combine_chunks())


def _organization(key: str, row: dict[str, Any]) -> str:
    name = row["organization_id"]
    properties: dict[str, list[str]] = {
        "name": [f"Harborlight {name}"],
        "username": [name],
        "email": row["emails"],
        "summary": [NOTE],
        "notes": [
            f"{row['ads']:,} ads",
            *(f"Phone: {phone}" for phone in row["phones"]),
            *(f"Handle: {handle}" for handle in row["handles"]),
            *(f"Link: {link}" for link in row["links"]),
            *(f"Site: {site}" for site in row["sites"]),
            *(f"Posted for: {place}" for place in row["places"]),
        ],
    }
    return _entity(key, "UserAccount", properties)


_TEXTS = ("ad_id", "title", "text", "site", "url", "section", "place")
_DAY = "%Y-%m-%dT%H:%M:%S"
#: What the entities of an ad are made of: its texts, the key of its organization, what it mentions.
_SAID = pa.schema(
    [pa.field(name, pa.large_string()) for name in (*_TEXTS, "posted", "organization")]
    + [pa.field(name, pa.large_list(pa.large_string())) for name in MENTIONED.values()]
)
_workers = Workers("harborlight.recognize.output.ftm", "batch_entities", _SAID)


def batch_entities(ads: pa.RecordBatch) -> pa.Array:
    """For each ad (_SAID) the lines of its entity and of the tie to its organization."""
    names = sorted(MENTIONED.values())
    mentioned = zip(*(ads[name].to_pylist() for name in names), strict=True)
    organizations = ads["organization"].to_pylist()
    lines = []
    for ad, organization, values in zip(_articles(ads), organizations, mentioned, strict=True):
        key, properties = ad
        for name, found in zip(names, values, strict=True):
            if found:
                properties += f',"{name}":[{",".join(map(_quoted, sorted(set(found))))}]'
        lines.append(_line(key, "Article", "{" + properties + "}") + _tie(key, organization))
    return pa.array(lines, pa.large_string())


def _articles(ads: pa.RecordBatch) -> Iterator[tuple[str, str]]:
    """The keys of ads, and their properties but for what they mention, as JSON."""
    columns = [ads[name].to_pylist() for name in (*_TEXTS, "posted")]
    for ad_id, title, text, site, url, section, place, day in zip(*columns, strict=True):
        notes = f"[{_quoted(f'ad_id: {ad_id}')}"
        notes += f",{_quoted(f'Section: {section}')}" if section else ""
        notes += f",{_quoted(f'Place: {place}')}]" if place else "]"
        properties = f'"title":[{_quoted(title or f"Ad {ad_id}")}],"bodyText":[{_quoted(text)}]'
        properties += f',"publishedAt":["{day[:19]}"]' if day else ""
        properties += f',"publisher":[{_quoted(site)}]' if site else ""
        properties += f',"sourceUrl":[{_quoted(url)}]' if url and _URL.fullmatch(url) else ""
        properties += f',"notes":{notes}'
        yield ad_key(ad_id), properties


def _tie(ad: str, organization: str) -> str:
    key = _key(f"tie:{ad}:{organization}")
    ends = f'"document":["{ad}"],"entity":["{organization}"]'
    return _line(key, "Documentation", f'{{{ends},"role":["{ROLE}"]}}')


def _entity(key: str, schema: str, properties: dict[str, list[str]]) -> str:
    filled = {name: values for name, values in properties.items() if values}
    return _line(key, schema, dumps(filled, ensure_ascii=False, separators=(",", ":")))


def _line(key: str, schema: str, properties: str) -> str:
    return f'{{"id":"{key}","schema":"{schema}","properties":{properties}}}\n'
