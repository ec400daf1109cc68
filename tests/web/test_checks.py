"""What a site lacks is said until it is there; its first administrator is made by one command."""

from __future__ import annotations

import io
import logging
import re
import shutil
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from django.core.handlers.exception import convert_exception_to_response
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from harborlight.web.crypto import keyring
from harborlight.web.frame.logs import LineFormatter
from harborlight.web.running import checks
from people import PASSWORD
from real_site import Site

SECRET = "what somebody wrote in a report"  # noqa: S105
ANOTHER = "another made-up passphrase"


def missing(site: Site, *words: str) -> set[str]:
    """What the check says is missing; its exit status says whether anything is."""
    done = site.command("check", *words)
    found = set(re.findall(r"^missing ([\w ]+)", done.stdout, re.M))
    assert done.returncode == (1 if found else 0), done.stderr
    return found


def administrator(site: Site, email: str, *words: str, password: str = PASSWORD) -> str:
    """Make one; what was said on the way to an error, or nothing."""
    told = ("administrator", email, "--name", "Ann Example", *words)
    done = site.command(*told, given=f"{password}\n")
    assert done.returncode in (0, 2), done.stderr
    assert bool(done.returncode) == bool(done.stderr)
    return done.stderr


def own_user(site: Site) -> None:
    """On PostgreSQL: a user that may do what the site must, and no more."""
    import psycopg

    parts = urlsplit(site.database)
    name, role = parts.path.lstrip("/"), f"user_{parts.path[-6:]}"
    with psycopg.connect(site.database, autocommit=True) as connection:
        connection.execute(f'CREATE ROLE "{role}" LOGIN')
        connection.execute(f'ALTER DATABASE "{name}" OWNER TO "{role}"')
        connection.execute(f'ALTER SCHEMA public OWNER TO "{role}"')
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in tables.fetchall():
            connection.execute(f'ALTER TABLE public."{table}" OWNER TO "{role}"')
    netloc = f"{role}@{parts.netloc.rpartition('@')[2]}"
    site.database = urlunsplit(parts._replace(netloc=netloc))


def test_what_is_missing_is_said_until_it_is_there(tmp_path: Path) -> None:
    site = Site(tmp_path / "home")
    assert site.command("check").returncode == 2  # there is no site
    assert site.command("migrate").returncode == 0
    assert missing(site) == {"administrator"}

    assert "too short" in administrator(site, "ann@agency.example", password="short")  # noqa: S106
    assert administrator(site, "no address")
    assert administrator(site, "Ann@agency.example") == ""
    assert "--again" in administrator(site, "ann@agency.example")

    lacks = {"hosts", "HTTPS", "PostgreSQL", "key file elsewhere", "mail", "second factors"}
    later = {"numbers to call", "anchors", "backup"}
    assert missing(site, "--deploy") - {"swap"} == lacks | later

    assert site.command("audit", "anchor").returncode == 0
    assert site.command("backup", str(tmp_path / "backup.tar.gz")).returncode == 0
    shutil.move(site.home / "keys.json", tmp_path / "keys.json")
    site.more = {
        "HARBORLIGHT_KEYS": str(tmp_path / "keys.json"),
        "HARBORLIGHT_HOSTS": "site.example",
        "HARBORLIGHT_PRODUCTION": "1",
        "HARBORLIGHT_PROXY": "1",
        "HARBORLIGHT_MAIL_URL": "smtps://user:word@mail.example",
        "HARBORLIGHT_MAIL_FROM": "site@site.example",
    }
    left = {"second factors", "numbers to call"}
    if site.database:
        assert missing(site, "--deploy") - {"swap"} == {*left, "PostgreSQL"}  # a superuser
        own_user(site)
    else:
        left.add("PostgreSQL")
    assert missing(site, "--deploy") - {"swap"} == left

    drop = "DROP TRIGGER IF EXISTS {name}" + (" ON audit_entry" if site.database else "")
    site.run(f"""
        from django.db import connection
        from harborlight.web.audit import triggers
        name = sorted(triggers.names(connection.vendor, "audit_entry"))[0]
        connection.cursor().execute({drop!r}.format(name=name))
    """)
    assert missing(site) == {"audit triggers"}
    (tmp_path / "keys.json").chmod(0o644)
    assert "keys" in missing(site)


def test_an_administrator_who_lost_everything_is_let_in_again(tmp_path: Path) -> None:
    site = Site(tmp_path / "home")
    site.prepare()
    assert administrator(site, "ann@agency.example") == ""
    assert administrator(site, "ann@agency.example", "--again", password=ANOTHER) == ""
    told = site.run(f"""
        from harborlight.web.accounts.models import Member
        from harborlight.web.audit.models import Entry
        (member,) = Member.objects.all()
        print(member.role, member.agency.kind, member.user.check_password({ANOTHER!r}))
        print(Entry.objects.filter(act="administrator.make", actor="shell").exists())
    """)
    assert told.split() == ["administrator", "site", "True", "True"]


def test_the_keys_of_other_data_are_refused(tmp_path: Path) -> None:
    site = Site(tmp_path / "home")
    site.prepare()
    assert administrator(site, "ann@agency.example") == ""
    other = tmp_path / "other.json"
    keyring.create(other)
    site.more = {"HARBORLIGHT_KEYS": str(other)}
    done = site.command("migrate")
    assert done.returncode == 2
    assert "not the key file of this data" in done.stderr
    assert "keys" in missing(site)


def test_swapping_in_clear_is_seen(tmp_path: Path) -> None:
    table = tmp_path / "swaps"
    table.write_text("Filename Type Size Used Priority\n/dev/dm-2 partition 1 0 -2\n")
    assert checks._swap(table) == ""
    table.write_text("Filename Type Size Used Priority\n/swapfile file 1 0 -2\n")
    assert "/swapfile" in checks._swap(table)


def test_an_error_is_logged_without_what_was_handled() -> None:
    def view(request: HttpRequest) -> HttpResponse:
        try:
            raise LookupError(SECRET)
        except LookupError:
            raise ValueError(f"cannot read {SECRET}") from None

    (handler,) = [
        each
        for each in logging.getLogger().handlers
        if isinstance(each, logging.StreamHandler) and isinstance(each.formatter, LineFormatter)
    ]
    shown = io.StringIO()
    before, handler.stream = handler.stream, shown  # what was there may be closed by now
    try:
        answer = convert_exception_to_response(view)(RequestFactory().get("/somewhere/"))
    finally:
        handler.stream = before
    assert getattr(answer, "status_code", 0) == 500
    assert "ValueError" in shown.getvalue()
    assert "test_checks.py" in shown.getvalue()
    assert SECRET not in shown.getvalue()
