"""The drawings of the report: maps, timelines, graphs of phones, and what came after a closing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from harborlight.places.gazetteer import gazetteer
from harborlight.places.maps import MapLine, MapPoint, map_svg
from harborlight.recognize.report_view import Lead


@dataclass(frozen=True)
class Figure:
    """A drawing with its title and what it shows; `shape` is "half" or "whole" of the width."""

    title: str
    svg: Markup
    caption: str
    shape: str = "half"


def of_lead(results: Any, lead: Lead) -> list[Figure]:
    """The drawings of a lead that its data allows. `results` is a ReportInput."""
    return [figure for figure in (_map(results, lead),) if figure is not None]


def of_closings(results: Any) -> list[dict[str, Any]]:
    """What is shown of each closed section."""
    return []


def _map(results: Any, lead: Lead) -> Figure | None:
    return None
