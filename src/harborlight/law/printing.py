"""Answers, rules and parameters on a terminal, and as plain lines everywhere else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from rich.console import Console, Group
from rich.markup import escape
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from harborlight.law.explanation import Citation, Explanation, in_words
from harborlight.law.parameter import Dated, Law, Parameter
from harborlight.law.rulebook import Rule
from harborlight.law.value import UNKNOWN

COLORS = {"statute": "green", "secondary": "cyan", "weak": "yellow", "unknown": "red"}
DISCLAIMER = "Not legal advice. Check each source before relying on it."


def answer_text(told: Explanation) -> str:
    """The answer in words."""
    if isinstance(told.answer, dict):
        return "; ".join(
            f"{name.replace('_', ' ')}: {in_words(each, told.unit)}"
            for name, each in told.answer.items()
        )
    return in_words(told.answer, told.unit)


def since_text(since: date | None) -> str:
    """Since when a value has been in force."""
    return since.isoformat() if since else "the beginning"


def value_text(cited: Citation, unit: str = "") -> str:
    """A parameter's value in words."""
    if cited.value is None:
        return "not in force"
    if cited.value == date.max:
        return "no end"
    return in_words(cited.value, unit)


def print_answer(console: Console, told: Explanation, law: Law) -> None:
    """One answer with its steps and citations."""
    units = {each.parameter: law[each.parameter].unit for each in told.citations}
    if not console.is_terminal:
        for line in _plain_answer(told, units):
            console.print(line, markup=False, highlight=False, soft_wrap=True)
        return
    color = "yellow" if told.unknown else "green"
    parts: list[Text | Table | Padding] = [
        Text(answer_text(told), style=f"bold {color}"),
        Text(told.conclusion),
    ]
    steps = Table.grid(padding=(0, 1))
    for number, step in enumerate(told.steps, 1):
        style = "dim" if step.startswith("Check before") else ""
        steps.add_row(Text(f"{number}.", style="dim"), Text(step, style=style))
    parts.append(Padding(steps, (1, 0)))
    cites = Table(box=None, pad_edge=False, header_style="dim")
    for head in ("Citation", "What it sets", "Since", "Checked", "Source"):
        cites.add_column(head, overflow="fold")
    for each in told.citations:
        cites.add_row(
            escape(each.citation),
            escape(_what(each, units[each.parameter])),
            since_text(each.since),
            Text(each.verified, style=COLORS[each.verified]),
            Text.assemble(each.reference, (f"\n{each.note}" if each.note else "", "dim")),
        )
    parts.append(cites)
    title = f"{told.rule}, on {told.on}"
    if told.reform:
        title += f", under the reform {told.reform} (not law)"
    console.print(Text(told.question, style="italic"))
    console.print(Panel(Group(*parts), title=title, title_align="left", subtitle=DISCLAIMER))


def _what(cited: Citation, unit: str) -> str:
    """The last name of the parameter, and its value: "age limit: 18"."""
    return f"{cited.parameter.rsplit('.', 1)[-1].replace('_', ' ')}: {value_text(cited, unit)}"


def _plain_answer(told: Explanation, units: dict[str, str]) -> Iterable[str]:
    yield f"Question: {told.question}"
    yield f"Asked on: {told.on}"
    if told.reform:
        yield f"Reform:   {told.reform} (not law)"
    yield f"Answer:   {answer_text(told)}"
    yield f"          {told.conclusion}"
    if told.unknown:
        yield f"Unknown:  {', '.join(told.unknown)}"
    yield "Steps:"
    for number, step in enumerate(told.steps, 1):
        yield f"  {number}. {step}"
    for name, value in told.details.items():
        yield f"  - {name.replace('_', ' ')}: {in_words(value, told.unit)}"
    yield "Citations:"
    for each in told.citations:
        yield (
            f"  {each.citation} = {value_text(each, units[each.parameter])}, since "
            f"{since_text(each.since)} [{each.verified}] {each.parameter}; {each.reference}"
        )
        if each.note:
            yield f"    Note: {each.note}"
    yield f"Least checked source: {told.verified}. {DISCLAIMER}"


def print_rules(console: Console, found: Sequence[Rule], law: Law) -> None:
    """Every rule with its facts."""
    group = ""
    for each in found:
        if each.group != group:
            group = each.group
            if console.is_terminal:
                console.rule(f"[bold]{escape(group)}", align="left")
            else:
                console.print(f"\n== {group}", markup=False, highlight=False)
        if console.is_terminal:
            console.print(Text(each.name, style="bold cyan"))
            about = Text(f"{each.question}\nAnswers: {each.answers}")
            if law_read := each.stands_on(law):
                about.append(f"\nStands on: {'; '.join(law_read)}", "dim")
            console.print(Padding(about, (0, 2)))
            facts = Table(box=None, show_header=False, pad_edge=False)
            facts.add_column(no_wrap=True)
            facts.add_column()
            for fact in each.facts:
                facts.add_row(
                    Text(fact.name, style="green"),
                    Text.assemble(fact.text, "\n", (_allowed(fact.kind.lists(law)), "dim")),
                )
            console.print(Padding(facts, (0, 4)))
            continue
        lines = [f"\n{each.name}", f"  {each.question}", f"  answers: {each.answers}"]
        if law_read := each.stands_on(law):
            lines.append(f"  stands on: {'; '.join(law_read)}")
        lines += [
            f"    {fact.name}: {fact.text} [{_allowed(fact.kind.lists(law))}]"
            + (" (if not given: the day asked about)" if fact.default_on else "")
            for fact in each.facts
        ]
        for line in lines:
            console.print(line, markup=False, highlight=False, soft_wrap=True)


def _allowed(text: str) -> str:
    return text if len(text) < 900 else f"{text[:900]} ..."


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list of parameters."""

    parameter: Parameter
    dated: Dated

    @property
    def cited(self) -> Citation:
        """The value's citation."""
        return self.dated.cited


def print_parameters(console: Console, rows: Sequence[Row]) -> None:
    """Parameters with value, since when, verification and source."""
    if console.is_terminal:
        table = Table(header_style="bold", row_styles=["", "dim"])
        for head in ("Parameter", "Value", "Since", "Checked", "Citation and source"):
            table.add_column(head, overflow="fold")
        for row in rows:
            table.add_row(
                escape(row.parameter.path),
                escape(value_text(row.cited, row.parameter.unit)),
                since_text(row.cited.since),
                Text(row.cited.verified, style=COLORS[row.cited.verified]),
                escape(f"{row.cited.citation}; {row.cited.reference}"),
            )
        console.print(table)
    else:
        for row in rows:
            line = "\t".join(
                (
                    row.parameter.path,
                    value_text(row.cited, row.parameter.unit),
                    since_text(row.cited.since),
                    row.cited.verified,
                    row.cited.citation,
                    row.cited.reference,
                )
            )
            print(line, file=console.file)  # rich would turn the tabs into spaces
    unknown = sum(row.cited.value is UNKNOWN for row in rows)
    note = f"{len(rows)} values, {unknown} of them unknown. {DISCLAIMER}"
    Console(stderr=True, highlight=False).print(note, markup=False, soft_wrap=True)
