"""Dated parameters of law, read from YAML in OpenFisca's shape.

A leaf has ``values``: by date, each with ``value``, ``reference`` and ``verified``. The words
``null`` and ``unknown`` are values too: null says that the provision was not in force, unknown
that no source was found. A day before the first date is unknown. The path of a parameter is its
file's place under ``parameters`` and its keys, joined by dots.
"""

from __future__ import annotations

import difflib
import functools
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import yaml

from harborlight.law.amount import to_cents
from harborlight.law.explanation import VERIFIED, Citation, LawError
from harborlight.law.value import NOTHING, UNKNOWN, Array, Many, One, Unknown

PARAMETERS = Path(__file__).with_name("parameters")
REFORMS = "reforms"
#: The date that a lawyer writes for "as long as there has been a law of the land".
BEGINNING = date.min

LEAF_KEYS = {"description", "unit", "citation", "reference", "verified", "note", "values"}
VALUE_KEYS = {"value", "citation", "reference", "verified", "note"}
UNITS = {"", "money", "years", "hours", "days", "percent", "date", "people", "weeks"}

Plain = bool | int | str | date | tuple[str, ...] | None | Unknown


class ParameterError(ValueError):
    """A parameter file that cannot be used; the message names file and path."""


@dataclass(frozen=True, slots=True)
class Dated:
    """A parameter's value from one day on."""

    since: date
    value: Plain
    cited: Citation
    one: One  # the same value, ready for a case

    @property
    def in_force(self) -> bool | None:
        """False where null, None where unknown."""
        return None if self.value is UNKNOWN else self.value is not None


@dataclass(frozen=True)
class Parameter:
    """One parameter with its values by date, first to last."""

    path: str
    description: str
    unit: str
    values: tuple[Dated, ...]

    @functools.cached_property
    def _starts(self) -> list[date]:
        return [each.since for each in self.values]

    @functools.cached_property
    def timeless(self) -> bool:
        """Whether there is one value for all time, so that the day does not matter."""
        return len(self.values) == 1 and self.values[0].since == BEGINNING

    @functools.cached_property
    def _before(self) -> Dated:
        first = self.values[0].cited
        note = "No source was found for the law before the first date of this parameter."
        cited = replace(first, value=UNKNOWN, since=None, verified="unknown", note=note)
        return Dated(BEGINNING, UNKNOWN, cited, One(None, frozenset([self.path])))

    def at(self, day: date) -> Dated:
        """The value in force on a day."""
        place = bisect_right(self._starts, day)
        return self.values[place - 1] if place else self._before

    @functools.cached_property
    def _table(self) -> tuple[Array, Array, Array, Array, tuple[str, ...] | None]:
        """Starts, then value, known and in force by number of starts that have passed."""
        plain = [None, *(None if v.value is UNKNOWN else v.value for v in self.values)]
        lapsed = [False, *(v.value is None for v in self.values)]
        words = [each for each in plain if isinstance(each, str)]
        labels = tuple(dict.fromkeys(words)) if words else None
        known = np.array([each is not None for each in plain])
        if labels:
            values = np.array([labels.index(p) if isinstance(p, str) else 0 for p in plain])
        elif any(isinstance(each, date) for each in plain):
            days = [each if isinstance(each, date) else BEGINNING for each in plain]
            values = np.array(days, dtype="datetime64[D]")
        elif any(isinstance(each, bool) for each in plain):
            values = np.array([bool(each) for each in plain])
        else:
            values = np.array([each or 0 for each in plain], dtype=np.int64)
        starts = np.array(self._starts, dtype="datetime64[D]")
        return starts, values, known, np.array(lapsed), labels

    def places(self, days: Array) -> Array:
        """For each day the number of values that have begun."""
        starts = self._table[0]
        if days.dtype.kind != "M":  # no day is known in any row
            return np.asarray(len(starts) if self.timeless else 0)
        if not days.size:
            return np.zeros(days.shape, dtype=np.int64)
        first, last = np.searchsorted(starts, [days.min(), days.max()], side="right")
        if first == last:
            return np.asarray(first)
        return by_calendar(days, lambda each: np.searchsorted(starts, each, side="right"))

    def column(self, days: Array) -> Many:
        """The value in force on each day."""
        _, values, known, _, labels = self._table
        places = self.places(days)
        return Many(np.asarray(values[places]), np.asarray(known[places]), labels)

    def in_force_column(self, days: Array) -> Many:
        """Whether the parameter is in force on each day: false for null, unknown for unknown."""
        _, _, known, lapsed, _ = self._table
        places = self.places(days)
        return Many(np.asarray(known[places]), np.asarray((known | lapsed)[places]))

    def listed(self) -> tuple[str, ...]:
        """The one list that this parameter holds; lists do not change by row."""
        lists = [each.value for each in self.values if isinstance(each.value, tuple)]
        if len(lists) != 1:
            raise ParameterError(f"{self.path}: exactly one list is expected")
        return lists[0]


def by_calendar(days: Array, compute: Callable[[Array], Array]) -> Array:
    """Something computed of each day. Where days repeat, it is computed once per calendar day."""
    if days.size:
        first, last = days.min(), days.max()
        span = int((last - first).astype(np.int64)) + 1
        if span < days.size:
            calendar = np.arange(first, last + np.timedelta64(1, "D"))
            return np.asarray(compute(calendar)[(days - first).view(np.int64)])
    return np.asarray(compute(days))


@dataclass(frozen=True)
class Node:
    """A branch: the names below it, and by what other words they are known."""

    description: str = ""
    children: tuple[str, ...] = ()
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


class Law:
    """Every parameter by its path, as read from files, with a reform laid over it or none."""

    def __init__(
        self,
        parameters: dict[str, Parameter],
        nodes: dict[str, Node],
        reform: str | None = None,
        reform_text: str = "",
    ) -> None:
        self._parameters = parameters
        self._nodes = nodes
        self.reform = reform
        self.reform_text = reform_text

    def __iter__(self) -> Iterator[Parameter]:
        return iter(self._parameters[path] for path in sorted(self._parameters))

    def __getitem__(self, path: str) -> Parameter:
        found = self._parameters.get(path)
        if found is None:
            near = difflib.get_close_matches(path, self._parameters, 1)
            hint = f"; did you mean {near[0]}?" if near else ""
            raise ParameterError(f"no parameter is called {path}{hint}")
        return found

    def __contains__(self, path: str) -> bool:
        return path in self._parameters

    def node(self, path: str) -> Node:
        """A branch of the tree."""
        return self._nodes[path]

    def with_reform(self, name: str) -> Law:
        """This law with the parameters of a reform laid over it.

        ``name`` is one of `reform_names`, or a path to a YAML file of the same shape.
        """
        return _reformed(self, name)


def _cite(path: str, entry: Mapping[str, Any], since: date, value: Plain) -> Citation:
    return Citation(
        citation=entry["citation"],
        parameter=path,
        value=value,
        since=None if since == BEGINNING else since,
        verified=entry["verified"],
        reference=entry["reference"],
        note=" ".join(str(entry.get("note") or "").split()),
    )


def _plain(raw: Any, unit: str, where: str) -> Plain:
    if raw is None or isinstance(raw, bool):
        return raw
    if raw == "unknown":
        return UNKNOWN
    if unit == "money":
        try:
            return to_cents(str(raw))
        except ValueError as error:
            raise ParameterError(f"{where}: {error}") from None
    if isinstance(raw, list) and all(isinstance(each, str) for each in raw):
        return tuple(raw)
    if isinstance(raw, str | int | date):
        return raw
    raise ParameterError(f"{where}: {raw!r} is no value (money in text, no fractions)")


def _leaf(path: str, raw: Mapping[str, Any], where: str) -> Parameter:
    extra = set(raw) - LEAF_KEYS
    if extra:
        raise ParameterError(f"{where}: unknown key {sorted(extra)[0]}")
    unit = str(raw.get("unit") or "")
    if unit not in UNITS:
        raise ParameterError(f"{where}: unknown unit {unit}; one of {sorted(UNITS)}")
    if not raw.get("description"):
        raise ParameterError(f"{where}: description is missing")
    shared = {key: raw[key] for key in VALUE_KEYS - {"value"} if key in raw}
    values: list[Dated] = []
    for since, own in raw["values"].items():
        place = f"{where} at {since}"
        if type(since) is not date or not isinstance(own, dict) or "value" not in own:
            raise ParameterError(f"{place}: write a date, and below it `value:`")
        if set(own) - VALUE_KEYS:
            raise ParameterError(f"{place}: unknown key {sorted(set(own) - VALUE_KEYS)[0]}")
        entry = shared | own
        for key in ("citation", "reference", "verified"):
            if not isinstance(entry.get(key), str) or not entry[key].strip():
                raise ParameterError(f"{place}: {key} is missing")
        if entry["verified"] not in VERIFIED:
            raise ParameterError(f"{place}: verified is one of {', '.join(VERIFIED)}")
        if values and since <= values[-1].since:
            raise ParameterError(f"{place}: dates are written first to last")
        value = _plain(own["value"], unit, place)
        cited = _cite(path, entry, since, value)
        unknown = value is UNKNOWN
        one = One(None, frozenset([path])) if unknown else One(value, NOTHING)
        values.append(Dated(since, value, cited, one))
    if not values:
        raise ParameterError(f"{where}: no values")
    text = " ".join(str(raw["description"]).split())
    return Parameter(path, text, unit, tuple(values))


def _walk(
    path: str, raw: Any, where: str, parameters: dict[str, Parameter], nodes: dict[str, Node]
) -> None:
    if not isinstance(raw, dict):
        raise ParameterError(f"{where}: {path} is no branch and no parameter")
    if "values" in raw:
        parameters[path] = _leaf(path, raw, f"{where}: {path}")
        return
    children = tuple(str(key) for key in raw if key not in {"description", "aliases"})
    aliases = {
        str(name): tuple(str(each) for each in words)
        for name, words in (raw.get("aliases") or {}).items()
    }
    nodes[path] = Node(str(raw.get("description") or ""), children, aliases)
    for key, below in raw.items():
        if key not in {"description", "aliases"}:
            _walk(f"{path}.{key}", below, where, parameters, nodes)


_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class StrictLoader(_Loader):  # type: ignore[misc]
    """YAML that refuses a key written twice, and takes only true and false for truths.

    (In YAML 1.1 the words yes, no, on and off are truths too: `on: 2016-05-01` would lose its key.)
    """

    yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {
        first: [pair for pair in pairs if pair[0] != "tag:yaml.org,2002:bool"]
        for first, pairs in _Loader.yaml_implicit_resolvers.items()
    }

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:
        """Build a mapping whose keys are all different."""
        seen = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                line = key_node.start_mark.line + 1
                raise ParameterError(f"{key} is written twice (line {line})")
            seen.add(key)
        return super().construct_mapping(node, deep)


StrictLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("true|false"), ["t", "f"])


def read_yaml(path: Path) -> Any:
    """One YAML file; a key written twice is an error."""
    try:
        with path.open("rb") as file:
            return yaml.load(file, StrictLoader)  # noqa: S506 - built on the safe loader
    except (yaml.YAMLError, ValueError) as error:  # ValueError: a date that is none
        raise ParameterError(f"{path}: {' '.join(str(error).split())}") from error


def read_law(folder: Path) -> Law:
    """All parameters below a folder, but for its reforms."""
    parameters: dict[str, Parameter] = {}
    nodes: dict[str, Node] = {}
    for file in sorted(folder.rglob("*.yaml")):
        place = file.relative_to(folder)
        if place.parts[0] == REFORMS:
            continue
        raw = read_yaml(file)
        path = ".".join(place.with_suffix("").parts)
        _walk(path, raw, str(place), parameters, nodes)
    return Law(parameters, nodes)


@functools.cache
def current_law() -> Law:
    """The law that comes with Harborlight, read once."""
    return read_law(PARAMETERS)


def reform_names() -> list[str]:
    """The reforms that come with Harborlight."""
    return sorted(file.stem for file in (PARAMETERS / REFORMS).glob("*.yaml"))


@functools.lru_cache(maxsize=32)
def _reformed(law: Law, name: str) -> Law:
    known = {file: PARAMETERS / REFORMS / f"{file}.yaml" for file in reform_names()}
    path = known.get(name.replace("-", "_"), Path(name))
    if not path.is_file():
        raise LawError("reform", f"no reform is called {name!r}; known: {', '.join(known)}")
    raw = read_yaml(path)
    where = path.name
    if not isinstance(raw, dict) or not raw.get("description") or not raw.get("reference"):
        raise ParameterError(f"{where}: a reform has a description and a reference")
    parameters = dict(law._parameters)
    copies, over = raw.get("copy") or [], raw.get("parameters") or {}
    if not isinstance(copies, list) or not isinstance(over, dict):
        raise ParameterError(f"{where}: copy is a list, parameters are branches")
    for each in copies:
        try:
            pairs = list(_copies(law, each["from"], each["to"]))
        except (KeyError, TypeError, ValueError) as error:
            raise ParameterError(f"{where}: copy has no such branch: {error}") from error
        for target, source in pairs:
            parameters[target] = _laid_over(parameters.get(target), source, target, raw, each)
    new: dict[str, Parameter] = {}
    for root, below in over.items():
        _walk(root, below, where, new, {})
    for target, source in new.items():
        parameters[target] = _laid_over(None, source, target, raw, {})
    text = " ".join(str(raw["description"]).split())
    # The branches stay: a reform changes values, it opens no new choices.
    return Law(parameters, law._nodes, path.stem, text)


def _copies(law: Law, source: str, target: str) -> Iterator[tuple[str, Parameter]]:
    branch, star = target.rsplit(".", 1)
    for name in law.node(branch).children if star == "*" else (star,):
        for leaf in law.node(source).children:
            yield f"{branch}.{name}.{leaf}", law[f"{source}.{leaf}"]


def _laid_over(
    old: Parameter | None,
    source: Parameter,
    target: str,
    raw: Mapping[str, Any],
    how: Mapping[str, Any],
) -> Parameter:
    begins: date = how.get("since") or BEGINNING
    kept = [each for each in old.values if each.since < begins] if old else []
    laid: list[Dated] = []
    for each in source.values:
        since = max(each.since, begins)
        note = f"Reform, not law: {' '.join(str(raw['description']).split())} {each.cited.note}"
        cited = replace(each.cited, parameter=target, since=since, note=note.strip())
        if since == BEGINNING:
            cited = replace(cited, since=None)
        if laid and laid[-1].since == since:
            laid.pop()
        one = One(None, frozenset([target])) if each.value is UNKNOWN else each.one
        laid.append(Dated(since, each.value, cited, one))
    return Parameter(target, source.description, source.unit, (*kept, *laid))
