"""Two agencies that look at the same learn whom to call, and nothing else; others learn nothing."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from django.core import mail
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from harborlight.web.accounts import people as leaving
from harborlight.web.accounts.models import Member
from harborlight.web.accounts.roles import AgencyKind, Role
from harborlight.web.audit.acts import Refused, act
from harborlight.web.audit.models import Entry
from harborlight.web.crypto import blind
from harborlight.web.crypto.current import keys
from harborlight.web.frame.jobs import jobs
from harborlight.web.notices.models import Notice
from harborlight.web.notices.telling import send_due
from harborlight.web.operations import looking
from harborlight.web.operations.interests import Contact, Interest, Overlap, Sort
from harborlight.web.running import worker
from people import TESTER, client_of, make_agency, make_member

pytestmark = pytest.mark.django_db
PHONE, OTHER_PHONE = "507-555-0142", "507-555-0177"
NOTE = "note-c41d"
#: The same written otherwise, and something else of the same length.
SAME = {
    Sort.PHONE: ({"value": PHONE}, {"value": "+1 (507) 555.0142"}, {"value": OTHER_PHONE}),
    Sort.PLACE: (
        {"value": "12 Elm St.", "town": "New Ulm, MN"},
        {"value": "12 elm st", "town": "new ulm mn"},
        {"value": "14 Elm St.", "town": "New Ulm, MN"},
    ),
    Sort.ORGANIZATION: (
        {"value": "@Night.Heron"},
        {"value": " night.héron"},
        {"value": "@Night.Stork"},
    ),
}


@dataclass
class Side:
    """An agency: who registers, its contact, and a supervisor."""

    analyst: Member
    contact: Member
    supervisor: Member

    def look(self, sort: Sort, value: str, town: str = "", note: str = "") -> Interest:
        with act(self.analyst.actor, "interest.register"):
            return looking.register(self.analyst, sort, value, town=town, note=note)


def side(name: str, *, contact: bool = True) -> Side:
    agency = make_agency(AgencyKind.LAW_ENFORCEMENT, name=name)
    made = Side(
        make_member(Role.ANALYST, agency),
        make_member(Role.INVESTIGATOR, agency),
        make_member(Role.SUPERVISOR, agency),
    )
    for role in ("analyst", "contact", "supervisor"):
        user = getattr(made, role).user
        user.name = f"{role} of {name}"
        user.save()
    if contact:
        with act(made.supervisor.actor, "interest.name_contact"):
            looking.name_contact(made.supervisor, made.contact, "507-555-0100")
    return made


@pytest.fixture
def ours() -> Side:
    return side("Made-up Ours")


@pytest.fixture
def theirs() -> Side:
    return side("Made-up Theirs")


def calls(member: Member) -> list[str]:
    """What the page tells this member to call."""
    page = client_of(member).get("/operations/interests/").content.decode()
    return re.findall(r"Call ([^<]+)\.</p>", page)


# -- who is told -------------------------------------------------------------------------------


@pytest.mark.parametrize("sort", list(Sort))
def test_the_contacts_of_both_are_told_whom_to_call(ours: Side, theirs: Side, sort: Sort) -> None:
    written, otherwise, other = SAME[sort]
    ours.look(sort, **written)
    theirs.look(sort, **other)
    looking.compare()
    assert Overlap.objects.count() == 0
    assert Notice.objects.filter(kind="deconfliction").count() == 0
    theirs.look(sort, **otherwise)
    looking.compare()
    assert calls(ours.contact) == ["Made-up Theirs, contact of Made-up Theirs, 507-555-0100"]
    assert calls(theirs.contact) == ["Made-up Ours, contact of Made-up Ours, 507-555-0100"]
    for nobody in (ours.analyst, ours.supervisor, theirs.analyst, theirs.supervisor):
        assert calls(nobody) == []
    told = Notice.objects.filter(kind="deconfliction").values_list("member", flat=True)
    assert set(told) == {ours.contact.pk, theirs.contact.pk}


def test_a_kind_never_matches_another(ours: Side, theirs: Side) -> None:
    ours.look(Sort.PHONE, PHONE)
    theirs.look(Sort.ORGANIZATION, "+15075550142")
    looking.compare()
    assert Overlap.objects.count() == 0


def test_an_agency_never_matches_itself(ours: Side) -> None:
    ours.look(Sort.PHONE, PHONE)
    with pytest.raises(Refused, match="already"):
        ours.look(Sort.PHONE, "(507) 555-0142")
    looking.compare()
    assert calls(ours.contact) == []


@pytest.mark.parametrize("who", ["ours", "theirs"])
def test_what_was_withdrawn_matches_no_more(ours: Side, theirs: Side, who: str) -> None:
    first = ours.look(Sort.PHONE, PHONE)
    if who == "ours":
        looking.compare()  # withdrawn after the job saw it
    else:
        pass  # and before
    with act(TESTER, "interest.withdraw"):
        looking.withdraw(first)
    theirs.look(Sort.PHONE, PHONE)
    looking.compare()
    assert Overlap.objects.count() == 0
    again = ours.look(Sort.PHONE, PHONE)
    looking.compare()
    assert again.pk != first.pk
    assert len(calls(ours.contact)) == len(calls(theirs.contact)) == 1


def test_it_is_told_once_and_of_how_many_is_not_told(ours: Side, theirs: Side) -> None:
    ours.look(Sort.PHONE, PHONE)
    for _each in range(3):  # registered, withdrawn and registered again
        their = theirs.look(Sort.PHONE, PHONE)
        looking.compare()
        looking.compare()
        with act(TESTER, "interest.withdraw"):
            looking.withdraw(their)
    assert len(calls(ours.contact)) == 1
    third = side("Made-up Third")
    third.look(Sort.PHONE, PHONE)
    looking.compare()
    assert sorted(each.split(",")[0] for each in calls(ours.contact)) == [
        "Made-up Theirs",
        "Made-up Third",
    ]


def test_nobody_is_told_before_both_have_a_contact(ours: Side, theirs: Side) -> None:
    ours.look(Sort.PHONE, PHONE)
    theirs.look(Sort.PHONE, PHONE)
    with act(TESTER, "member.end"):
        leaving.end(theirs.contact, None)
    looking.compare()
    assert calls(ours.contact) == []
    assert Notice.objects.filter(kind="deconfliction").count() == 0
    with act(TESTER, "interest.name_contact"):
        looking.name_contact(theirs.supervisor, theirs.analyst, "507-555-0101")
    looking.compare()
    assert calls(ours.contact) == ["Made-up Theirs, analyst of Made-up Theirs, 507-555-0101"]
    assert len(calls(theirs.analyst)) == 1


def test_without_a_contact_nothing_is_registered() -> None:
    alone = side("Made-up Alone", contact=False)
    answer = client_of(alone.analyst).post(
        "/operations/interests/new/", {"sort": "phone", "value": PHONE}
    )
    assert answer.status_code == 409
    assert Interest.objects.count() == 0


def test_who_called_says_so_and_the_other_agency_still_sees_its_own(
    ours: Side, theirs: Side
) -> None:
    ours.look(Sort.PHONE, PHONE)
    theirs.look(Sort.PHONE, PHONE)
    looking.compare()
    mine = Overlap.objects.get(to=ours.contact)
    for nobody in (ours.supervisor, theirs.contact, ours.analyst):
        answer = client_of(nobody).post(f"/operations/overlaps/{mine.pk}/know/")
        assert answer.status_code == 404
    assert client_of(ours.contact).post(f"/operations/overlaps/{mine.pk}/know/").status_code == 302
    assert calls(ours.contact) == []
    assert len(calls(theirs.contact)) == 1


# -- what is learned beyond --------------------------------------------------------------------


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def plain(text: str) -> str:
    """Without what differs between any two requests: tokens and keys."""
    text = re.sub(r'(csrfmiddlewaretoken" value=")[^"]+', r"\1", text)
    text = re.sub(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "UUID", text)
    return re.sub(r"\bI-[0-9a-f]{8}", "I-KEY", text)


def statement(sql: str) -> str:
    """A statement without its values."""
    sql = re.sub(r"X?'(?:[^']|'')*'(?:::\w+)?", "?", sql)
    return re.sub(r"\b\d+\b|_x\d+|\bs\d+_x\d+", "?", re.sub(r'"s\d+_x\d+"', "?", sql))


@dataclass
class Seen:
    """All that somebody of an agency can see of a request and of what follows."""

    statements: list[str]
    status: list[int]
    headers: list[dict[str, str]]
    pages: list[str]
    sizes: list[int]
    audit: list[tuple[Any, ...]]
    logs: list[tuple[str, str, str]]


def observe(
    ours: Side, sort: Sort, written: dict[str, str], caplog: pytest.LogCaptureFixture
) -> Seen:
    """Register by the page; run the jobs; look at each page as everybody but the contact."""
    analyst, supervisor = client_of(ours.analyst), client_of(ours.supervisor)
    start = Entry.objects.count()
    told = {"sort": sort.value, "note": NOTE, "town": "", **written}
    caplog.clear()
    with CaptureQueriesContext(connection) as asked:
        answers = [analyst.post("/operations/interests/new/", told)]
        answers.append(analyst.get(answers[0]["Location"]))
    statements = [statement(each["sql"]) for each in asked]
    caplog.clear()
    with caplog.at_level(logging.DEBUG):
        for job in jobs():
            if job.name == "operations.compare":
                worker.run_one(job)
    with CaptureQueriesContext(connection) as asked:
        for client in (analyst, supervisor):
            for path in ("/operations/interests/", "/operations/", "/"):
                answers.append(client.get(path, follow=True))
    statements += [statement(each["sql"]) for each in asked]
    own = Entry.objects.filter(position__gt=start, agency=str(ours.analyst.agency_id))
    return Seen(
        statements,
        [each.status_code for each in answers],
        [{name: plain(value) for name, value in each.headers.items()} for each in answers],
        [plain(each.content.decode()) for each in answers],
        [len(each.content) for each in answers],
        [(each.act, each.operation, each.kind, each.why, str(each.details)) for each in own],
        [
            (each.name, each.levelname, each.getMessage())
            for each in caplog.records
            if not each.name.startswith("django.db")
        ],
    )


@pytest.mark.parametrize("sort", list(Sort))
def test_who_registers_sees_the_same_whether_another_agency_looks_or_not(
    ours: Side, theirs: Side, sort: Sort, caplog: pytest.LogCaptureFixture
) -> None:
    written, otherwise, other = SAME[sort]
    seen = {}
    for name, their in (("overlapping", otherwise), ("not", other)):
        with undone():
            theirs.look(sort, **their, note=NOTE)
            looking.compare()
            seen[name] = observe(ours, sort, written, caplog)
            assert Overlap.objects.count() == (2 if name == "overlapping" else 0)
    one, none = seen["overlapping"], seen["not"]
    assert one.status[0] == 302
    assert one.statements
    assert len(one.statements) == len(none.statements)
    assert one == none


def test_what_the_contact_sees_holds_nothing_of_the_others_record(ours: Side, theirs: Side) -> None:
    mine = ours.look(Sort.PHONE, PHONE)
    their = theirs.look(Sort.PHONE, PHONE, note=NOTE)
    looking.compare()
    client = client_of(ours.contact)
    pages = [
        client.get(path, follow=True).content.decode()
        for path in ("/operations/interests/", "/", "/operations/")
    ]
    # The contact sees whom to call, though not all of the agency's interests.
    assert "Made-up Theirs" in pages[0]
    assert f"I-{str(mine.pk)[:8]}" in pages[0]
    for page in pages:
        for secret in (
            str(their.pk)[:8], NOTE, theirs.analyst.user.name, theirs.analyst.user.email,
            theirs.supervisor.user.name, "555-0142", "5550142", theirs.contact.user.email,
        ):  # fmt: skip
            assert secret not in page
    for each in (ours.contact, ours.supervisor, ours.analyst):
        answer = client_of(each).get(f"/operations/interests/{their.pk}/withdraw/")
        assert answer.status_code == 404


def test_the_mail_names_no_agency_and_no_thing(ours: Side, theirs: Side) -> None:
    ours.look(Sort.PHONE, PHONE)
    theirs.look(Sort.PHONE, PHONE)
    looking.compare()
    mail.outbox.clear()
    send_due()
    told = [each for each in mail.outbox if "call to another agency" in str(each.body)]
    assert {each.to[0] for each in told} == {ours.contact.user.email, theirs.contact.user.email}
    for each in told:
        text = f"{each.subject} {each.body}"
        for secret in ("Ours", "Theirs", "507", "phone", "contact of"):
            assert secret not in text


def test_the_audit_of_one_agency_names_no_record_of_the_other(ours: Side, theirs: Side) -> None:
    ours.look(Sort.PHONE, PHONE)
    theirs.look(Sort.PHONE, PHONE)
    looking.compare()
    for one, other in ((ours, theirs), (theirs, ours)):
        kept = Entry.objects.filter(agency=str(one.analyst.agency_id))
        others = {str(each.pk) for each in Interest.objects.filter(agency=other.analyst.agency)}
        others |= {str(each.pk) for each in Overlap.objects.all()}
        rows = kept.filter(kind__startswith="operations.")
        assert rows.count() > 0
        assert not rows.filter(record__in=others, kind="operations.interest").exists()
        assert not rows.filter(kind="operations.overlap").exists()
    # What the job did is the site's own, and says of each interest the same.
    jobs_own = Entry.objects.filter(act="interest.compare")
    assert set(jobs_own.values_list("actor", "agency", "why")) == {("system", "", "")}


def test_no_table_holds_what_is_looked_at(ours: Side, theirs: Side) -> None:
    for each, (written, otherwise, _other) in SAME.items():
        ours.look(each, **written, note=NOTE)
        theirs.look(each, **otherwise)
    looking.compare()
    words = [b"5550142", b"555-0142", b"night.heron", b"elm", NOTE.encode(), b"New Ulm"]
    with connection.cursor() as cursor:
        tables = [each for each in connection.introspection.table_names() if each.startswith(
            ("operations_", "audit_entry", "vault_", "notices_")
        )]  # fmt: skip
        assert len(tables) > 10
        for table in tables:
            cursor.execute(f"SELECT * FROM {table}")  # noqa: S608
            for value in (value for row in cursor.fetchall() for value in row):
                raw = bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
                for word in words:
                    assert word.lower() not in raw.lower(), table


# -- the digest --------------------------------------------------------------------------------


def test_a_digest_of_this_use_is_none_of_the_search(ours: Side) -> None:
    digest = bytes(ours.look(Sort.PHONE, PHONE).digest)
    assert len(digest) == 32
    for value in (PHONE, "+15075550142", looking.canonical(Sort.PHONE, PHONE)):
        assert digest != blind.blind(keys(), "phone", value)


@given(digits=st.integers(0, 99), form=st.sampled_from(
    ["507-555-01{:02d}", "(507) 555-01{:02d}", "+1 507 555 01{:02d}", "1.507.555.01{:02d}",
     "50755501{:02d}", " 507 555\u00a001{:02d} "]))  # fmt: skip
def test_every_way_to_write_a_phone_is_the_same(digits: int, form: str) -> None:
    assert looking.canonical(Sort.PHONE, form.format(digits)) == f"+150755501{digits:02d}"


@given(name=st.text(st.characters(categories=("Lu", "Ll", "Nd")), min_size=1, max_size=20))
def test_case_width_and_a_leading_sign_do_not_matter(name: str) -> None:
    told = looking.canonical(Sort.ORGANIZATION, name)
    for other in (f"@{name}", f"  {name} ", name.casefold(), told):
        assert looking.canonical(Sort.ORGANIZATION, other) == told


@pytest.mark.parametrize(
    ("sort", "value", "town"),
    [
        ("phone", "no number", ""),
        ("phone", "911", ""),
        ("phone", "", ""),
        ("place", "12 Elm St", "Nowhereville"),
        ("place", "12 Elm St", ""),
        ("organization", " @ ", ""),
        ("organization", "", ""),
    ],
)
def test_what_is_none_is_said_to_be_none(ours: Side, sort: str, value: str, town: str) -> None:
    with pytest.raises(looking.Unreadable):
        looking.canonical(sort, value, town)
    answer = client_of(ours.analyst).post(
        "/operations/interests/new/", {"sort": sort, "value": value, "town": town}
    )
    assert answer.status_code == 422
    assert Interest.objects.count() == 0
    assert Contact.objects.count() == 1
