"""The demo: the whole job on made-up ads of southern Minnesota, and the site with its leads."""

from __future__ import annotations

import time
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from harborlight.demo import region, site
from harborlight.demo.site import LogIn
from harborlight.recognize.errors import InputError
from harborlight.recognize.run import run as recognize
from harborlight.recognize.runtime.progress import Progress

FOLDER = Path("harborlight-demo")
LOCALHOST = "127.0.0.1"


def run(out: Path | None, serve: bool, console: Console, port: int = 8000) -> Path:
    """Make the ads, recognize them, tell what was found and return the path of the report.

    Writes `out` (by default ./harborlight-demo): the three exports in `out`/ads, what was found in
    `out`/found. With `serve`, the site is served on this machine with made-up people and these
    leads, until Ctrl-C; its home is `out`/site, or HARBORLIGHT_HOME.

    Raises InputError when a folder or the port cannot be used.
    """
    out = out or FOLDER
    if serve:
        _check(out, port)
    began = time.monotonic()
    console.print(
        "Southern Minnesota, October 2016 to March 2017: three made-up sites, one of which closes "
        "its services section on 9 January 2017. Towns are real; posters, words and numbers "
        "are invented.\n",
        highlight=False,
    )
    try:
        made = region.write(out / "ads")
    except OSError as error:
        raise InputError(f"{error.filename or out}: {error.strerror}") from None
    found = out / "found"
    result = recognize(made.files, found, closed=[made.closed], progress=Progress(console))
    files = " ".join(escape(str(path)) for path in made.files)
    console.print(
        f"\n{result.accepted:,} ads, {result.rejected:,} rows rejected; "
        f"{result.organizations:,} organizations, [bold]{result.leads:,} leads[/] to review, "
        f"in {time.monotonic() - began:.0f} s.\n"
        f"\nReport: [bold]{escape(str(result.report))}[/]\n"
        f"\nThe same with your own files:\n"
        f"  harborlight recognize {files} --out {escape(str(found))} --closed {made.closed}",
        highlight=False,
        soft_wrap=True,
    )
    if serve:
        _serve(found, port, console, began)
    return result.report


def _check(out: Path, port: int) -> None:
    """What would stop the site is told before the work begins."""
    from harborlight.web.running.serve import ServeError, check_port

    try:
        check_port(LOCALHOST, port)
    except ServeError as error:
        raise InputError(str(error)) from None
    site.prepare(out)


def _serve(found: Path, port: int, console: Console, began: float) -> None:
    """Load the site and serve it until it is told to end."""
    from harborlight.web.running.serve import ServeError, serve

    logins = site.load(found)
    widths = [max(len(each) for each in column) for column in zip(*_cells(logins), strict=True)]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()
        for cells in _cells(logins)
    ]

    def ready(address: str) -> None:
        console.print(
            "\nOne log-in a role; all of them are made up:\n\n  "
            + "\n  ".join(map(escape, lines))
            + f"\n\nTheir password is [bold]{site.PASSWORD}[/]. A second factor is asked for, "
            f"as on any site; in this\ndemonstration the page {address}demo/ lets you in as "
            f"anybody without one.\n\nReady after {time.monotonic() - began:.0f} s: "
            f"[bold]{address}demo/[/]  (Ctrl-C ends it)",
            highlight=False,
            soft_wrap=True,
        )

    try:
        serve(LOCALHOST, port, forked=False, ready=ready)
    except ServeError as error:
        raise InputError(str(error)) from None


def _cells(logins: list[LogIn]) -> list[tuple[str, str, str]]:
    return [(one.role, one.email, one.agency) for one in logins]
