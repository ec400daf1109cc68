"""The signals stage: what an ad says of how to reach, where, when and for how much."""

from __future__ import annotations

import random
import subprocess
import sys

import daft
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harborlight.recognize.schema import ADS, SIGNALS
from harborlight.recognize.signals.amounts import find_amounts
from harborlight.recognize.signals.contacts import find_contacts, handle_of_link, normal_link
from harborlight.recognize.signals.stage import ad_signals, signals, text_signals

TEXTS = [
    ("bob.r+ads@Mail.Example.com", [("email", "bob.r+ads@mail.example.com")]),
    ("robin at site dot com", [("email", "robin@site.com")]),
    ("robin (at) site (dot) com", [("email", "robin@site.com")]),
    ("robin[at]site.com", [("email", "robin@site.com")]),
    ("robin at gmail.com", [("email", "robin@gmail.com")]),
    ("meet at oakview.com", [("link", "oakview.com")]),
    ("see https://WWW.Example.com/Path/?utm_source=x&b=2#top.", [("link", "example.com/Path?b=2")]),
    ("www.oakview.example/rooms!", [("link", "oakview.example/rooms")]),
    ("oakview.com, please", [("link", "oakview.com")]),
    ("call now.me and you", []),
    ("t.me/robin_55", [("handle", "telegram:robin_55"), ("link", "t.me/robin_55")]),
    ("instagram.com/robin.r", [("handle", "instagram:robin.r"), ("link", "instagram.com/robin.r")]),
    ("insta: robin_r", [("handle", "instagram:robin_r")]),
    ("IG @Robin.R", [("handle", "instagram:robin.r")]),
    ("Snapchat - robin_22", [("handle", "snapchat:robin_22")]),
    ("kik me robin5566", [("handle", "kik:robin5566")]),
    ("my telegram is robinsongs", [("handle", "telegram:robinsongs")]),
    ("ｓｎａｐｃｈａｔ: robin_22", [("handle", "snapchat:robin_22")]),
    ("@robin_r on telegram", [("handle", "telegram:robin_r"), ("messaging", "telegram")]),
    ("@robin_r", [("handle", "@robin_r")]),
    ("@vailable now", []),
    ("WhatsApp me anytime", [("messaging", "whatsapp")]),
    ("stand in line, no signal", []),
    ("$120", [("price", "USD 120")]),
    ("$1,200.50 a month", [("price", "USD 1200.50/month")]),
    ("120/hr", [("price", "120/hour")]),
    ("80 dollars per half hour", [("price", "USD 80/half hour")]),
    ("£650 pcm", [("price", "GBP 650/month")]),
    ("€90", [("price", "EUR 90")]),
    ("2k or $2k", [("price", "USD 2000")]),
    ("9am-5pm", [("time", "09:00-17:00")]),
    ("9-5pm", [("time", "09:00-17:00")]),
    ("10:30 pm", [("time", "22:30")]),
    ("from 9:00 to 17:30", [("time", "09:00-17:30")]),
    ("24/7", [("time", "24/7")]),
    ("24 hours", [("time", "24/7")]),
    ("until noon", [("time", "12:00")]),
    ("25:99", []),
    ("now in Mankato, MN", [("place", "Mankato, MN")]),
    ("call 507-555-0142 $80", [("phone", "+15075550142"), ("price", "USD 80")]),
    ("", []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "found"), TEXTS)
def test_texts(text: str, found: list[tuple[str, str]]) -> None:
    assert [(s.kind, s.value) for s in text_signals("text", text)] == found


@pytest.mark.parametrize(("text", "found"), TEXTS)
def test_a_span_read_again_gives_the_same(text: str, found: list[tuple[str, str]]) -> None:
    padded = f"✨\u200b ok {text} 🅺"
    again = [s for s in text_signals("text", padded) if (s.kind, s.value) in found]
    for signal in again:
        part = padded[signal.start : signal.end]
        if signal.kind not in ("place",) and (signal.kind, part[0]) != ("handle", "@"):
            assert (signal.kind, signal.value) in {
                (s.kind, s.value) for s in text_signals("text", part)
            }


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("HTTPS://www.Site.example/a/B/?fbclid=1", "site.example/a/B"),
        ("site.example:8080/x", "site.example:8080/x"),
        ("https://site.example:443/", "site.example"),
        ("http://site.example/?b=2&a=1", "site.example?a=1&b=2"),
        ("nohost", None),
        ("http://[bad/", None),
    ],
)
def test_normal_links(url: str, link: str | None) -> None:
    assert normal_link(url) == link


def test_handle_of_a_profile_link() -> None:
    assert handle_of_link("snapchat.com/add/robin_1") == "snapchat:robin_1"
    assert handle_of_link("site.example/robin") is None


def test_every_field_is_read() -> None:
    found = ad_signals(
        "507-555-0100",
        "ask Ana",
        "(507) 555-0101",
        "Rochester, Minnesota",
        "00ff00ff00ff00ff",
        "https://t.me/robin_5",
    )
    assert [(s.field, s.start, s.end, s.kind, s.value) for s in found] == [
        ("image_hash", None, None, "image", "00ff00ff00ff00ff"),
        ("phone", None, None, "phone", "+15075550101"),
        ("place", None, None, "place", "Rochester, MN"),
        ("title", 0, 12, "phone", "+15075550100"),
        ("url", None, None, "handle", "telegram:robin_5"),
        ("url", None, None, "link", "t.me/robin_5"),
    ]


def _table(rows: list[dict[str, object]]) -> daft.DataFrame:
    return daft.from_arrow(
        pa.Table.from_pylist(
            [{"site": "a.example", **dict.fromkeys(ADS.names), **row} for row in rows],
            pa.schema([pa.field(f.name, f.type) for f in ADS]),
        )
    )


def test_stage_gives_the_table_sorted_whatever_the_order_of_rows() -> None:
    rng = random.Random(3)
    rows: list[dict[str, object]] = [
        {
            "ad": n,
            "ad_id": f"a{n}",
            "title": rng.choice([None, "$20 off", "Text 507-555-0111"]),
            "text": rng.choice(["", "5⭐0⭐7⭐555⭐0142 9am-5pm", "in Mankato, MN\n$80 $80", "😀"]),
            "phone": rng.choice([None, "507 555 0199", "none"]),
            "place": rng.choice([None, "Mankato", "nowhere at all"]),
        }
        for n in range(50)
    ]
    found = signals(_table(rows)).to_arrow()
    assert found.column_names == SIGNALS.names
    assert found.cast(SIGNALS).schema == SIGNALS
    keys = [
        (r["ad"], r["field"], -1 if r["start"] is None else r["start"], r["kind"], r["value"])
        for r in found.to_pylist()
    ]
    assert keys == sorted(set(keys))
    rng.shuffle(rows)
    assert signals(_table(rows)).to_arrow() == found


def test_no_ads_give_an_empty_table() -> None:
    assert signals(_table([])).to_arrow().num_rows == 0
    assert signals(_table([{"ad": 0, "ad_id": "a", "text": "nothing"}])).to_arrow().num_rows == 0


@given(
    st.lists(
        st.characters(codec=None)
        | st.sampled_from("@.:/$£€-0123456789 \n\0\ud800")
        | st.sampled_from(
            ["kik ", "http://", "www.", " at ", " dot com", "9am", "snap: ", " per "]
        ),
        max_size=60,
    ).map("".join)
)
@settings(max_examples=500, deadline=None)
def test_any_text_is_read(text: str) -> None:
    for found in (find_contacts(text), find_amounts(text)):
        for one in found:
            assert 0 <= one.start < one.end <= len(text)
            assert one.value


@pytest.mark.parametrize(
    "unit", ["a", "1", "$1 ", "@", "a.", "@a.com ", "kik ", "😀", "\0", "1:1-"]
)
def test_long_texts_are_read_in_linear_time(unit: str) -> None:
    """A quadratic step would take hours."""
    code = (
        "from harborlight.recognize.signals.stage import ad_signals;"
        f"t = {unit!r} * (200_000 // {len(unit)});"
        "ad_signals(None, t, None, None, None, None)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=300)


def test_a_services_own_pages_name_nobody() -> None:
    own = (
        "https://t.me/joinchat/AAAA1 https://t.me/+AbCd12345 https://wa.me/message/CCCC3 "
        "https://www.facebook.com/marketplace/item/111 facebook.com/story.php?id=1234567 "
        "https://x.com/intent/tweet?text=a https://twitter.com/hashtag/lawn "
        "https://instagram.com/explore/tags/a https://www.facebook.com/events/123456 "
        "https://instagram.com/stories/highlights/123 kik.me/share venmo.com/groups "
        "arrow@2x.png <style>@media print</style> @font-face @import"
    )
    assert [c for c in find_contacts(own) if c.kind in ("handle", "email")] == []
    named = "facebook.com/profile.php?id=100010001 instagram.com/stories/robin.p/12 t.me/s/robinp"
    assert {c.value for c in find_contacts(named) if c.kind == "handle"} == {
        "facebook:100010001",
        "instagram:robin.p",
        "telegram:robinp",
    }
