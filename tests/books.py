"""Our books given to Beancount, an outside program, and what it makes of them."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

from harborlight.web.fund import beancount

BIN = Path(sys.executable).parent


def write(folder: Path) -> Path:
    """The journal as a file."""
    file = folder / "books.beancount"
    file.write_text("".join(f"{line}\n" for line in beancount.lines()), "utf-8")
    return file


def check(file: Path) -> str:
    """What bean-check has against the file: nothing, when all balances hold."""
    done = subprocess.run(
        [BIN / "bean-check", "--no-cache", file], capture_output=True, text=True, check=False
    )
    told = done.stdout + done.stderr
    assert (done.returncode == 0) == (told.strip() == ""), told
    return told


def balances(file: Path) -> dict[str, int]:
    """Each account's cents as Beancount adds them up from the postings."""
    program = (
        "import sys\nfrom beancount import loader\nfrom beancount.core import realization\n"
        "entries, errors, _ = loader.load_file(sys.argv[1])\nassert not errors, errors[:3]\n"
        "for a in realization.iter_children(realization.realize(entries), leaf_only=False):\n"
        "    print(f'{a.account},{a.balance.get_currency_units(\"USD\").number}')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, file], capture_output=True, text=True, check=True
    )
    rows = csv.reader(io.StringIO(done.stdout))
    return {code: int(Decimal(amount) * 100) for code, amount in rows if amount}
