"""The door of every page of staff: who is it, may they, which record, and the act is open.

    @page("report", "open", of=Report)
    def show(request: StaffRequest, report: Report) -> HttpResponse: ...

    @page("report", "list")
    def queue(request: StaffRequest) -> HttpResponse:
        reports = reachable(Report, request.member, "report", "list")

403 when the member's role has no such permission; 404 when it has, and the record is out of its
reach or is not there: who may not see a record does not learn that it exists. 409, with the reason
and the citation, when the act is refused: it is undone, and that it was tried is kept.

Where the table says so (`glass`), the 404 shows a supervisor the door for emergencies, whether the
record is there or not; see `harborlight.web.accounts.glass`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, TypeVar, cast

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import resolve

from harborlight.web.accounts import glass
from harborlight.web.accounts.models import Member, Scoped, User
from harborlight.web.accounts.permissions import TABLE, Row, Scope, scope_at
from harborlight.web.audit.acts import Refused, act

S = TypeVar("S", bound=Scoped)


class StaffRequest(HttpRequest):
    """A request of somebody logged in, acting as a member of an agency (for type checkers)."""

    user: User
    member: Member
    members: list[Member]
    """All that the user could act as."""


View = Callable[..., HttpResponseBase]


def may(member: Member, thing: str, action: str, record: Scoped | None = None) -> bool:
    """Whether this member may do this at all, or to this record."""
    scope = scope_at(member.role, member.agency.kind, thing, action)
    if scope is None:
        return False
    return record is None or within(member, scope, record)


def within(member: Member, scope: Scope, record: Scoped) -> bool:
    """Whether the record is in the member's reach."""
    if scope is Scope.ALL:
        return True
    model = type(record)
    return model._default_manager.filter(model.reach(member, scope), pk=record.pk).exists()


def reachable(model: type[S], member: Member, thing: str, action: str) -> models.QuerySet[S]:
    """The rows of the model to which this member may do this."""
    scope = scope_at(member.role, member.agency.kind, thing, action)
    rows = cast("models.QuerySet[S]", model._default_manager.all())
    if scope is None:
        return rows.none()
    return rows if scope is Scope.ALL else rows.filter(model.reach(member, scope))


def _way(refused: Refused, member: Member) -> str:
    """The page where something else may be done instead, if the member may."""
    if not refused.way:
        return ""
    permission = getattr(resolve(refused.way.partition("#")[0]).func, "permission", None)
    return refused.way if permission and may(member, *permission) else ""


def page(thing: str, action: str, *, of: type[Scoped] | None = None) -> Callable[[View], View]:
    """A page of staff. With `of`, the URL's `pk` is looked up within the member's reach."""
    row = TABLE[thing, action]
    if row.glass and of is not None:
        glass.know(thing, of)

    def door(view: View) -> View:
        @functools.wraps(view)
        def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            member: Member | None = request.member
            if member is None or scope_at(member.role, member.agency.kind, thing, action) is None:
                raise PermissionDenied
            try:
                with act(member.actor, row.name):
                    if of is not None:
                        record = _record(row, of, member, kwargs.pop("pk"))
                        return view(request, record, *args, **kwargs)
                    return view(request, *args, **kwargs)
            except Locked as locked:
                told = {"thing": locked.thing, "key": locked.key, "form": glass.ReasonForm()}
                return render(request, "accounts/glass.html", told, status=404)
            except Refused as refused:
                told = {"refused": refused, "way": _way(refused, member)}
                return render(request, "frame/refused.html", told, status=409)

        guarded.permission = (thing, action)  # type: ignore[attr-defined]
        guarded.of = of  # type: ignore[attr-defined]
        return guarded

    return door


class Locked(Exception):
    """A record that is beyond reach, or not there; a supervisor may open it in an emergency."""

    def __init__(self, thing: str, key: object) -> None:
        super().__init__(thing)
        self.thing = thing
        self.key = key


def _record(row: Row, model: type[Scoped], member: Member, key: object) -> Scoped:
    """The record within reach, else the one for which the member broke the glass."""
    try:
        return find(model, member, row.thing, row.action, key)
    except Http404:
        if not row.glass or not may(member, "glass", "break"):
            raise
        opened = glass.opened(member, model, key)
        if opened is None:
            raise Locked(row.thing, key) from None
        return opened


def find(model: type[S], member: Member, thing: str, action: str, key: object) -> S:
    """The record with that key, if it is within the member's reach; else Http404."""
    try:
        return reachable(model, member, thing, action).get(pk=key)
    except (model.DoesNotExist, ValidationError, ValueError):
        raise Http404 from None


def public(why: str) -> Callable[[View], View]:
    """A page for everybody. `why` says for what: it is shown in the table of permissions."""

    def door(view: View) -> View:
        view.public = why  # type: ignore[attr-defined]
        return view

    return door
