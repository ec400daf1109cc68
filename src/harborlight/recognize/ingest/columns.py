"""Which column of an input file holds which field of an ad."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from harborlight.recognize.errors import InputError
from harborlight.recognize.schema import FIELDS

#: Usual names, best first, written without case, spaces and punctuation.
NAMES: dict[str, tuple[str, ...]] = {
    "ad_id": ("adid", "id", "postid", "postingid", "listingid", "adnumber", "adno", "uid", "uuid"),
    "posted_at": (
        "postedat",
        "posted",
        "postedon",
        "posteddate",
        "dateposted",
        "postdate",
        "postingdate",
        "postedtime",
        "posttime",
        "timestamp",
        "datetime",
        "date",
        "createdat",
        "created",
        "createdon",
        "publishedat",
        "published",
        "time",
    ),
    "site": ("site", "source", "website", "domain", "platform", "sitename"),
    "section": ("section", "category", "subcategory", "board"),
    "place": ("place", "town", "city", "location", "cityname", "area", "market"),
    "latitude": ("latitude", "lat", "geolat"),
    "longitude": ("longitude", "lon", "lng", "long", "geolon", "geolng"),
    "title": ("title", "headline", "subject", "adtitle", "heading"),
    "text": (
        "text",
        "body",
        "description",
        "content",
        "adtext",
        "adbody",
        "fulltext",
        "message",
        "posttext",
        "postbody",
    ),
    "phone": (
        "phone",
        "phonenumber",
        "telephone",
        "tel",
        "mobile",
        "contactphone",
        "phones",
    ),
    "image_hash": ("imagehash", "phash", "imghash", "photohash", "imagephash", "dhash"),
    "url": ("url", "link", "href", "permalink", "adurl", "posturl"),
}


def plain(name: str) -> str:
    """A column name without case, spaces, underscores and other punctuation."""
    return re.sub(r"[\W_]+", "", name.casefold())


def check_mapping(mapping: Mapping[str, str]) -> None:
    """Raise InputError when a mapping names a field that ads do not have."""
    for field in mapping:
        if field not in FIELDS:
            raise InputError(f"--map: ads have no field {field!r}; fields are {', '.join(FIELDS)}")


def find(name: str, columns: Sequence[str]) -> str | None:
    """The column a user means by a name: exactly so written, else the first alike."""
    if name in columns:
        return name
    return next((column for column in columns if plain(column) == plain(name)), None)


def recognize(columns: Sequence[str], mapping: Mapping[str, str] | None = None) -> dict[str, str]:
    """Field -> column for the columns of one file.

    A mapped column that this file lacks is looked for by the field's usual names instead. A column
    serves one field, unless the mapping names it for several.
    """
    found: dict[str, str] = {}
    for field, name in (mapping or {}).items():
        column = find(name, columns)
        if column is not None:
            found[field] = column
    by_plain: dict[str, str] = {}
    for column in columns:
        if column not in found.values():
            alike = by_plain.setdefault(plain(column), column)
            if column == plain(column) != alike:
                by_plain[plain(column)] = column  # "text" before "Text"
    for field in FIELDS:
        if field not in found:
            name = next((usual for usual in NAMES[field] if usual in by_plain), "")
            if name:
                found[field] = by_plain[name]
    return found
