"""Charts of the report as SVG: drawn here, no script, nothing fetched, the same bytes every time.

Colors differ in lightness as well, so that they hold for color-blind readers and in gray print;
what a color says is also written beside it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from harborlight.places.labels import text_width
from harborlight.places.svg import ACCENT, INK, QUIET, drawing, escape, number, text
from harborlight.recognize.report.contact_chart import GraphNode, GraphTie, contacts_svg

__all__ = [
    "DayPosts",
    "GraphNode",
    "GraphTie",
    "contacts_svg",
    "outcomes_svg",
    "timeline_svg",
    "weekly_svg",
]

_LINE, _BAND, _CLOSED = "#cfd6da", "#f5f7f8", "#9c2f12"
#: Darkest first; the closed section has the first.
_SERIES = ("#22303a", "#0b5c8a", "#d07a16", "#6fb0d6", "#f0c36d", "#c3ccd1")
# fmt: off
_MONTHS = (  # in any locale
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
)
# fmt: on
_MOST_TOWNS, _MOST_SITES = 14, 5


@dataclass(frozen=True)
class DayPosts:
    """Ads posted for one town on one day (UTC)."""

    day: date
    town: str
    ads: int


def timeline_svg(
    posts: Sequence[DayPosts],
    closings: Sequence[tuple[date, str]] = (),
    title: str = "Postings by town and day",
    width: int = 720,
) -> str:
    """A row a town, a dot a day with postings, its area going with their number.

    Towns stand in the order in which they were first posted for; past fourteen, those with fewer
    ads are drawn together. `closings` are (day, what closed). ValueError without any posting.
    """
    if not posts:
        raise ValueError("a timeline needs at least one dated posting")
    rows, left_out = _town_rows(posts)
    names = [*rows, f"{left_out} other towns"] if left_out else rows
    row_of = {town: i for i, town in enumerate(rows)}
    dots: dict[tuple[int, date], int] = {}
    for post in posts:
        key = (row_of.get(post.town, len(rows)), post.day)
        dots[key] = dots.get(key, 0) + post.ads

    days = [p.day for p in posts] + [day for day, _ in closings]
    first, last = min(days), max(days)
    left = min(max(text_width(name, 12.5) for name in names) + 18, width * 0.34)
    right, top, step = width - 16, 26.0, 25.0
    height = top + step * len(names) + 30
    scale = _Days(first, last, left + 8, right - 8)

    parts = [
        f'<rect x="{number(left)}" y="{number(top + step * i)}" width="{number(right - left)}" '
        f'height="{number(step)}" fill="{_BAND}"/>'
        for i in range(0, len(names), 2)
    ]
    parts += _day_axis(scale, top, top + step * len(names))
    for i, name in enumerate(names):
        parts.append(_words(name, left - 10, top + step * (i + 0.5) + 4.5, 12.5, INK, "end"))
    parts += _closing_marks(scale, closings, top, top + step * len(names))
    most = max(dots.values())
    for (row, day), ads in sorted(dots.items()):
        r = 2.4 + (step / 2 - 4.4) * math.sqrt(ads / most) if most > 1 else 3.6
        told = f"{names[row]}, {day.isoformat()}: {_count(ads, 'ad')}"
        parts.append(
            f'<circle cx="{number(scale.x(day))}" cy="{number(top + step * (row + 0.5))}" '
            f'r="{number(r)}" fill="{ACCENT}" fill-opacity=".75" stroke="#fff" '
            f'stroke-width=".6"><title>{escape(told)}</title></circle>'
        )
    total = sum(p.ads for p in posts)
    description = (
        f"{_count(total, 'ad')} for {_count(len(rows) + left_out, 'town')} from "
        f"{first.isoformat()} to {last.isoformat()}, in the order of the first posting: "
        f"{'; '.join(names)}."
    )
    return drawing(width, height, title, description, "".join(parts))


def weekly_svg(
    weekly: Sequence[tuple[int, str, int]],
    closed: str,
    closing_day: date,
    title: str = "Weekly ads before and after the closing",
    width: int = 720,
) -> str:
    """Stacked weekly bars by site; `closed` is the name of the closed section among the sites.

    `weekly` holds (week, site, ads), week 0 beginning on `closing_day`. Past five other sites the
    smaller are drawn together. ValueError without any week.
    """
    if not weekly:
        raise ValueError("a weekly chart needs at least one week")
    totals: dict[str, int] = {}
    for _, site, ads in weekly:
        totals[site] = totals.get(site, 0) + ads
    others = sorted((s for s in totals if s != closed), key=lambda s: (-totals[s], s))
    shown = others if len(others) <= _MOST_SITES else others[: _MOST_SITES - 1]
    rest = others[len(shown) :]
    series = [closed, *shown] + ([f"{len(rest)} other sites"] if rest else [])
    place = {site: i for i, site in enumerate([closed, *shown])}
    weeks = range(min(min(w for w, _, _ in weekly), 0), max(max(w for w, _, _ in weekly), 0) + 1)
    stacks = {week: [0] * len(series) for week in weeks}
    for week, site, ads in weekly:
        stacks[week][place.get(site, len(series) - 1)] += ads

    legend = min(max(text_width(_clip(s, 34), 12) for s in series) + 34, width * 0.36)
    left, right, top, plot = 44.0, width - legend - 14, 28.0, 200.0
    bottom = top + plot
    ceiling = _nice(max(sum(stack) for stack in stacks.values()))
    slot = (right - left) / len(weeks)
    parts = []
    for tick in range(5):
        y = bottom - plot * tick / 4
        if ceiling * tick % 4 == 0:
            parts.append(_rule(left, y, right, y, _LINE))
            parts.append(_words(f"{ceiling * tick // 4:,}", left - 6, y + 4, 10.5, QUIET, "end"))
    for i, week in enumerate(weeks):
        y = bottom
        for s, ads in enumerate(stacks[week]):
            tall = plot * ads / ceiling
            if not ads:
                continue
            y -= tall
            told = f"{series[s]}, week of {_week_day(closing_day, week)}: {_count(ads, 'ad')}"
            parts.append(
                f'<rect x="{number(left + slot * i + slot * 0.1)}" y="{number(y)}" '
                f'width="{number(slot * 0.8)}" height="{number(tall)}" fill="{_SERIES[s]}" '
                f'stroke="#fff" stroke-width=".8"><title>{escape(told)}</title></rect>'
            )
        if i % max(1, math.ceil(len(weeks) * 40 / (right - left))) == 0:
            label = _week_day(closing_day, week)[5:]
            parts.append(_words(label, left + slot * (i + 0.5), bottom + 16, 10.5, QUIET, "middle"))
    at = left + slot * (0 - weeks[0])
    parts.append(_rule(at, top - 8, at, bottom, _CLOSED, 1.8, "5 3"))
    parts.append(_words(f"closed {closing_day.isoformat()}", at + 5, top - 10, 11, _CLOSED))
    parts.append(_words("ads a week; weeks by first day", left, bottom + 34, 10.5, QUIET))
    for s, site in enumerate(series):
        y = top + 12 + 22 * s
        parts.append(
            f'<rect x="{number(right + 14)}" y="{number(y - 9)}" width="12" height="12" '
            f'fill="{_SERIES[s]}"/>'
        )
        parts.append(_words(_clip(site, 34), right + 32, y + 1.5, 12, INK))
    described = "; ".join(
        f"{site}: {sum(stacks[w][s] for w in weeks if w < 0):,} before, "
        f"{sum(stacks[w][s] for w in weeks if w >= 0):,} after"
        for s, site in enumerate(series)
    )
    description = f"Ads by site before and after {closing_day.isoformat()}: {described}."
    return drawing(
        width, max(bottom + 44, top + 22 * len(series) + 10), title, description, "".join(parts)
    )


def outcomes_svg(
    outcomes: Sequence[tuple[str, int]],
    title: str = "What became of the organizations of the closed section",
    width: int = 720,
) -> str:
    """A bar for each outcome with its number and share: (name, organizations).

    An empty list or no organization draws the names with 0.
    """
    total = sum(n for _, n in outcomes)
    most = max((n for _, n in outcomes), default=0) or 1
    left = max((text_width(name, 13) for name, _ in outcomes), default=0.0) + 22
    room = width - left - 110
    parts = [_rule(left, 6, left, 12 + 30 * len(outcomes), _LINE)]
    for i, (name, number_of) in enumerate(outcomes):
        y = 12 + 30 * i
        wide = room * number_of / most
        share = f"{number_of:,}" + (f" ({number_of / total:.0%})" if total else "")
        parts.append(_words(name, left - 10, y + 15, 13, INK, "end"))
        parts.append(
            f'<rect x="{number(left)}" y="{number(y)}" width="{number(wide)}" height="21" '
            f'fill="{_SERIES[1:][i % 5]}"/>'
        )
        parts.append(_words(share, left + wide + 7, y + 15, 13, INK))
    said = "; ".join(f"{name}: {n:,}" for name, n in outcomes)
    return drawing(width, 20 + 30 * len(outcomes), title, f"{said}; of {total:,}.", "".join(parts))


# --- days --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Days:
    """Where days stand between two edges."""

    first: date
    last: date
    left: float
    right: float

    def x(self, day: date) -> float:
        span = (self.last - self.first).days
        if not span:
            return (self.left + self.right) / 2
        return self.left + (self.right - self.left) * (day - self.first).days / span


def _town_rows(posts: Sequence[DayPosts]) -> tuple[list[str], int]:
    """The towns that get a row, in the order of their first posting, and how many do not."""
    first: dict[str, date] = {}
    ads: dict[str, int] = {}
    for post in posts:
        first[post.town] = min(first.get(post.town, post.day), post.day)
        ads[post.town] = ads.get(post.town, 0) + post.ads
    kept = sorted(ads, key=lambda t: (-ads[t], t))
    if len(kept) > _MOST_TOWNS:
        kept = kept[: _MOST_TOWNS - 1]
    return sorted(kept, key=lambda t: (first[t], -ads[t], t)), len(ads) - len(kept)


def _day_axis(scale: _Days, top: float, bottom: float) -> list[str]:
    parts = []
    until = -math.inf
    for day, label in _ticks(scale.first, scale.last):
        x = scale.x(day)
        parts.append(_rule(x, top, x, bottom, _LINE))
        if x - text_width(label, 10.5) / 2 > until:
            parts.append(_words(label, x, bottom + 16, 10.5, QUIET, "middle"))
            until = x + text_width(label, 10.5) / 2 + 8
    return parts


def _ticks(first: date, last: date) -> list[tuple[date, str]]:
    """Days to mark: weeks, months, quarters or years, by how long it is."""
    span = (last - first).days
    if span <= 75:
        step = 1 if span <= 10 else 7
        days = [first + timedelta(days=i) for i in range(0, span + 1, step)]
        return [(d, f"{_MONTHS[d.month - 1]} {d.day}") for d in days]
    months = 1 if span <= 550 else 3 if span <= 1_600 else 12
    ticks = []
    for n in range(first.year * 12, last.year * 12 + 12, months):
        day = date(n // 12, n % 12 + 1, 1)
        if first <= day <= last:
            label = f"{day.year}" if day.month == 1 else _MONTHS[day.month - 1]
            ticks.append((day, label))
    return ticks


def _closing_marks(
    scale: _Days, closings: Sequence[tuple[date, str]], top: float, bottom: float
) -> list[str]:
    parts = []
    for day, what in sorted(closings):
        x = scale.x(day)
        told = f"{what} closed {day.isoformat()}"
        near_right = x + text_width(told, 11) > scale.right
        parts.append(_rule(x, top - 6, x, bottom, _CLOSED, 1.8, "5 3"))
        parts.append(
            _words(told, x - 5 if near_right else x + 5, top - 9, 11, _CLOSED,
                   "end" if near_right else "start")
        )  # fmt: skip
    return parts


def _week_day(closing: date, week: int) -> str:
    return (closing + timedelta(days=7 * week)).isoformat()


# --- small things ------------------------------------------------------------------------------


def _words(words: str, x: float, y: float, size: float, color: str, anchor: str = "start") -> str:
    return text(words, x, y, size, color, anchor, halo=False)


def _rule(
    x1: float, y1: float, x2: float, y2: float, color: str, thick: float = 1, dashes: str = ""
) -> str:
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    return (
        f'<path d="M{number(x1)} {number(y1)}L{number(x2)} {number(y2)}" stroke="{color}" '
        f'stroke-width="{thick:g}"{dashed}/>'
    )


def _nice(value: int) -> int:
    """The next 1, 2, 4, 6, 8, 10, 20 ... up from a count, so that quarters are whole or few."""
    size: int = 10 ** (len(str(value)) - 1)
    return next(step * size for step in (1, 2, 4, 6, 8, 10) if step * size >= value)


def _count(number_of: int, what: str) -> str:
    return f"{number_of:,} {what}{'' if number_of == 1 else 's'}"


def _clip(words: str, most: int) -> str:
    return words if len(words) <= most else words[: most - 1] + "…"
