"""The door of every page of staff: who is it, may they, which record, and the act is open.

    @page("report", "open", of=Report)
    def show(request: StaffRequest, report: Report) -> HttpResponse: ...

    @page("report", "list")
    def queue(request: StaffRequest) -> HttpResponse:
        reports = reachable(Report, request.member, "report", "list")

403 when the member's role has no such permission; 404 when it has, and the record is out of its
reach or is not there: who may not see a record does not learn that it exists. 409, with the reason
and the citation, when the act is refused: it is undone, and that it was tried is kept.
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

from harborlight.web.accounts.models import Member, Scoped, User
from harborlight.web.accounts.permissions import TABLE, Scope, scope_of
from harborlight.web.audit.acts import Refused, act

S = TypeVar("S", bound=Scoped)


class StaffRequest(HttpRequest):
    """A request of somebody logged in, acting as a member of an agency (for type checkers)."""

    user: User
    member: Member


View = Callable[..., HttpResponseBase]


def may(member: Member, thing: str, action: str, record: Scoped | None = None) -> bool:
    """Whether this member may do this at all, or to this record."""
    scope = scope_of(member.role, thing, action)
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
    scope = scope_of(member.role, thing, action)
    rows = cast("models.QuerySet[S]", model._default_manager.all())
    if scope is None:
        return rows.none()
    return rows if scope is Scope.ALL else rows.filter(model.reach(member, scope))


def page(thing: str, action: str, *, of: type[Scoped] | None = None) -> Callable[[View], View]:
    """A page of staff. With `of`, the URL's `pk` is looked up within the member's reach."""
    row = TABLE[thing, action]

    def door(view: View) -> View:
        @functools.wraps(view)
        def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            member: Member | None = request.member
            if member is None or scope_of(member.role, thing, action) is None:
                raise PermissionDenied
            try:
                with act(member.actor, row.name):
                    if of is not None:
                        record = find(of, member, thing, action, kwargs.pop("pk"))
                        return view(request, record, *args, **kwargs)
                    return view(request, *args, **kwargs)
            except Refused as refused:
                return render(request, "frame/refused.html", {"refused": refused}, status=409)

        guarded.permission = (thing, action)  # type: ignore[attr-defined]
        guarded.of = of  # type: ignore[attr-defined]
        return guarded

    return door


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
