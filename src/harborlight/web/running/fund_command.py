"""`harborlight fund`: bring in payments, verify the books, write them for Beancount."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="rich",
    help="Bring in payments, and look whether the books are whole.",
)


def _start() -> None:
    from harborlight.web.crypto.keyring import KeyringError
    from harborlight.web.running import prepare

    try:
        prepare.make_home()
        prepare.start_django()
        prepare.migrate()
    except KeyringError as error:
        typer.echo(f"harborlight: {error}", err=True)
        raise typer.Exit(2) from None


@app.command()
def verify() -> None:
    """Work out every balance and digest anew. Exit status 1 when anything is not as written."""
    _start()
    from harborlight.web.fund.verify import verify

    found = verify()
    typer.echo(
        f"{found.entries:,} entries, {found.postings:,} postings, {len(found.faults):,} faults"
    )
    for fault in found.faults:
        typer.echo(f"  {fault}")
    if found.faults:
        raise typer.Exit(1)


@app.command()
def beancount(
    out: Annotated[Path, typer.Argument(metavar="FILE", help="File to write.")],
) -> None:
    """Write the journal as a Beancount file, with every balance asserted: try `bean-check FILE`."""
    _start()
    from harborlight.web.fund import beancount

    with out.open("w", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in beancount.lines())


@app.command(
    "import",
    epilog="[bold]Example[/]\n\n  harborlight fund import march.csv --agency 'Example Court'",
)
def import_payments(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV file of payments.")],
    agency: Annotated[
        str, typer.Option(help="Name of the agency whose orders are paid.", show_default=False)
    ],
) -> None:
    """Bring in a clerk's file of payments. The same file twice adds nothing. Exit status 1 when a
    row could not be taken: it is kept, with its reason."""
    _start()
    from harborlight.web.accounts.models import Agency
    from harborlight.web.audit.acts import SHELL, act
    from harborlight.web.fund import importing
    from harborlight.web.fund.models import Reject

    try:
        data = file.read_bytes()
        owner = Agency.objects.filter(name__iexact=agency.strip(), active=True).first()
        if owner is None:
            named = ", ".join(Agency.objects.filter(active=True).values_list("name", flat=True))
            raise importing.FileError(
                f"no agency is named {agency!r}; there are: {named or 'none'}"
            )
        done = importing.bring_in(owner, file.name[:120], data, SHELL)
    except OSError as error:
        typer.echo(f"harborlight: {file}: {error.strerror}", err=True)
        raise typer.Exit(2) from None
    except importing.FileError as error:
        typer.echo(f"harborlight: {file}: {error}", err=True)
        raise typer.Exit(2) from None
    typer.echo(f"{done.rows:,} rows, {done.taken:,} taken, {done.done - done.taken:,} not")
    with act(SHELL, "payment.file"):
        for reject in Reject.objects.filter(file=done):
            typer.echo(f"  {file.name}, row {reject.number}: {reject.take('reason')['reason']}")
    if done.done > done.taken:
        raise typer.Exit(1)
