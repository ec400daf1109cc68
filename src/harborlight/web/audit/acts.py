"""Acts: the one way to write a record, or to open what is sealed.

    with act(actor, "report.route", why="asked by the reporter"):
        route.save()

An act is a transaction. What is done in it is told once, at its end, as entries of the chain, in
the same transaction: what was done and that it was done are kept together or not at all. The head
of the chain is locked last and for a moment only, so that acts do not wait for each other's work.

An act within an act is part of it and keeps its own name. `Refused` undoes the act, and the
refusal is kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import models, transaction

if TYPE_CHECKING:
    from datetime import datetime

CREATE, CHANGE, DELETE, READ, REFUSE, NOTE = "create", "change", "delete", "read", "refuse", "note"


@dataclass(frozen=True)
class Actor:
    """Who acts: a member of an agency, a reporter nobody knows, or the site itself."""

    name: str
    agency: str = ""


REPORTER = Actor("reporter")
SYSTEM = Actor("system")
SHELL = Actor("shell")


class NoAct(Exception):
    """A record was to be written, or something sealed to be opened, outside of any act."""


class Refused(Exception):
    """The act may not be done. Carries what the person who tried is told, and the citation if any.

    The act is undone; that it was tried is kept. `details` must hold no content of a record. `way`
    is the address of the page where what may be done instead is done.
    """

    def __init__(
        self,
        reason: str,
        *,
        citation: str = "",
        record: models.Model | None = None,
        details: dict[str, Any] | None = None,
        way: str = "",
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.citation = citation
        self.record = record
        self.details = details or {}
        self.way = way


@dataclass
class Told:
    """One entry to be: what was done to one record."""

    actor: Actor
    act: str
    why: str
    operation: str
    kind: str
    record: str
    details: dict[str, Any]


@dataclass
class Act:
    """An act that is going on."""

    actor: Actor
    name: str
    why: str
    told: list[Told] = field(default_factory=list)
    _own: dict[tuple[str, str, str], Told] = field(default_factory=dict)

    def tell(self, operation: str, kind: str, record: str, details: dict[str, Any]) -> None:
        """Add an entry; the same operation on the same record within one act is told once."""
        already = self._own.get((operation, kind, record))
        if already is not None:
            already.details = _both(already.details, details)
            return
        told = Told(self.actor, self.name, self.why, operation, kind, record, details)
        self._own[operation, kind, record] = told
        self.told.append(told)


_open: ContextVar[Act | None] = ContextVar("harborlight_act", default=None)


def current() -> Act | None:
    """The act that is going on, if any."""
    return _open.get()


@contextmanager
def act(actor: Actor, name: str, why: str = "") -> Iterator[Act]:
    """Do something, and have it told. See the module's text."""
    outer = _open.get()
    this = Act(actor, name, why)
    token = _open.set(this)
    try:
        with transaction.atomic():
            yield this
            if outer is not None:
                outer.told.extend(this.told)
            elif this.told:
                from harborlight.web.audit import chain

                chain.append(this.told)
    except Refused as refused:
        if outer is None:
            _keep_refusal(this, refused)
        raise
    finally:
        _open.reset(token)


def _keep_refusal(this: Act, refused: Refused) -> None:
    from harborlight.web.audit import chain

    kind, record = ("", "") if refused.record is None else name_of(refused.record)
    details = {**refused.details, "citation": refused.citation} if refused.citation else {}
    told = Told(this.actor, this.name, this.why, REFUSE, kind, record, details or refused.details)
    with transaction.atomic():
        chain.append([told])


def note(actor: Actor, name: str, kind: str, record: str, why: str = "", **details: Any) -> None:
    """Keep that something was done which writes no record: a log-in, an export, a backup."""
    with act(actor, name, why) as this:
        this.tell(NOTE, kind, record, details)


@contextmanager
def writing(model: type[models.Model]) -> Iterator[Act]:
    """The act that is going on, needed to write rows of this model. NoAct when there is none."""
    this = _open.get()
    if this is None:
        raise NoAct(f"{model._meta.label} is written within an act only: with act(...): ...")
    with transaction.atomic():
        yield this


def touch(record: models.Model, operation: str, details: dict[str, Any] | None = None) -> None:
    """Tell the act that is going on what was done to a record."""
    kind, key = name_of(record)
    _tell(kind, key, operation, details or {})


def touch_many(
    model: type[models.Model],
    keys: Sequence[object],
    operation: str,
    details: dict[str, Any] | None = None,
) -> None:
    """Tell of the same operation on many records of one model."""
    for key in keys:
        _tell(model._meta.label_lower, str(key), operation, details or {})


def name_of(record: models.Model) -> tuple[str, str]:
    """How the audit names a record: its model and its key."""
    return record._meta.label_lower, str(record.pk)


def _tell(kind: str, record: str, operation: str, details: dict[str, Any]) -> None:
    this = _open.get()
    if this is None:
        raise NoAct(f"{operation} of {kind} {record} outside of an act: with act(...): ...")
    this.tell(operation, kind, record, details)


def _both(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    if "fields" in old and "fields" in new:
        return {**old, **new, "fields": sorted({*old["fields"], *new["fields"]})}
    return {**old, **new}


def when() -> datetime:
    """Now, in UTC. One place, so that every clock of the site reads the same."""
    from django.utils import timezone

    return timezone.now()
