"""How the tests of the walls make a record of each kind, and what each URL needs besides it.

An app that adds a model with walls (`accounts.models.Scoped`) says here how to make one, in a file
of its own beside this one, `objects_APP.py`:

    @makes(Report)
    def report(owner: Member) -> Report:
        with act(TESTER, "test.setup"):
            ...

The record must be owned by the owner's agency, assigned to the owner, and the owner's own, so far
as the model knows these: then the owner reaches it in every scope, a colleague of the owner in the
scopes AGENCY and ALL, and somebody of another agency in the scope ALL alone. Whatever role the
owner has, it must work.

A URL that takes more than `pk` says what, by its name:

    arguments("intake:file", lambda record: {"number": 1})
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from harborlight.web.accounts.models import Member

Maker = Callable[[Member], Any]
MAKERS: dict[type, Maker] = {}
ARGUMENTS: dict[str, Callable[[Any], dict[str, object]]] = {}
#: What a GET of the URL needs behind the question mark, to be answered in full.
QUERIES: dict[str, dict[str, str]] = {}
#: Words that the made records say, in no language of the site (regular expressions).
WORDS: list[str] = []


def makes(model: type) -> Callable[[Maker], Maker]:
    """Says that the function makes a record of this model, for an owner."""

    def keep(maker: Maker) -> Maker:
        MAKERS[model] = maker
        return maker

    return keep


def arguments(name: str, given: Callable[[Any], dict[str, object]]) -> None:
    """The arguments of the URL of that name besides `pk`, from the record (or None)."""
    ARGUMENTS[name] = given


def load() -> None:
    """Read what every app says in its `objects_APP.py`."""
    for file in sorted(Path(__file__).parent.glob("objects_*.py")):
        importlib.import_module(file.stem)


def make(model: type, owner: Member) -> Any:
    """A record of the model, the owner's own. KeyError when nothing says how."""
    load()
    return MAKERS[model](owner)
