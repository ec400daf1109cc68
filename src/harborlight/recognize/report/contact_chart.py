"""The chart of an organization's wordings and contacts: which template names which contact."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from harborlight.places.labels import text_width
from harborlight.places.svg import ACCENT, INK, QUIET, drawing, escape, number, text

_TEMPLATE = "template"
#: Shapes tell the kinds of contact apart, in print as on screen.
_ORDER = ("phone", "email", "handle", "link", "messaging", "image")
_NAMES = {"email": "e-mail", "link": "link", "image": "picture", "messaging": "messenger"}


@dataclass(frozen=True)
class GraphNode:
    """A template or a contact: `key` is unique, `kind` as in schema.SIGNALS or "template"."""

    key: str
    kind: str
    label: str
    ads: int


@dataclass(frozen=True)
class GraphTie:
    """So many ads of a template name a contact."""

    template: str
    contact: str
    ads: int


def contacts_svg(
    nodes: Sequence[GraphNode],
    ties: Sequence[GraphTie],
    title: str = "Wordings and contacts",
    most: int = 40,
    width: int = 720,
) -> str:
    """Templates on the left, contacts on the right, a line where ads of one name the other.

    At most `most` nodes are drawn, those with most ads; the drawing says how many are left out.
    Contacts that no template names stand there without a line. ValueError without any node.
    """
    if not nodes:
        raise ValueError("a chart of contacts needs at least one node")
    shown = _shown(nodes, most)
    left_out = len(nodes) - len(shown)
    keys = {node.key for node in shown}
    kept = sorted(
        (t for t in ties if t.template in keys and t.contact in keys),
        key=lambda t: (t.template, t.contact),
    )
    templates, contacts = _ordered(shown, kept)

    step, top = 27.0, 40.0
    rows = max(len(templates), len(contacts), 1)
    height = top + step * rows + (26 if left_out else 8)
    at: dict[str, tuple[float, float]] = {}
    left_label = max((text_width(_told(n), 12) for n in templates), default=0.0)
    right_label = max((text_width(_told(n), 12) for n in contacts), default=0.0)
    left_x = min(left_label + 24, width * 0.38)
    right_x = max(width - right_label - 28, width * 0.62)
    for side, x in ((templates, left_x), (contacts, right_x)):
        offset = (rows - len(side)) * step / 2
        for i, node in enumerate(side):
            at[node.key] = (x, top + offset + step * (i + 0.5))

    heaviest = max((t.ads for t in kept), default=1)
    parts = []
    for tie in sorted(kept, key=lambda t: (t.ads, t.template, t.contact)):
        (ax, ay), (bx, by) = at[tie.template], at[tie.contact]
        bend = (bx - ax) * 0.45
        thick = 1 + 4 * math.sqrt(tie.ads / heaviest)
        parts.append(
            f'<path d="M{number(ax)} {number(ay)}C{number(ax + bend)} {number(ay)} '
            f'{number(bx - bend)} {number(by)} {number(bx)} {number(by)}" fill="none" '
            f'stroke="#8fa3ae" stroke-opacity=".75" stroke-width="{number(thick)}">'
            f"<title>{escape(_tie_told(tie, shown))}</title></path>"
        )
    for node in templates:
        x, y = at[node.key]
        parts.append(
            f'<rect x="{number(x - 7)}" y="{number(y - 8)}" width="14" height="16" rx="2" '
            f'fill="{INK}" stroke="#fff"/>'
        )
        parts.append(text(_told(node), x - 13, y + 4.2, 12, INK, "end", halo=False))
    for node in contacts:
        x, y = at[node.key]
        parts.append(_mark(node.kind, x, y))
        parts.append(text(_told(node), x + 14, y + 4.2, 12, INK, halo=False))
    if templates:
        parts.append(text("Wordings", left_x, 20, 12, QUIET, "end", 600, halo=False))
    if contacts:
        kinds = [_NAMES.get(k, k) for k in _ORDER if any(n.kind == k for n in contacts)]
        heading = f"Contacts: {', '.join(kinds)}" if kinds else "Contacts"
        fits = right_x - 8 + text_width(heading, 13.5) < width
        at_x, anchor = (right_x - 8, "start") if fits else (width - 8.0, "end")
        parts.append(text(heading, at_x, 20, 12, QUIET, anchor, 600, halo=False))
    if left_out:
        said = f"{left_out:,} with fewer ads {'is' if left_out == 1 else 'are'} left out."
        parts.append(text(said, 12, height - 9, 11.5, QUIET, halo=False))
    description = (
        f"{len(templates)} wordings and {len(contacts)} contacts"
        + (f", {left_out:,} more left out" if left_out else "")
        + ". "
        + " ".join(_tie_told(t, shown) + "." for t in kept)
    )
    return drawing(width, height, title, description, "".join(parts))


def _shown(nodes: Sequence[GraphNode], most: int) -> list[GraphNode]:
    """The nodes with most ads, templates and contacts sharing the room as evenly as they can."""
    ranked = sorted(nodes, key=lambda n: (-n.ads, n.key))
    templates = [n for n in ranked if n.kind == _TEMPLATE]
    contacts = [n for n in ranked if n.kind != _TEMPLATE]
    half = max(most // 2, 1)
    many = min(len(templates), max(half, most - len(contacts)))
    return templates[:many] + contacts[: max(most - many, 0)]


def _ordered(
    nodes: Sequence[GraphNode], ties: Sequence[GraphTie]
) -> tuple[list[GraphNode], list[GraphNode]]:
    """Both sides in an order that keeps lines from crossing: each by the middle of its others."""
    templates = [n for n in nodes if n.kind == _TEMPLATE]
    contacts = sorted((n for n in nodes if n.kind != _TEMPLATE), key=_by_kind)
    place = {n.key: i for side in (templates, contacts) for i, n in enumerate(side)}
    others: dict[str, list[tuple[str, int]]] = {n.key: [] for n in nodes}
    for tie in ties:
        others[tie.template].append((tie.contact, tie.ads))
        others[tie.contact].append((tie.template, tie.ads))

    def middle(node: GraphNode) -> tuple[float, int, str]:
        near = others[node.key]
        weight = sum(ads for _, ads in near)
        at = sum(place[key] * ads for key, ads in near) / weight if weight else math.inf
        return (round(at, 6), -node.ads, node.key)

    for _ in range(6):
        contacts.sort(key=middle)
        place |= {n.key: i for i, n in enumerate(contacts)}
        templates.sort(key=middle)
        place |= {n.key: i for i, n in enumerate(templates)}
    return templates, contacts


def _by_kind(node: GraphNode) -> tuple[int, int, str]:
    rank = _ORDER.index(node.kind) if node.kind in _ORDER else len(_ORDER)
    return (rank, -node.ads, node.key)


def _told(node: GraphNode) -> str:
    label = node.label if len(node.label) <= 30 else node.label[:29] + "…"
    return f"{label} ({node.ads:,})"


def _tie_told(tie: GraphTie, nodes: Sequence[GraphNode]) -> str:
    label = {n.key: n.label for n in nodes}
    ads = "1 ad" if tie.ads == 1 else f"{tie.ads:,} ads"
    return f"{label[tie.template]} names {label[tie.contact]} in {ads}"


def _mark(kind: str, x: float, y: float) -> str:
    """A shape for a kind of contact: circle, square, triangle, diamond, or a ring."""
    look = f'fill="{ACCENT}" stroke="#fff"'
    a, b = number(x), number(y)
    if kind == "phone":
        return f'<circle cx="{a}" cy="{b}" r="7.5" {look}/>'
    if kind == "email":
        return f'<rect x="{number(x - 7)}" y="{number(y - 7)}" width="14" height="14" {look}/>'
    if kind == "handle":
        return f'<path d="M{a} {number(y - 8)}l8 15h-16z" {look}/>'
    if kind == "link":
        return f'<path d="M{a} {number(y - 9)}l8 9-8 9-8-9z" {look}/>'
    return f'<circle cx="{a}" cy="{b}" r="6" fill="#fff" stroke="{ACCENT}" stroke-width="3"/>'
