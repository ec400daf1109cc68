"""The walls: every URL, asked by every role, for a record of its own, a colleague's and a
stranger's.

What is expected comes from the table of permissions alone. A URL that has no row in it, is not
public and is not listed fails; so does a model with walls that the tests cannot make.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client

import objects
from harborlight.web.accounts.doors import LISTED
from harborlight.web.accounts.models import Agency, Invitation, Member, Scoped
from harborlight.web.accounts.permissions import TABLE, Scope, scope_at
from harborlight.web.accounts.roles import AgencyKind, Role
from people import client_of, kind_for, make_agency, make_member
from site_urls import Url, urls

pytestmark = pytest.mark.django_db

#: What somebody is told who may: a page, a way on, or what is wrong with what they sent.
LET_IN = frozenset({200, 201, 202, 204, 302, 303, 400, 409, 422})
#: Whoever does this to themselves is logged out by it.
ENDS_ONES_OWN = {"accounts:end", "accounts:reset"}
STAFF = [url for url in urls() if url.permission]
EVERYBODYS = [url for url in urls() if url.public]


@dataclass
class Cast:
    """For each role: who asks, a colleague of the same role and agency, and a stranger."""

    member: Member
    client: Client
    colleague: Member
    stranger: Member
    made: dict[tuple[type, str], Any] = field(default_factory=dict)

    def record(self, model: type, whose: str) -> Any:
        """The record of that model that is theirs, made once: what is asked is undone."""
        if (model, whose) not in self.made:
            owner = {"own": self.member, "colleague's": self.colleague}.get(whose, self.stranger)
            self.made[model, whose] = objects.make(model, owner)
        return self.made[model, whose]


@pytest.fixture
def casts() -> dict[Role, Cast]:
    told = {}
    for role in Role:
        # An administrator of an agency's own people; those who run the site are asked below.
        administrates = role == Role.ADMINISTRATOR
        kind = AgencyKind.LAW_ENFORCEMENT if administrates else kind_for(role)
        agency = make_agency(kind)
        member = make_member(role, agency)
        told[role] = Cast(member, client_of(member), make_member(role, agency), make_member(role))
    for each in told.values():
        each.client.raise_request_exception = False
    return told


@contextmanager
def undone() -> Iterator[None]:
    """Undo what was done within: each question is asked of the same world."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def test_every_url_has_a_permission_is_public_or_is_listed() -> None:
    unknown = [
        url.name
        for url in urls()
        if not url.permission and not url.public and url.name not in LISTED
    ]
    assert unknown == []
    assert [url.name for url in STAFF if url.public or url.name in LISTED] == []
    assert [url.name for url in STAFF if url.permission not in TABLE] == []


def test_every_row_of_the_table_is_used_by_a_page_or_says_why_not() -> None:
    used = {url.permission for url in STAFF}
    unused = [row.name for key, row in TABLE.items() if key not in used and not row.note]
    assert unused == []


def test_every_model_with_walls_can_be_made() -> None:
    objects.load()
    models = [each for each in apps.get_models() if issubclass(each, Scoped)]
    assert [each._meta.label for each in models if each not in objects.MAKERS] == []


def test_every_url_says_what_it_needs_besides_its_record() -> None:
    objects.load()
    silent = []
    for url in STAFF:
        needed = set(url.arguments) - ({"pk"} if url.of else set())
        if needed and url.name not in objects.ARGUMENTS:
            silent.append((url.name, sorted(needed)))
    assert silent == []


@pytest.mark.parametrize("app", sorted({url.app for url in STAFF}))
def test_every_role_gets_what_the_table_says(app: str, casts: dict[Role, Cast]) -> None:
    wrong: list[str] = []
    asked = 0
    for url in [each for each in STAFF if each.app == app]:
        assert url.permission
        for role, cast in casts.items():
            scope = scope_at(role, cast.member.agency.kind, *url.permission)
            # Who may not at all is told so before any record is looked for, whatever the database.
            if scope is None and connection.vendor == "postgresql":
                continue
            everyones = ("own", "colleague's", "stranger's") if url.of and scope else ("own",)
            for whose in everyones:
                expected = _expected(scope, whose)
                answered = set()
                if url.of:
                    cast.record(url.of, whose)
                for method in ("get", "post"):
                    with undone():
                        answer = _ask(url, cast, whose, method)
                    asked += 1
                    answered.add(answer.status_code)
                    if not _as_expected(url, answer, expected):
                        wrong.append(
                            f"{method.upper()} {url.name} as {role}, {whose}: "
                            f"{answer.status_code}, the table says {expected}"
                        )
                if answered == {405}:
                    wrong.append(f"{url.name} as {role}: answers neither GET nor POST")
    print(f"{app}: {asked} questions")
    assert asked
    assert wrong == [], "\n".join(wrong)


def _expected(scope: Scope | None, whose: str) -> str:
    if scope is None:
        return "403"
    reached = {
        "own": True,
        "colleague's": scope in (Scope.ALL, Scope.AGENCY),
        "stranger's": scope is Scope.ALL,
    }[whose]
    return "let in" if reached else "404"


def _as_expected(url: Url, answer: Any, expected: str) -> bool:
    if answer.status_code == 405:  # not asked in this way; the other way is asked too
        return True
    if expected == "let in":
        # A page that is let in may still find that what it was asked for is not there.
        led_out = "/account/login/" in answer.get("Location", "")
        return answer.status_code in LET_IN and (not led_out or url.name in ENDS_ONES_OWN)
    return str(answer.status_code) == expected


def _ask(url: Url, cast: Cast, whose: str, method: str) -> HttpResponse:
    record = cast.record(url.of, whose) if url.of else None
    given = objects.ARGUMENTS.get(url.name, lambda _record: {})(record)
    path = url.path(**({"pk": record.pk} if record is not None else {}), **given)
    cookies = deepcopy(cast.client.cookies)
    ask = getattr(cast.client, method)
    told: HttpResponse = ask(path, objects.QUERIES.get(url.name, {}) if method == "get" else {})
    cast.client.cookies = cookies
    return told


@pytest.mark.parametrize("app", sorted({url.app for url in STAFF}))
def test_nobody_is_led_to_log_in_and_nothing_opens_without_a_second_factor(app: str) -> None:
    member = make_member(Role.SUPERVISOR)
    halfway = client_of(member, second_factor=False)
    for url in [each for each in STAFF if each.app == app]:
        for method in ("get", "post"):
            answer = getattr(Client(), method)(url.somewhere())
            assert answer.status_code in (302, 405), url.name
            assert answer.status_code == 405 or "/account/login/" in answer["Location"], url.name
            answer = getattr(halfway, method)(url.somewhere())
            assert answer.status_code == 302, url.name
            assert "/account/2fa/" in answer["Location"], url.name


def test_everybody_may_ask_for_what_is_public() -> None:
    client = Client(raise_request_exception=False)
    for url in EVERYBODYS:
        with undone():
            answer = client.get(url.somewhere())
        assert answer.status_code < 500, (url.name, answer.status_code)
        assert answer.status_code != 403, url.name
        where = answer.get("Location", "")
        assert "login" in url.name or "next=" not in where, (url.name, where)


@pytest.mark.parametrize("name", sorted(name for name, told in LISTED.items() if told[0] == "self"))
def test_what_is_ones_own_needs_one_to_be_logged_in(name: str) -> None:
    url = next(each for each in urls() if each.name == name)
    answer = Client().get(url.somewhere())
    assert answer.status_code == 302, name
    assert "/account/login/" in answer["Location"], name


def test_an_administrator_reads_no_report_no_lead_and_no_case() -> None:
    content = {"report", "lead", "case", "crew_report", "quarantine", "referral", "need"}
    given = {row.name for row in TABLE.values() if Role.ADMINISTRATOR in row.who}
    assert [name for name in given if name.partition(".")[0] in content] == []
    # Nor in an emergency, nor what others gave as a reason for one.
    assert [name for name in given if name.startswith("glass.")] == []


def test_who_runs_the_site_reaches_every_agency_and_its_people_and_no_more() -> None:
    agency = make_agency(AgencyKind.SITE)
    member = make_member(Role.ADMINISTRATOR, agency)
    stranger = make_member(Role.SUPERVISOR)
    cast = Cast(member, client_of(member), make_member(Role.ADMINISTRATOR, agency), stranger)
    cast.client.raise_request_exception = False
    wrong = []
    for url in STAFF:
        assert url.permission
        scope = scope_at(Role.ADMINISTRATOR, AgencyKind.SITE, *url.permission)
        people = url.of in (Agency, Member, Invitation) and scope == Scope.AGENCY
        for whose in ("own", "stranger's") if url.of and scope else ("own",):
            expected = "let in" if people else _expected(scope, whose)
            if url.of:
                cast.record(url.of, whose)
            for method in ("get", "post"):
                with undone():
                    answer = _ask(url, cast, whose, method)
                if not _as_expected(url, answer, expected):
                    wrong.append(f"{method} {url.name}, {whose}: {answer.status_code}, {expected}")
    assert wrong == [], "\n".join(wrong)
