"""How fast the law answers: one question with its explanation, and a population each on its day.

OpenFisca runs beside it on the same questions in the same process where it is installed. It is
AGPL and never needed to run Harborlight: it is imported here only, and only when asked for.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import time
from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
from rich.console import Console
from rich.table import Table

from harborlight.law import Answers, ask, ask_many, current_law
from harborlight.law.parameter import BEGINNING

RULE = "minnesota-safe-harbor"
LIMIT = "minnesota.safe_harbor.delinquent_under_age"
PEERS = ("openfisca",)
TO_INSTALL = "uv run --group peers-law harborlight bench law --against openfisca"
YEARS = 10
CONDUCTS = np.array(["hired", "hiring", "other", None], dtype=object)
Days = npt.NDArray[np.datetime64]


def run(people: int, seed: int, against: list[str], console: Console) -> dict[str, Any]:
    """Measure, print and return what was measured.

    ``people`` is the size of the population, each person on their own day over ten years with
    their own birth date and conduct, one in four conducts unknown. Raises ValueError for a peer
    that is not known.
    """
    unknown = [name for name in against if name not in PEERS]
    if unknown:
        raise ValueError(f"no peer is called {unknown[0]}; known: {', '.join(PEERS)}")
    on, born, conduct = population(people, seed)
    measured: dict[str, Any] = {"people": people, "seed": seed, "rule": RULE, "contenders": {}}
    answers, ours = _harborlight(on, born, conduct)
    measured["contenders"]["harborlight"] = ours
    for name in against:
        if importlib.util.find_spec("openfisca_core") is None:
            measured.setdefault("skipped", {})[name] = TO_INSTALL
            continue
        theirs, found = _openfisca(on, born, conduct == "hired")
        found["same_answers"] = _same(answers, theirs)
        measured["contenders"][name] = found
        measured.setdefault("ratios", {})[name] = {
            key: found[key] / ours[key] for key in ("one_question_ms", "population_seconds")
        }
    _show(measured, console)
    return measured


def population(people: int, seed: int) -> tuple[Days, Days, npt.NDArray[np.object_]]:
    """Days over ten years around the change of the law, birth dates, conducts (None unknown)."""
    change = current_law()[LIMIT].values[-1].since
    rng = np.random.default_rng(seed)
    span = 365 * YEARS
    first = np.datetime64(change) - np.timedelta64(span // 2, "D")
    on = first + rng.integers(0, span, people).astype("timedelta64[D]")
    born = on - rng.integers(0, 365 * 40, people).astype("timedelta64[D]")
    return on, born, CONDUCTS[rng.integers(0, len(CONDUCTS), people)]


def seconds_each(work: Callable[[], object], least: float = 0.2) -> float:
    """The least of five batches' means: what else the machine does only ever adds."""
    work()
    repeats, took = 1, 0.0
    while True:
        began = time.perf_counter()
        for _ in range(repeats):
            work()
        took = time.perf_counter() - began
        if took >= least / 5:
            break
        repeats *= 2
    batches = [took / repeats]
    for _ in range(4):
        began = time.perf_counter()
        for _ in range(repeats):
            work()
        batches.append((time.perf_counter() - began) / repeats)
    return min(batches)


def _timed(work: Callable[[], Any], times: int = 3) -> tuple[Any, float]:
    """What the work gives, and the least of its times."""
    took, result = [], None
    for _ in range(times):
        began = time.perf_counter()
        result = work()
        took.append(time.perf_counter() - began)
    return result, min(took)


def _harborlight(
    on: Days, born: Days, conduct: npt.NDArray[np.object_]
) -> tuple[Answers, dict[str, Any]]:
    day = _last_change()
    facts = {"birth_date": date(day.year - 16, 2, 28), "conduct": "hired"}
    one = seconds_each(lambda: ask(RULE, day, facts))
    columns = {"birth_date": born, "conduct": conduct}
    answers, many = _timed(lambda: ask_many(RULE, on, columns))
    told = ask(RULE, day, facts)
    return answers, {
        "version": importlib.metadata.version("harborlight"),
        "one_question_ms": one * 1000,
        "population_seconds": many,
        "explanation": f"{len(told.steps)} steps, {len(told.citations)} citations",
        "unknown": int(answers.unknown.sum()),
        "yes": int(answers.values[~answers.unknown].sum()),
    }


def _last_change() -> date:
    return current_law()[LIMIT].values[-1].since


def _openfisca(
    on: Days, born: Days, hired: npt.NDArray[np.bool_]
) -> tuple[npt.NDArray[np.bool_], dict[str, Any]]:
    """The same exclusion as an OpenFisca variable: no explanation, and unknown is false."""
    from openfisca_core.simulations import SimulationBuilder

    system = _system()
    day = _last_change()
    case = {
        "birth_date": {"ETERNITY": f"{day.year - 16}-02-28"},
        "hired": {day.isoformat(): True},
    }

    def question() -> object:
        built = SimulationBuilder().build_from_entities(system, {"people": {"one": case}})
        return built.calculate("excluded", day.isoformat())

    def everyone() -> npt.NDArray[np.bool_]:
        """One run for each day, for all in a run share its period."""
        result = np.zeros(len(on), dtype=bool)
        order = np.argsort(on, kind="stable")
        days, starts = np.unique(on[order], return_index=True)
        for each, rows in zip(days, np.split(order, starts[1:]), strict=True):
            built = SimulationBuilder().build_default_simulation(system, count=len(rows))
            built.set_input("birth_date", "ETERNITY", born[rows])
            built.set_input("hired", str(each), hired[rows])
            result[rows] = built.calculate("excluded", str(each))
        return result

    one = seconds_each(question)
    answers, many = _timed(everyone, times=1)
    return answers, {
        "version": importlib.metadata.version("openfisca-core"),
        "one_question_ms": one * 1000,
        "population_seconds": many,
        "explanation": "none",
        "unknown": 0,
        "yes": int(answers.sum()),
    }


def _system() -> Any:
    """OpenFisca's system with the same dated parameter."""
    from openfisca_core.entities import build_entity
    from openfisca_core.parameters import ParameterNode
    from openfisca_core.periods import DateUnit
    from openfisca_core.taxbenefitsystems import TaxBenefitSystem
    from openfisca_core.variables import Variable

    person = build_entity(key="person", plural="people", label="A person", is_person=True)

    def formula(people: Any, period: Any, parameters: Any) -> Any:
        day = np.datetime64(str(period.start), "D")
        births = people("birth_date", period)
        months = births.astype("datetime64[M]")
        whole = (day.astype("datetime64[M]") - months).astype(np.int64)
        before = day - day.astype("datetime64[M]").astype("datetime64[D]") < births - months
        young = (whole - before) // 12 < parameters(period).under_age
        return people("hired", period) * young

    def variable(name: str, **named: Any) -> Any:
        return type(name, (Variable,), {"entity": person, "label": name, **named})

    system = TaxBenefitSystem([person])
    dated = {
        max(each.since, date(1900, 1, 1)).isoformat(): {"value": each.value or 0}
        for each in current_law()[LIMIT].values
        if each.since != BEGINNING or each.value is None
    }
    system.parameters = ParameterNode("", data={"under_age": {"values": dated}})
    system.add_variables(
        variable("birth_date", value_type=date, definition_period=DateUnit.ETERNITY),
        variable("hired", value_type=bool, definition_period=DateUnit.DAY),
        variable("excluded", value_type=bool, definition_period=DateUnit.DAY, formula=formula),
    )
    return system


def _same(answers: Answers, theirs: npt.NDArray[np.bool_]) -> bool:
    """Whether both answer alike wherever Harborlight knows the answer."""
    known = ~answers.unknown
    return bool((answers.values[known] == theirs[known]).all())


def _show(measured: dict[str, Any], console: Console) -> None:
    people, contenders = measured["people"], measured["contenders"]
    title = f"{measured['rule']}, {people:,} people each on their own day, seed {measured['seed']}"
    table = Table(title=title, title_justify="left")
    table.add_column("")
    for name, found in contenders.items():
        table.add_column(f"{name} {found['version']}", justify="right")
    rows: list[tuple[str, Callable[[dict[str, Any]], str]]] = [
        ("one question, ms", lambda found: f"{found['one_question_ms']:.4f}"),
        ("with explanation", lambda found: str(found["explanation"])),
        (f"{people:,} people, seconds", lambda found: f"{found['population_seconds']:.3f}"),
        ("answered yes", lambda found: f"{found['yes']:,}"),
        ("answered unknown", lambda found: f"{found['unknown']:,}"),
    ]
    for label, form in rows:
        table.add_row(label, *(form(found) for found in contenders.values()))
    console.print(table)
    for name, ratio in measured.get("ratios", {}).items():
        same = "the same" if contenders[name]["same_answers"] else "NOT the same"
        console.print(
            f"{name} takes {ratio['one_question_ms']:.0f} times as long for one question, "
            f"{ratio['population_seconds']:.0f} times for the population; where the answer is "
            f"known, its answers are {same}.",
            soft_wrap=True,
        )
    for name, how in measured.get("skipped", {}).items():
        console.print(f"{name} is not installed and was skipped. To run it too: {how}",
                      markup=False, soft_wrap=True)  # fmt: skip
