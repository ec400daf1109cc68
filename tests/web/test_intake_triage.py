"""Triage: who must read a report, what the queue shows, who was told, what a person may link."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from harborlight.web.accounts import assigned
from harborlight.web.accounts.models import Agency, Member
from harborlight.web.accounts.roles import AgencyKind, Role
from harborlight.web.audit.acts import Refused, act
from harborlight.web.audit.models import Entry
from harborlight.web.frame import waiting
from harborlight.web.intake import clock, contacts, receipts, sameness, telling, triage
from harborlight.web.intake.labels import Outcome, Purpose, Status
from harborlight.web.intake.models import (
    ContactChange,
    Erasure,
    Holding,
    Message,
    Note,
    Report,
    SameAs,
    Telling,
)
from harborlight.web.intake.receiving import Incoming, receive
from harborlight.web.notices.models import Notice
from harborlight.web.vault.files import LARGEST, files_of, place_of
from harborlight.web.vault.models import Term
from people import TESTER, client_of, make_agency, make_member

pytestmark = pytest.mark.django_db

CANARY = "zyzzyva-quokka"
CODES: dict[str, str] = {
    "danger": "no",
    "age": "unknown",
    "category": "other",
    "language": "en",
    "state": "MN",
}


def make_report(county: str = "", *, told: tuple[str, ...] = (), **more: Any) -> Report:
    labels: dict[str, str] = {each: more.pop(each) for each in ("danger", "town") if each in more}
    codes = {**CODES, "county": county, **labels}
    content = {"observed": CANARY, **more}
    return receive(receipts.mint(), Incoming(content=content, codes=codes, told=told)).report


@pytest.fixture
def triager() -> Member:
    return make_member(Role.TRIAGE, make_agency(takes_reports=True))


def agency_with(role: Role, kind: AgencyKind, **fields: Any) -> tuple[Agency, Member]:
    agency = make_agency(kind, **fields)
    return agency, make_member(role, agency)


def post(member: Member, action: str, report: Report, **fields: Any) -> Any:
    return client_of(member).post(reverse(f"intake:{action}", args=[report.pk]), fields)


def backdate(report: Report, **ago: float) -> None:
    with act(TESTER, "test.time"):
        report.holdings.update(since=timezone.now() - timedelta(**ago))


# -- who must read it ------------------------------------------------------------------------------


def test_a_report_goes_to_who_serves_the_county_else_to_who_serves_everywhere() -> None:
    everywhere, _ = agency_with(Role.TRIAGE, AgencyKind.LAW_ENFORCEMENT, takes_reports=True)
    blue, _ = agency_with(
        Role.TRIAGE, AgencyKind.CHILD_PROTECTION, takes_reports=True, counties=["Blue Earth"]
    )
    empty = make_agency(takes_reports=True, counties=["Nicollet"])  # nobody there can read
    closed, _ = agency_with(Role.TRIAGE, AgencyKind.NAVIGATOR, counties=["Rice"])
    assert make_report("Blue Earth").owner == blue
    assert make_report("Nicollet").owner == everywhere != empty
    assert make_report("Rice").owner == everywhere != closed
    assert make_report("").owner == everywhere


def test_a_report_that_came_before_any_agency_is_given_to_the_first() -> None:
    report = make_report()
    assert report.owner is None
    administrator = make_member(Role.ADMINISTRATOR)
    assert [each.count for each in waiting.waits_for(administrator)] == [1]
    _, member = agency_with(Role.TRIAGE, AgencyKind.LAW_ENFORCEMENT, takes_reports=True)
    clock.escalate()
    report.refresh_from_db()
    assert report.owner == member.agency
    assert report.holdings.get().read is None


# -- the queue -------------------------------------------------------------------------------------


def test_the_queue_is_in_review_order_and_opens_nothing(triager: Member) -> None:
    ordinary = make_report("Rice")
    urgent = make_report("Rice", danger="now")
    before = Entry.objects.count()
    page = client_of(triager).get(reverse("intake:queue")).content.decode()
    assert page.index(urgent.number) < page.index(ordinary.number)
    assert CANARY not in page
    assert not Entry.objects.filter(position__gt=before, operation="read").exists()
    assert Holding.objects.filter(read__isnull=True).count() == 2


def test_opening_is_told_and_makes_it_read(triager: Member) -> None:
    report = make_report()
    page = client_of(triager).get(reverse("intake:item", args=[report.pk]))
    assert CANARY in page.content.decode()
    assert Entry.objects.filter(
        actor=triager.actor.name, operation="read", record=str(report.pk), act="report.open"
    ).exists()
    report.refresh_from_db()
    assert report.status == Status.OPEN
    assert report.holdings.get().read is not None


def test_walls_between_agencies(triager: Member) -> None:
    report = make_report()
    _, other = agency_with(Role.SUPERVISOR, AgencyKind.LAW_ENFORCEMENT)
    for name in ("item", "note", "label", "route", "close"):
        url = reverse(f"intake:{name}", args=[report.pk])
        asked = client_of(other).get(url) if name == "item" else client_of(other).post(url)
        assert asked.status_code == 404, name
    assert report.number not in client_of(other).get(reverse("intake:queue")).content.decode()
    investigator = make_member(Role.INVESTIGATOR, triager.agency)
    item = reverse("intake:item", args=[report.pk])
    assert client_of(investigator).get(item).status_code == 404
    post(triager, "assign", report, to=investigator.pk)
    assert client_of(investigator).get(item).status_code == 200
    administrator = make_member(Role.ADMINISTRATOR, triager.agency)
    assert client_of(administrator).get(item).status_code == 403


def test_notes_stay_within_the_agency_that_wrote_them(triager: Member) -> None:
    report = make_report()
    child, worker = agency_with(Role.SUPERVISOR, AgencyKind.CHILD_PROTECTION)
    post(triager, "route", report, agencies=[child.pk], purpose=Purpose.PROTECT)
    post(triager, "note", report, text="ours-alone")
    post(worker, "note", report, text="theirs-alone")
    item = reverse("intake:item", args=[report.pk])
    own, theirs = (client_of(each).get(item).content.decode() for each in (triager, worker))
    assert "ours-alone" in own
    assert "ours-alone" not in theirs
    assert "theirs-alone" in theirs
    assert "theirs-alone" not in own


def test_a_report_is_assigned_within_the_agency_alone(triager: Member) -> None:
    report = make_report()
    stranger = make_member(Role.INVESTIGATOR)
    with pytest.raises(Refused), act(triager.actor, "report.assign"):
        triage.assign(triager, report, stranger)
    assert post(triager, "assign", report, to=stranger.pk).status_code == 400
    assert report.holdings.get().assigned is None


def test_who_left_is_shown_at_what_was_theirs(triager: Member) -> None:
    report = make_report()
    leaver = make_member(Role.INVESTIGATOR, triager.agency)
    post(triager, "assign", report, to=leaver.pk)
    with act(TESTER, "test.leave"):
        Member.objects.filter(pk=leaver.pk).update(until=timezone.now())
    assert "has left" in client_of(triager).get(reverse("intake:queue")).content.decode()


# -- who was told ----------------------------------------------------------------------------------


def test_nobody_is_told_twice(triager: Member) -> None:
    report = make_report(told=("hotline",))
    child, worker = agency_with(Role.SUPERVISOR, AgencyKind.CHILD_PROTECTION)
    assert client_of(worker).get(reverse("intake:item", args=[report.pk])).status_code == 404
    first = post(triager, "route", report, agencies=[child.pk], purpose=Purpose.PROTECT)
    again = post(triager, "route", report, agencies=[child.pk], purpose=Purpose.KNOW)
    assert (first.status_code, again.status_code) == (302, 409)
    assert "already" in again.content.decode()
    assert client_of(worker).get(reverse("intake:item", args=[report.pk])).status_code == 200
    outside = {"place": "hsi", "method": "phone", "purpose": "investigate"}
    assert post(triager, "outside", report, **outside).status_code == 302
    assert post(triager, "outside", report, **{**outside, "method": "web"}).status_code == 409
    by_reporter = {"place": "hotline", "method": "phone", "purpose": "know"}
    assert post(triager, "outside", report, **by_reporter).status_code == 409
    for name, code in (("Polk County", 302), ("Rice County", 302), ("polk  county", 409)):
        told = {"place": "other", "name": name, "method": "phone", "purpose": "know"}
        assert post(triager, "outside", report, **told).status_code == code
    assert Telling.objects.count() == 5
    assert Entry.objects.filter(operation="refuse", act__in=["report.route", "report.tell"]).count()


def test_the_ledger_counts_for_linked_reports_too_and_the_link_can_be_undone(
    triager: Member,
) -> None:
    first, second = make_report(contacts="507-555-0142"), make_report(observed="507 555 0142")
    found = sameness.suggestions(triager, second)
    assert [each.report for each in found] == [first]
    child, _ = agency_with(Role.SUPERVISOR, AgencyKind.CHILD_PROTECTION)
    post(triager, "route", first, agencies=[child.pk], purpose=Purpose.PROTECT)
    assert post(triager, "link", second, number=first.number.lower()).status_code == 302
    routed = post(triager, "route", second, agencies=[child.pk], purpose=Purpose.PROTECT)
    assert routed.status_code == 409
    assert sameness.suggestions(triager, second) == []
    assert post(triager, "link", first, number=second.number).status_code == 409
    assert post(triager, "link", second, undo="yes").status_code == 302
    assert SameAs.objects.get().undone is not None
    routed = post(triager, "route", second, agencies=[child.pk], purpose=Purpose.PROTECT)
    assert routed.status_code == 302


def test_the_ledger_is_append_only_and_unique_in_the_database(triager: Member) -> None:
    report = make_report(told=("hsi",))
    told = Telling.objects.get()
    for change in (
        lambda: Telling.objects.filter(pk=told.pk).update(name="x"),
        told.delete,
        lambda: Telling.objects.create(
            report=report, place="hsi", name="x", purpose="know", method="phone", told=told.told
        ),
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), act(TESTER, "test.change"):
            change()
    assert Telling.objects.get().name == told.name


def test_an_agency_without_readers_cannot_be_given_a_report(triager: Member) -> None:
    report = make_report()
    nobody = make_agency(AgencyKind.PROVIDER)
    with pytest.raises(Refused), act(triager.actor, "report.route"):
        telling.route(triager, report, [nobody], Purpose.SERVICES)
    assert post(triager, "route", report, agencies=[nobody.pk], purpose="know").status_code == 400


def test_who_was_given_a_report_does_not_pass_it_on(triager: Member) -> None:
    report = make_report()
    child, worker = agency_with(Role.SUPERVISOR, AgencyKind.CHILD_PROTECTION)
    third, _ = agency_with(Role.SUPERVISOR, AgencyKind.LAW_ENFORCEMENT)
    post(triager, "route", report, agencies=[child.pk], purpose=Purpose.PROTECT)
    onward = post(worker, "route", report, agencies=[third.pk], purpose=Purpose.KNOW)
    assert onward.status_code == 409
    assert post(worker, "take", report, taken="taken").status_code == 302
    assert Holding.objects.get(agency=child).taken == "taken"


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        ({"observed": "write to a.b@mail.example"}, {"contacts": "A.B@mail.example"}, "e-mail"),
        ({"vehicles": "plate ABC-123"}, {"observed": "a car, placa abc 123"}, "plate"),
        (
            {"flight": "DL 1234", "flight_day": "2026-11-20"},
            {"flight": "dl01234", "flight_day": "2026-11-20"},
            "flight",
        ),
        (
            {"day": "2026-11-20", "town": "Mankato, MN"},
            {"day": "2026-11-20", "town": "Mankato, MN"},
            "town",
        ),
    ],
)
def test_what_may_be_the_same_is_suggested(
    triager: Member, one: dict[str, Any], other: dict[str, Any], why: str
) -> None:
    first, second = make_report(**one), make_report(**other)
    make_report(observed="nothing of the kind")
    found = sameness.suggestions(triager, first)
    assert [each.report for each in found] == [second]
    assert why in str(found[0].why[0])


# -- files, and who is told that something waits --------------------------------------------------


def picture() -> bytes:
    """A picture with the place where it was taken in it."""
    image, hidden = io.BytesIO(), Image.Exif()
    hidden[0x010E] = "canary-in-the-picture"
    Image.new("RGB", (8, 8)).save(image, "JPEG", exif=hidden)
    return image.getvalue()


def test_files_are_kept_as_evidence_and_shared_as_cleaned_copies(
    triager: Member, django_capture_on_commit_callbacks: Any
) -> None:
    client = Client()
    page = client.get("/reports/").content.decode()
    form = page.split('name="form" value="')[1].split('"')[0]
    content = picture()
    assert b"canary-in-the-picture" in content
    for _ in range(2):
        sent = [SimpleUploadedFile("a b.jpg", content), SimpleUploadedFile("note.txt", b"a note")]
        told = {"form": form, "danger": "no", "observed": CANARY, "attached": sent}
        assert client.post("/reports/", told).status_code == 200
    report = Report.objects.get()
    jpeg, text = files_of(report)
    pages = {each: reverse(f"intake:{each}", args=[report.pk, jpeg.pk]) for each in
             ("copy", "original")}  # fmt: skip
    original = client_of(triager).get(pages["original"])
    assert original.content == content
    assert original.headers["Content-Disposition"].startswith("attachment")
    assert b"canary-in-the-picture" not in client_of(triager).get(pages["copy"]).content
    no_copy = reverse("intake:copy", args=[report.pk, text.pk])
    assert client_of(triager).get(no_copy).status_code == 404
    navigator = make_member(Role.ANALYST, triager.agency)
    assert client_of(navigator).get(pages["original"]).status_code == 403
    other = make_report()
    foreign = reverse("intake:copy", args=[other.pk, jpeg.pk])
    assert client_of(triager).get(foreign).status_code == 404
    read = set(Entry.objects.filter(kind="vault.storedfile").values_list("act", "operation"))
    assert {("report.evidence", "read"), ("report.file", "read")} <= read
    client_of(triager).get(reverse("intake:item", args=[report.pk]))
    ended(report, Outcome.UNFOUNDED, 91)
    places = [place_of(jpeg.pk, "original"), place_of(jpeg.pk, "cleaned")]
    assert all(each.exists() for each in places)
    with django_capture_on_commit_callbacks(execute=True):
        assert clock.erase_ended() == 1
    assert not files_of(report).exists()
    assert not any(each.exists() for each in places)
    assert Erasure.objects.get().files == 2


def test_too_many_and_empty_files_are_said_and_nothing_is_sent() -> None:
    client = Client()
    page = client.get("/reports/").content.decode()
    form = page.split('name="form" value="')[1].split('"')[0]
    for sent in ([SimpleUploadedFile("a.txt", b"a")] * 11, [SimpleUploadedFile("b.txt", b"")]):
        told = {"form": form, "danger": "no", "observed": CANARY, "attached": sent}
        assert client.post("/reports/", told).status_code == 400
    large = [SimpleUploadedFile(f"{each}.txt", b"a" * (LARGEST // 2 + 1)) for each in range(2)]
    told = {"form": form, "danger": "no", "observed": CANARY, "attached": large}
    answer = client.post("/reports/", told)
    assert answer.status_code == 400
    assert "25 MB" in answer.content.decode()
    assert Report.objects.count() == 0


def test_who_must_read_is_told_by_mail_that_something_waits(triager: Member) -> None:
    report = make_report()
    child, worker = agency_with(Role.SUPERVISOR, AgencyKind.CHILD_PROTECTION)
    told = {(each.member, each.kind) for each in Notice.objects.all()}
    assert told == {(triager, "report")}
    post(triager, "route", report, agencies=[child.pk], purpose=Purpose.PROTECT)
    backdate(report, days=3)
    assert clock.escalate() == 2
    told = {(each.member, each.kind) for each in Notice.objects.exclude(member=triager)}
    assert told == {(worker, "report"), (worker, "late_report")}


def test_what_was_assigned_to_who_leaves_goes_to_the_successor(triager: Member) -> None:
    report = make_report()
    old, new = (make_member(Role.INVESTIGATOR, triager.agency) for _ in range(2))
    post(triager, "assign", report, to=old.pk)
    assert [number for _, number in assigned.waiting_with(old)] == [1]
    with act(TESTER, "test.leave"):
        assert assigned.reassign_all(old, new) == 1
    assert report.holdings.get().assigned == new


# -- by the clock ----------------------------------------------------------------------------------


def test_unread_reports_escalate_after_their_time_and_again_each_day(triager: Member) -> None:
    calm, urgent = make_report(), make_report(danger="now")
    assert clock.escalate() == 0
    backdate(urgent, hours=1)
    assert clock.escalate() == 1
    assert clock.escalate() == 0
    # The site was down for ten days: told once at the start, not ten times.
    for each in (calm, urgent):
        backdate(each, days=10)
    with act(TESTER, "test.time"):
        urgent.holdings.update(escalated=timezone.now() - timedelta(days=9))
    assert clock.escalate() == 2
    assert clock.escalate() == 0
    assert urgent.holdings.get().escalations == 2
    client_of(triager).get(reverse("intake:item", args=[urgent.pk]))
    with act(TESTER, "test.time"):
        Holding.objects.update(escalated=timezone.now() - timedelta(days=2))
    assert clock.escalate() == 1, "what was read is not told again"
    late = [each.late for each in waiting.waits_for(triager)]
    assert late == [1]


def test_who_was_given_a_report_must_read_it_too(triager: Member) -> None:
    report = make_report()
    client_of(triager).get(reverse("intake:item", args=[report.pk]))
    child, worker = agency_with(Role.SUPERVISOR, AgencyKind.CHILD_PROTECTION)
    post(triager, "route", report, agencies=[child.pk], purpose=Purpose.PROTECT)
    assert post(triager, "close", report, outcome=Outcome.ACTED).status_code == 409
    with act(TESTER, "test.time"):
        Holding.objects.filter(agency=child).update(since=timezone.now() - timedelta(days=2))
    assert clock.escalate() == 1
    assert clock.supervisors(child.pk) == [worker]
    client_of(worker).get(reverse("intake:item", args=[report.pk]))
    assert post(triager, "close", report, outcome=Outcome.ACTED).status_code == 302


def ended(report: Report, outcome: str, days: float) -> None:
    with act(TESTER, "test.time"):
        Report.objects.filter(pk=report.pk).update(
            status=Status.CLOSED, outcome=outcome, ended=timezone.now() - timedelta(days=days)
        )


def test_retention_erases_what_ended_long_ago_and_nothing_unread_or_held(triager: Member) -> None:
    read, unread, held, young = (make_report(observed="507-555-0142") for _ in range(4))
    for each in (read, held, young):
        client_of(triager).get(reverse("intake:item", args=[each.pk]))
    post(triager, "note", read, text=CANARY)
    for each in (read, unread, held):
        ended(each, Outcome.UNFOUNDED, 91)
    ended(young, Outcome.UNFOUNDED, 89)
    supervisor = make_member(Role.SUPERVISOR, triager.agency)
    assert post(triager, "hold", held, held="yes").status_code == 403
    assert post(supervisor, "hold", held, held="yes").status_code == 302
    assert clock.erase_ended() == 1
    assert clock.erase_ended() == 0
    read.refresh_from_db()
    assert read.erased is not None
    assert read.danger == "no", "codes stay for figures"
    with act(TESTER, "test.read"):
        assert set(read.take().values()) == {None}
        assert unread.take("observed")["observed"]
    assert not Term.objects.filter(record=read.pk).exists()
    assert not Note.objects.filter(report=read).exists()
    assert not Message.objects.filter(report=read).exists()
    log = Erasure.objects.get()
    assert (log.number, log.outcome, log.days) == (read.number, "unfounded", 90)
    post(supervisor, "hold", held, held="no")
    assert clock.erase_ended() == 1
    assert client_of(triager).get(reverse("intake:item", args=[read.pk])).status_code == 200


# -- entering, searching, contacts -----------------------------------------------------------------


def test_staff_enter_a_report_that_came_by_telephone_once(triager: Member) -> None:
    client = client_of(triager)
    page = client.get(reverse("intake:enter")).content.decode()
    carried = page.split('name="form" value="')[1].split('"')[0]
    told = {"form": carried, "channel": "phone", "danger": "soon", "observed": CANARY}
    for _ in range(2):
        assert client.post(reverse("intake:enter"), told).status_code == 200
    report = Report.objects.get()
    assert report.channel == "phone"
    created = Entry.objects.get(kind="intake.report", operation="create")
    assert created.actor == triager.actor.name
    future = {**told, "received": "2999-01-01T00:00"}
    assert client.post(reverse("intake:enter"), future).status_code == 400


def test_the_search_finds_by_number_phone_and_plate_what_one_may_see(triager: Member) -> None:
    report = make_report(observed="They wrote 507-555-0142 on it, plate XYZ 987.")
    make_report()
    for words in (report.number.lower(), "(507) 555-0142", "xyz987"):
        assert [each.title for each in waiting.search(triager, words)] == [report.number], words
    _, other = agency_with(Role.TRIAGE, AgencyKind.LAW_ENFORCEMENT)
    assert waiting.search(other, "507-555-0142") == []


def test_pages_take_few_queries(triager: Member, django_assert_max_num_queries: Any) -> None:
    for _ in range(30):
        report = make_report(contacts="507-555-0142")
    client = client_of(triager)
    with django_assert_max_num_queries(20):
        page = client.get(reverse("intake:queue"))
    assert len(page.content) < 200_000
    client.get(reverse("intake:item", args=[report.pk]))
    with django_assert_max_num_queries(40):  # with those by which the reading is told
        client.get(reverse("intake:item", args=[report.pk]))


def test_contacts_are_dated_and_sourced_and_changed_by_who_runs_the_site() -> None:
    page = Client().get(reverse("intake:numbers")).content.decode()
    for each in contacts.shipped():
        assert each.number in page
        assert each.source in page
    assert "1-866-347-2423" in page, "a conflict of sources is shown"
    unverified = [each.key for each in contacts.unverified()]
    assert page.count("Not verified") == len(unverified) == 2
    change = {"number": "1-800-555-0100", "source": "a letter", "seen": "2026-11-01"}
    url = reverse("intake:change_contact", args=["hsi"])
    foreign = make_member(Role.ADMINISTRATOR, make_agency(AgencyKind.AIRLINE))
    assert client_of(foreign).post(url, change).status_code == 403
    own = make_member(Role.ADMINISTRATOR, make_agency(AgencyKind.SITE))
    assert client_of(own).post(url, {**change, "number": "call"}).status_code == 400
    assert client_of(own).post(url, change).status_code == 302
    page = Client().get(reverse("intake:numbers")).content.decode()
    assert "1-800-555-0100" in page
    assert "a letter" in page
    assert ContactChange.objects.count() == 1
    url = reverse("intake:change_contact", args=["day_one"])
    assert client_of(own).post(url, change).status_code == 302
    assert [each.key for each in contacts.unverified()] == ["hotline"], "looked up by now"
    assert client_of(own).get(reverse("intake:change_contact", args=["no"])).status_code == 404
