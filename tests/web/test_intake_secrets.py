"""What a dump of the site gives away: nothing of a report, of its reporter, or of where they were.

A real site, asked from an address and by a browser of their own; then every byte that it keeps.
"""

from __future__ import annotations

import http.client
import os
import re
from pathlib import Path
from urllib.parse import urlencode

from real_site import Site

ADDRESS = "127.83.61.29"
BROWSER = "CanaryBrowser/83.61 (zyzzyva)"
CANARIES = {
    "observed": "canary-observed-quokka",
    "inferred": "canary-inferred-quokka",
    "where": "canary-where-quokka",
    "people": "canary-people-quokka",
    "contacts": "507-555-0123 canary-contacts-quokka",
    "vehicles": "plate QKA 837",
    "name": "Canary Name Quokka",
    "reach": "canary@quokka.example",
}
#: As they might be kept: as written, and the number as digits.
LOOKED_FOR = [
    *(value.encode() for value in CANARIES.values()),
    b"5075550123",
    b"507-555-0123",
    b"QKA837",
    b"QKA 837",
    b"canary-added-quokka",
    ADDRESS.encode(),
    b"CanaryBrowser",
]

STAFF = """
from harborlight.web.audit.acts import act
from harborlight.web.accounts.roles import Role
from harborlight.web.intake import clock, telling, triage
from harborlight.web.intake.models import Report
from people import make_agency, make_member
report = Report.objects.get()
clock.escalate()
member = make_member(Role.TRIAGE, make_agency(takes_reports=True))
clock.escalate()
report.refresh_from_db()
with act(member.actor, "report.open"):
    opened = triage.open_report(member, report)
    assert opened.content["name"] == "Canary Name Quokka"
    triage.write_note(member, report, "canary-note-quokka")
    triage.ask(member, report, "canary-question-quokka")
from django.core.cache import caches
print(sum(len(getattr(each, "_cache", {})) for each in caches.all()))
"""


def ask(site: Site, path: str, fields: dict[str, str] | None = None, cookie: str = "") -> str:
    connection = http.client.HTTPConnection(
        "127.0.0.1", site.port, timeout=60, source_address=(ADDRESS, 0)
    )
    headers = {
        "Host": f"localhost:{site.port}",
        "User-Agent": BROWSER,
        "X-Forwarded-For": ADDRESS,
        "Cookie": cookie,
        "Content-Type": "application/x-www-form-urlencoded",
    }
    body = urlencode(fields) if fields else None
    connection.request("POST" if body else "GET", path, body, headers)
    answer = connection.getresponse()
    page = answer.read().decode()
    assert answer.status in (200, 400, 404), (path, answer.status)
    return page + str(answer.headers)


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]+)"', page)
    assert found, name
    return found.group(1)


def test_nothing_readable_is_kept_anywhere(tmp_path: Path) -> None:
    site = Site(tmp_path / "home")
    site.start()
    try:
        page = ask(site, "/reports/")
        cookie = re.search(r"csrftoken=[^;]+", page)
        assert cookie
        token = {"csrfmiddlewaretoken": hidden(page, "csrfmiddlewaretoken")}
        sent = {**token, "form": hidden(page, "form"), "danger": "no", **CANARIES}
        page = ask(site, "/reports/", sent, cookie.group(0))
        receipt = re.search(r"data-receipt>([^<]+)<", page)
        assert receipt
        mine = {**token, "receipt": receipt.group(1)}
        page = ask(site, "/reports/back/", mine, cookie.group(0))
        added = {**mine, "form": hidden(page, "form"), "text": "canary-added-quokka"}
        ask(site, "/reports/back/more/", added, cookie.group(0))
        # What goes wrong must not be kept either: a wrong receipt, a page that is not there.
        wrong = {**token, "receipt": "0000-1111-2222-3333-4444"}
        ask(site, "/reports/back/", wrong, cookie.group(0))
        ask(site, "/reports/nowhere/?canary-observed-quokka")
        assert site.run(STAFF).strip() == "0", "the cache is empty"
    finally:
        site.stop()
    looked_for = [
        *LOOKED_FOR,
        receipt.group(1).encode(),
        receipt.group(1).replace("-", "").encode(),
        b"canary-note-quokka",
        b"canary-question-quokka",
    ]
    files = [each for each in tmp_path.rglob("*") if each.is_file()]
    if site.database:
        files += [each for each in postgresql_files() if each.is_file()]
    assert any(each.name in ("harborlight.sqlite3", "PG_VERSION") for each in files)
    assert tmp_path / "home.log" in files
    bytes_read = 0
    for each in files:
        try:
            content = each.read_bytes()
        except FileNotFoundError:
            # The server of the database runs on, and takes its own passing files away.
            assert "home" not in each.parts, each
            continue
        bytes_read += len(content)
        found = [canary for canary in looked_for if canary.lower() in content.lower()]
        assert found == [], each
    assert bytes_read > 100_000


def postgresql_files() -> list[Path]:
    """The files of the PostgreSQL of this run, with what its memory holds written to them."""
    import psycopg

    with psycopg.connect(os.environ["HARBORLIGHT_DATABASE_URL"], autocommit=True) as connection:
        connection.execute("CHECKPOINT")
        row = connection.execute("SHOW data_directory").fetchone()
    assert row
    return list(Path(row[0]).rglob("*"))
