"""A person's record goes everywhere, the audit stays whole, and a count stays of nobody."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone

from harborlight.web.accounts.models import Member
from harborlight.web.accounts.roles import AgencyKind, Role
from harborlight.web.audit.acts import Refused, act
from harborlight.web.audit.verify import verify
from harborlight.web.cases.persons import Involvement, Part, Person
from harborlight.web.crypto import blind
from harborlight.web.crypto.current import keys
from harborlight.web.fund.from_sentence import take_in
from harborlight.web.fund.models import Order
from harborlight.web.home import home
from harborlight.web.intake.models import Report
from harborlight.web.operations import looking
from harborlight.web.operations.interests import Interest, Overlap, Sort
from harborlight.web.prosecution.models import Arrest, Charge, Disposition, Sentence
from harborlight.web.protection.models import Consent
from harborlight.web.records import expunging, holding, naming
from harborlight.web.records.expunging import Chosen
from harborlight.web.records.models import Basis, Request, Tally, What
from harborlight.web.records.parts import Record
from harborlight.web.vault.files import StoredFile
from harborlight.web.vault.models import Term
from harborlight.web.vault.rewrap import sealed_models
from objects import make
from people import TESTER, client_of, make_agency, make_member
from records_world import CANARIES, PHONE, World, build

pytestmark = pytest.mark.django_db


def told_by_every_row() -> dict[str, str]:
    """All that is sealed in the site, opened, and every file: by model and key."""
    found = {}
    with act(TESTER, "test.open"):
        for model in sealed_models():
            for row in model._default_manager.all():
                text = json.dumps(row.take(), ensure_ascii=False)
                if isinstance(row, StoredFile):
                    text += row.original().decode("utf-8", "replace")
                found[f"{model._meta.label} {row.pk}"] = text
    return found


def cells(but: set[str]) -> list[tuple[str, str]]:
    """Every cell of every table, as text, with its table."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table in but:
                continue
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608
            for row in cursor.fetchall():
                found += [
                    (
                        table,
                        bytes(v).decode("latin-1") if isinstance(v, memoryview | bytes) else str(v),
                    )
                    for v in row
                ]
    return found


def named() -> list[str]:
    """Where a canary stands that is of the person: in what is sealed, open, or a file."""
    there = [
        where
        for where, text in told_by_every_row().items()
        if any(each.lower() in text.lower() for each in CANARIES)
        or any(each in text for each in ("555-0177", "555 0177", "555.0177"))
    ]
    there += [table for table, cell in cells(set()) if any(each in cell for each in CANARIES)]
    return there


def terms_of(phone: str) -> int:
    return Term.objects.filter(digest=blind.blind(keys(), "phone", phone)).count()


def ask(world: World, **more: Any) -> Request:
    given = {"what": What.PERSON, "basis": Basis.ASKED, "why": "They ask for it.", **more}
    with act(world.worker.actor, "expungement.ask"):
        return expunging.ask(world.person, member=world.worker, **given)


def carry(request: Request, member: Member, chosen: Chosen | None = None) -> None:
    with act(member.actor, "expungement.carry_out"):
        expunging.carry_out(request, chosen or Chosen(), member)


def test_nothing_of_the_person_stays_and_others_keep_theirs() -> None:
    world = build()
    key = world.person.pk
    before = named()
    models_before = {each.partition(" ")[0] for each in before}
    assert {
        "protection.Consent",
        "protection.Clock",
        "exchange.Sending",
        "cases.Transfer",
        "operations.Interest",
    } <= models_before, "the canaries can be found"
    assert len(before) > 15
    assert terms_of(PHONE) == 2, "of the person and of the report"
    files = {each.name for each in home().files.rglob("*.original")}
    request = ask(world)
    carry(request, world.supervisor, Chosen(files=[world.shared_file.pk]))

    assert named() == []
    assert terms_of(PHONE) == 0
    digits, hexed = str(key), key.hex
    there = {table for table, cell in cells({"audit_entry"}) if digits in cell or hexed in cell}
    assert there == set(), "the key itself stays in the audit alone"
    with act(TESTER, "test.open"):
        assert world.other.take("prs_FirstName")["prs_FirstName"] == "Opossumina"
        world.other.refresh_from_db()
        assert world.other.take("safety")["safety"] == f"She trusts {naming.GONE}."
    texts = " ".join(told_by_every_row().values())
    for stays in (
        "canary-of-other",
        "canary-of-other-file",
        "canary-report-rest",
        "canary-note-rest",
    ):
        assert stays in texts, stays
    assert f"Spoke with {naming.GONE} {naming.GONE}. canary-rest" in texts
    assert f"{naming.GONE} moved. canary-rest" in texts
    assert f"Not of {naming.GONE}. canary-rest" in texts
    assert world.alone.notes.count() == 0
    assert world.shared.notes.count() == 2
    year = timezone.localdate().year
    assert [(each.year, each.state, each.kind, each.number) for each in Tally.objects.all()] == [
        (year, "MN", "person", 1)
    ]
    assert not Request.objects.exists()
    assert verify().faults == ()
    assert {each.name for each in home().files.rglob("*.original")} <= files


def test_that_the_agency_looks_at_them_goes_and_what_others_look_at_stays() -> None:
    """A digest would say of a number that is tried whether it was this one."""
    world = build()
    assert looking.compare() == 4
    mine = Interest.objects.filter(agency=world.worker.agency)
    others = Interest.objects.exclude(agency=world.worker.agency)
    same = Interest.objects.filter(digest=looking.digest_of(Sort.PHONE, PHONE))
    assert (mine.count(), others.count(), same.count()) == (3, 1, 2)
    assert Overlap.objects.filter(interest__in=mine).count() == 1
    carry(ask(world), world.supervisor)
    (left,) = mine
    assert bytes(left.digest) == looking.digest_of(Sort.PHONE, "507-555-0188")
    assert same.get() == others.get()
    assert not Overlap.objects.filter(interest__in=mine).exists()
    with act(TESTER, "test.setup"):
        Overlap.objects.all().delete()
        Interest.objects.update(compared_at=None)
    looking.compare()
    assert not Overlap.objects.exists(), "it matches nobody any more"


def test_the_files_themselves_go(django_capture_on_commit_callbacks: Any) -> None:
    world = build()
    with act(TESTER, "test.open"):
        mine = [
            each
            for each in StoredFile.objects.all()
            if each.original() in (b"canary-portrait", b"canary-in-a-file")
        ]
    assert len(mine) == 2
    with django_capture_on_commit_callbacks(execute=True):
        carry(ask(world), world.supervisor, Chosen(files=[world.shared_file.pk]))
    left = {each.name for each in home().files.rglob("*") if each.is_file()}
    assert not [each for each in left for file in mine if file.pk.hex in each]


def test_a_report_is_erased_whole_when_that_is_decided() -> None:
    world = build()
    carry(ask(world), world.supervisor, Chosen(reports=[world.report.pk]))
    report = Report.objects.get(pk=world.report.pk)
    assert report.erased is not None
    with act(TESTER, "test.open"):
        assert report.take("observed")["observed"] is None
    # The file that nobody ticked stays, without the name: whose it is, a human says.
    texts = " ".join(told_by_every_row().values())
    assert "canary-in-a-file" in texts
    assert "Zyzzyvason" not in texts


def test_two_people_are_needed() -> None:
    world = build()
    with act(world.supervisor.actor, "expungement.ask"):
        request = expunging.ask(
            world.person, What.PERSON, Basis.MISTAKE, "Entered twice", world.supervisor
        )
    with pytest.raises(Refused, match="Somebody else"):
        carry(request, world.supervisor)
    with pytest.raises(IntegrityError), transaction.atomic():
        models.QuerySet(Request).filter(pk=request.pk).update(carried_by=world.supervisor)
    stranger = make_member(Role.SUPERVISOR)
    with pytest.raises(Refused, match="another agency"):
        carry(request, stranger)
    assert Person.objects.filter(pk=world.person.pk).exists()


def test_a_legal_hold_stops_it_in_the_program_and_in_the_database() -> None:
    world = build()
    request = ask(world)
    today = timezone.localdate()
    with act(world.supervisor.actor, "legal_hold.place"):
        hold = holding.place(world.alone, "A court asks.", world.supervisor, since=today)
    with pytest.raises(Refused, match="A legal hold stands"):
        carry(request, world.supervisor, Chosen())
    for table in (
        "cases_note",
        "cases_event",
        "cases_task",
        "cases_involvement",
        "vault_storedfile",
    ):
        with (
            pytest.raises(IntegrityError, match="legal hold"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608
    with (
        pytest.raises(IntegrityError, match="legal hold"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("DELETE FROM records_legalhold")
    assert len(named()) > 15, "nothing went"
    with act(world.supervisor.actor, "legal_hold.release"):
        holding.release(hold, "The court is done.", world.supervisor)
    carry(request, world.supervisor, Chosen(files=[world.shared_file.pk]))
    assert named() == []


@pytest.mark.parametrize("days", [-1, 0])
def test_a_hold_holds_through_its_last_day(days: int) -> None:
    world = build()
    today = timezone.localdate()
    with act(world.supervisor.actor, "legal_hold.place"):
        hold = holding.place(
            world.person, "A court asks.", world.supervisor, since=today, until=today
        )
    models.QuerySet(type(hold)).filter(pk=hold.pk).update(until=today + timedelta(days=days))
    request = ask(world)
    if days < 0:
        carry(request, world.supervisor)
        assert not Person.objects.filter(pk=world.person.pk).exists()
    else:
        with pytest.raises(Refused, match="A legal hold stands"):
            carry(request, world.supervisor)


def convicted() -> tuple[Sentence, Member, Member]:
    """A sentence, who asks and who carries out, of the agency of the person."""
    prosecutor = make_member(Role.PROSECUTOR)
    sentence: Sentence = make(Sentence, prosecutor)
    worker = make_member(Role.SUPERVISOR, prosecutor.agency)
    return sentence, worker, make_member(Role.SUPERVISOR, prosecutor.agency)


def test_an_arrest_is_never_removed_without_a_court() -> None:
    sentence, asks, carries = convicted()
    person = sentence.arrest.person
    with act(asks.actor, "expungement.ask"):
        with pytest.raises(Refused, match="court’s order alone"):
            expunging.ask(person, What.CRIMINAL, Basis.ASKED, "Why", asks)
        with pytest.raises(Refused, match="which court"):
            expunging.ask(person, What.PERSON, Basis.COURT, "Why", asks)
        request = expunging.ask(person, What.PERSON, Basis.ASKED, "Why", asks)
    assert expunging.first(request, Record(person)) == [expunging.by_court()]
    with pytest.raises(Refused, match="court’s order alone"):
        carry(request, carries)
    for table in ("prosecution_disposition", "prosecution_charge", "prosecution_arrest"):
        with (
            pytest.raises(IntegrityError, match="court's order alone"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608
    assert Arrest.objects.filter(person=person).exists()


@pytest.mark.parametrize("what", [What.CRIMINAL, What.PERSON])
def test_a_court_order_removes_arrest_charge_conviction_and_sentence(what: What) -> None:
    sentence, asks, carries = convicted()
    clerk = make_member(Role.CLERK)
    person = sentence.arrest.person
    with act(TESTER, "test.setup"):
        person.put(prs_FirstName="Quokkabelle")
        person.save()
        sentence.court = clerk.agency
        sentence.save()
        order = take_in(sentence, "2026-7", clerk)
    day = timezone.localdate()
    with act(asks.actor, "expungement.ask"):
        request = expunging.ask(
            person, what, Basis.COURT, "Vacated", asks,
            ordered_on=day, court="District Court, Brown County", docket="canary-docket",
        )  # fmt: skip
    with pytest.raises(Refused, match="Money is owed on order 2026-7"):
        carry(request, carries)
    with act(TESTER, "test.setup"):
        from fund_world import pay

        pay(order, sum(each.cents for each in order.obligations.all()))
    carry(request, carries)
    for model in (Arrest, Charge, Disposition, Sentence):
        assert not model.objects.exists()
    assert Person.objects.filter(pk=person.pk).exists() is (what == What.CRIMINAL)
    order = Order.objects.get()
    with act(TESTER, "test.open"):
        assert order.take() == {"person": None, "docket": None}
    assert order.origin == ""
    assert not any("canary-docket" in text for text in told_by_every_row().values())
    kinds = {each.kind: each.number for each in Tally.objects.all()}
    wanted = {"arrest": 1, "charge": 1, "conviction": 1}
    assert kinds == (wanted if what == What.CRIMINAL else {**wanted, "person": 1})
    assert verify().faults == ()


def test_a_charge_that_goes_on_is_decided_first() -> None:
    owner = make_member(Role.SUPERVISOR, make_agency(AgencyKind.LAW_ENFORCEMENT))
    charge: Charge = make(Charge, owner)
    with act(owner.actor, "expungement.ask"):
        request = expunging.ask(
            charge.person, What.CRIMINAL, Basis.COURT, "Why", owner,
            ordered_on=timezone.localdate(), court="A court",
        )  # fmt: skip
    with pytest.raises(Refused, match="A charge goes on"):
        carry(request, make_member(Role.SUPERVISOR, owner.agency))


def test_a_part_as_arrested_is_no_way_around() -> None:
    """Also an arrest that stands as a part in a case alone needs a court."""
    owner = make_member(Role.SUPERVISOR, make_agency(AgencyKind.LAW_ENFORCEMENT))
    person: Person = make(Person, owner)
    with act(TESTER, "test.setup"):
        case = person.involvements.get().case
        Involvement(case=case, person=person, part=Part.ARRESTEE, allegation="selling").save()
    with act(owner.actor, "expungement.ask"):
        request = expunging.ask(person, What.PERSON, Basis.ASKED, "Why", owner)
    with pytest.raises(Refused, match="court’s order alone"):
        carry(request, make_member(Role.SUPERVISOR, owner.agency))


def test_consents_end_and_what_stands_on_them() -> None:
    world = build()
    assert Consent.objects.filter(withdrawn_at__isnull=True).count() == 1
    carry(ask(world), world.supervisor)
    assert not Consent.objects.exists()


#: What points at a person and is removed with them. Whoever adds a model that does, says here how
#: it goes, and adds it to `records.parts`.
REMOVED = {
    "cases.involvement", "cases.presence", "cases.relationship", "cases.sameperson",
    "protection.decision", "protection.clearance", "protection.protectionreferral",
    "protection.consent", "prosecution.arrest", "prosecution.charge", "prosecution.disposition",
    "records.legalhold", "records.request", "exchange.carried", "exchange.reject",
}  # fmt: skip


def test_every_model_that_points_at_a_person_is_known() -> None:
    pointing = {
        model._meta.label_lower
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey) and field.related_model is Person
    }
    assert pointing == REMOVED


def test_by_its_pages() -> None:
    world = build()
    asks, carries = client_of(world.worker), client_of(world.supervisor)
    page = asks.get(f"/records/person/{world.person.pk}/expunge/").content.decode()
    assert "Nothing is removed by asking" in page
    sent = {"what": "person", "basis": "asked", "why": "They ask for it."}
    assert asks.post(f"/records/person/{world.person.pk}/expunge/", sent).status_code == 302
    request = Request.objects.get()
    assert asks.get(f"/records/request/{request.pk}/").status_code == 403
    page = carries.get(f"/records/request/{request.pk}/").content.decode()
    assert "Remove it for good" in page
    assert str(world.shared) in page
    url = f"/records/request/{request.pk}/carry-out/"
    assert carries.post(url, {}).status_code == 422
    assert Person.objects.filter(pk=world.person.pk).exists()
    done = carries.post(url, {"sure": "on", "files": [str(world.shared_file.pk)]})
    assert done.status_code == 302
    assert named() == []
    page = carries.get("/records/").content.decode()
    assert "Removed" in page
    assert carries.get(f"/protection/person/{world.person.pk}/").status_code == 404
