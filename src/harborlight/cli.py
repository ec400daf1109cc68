"""The front door: every command of Harborlight.

What a command needs is imported when it runs, so that help and completion come at once.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer
from rich.console import Console
from rich.table import Table
from typer.core import TyperGroup

from harborlight import __version__

if TYPE_CHECKING:
    from harborlight.recognize.organizations.why import Step
    from harborlight.recognize.run import RunResult

ADS, LAW, TRY, MEASURE = "Ads", "Law", "Try it", "Measure"


class _Front(TyperGroup):
    """The commands, of which `law` comes from its own room, and only when it is asked for."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if args[:1] == ["law"]:
            from harborlight.law.command import app as law_app

            rooms = typer.Typer(add_completion=False)
            rooms.add_typer(law_app, name="law")
            self.commands["law"] = typer.main.get_group(rooms).commands["law"]
        return super().resolve_command(ctx, args)


app = typer.Typer(
    name="harborlight",
    cls=_Front,
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_show_locals=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help=(
        "[bold]Harborlight[/] reads exports of online ads and shows which of them were posted by "
        "one organization, where and when, and why it says so. It orders leads for review; a "
        "person decides."
    ),
    epilog=(
        "Start with  [cyan]harborlight demo[/]  or your own file:  "
        "[cyan]harborlight recognize ads.csv --out found[/]"
    ),
)
bench = typer.Typer(no_args_is_help=True, rich_markup_mode="rich")
app.add_typer(
    bench,
    name="bench",
    rich_help_panel=MEASURE,
    help="Measure Harborlight beside other tools, on corpora of which the truth is known.",
)


class Engine(StrEnum):
    """Where the work is done."""

    native = "native"
    ray = "ray"


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"harborlight {__version__}")
        raise typer.Exit


@app.callback()
def _front(
    _version_wanted: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """Options that go before a command."""


@contextmanager
def _told() -> Iterator[None]:
    """Errors of the user's input in one line and exit status 2; Ctrl-C in one line and 130."""
    from harborlight.recognize.errors import InputError

    try:
        yield
    except InputError as error:
        _fail(" ".join(str(error).split()), 2)
    except KeyboardInterrupt:
        _leave("interrupted; nothing was written", 130)


def _leave(message: str, status: int) -> NoReturn:
    """End at once, helpers too: at the interpreter's usual end the engine's threads would abort."""
    import psutil

    _say(message)
    for process in psutil.Process().children(recursive=True):
        with suppress(psutil.Error):
            process.kill()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


def _fail(message: str, status: int) -> NoReturn:
    _say(message)
    raise typer.Exit(status)


def _say(message: str) -> None:
    Console(stderr=True).print(
        f"[bold red]harborlight:[/] {_escaped(message)}", soft_wrap=True, highlight=False
    )


def _escaped(text: str) -> str:
    from rich.markup import escape

    return escape(text)


@app.command(
    rich_help_panel=ADS,
    epilog=(
        "[bold]Examples[/]\n\n"
        "  harborlight recognize 'exports/*.csv.gz' more.jsonl --out found\n\n"
        "  harborlight recognize ads.csv --out found --map text=ad_copy --map place=metro\n\n"
        "  harborlight recognize ads.parquet --out found --closed board.example/rentals@2017-01-09"
    ),
)
def recognize(
    ads: Annotated[
        list[str],
        typer.Argument(
            help="Files or globs: CSV (also .gz; delimiter and encoding are detected), JSON lines, "
            "Parquet.",
            metavar="ADS...",
            show_default=False,
        ),
    ],
    out: Annotated[
        Path,
        typer.Option(help="Folder to write. A former run in it is replaced.", show_default=False),
    ],
    mapping: Annotated[
        list[str] | None,
        typer.Option(
            "--map",
            metavar="FIELD=COLUMN",
            help="Take a field from this column. Usual names are recognized without. Fields: "
            "ad_id, posted_at, site, section, place, latitude, longitude, title, text, phone, "
            "image_hash, url.",
            show_default=False,
        ),
    ] = None,
    closed: Annotated[
        list[str] | None,
        typer.Option(
            metavar="SITE[/SECTION]@DATE",
            help="A section that its site closed on a day: where did its posters go?",
            show_default=False,
        ),
    ] = None,
    engine: Annotated[
        Engine,
        typer.Option(help="This machine, or a Ray cluster (RAY_ADDRESS; else a local one)."),
    ] = Engine.native,
    threads: Annotated[
        int | None,
        typer.Option(min=1, help="Cores to use on this machine.", show_default="all"),
    ] = None,
) -> None:
    """Find which ads were posted by one organization, and write leads to review.

    Only a column of text is required. Rows that cannot be used are kept in rejects.parquet with
    their file, row number and reason. The report is one page, report.html, that opens offline.
    """
    with _told():
        pairs = _mapping(mapping or [])
        signal.signal(signal.SIGTERM, _terminated)
        # What is plainly wrong is told before the engine is loaded.
        from harborlight.recognize.ingest import columns, sources
        from harborlight.recognize.output import folder

        columns.check_mapping(pairs)
        folder.check(out)
        sources.expand(ads)
        from harborlight.recognize.run import run
        from harborlight.recognize.runtime.progress import Progress

        result = run(
            list(ads),
            out,
            mapping=pairs,
            closed=closed or [],
            engine=engine.value,
            progress=Progress(),
            threads=threads,
        )
        _show_result(result)
        if not result.accepted:
            _fail(f"no ad could be read; {out / 'rejects.parquet'} says why", 1)


def _mapping(pairs: Sequence[str]) -> dict[str, str]:
    from harborlight.recognize.errors import InputError

    mapping: dict[str, str] = {}
    for pair in pairs:
        field, equals, column = pair.partition("=")
        if not equals or not field.strip() or not column.strip():
            raise InputError(f"--map takes FIELD=COLUMN, not {pair!r}")
        if field.strip() in mapping:
            raise InputError(f"--map names the field {field.strip()!r} twice")
        mapping[field.strip()] = column.strip()
    return mapping


def _terminated(_number: int, _frame: object) -> None:
    """Leave as on Ctrl-C, so that no half of a folder is left."""
    raise KeyboardInterrupt


def _show_result(result: RunResult) -> None:
    """What a run found, in a few lines."""
    console = Console()
    grid = Table.grid(padding=(0, 2))
    grid.add_column(justify="right", style="bold")
    grid.add_column()
    grid.add_row(f"{result.accepted:,}", "ads accepted")
    grid.add_row(f"{result.rejected:,}", "rows rejected")
    if result.fields_left_out:
        grid.add_row(f"{result.fields_left_out:,}", "fields not understood, their ads kept")
    if result.accepted:
        grid.add_row(f"{result.templates:,}", "groups of ads with the same wording")
        grid.add_row(f"{result.organizations:,}", "organizations")
        grid.add_row(f"{result.leads:,}", "leads to review")
    console.print(grid)
    for reason, count in result.reasons[:5]:
        console.print(f"  [dim]{count:,} × {_escaped(reason)}[/]", highlight=False, soft_wrap=True)
    if result.reasons:
        rejects = result.out / "rejects.parquet"
        console.print(f"  [dim]each with its row in {rejects}[/]", highlight=False, soft_wrap=True)
    if result.accepted:
        seconds = sum(stage.seconds for stage in result.stages)
        peak = max(stage.peak_memory_bytes for stage in result.stages)
        console.print(
            f"{seconds:,.1f} s, {result.accepted / max(seconds, 0.001):,.0f} ads/s, "
            f"{peak / 1e9:.1f} GB at most",
            highlight=False,
        )
        console.print(f"Report: [cyan]{result.report}[/]", highlight=False, soft_wrap=True)


@app.command(
    rich_help_panel=ADS,
    epilog="[bold]Example[/]\n\n  harborlight why found mankato-0142 rochester-0007",
)
def why(
    out: Annotated[Path, typer.Argument(metavar="DIR", help="Folder that a run wrote.")],
    ad_a: Annotated[str, typer.Argument(metavar="AD", help="ad_id of one ad.")],
    ad_b: Annotated[str, typer.Argument(metavar="AD", help="ad_id of another.")],
) -> None:
    """Show the path of evidence between two ads of one organization.

    When there is none, the ties that were refused are shown with their reasons; exit status 1.
    """
    with _told():
        from harborlight.recognize.organizations import why as evidence

        steps = evidence.why(out, ad_a, ad_b)
        if steps:
            _show_path(steps)
        else:
            _show_refused(out, ad_a, ad_b)
            raise typer.Exit(1)


def _show_path(steps: Sequence[Step]) -> None:
    """One line a tie: `phone` ties ad:1 to phone:+15075550142."""
    console = Console()
    console.print(f"[bold]{_escaped(steps[0].source)}[/]", highlight=False)
    for step in steps:
        console.print(
            f"  [dim]{_escaped(step.kind)}, {step.weight:.2f}[/]  →  "
            f"[bold]{_escaped(step.target)}[/]",
            highlight=False,
            soft_wrap=True,
        )


def _show_refused(out: Path, *ads: str) -> None:
    """That nothing ties two ads, and the ties that were refused, with their reasons."""
    from harborlight.recognize.organizations import why as evidence

    console = Console()
    console.print("Nothing ties these two ads: they are not of one organization.")
    for ad in ads:
        for tie in evidence.refused(out, ad).to_pylist():
            other = tie["target"] if tie["source"] == f"ad:{ad}" else tie["source"]
            console.print(
                f"  refused: {_escaped(ad)} → {_escaped(other)}: {_escaped(str(tie['reason']))}",
                highlight=False,
                soft_wrap=True,
            )


@app.command(rich_help_panel=LAW)
def law() -> None:
    """Ask the law, as rules with dates and citations: safe harbor, restitution and more."""
    raise AssertionError("harborlight.law.command answers")  # see _Front


@app.command(
    rich_help_panel=TRY,
    epilog="[bold]Example[/]\n\n  harborlight demo --no-serve --out harborlight-demo",
)
def demo(
    serve: Annotated[
        bool,
        typer.Option(
            "--serve/--no-serve", help="Serve the site with it at the end, on this machine."
        ),
    ] = True,
    out: Annotated[
        Path | None,
        typer.Option(help="Folder to write; harborlight-demo here if not given."),
    ] = None,
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port of the site.")] = 8000,
) -> None:
    """See it work on made-up ads of southern Minnesota: the report, then the site with its leads.

    Everybody in it is made up, and it is served on this machine alone.
    """
    with _told():
        signal.signal(signal.SIGTERM, _terminated)
        from harborlight import demo as demonstration

        demonstration.run(out, serve, Console(), port)


@bench.command(
    "recognize",
    epilog=(
        "[bold]Examples[/]\n\n"
        "  harborlight bench recognize --ads 20000\n\n"
        "  harborlight bench recognize --ads 20000 --seed 7 --against datasketch,rensa,tfidf"
    ),
)
def bench_recognize(
    ads: Annotated[int, typer.Option(min=2, help="Size of the corpus.")] = 20_000,
    seed: Annotated[int, typer.Option(help="Another seed, another corpus.")] = 1,
    against: Annotated[
        str,
        typer.Option(
            metavar="PEER,...",
            help="Run these on the same corpus too: datasketch, rensa, tfidf (they come with the "
            "dependency group `peers`).",
            show_default=False,
        ),
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print the numbers as JSON.")] = False,
) -> None:
    """Recognize a planted corpus; print F1, recall, speed and memory, with the peers' ratios."""
    with _told():
        from harborlight.bench import recognize as bench_of_recognize

        try:
            bench_of_recognize.run(ads, seed, _names(against), Console(), json=as_json)
        except ValueError as error:
            _fail(" ".join(str(error).split()), 2)
        except RuntimeError as error:
            _fail(" ".join(str(error).split()), 1)


@bench.command(
    "law",
    epilog=(
        "[bold]Examples[/]\n\n"
        "  harborlight bench law --people 1000000\n\n"
        "  harborlight bench law --people 100000 --against openfisca"
    ),
)
def bench_law(
    people: Annotated[int, typer.Option(min=1, help="Size of the population.")] = 1_000_000,
    seed: Annotated[int, typer.Option(help="Another seed, another population.")] = 1,
    against: Annotated[
        str,
        typer.Option(
            metavar="PEER,...",
            help="Ask these the same: openfisca (it comes with the dependency group `peers-law`).",
            show_default=False,
        ),
    ] = "",
) -> None:
    """Ask a rule of one person and of a population, each on their own day; print the seconds."""
    with _told():
        from harborlight.bench import law as bench_of_law

        try:
            bench_of_law.run(people, seed, _names(against), Console())
        except ValueError as error:
            _fail(" ".join(str(error).split()), 2)


@bench.command(
    "directory",
    epilog="[bold]Example[/]\n\n  harborlight bench directory --services 10000 --needs 1000",
)
def bench_directory(
    services: Annotated[int, typer.Option(min=1, help="Size of the directory.")] = 10_000,
    needs: Annotated[int, typer.Option(min=1, help="How many needs are matched.")] = 1_000,
    seed: Annotated[int, typer.Option(help="Another seed, another directory.")] = 1,
) -> None:
    """Match needs with a directory of services; print the time, and its ratio to a plain query."""
    with _told():
        from harborlight.bench import directory as bench_of_directory

        bench_of_directory.run(services, needs, seed, Console())


@bench.command(
    "fund",
    epilog="[bold]Example[/]\n\n  harborlight bench fund --entries 5000 --database postgresql",
)
def bench_fund(
    entries: Annotated[int, typer.Option(min=1, help="How many entries are booked.")] = 5_000,
    database: Annotated[str, typer.Option(help="sqlite or postgresql.")] = "sqlite",
) -> None:
    """Book entries; print entries/s and its ratio to bare inserts, and what balances read."""
    with _told():
        from harborlight.bench import fund as bench_of_fund

        try:
            bench_of_fund.run(entries, database, Console())
        except ValueError as error:
            _fail(str(error), 2)


def _add_rooms() -> None:
    """The commands that rooms bring along: they import nothing heavy before they run."""
    from harborlight.courses import command as training
    from harborlight.web.running import command

    command.add_to(app)
    app.add_typer(training.app, name="training", rich_help_panel=command.SITE)


_add_rooms()


def _names(listed: str) -> list[str]:
    return [name.strip() for name in listed.split(",") if name.strip()]


def main() -> None:
    """Run the command line."""
    sys.exit(app())
