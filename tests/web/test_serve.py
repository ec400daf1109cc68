"""The site as it is run: one command, and it ends when told to."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import psutil
from playwright.sync_api import Browser

from real_site import PROGRAM, Site


def serve(home: Path, port: int) -> subprocess.CompletedProcess[str]:
    """Serve, where that cannot be."""
    return subprocess.run(
        [sys.executable, "-c", PROGRAM, "serve", "--port", str(port)],
        env={**os.environ, "HARBORLIGHT_HOME": str(home), "HARBORLIGHT_DATABASE_URL": ""},
        capture_output=True,
        text=True,
        check=False,
    )


def test_it_serves_keeps_keys_to_itself_and_ends_whole(tmp_path: Path) -> None:
    site = Site(tmp_path / "home", fresh=True)
    site.start()
    assert (site.home / "keys.json").stat().st_mode & 0o777 == 0o600
    assert site.home.stat().st_mode & 0o777 == 0o700
    assert site.process is not None
    family = psutil.Process(site.process.pid).children(recursive=True)
    assert len(family) >= 3
    site.stop()
    assert site.process.returncode == 0
    assert not [each for each in family if each.is_running() and each.status() != "zombie"]


def test_a_child_that_is_killed_is_started_again(site: Site) -> None:
    assert site.process is not None
    for each in psutil.Process(site.process.pid).children(recursive=True):
        each.kill()
    until = time.monotonic() + 120
    while not site.answers():
        assert time.monotonic() < until
        time.sleep(0.1)
    assert site.process.poll() is None


def test_a_port_that_is_taken_is_told_in_one_line(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        done = serve(tmp_path, other.getsockname()[1])
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "cannot listen on" in done.stderr


def test_data_without_its_keys_is_not_given_new_ones(tmp_path: Path) -> None:
    (tmp_path / "harborlight.sqlite3").write_bytes(b"")
    done = serve(tmp_path, 1)
    assert done.returncode == 2
    assert "no key file" in done.stderr
    assert not (tmp_path / "keys.json").exists()


def test_the_first_page_asks_nobody_else(site: Site, browser: Browser) -> None:
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(site.url)
    assert page.locator("h1").inner_text()
    assert [url for url in asked if not url.startswith(site.url)] == []
    assert [url for url in asked if url.endswith(".css")]
    page.close()


def test_static_files_are_served_for_long(site: Site) -> None:
    with urllib.request.urlopen(site.url) as answer:  # noqa: S310
        page = answer.read().decode()
        assert answer.headers["Cache-Control"] == "no-store"
    sheet = page.split('href="/static/uswds/css/')[1].split('"')[0]
    with urllib.request.urlopen(f"{site.url}/static/uswds/css/{sheet}") as answer:  # noqa: S310
        assert "max-age=315360000" in answer.headers["Cache-Control"]


def test_a_broken_request_leaves_no_address_in_the_log(site: Site) -> None:
    for broken in (b"GARBAGE\r\n\r\n", b"GET / HTTP/1.1\r\nHost: a b\r\nX: \x00\r\n\r\n"):
        with socket.create_connection(("127.0.0.1", site.port), timeout=10) as line:
            line.sendall(broken)
            assert b" 400 " in line.recv(200)
    assert site.answers()
    assert "127.0.0.1" not in site.log()
