"""`harborlight law`: list the rules, ask one, list the parameters."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console

from harborlight.law.explanation import Explanation, LawError
from harborlight.law.parameter import Law, ParameterError, reform_names
from harborlight.law.printing import (
    Row,
    answer_text,
    print_answer,
    print_parameters,
    print_rules,
    value_text,
)
from harborlight.law.rulebook import ON, Rule, ask, book_of, find_rule, rules, unknown_fact

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    help="Law as rules: dated, cited, explained. Not legal advice.",
    epilog="Begin with: harborlight law rules",
)

BAD_USE = 2
LARGEST_CELL = 100_000_000

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
OnOption = Annotated[
    str | None, typer.Option("--on", metavar="DATE", help="The day asked about; today if left out.")
]
ReformOption = Annotated[
    str | None,
    typer.Option(
        "--reform",
        metavar="NAME",
        help="Ask under a reform laid over the law: one that comes with Harborlight "
        "(every_state_adopts_minnesota) or a YAML file.",
    ),
]


def refuse(reason: str) -> NoReturn:
    """Tell bad use in one line and stop."""
    Console(stderr=True).print(reason, style="red", markup=False, highlight=False, soft_wrap=True)
    raise typer.Exit(BAD_USE)


def _day(text: str | None, name: str = "on") -> date | None:
    if text is None:
        return None
    try:
        day = ON.kind.read(text, book_of(None))
    except ValueError as error:
        refuse(f"{name}: {error}")
    assert isinstance(day, date)  # noqa: S101 - what the kind reads
    return day


def _book(reform: str | None) -> Law:
    try:
        return book_of(reform)
    except (LawError, ParameterError) as error:
        refuse(str(error))


def _rule_names(incomplete: str) -> list[str]:
    return [each.name for each in rules() if each.name.startswith(incomplete)]


@app.command("rules")
def rules_command(
    as_json: Json = False,
    word: Annotated[
        str,
        typer.Argument(
            metavar="[WORD]", help="Only rules with this word in name, question or citations."
        ),
    ] = "",
) -> None:
    """List the questions that can be asked, with the facts each takes."""
    law = book_of(None)
    sought = word.casefold()
    found = [
        each
        for each in rules()
        if sought in f"{each.name} {each.group} {each.question} {each.stands_on(law)}".casefold()
    ]
    if as_json:
        typer.echo(json.dumps([each.to_dict(law) for each in found], indent=2))
        return
    console = Console()
    print_rules(console, found, law)
    names = ", ".join(reform_names())
    console.print(f"\nReforms (--reform): {names}", markup=False, highlight=False, soft_wrap=True)


@app.command("ask")
def ask_command(
    rule: Annotated[str, typer.Argument(help="The rule to ask.", autocompletion=_rule_names)],
    on: OnOption = None,
    fact: Annotated[
        list[str] | None,
        typer.Option(
            "--fact", "-f", metavar="NAME=VALUE", help="A fact; repeat. Not given is unknown."
        ),
    ] = None,
    as_json: Json = False,
    file: Annotated[
        Path | None,
        typer.Option(
            "--file", metavar="CSV", help="Ask of every row: columns are facts, and `on` the day."
        ),
    ] = None,
    reform: ReformOption = None,
) -> None:
    """Ask a rule: the answer, the steps in plain words, the citations with dates and verification.

    Example: harborlight law ask minnesota-safe-harbor --on 2016-05-01
    --fact birth_date=2000-01-01 --fact conduct=hired
    """
    book = _book(reform)
    try:
        asked = find_rule(rule)
        facts = _facts(asked, fact or [])
    except LawError as error:
        refuse(str(error))
    day = _day(on)
    if file is not None:
        _ask_file(asked, file, day, facts, book, as_json)
        return
    try:
        told = ask(asked.name, day, facts, law=book)
    except LawError as error:
        refuse(str(error))
    if as_json:
        typer.echo(json.dumps(told.to_dict(), indent=2, ensure_ascii=False))
    else:
        print_answer(Console(), told, book)


def _facts(asked: Rule, given: list[str]) -> dict[str, str]:
    facts: dict[str, str] = {}
    for each in given:
        name, equals, value = each.partition("=")
        name = name.strip()
        if not equals:
            raise LawError(name, "write a fact as NAME=VALUE")
        if name not in asked.by_name:
            raise unknown_fact(asked, name)
        if name in facts:
            raise LawError(name, "told twice")
        facts[name] = value
    return facts


def _ask_file(
    asked: Rule, file: Path, day: date | None, facts: Mapping[str, str], book: Law, as_json: bool
) -> None:
    """Ask of every row; a row that cannot be asked is told, and the others are answered."""
    notes = Console(stderr=True, highlight=False)
    answered = unknown = failed = 0
    if as_json:
        typer.echo("[", nl=False)
    for row, cells, wrong in _rows(file, asked, notes):
        record: dict[str, Any]
        try:
            if wrong:
                raise LawError("row", wrong)
            given = {**facts, **{name: text for name, text in cells.items() if name != "on"}}
            told = ask(asked.name, cells.get("on") or day, given, law=book)
        except LawError as error:
            failed += 1
            reason = error.reason if error.field == "row" else str(error)
            notes.print(f"{file}, row {row}: {reason}", markup=False, soft_wrap=True)
            record = {"row": row, "error": {"field": error.field, "reason": error.reason}}
        else:
            answered += 1
            unknown += bool(told.unknown)
            record = {"row": row, **told.to_dict()}
            if not as_json:
                typer.echo(_line(row, told))
        if as_json:
            comma = "," if answered + failed > 1 else ""
            typer.echo(f"{comma}\n{json.dumps(record, ensure_ascii=False)}", nl=False)
    if as_json:
        typer.echo("\n]")
    notes.print(
        f"{answered + failed} rows: {answered} answered ({unknown} of them unknown), "
        f"{failed} could not be asked.",
        markup=False,
    )


def _line(row: int, told: Explanation) -> str:
    return f"{row}\t{answer_text(told)}\t{told.conclusion}"


def _rows(file: Path, asked: Rule, notes: Console) -> Iterator[tuple[int, dict[str, str], str]]:
    """Data rows with their number (1 is the first) and what is wrong with them, if anything."""
    try:
        raw = file.read_bytes()
    except OSError as error:
        refuse(f"{file}: {error.strerror or error}")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", errors="replace")
        notes.print(f"{file}: not UTF-8, read as Windows-1252.", markup=False, soft_wrap=True)
    csv.field_size_limit(LARGEST_CELL)
    head = text.split("\n", 1)[0]
    comma = max(",;\t", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=comma)
    header = [each.strip() for each in next(reader, [])]
    names = [each for each in header if each in asked.by_name or each == "on"]
    if not names:
        refuse(
            f"{file}: no column is a fact of {asked.name}; its facts are {', '.join(asked.by_name)}"
        )
    twice = sorted({each for each in names if names.count(each) > 1})
    if twice:
        refuse(f"{file}: the column {twice[0]} is there twice")
    ignored = [each for each in header if each and each not in names]
    if ignored:
        unused = ", ".join(ignored)
        notes.print(f"{file}: not facts, and not used: {unused}", markup=False, soft_wrap=True)
    row = 0
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            yield row + 1, {}, f"the rest of the file cannot be read: {error}"
            return
        if cells is None:
            return
        if not cells:
            continue
        row += 1
        if len(cells) != len(header):
            yield row, {}, f"{len(cells)} cells, the header has {len(header)}"
            continue
        found = dict(zip(header, cells, strict=True))
        yield row, {name: found[name] for name in names}, ""


@app.command("parameters")
def parameters_command(
    branch: Annotated[
        str, typer.Argument(metavar="[BRANCH]", help="Only below this, as states.MN or federal.")
    ] = "",
    on: OnOption = None,
    changed_since: Annotated[
        str | None,
        typer.Option("--changed-since", metavar="DATE", help="Only values that began since."),
    ] = None,
    unverified: Annotated[
        bool,
        typer.Option("--unverified", help="Every value of any date that is weak or unknown."),
    ] = False,
    as_json: Json = False,
    reform: ReformOption = None,
) -> None:
    """List every parameter: its value on a day, since when, its source and how it was checked."""
    book = _book(reform)
    day, since = _day(on), _day(changed_since, "changed-since")
    if branch and not any(_below(each.path, branch) for each in book):
        refuse(f"{branch}: no parameter is there; see harborlight law parameters")
    rows = [
        Row(parameter, dated)
        for parameter in book
        if not branch or _below(parameter.path, branch)
        for dated in _chosen(parameter, day, since, unverified)
    ]
    if as_json:
        typer.echo(json.dumps([_record(row) for row in rows], indent=1, ensure_ascii=False))
    else:
        print_parameters(Console(), rows)


def _below(path: str, branch: str) -> bool:
    return path == branch or path.startswith(f"{branch}.")


def _chosen(parameter: Any, day: date | None, since: date | None, unverified: bool) -> list[Any]:
    tests: list[Callable[[Any], bool]] = []
    if unverified:
        tests.append(lambda each: each.cited.verified in ("weak", "unknown"))
    if since:
        tests.append(lambda each: since <= each.since <= (day or date.today()))
    if (unverified and day is None) or since:
        pool = parameter.values
    else:
        pool = [parameter.at(day or date.today())]
    return [each for each in pool if all(test(each) for test in tests)]


def _record(row: Row) -> dict[str, Any]:
    return {
        **row.cited.to_dict(),
        "value_in_words": value_text(row.cited, row.parameter.unit),
        "unit": "cents" if row.parameter.unit == "money" else row.parameter.unit,
        "description": row.parameter.description,
    }
