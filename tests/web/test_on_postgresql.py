"""The suite of the site again, on a real PostgreSQL: one test command, both databases."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parents[2]
WANTED = os.environ.get("HARBORLIGHT_TEST_DATABASE", "")
BESIDE = os.environ.get("HARBORLIGHT_TESTS_ON_POSTGRESQL", "") == "beside"


@pytest.mark.skipif(bool(WANTED), reason="this is that run")
@pytest.mark.skipif(BESIDE, reason="the same runs beside this one, on PostgreSQL of Debian")
def test_the_suite_of_the_site_passes_on_postgresql(pytestconfig: pytest.Config) -> None:
    if pytestconfig.option.keyword or pytestconfig.option.markexpr != "not proof":
        pytest.skip("a part of the suite was asked for")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "tests/web", "-q", "-p", "no:cacheprovider"],
        cwd=HOUSE,
        env={**os.environ, "HARBORLIGHT_TEST_DATABASE": "postgresql"},
        capture_output=True,
        text=True,
        check=False,
    )
    print(done.stdout[-10_000:])
    assert done.returncode == 0, done.stdout[-10_000:] + done.stderr[-2_000:]
    assert " passed" in done.stdout
