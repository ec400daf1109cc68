"""`harborlight fund`: look whether the books are whole, and write them for Beancount."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="rich",
    help="Look whether the books are whole, and write them for another program to check.",
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
