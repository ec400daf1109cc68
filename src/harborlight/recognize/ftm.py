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

from harborlight.recognize.tally import Ints, ints, look_up

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
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for line in _lines(ads, belongs, organizations, signals):
            file.write(line)
            written += 1
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
) -> Iterator[str]:
    named = organizations.sort_by("organization")
    belongs = belongs.sort_by("ad")
    mine = ints(belongs["ad"])
    of = look_up(ints(named["organization"]), ints(belongs["organization"]))
    ads = ads.take(pa.array(look_up(ints(ads["ad"]), mine)))
    ids: list[str] = ads["ad_id"].to_pylist()
    keys = [ad_key(ad_id) for ad_id in ids]
    groups = _organization_keys(of, ids, named.num_rows)
    for group, row in zip(groups, named.to_pylist(), strict=True):
        yield _organization(group, row)
    mentions = _Mentions(signals, mine)
    for first in range(0, len(ids), BATCH):
        batch = ads.slice(first, BATCH)
        said = mentions.of(first, first + batch.num_rows)
        for row, ad in enumerate(_ads(batch, said), first):
            yield _line(keys[row], "Article", ad)
            yield _tie(keys[row], groups[of[row]])


def _organization_keys(of: Ints, ids: list[str], count: int) -> list[str]:
    members: list[list[str]] = [[] for _ in range(count)]
    for organization, ad_id in zip(of.tolist(), ids, strict=True):  # by ad, hence by ad_id
        members[organization].append(ad_id)
    return [organization_key(ad_ids) for ad_ids in members]


class _Mentions:
    """What ads mention, by row of the ads of organizations."""

    def __init__(self, signals: pa.Table, mine: Ints) -> None:
        kinds = pa.array(list(MENTIONED), signals["kind"].type)
        part = signals.filter(pc.is_in(signals["kind"], kinds))
        row = look_up(mine, ints(part["ad"]))
        part = part.filter(pa.array(row >= 0)).select(["kind", "value"])
        order = np.argsort(row[row >= 0], kind="stable")
        self._row = row[row >= 0][order]
        self._part = part.take(pa.array(order))

    def of(self, first: int, last: int) -> list[dict[str, list[str]]]:
        """For each row of [first, last) the values by property, each once, sorted."""
        start, end = np.searchsorted(self._row, [first, last]).tolist()
        found: list[dict[str, set[str]]] = [{} for _ in range(last - first)]
        part = self._part.slice(start, end - start)
        for row, kind, value in zip(
            (self._row[start:end] - first).tolist(),
            part["kind"].to_pylist(),
            part["value"].to_pylist(),
            strict=True,
        ):
            found[row].setdefault(MENTIONED[kind], set()).add(value)
        return [{name: sorted(one[name]) for name in sorted(one)} for one in found]


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


def _ads(batch: pa.Table, mentioned: list[dict[str, list[str]]]) -> Iterator[str]:
    """The properties of ads, as JSON."""
    posted = pc.strftime(batch["posted_at"], format="%Y-%m-%dT%H:%M:%S")
    columns = [batch[name] for name in ("ad_id", "title", "text", "site", "url")]
    columns += [batch["section"], batch["place"], posted]
    for (ad_id, title, text, site, url, section, place, day), said in zip(
        zip(*(column.to_pylist() for column in columns), strict=True), mentioned, strict=True
    ):
        notes = f"[{_quoted(f'ad_id: {ad_id}')}"
        notes += f",{_quoted(f'Section: {section}')}" if section else ""
        notes += f",{_quoted(f'Place: {place}')}]" if place else "]"
        properties = f'"title":[{_quoted(title or f"Ad {ad_id}")}],"bodyText":[{_quoted(text)}]'
        properties += f',"publishedAt":["{day[:19]}"]' if day else ""
        properties += f',"publisher":[{_quoted(site)}]' if site else ""
        properties += f',"sourceUrl":[{_quoted(url)}]' if url and _URL.fullmatch(url) else ""
        properties += f',"notes":{notes}'
        for name, values in said.items():
            properties += f',"{name}":[{",".join(map(_quoted, values))}]'
        yield "{" + properties + "}"


def _tie(ad: str, organization: str) -> str:
    key = _key(f"tie:{ad}:{organization}")
    ends = f'"document":["{ad}"],"entity":["{organization}"]'
    return _line(key, "Documentation", f'{{{ends},"role":["{ROLE}"]}}')


def _entity(key: str, schema: str, properties: dict[str, list[str]]) -> str:
    filled = {name: values for name, values in properties.items() if values}
    return _line(key, schema, dumps(filled, ensure_ascii=False, separators=(",", ":")))


def _line(key: str, schema: str, properties: str) -> str:
    return f'{{"id":"{key}","schema":"{schema}","properties":{properties}}}\n'
