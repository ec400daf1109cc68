"""Runs into leads: nothing twice, new evidence beside what was decided, whatever the order."""

from __future__ import annotations

import io
import re
import stat
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harborlight.demo import region
from harborlight.recognize.errors import InputError
from harborlight.recognize.output.folder import FILES
from harborlight.recognize.output.results import Results, read
from harborlight.recognize.run import run as recognize
from harborlight.web.accounts.models import Agency
from harborlight.web.accounts.roles import Role
from harborlight.web.audit.acts import act
from harborlight.web.leads import archive, deciding
from harborlight.web.leads.importing import import_results
from harborlight.web.leads.models import Lead, Run, Sheet, State, Ties, Version
from objects_leads import SECRET_TEXT, found, make_lead, results
from people import TESTER, client_of, make_agency, make_member

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real run, of the made-up region."""
    place = tmp_path_factory.mktemp("run")
    made = region.write(place / "ads")
    recognize(made.files, place / "found", closed=[made.closed])
    return place / "found"


def rows(agency: Agency) -> dict[str, int]:
    """How many rows of each kind an agency's leads have."""
    leads = Lead.objects.filter(agency=agency)
    versions = Version.objects.filter(lead__in=leads)
    return {
        "runs": Run.objects.filter(agency=agency).count(),
        "leads": leads.count(),
        "versions": versions.count(),
        "sheets": Sheet.objects.filter(version__in=versions).count(),
        "ties": Ties.objects.filter(version__in=versions).count(),
    }


def packed(folder: Path, inside: str = "found/", names: tuple[str, ...] = FILES) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name in names:
            file.write(folder / name, inside + name)
    return out.getvalue()


def test_a_real_run_is_taken_in_whole_and_only_once(folder: Path) -> None:
    agency = make_agency()
    found_in = read(folder)
    done = import_results(found_in, agency, TESTER)
    assert (done.new, done.changed, done.same, done.known) == (7, 0, 0, False)
    before = rows(agency)
    assert before["leads"] == before["versions"] == 7
    with act(TESTER, "test.look"):
        for lead, one in zip(Lead.objects.filter(agency=agency), found_in.leads, strict=True):
            texts = [ad["text"] for s in lead.version.sheets.all() for ad in s.take("ads")["ads"]]
            assert texts == [ad["text"] for ad in one.ads], "every ad, in order"
    again = import_results(read(folder), agency, TESTER)
    assert again.known
    assert rows(agency) == before


def test_the_queue_stands_in_the_order_of_the_report(folder: Path) -> None:
    member = make_member(Role.ANALYST)
    import_results(read(folder), member.agency, TESTER)
    page = client_of(member).get(reverse("leads:queue"))
    shown = [int(each) for each in re.findall(r"Lead (\d+)</a>", page.content.decode())]
    assert shown == [1, 2, 3, 4, 5, 6, 7], "numbers are given in review order"
    assert b"risk" not in page.content.lower()


def test_run_of_grown_data_brings_new_evidence_and_keeps_decisions(tmp_path: Path) -> None:
    """Two real runs: half of the ads, then all of them."""
    made = region.write(tmp_path / "ads")
    half = tmp_path / "half.csv"
    lines = made.files[0].read_text("utf-8").splitlines(keepends=True)
    half.write_text("".join(lines[: len(lines) // 2]), "utf-8")
    recognize([half], tmp_path / "first")
    recognize([made.files[0]], tmp_path / "second")
    first, second = read(tmp_path / "first"), read(tmp_path / "second")
    assert first.leads, "there must be something to decide"
    member = make_member(Role.ANALYST)
    import_results(first, member.agency, TESTER)
    lead = Lead.objects.filter(agency=member.agency).earliest("number")
    deciding.dismiss(lead, member, "looked at, and explained")
    done = import_results(second, member.agency, TESTER)
    assert done.changed
    lead.refresh_from_db()
    assert lead.state == State.DISMISSED
    assert lead.decisions.count() == 1
    assert lead.versions.count() == 2
    assert lead.changed_since_decided
    assert lead.version.size > lead.versions.get(number=1).size
    before = rows(member.agency)
    for again in (first, second, first):
        import_results(again, member.agency, TESTER)
    assert rows(member.agency) == before


NAMES = [f"name {n}" for n in range(12)]


@st.composite
def histories(draw: st.DrawFn) -> list[Results]:
    """Runs of some of the leads of one world, each of as many of their ads as were there yet."""
    worlds = draw(st.lists(st.integers(2, 5), min_size=1, max_size=3))
    leads, at = [], 0
    for size in worlds:
        leads.append(NAMES[at : at + size])
        at += size if at + size <= len(NAMES) - 5 else 0
    chosen = draw(
        st.lists(
            st.lists(st.integers(0, 5), min_size=len(leads), max_size=len(leads)),
            min_size=1,
            max_size=4,
        )
    )
    distinct = {tuple(lead) for lead in leads}
    return [
        results(
            *(
                found(*lead[:many])
                for lead, many in zip(sorted(distinct), counts, strict=False)
                if many >= 2
            )
        )
        for counts in chosen
    ]


@given(history=histories(), repeats=st.lists(st.integers(0, 3), max_size=4))
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
def test_runs_again_in_any_order_add_nothing(history: list[Results], repeats: list[int]) -> None:
    with transaction.atomic():
        agency = make_agency()
        for each in history:
            import_results(each, agency, TESTER)
        before = rows(agency)
        terms = sorted(Lead.objects.filter(agency=agency).values_list("number", "known", "size"))
        for place in repeats:
            import_results(history[place % len(history)], agency, TESTER)
        assert rows(agency) == before
        assert (
            sorted(Lead.objects.filter(agency=agency).values_list("number", "known", "size"))
            == terms
        )
        transaction.set_rollback(True)


@given(data=st.data())
@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_same_leads_whatever_way_they_are_split_over_runs(data: st.DataObject) -> None:
    """However the leads of one run are dealt out to several, the same leads are there after."""
    leads = [found(*[f"{letter}{n}" for n in range(3)]) for letter in "pqrs"]
    order = data.draw(st.permutations(range(4)))
    cuts = sorted(data.draw(st.sets(st.integers(1, 3), max_size=3)))
    pieces = [order[a:b] for a, b in zip([0, *cuts], [*cuts, 4], strict=True)]
    with transaction.atomic():
        whole, split = make_agency(), make_agency()
        import_results(results(*leads), whole, TESTER)
        for piece in [*pieces, *pieces[::-1]]:
            import_results(results(*(leads[place] for place in piece)), split, TESTER)

        def kept(agency: Agency) -> list[str]:
            mine = Lead.objects.filter(agency=agency)
            return sorted(Version.objects.filter(lead__in=mine).values_list("digest", flat=True))

        assert kept(whole) == kept(split)
        transaction.set_rollback(True)


def test_less_data_than_there_is_changes_nothing() -> None:
    agency = make_agency()
    import_results(results(found("a", "b", "c", "d")), agency, TESTER)
    done = import_results(results(found("a", "b"), found("c", "d")), agency, TESTER)
    assert (done.new, done.changed, done.same) == (0, 0, 2)
    assert Lead.objects.get(agency=agency).version.size == 4


def test_leads_that_a_run_puts_together_are_shown_to_overlap() -> None:
    agency = make_agency()
    import_results(results(found("a", "b", "c"), found("x", "y")), agency, TESTER)
    import_results(results(found("a", "b", "c", "x", "y", "z")), agency, TESTER)
    first, second = Lead.objects.filter(agency=agency)
    assert (first.version.size, second.version.size) == (6, 2)
    assert first.overlaps.get().other == second
    assert second.overlaps.get().shared == 2


def test_two_agencies_have_their_own_leads_of_the_same_run() -> None:
    one, other = make_agency(), make_agency()
    for agency in (one, other):
        assert import_results(results(found("a", "b")), agency, TESTER).new == 1
    assert Lead.objects.get(agency=one).pk != Lead.objects.get(agency=other).pk


def test_nothing_of_an_ad_is_readable_in_the_tables() -> None:
    from django.apps import apps

    lead = make_lead(make_agency())
    assert lead.phone_count == 1
    for model in apps.get_app_config("leads").get_models():
        for row in model._default_manager.all().values():
            dump = repr({k: bytes(v) if isinstance(v, memoryview) else v for k, v in row.items()})
            for word in (SECRET_TEXT, "5550142", "hauling"):
                assert word not in dump, model


# -- uploads --------------------------------------------------------------------------------------


def test_a_packed_folder_is_taken_in_by_the_page(folder: Path) -> None:
    member = make_member(Role.ANALYST)
    client = client_of(member)
    for expected in (7, 7):
        upload = SimpleUploadedFile("found.zip", packed(folder))
        answer = client.post(reverse("leads:import"), {"file": upload}, follow=True)
        assert answer.status_code == 200
        assert Lead.objects.filter(agency=member.agency).count() == expected
    assert b"imported before" in answer.content


def _zip(*entries: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name, content in entries:
            file.writestr(name, content)
    return out.getvalue()


def _link() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        entry = zipfile.ZipInfo("run.json")
        entry.external_attr = (stat.S_IFLNK | 0o777) << 16
        file.writestr(entry, "/etc/passwd")
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"no zip at all", "not a ZIP file"),
        (_zip(("../run.json", b"{}")), "points out of the folder"),
        (_zip(("/run.json", b"{}")), "points out of the folder"),
        (_zip(("a\\run.json", b"{}")), "points out of the folder"),
        (_zip(("a/b/run.json", b"{}")), "points out of the folder"),
        (_link(), "points out of the folder"),
        (_zip(("found/evil.sh", b"")), "is no file that a run writes"),
        (_zip(("a/run.json", b"{}"), ("b/run.json", b"{}")), "more than one run"),
        (_zip(("found/run.json", b"{}")), "is missing"),
        (_zip(), "is missing"),
    ],
)
def test_what_is_no_packed_run_is_told_and_nothing_is_added(content: bytes, told: str) -> None:
    member = make_member(Role.ANALYST)
    upload = SimpleUploadedFile("found.zip", content)
    answer = client_of(member).post(reverse("leads:import"), {"file": upload})
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert not Run.objects.filter(agency=member.agency).exists()


def test_a_file_that_is_too_large_is_told_so() -> None:
    member = make_member(Role.ANALYST)
    upload = SimpleUploadedFile("found.zip", b"0" * (26 * 1024 * 1024))
    answer = client_of(member).post(reverse("leads:import"), {"file": upload})
    assert answer.status_code == 422
    assert "larger than 25 MB" in answer.content.decode()


def test_a_bomb_is_stopped_while_it_unpacks() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("run.json", b"0" * 5_000_000)
    assert len(out.getvalue()) < 20_000
    with pytest.raises(archive.ArchiveError, match="more than a page can take"):
        archive.read(out, most_bytes=1_000_000)


@pytest.mark.parametrize("broken", ["ads.parquet", "leads.parquet", "run.json"])
def test_a_broken_file_is_named(folder: Path, broken: str) -> None:
    files: dict[str, Any] = {name: (folder / name).read_bytes() for name in FILES}
    for content in (b"", files[broken][: len(files[broken]) // 2], b"PAR1" + b"\0" * 50):
        with pytest.raises(InputError, match=broken):
            read({**files, broken: content})


def test_a_folder_of_other_things_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not a folder that `harborlight recognize` wrote"):
        read(tmp_path)
