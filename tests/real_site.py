"""A real site for tests: `harborlight serve` in a process of its own, with a home of its own.

On SQLite, or on a new database of the PostgreSQL of this run (HARBORLIGHT_TEST_DATABASE). A site
that is not `fresh` starts from a copy of a home whose tables were made once a run, since making
them takes longer than most tests.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import textwrap
import time
import urllib.error
import urllib.request
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

from site_shell import Shell

PROGRAM = "from harborlight.cli import main; main()"
HOUSE = Path(__file__).resolve().parents[1]


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def new_database(url: str | None = None) -> str:
    """The URL of a new, empty PostgreSQL database, or nothing: then it is SQLite in the home."""
    if url is None:
        url = os.environ.get("HARBORLIGHT_DATABASE_URL", "")
    if not url:
        return ""
    name = f"site_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


_prepared: dict[str, Site] = {}


def prepared(database: str) -> Site:
    """A home with tables and nothing in them, made once a run for each server of databases."""
    server = urlsplit(database).netloc
    if server not in _prepared:
        place = Path(os.environ["HARBORLIGHT_HOME"]) / f"prepared-{len(_prepared)}"
        made = Site(place, database=new_database(database))
        done = made.command("migrate")
        if done.returncode:
            raise RuntimeError(f"the tables were not made:\n{done.stderr}")
        _prepared[server] = made
    return _prepared[server]


def postgres_programs() -> str:
    """Where pg_dump is: of the same PostgreSQL as the server of this run."""
    if "PG_PROGRAMS" in os.environ:
        return os.environ["PG_PROGRAMS"]
    found = shutil.which("pg_dump")
    return str(Path(found).parent) if found else ""


@dataclass
class Site:
    """A site that can be started, asked, killed and started again."""

    home: Path
    port: int = field(default_factory=free_port)
    database: str = field(default_factory=new_database)
    more: dict[str, str] = field(default_factory=dict)
    fresh: bool = False
    process: subprocess.Popen[str] | None = None
    shell: Shell | None = None

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name[:12] != "HARBORLIGHT_"}
        return {
            **kept,
            "HARBORLIGHT_HOME": str(self.home),
            "HARBORLIGHT_DATABASE_URL": self.database,
            "DJANGO_SETTINGS_MODULE": "harborlight.web.settings",
            "PYTHONPATH": str(HOUSE / "tests"),
            **self.more,
        }

    def start(self) -> None:
        """Start it, in a process group of its own, and wait until it answers."""
        self.home.parent.mkdir(parents=True, exist_ok=True)
        if not self.fresh and not self.home.exists():
            self.prepare()
        with (self.home.parent / f"{self.home.name}.log").open("a") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-c", PROGRAM, "serve", "--port", str(self.port)],
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
                text=True,
            )
        until = time.monotonic() + 180
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"the site did not start:\n{self.log()}")
            time.sleep(0.1)
        if not self.fresh:
            static = prepared(self.database).home / "static"
            if not any(static.glob("*")):
                # The same for every site of a run: made once, then copied.
                shutil.copytree(self.home / "static", static, dirs_exist_ok=True)

    def prepare(self) -> None:
        """Have tables with nothing in them, without starting: for commands on a site."""
        self._copy(prepared(self.database))

    def _copy(self, other: Site) -> None:
        """Become a copy of a site that does not run."""
        shutil.copytree(other.home, self.home)
        if self.database:
            name = urlsplit(self.database).path[1:]
            template = urlsplit(other.database).path[1:]
            server = urlunsplit(urlsplit(self.database)._replace(path="/postgres"))
            with psycopg.connect(server, autocommit=True) as connection:
                connection.execute(f'DROP DATABASE "{name}"')
                connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/", timeout=5):  # noqa: S310
                return True
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False

    def log(self) -> str:
        """What its processes printed so far."""
        file = self.home.parent / f"{self.home.name}.log"
        return file.read_text("utf-8") if file.exists() else ""

    def kill(self) -> None:
        """SIGKILL to all of its processes at once."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def stop(self) -> None:
        """As Ctrl-C would."""
        self._end_shell()
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.kill()

    def run(self, code: str) -> str:
        """Run Python within the site's own environment, with Django set up; what it printed."""
        done = self._shell().run(textwrap.dedent(code))
        if done.returncode:
            raise RuntimeError(done.stderr)
        return done.stdout

    def command(self, *words: str, given: str = "") -> subprocess.CompletedProcess[str]:
        """Run `harborlight` with these words within the site's environment."""
        if not self._keys().exists():
            return subprocess.run(
                [sys.executable, "-c", PROGRAM, *words],
                env={**self.environment, "HARBORLIGHT_PG_BIN": postgres_programs()},
                input=given,
                capture_output=True,
                text=True,
                check=False,
            )
        return self._shell().run(
            f"import io, sys\nsys.argv = ['harborlight', *{words!r}]\n"
            f"sys.stdin = io.StringIO({given!r})\n{PROGRAM}"
        )

    def _keys(self) -> Path:
        return Path(self.more.get("HARBORLIGHT_KEYS", self.home / "keys.json"))

    def _shell(self) -> Shell:
        """The one of this environment and these keys."""
        changed = self._keys().stat().st_mtime_ns if self._keys().exists() else 0
        made_of = repr((self.environment, changed))
        if self.shell is not None and self.shell.made_of != made_of:
            self._end_shell()
        if self.shell is None:
            environment = {**self.environment, "HARBORLIGHT_PG_BIN": postgres_programs()}
            self.shell = Shell(environment, made_of)
        return self.shell

    def _end_shell(self) -> None:
        if self.shell is not None:
            self.shell.end()
            self.shell = None
