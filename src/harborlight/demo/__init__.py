"""The demo: the whole job on made-up ads of southern Minnesota, in under a minute."""

from __future__ import annotations

import sys
import time
import webbrowser
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from harborlight.demo import region
from harborlight.recognize.errors import InputError
from harborlight.recognize.progress import Progress
from harborlight.recognize.run import run as recognize

FOLDER = Path("harborlight-demo")


def run(out: Path | None, serve: bool, console: Console) -> Path:
    """Make the ads, recognize them, tell what was found and return the path of the report.

    Writes `out` (by default ./harborlight-demo): the three exports in `out`/ads, what was found in
    `out`/found. The report is opened when `serve` is set and the console is a terminal.

    Raises InputError when the folder cannot be used.
    """
    out = out or FOLDER
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
    if serve and sys.stdout.isatty():
        webbrowser.open(result.report.resolve().as_uri())
    return result.report
