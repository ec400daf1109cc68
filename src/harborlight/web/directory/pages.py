"""Pages of the directory for everybody: find help, a service, the map. Always the public view."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from harborlight.web.accounts.access import public
from harborlight.web.directory import capacity
from harborlight.web.directory.finding import Wanted, counties, find, languages, map_of, wanted
from harborlight.web.directory.languages import name_of
from harborlight.web.directory.models import Offer
from harborlight.web.directory.niem import CATEGORIES
from harborlight.web.directory.projection import PUBLIC, Projection

PER_PAGE = 20


@public("help is found without telling who one is; phone numbers first")
def find_help(request: HttpRequest) -> HttpResponse:
    """Services by need, county, language and words."""
    return render(request, "directory/find.html", listed(request, PUBLIC))


@public("one service, as far as everybody may know it")
def service(request: HttpRequest, key: str) -> HttpResponse:
    """One service."""
    return render(request, "directory/service.html", one(PUBLIC, str(key)))


@public("the towns that services name as theirs; no place of any is on it")
def towns(request: HttpRequest) -> HttpResponse:
    """The map of the services found."""
    return drawn(request, PUBLIC)


def listed(request: HttpRequest, projection: Projection) -> dict[str, Any]:
    """What a page of services found shows."""
    look = _asked(request)
    found = find(projection, look)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    return {
        "look": look,
        "page": page,
        "query": query.urlencode(),
        "needs": CATEGORIES.items(),
        "counties": counties(projection),
        "languages": [(code, name_of(code)) for code in languages(projection)],
        "has_map": found.exclude(town="").exists(),
        "lines": [(offer, _unsaid(offer, look)) for offer in page],
    }


def _asked(request: HttpRequest) -> Wanted:
    return wanted({name: str(value) for name, value in request.GET.items()})


def _unsaid(offer: Offer, look: Wanted) -> list[str]:
    """What was asked and the service does not say."""
    told = []
    if look.county and offer.counties is None:
        told.append(_("It is not said which counties it serves."))
    if look.language and offer.languages is None:
        told.append(_("It is not said which languages are spoken."))
    return told


def one(projection: Projection, key: str) -> dict[str, Any]:
    """What the page of a service shows. Http404 when the view may not have it."""
    record = projection.records("service").filter(key=key).select_related("offer").first()
    if record is None:
        raise Http404
    (document,) = projection.nested([record])
    offer = getattr(record, "offer", None)
    return {
        "record": record,
        "offer": offer,
        "document": document,
        "beds": capacity.said(projection, record),
        "languages": [name_of(code) for code in (offer.languages or [])] if offer else [],
        "needs": [CATEGORIES[each] for each in offer.categories] if offer else [],
    }


def drawn(request: HttpRequest, projection: Projection) -> HttpResponse:
    """The map of the towns of the services found."""
    found: QuerySet[Offer] = find(projection, _asked(request))
    drawing = map_of(found, _("Towns with services"))
    if drawing is None:
        return HttpResponse(status=204)
    return HttpResponse(drawing, content_type="image/svg+xml")
