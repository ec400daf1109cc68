"""The demonstration ends with a site: anybody of it can come in, and nobody anywhere else."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest
from django.http import Http404
from django.test import Client, RequestFactory
from playwright.sync_api import Browser

from browsing import follow
from harborlight.web.accounts.roles import ROLES_OF, Role
from harborlight.web.desk.demo_door import check_here
from real_site import PROGRAM, free_port


@dataclass
class Shown:
    """A demonstration that runs."""

    url: str
    folder: Path
    process: subprocess.Popen[str]
    printed: str


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shown]:
    if os.environ.get("HARBORLIGHT_TEST_DATABASE"):
        pytest.skip("the demonstration is on SQLite")
    folder = tmp_path_factory.mktemp("shown")
    port = free_port()
    kept = {name: value for name, value in os.environ.items() if name[:12] != "HARBORLIGHT_"}
    log = folder / "log"
    with log.open("w") as file:
        process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, "demo", "--out", str(folder / "demo"),
             "--port", str(port)],
            env={**kept, "NO_COLOR": "1"},
            stdout=file,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )  # fmt: skip
    until = time.monotonic() + 300
    while "Ready after" not in log.read_text("utf-8"):
        if process.poll() is not None or time.monotonic() > until:
            raise RuntimeError(log.read_text("utf-8"))
        time.sleep(0.2)
    yield Shown(f"http://localhost:{port}", folder / "demo", process, log.read_text("utf-8"))
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(60)


def test_one_log_in_a_role_is_printed(shown: Shown) -> None:
    for role in Role:
        assert f"{role}@demo.example" in shown.printed
    assert {role for roles in ROLES_OF.values() for role in roles} <= set(Role)
    assert f"{shown.url}/demo/" in shown.printed
    assert (shown.folder / "site").stat().st_mode & 0o777 == 0o700


def test_one_comes_in_as_an_analyst_and_finds_the_leads(shown: Shown, browser: Browser) -> None:
    context = browser.new_context(base_url=shown.url, locale="en-US")
    page = context.new_page()
    page.goto("/demo/")
    assert page.get_by_role("button", name="Analyst").count() == 1
    assert page.locator("main form").count() == len(Role)
    follow(page.get_by_role("button", name="Analyst"))
    assert "made-up people" in page.locator(".hl-demo").inner_text()
    follow(page.locator("text=Leads to review"))
    assert page.locator("main tbody tr").count() == 7
    context.close()


def test_packages_and_records_are_there_to_see_and_to_decide(
    shown: Shown, browser: Browser
) -> None:
    context = browser.new_context(base_url=shown.url, locale="en-US")
    page = context.new_page()
    page.goto("/demo/")
    follow(page.get_by_role("button", name="Supervisor"))
    today = page.locator("main").inner_text()
    for waits in ("Expungements to carry out", "Closed cases proposed for deletion"):
        assert waits in today
    page.goto("/exchange/")
    assert page.locator("main tbody tr").count() == 1
    follow(page.locator("main tbody a"))
    assert "0 not" in page.locator("main").inner_text()
    page.goto("/records/holds/")
    assert page.get_by_role("link", name="Release").count() == 1
    page.goto("/records/retention/")
    assert page.get_by_role("button", name="Delete for good").count() == 1
    page.goto("/records/")
    follow(page.locator("main tbody a").first)
    assert page.get_by_role("button", name="Remove it for good").count() == 1
    context.close()


def test_every_role_comes_in(shown: Shown, browser: Browser) -> None:
    for place in range(len(Role)):
        context = browser.new_context(base_url=shown.url)
        page = context.new_page()
        page.goto("/demo/")
        follow(page.locator("main form button").nth(place))
        assert page.url.endswith("/today/")
        assert page.locator("h1").is_visible()
        context.close()


@pytest.mark.parametrize(
    "headers",
    [{"X-Forwarded-For": "192.0.2.1"}, {"Forwarded": "for=192.0.2.1"}, {"Host": "site.example"}],
)
def test_the_door_is_for_this_machine_alone(shown: Shown, headers: dict[str, str]) -> None:
    asked = urllib.request.Request(f"{shown.url}/demo/", headers=headers)  # noqa: S310
    with pytest.raises(urllib.error.HTTPError) as told:
        urllib.request.urlopen(asked)  # noqa: S310
    assert told.value.code in (400, 404)


def test_a_site_that_is_no_demonstration_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "harborlight.sqlite3").write_bytes(b"somebody's data")
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, "demo", "--port", str(free_port()),
         "--out", str(tmp_path / "out")],
        env={**os.environ, "HARBORLIGHT_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "no demonstration" in done.stderr
    assert (tmp_path / "harborlight.sqlite3").read_bytes() == b"somebody's data"
    assert [each.name for each in tmp_path.iterdir()] == ["harborlight.sqlite3"]


@pytest.mark.django_db
def test_elsewhere_there_is_no_such_door() -> None:
    assert Client().get("/demo/").status_code == 404
    assert Client().post("/demo/1/").status_code == 404


def test_the_door_stays_shut_where_the_settings_do_not_open_it() -> None:
    """Were it routed by mistake, it would still say that it is not there."""
    with pytest.raises(Http404):
        check_here(RequestFactory().get("/demo/", HTTP_HOST="localhost"))


def test_it_ends_whole(shown: Shown) -> None:
    family = psutil.Process(shown.process.pid).children(recursive=True)
    assert len(family) >= 2
    shown.process.terminate()
    shown.process.wait(60)
    until = time.monotonic() + 60  # the last of them may still be on its way out
    while left := [each for each in family if each.is_running() and each.status() != "zombie"]:
        assert time.monotonic() < until, left
        time.sleep(0.1)
