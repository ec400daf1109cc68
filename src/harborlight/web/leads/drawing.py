"""The drawings of a lead, by the functions of the report; each is served as a picture of its own.

They hold no style and no script, so that they fit the site's content security policy.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

NAMES = ("timeline", "map", "contacts")


def titles(content: dict[str, Any]) -> list[tuple[str, str, str]]:
    """The drawings that the content allows: name, title, and what they show."""
    told = {
        "timeline": (
            _("Postings by town and day"),
            _("Each dot is a day with postings for a town; a larger one has more ads."),
        ),
        "map": (
            _("Towns"),
            _(
                "Larger dots have more ads. Arrows follow the postings from town to town: the "
                "movement of postings, never of a person."
            ),
        ),
        "contacts": (
            _("Wordings and contacts"),
            _("A line joins a wording and a contact that stand in the same ads."),
        ),
    }
    has = {
        "timeline": bool(content["days"]),
        "map": bool(content["towns"]),
        "contacts": bool(content["contacts"]),
    }
    return [(name, *told[name]) for name in NAMES if has[name]]


def draw(name: str, content: dict[str, Any]) -> str | None:
    """The drawing of that name as SVG, or None: there is none of that name, or no data for it."""
    if name not in NAMES:
        return None
    # Loaded when somebody asks for the first drawing.
    from harborlight.recognize.output import results
    from harborlight.recognize.report import figures

    behind = results.behind(content)
    if name == "timeline":
        figure = figures.timeline(behind, content["closed"])
    elif name == "map":
        figure = figures.towns(behind, content["moves"])
    else:
        figure = figures.contacts(behind)
    return None if figure is None else str(figure.svg)
