"""The HSDS 3.1 API: every endpoint, each list in pages or as a stream of lines.

The same functions answer everybody (the public view) and, under another path, members in their own
view. Whatever is asked, the answer is 200, 400 with what is wrong, or 404.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator
from typing import Any

from django.db.models import Q, QuerySet
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    JsonResponse,
    StreamingHttpResponse,
)
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from harborlight.web.accounts.access import StaffRequest, page, public
from harborlight.web.directory.api_schema import openapi
from harborlight.web.directory.keeping import moment
from harborlight.web.directory.models import Link, Record
from harborlight.web.directory.projection import PUBLIC, Projection, of_member
from harborlight.web.directory.tables import PROFILE, VERSION

PER_PAGE, MOST_PER_PAGE = 50, 500
KINDS = {
    "services": "service",
    "organizations": "organization",
    "service_at_locations": "service_at_location",
    "taxonomies": "taxonomy",
    "taxonomy_terms": "taxonomy_term",
}
Records = QuerySet[Record]


class BadRequest(Exception):
    """What was asked for cannot be answered. Says which parameter, and never its value."""


def about(request: HttpRequest, projection: Projection) -> HttpResponse:
    """What this API is."""
    member = "" if projection is PUBLIC else "member_"
    where = request.build_absolute_uri(reverse(f"directory:{member}api_schema"))
    return JsonResponse({"version": VERSION, "profile": PROFILE, "openapi_url": where})


def schema(request: HttpRequest, projection: Projection) -> HttpResponse:
    """The OpenAPI description of what is served here."""
    base = request.build_absolute_uri(".").rstrip("/")
    return JsonResponse(openapi(base))


def listing(request: HttpRequest, projection: Projection, kind: str) -> HttpResponseBase:
    """A list of one kind."""
    table = KINDS[kind]
    try:
        asked = _asked(request)
        found = _filtered(projection, table, asked)
        if asked.get("format", "json") == "ndjson":
            return _stream(projection, found, table, asked)
        return JsonResponse(_page(projection, found, table, asked))
    except BadRequest as error:
        return JsonResponse({"detail": str(error)}, status=400)


def single(request: HttpRequest, projection: Projection, kind: str, key: str) -> HttpResponse:
    """One record with all that it holds."""
    found = list(projection.records(KINDS[kind]).filter(key=key.lower())) if _is_uuid(key) else []
    try:
        asked = _asked(request)
        documents = _documents(projection, found, KINDS[kind], {**asked, "full": "true"})
    except BadRequest as error:
        return JsonResponse({"detail": str(error)}, status=400)
    if not documents:
        return JsonResponse({"detail": "not found"}, status=404)
    return JsonResponse(documents[0])


# --- what is asked --------------------------------------------------------------------------------


def _asked(request: HttpRequest) -> dict[str, str]:
    asked = {name: str(value) for name, value in request.GET.items()}
    if any("\x00" in value for value in asked.values()):
        raise BadRequest("a parameter holds a character that cannot be stored")
    if asked.get("format", "json") not in ("json", "ndjson"):
        raise BadRequest("format: json or ndjson")
    for name in ("full", "full_service", "minimal", "top_only"):
        if asked.get(name, "false").lower() not in ("true", "false", "1", "0"):
            raise BadRequest(f"{name}: true or false")
    return asked


def _true(asked: dict[str, str], name: str) -> bool:
    return asked.get(name, "").lower() in ("true", "1")


def _whole(asked: dict[str, str], name: str, default: int, most: int) -> int:
    text = asked.get(name, str(default))
    if not (text.isascii() and text.isdigit()) or not text.strip("0"):
        raise BadRequest(f"{name}: a whole number from 1")
    return most if len(text) > 9 else min(int(text), most)


def _is_uuid(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return len(text) == 36


def _filtered(projection: Projection, table: str, asked: dict[str, str]) -> Records:
    found = projection.records(table)
    for word in asked.get("search", "").casefold().split()[:20]:
        found = found.filter(_search(projection, table, word))
    if table in ("service", "organization", "service_at_location"):
        found = _by_terms(projection, found, table, asked)
    if table in ("service", "service_at_location"):
        found = _by_service(found, table, asked)
    if table == "service_at_location":
        found = _by_place(projection, found, asked)
    if table == "taxonomy_term":
        found = _terms(found, asked)
    return found.order_by("name", "key")


def _search(projection: Projection, table: str, word: str) -> Q:
    """Where a word is looked for: in what is open, never in what is sealed for anybody."""
    own = Q(words__contains=word)
    if table == "service":
        return own | Q(offer__words__contains=word)
    if table == "service_at_location":
        services = projection.offers().filter(words__contains=word).values("service")
        joined = Link.objects.filter(name="service_at_locations", parent__in=services)
        return own | Q(pk__in=joined.values("child"))
    return own


def _by_terms(projection: Projection, found: Records, table: str, asked: dict[str, str]) -> Records:
    term, taxonomy = asked.get("taxonomy_term_id"), asked.get("taxonomy_id")
    if term is None and taxonomy is None:
        return found
    terms = projection.records("taxonomy_term")
    if term is not None:
        terms = terms.filter(key=term.lower())
    if taxonomy is not None:
        named = Link.objects.filter(name="taxonomy_detail", child__key=taxonomy.lower())
        terms = terms.filter(pk__in=named.values("parent"))
    attributes = projection.records("attribute").filter(
        pk__in=Link.objects.filter(name="taxonomy_term", child__in=terms).values("parent")
    )
    bearers = Link.objects.filter(name="attributes", child__in=attributes).values("parent")
    if table == "service":
        return found.filter(pk__in=bearers)
    services = projection.records("service").filter(pk__in=bearers)
    if table == "service_at_location":
        joined = Link.objects.filter(name="service_at_locations", parent__in=services)
        return found.filter(Q(pk__in=bearers) | Q(pk__in=joined.values("child")))
    ran = Link.objects.filter(name="organization", parent__in=services)
    return found.filter(Q(pk__in=bearers) | Q(pk__in=ran.values("child")))


def _by_service(found: Records, table: str, asked: dict[str, str]) -> Records:
    changed, organization = asked.get("modified_after"), asked.get("organization_id")
    services = Record.objects.filter(table="service")
    if changed is not None:
        since = moment(changed.replace(" ", "+"))
        if since is None:
            raise BadRequest("modified_after: a date and time (2026-01-31T09:30:00Z)")
        try:
            services = services.filter(modified__gte=since)
        except (OverflowError, ValueError):
            raise BadRequest("modified_after: out of range") from None
    if organization is not None:
        ran = Link.objects.filter(name="organization", child__key=organization.lower())
        services = services.filter(pk__in=ran.values("parent"))
    if changed is None and organization is None:
        return found
    if table == "service":
        return found.filter(pk__in=services)
    joined = Link.objects.filter(name="service_at_locations", parent__in=services)
    return found.filter(pk__in=joined.values("child"))


def _by_place(projection: Projection, found: Records, asked: dict[str, str]) -> Records:
    if asked.get("proximity"):
        raise BadRequest("proximity: this site holds no positions of postal codes")
    code = asked.get("postcode", "").casefold().strip()
    if not code:
        return found
    # Of what the view may have: a postal code that is hidden from it finds nothing.
    areas = projection.records("service_area").filter(words__contains=code)
    addresses = projection.records("address").filter(words__contains=code)
    located = Link.objects.filter(name="addresses", child__in=addresses)
    at = Link.objects.filter(name="location", child__in=located.values("parent"))
    covered = Link.objects.filter(name="service_areas", child__in=areas).values("parent")
    of_service = Link.objects.filter(name="service_at_locations", parent__in=covered)
    return found.filter(
        Q(pk__in=at.values("parent")) | Q(pk__in=covered) | Q(pk__in=of_service.values("child"))
    )


def _terms(found: Records, asked: dict[str, str]) -> Records:
    if asked.get("taxonomy_id") is not None:
        key = asked["taxonomy_id"].lower()
        found = found.filter(
            pk__in=Link.objects.filter(name="taxonomy_detail", child__key=key).values("parent")
        )
    if asked.get("parent_id") is not None:
        found = found.filter(data__parent_id=asked["parent_id"])
    if _true(asked, "top_only"):
        found = found.filter(Q(data__parent_id__isnull=True) | Q(data__parent_id=""))
    return found


# --- what is answered -----------------------------------------------------------------------------


def _documents(
    projection: Projection, found: list[Record], table: str, asked: dict[str, str]
) -> list[dict[str, Any]]:
    if table == "service" and _true(asked, "minimal"):
        contents = projection.contents(found)
        return [
            {**{name: each.get(name) for name in ("id", "name", "status")},
             "modified_date": each.get("last_modified")}
            for each in contents.values()
        ]  # fmt: skip
    full = _true(asked, "full") or _true(asked, "full_service") or table.startswith("taxonomy")
    documents = projection.nested(found, full=full)
    if table == "organization" and _true(asked, "full_service"):
        for document in documents:
            ran = Link.objects.filter(name="organization", child__key=document["id"].lower())
            services = projection.records("service").filter(pk__in=ran.values("parent"))
            document["services"] = projection.nested(list(services), without=("organization",))
    return documents


def _page(
    projection: Projection, found: Records, table: str, asked: dict[str, str]
) -> dict[str, Any]:
    total = found.count()
    size = _whole(asked, "per_page", PER_PAGE, MOST_PER_PAGE)
    if _true(asked, "minimal") and "per_page" not in asked:
        size = max(total, 1)
    number = _whole(asked, "page", 1, 1_000_000)
    pages = -(-total // size)
    shown = list(found[(number - 1) * size : number * size])
    contents = _documents(projection, shown, table, asked)
    return {
        "total_items": total,
        "total_pages": pages,
        "page_number": number,
        "size": len(contents),
        "first_page": number == 1,
        "last_page": number >= pages,
        "empty": not contents,
        "contents": contents,
    }


def _stream(
    projection: Projection, found: Records, table: str, asked: dict[str, str]
) -> HttpResponseBase:
    keys = list(found.values_list("pk", flat=True))

    def lines() -> Iterator[str]:
        for start in range(0, len(keys), 100):
            part = {r.pk: r for r in Record.objects.filter(pk__in=keys[start : start + 100])}
            listed = [part[pk] for pk in keys[start : start + 100] if pk in part]
            for document in _documents(projection, listed, table, asked):
                yield json.dumps(document, ensure_ascii=False) + "\n"

    if projection is not PUBLIC:  # what is sealed is opened while the act is open
        return HttpResponse("".join(lines()), content_type="application/x-ndjson")
    return StreamingHttpResponse(lines(), content_type="application/x-ndjson")


# --- doors ----------------------------------------------------------------------------------------

Answer = Callable[..., HttpResponseBase]


def for_everybody(answer: Answer) -> Answer:
    """The answer in the public view, to whoever asks. Reading only: no session is looked at."""

    def view(request: HttpRequest, **named: str) -> HttpResponseBase:
        return answer(request, PUBLIC, **named)

    guarded: Answer = csrf_exempt(require_http_methods(["GET", "HEAD", "POST"])(view))
    return public("the directory in the standard of Open Referral")(guarded)


def for_members(answer: Answer) -> Answer:
    """The answer in the member's own view."""

    def view(request: StaffRequest, **named: str) -> HttpResponseBase:
        return answer(request, of_member(request.member), **named)

    return page("directory", "api")(require_http_methods(["GET", "HEAD", "POST"])(view))
