"""`harborlight training report` and `import`: an airline's yearly report, and its file of staff."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    from harborlight.web.crew.yearly import Yearly


def _start() -> None:
    from harborlight.web.crypto.keyring import KeyringError
    from harborlight.web.running import prepare

    try:
        prepare.make_home()
        prepare.start_django()
        prepare.migrate()
    except KeyringError as error:
        _fail(str(error))


def import_staff(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV file of staff.")],
    agency: Annotated[
        str, typer.Option(help="Name of the airline whose staff they are.", show_default=False)
    ],
    whole: Annotated[
        bool, typer.Option("--whole", help="It names all staff: who is not in it has left.")
    ] = False,
) -> None:
    """Bring in an airline's file of staff, all of it or nothing. The same file twice adds nothing.

    Exit status 1 when a row could not be taken: it is kept, with its reason.
    """
    _start()
    from harborlight.web.accounts.models import Agency
    from harborlight.web.accounts.roles import AgencyKind
    from harborlight.web.audit.acts import SHELL, Refused, act
    from harborlight.web.training import importing

    airlines = Agency.objects.filter(kind=AgencyKind.AIRLINE, active=True)
    owner = airlines.filter(name__iexact=agency.strip()).first()
    if owner is None:
        named = ", ".join(airlines.values_list("name", flat=True)) or "none"
        _fail(f"no airline is named {agency!r}; there are: {named}")
    try:
        data = file.read_bytes()
        with act(SHELL, "staff.import"):
            done = importing.bring_in(owner, file.name, data, whole=whole)
            told = [(each.number, each.take("reason")["reason"]) for each in done.rejects.all()]
    except OSError as error:
        _fail(f"{file}: {error.strerror}")
    except importing.FileError as error:
        _fail(f"{file}: {error}")
    except Refused as refused:
        _fail(f"{file}: {refused.reason}")
    typer.echo(
        f"{done.rows:,} rows: {done.new:,} new, {done.changed:,} changed, {done.same:,} as before, "
        f"{done.left:,} left, {done.rejected:,} not taken"
    )
    for number, reason in told:
        typer.echo(f"  {file.name}, row {number}: {reason}")
    if done.rejected:
        raise typer.Exit(1)


def report(
    year: Annotated[int, typer.Option(min=1990, max=2200, help="The year in which it is due.")],
    agency: Annotated[
        str, typer.Option(help="Name of the airline; all airlines if not given.")
    ] = "",
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write it as CSV too; for one airline.",
                     show_default=False),
    ] = None,
) -> None:  # fmt: skip
    """Count who was trained, the notifications, and for each who was told, when and how.

    No name, no flight and nothing that a report says is in it. That it was made is in the audit.
    """
    _start()
    from harborlight.web.accounts.models import Agency
    from harborlight.web.accounts.roles import AgencyKind
    from harborlight.web.audit.acts import SHELL, Refused, note
    from harborlight.web.crew import yearly

    airlines = Agency.objects.filter(kind=AgencyKind.AIRLINE)
    named = ", ".join(airlines.values_list("name", flat=True)) or "none"
    if agency:
        airlines = airlines.filter(name__iexact=agency.strip())
    found = list(airlines)
    if not found:
        _fail(f"no airline is named {agency!r}; there are: {named}")
    if out is not None and len(found) != 1:
        _fail(f"a file is for one airline: --agency NAME; there are: {named}")
    for each in found:
        try:
            told = yearly.yearly(each, year)
        except Refused as refused:
            _fail(f"{refused.reason} {refused.citation}".strip())
        note(SHELL, "yearly.see", "accounts.agency", str(each.pk), year=year)
        _print(told)
        if out is not None:
            try:
                out.write_text(yearly.text(told), "utf-8")
            except OSError as error:
                _fail(f"{out}: {error.strerror}")


def _print(told: Yearly) -> None:
    from harborlight.web.crew import yearly

    period = told.period
    typer.echo(f"{told.agency.name}, report of {period.year}")
    typer.echo(f"  from {period.first} through {period.last}, due {period.due}, to "
               f"{period.recipients}")  # fmt: skip
    typer.echo(f"  {told.trained:>6,} people trained")
    for course, number in told.by_course.items():
        typer.echo(f"  {number:>6,}   in {course}")
    for kind, words in {
        "all": "notifications of potential victims",
        "staff": "  noticed first by staff",
        "passenger": "  noticed first by a passenger",
        yearly.HOTLINE: "  of which the hotline was told",
        yearly.AIRPORT: "  of which airport law enforcement was told",
        "neither": "  of which neither was told",
    }.items():
        typer.echo(f"  {len(told.of(kind)):>6,} {words}")
    if told.unreadable:
        typer.echo(f"  {told.unreadable:>6,} that could not be read, and are not counted")
    for line in yearly.lines(told):
        typer.echo("  " + ", ".join(filter(None, line)))
    for cited in sorted({f"{each.citation} ({each.verified})" for each in period.citations}):
        typer.echo(f"  law: {cited}")


def _fail(message: str) -> NoReturn:
    typer.echo(f"harborlight: {' '.join(message.split())}", err=True)
    raise typer.Exit(2)


def add_to(app: typer.Typer) -> None:
    """Add them to `harborlight training`."""
    app.command(
        "import",
        epilog="[bold]Example[/]\n\n  harborlight training import staff.csv "
        "--agency 'Example Airline'",
    )(import_staff)
    app.command(
        epilog="[bold]Example[/]\n\n  harborlight training report --year 2026 "
        "--agency 'Example Airline'",
    )(report)
