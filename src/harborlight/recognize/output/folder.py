"""The folder a run writes: whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from harborlight.recognize.errors import InputError

#: Every file that a run writes.
FILES = (
    "ads.parquet",
    "templates.parquet",
    "organizations.parquet",
    "signals.parquet",
    "links.parquet",
    "moves.parquet",
    "leads.parquet",
    "rejects.parquet",
    "run.json",
    "ftm.json",
    "report.html",
)

_NO_WRITING = (
    errno.ENOSPC,
    errno.EDQUOT,
    errno.EROFS,
    errno.EACCES,
    errno.EPERM,
    errno.EFBIG,
)


@contextlib.contextmanager
def whole(out: Path) -> Iterator[Path]:
    """A folder to write into, which becomes ``out`` at the end of the block.

    When the block fails or is interrupted, nothing of it is left and ``out`` is as it was. A former
    run in ``out`` is replaced; anything else there is refused.

    Raises InputError when ``out`` cannot be written or holds something that no run wrote.
    """
    out = out.expanduser().resolve()
    check(out)
    inside = os.path.ismount(out)  # a mount point cannot be renamed: files are moved one by one
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        home = out if inside else out.parent
        new = Path(tempfile.mkdtemp(prefix=f".{out.name}.partial-", dir=home))
    except OSError as error:
        raise InputError(f"cannot write to {out}: {error.strerror or error}") from None
    try:
        yield new
        new.chmod(0o777 & ~_umask())
        if inside:
            for file in sorted(new.iterdir()):
                file.replace(out / file.name)
        else:
            _swap(new, out)
    except OSError as error:
        if error.errno in _NO_WRITING:
            raise InputError(f"cannot write to {out}: {error.strerror or error}") from error
        raise
    finally:
        shutil.rmtree(new, ignore_errors=True)


def check(out: Path) -> None:
    """Raise InputError unless ``out`` is new, empty or a former run's folder."""
    try:
        if out.is_dir():
            present = sorted(path.name for path in out.iterdir())
        elif out.exists():
            raise InputError(f"--out {out} is a file; name a folder")
        else:
            return
    except OSError as error:
        raise InputError(f"cannot write to {out}: {error.strerror or error}") from None
    foreign = [
        name
        for name in present
        if name not in FILES and not name.startswith(f".{out.name}.partial-")
    ]
    if foreign:
        raise InputError(
            f"--out {out} holds {foreign[0]!r}, which no run wrote; name another folder"
        )
    if present and not is_run(out):
        raise InputError(f"--out {out} holds no complete run but other files; name another folder")


def is_run(out: Path) -> bool:
    """Whether a folder holds what a run wrote."""
    try:
        return "harborlight" in json.loads((out / "run.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False


def _swap(new: Path, out: Path) -> None:
    """Put a folder in the place of another, which is deleted after that."""
    if not out.exists():
        new.rename(out)
        return
    old = Path(tempfile.mkdtemp(prefix=f".{out.name}.old-", dir=out.parent))
    out.rename(old / out.name)
    try:
        new.rename(out)
    except BaseException:
        (old / out.name).rename(out)
        old.rmdir()
        raise
    shutil.rmtree(old, ignore_errors=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
