"""Finding services by need, county, language and words; and where they are, town by town."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.db.models import Case, IntegerField, Q, QuerySet, Value
from django.db.models import When as If

from harborlight.places.gazetteer import gazetteer
from harborlight.places.maps import MapPoint, map_svg
from harborlight.web.directory.models import Offer
from harborlight.web.directory.niem import CATEGORIES
from harborlight.web.directory.projection import Projection


@dataclass(frozen=True)
class Wanted:
    """What somebody looks for. Empty texts are not asked."""

    need: str = ""
    county: str = ""
    language: str = ""
    words: str = ""


def wanted(asked: dict[str, str]) -> Wanted:
    """What the parameters of a page ask for; what is no need or too long is not asked."""
    asked = {name: value.replace("\x00", "").strip()[:100] for name, value in asked.items()}
    need = asked.get("need", "")
    return Wanted(
        need if need in CATEGORIES else "",
        asked.get("county", ""),
        asked.get("language", ""),
        asked.get("q", ""),
    )


def find(projection: Projection, look: Wanted) -> QuerySet[Offer]:
    """The services, those that say that they fit before those that say nothing, closed ones last.

    Words are looked for in what is open. The order is of codes and names alone, so that it tells
    nothing of any place.
    """
    found = projection.offers().exclude(status="defunct")
    if look.need:
        found = found.filter(categories__icontains=f'"{look.need}"')
    says = Q()
    for field, value in (("counties", look.county), ("languages", look.language)):
        if value:
            named = Q(**{f"{field}__icontains": f'"{value}"'})
            found = found.filter(named | Q(**{f"{field}__isnull": True}))
            says &= named
    for word in look.words.casefold().split()[:20]:
        found = found.filter(words__contains=word)
    last = Case(If(status="active", then=Value(0)), default=Value(1), output_field=IntegerField())
    unsaid = Value(0) if not says else Case(
        If(says, then=Value(0)), default=Value(1), output_field=IntegerField())  # fmt: skip
    return found.annotate(last=last, unsaid=unsaid).order_by("last", "unsaid", "name", "pk")


def counties(projection: Projection) -> list[str]:
    """The counties that services say they serve."""
    rows = projection.offers().filter(counties__isnull=False).values_list("counties", flat=True)
    return sorted({name for listed in rows.order_by() for name in listed or ()})


def languages(projection: Projection) -> list[str]:
    """The languages that services say they speak, as codes."""
    rows = projection.offers().filter(languages__isnull=False).values_list("languages", flat=True)
    return sorted({code for listed in rows.order_by() for code in listed or ()})


def map_of(offers: QuerySet[Offer], title: str) -> str | None:
    """A map of the towns of these services, as SVG; None when none names one. No point of any
    location is on it: a confidential one would be missed, and so told of."""
    rows = offers.exclude(town="").order_by().values_list("town", flat=True)
    towns = Counter(town for town in rows if town in gazetteer())
    if not towns:
        return None
    points = [MapPoint(town, weight=float(count)) for town, count in sorted(towns.items())]
    return map_svg(points, title=title)
