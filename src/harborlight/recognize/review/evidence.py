"""The kinds of evidence, as `evidence.yaml` defines them, and their words in other languages."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

TOWARD, AWAY, ALONE = "toward", "away", "alone"
ENGLISH = "en"
#: Languages with words of their own: `evidence.LANGUAGE.yaml`.
LANGUAGES = (ENGLISH, "es")


@dataclass(frozen=True)
class Kind:
    """One kind of evidence: what it is, where it points, who studied it and how far it goes."""

    key: str
    name: str
    direction: str  # TOWARD, AWAY or ALONE
    family: str  # kinds of one family count as one
    statement: str  # with {amount}
    definition: str
    study: str
    limits: str
    innocent: str

    def state(self, amount: float) -> str:
        """What a lead says when the kind is found `amount` times."""
        return self.statement.replace("{amount}", f"{amount:,.0f}")


@dataclass(frozen=True)
class Catalogue:
    """All kinds, in the order they are shown, the families, and what is never used."""

    kinds: dict[str, Kind]
    families: dict[str, str]  # family: what its kinds have in common
    never_used: tuple[dict[str, str], ...]  # name, reason
    phrases: dict[str, str]  # of the innocent reading

    def of(self, direction: str) -> list[Kind]:
        """The kinds that point in one direction."""
        return [kind for kind in self.kinds.values() if kind.direction == direction]


@cache
def catalogue(language: str = ENGLISH) -> Catalogue:
    """The kinds that Harborlight ships, in a language of LANGUAGES, else in English.

    ValueError when a file breaks its own rules.
    """
    if language != ENGLISH and language in LANGUAGES:
        return _translated(catalogue(), _read(f"evidence.{language}.yaml"))
    raw = _read("evidence.yaml")
    kinds = {key: Kind(key=key, **entry) for key, entry in raw["kinds"].items()}
    families: dict[str, str] = raw["families"]
    directions: dict[str, str] = {}
    for kind in kinds.values():
        if kind.direction not in (TOWARD, AWAY, ALONE):
            raise ValueError(f"evidence.yaml: {kind.key}: no direction {kind.direction!r}")
        if kind.family not in families:
            raise ValueError(f"evidence.yaml: {kind.key}: no family {kind.family!r}")
        if directions.setdefault(kind.family, kind.direction) != kind.direction:
            raise ValueError(f"evidence.yaml: {kind.family}: kinds point both ways")
    return Catalogue(kinds, families, tuple(raw["never_used"]), raw["phrases"])


def _read(name: str) -> Any:
    return yaml.safe_load((files("harborlight.recognize.review") / name).read_text("utf-8"))


def _translated(known: Catalogue, words: dict[str, Any]) -> Catalogue:
    """The same kinds in other words. Studies stay as they are cited."""
    if set(words["kinds"]) != set(known.kinds) or set(words["phrases"]) != set(known.phrases):
        raise ValueError("a translation of evidence.yaml has other kinds or phrases")
    kinds = {key: replace(kind, **words["kinds"][key]) for key, kind in known.kinds.items()}
    return Catalogue(kinds, known.families, known.never_used, words["phrases"])
