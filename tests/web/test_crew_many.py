"""Fifty phones at one door: the same sent at the same moment over HTTP to a site that runs."""

from __future__ import annotations

import json
import threading
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection

import sealing
from real_site import Site

MANY = 50
SET_UP = """
import json
from people import client_of, make_agency, make_member
from harborlight.web.accounts.roles import AgencyKind, Role
member = make_member(Role.CREW, make_agency(AgencyKind.AIRLINE))
print(json.dumps(client_of(member).post("/crew/phone/", SERVER_NAME="localhost").json()))
"""
ROWS = """
from harborlight.web.audit.models import Entry
from harborlight.web.crew.models import CrewReport, Quarantine, Told, Version
for model in (CrewReport, Version, Told, Quarantine):
    entries = Entry.objects.filter(kind=model._meta.label_lower, operation="create")
    print(model.objects.count(), entries.count())
"""
TODAY = {"schema": 2, "reasons": ["answers"], "observed": [{"at": "", "what": "Made-up"}]}
LAST_YEAR = {"schema": 1, "route": "MSP-ORD", "notes": "Made-up"}


def at_once(site: Site, raw: list[bytes], token: str) -> list[tuple[int, str]]:
    """Send each from a thread and a connection of its own, all at the same moment."""
    together = threading.Barrier(len(raw))

    def send(body: bytes) -> tuple[int, str]:
        line = HTTPConnection("127.0.0.1", site.port, timeout=180)
        line.connect()
        together.wait(60)
        line.request("POST", "/crew/hand-in/", body, {
            "Host": f"localhost:{site.port}", "Content-Type": "application/json",
            "Authorization": f"Bearer {token}",
        })  # fmt: skip
        answer = line.getresponse()
        told = answer.status, answer.read().decode()
        line.close()
        return told

    with ThreadPoolExecutor(len(raw)) as threads:
        return list(threads.map(send, raw))


def test_the_same_fifty_times_at_once_is_one_row(site: Site) -> None:
    """A report of today's schema, one of last year's, and what cannot be read."""
    phone = json.loads(site.run(SET_UP))
    for plain in (TODAY, LAST_YEAR, None):
        number, raw = str(uuid.uuid4()), [b"nothing that can be read"] * MANY
        if plain is not None:
            text = json.dumps(plain).encode()
            raw = [sealing.seal(number, text, phone["receive"]) for _ in range(MANY)]
        answers = at_once(site, raw, phone["token"])
        statuses = Counter(status for status, _text in answers)
        assert statuses == {201: 1, 200: MANY - 1}, site.log()
        receipts = [json.loads(text) for _status, text in answers]
        assert all(sealing.signed(each, phone["receipt"]) for each in receipts)
        (signed,) = {each["text"] for each in receipts}
        assert json.loads(signed)["readable"] is (plain is not None)
    # Rows, and what the audit says of them: reports, versions, who was told, the unreadable.
    assert site.run(ROWS).split("\n")[:4] == ["2 2", "2 2", "2 2", "1 1"]
