"""The commands that run a site: `harborlight serve` and its like. The front door adds them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from rich.console import Console

from harborlight.web.crypto.keyring import KeyringError
from harborlight.web.running import leads_command, prepare
from harborlight.web.running.serve import ServeError, check_port
from harborlight.web.running.serve import serve as serve_site

SITE = "The site"


@contextmanager
def told() -> Iterator[None]:
    """What is wrong with the site or its keys in one line, and exit status 2."""
    try:
        yield
    except (ServeError, KeyringError) as error:
        console = Console(stderr=True)
        console.print(
            f"harborlight: {error}", style="bold red", highlight=False, markup=False, soft_wrap=True
        )
        raise typer.Exit(2) from None


def serve(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 8000,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    workers: Annotated[int, typer.Option(min=1, help="Processes that answer.")] = 2,
) -> None:
    """Run the site on this machine, with its worker. Data is in HARBORLIGHT_HOME."""
    with told():
        check_port(host, port)
        place = prepare.make_home()
        prepare.start_django()
        prepare.migrate()
        prepare.collect_static()

        def ready(address: str) -> None:
            print(
                f"Harborlight is at {address}  (data in {place.folder}; Ctrl-C ends it)", flush=True
            )

        serve_site(host, port, workers=workers, ready=ready)


def worker() -> None:
    """Run the worker alone, beside a site that something else serves."""
    with told():
        prepare.make_home()
        from harborlight.web.running import work

        work.main()


def migrate() -> None:
    """Bring the tables to the state of this version."""
    with told():
        prepare.make_home()
        prepare.start_django()
        prepare.migrate()


def add_to(app: typer.Typer) -> None:
    """Add these commands to the front door."""
    app.command(rich_help_panel=SITE)(serve)
    app.command(rich_help_panel=SITE)(worker)
    app.command(rich_help_panel=SITE)(migrate)
    app.add_typer(leads_command.app, name="leads", rich_help_panel=SITE)
