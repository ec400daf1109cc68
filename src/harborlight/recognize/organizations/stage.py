"""Stage 6, organize: templates, contacts, links and images tied into organizations.

Ads that follow one template are one unit; an ad without a template is a unit by itself. Units that
show the same phone, e-mail address, handle, link or image belong together, and so do ads that share
a long unusual passage. Identifiers that would tie strangers are cut first (identity.py); what is
left falls apart into organizations. Every tie, kept or refused, is a row of LINKS, so that the path
of evidence between any two ads of an organization can be shown (why.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import daft
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import scipy.sparse as sp
from scipy.sparse.csgraph import connected_components

from harborlight.recognize.ingest.ad_ids import numbered
from harborlight.recognize.organizations.identifiers import KINDS, Ties, cut
from harborlight.recognize.schema import BELONGS, LINKS, ORGANIZATIONS

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

#: A passage that two ads share ties them when it weighs this many bits; or fewer, where it is more
#: of the ads and a third ad shares it with both.
PASSAGE_BITS, PASSAGE_SHARE = 80.0, 0.1
SUPPORTED_BITS, SUPPORTED_SHARE = 50.0, 0.15


@dataclass(frozen=True)
class Organized:
    """What the stage gives, by the schemas of the same names."""

    organizations: daft.DataFrame
    belongs: daft.DataFrame
    links: daft.DataFrame


def organize(
    ads: daft.DataFrame,
    signals: daft.DataFrame,
    templates: daft.DataFrame,
    members: daft.DataFrame,
    similar: daft.DataFrame,
) -> Organized:
    """Organizations of two or more ads (schemas ADS, SIGNALS, TEMPLATES, MEMBERS, SIMILAR).

    Organizations are numbered by their first ad, so nothing depends on the order of rows.
    """
    ad_table = ads.select("ad", "ad_id", "site", "posted_at").sort("ad").to_arrow()
    ad_ids = ad_table["ad_id"].combine_chunks()
    followed = members.sort("ad").to_arrow()
    names = templates.sort("template").select("template_id").to_arrow()["template_id"]
    pairs = similar.where(daft.col("refused").not_null()).to_arrow()
    n, units = len(ad_table), _units(len(ad_table), followed, len(names))

    ties = cut(Ties.of(signals, units, len(names) + n), ad_table["site"])
    wording = _passages(pairs)
    a, b = pairs["a"].to_numpy()[wording], pairs["b"].to_numpy()[wording]
    label = _components(units, ties, a, b, len(names) + n)
    organization, belongs = _number(label[units])

    ids = numbered("O", pa.array(np.arange(organization.max(initial=-1) + 1)))
    links = pa.concat_tables(
        [
            _template_links(followed, names, ad_ids),
            _identifier_links(ties, ad_ids),
            _wording_links(pairs, wording, ad_ids),
        ]
    )
    source = np.concatenate([followed["ad"].to_numpy(), ties.ad, pairs["a"].to_numpy()])
    mine = pa.array(organization[source], mask=organization[source] < 0)
    theirs = pc.if_else(links["kept"], ids.take(mine), pa.scalar(None, pa.string()))
    links = links.append_column("organization_id", theirs).cast(LINKS)
    table = _table(organization, ids, ad_table, followed, names, ties, signals)
    return Organized(
        daft.from_arrow(table),
        daft.from_arrow(pa.table({"ad": belongs, "organization": organization[belongs]}, BELONGS)),
        daft.from_arrow(links.sort_by([("source", "ascending"), ("target", "ascending")])),
    )


def _units(n: int, followed: pa.Table, templates: int) -> Ints:
    """The unit of each ad: its template, or itself (numbered after the templates)."""
    units = templates + np.arange(n)
    units[followed["ad"].to_numpy()] = followed["template"].to_numpy()
    return units


def _passages(pairs: pa.Table) -> Bools:
    """Which of the pairs without a common template share a passage that ties them all the same."""
    a, b = pairs["a"].to_numpy(), pairs["b"].to_numpy()
    bits, share = pairs["bits"].to_numpy(), pairs["similarity"].to_numpy()
    some = (bits >= SUPPORTED_BITS) & (share >= SUPPORTED_SHARE)
    _, index = np.unique(np.concatenate([a, b]), return_inverse=True)
    left, right = index[: len(a)], index[len(a) :]
    size = index.max(initial=-1) + 1
    ones = np.ones(int(some.sum()), np.int32)
    tied = sp.csr_matrix((ones, (left[some], right[some])), shape=(size, size))
    tied = (tied + tied.T).tocsr()
    third = np.asarray(tied[left].multiply(tied[right]).sum(axis=1)).ravel() > 0
    passage: Bools = (bits >= PASSAGE_BITS) & (share >= PASSAGE_SHARE) | some & third
    return passage


def _components(units: Ints, ties: Ties, a: Ints, b: Ints, n: int) -> Ints:
    """The component of every unit, tied by kept identifiers and passages."""
    size = n + len(ties.names)
    left = np.concatenate([ties.unit[ties.kept], units[a]])
    right = np.concatenate([n + ties.identifier[ties.kept], units[b]])
    graph = sp.coo_matrix((np.ones(len(left), np.int8), (left, right)), shape=(size, size))
    label: Ints = connected_components(graph, directed=False)[1]
    return label


def _number(label: Ints) -> tuple[Ints, Ints]:
    """The organization of each ad by its component, -1 when alone; and the ads that have one."""
    _, first, inverse, count = np.unique(
        label, return_index=True, return_inverse=True, return_counts=True
    )
    several = np.flatnonzero(count > 1)
    number = np.full(len(first), -1)
    number[several[np.argsort(first[several], kind="stable")]] = np.arange(len(several))
    organization = number[inverse]
    return organization, np.flatnonzero(organization >= 0)


def _named(prefix: str, names: Any) -> pa.Array:
    return pc.binary_join_element_wise(prefix, pc.cast(names, pa.string()), "")


def _links(source: Any, target: Any, kind: Any, weight: Any, kept: Any, reason: Any) -> pa.Table:
    columns = [source, target, kind, weight, kept, reason]
    fields = [LINKS.field(i) for i in range(6)]
    return pa.table(
        {
            field.name: pc.cast(column, field.type)
            for field, column in zip(fields, columns, strict=True)
        }
    )


def _template_links(followed: pa.Table, names: Any, ad_ids: Any) -> pa.Table:
    n = len(followed)
    return _links(
        _named("ad:", ad_ids.take(followed["ad"])),
        _named("template:", names.take(followed["template"])),
        pa.repeat("template", n),
        followed["explained"],
        pa.repeat(True, n),
        pa.nulls(n),
    )


def _identifier_links(ties: Ties, ad_ids: Any) -> pa.Table:
    names = pa.array(ties.names, pa.string())
    target = names.take(pa.array(ties.identifier))
    shared = np.bincount(ties.identifier, minlength=len(ties.names))[ties.identifier]
    return _links(
        _named("ad:", ad_ids.take(pa.array(ties.ad))),
        target,
        pc.list_element(pc.split_pattern(target, ":", max_splits=1), 0),
        pa.array(1.0 / np.maximum(shared, 1)),
        pa.array(ties.kept),
        pa.array(ties.reason, pa.string()),
    )


def _wording_links(pairs: pa.Table, passage: Bools, ad_ids: Any) -> pa.Table:
    return _links(
        _named("ad:", ad_ids.take(pairs["a"])),
        _named("ad:", ad_ids.take(pairs["b"])),
        pa.repeat("wording", len(pairs)),
        pairs["similarity"],
        pa.array(passage),
        pc.if_else(
            pa.array(passage), pa.scalar(None, pa.string()), pc.cast(pairs["refused"], pa.string())
        ),
    )


def _table(
    organization: Ints,
    ids: pa.Array,
    ads: pa.Table,
    followed: pa.Table,
    names: Any,
    ties: Ties,
    signals: daft.DataFrame,
) -> pa.Table:
    """ORGANIZATIONS."""
    n = len(ids)
    inside = organization >= 0
    dates = pa.table({"o": organization[inside], "at": ads["posted_at"].filter(pa.array(inside))})
    span = dates.group_by("o").aggregate([("at", "min"), ("at", "max")]).sort_by("o")
    places = signals.where("kind = 'place'").select("ad", "value").to_arrow()
    identifiers = pa.array(ties.names, pa.string()).take(pa.array(ties.identifier))
    columns: dict[str, Any] = {
        "organization": np.arange(n),
        "organization_id": ids,
        "ads": np.bincount(organization[inside], minlength=n),
        "templates": _lists(
            organization[followed["ad"].to_numpy()], names.take(followed["template"]), n
        ),
    }
    for kind in KINDS:
        mine = pc.starts_with(identifiers, f"{kind}:")
        chosen = np.asarray(mine.to_numpy(zero_copy_only=False), bool) & ties.kept
        values = pc.utf8_slice_codeunits(identifiers.filter(pa.array(chosen)), len(kind) + 1)
        columns[f"{kind}s"] = _lists(organization[ties.ad[chosen]], values, n)
    columns["sites"] = _lists(organization, ads["site"], n)
    columns["places"] = _lists(organization[places["ad"].to_numpy()], places["value"], n)
    columns["first_posted"], columns["last_posted"] = span["at_min"], span["at_max"]
    return pa.table({name: columns[name] for name in ORGANIZATIONS.names}, schema=ORGANIZATIONS)


def _lists(owner: Ints, values: Any, n: int) -> pa.Array:
    """For each of n owners the different values, sorted; nulls and owner -1 are left out."""
    rows = pa.table({"owner": owner, "value": pc.cast(values, pa.string())})
    rows = rows.filter(pc.and_(pc.greater_equal(rows["owner"], 0), pc.is_valid(rows["value"])))
    rows = rows.group_by(["owner", "value"]).aggregate([])
    rows = rows.sort_by([("owner", "ascending"), ("value", "ascending")])
    count = np.bincount(rows["owner"].to_numpy(), minlength=n)
    offsets = pa.array(np.concatenate([[0], np.cumsum(count)]), pa.int32())
    return pa.ListArray.from_arrays(offsets, rows["value"].combine_chunks())
