"""The tables that the bench of Recognize prints."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.table import Table


def show(measured: dict[str, Any], console: Console) -> None:
    """Print what `bench.recognize.run` measured."""
    contenders = measured["contenders"]
    names = list(contenders)
    table = _table(f"{measured['ads']:,} planted ads, seed {measured['seed']}", names)

    def row(label: str, key: str, form: str) -> None:
        table.add_row(label, *(_cell(_at(contenders[n], key), form) for n in names))

    row("template F1", "f1", ".4f")
    row("precision", "precision", ".4f")
    row("recall", "recall", ".4f")
    row("adjusted Rand", "adjusted_rand", ".4f")
    for tier in ("easy", "medium", "hard"):
        row(f"{tier}: pairs", f"recall_by_tier.{tier}.pairs", ".4f")
        row(f"{tier}: ads", f"recall_by_tier.{tier}.ads", ".4f")
    row("singles grouped", "singles_wrongly_grouped", ".2%")
    row("organization F1", "organizations.f1", ".4f")
    row("organization Rand", "organizations.adjusted_rand", ".4f")
    table.add_section()
    row("ads/s, whole job", "ads_per_second", ",.0f")
    row("ads/s, to groups", "grouping_ads_per_second", ",.0f")
    row("ads/s, similar", "similar_ads_per_second", ",.0f")
    row("seconds", "seconds", ",.1f")
    row("peak MB", "peak_memory_mb", ",.0f")
    table.caption = (
        "F1, precision and recall are over pairs of ads. By tier: the share of true pairs found, "
        "and of ads put with any other of their template. To groups: fold, similar, template."
    )
    table.caption_justify = "left"
    console.print(table)
    _show_ratios(measured["ratios"], console)
    ours = contenders["harborlight"]
    _show_stages(ours, measured["ads"], console)
    _show_phones(ours["phones"], console)


def show_on(measured: dict[str, Any], console: Console) -> None:
    """Print what `bench.recognize.run_on` measured."""
    title = f"{measured['file']}: {measured['ads']:,} ads against {measured['truth']}"
    table = Table(title=title, title_justify="left")
    for column in ("contender", "groups", "F1", "precision", "recall", "adjusted Rand", "ads/s"):
        table.add_column(column, justify="left" if column in ("contender", "groups") else "right")
    for name, found in measured["contenders"].items():
        for kind in ("template", "organization"):
            if kind in found:
                values = [found[kind][k] for k in ("f1", "precision", "recall", "adjusted_rand")]
                table.add_row(
                    name,
                    kind + "s" if name == "harborlight" else "",
                    *(f"{value:.4f}" for value in values),
                    f"{found['ads_per_second']:,.0f}",
                )
    console.print(table)


def _show_ratios(ratios: dict[str, Any], console: Console) -> None:
    if not ratios:
        return
    table = Table(title="Harborlight to a peer: ads/s and memory, in times", title_justify="left")
    table.add_column("peer")
    for column in ("similar", "to groups", "whole job", "memory"):
        table.add_column(column, justify="right")
    for name, ratio in ratios.items():
        speeds = (f"{ratio[k]:.1f}" for k in ("similar", "grouping", "whole_job"))
        table.add_row(name, *speeds, f"{ratio['memory']:.2f}")
    console.print(table)


def _show_stages(ours: dict[str, Any], ads: int, console: Console) -> None:
    table = Table(title="Harborlight's stages", title_justify="left")
    for column in ("stage", "seconds", "ads/s", "peak MB"):
        table.add_column(column, justify="left" if column == "stage" else "right")
    for stage in ours["stages"]:
        seconds = stage["seconds"]
        rate = f"{ads / seconds:,.0f}" if seconds else ""
        peak = f"{stage['peak_memory_bytes'] / 1e6:,.0f}"
        table.add_row(stage["stage"], f"{seconds:.2f}", rate, peak)
    console.print(table)


def _show_phones(phones: dict[str, Any], console: Console) -> None:
    table = Table(title="Phones by the way they are written", title_justify="left")
    for column in ("style", "F1", "precision", "recall"):
        table.add_column(column, justify="left" if column == "style" else "right")
    for style, found in phones.items():
        values = (f"{found[k]:.4f}" for k in ("f1", "precision", "recall"))
        table.add_row(style, *values, end_section=style == list(phones)[-2:][0])
    console.print(table)


def _table(title: str, names: list[str]) -> Table:
    table = Table(title=title, title_justify="left")
    table.add_column("")
    for name in names:
        table.add_column(name, justify="right")
    return table


def _at(found: dict[str, Any], key: str) -> Any:
    if key == "peak_memory_mb":
        return float(found["peak_memory_bytes"]) / 1e6
    value: Any = found
    for part in key.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return value


def _cell(value: Any, form: str) -> str:
    return "" if value is None else format(value, form)
