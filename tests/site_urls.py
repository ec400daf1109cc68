"""Every URL of the site, as the resolver has it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from harborlight.web.accounts.doors import LISTED

#: Arguments for URLs of everybody, of which there need be nothing.
ANY = {"pk": 1, "number": 1, "slug": "none", "key": "none", "token": "none", "uidb36": "1"}


@dataclass(frozen=True)
class Url:
    """One URL: its name with namespace, its view, and the names of its arguments."""

    name: str
    route: str
    view: Callable[..., Any]
    arguments: dict[str, str]
    """Names, and the kinds of their converters."""

    @property
    def app(self) -> str:
        return self.name.partition(":")[0] if ":" in self.name else "log-in"

    @property
    def permission(self) -> tuple[str, str] | None:
        return getattr(self.view, "permission", None)

    @property
    def of(self) -> type | None:
        return getattr(self.view, "of", None)

    @property
    def public(self) -> str | None:
        listed = LISTED.get(self.name)
        return getattr(self.view, "public", None) or (
            listed[1] if listed and listed[0] == "public" else None
        )

    def path(self, **given: object) -> str:
        return reverse(self.name, kwargs={name: given[name] for name in self.arguments})

    def somewhere(self) -> str:
        """A path of this form, behind which there need be nothing."""
        return reverse(self.name, kwargs={name: self._any(name) for name in self.arguments})

    def _any(self, name: str) -> object:
        kind = self.arguments[name]
        if kind == "UUIDConverter":
            return "00000000-0000-4000-8000-000000000000"
        return 1 if kind == "IntConverter" else ANY.get(name, "none")


def walk(
    patterns: list[URLPattern | URLResolver],
    namespace: str = "",
    before: dict[str, Any] | None = None,
) -> Iterator[tuple[str, URLPattern, dict[str, Any]]]:
    """Every pattern with its namespace and the converters of its arguments."""
    for each in patterns:
        converters = {**(before or {}), **each.pattern.converters}
        if isinstance(each, URLResolver):
            inner = f"{namespace}{each.namespace}:" if each.namespace else namespace
            yield from walk(each.url_patterns, inner, converters)
        else:
            yield namespace, each, converters


def urls() -> list[Url]:
    """All of them. A URL without a name fails here: nothing could be said of it."""
    found = []
    for namespace, pattern, converters in walk(get_resolver().url_patterns):
        assert pattern.name, f"the URL {pattern.pattern} has no name"
        regex = dict.fromkeys(pattern.pattern.regex.groupindex, "")
        kinds = {name: type(each).__name__ for name, each in converters.items()}
        found.append(
            Url(
                f"{namespace}{pattern.name}", str(pattern.pattern), pattern.callback, kinds or regex
            )
        )
    return found
