"""`harborlight check`: is the site as it must be; with --deploy, what does it lack for real use?

Each check is a function that gives a sentence for what is wrong, and what to do; nothing when it is
right. What no program on this machine can see (the proxy's logs, who has the keys) is in the
administrators' guide.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from harborlight.web.home import home
from harborlight.web.running import prepare

BACKUP_HOURS = 36
ANCHOR_HOURS = 36
HERE = ("localhost", "127.0.0.1", "::1", "[::1]", "")


@dataclass(frozen=True)
class Finding:
    """What was looked at, and what is wrong with it; nothing wrong is empty."""

    about: str
    wrong: str

    @property
    def right(self) -> bool:
        return not self.wrong


def look(*, deploy: bool) -> Iterator[Finding]:
    """Every check in turn; those of real use only with `deploy`."""
    for about, check in {**ANYWHERE, **(DEPLOYED if deploy else {})}.items():
        try:
            wrong = check()
        except Exception as error:
            # A check that cannot be made is one that is not passed.
            wrong = f"could not be looked at: {type(error).__name__}"
        yield Finding(about, wrong)


def _settings() -> Any:
    from django.conf import settings

    return settings


def _home() -> str:
    place = home().folder
    if place.stat().st_mode & 0o077:
        return f"{place} is open to other accounts: chmod 700 {place}"
    if place.stat().st_uid != os.getuid():
        return f"{place} belongs to another account than the one that runs this"
    return ""


def _keys() -> str:
    from harborlight.web.crypto import keyring

    try:
        kept = keyring.read(home().keys)
        prepare.check_keys()
    except keyring.KeyringError as error:
        return str(error)
    if len(kept.wrapping) > 1:
        return "a renewal of the keys was stopped half-way: run harborlight keys rotate again"
    return prepare.keys_of_another_time()


def _database() -> str:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        return f"{len(waiting)} migrations wait: run harborlight migrate"
    return ""


def _triggers() -> str:
    """That the database itself still refuses to change the audit."""
    from django.db import connection

    from harborlight.web.audit import triggers

    vendor = connection.vendor
    with connection.cursor() as cursor:
        if vendor == "postgresql":
            cursor.execute(
                "SELECT tgname FROM pg_trigger WHERE tgrelid = 'audit_entry'::regclass "
                "AND tgenabled <> 'D'"
            )
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        there = {str(row[0]) for row in cursor.fetchall()}
    missing = sorted(set(triggers.names(vendor, "audit_entry")) - there)
    if missing:
        return f"triggers of the audit are gone: {', '.join(missing)}; run harborlight audit verify"
    return ""


def _django() -> str:
    from django.core.checks import WARNING, run_checks

    found = [each for each in run_checks() if each.level >= WARNING]
    return "; ".join(f"{each.id}: {each.msg}" for each in found)


def _administrator() -> str:
    from harborlight.web.accounts.models import Member
    from harborlight.web.accounts.roles import AgencyKind, Role

    there = Member.objects.filter(
        role=Role.ADMINISTRATOR, agency__kind=AgencyKind.SITE, until__isnull=True
    ).exists()
    return "" if there else "nobody runs the site yet: run harborlight administrator"


def _hosts() -> str:
    names = set(_settings().ALLOWED_HOSTS)
    if not names - set(HERE):
        return "set HARBORLIGHT_HOSTS to the names under which the site is reached"
    if any(name == "*" or name.startswith(".") for name in names):
        return "HARBORLIGHT_HOSTS must name each host in full"
    return ""


def _https() -> str:
    settings = _settings()
    if not settings.PRODUCTION:
        return "set HARBORLIGHT_PRODUCTION=1: HTTPS alone, secure cookies, HSTS"
    if not settings.SECURE_PROXY_SSL_HEADER:
        return "set HARBORLIGHT_PROXY=1 and put a proxy with a certificate in front"
    return ""


def _demo() -> str:
    if _settings().DEMO or (home().folder / "demonstration").exists():
        return "this is a demonstration: anybody is let in; take another HARBORLIGHT_HOME"
    return ""


def _postgresql() -> str:
    from django.db import connection

    if connection.vendor != "postgresql":
        return "the site is on SQLite: set HARBORLIGHT_DATABASE_URL to a PostgreSQL database"
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        if cursor.fetchone()[0]:
            return "its user is a superuser of PostgreSQL: give the site a user of its own"
        cursor.execute("SHOW fsync")
        if cursor.fetchone()[0] != "on":
            return "PostgreSQL runs with fsync off: what was acknowledged can be lost"
        cursor.execute("SHOW log_statement")
        if cursor.fetchone()[0] != "none":
            return "PostgreSQL logs statements: set log_statement = none"
    host = str(connection.settings_dict["HOST"])
    near = host in HERE or host.startswith("/")
    if not near and os.environ.get("PGSSLMODE") != "verify-full":
        return f"the way to {host} is not checked: set PGSSLMODE=verify-full"
    return ""


def _keys_elsewhere() -> str:
    if home().keys.resolve().is_relative_to(home().folder.resolve()):
        return "the key file lies beside the data: move it, and name it in HARBORLIGHT_KEYS"
    return ""


def _mail() -> str:
    settings = _settings()
    if not settings.EMAIL_BACKEND.endswith("smtp.EmailBackend"):
        return "no mail goes out: set HARBORLIGHT_MAIL_URL"
    if settings.DEFAULT_FROM_EMAIL.endswith("@localhost"):
        return "set HARBORLIGHT_MAIL_FROM to the address that mails come from"
    if not (settings.EMAIL_USE_TLS or settings.EMAIL_USE_SSL) and settings.EMAIL_HOST not in HERE:
        return "mails go out in clear: use smtps:// or a user and password in HARBORLIGHT_MAIL_URL"
    return ""


def _second_factors() -> str:
    from allauth.mfa.models import Authenticator

    from harborlight.web.accounts.models import User
    from harborlight.web.accounts.second_factor import FACTORS

    with_one = Authenticator.objects.filter(type__in=FACTORS).values("user_id")
    number = User.objects.filter(is_active=True).exclude(pk__in=with_one).count()
    if number:
        return f"{number} people have set up no second factor yet; no page opens to them until then"
    return ""


def _numbers() -> str:
    from harborlight.web.intake.contacts import unverified

    names = [each.name for each in unverified()]
    if names:
        return f"look up, and enter under Numbers to call: {', '.join(names)}"
    return ""


def _anchors() -> str:
    from harborlight.web.audit.models import Head
    from harborlight.web.audit.verify import read_anchors

    head = Head.objects.filter(id=1).first()
    if head is None or not head.position:
        return ""
    kept = read_anchors()
    if not kept:
        return "the audit was never anchored: is the worker running? run harborlight audit anchor"
    if kept[-1]["position"] != head.position and _old(kept[-1]["at"], ANCHOR_HOURS):
        return f"the last anchor of the audit is of {kept[-1]['at'][:10]}: is the worker running?"
    return ""


def _backup() -> str:
    from harborlight.web.running.backup import last_backup

    at = last_backup()
    if not at:
        return "no backup was ever made: run harborlight backup by the clock, and bring one back"
    if _old(at, BACKUP_HOURS):
        return f"the last backup is of {at[:16]}, more than {BACKUP_HOURS} hours ago"
    return ""


def _swap(table: Path = Path("/proc/swaps")) -> str:
    try:
        lines = table.read_text("utf-8").splitlines()[1:]
    except OSError:
        return ""
    open_ones = [
        line.split()[0] for line in lines if not line.startswith(("/dev/dm-", "/dev/zram"))
    ]
    if open_ones:
        return f"what is opened may be written to {open_ones[0]} in clear: encrypt or end swapping"
    return ""


def _old(at: str, hours: int) -> bool:
    return datetime.now(UTC) - datetime.fromisoformat(at) > timedelta(hours=hours)


ANYWHERE: dict[str, Callable[[], str]] = {
    "home": _home,
    "keys": _keys,
    "tables": _database,
    "audit triggers": _triggers,
    "settings": _django,
    "administrator": _administrator,
}
DEPLOYED: dict[str, Callable[[], str]] = {
    "hosts": _hosts,
    "HTTPS": _https,
    "made-up people": _demo,
    "PostgreSQL": _postgresql,
    "key file elsewhere": _keys_elsewhere,
    "mail": _mail,
    "second factors": _second_factors,
    "numbers to call": _numbers,
    "anchors": _anchors,
    "backup": _backup,
    "swap": _swap,
}
