"""The papers of the repository say what is true: links, commands, files, columns."""

from __future__ import annotations

import re
import shlex
import xml.etree.ElementTree as ElementTree
from functools import cache
from pathlib import Path

import pyarrow as pa
import pytest
import typer
from typer.testing import CliRunner

from harborlight.cli import app
from harborlight.recognize import schema
from harborlight.recognize.output import tables as outputs
from harborlight.recognize.output.folder import FILES
from harborlight.recognize.review.stage import ORDER

HOUSE = Path(__file__).resolve().parents[1]
PAPERS = [*sorted(HOUSE.glob("*.md")), *sorted((HOUSE / "docs").rglob("*.md"))]
TEXTS = {str(paper.relative_to(HOUSE)): paper.read_text("utf-8") for paper in PAPERS}


def anchors(text: str) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", text, re.M)
    return {re.sub(r"[^\w\- ]", "", each.lower()).replace(" ", "-") for each in headings}


def commands() -> list[tuple[str, str]]:
    """Every `harborlight ...` line of the papers, in blocks and in code within text."""
    found = []
    for name, text in TEXTS.items():
        blocks = re.findall(r"^    (?:.*&& )?(?:uv run )?(harborlight (?:.*\\\n)*.*)$", text, re.M)
        spans = re.findall(r"`(?:uv run )?(harborlight [^`]+)`", text)
        for line in [*blocks, *spans]:
            words = " ".join(line.replace("\\\n", " ").split("  #")[0].split(" > ")[0].split())
            if (name, words) not in found:
                found.append((name, words))
    return found


@cache
def command(*path: str) -> tuple[frozenset[str], bool]:
    """The options of a command, as its --help names them; and whether it takes further commands."""
    result = CliRunner().invoke(app, [*path, "--help"], env={"COLUMNS": "300", "TERM": "dumb"})
    assert result.exit_code == 0, f"there is no command {' '.join(path)}: {result.output}"
    plain = re.sub(r"\x1b\[[0-9;]*m", "", result.output)
    options = frozenset(re.findall(r"(?<![\w-])--?[a-z][a-z-]*", plain))
    return options, "COMMAND [ARGS]" in plain


def wrong(line: str) -> list[str]:
    """Options of a line that its command does not have. Fails where there is no such command."""
    words = shlex.split(line)[1:]
    path: list[str] = []
    options, more = command()
    while more and words and not words[0].startswith("-") and words[0] != "...":
        path.append(words.pop(0))
        options, more = command(*path)
    used = [word.split("=")[0] for word in words if re.match(r"--?[a-z]", word)]
    return [option for option in used if option not in options]


def test_the_reader_of_commands_sees_what_is_wrong() -> None:
    assert len(commands()) > 15
    assert wrong("harborlight recognize ads.csv --output found") == ["--output"]
    assert wrong("harborlight recognize ads.csv --out found --map a=b") == []
    with pytest.raises(AssertionError, match="no command"):
        wrong("harborlight law demand")


@pytest.mark.parametrize(("paper", "line"), commands())
def test_commands_are_there_with_their_options(paper: str, line: str) -> None:
    assert wrong(line) == [], paper


def test_the_front_door_is_typer() -> None:
    assert isinstance(app, typer.Typer)


@pytest.mark.parametrize("name", TEXTS)
def test_links_and_images_lead_somewhere(name: str) -> None:
    here = HOUSE / name
    for target in re.findall(r"\]\(([^)\s]+)\)", TEXTS[name]):
        if re.match(r"https?://", target):
            continue
        path, _, anchor = target.partition("#")
        there = (here.parent / path).resolve() if path else here
        assert there.exists(), f"{name} points to {target}"
        assert there.is_relative_to(HOUSE), f"{name} points outside the repository: {target}"
        if anchor:
            assert anchor in anchors(there.read_text("utf-8")), f"{name} points to {target}"


def test_images_say_what_they_show() -> None:
    for name, text in TEXTS.items():
        assert not re.findall(r"!\[\s*\]", text), name
    for drawing in (HOUSE / "docs").rglob("*.svg"):
        tree = ElementTree.parse(drawing).getroot()  # noqa: S314 - our own file
        svg = "{http://www.w3.org/2000/svg}"
        for part in ("title", "desc"):
            told = tree.find(svg + part)
            assert told is not None, drawing
            assert told.text, drawing


def named_files(text: str) -> set[str]:
    return set(re.findall(r"`((?:src|tests|tools|docs|\.ci)/[\w./-]*)`", text))


@pytest.mark.parametrize("name", TEXTS)
def test_files_that_are_named_exist(name: str) -> None:
    missing = [each for each in named_files(TEXTS[name]) if not (HOUSE / each).exists()]
    assert not missing


def test_every_module_is_named_in_the_architecture() -> None:
    named = named_files(TEXTS["ARCHITECTURE.md"])
    modules = {
        str(file.relative_to(HOUSE))
        for file in (HOUSE / "src" / "harborlight").rglob("*.py")
        if file.parent.name != "migrations"
    }
    assert len(modules) > 50
    assert sorted(modules - named) == []


WRITTEN = {
    "ads.parquet": outputs.ADS_OUT,
    "templates.parquet": schema.TEMPLATES,
    "organizations.parquet": schema.ORGANIZATIONS,
    "signals.parquet": outputs.SIGNALS_OUT,
    "links.parquet": schema.LINKS,
    "moves.parquet": schema.MOVES,
    "leads.parquet": schema.LEADS,
    "rejects.parquet": schema.REJECTS,
}


@pytest.mark.parametrize("file", WRITTEN)
def test_the_guide_names_every_column(file: str) -> None:
    columns: pa.Schema = WRITTEN[file]
    guide = TEXTS["docs/recognize.md"]
    section = guide.split(f"### {file}", 1)[1].split("\n### ", 1)[0]
    cells = re.findall(r"^\| (`[^|]+) \|", section, re.M)
    named = [name for cell in cells for name in re.findall(r"`(\w+)`", cell)]
    assert sorted(named) == sorted(columns.names)


def test_the_guide_names_every_file_and_the_review_order() -> None:
    guide = TEXTS["docs/recognize.md"]
    assert [file for file in FILES if file not in guide] == []
    assert {file for file in FILES if file.endswith(".parquet")} == set(WRITTEN)
    assert " ".join(ORDER.split()) in " ".join(guide.split())
