"""Every page of the site that can be looked at: its URL, and a client that may look."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

from django.test import Client

import objects
from harborlight.web.accounts.models import Agency, Glass, Invitation, Member, Scoped
from harborlight.web.accounts.permissions import scope_at
from harborlight.web.accounts.roles import AgencyKind, Role
from people import client_of, kind_for, make_agency, make_member
from site_urls import Url, urls

#: How many records of each kind there are: enough that a query for each of them shows.
MANY = 6


@dataclass
class Page:
    """A page, who looks at it, and where it is for them."""

    url: Url
    member: Member | None
    client: Client
    path: str
    query: dict[str, str]


def apps() -> list[str]:
    """Whose pages there are."""
    return sorted({url.app for url in urls()})


def pages(app: str) -> Iterator[Page]:
    """The pages of an app, each as the first role that may see it, with records of its own."""
    objects.load()
    people: dict[Role, tuple[Member, Client]] = {}
    made: dict[tuple[type, Role], Scoped] = {}
    for url in [each for each in urls() if each.app == app]:
        query = objects.QUERIES.get(url.name, {})
        if url.public:
            yield Page(url, None, Client(), url.somewhere(), query)
            continue
        role = _first_role(url)
        if role not in people:
            member = make_member(role, make_agency(kind_for(role), takes_reports=False))
            people[role] = member, client_of(member)
        member, client = people[role]
        record = None
        if url.of:
            if (url.of, role) not in made:
                made[url.of, role] = _many(url.of, member)
            record = made[url.of, role]
        if not url.permission:
            yield Page(url, member, client, url.somewhere(), query)
            continue
        given = objects.ARGUMENTS.get(url.name, lambda _record: {})(record)
        path = url.path(**({"pk": record.pk} if record is not None else {}), **given)
        yield Page(url, member, client, path, query)


def _first_role(url: Url) -> Role:
    if not url.permission:
        return Role.SUPERVISOR
    return next(role for role in Role if scope_at(role, kind_for(role), *url.permission))


def _many(model: type, member: Member) -> Scoped:
    if model in (Agency, Member):
        others = [make_member(Role.AUDITOR, make_agency(AgencyKind.SITE)) for _ in range(MANY)]
        return others[0].agency if model is Agency else others[0]
    number = 1 if model in (Glass, Invitation) else MANY
    made = [objects.make(model, member) for _ in range(number)]
    return cast("Scoped", made[0])
