"""What is found of each kind of evidence in each organization.

The kinds are those of `evidence.yaml`, which says in words what each function here counts.
"""

from __future__ import annotations

from typing import Any

import daft
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from daft import col
from daft.functions import regexp, when

from harborlight.places.gazetteer import gazetteer, great_circle_km
from harborlight.recognize.runtime.tally import (
    Finding,
    Floats,
    Ints,
    Posts,
    Said,
    arrow,
    distinct,
    finding,
    ints,
    most_values,
    pair,
    per_organization,
    said,
    shared_by_most,
    shown_by_first,
)

TOWNS, FAR_KM, IN_A_DAY, HIDDEN_SHARE, SAME_SHARE = 3, 100.0, 8, 0.25, 0.8
STANDING_DAYS, MOST, PRICES = 90, 0.5, 3

#: Contacts of which one poster has one each.
CONTACTS = ("phone", "email", "handle")

# Two engines read the first: Daft's finds texts quickly, Arrow's reads the address out quickly.
_STREET = (
    r"[0-9]{1,5} (?:[nsew]\. |[a-z0-9][a-z0-9'-]* ){1,4}"
    r"(?:street|st|avenue|ave|road|rd|boulevard|blvd|drive|dr|lane|ln|highway|hwy|court|ct|way)\b"
)
_BUSINESS = r"(?i)\b(?:licensed|insured|bonded|llc|inc)\b"
_PLAIN_PHONE = r"^[\s\x{00A0}0-9()+./\x{2010}-\x{2015}-]*$"
_LONE_DIGITS = r"(?:^|[^0-9])[0-9][^0-9]+[0-9][^0-9]+[0-9][^0-9]+[0-9](?:[^0-9]|$)"


def measure(
    ads: daft.DataFrame,
    signals: daft.DataFrame,
    templates: daft.DataFrame,
    organizations: pa.Table,
    links: daft.DataFrame,
    moves: daft.DataFrame,
    posts: Posts,
) -> dict[str, Finding]:
    """Every kind of evidence in every organization, by the kinds' keys.

    `organizations` is sorted by organization, as `posts` counts them.
    """
    organization_ids: list[str] = organizations["organization_id"].to_pylist()
    own = _own_contacts(organizations)
    told = arrow(signals.select("ad", "kind", "value", "field"))
    contacts = [said(posts, told, kind, own=own) for kind in CONTACTS]
    phones = contacts[0]
    wording = _wording(ads, posts)
    moved = arrow(moves.where(col("kind").is_in(["move", "relinked"])))
    return {
        "wording_across_contacts": _wording_across_contacts(posts, contacts),
        "names_in_one_wording": _names_in_one_wording(posts, templates),
        "phone_across_wordings": _across_wordings(posts, phones),
        "contact_across_wordings": _across_wordings(
            posts, said(posts, told, "email", "handle", own=own)
        ),
        "image_across_phones": _image_across_phones(posts, said(posts, told, "image"), phones),
        **_how_phones_are_written(ads, signals, posts),
        "circuit": _circuit(posts, moved, organization_ids),
        **_towns(posts),
        "many_in_a_day": _many_in_a_day(posts),
        **_sites(posts),
        "relinked_after_closing": _relinked(posts, moved, organization_ids),
        **_one_hand(posts, contacts, wording),
        **_open_business(posts, told, wording),
        "refused_ties": _refused_ties(posts, ads, links),
    }


def _own_contacts(organizations: pa.Table) -> pa.Table:
    """The contacts of organizations, a row each: those that are theirs and not everybody's."""
    parts = []
    for kind in CONTACTS:
        values = organizations[f"{kind}s"].combine_chunks()
        flat = pc.list_flatten(values).cast(pa.large_string())
        kinds = pa.array([kind] * len(flat), pa.large_string())
        of = pc.list_parent_indices(values)
        parts.append(pa.table({"organization": of.cast(pa.int64()), "kind": kinds, "value": flat}))
    return pa.concat_tables(parts)


# --- toward ------------------------------------------------------------------------------------


def _wording_across_contacts(posts: Posts, contacts: list[Said]) -> Finding:
    """Different contacts of one sort in one template, so that a phone and an e-mail are not two."""
    sort = np.concatenate([np.full(len(c.row), i) for i, c in enumerate(contacts)])
    row = np.concatenate([c.row for c in contacts])
    code = np.concatenate([c.code for c in contacts])
    within = pair(posts.organization[row], posts.template[row])
    return most_values(posts, pair(within, sort), code, row, at_least=2)


def _names_in_one_wording(posts: Posts, templates: daft.DataFrame) -> Finding:
    table = arrow(templates.select("template", "slots"))
    slots = table["slots"].combine_chunks()
    slot_of = pc.list_parent_indices(slots)
    slot = pc.list_flatten(slots)
    examples = pc.struct_field(slot, "examples")
    name_slot = np.asarray(
        pc.fill_null(pc.equal(pc.struct_field(slot, "kind"), "name"), False).to_numpy(
            zero_copy_only=False
        ),
        dtype=bool,
    )
    parent = ints(pc.list_parent_indices(examples))
    name = pc.utf8_lower(pc.list_flatten(examples))
    code = ints(pc.dictionary_encode(name).indices)
    keep = name_slot[parent] if len(parent) else np.zeros(0, dtype=bool)
    names = distinct(parent[keep], code[keep], np.arange(int(keep.sum())))
    slot_number, number = np.unique(names.group, return_counts=True)
    owner = ints(table["template"])[ints(slot_of)[slot_number]] if len(slot_number) else names.group
    most: dict[int, int] = {}  # template: names in its richest slot
    for template, amount in zip(owner.tolist(), number.tolist(), strict=True):
        most[template] = max(most.get(template, 0), amount)
    keys = np.array(sorted(t for t in most if most[t] >= 2), dtype=np.int64)
    if not len(keys):
        return shown_by_first(posts, np.zeros(posts.count, dtype=bool), np.zeros(posts.count))
    values = np.array([most[int(t)] for t in keys])
    at = np.minimum(np.searchsorted(keys, posts.template), len(keys) - 1)
    row = np.flatnonzero(keys[at] == posts.template)
    amount_of_row = values[at[row]]
    best = np.zeros(posts.count)
    np.maximum.at(best, posts.organization[row], amount_of_row)
    shows = row[amount_of_row == best[posts.organization[row]]]
    # Ads of one template only: the lowest of the richest.
    lowest = np.full(posts.count, np.iinfo(np.int64).max)
    np.minimum.at(lowest, posts.organization[shows], posts.template[shows])
    shows = shows[posts.template[shows] == lowest[posts.organization[shows]]]
    every = np.arange(posts.count)
    return finding(posts, every, best, shows, posts.organization[shows])


def _across_wordings(posts: Posts, contact: Said) -> Finding:
    """Different wordings under one contact; an ad of no template is a wording of its own."""
    template = posts.template[contact.row]
    own = int(posts.template.max(initial=-1)) + 1 + contact.row
    within = pair(posts.organization[contact.row], contact.code)
    return most_values(
        posts, within, np.where(template >= 0, template, own), contact.row, at_least=2
    )


def _image_across_phones(posts: Posts, image: Said, phone: Said) -> Finding:
    image_of = np.full(len(posts.ad), -1, dtype=np.int64)
    image_of[image.row] = image.code
    within = pair(posts.organization[phone.row], image_of[phone.row])
    return most_values(posts, within, phone.code, phone.row, at_least=2)


def _how_phones_are_written(
    ads: daft.DataFrame, signals: daft.DataFrame, posts: Posts
) -> dict[str, Finding]:
    """Phones in titles and texts: plainly written or hidden from programs."""
    spans = signals.where(
        col("kind").is_in(["phone"])
        & col("field").is_in(["title", "text"])
        & col("start").not_null()
    ).select("ad", "field", "start", "end")
    source = ads.select("ad", "title", "text")
    inside = spans.join(source, on="ad").select(
        "ad",
        when(col("field") == "title", col("title"))
        .otherwise(col("text"))
        .substr(col("start"), col("end") - col("start"))
        .alias("written"),
    )
    written = arrow(
        inside.select(
            "ad",
            (regexp(col("written"), _PLAIN_PHONE) & ~regexp(col("written"), _LONE_DIGITS)).alias(
                "plain"
            ),
        )
    )
    row = posts.rows_of(ints(written["ad"]))
    plain = ints(written["plain"].cast(pa.int64()), 1)[row >= 0].astype(bool)
    row = row[row >= 0]
    has = np.unique(row)
    hidden = np.unique(row[~plain])
    with_phone = np.bincount(posts.organization[has], minlength=posts.count)
    with_hidden = np.bincount(posts.organization[hidden], minlength=posts.count)
    phones = np.bincount(posts.organization[row], minlength=posts.count)
    obscured = (with_hidden >= 2) & (with_hidden >= HIDDEN_SHARE * with_phone)
    in_clear = (phones >= 2) & (with_hidden == 0)
    every = np.arange(posts.count)
    return {
        "obscured_phone": finding(
            posts, every, np.where(obscured, with_hidden, 0.0), hidden, posts.organization[hidden]
        ),
        "plain_phone": finding(
            posts, every, np.where(in_clear, phones, 0.0), has, posts.organization[has]
        ),
    }


def _organization_numbers(moved: pa.Table, ids: list[str]) -> Ints:
    at = pc.index_in(
        moved["organization_id"].cast(pa.large_string()), pa.array(ids, pa.large_string())
    )
    return ints(at)


def _circuit(posts: Posts, moved: pa.Table, ids: list[str]) -> Finding:
    rounds = moved.filter(pc.is_valid(moved["circuit"]))
    of = _organization_numbers(rounds, ids)
    pairs = distinct(of, ints(rounds["circuit"]), np.arange(len(of)))
    number = np.bincount(pairs.group, minlength=posts.count)
    _, towns = per_organization(posts, posts.town)
    return finding(posts, np.arange(posts.count), number.astype(np.float64), towns.row, towns.group)


def _towns(posts: Posts) -> dict[str, Finding]:
    number, pairs = per_organization(posts, posts.town)
    every = np.arange(posts.count)
    many = np.where(number >= TOWNS, number, 0.0)
    one = np.where(number == 1, 1.0, 0.0)
    return {
        "many_towns": finding(posts, every, many, pairs.row, pairs.group),
        "towns_one_day": _towns_one_day(posts),
        "one_town": finding(posts, every, one, pairs.row, pairs.group),
    }


def _towns_one_day(posts: Posts) -> Finding:
    """The farthest apart of a day's towns to the north and south, or to the east and west."""
    where = np.array([gazetteer().locate(key) for key in posts.towns], dtype=np.float64)
    day = pair(posts.organization, posts.busy_day)
    seen = distinct(day, posts.town, np.arange(len(day)))
    if not len(seen.row):
        return finding(posts, *_nothing())
    latitude, longitude = where[seen.value, 0], where[seen.value, 1]
    far = np.zeros(len(seen.row))
    ends = np.zeros((len(seen.row), 2), dtype=np.int64)
    for axis in (latitude, longitude):
        order = np.lexsort((seen.value, axis, seen.group))
        grouped = seen.group[order]
        first = order[np.searchsorted(grouped, seen.group)]
        last = order[np.searchsorted(grouped, seen.group, side="right") - 1]
        km = great_circle_km(latitude[first], longitude[first], latitude[last], longitude[last])
        ends[km > far] = np.column_stack([first, last])[km > far]
        far = np.maximum(far, km)
    of = posts.organization[seen.row]
    order = np.lexsort((seen.group, -far, of))
    best = order[np.unique(of[order], return_index=True)[1]]
    best = best[far[best] >= FAR_KM]
    rows = seen.row[ends[best].ravel()]
    return finding(posts, of[best], far[best], rows, np.repeat(of[best], 2))


def _nothing() -> tuple[Ints, Floats, Ints, Ints]:
    none = np.zeros(0, dtype=np.int64)
    return none, np.zeros(0), none, none


def _many_in_a_day(posts: Posts) -> Finding:
    return most_values(
        posts,
        pair(posts.organization, posts.busy_day),
        np.arange(len(posts.ad)),
        np.arange(len(posts.ad)),
        at_least=IN_A_DAY,
    )


# --- context -----------------------------------------------------------------------------------


def _sites(posts: Posts) -> dict[str, Finding]:
    number, pairs = per_organization(posts, posts.site)
    every = np.arange(posts.count)
    several = np.where(number >= 2, number, 0.0)
    single = np.where((number == 1) & (posts.sites >= 2), float(posts.sites), 0.0)
    return {
        "several_sites": finding(posts, every, several, pairs.row, pairs.group),
        "single_site": finding(posts, every, single, pairs.row, pairs.group),
    }


def _relinked(posts: Posts, moved: pa.Table, ids: list[str]) -> Finding:
    """Ads that appeared elsewhere after a section closed, shown by the first ads since."""
    after = moved.filter(pc.equal(moved["kind"], "relinked"))
    of = _organization_numbers(after, ids)
    ads = np.zeros(posts.count)
    np.add.at(ads, of[of >= 0], ints(after["ads"])[of >= 0])
    arrived = ints(after["arrived_at"].cast(pa.int64()), np.iinfo(np.int64).max)
    since = np.full(posts.count, np.iinfo(np.int64).max)
    np.minimum.at(since, of[of >= 0], arrived[of >= 0])
    rows = np.flatnonzero(posts.when >= since[posts.organization])
    rows = rows[np.lexsort((rows, posts.when[rows]))]
    return finding(posts, np.arange(posts.count), ads, rows, posts.organization[rows])


# --- away --------------------------------------------------------------------------------------


def _wording(ads: daft.DataFrame, posts: Posts) -> pa.Table:
    """Of each ad of an organization: its text as a number, a street address, business words."""
    mine = daft.from_arrow(pa.table({"ad": posts.ad}))
    wording = arrow(
        ads.select("ad", "text")
        .join(mine, on="ad")
        .select(
            "ad",
            col("text").hash().alias("text"),
            when(regexp(col("text"), f"(?i){_STREET}"), col("text"))
            .otherwise(None)
            .alias("address"),
            regexp(col("text"), _BUSINESS).alias("business"),
        )
        .sort("ad")
    )
    address = pc.extract_regex(wording["address"], f"(?i)(?P<street>{_STREET})")
    street = pc.utf8_lower(pc.struct_field(address, "street"))
    return wording.set_column(wording.schema.get_field_index("address"), "address", street)


def _one_hand(posts: Posts, contacts: list[Said], wording: pa.Table) -> dict[str, Finding]:
    one = np.ones(posts.count, dtype=bool)
    some = np.zeros(posts.count, dtype=bool)
    for contact in contacts:
        pairs = distinct(posts.organization[contact.row], contact.code, contact.row)
        number = np.bincount(pairs.group, minlength=posts.count)
        one &= number <= 1
        some |= number == 1
    _, text = np.unique(wording["text"].to_numpy(), return_inverse=True)
    same = shared_by_most(posts, text.astype(np.int64), np.arange(len(posts.ad)), SAME_SHARE)
    return {
        "one_contact": shown_by_first(posts, one & some, np.ones(posts.count)),
        "reposting": Finding(np.where(one, same.amount, 0.0), same.start, same.rows),
        "long_standing": _long_standing(posts, contacts),
    }


def _long_standing(posts: Posts, contacts: list[Said]) -> Finding:
    """The longest time between the first and last ad of a template in one town, one contact."""
    group = pair(posts.organization, posts.template)
    kinds, at = np.unique(group, return_inverse=True)
    busy = np.zeros(len(kinds), dtype=bool)
    for row, code in [(c.row, c.code) for c in contacts] + [(np.arange(len(posts.ad)), posts.town)]:
        pairs = distinct(at[row], code, row)
        busy |= np.bincount(pairs.group, minlength=len(kinds)) > 1
    first = np.full(len(kinds), np.iinfo(np.int64).max)
    last = np.full(len(kinds), np.iinfo(np.int64).min)
    dated = np.flatnonzero((posts.day >= 0) & (group >= 0))
    np.minimum.at(first, at[dated], posts.day[dated])
    np.maximum.at(last, at[dated], posts.day[dated])
    span = np.where(~busy & (last >= first), last - first, 0)
    row = dated[span[at[dated]] >= STANDING_DAYS]
    longest = np.zeros(posts.count)
    np.maximum.at(longest, posts.organization[row], span[at[row]].astype(np.float64))
    row = row[span[at[row]] == longest[posts.organization[row]]]
    return finding(posts, np.arange(posts.count), longest, row, posts.organization[row])


def _open_business(posts: Posts, told: pa.Table, wording: pa.Table) -> dict[str, Finding]:
    size = np.bincount(posts.organization, minlength=posts.count)
    address = wording["address"]
    with_address = np.flatnonzero(_true(pc.greater(pc.utf8_length(address), 0)))
    streets = ints(pc.dictionary_encode(address.combine_chunks()).indices)[with_address]
    in_text = told.filter(pc.is_in(told["field"], pa.array(["title", "text"], told["field"].type)))
    link = said(posts, in_text, "link")
    price = said(posts, in_text, "price")
    prices = distinct(price.row, price.code, price.row)
    listing, number = np.unique(prices.group, return_counts=True)
    return {
        "street_address": shared_by_most(posts, streets, with_address, MOST),
        "price_list": _in_most(posts, listing[number >= PRICES], size),
        "own_link": shared_by_most(posts, link.code, link.row, MOST),
        "business_words": _in_most(posts, np.flatnonzero(_true(wording["business"])), size),
    }


def _true(column: Any) -> npt.NDArray[np.bool_]:
    return np.asarray(pc.fill_null(column, False).to_numpy(), dtype=bool)


def _in_most(posts: Posts, rows: Ints, size: Ints) -> Finding:
    number = np.bincount(posts.organization[rows], minlength=posts.count)
    enough = (number >= 2) & (number >= MOST * size)
    return finding(
        posts,
        np.arange(posts.count),
        np.where(enough, number, 0.0),
        rows,
        posts.organization[rows],
    )


def _refused_ties(posts: Posts, ads: daft.DataFrame, links: daft.DataFrame) -> Finding:
    """Different identifiers and wordings of the ads that were not followed."""
    refused = arrow(links.where(~col("kept")).select("source", "target"))
    if not refused.num_rows:
        return finding(posts, *_nothing())
    names = arrow(ads.select("ad", "ad_id").sort("ad"))
    node = pc.binary_join_element_wise(
        *(pa.scalar("ad", pa.large_string()), names["ad_id"], pa.scalar(":", pa.large_string()))
    )
    end = pa.concat_arrays(
        [refused[c].cast(pa.large_string()).combine_chunks() for c in ("source", "target")]
    )
    other = pa.concat_arrays(
        [refused[c].cast(pa.large_string()).combine_chunks() for c in ("target", "source")]
    )
    at = ints(pc.index_in(end, node.combine_chunks()))
    row = np.full(len(at), -1, dtype=np.int64)
    row[at >= 0] = posts.rows_of(ints(names["ad"])[at[at >= 0]])
    code = ints(pc.dictionary_encode(other).indices)
    mine = row >= 0
    pairs = distinct(posts.organization[row[mine]], code[mine], row[mine])
    number = np.bincount(pairs.group, minlength=posts.count).astype(np.float64)
    return finding(posts, np.arange(posts.count), number, pairs.row, pairs.group)
