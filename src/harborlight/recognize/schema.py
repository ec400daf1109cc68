"""The tables that pass between the stages, as Arrow schemas.

Every stage is a function from DataFrames to DataFrames. Inside a run an ad is known by its number
``ad``: its place when the accepted ads are sorted by ``ad_id``, so it does not depend on the order
of rows or files. The files that a run writes name ads by ``ad_id``.
"""

from __future__ import annotations

import pyarrow as pa

TIME = pa.timestamp("us", tz="UTC")

#: Fields of an ad that an input file may hold, in the order they are written; only text is needed.
FIELDS = (
    "ad_id",
    "posted_at",
    "site",
    "section",
    "place",
    "latitude",
    "longitude",
    "title",
    "text",
    "phone",
    "image_hash",
    "url",
)

#: read -> : the canonical table, one row per accepted ad, sorted by ad.
ADS = pa.schema(
    [
        pa.field("ad", pa.int64(), nullable=False),
        pa.field("ad_id", pa.string(), nullable=False),  # unique
        pa.field("posted_at", TIME),
        pa.field("site", pa.string()),
        pa.field("section", pa.string()),
        pa.field("place", pa.string()),
        pa.field("latitude", pa.float64()),  # WGS 84 degrees
        pa.field("longitude", pa.float64()),
        pa.field("title", pa.string()),
        pa.field("text", pa.string(), nullable=False),  # as read, never changed
        pa.field("phone", pa.string()),  # as read
        pa.field("image_hash", pa.string()),  # 16 lower-case hex digits
        pa.field("url", pa.string()),
    ]
)

#: read -> : rows that could not be used. Nothing is lost: `raw` holds the row as JSON or text.
REJECTS = pa.schema(
    [
        pa.field("file", pa.string(), nullable=False),
        pa.field("row", pa.int64()),  # 1 is the first data row; null when the file itself broke
        pa.field("reason", pa.string(), nullable=False),
        pa.field("raw", pa.string()),
    ]
)

#: fold -> : the ad's words as a reader sees them; title and text, in that order.
FOLDED = pa.schema(
    [
        pa.field("ad", pa.int64(), nullable=False),
        pa.field("folded", pa.string(), nullable=False),  # words separated by one space
    ]
)

#: signals -> : what an ad says of how to reach, where, when and for how much.
#: kind: phone (E.164), email, handle ("instagram:name"), link, messaging, price, time, place and
#: image.
SIGNALS = pa.schema(
    [
        pa.field("ad", pa.int64(), nullable=False),
        pa.field("kind", pa.string(), nullable=False),
        pa.field("value", pa.string(), nullable=False),
        pa.field(
            "field", pa.string(), nullable=False
        ),  # title, text, phone, place, image_hash, url
        pa.field("start", pa.int64()),  # characters into the original field; null when whole
        pa.field("end", pa.int64()),
    ]
)

#: similar -> : pairs of ads that share an unusual amount of wording, a < b.
SIMILAR = pa.schema(
    [
        pa.field("a", pa.int64(), nullable=False),
        pa.field("b", pa.int64(), nullable=False),
        pa.field("shared", pa.int32(), nullable=False),  # rare word grams both have
        pa.field("similarity", pa.float32(), nullable=False),  # 0..1, of the mean of both
        pa.field("bits", pa.float32(), nullable=False),  # what the shared grams weigh
        pa.field("refused", pa.string()),  # why the pair is not of one template; null when it is
    ]
)

SLOT = pa.struct(
    [
        pa.field("kind", pa.string()),  # name, place, phone, price, time, free
        pa.field("examples", pa.list_(pa.string())),  # at most 5, commonest first
    ]
)

#: template -> : the constant wording of each group of ads and its slots.
TEMPLATES = pa.schema(
    [
        pa.field("template", pa.int64(), nullable=False),
        pa.field("template_id", pa.string(), nullable=False),  # T000001 ...
        pa.field("ads", pa.int64(), nullable=False),
        # The wording, constant parts in clear, slots as {1}, {2} ... in order.
        pa.field("pattern", pa.string(), nullable=False),
        pa.field("slots", pa.list_(SLOT), nullable=False),
        pa.field("constant_words", pa.int32(), nullable=False),
        pa.field("explained", pa.float32(), nullable=False),  # mean share of its ads' words
        pa.field("first_posted", TIME),
        pa.field("last_posted", TIME),
    ]
)

#: template -> : which ad follows which template, and how much of it the template explains.
MEMBERS = pa.schema(
    [
        pa.field("ad", pa.int64(), nullable=False),
        pa.field("template", pa.int64(), nullable=False),
        pa.field("explained", pa.float32(), nullable=False),  # share of the ad's words, 0..1
    ]
)

#: organize -> : the evidence graph. A node is an ad ("ad:<ad_id>"), a template
#: ("template:<template_id>") or an identifier ("phone:+1...", "email:...", "handle:...",
#: "link:...", "image:..."); a row ties an ad to a template or identifier, or two ads by wording.
LINKS = pa.schema(
    [
        pa.field("source", pa.string(), nullable=False),
        pa.field("target", pa.string(), nullable=False),
        pa.field("kind", pa.string(), nullable=False),  # template, wording, phone, email, ...
        pa.field("weight", pa.float32(), nullable=False),
        pa.field("kept", pa.bool_(), nullable=False),
        pa.field("reason", pa.string()),  # why a refused link was refused; null when kept
        pa.field("organization_id", pa.string()),  # null when refused
    ]
)

#: organize -> : one row per organization of two or more ads.
ORGANIZATIONS = pa.schema(
    [
        pa.field("organization", pa.int64(), nullable=False),
        pa.field("organization_id", pa.string(), nullable=False),  # O000001 ...
        pa.field("ads", pa.int64(), nullable=False),
        pa.field("templates", pa.list_(pa.string()), nullable=False),  # template ids
        pa.field("phones", pa.list_(pa.string()), nullable=False),  # E.164, sorted
        pa.field("emails", pa.list_(pa.string()), nullable=False),
        pa.field("handles", pa.list_(pa.string()), nullable=False),
        pa.field("links", pa.list_(pa.string()), nullable=False),
        pa.field("images", pa.list_(pa.string()), nullable=False),
        pa.field("sites", pa.list_(pa.string()), nullable=False),
        pa.field("places", pa.list_(pa.string()), nullable=False),  # "Mankato, MN"
        pa.field("first_posted", TIME),
        pa.field("last_posted", TIME),
    ]
)

#: organize -> : which ad belongs to which organization.
BELONGS = pa.schema(
    [
        pa.field("ad", pa.int64(), nullable=False),
        pa.field("organization", pa.int64(), nullable=False),
    ]
)

#: movement -> : where the postings of an organization went, and what came after a closed section.
#: kind: "move" (from one town to the next), "relinked", "not seen", "unresolved" (see movement.py).
MOVES = pa.schema(
    [
        pa.field("organization_id", pa.string(), nullable=False),
        pa.field("sequence", pa.int64(), nullable=False),  # 0, 1, ... within organization and kind
        pa.field("kind", pa.string(), nullable=False),
        pa.field("from_place", pa.string()),
        pa.field("to_place", pa.string()),
        pa.field("from_site", pa.string()),
        pa.field("to_site", pa.string()),
        pa.field("from_section", pa.string()),
        pa.field("to_section", pa.string()),
        pa.field("left_at", TIME),  # last posting before
        pa.field("arrived_at", TIME),  # first posting after
        pa.field("kilometers", pa.float64()),
        pa.field("ads", pa.int64(), nullable=False),  # postings at the new place or site
        pa.field("circuit", pa.int64()),  # number of the repeated round this move is part of
        pa.field("closed", pa.string()),  # SITE[/SECTION]@DATE, for the last three kinds
    ]
)

EVIDENCE = pa.struct(
    [
        pa.field("kind", pa.string()),  # key of evidence.yaml
        pa.field("statement", pa.string()),  # what was found, in plain words
        pa.field("amount", pa.float64()),
        pa.field("ads", pa.list_(pa.string())),  # ad_ids that show it, at most 5
    ]
)

#: review -> : leads in review order. A human decides; nothing here says what a person is.
LEADS = pa.schema(
    [
        pa.field("lead_id", pa.string(), nullable=False),  # L0001 is first in review order
        pa.field("review_order", pa.int64(), nullable=False),
        pa.field("organization_id", pa.string(), nullable=False),
        pa.field("ads", pa.int64(), nullable=False),
        pa.field("evidence", pa.list_(EVIDENCE), nullable=False),
        pa.field("counter_evidence", pa.list_(EVIDENCE), nullable=False),
        pa.field("innocent_reading", pa.string(), nullable=False),
    ]
)
