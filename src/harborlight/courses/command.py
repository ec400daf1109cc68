"""`harborlight training`: courses as packages for another LMS. The site adds its own commands."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="rich",
    help="Courses for staff: take them to your own LMS.",
)


class Kind(StrEnum):
    """What an LMS takes."""

    scorm = "scorm"
    cmi5 = "cmi5"


@app.callback()
def training() -> None:
    """Courses for staff: take them to your own LMS."""


@app.command(
    epilog=(
        "[bold]Examples[/]\n\n"
        "  harborlight training export cabin --format scorm --out cabin.zip\n\n"
        "  harborlight training export my-courses/ramp --format cmi5 --out ramp.zip"
    ),
)
def export(
    course: Annotated[
        str,
        typer.Argument(
            help="A course that comes with Harborlight (cabin, ground), or a course's folder.",
            show_default=False,
        ),
    ],
    out: Annotated[Path, typer.Option(metavar="FILE", help="Zip to write.", show_default=False)],
    format: Annotated[  # noqa: A002 - the option's name
        Kind, typer.Option(help="SCORM 1.2, or cmi5.")
    ] = Kind.scorm,
) -> None:
    """Write a course as one zip that an LMS runs. The same course gives the same bytes."""
    from harborlight.courses.course import CourseError, bundled, load
    from harborlight.courses.package import package

    try:
        ours = bundled()
        if course not in ours and not Path(course).is_dir():
            raise ValueError(
                f"{course} is no folder, and no course that comes with Harborlight: "
                f"{', '.join(ours)}"
            )
        found = ours[course] if course in ours else load(Path(course))
        packed = package(found, format.value)
        out.write_bytes(packed)
    except (CourseError, ValueError) as error:
        typer.echo(f"harborlight: {error}", err=True)
        raise typer.Exit(2) from None
    except OSError as error:
        typer.echo(f"harborlight: cannot write {out}: {error.strerror}", err=True)
        raise typer.Exit(2) from None
    typer.echo(
        f"{out}: {found.code}, version {found.version[:12]}, {format.value}, {len(packed):,} bytes"
    )
