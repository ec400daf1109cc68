"""Which services fit a need: what is required rules out, what is preferred orders, what is unknown
is said.

Three answers to each question: yes, no, and not known (None). A service is left out only when the
answer to something required is no. The order has no score: services that are closed come last,
then those that are full, then by how many preferences are not met, how much is not known, how far,
and the name.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache

from django.db.models import Q, QuerySet

from harborlight.places.gazetteer import EARTH_KM, gazetteer
from harborlight.web.audit.acts import when
from harborlight.web.directory.capacity import STALE
from harborlight.web.directory.models import Beds, Offer
from harborlight.web.directory.projection import Projection
from harborlight.web.referral.holds import free_places
from harborlight.web.referral.needs import Need

Truth = bool | None


@dataclass
class Match:
    """One service that may fit, with the answer to each question."""

    offer: Offer
    answers: dict[str, Truth]
    """Of what was asked, and of nothing else."""
    required: frozenset[str]
    closed: bool
    kilometers: float | None = None
    free: int | None = None
    """Free places; None: not said, or said too long ago."""
    said_at: datetime | None = None
    beds: list[int] = field(default_factory=list)
    """The keys of the places of which one can be held."""

    @property
    def full(self) -> bool:
        return self.free == 0

    @property
    def order(self) -> tuple[bool, bool, int, int, float, str, int]:
        """What matches are ordered by. See the module's text."""
        no = sum(answer is False for answer in self.answers.values())
        unknown = sum(answer is None for answer in self.answers.values())
        far = math.inf if self.kilometers is None else self.kilometers
        return self.closed, self.full, no, unknown, far, self.offer.name, self.offer.pk


def match(need: Need, projection: Projection, now: datetime | None = None) -> list[Match]:
    """All services that may fit, the best first."""
    now = now or when()
    found = []
    asked = _asked(need)
    for offer in candidates(need, projection).iterator(chunk_size=2000):
        answers = {name: ask(need, offer) for name, ask in asked}
        if all(answers[name] is not False for name in answers if _required(name, need)):
            found.append(_matched(need, offer, answers))
    if need.bed:
        _count_beds(found, now)
    return sorted(found, key=lambda each: each.order)


def candidates(need: Need, projection: Projection) -> QuerySet[Offer]:
    """What the database can rule out: services of another kind, or for another age."""
    found = projection.offers().filter(categories__icontains=f'"{need.category}"')
    if need.age is not None:
        found = found.filter(
            Q(minimum_age__isnull=True) | Q(minimum_age__lte=need.age),
            Q(maximum_age__isnull=True) | Q(maximum_age__gte=need.age),
        )
    return found.order_by()


def _matched(need: Need, offer: Offer, answers: dict[str, Truth]) -> Match:
    required = frozenset(name for name in answers if _required(name, need))
    kilometers = distance(need.town, offer.town) if need.town else None
    return Match(offer, answers, required, offer.status != "active", kilometers)


def _required(name: str, need: Need) -> bool:
    return name in ("category", "age", "gender") or name in need.must


# --- the questions --------------------------------------------------------------------------------


def _category(need: Need, offer: Offer) -> Truth:
    return need.category in offer.categories


def _age(need: Need, offer: Offer) -> Truth:
    low, high = offer.minimum_age, offer.maximum_age
    if low is None and high is None:
        return None
    if need.age is None:
        # Of somebody whose age is not known only what takes everybody is known to take them.
        return True if (low or 0) <= 0 and high is None else None
    if low is not None and need.age < low:
        return False
    return not (high is not None and need.age > high)


def _gender(need: Need, offer: Offer) -> Truth:
    return None if offer.genders is None else need.gender in offer.genders


def _language(need: Need, offer: Offer) -> Truth:
    return None if offer.languages is None else need.language in offer.languages


def _cost(need: Need, offer: Offer) -> Truth:
    if not offer.cost:
        return None
    return offer.cost == "free" or (need.cost == "sliding" and offer.cost == "sliding")


def _county(need: Need, offer: Offer) -> Truth:
    if offer.counties is None:
        return None
    wanted = need.county.casefold()
    return any(each.casefold() == wanted for each in offer.counties)


def _near(need: Need, offer: Offer) -> Truth:
    far = distance(need.town, offer.town)
    return None if far is None else far <= need.kilometers


_QUESTIONS: dict[str, tuple[Callable[[Need], bool], Callable[[Need, Offer], Truth]]] = {
    "category": (lambda need: True, _category),
    "age": (lambda need: True, _age),
    "gender": (lambda need: bool(need.gender), _gender),
    "language": (lambda need: bool(need.language), _language),
    "children": (lambda need: need.children, lambda need, offer: offer.children),
    "pets": (lambda need: need.pets, lambda need, offer: offer.pets),
    "disability": (lambda need: need.disability, lambda need, offer: offer.accessible),
    "immigration": (lambda need: need.immigration, lambda need, offer: offer.immigration_safe),
    "cost": (lambda need: bool(need.cost), _cost),
    "county": (lambda need: bool(need.county), _county),
    "distance": (lambda need: bool(need.town and need.kilometers), _near),
}


def _asked(need: Need) -> list[tuple[str, Callable[[Need, Offer], Truth]]]:
    return [(name, ask) for name, (whether, ask) in _QUESTIONS.items() if whether(need)]


# --- how far, how many ----------------------------------------------------------------------------


def distance(here: str, there: str) -> float | None:
    """Kilometers between two towns, or None when one is not known. Never to an address."""
    a, b = _position(here), _position(there)
    if a is None or b is None:
        return None
    half_lat, half_lon = (b[0] - a[0]) / 2, (b[1] - a[1]) / 2
    h = math.sin(half_lat) ** 2 + math.cos(a[0]) * math.cos(b[0]) * math.sin(half_lon) ** 2
    return 2 * EARTH_KM * math.asin(min(1.0, math.sqrt(h)))


@cache
def _position(key: str) -> tuple[float, float] | None:
    if not key or key not in gazetteer():
        return None
    lat, lon = gazetteer().locate(key)
    return math.radians(lat), math.radians(lon)


def _count_beds(matches: Iterable[Match], now: datetime) -> None:
    of_service = {each.offer.service_id: each for each in matches}
    rows = list(Beds.objects.filter(service__in=of_service.keys()).order_by("pk"))
    free = free_places([beds.pk for beds in rows], now)
    for beds in rows:
        each = of_service[beds.service_id]
        each.said_at = beds.said_at if each.said_at is None else min(each.said_at, beds.said_at)
        if now - beds.said_at <= STALE:
            each.free = (each.free or 0) + free[beds.pk]
            if free[beds.pk]:
                each.beds.append(beds.pk)
    for each in of_service.values():
        each.answers["bed"] = None if each.free is None else each.free > 0
