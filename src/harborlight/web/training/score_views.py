"""The page of scores: the airline's staff all together."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from harborlight.courses.scoring import FEWEST
from harborlight.web.accounts.access import StaffRequest, page
from harborlight.web.training import catalog, curve
from harborlight.web.training.catalog import in_language
from harborlight.web.training.scores import scores


@page("training", "scores")
def show(request: StaffRequest) -> HttpResponse:
    """Hits and false alarms, confidence, the bias check, and what stays known."""
    courses = catalog.courses()
    course = courses.get(request.GET.get("course", "")) or next(iter(courses.values()))
    told = scores(request.member.agency, course)
    picture = curve.draw(told.curve, _("What stays known after passing"), _("days after passing"))
    traits = {each.pair: each.trait for each in course.scenarios if each.pair}
    context: dict[str, Any] = {
        "here": "scores",
        "courses": [(each.code, in_language(each.title)) for each in courses.values()],
        "course": course.code,
        "title": in_language(course.title),
        "told": told,
        "fewest": FEWEST,
        "picture": mark_safe(picture),  # noqa: S308 - our own drawing, its words escaped
        "traits": traits,
        "pairs": [(traits.get(each.pair, each.pair), each) for each in told.bias.pairs]
        if told.bias
        else [],
    }
    return render(request, "training/scores.html", context)
