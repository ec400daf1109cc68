"""`harborlight leads`: what an analyst does with leads from the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="rich",
    help="Bring what `recognize` found in front of the reviewers of an agency.",
)


@app.callback()
def _room() -> None:
    """Keeps `import` a command of its own while it is the only one."""


@app.command(
    "import",
    epilog="[bold]Example[/]\n\n  harborlight leads import found --agency 'Example Task Force'",
)
def import_folder(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder that a run wrote.")],
    agency: Annotated[
        str, typer.Option(help="Name of the agency whose leads they are.", show_default=False)
    ],
) -> None:
    """Import the leads of a run. The same folder twice adds nothing."""
    from harborlight.recognize.errors import InputError
    from harborlight.recognize.output import results
    from harborlight.web.crypto.keyring import KeyringError
    from harborlight.web.running import prepare

    try:
        prepare.make_home()
        prepare.start_django()
        prepare.migrate()
        from harborlight.web.accounts.models import Agency
        from harborlight.web.audit.acts import SHELL
        from harborlight.web.leads import importing

        found = results.read(folder)
        owner = Agency.objects.filter(name__iexact=agency.strip(), active=True).first()
        if owner is None:
            named = ", ".join(Agency.objects.filter(active=True).values_list("name", flat=True))
            raise InputError(f"no agency is named {agency!r}; there are: {named or 'none'}")
        done = importing.import_results(found, owner, SHELL)
    except (InputError, KeyringError) as error:
        typer.echo(f"harborlight: {' '.join(str(error).split())}", err=True)
        raise typer.Exit(2) from None
    if done.known:
        typer.echo("this run was imported before: nothing was added")
    else:
        typer.echo(f"{done.new} new, {done.changed} with new evidence, {done.same} as they were")
