"""The audit's page shows who did what and why, to auditors."""

from __future__ import annotations

import pytest

from harborlight.web.accounts.roles import Role
from harborlight.web.audit.acts import note
from people import TESTER, client_of, make_member

pytestmark = pytest.mark.django_db


def test_an_auditor_finds_an_entry_by_record_and_by_who() -> None:
    auditor, other = make_member(Role.AUDITOR), make_member(Role.TRIAGE)
    note(other.actor, "report.open", "intake.report", "the-record", why="asked by phone")
    note(TESTER, "report.open", "intake.report", "another-record")
    client = client_of(auditor)
    page = client.get("/audit/", {"record": "the-record"}).content.decode()
    assert "asked by phone" in page
    assert other.user.name in page
    assert "another-record" not in page
    by_who = client.get("/audit/", {"actor": f"member {other.pk}"}).content.decode()
    assert "the-record" in by_who
    assert "another-record" not in by_who
    assert client.get("/audit/", {"day": "no day"}).status_code == 200
    assert client_of(other).get("/audit/").status_code == 403
