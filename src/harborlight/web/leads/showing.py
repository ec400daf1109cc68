"""What a lead's page shows, from the sealed content of a version."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext_lazy
from django.utils.translation import gettext as _

from harborlight.recognize.report.formatting import phone
from harborlight.recognize.report.view import Part, parts
from harborlight.recognize.report.visible import visible
from harborlight.recognize.review.evidence import ALONE, ENGLISH, LANGUAGES, Kind, catalogue
from harborlight.recognize.review.innocent_reading import innocent_reading
from harborlight.web.leads.models import Sheet

ADS_ON_PAGE, TEXT_ON_PAGE, WORDINGS_SHOWN, STEPS_SHOWN, CONTACTS_SHOWN = 8, 2_000, 3, 24, 30
TOWNS_SHOWN = 12

CONTACT_KINDS = {
    "phone": gettext_lazy("Phone"),
    "email": gettext_lazy("E-mail"),
    "handle": gettext_lazy("Account"),
    "link": pgettext_lazy("a contact", "Link"),
}
SLOT_NAMES = {
    "name": gettext_lazy("name"),
    "place": gettext_lazy("place"),
    "phone": gettext_lazy("phone"),
    "price": gettext_lazy("price"),
    "time": gettext_lazy("time"),
    "free": gettext_lazy("free"),
}


@dataclass(frozen=True)
class Evidence:
    """One finding: its kind, what it says, the ads that show it, and two of them to ask about."""

    kind: Kind
    statement: str
    ads: list[tuple[int, int]]  # number of the ad, and of its sheet

    @property
    def pair(self) -> tuple[int, int] | None:
        """The first and the last ad, of which one may ask why they are together."""
        return (self.ads[0][0], self.ads[-1][0]) if len(self.ads) > 1 else None


@dataclass(frozen=True)
class Wording:
    """One wording with its slots."""

    name: str
    ads: int
    percent: int
    parts: list[tuple[Part, str]]  # with the slot's name in the reader's language
    slots: list[tuple[int, str, str, list[str]]]  # number, kind, its name, examples


@dataclass(frozen=True)
class Ad:
    """An ad behind a click. Its number is its place in the version."""

    number: int
    ad_id: str
    posted: datetime | None
    site: str
    place: str
    title: str
    text: str
    wording: str


def evidence(entries: list[dict[str, Any]], *, alone: bool | None = None) -> list[Evidence]:
    """The findings of a list; with `alone`, only those that do or do not count as context."""
    spoken = language()
    kinds = catalogue(spoken).kinds
    told = []
    for entry in entries:
        kind = kinds.get(entry["kind"])
        if kind is None or (alone is not None and (kind.direction == ALONE) is not alone):
            continue
        ads = [(number, (number - 1) // Sheet.ADS + 1) for number in sorted(entry["ads"])]
        # What the run wrote is shown in English; other languages say it again from the amount.
        said = entry["statement"] if spoken == ENGLISH else kind.state(entry["amount"])
        told.append(Evidence(kind, said, ads))
    return told


def innocent(content: dict[str, Any]) -> str:
    """The innocent reading, in the reader's language."""
    spoken = language()
    kinds = catalogue(spoken).kinds
    found = [entry["kind"] for entry in [*content["evidence"], *content["counter"]]]
    if spoken == ENGLISH or any(key not in kinds for key in found):
        return str(content["innocent"])
    return innocent_reading(tuple(kinds[key] for key in found), spoken)


def language() -> str:
    """The reader's language, of those that the kinds of evidence are written in."""
    spoken = (get_language() or ENGLISH).split("-")[0]
    return spoken if spoken in LANGUAGES else ENGLISH


def wordings(content: dict[str, Any]) -> list[Wording]:
    """The first wordings, in pieces."""
    return [_wording(row) for row in content["wordings"][:WORDINGS_SHOWN]]


def _wording(row: dict[str, Any]) -> Wording:
    def named(kind: str) -> str:
        return str(SLOT_NAMES.get(kind, SLOT_NAMES["free"])) if kind else ""

    return Wording(
        name=row["name"],
        ads=row["ads"],
        percent=round(row["explained"] * 100),
        parts=[(part, named(part.kind)) for part in parts(visible(row["pattern"]), row["slots"])],
        slots=[
            (number, slot["kind"], named(slot["kind"]), [visible(e) for e in slot["examples"]])
            for number, slot in enumerate(row["slots"], 1)
        ],
    )


def contacts(content: dict[str, Any]) -> list[tuple[str, str, int]]:
    """Kind, contact as people read it, and in how many ads: those with most ads first."""
    rows = sorted(content["contacts"], key=lambda row: (-row[2], row[0], row[1]))
    return [
        (str(CONTACT_KINDS.get(kind, kind)), phone(value) if kind == "phone" else visible(value), n)
        for kind, value, n in rows
    ]


def steps(content: dict[str, Any]) -> list[dict[str, Any]]:
    """From town to town, as the ads were posted."""
    return [
        {**move, "left": _moment(move["left_at"]), "arrived": _moment(move["arrived_at"])}
        for move in content["moves"]
        if move["kind"] == "move"
    ]


def after_closing(content: dict[str, Any]) -> list[str]:
    """What became of the ads after a section was closed, a sentence each."""
    sentences = []
    for move in content["moves"]:
        if not move["closed"]:
            continue
        place, _at, day = move["closed"].rpartition("@")
        about = {"place": visible(place), "day": day, "ads": move["ads"]}
        about["where"] = visible(" / ".join(filter(None, [move["to_site"], move["to_section"]])))
        if move["kind"] == "relinked":
            sentences.append(
                ngettext(
                    "After %(place)s closed on %(day)s: relinked, %(ads)s ad on %(where)s.",
                    "After %(place)s closed on %(day)s: relinked, %(ads)s ads on %(where)s.",
                    move["ads"],
                )
                % about
            )
        elif move["kind"] == "not seen":
            sentences.append(
                _("After %(place)s closed on %(day)s: not seen again on the sites of this run.")
                % about
            )
        elif move["kind"] == "unresolved":
            sentences.append(
                _("After %(place)s closed on %(day)s: unresolved, the sites read cannot tell.")
                % about
            )
    return sentences


def ads(sheet: int, rows: list[dict[str, Any]], most: int = TEXT_ON_PAGE) -> list[Ad]:
    """The ads of a sheet, safe to look at; of a long text only so much."""
    first = (sheet - 1) * Sheet.ADS + 1
    return [
        Ad(
            number=number,
            ad_id=visible(row["ad_id"], 80),
            posted=_moment(row["posted_at"]),
            site=visible(" / ".join(filter(None, [row["site"], row["section"]])), 120),
            place=visible(row["place"] or "", 120),
            title=visible(row["title"] or "", 300),
            text=visible(row["text"], most),
            wording=row["wording"] or "",
        )
        for number, row in enumerate(rows, first)
    ]


def node(name: str) -> str:
    """One end of a tie, in the reader's words."""
    kind, _sep, value = name.partition(":")
    if kind == "ad" and value.isdigit():
        return _("Ad %(number)s") % {"number": value}
    if kind == "ad":
        return _("an ad outside of this lead")
    if kind == "template":
        return _("Wording %(number)s") % {"number": value}
    if kind == "image":
        return _("one picture file")
    return f"{CONTACT_KINDS.get(kind, kind)} {phone(value) if kind == 'phone' else visible(value)}"


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
