"""The commands that run a site: `harborlight serve` and its like. The front door adds them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from harborlight.courses import command as training
from harborlight.web.crypto import keyring
from harborlight.web.crypto.keyring import KeyringError
from harborlight.web.home import home
from harborlight.web.running import backup as backups
from harborlight.web.running import fund_command, leads_command, prepare, training_command
from harborlight.web.running.serve import ServeError, check_port
from harborlight.web.running.serve import serve as serve_site

SITE = "The site"


@contextmanager
def told() -> Iterator[None]:
    """What is wrong with the site or its keys in one line, and exit status 2."""
    try:
        yield
    except (ServeError, KeyringError, backups.BackupError) as error:
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


def administrator(
    email: Annotated[str, typer.Argument(help="Address by which they log in.")],
    name: Annotated[str, typer.Option(help="Their name.", prompt="Name")],
    again: Annotated[
        bool, typer.Option("--again", help="They are known here, and lost password or factor.")
    ] = False,
) -> None:
    """Make the first administrator, who invites all others by the site.

    The password is asked for; a program may give it as the only line of its input. A second factor
    is set up at the first log-in. That it was done is in the audit.
    """
    from harborlight.web.audit.acts import Refused

    with told():
        prepare.make_home()
        prepare.start_django()
        prepare.migrate()
        from django.core.exceptions import ValidationError

        from harborlight.web.accounts.first import make_administrator

        try:
            member = make_administrator(email, name, _password(), again=again)
        except (ValidationError, Refused) as error:
            reasons = error.messages if isinstance(error, ValidationError) else [error.reason]
            raise ServeError(" ".join(reasons)) from None
        print(f"{member.user.email} runs the site: log in, and set up a second factor.")


def _password() -> str:
    if sys.stdin.isatty():
        return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().rstrip("\n")


def check(
    deploy: Annotated[
        bool, typer.Option("--deploy", help="Also what real use needs: HTTPS, PostgreSQL, mail ...")
    ] = False,
) -> None:
    """Say what is not as it must be. Exit status 1 when anything is not."""
    with told():
        if not home().keys.exists():
            raise ServeError(f"there is no site in {home().folder}: harborlight migrate makes one")
        prepare.start_django()
        from harborlight.web.running import checks

        console = Console(soft_wrap=True, highlight=False)
        missing = 0
        for found in checks.look(deploy=deploy):
            sign = "[green]ok[/]     " if found.right else "[bold red]missing[/]"
            console.print(sign, end=" ")
            console.print(
                f"{found.about}: {found.wrong}" if found.wrong else found.about, markup=False
            )
            missing += not found.right
        if missing:
            raise typer.Exit(1)


def backup(
    archive: Annotated[Path, typer.Argument(metavar="FILE", help="Archive to write (.tar.gz).")],
) -> None:
    """Write the database and the sealed files into one archive. The key file is not in it."""
    with told():
        prepare.make_home()
        prepare.start_django()
        kept = backups.backup(archive)
        print(f"{archive}: {kept.vendor}, {kept.files:,} files, {kept.bytes:,} bytes")
        print(f"Keep the key file elsewhere: without {home().keys} nobody can read it.")


def restore(
    archive: Annotated[Path, typer.Argument(metavar="FILE", help="Archive to bring back.")],
    replace: Annotated[bool, typer.Option(help="Overwrite what is in the site.")] = False,
) -> None:
    """Bring a site back from an archive and its key file; then look whether the audit is whole."""
    with told():
        home().make()
        prepare.start_django()
        kept = backups.restore(archive, replace=replace)
        prepare.migrate()
        print(f"Brought back: {kept.vendor}, {kept.files:,} files.")
        _verify_audit()
        if wrong := prepare.keys_of_another_time():
            raise KeyringError(wrong)


def audit_verify() -> None:
    """Look at the whole chain of the audit. Exit status 1 when anything is not as written."""
    with told():
        prepare.make_home()
        prepare.start_django()
        _verify_audit()


def _verify_audit() -> None:
    from harborlight.web.audit.verify import verify

    found = verify()
    print(f"{found.entries:,} entries, {found.anchors:,} anchors, {len(found.faults):,} faults")
    for fault in found.faults:
        print(f"  {fault}")
    if found.faults:
        raise typer.Exit(1)


def audit_anchor() -> None:
    """Write the head of the chain to the file of anchors, outside of the database."""
    with told():
        prepare.make_home()
        prepare.start_django()
        from harborlight.web.audit.verify import anchor

        written = anchor()
        print(f"anchored {written['position']}" if written else "nothing new to anchor")


def keys_rotate() -> None:
    """Renew the wrapping key, and wrap every record's key anew. Can be stopped and run again."""
    with told():
        prepare.make_home()
        prepare.start_django()
        from harborlight.web.vault.rewrap import rotate

        done = rotate(told=lambda model, count: print(f"  {count:,} of {model}"))
        print(f"{done:,} records; the active key is {keyring.read(home().keys).active}")


def add_to(app: typer.Typer) -> None:
    """Add these commands to the front door."""
    audit = typer.Typer(no_args_is_help=True, help="Look whether the audit is whole.")
    audit.command("verify")(audit_verify)
    audit.command("anchor")(audit_anchor)
    keys = typer.Typer(no_args_is_help=True, help="The site's keys.")
    keys.command("rotate")(keys_rotate)
    app.command(rich_help_panel=SITE)(serve)
    app.command(rich_help_panel=SITE)(worker)
    app.command(rich_help_panel=SITE)(migrate)
    app.command(rich_help_panel=SITE)(administrator)
    app.command(rich_help_panel=SITE)(check)
    app.add_typer(leads_command.app, name="leads", rich_help_panel=SITE)
    app.add_typer(fund_command.app, name="fund", rich_help_panel=SITE)
    training_command.add_to(training.app)
    app.command(rich_help_panel=SITE)(backup)
    app.command(rich_help_panel=SITE)(restore)
    app.add_typer(audit, name="audit", rich_help_panel=SITE)
    app.add_typer(keys, name="keys", rich_help_panel=SITE)
