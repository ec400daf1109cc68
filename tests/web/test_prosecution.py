"""Arrests, charges, how they ended, what is mandatory, and the way into the fund."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import AutoField
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from harborlight.law import ask, sections
from harborlight.web.accounts.roles import AgencyKind, Role
from harborlight.web.audit.acts import Refused, act
from harborlight.web.cases.models import Case
from harborlight.web.cases.persons import (
    RESTRICTED,
    AgeBasis,
    Allegation,
    Involvement,
    Part,
    Person,
)
from harborlight.web.fund.from_sentence import order_of, take_in
from harborlight.web.fund.models import Obligation, Order
from harborlight.web.prosecution import charging, mandatory, sentencing
from harborlight.web.prosecution.mandatory import Found
from harborlight.web.prosecution.models import Arrest, Charge, Disposition, Ending, Item, Statute
from harborlight.web.protection import deciding
from people import TESTER, client_of, make_agency, make_member

pytestmark = pytest.mark.django_db
OFFENSE = date(2026, 3, 1)
MINOR, ADULT = date(2010, 1, 1), date(1990, 1, 1)
SELLING = "minnesota:609.322"
SOLD = "minnesota:609.324 being hired"


class World:
    """Police, a prosecutor, a clerk, and somebody in a case."""

    def __init__(self) -> None:
        self.police = make_member(Role.SUPERVISOR, make_agency(AgencyKind.LAW_ENFORCEMENT))
        self.county = make_member(Role.PROSECUTOR, make_agency(AgencyKind.PROSECUTOR))
        self.clerk = make_member(Role.CLERK, make_agency(AgencyKind.FINANCE))
        self.worker = make_member(Role.CASEWORKER, make_agency(AgencyKind.CHILD_PROTECTION))
        with act(TESTER, "test.setup"):
            self.case = Case(agency=self.police.agency, number="t-1", opened_by=self.police)
            self.case.assigned = self.police
            self.case.put(title="made up")
            self.case.save()
        self.person = self.somebody()

    def somebody(self, born: date | None = None, allegation: str = Allegation.NONE) -> Person:
        with act(TESTER, "test.setup"):
            person = Person(agency=self.police.agency, state="MN")
            person.put(prs_FirstName="Made", prs_SecondName="Up")
            person.save()
            Involvement(
                case=self.case, person=person, part=Part.SUSPECT, allegation=allegation,
                offense_on=OFFENSE,
            ).save()  # fmt: skip
            if born:
                deciding.set_age(person, born, AgeBasis.DOCUMENT, self.worker)
        return person

    def arrest(self, person: Person | None = None, allegation: str = Allegation.SELLING) -> Arrest:
        with act(self.police.actor, "arrest.add", "test"):
            return charging.arrest(
                self.case, person or self.person, allegation, OFFENSE, self.police,
                at=timezone.now() - timedelta(days=5), town="Mankato", basis="made up",
                prosecuting=self.county.agency,
            )  # fmt: skip

    def charge(self, arrest: Arrest, code: str = SELLING, **more: Any) -> Charge:
        with act(self.county.actor, "charge.file", "test"):
            return charging.charge(
                arrest, code, self.county, filed_on=timezone.localdate() - timedelta(days=4), **more
            )

    def convict(self, charge: Charge, ending: str = Ending.CONVICTED, to: str = "") -> Disposition:
        with act(self.county.actor, "charge.dispose", "test"):
            day = timezone.localdate() - timedelta(days=3)
            return charging.dispose(charge, ending, day, self.county, to)

    def sentence(self, arrest: Arrest, amounts: dict[str, int], **more: Any) -> Any:
        values = {
            "jurisdiction": "minnesota",
            "day": timezone.localdate() - timedelta(days=2),
            "docket": "made-up",
            **more,
        }
        with act(self.county.actor, "sentence.keep", "test"):
            made = sentencing.sentence(arrest, values, amounts, self.county)
            sentencing.send(made, self.clerk.agency)
            return made


@pytest.fixture
def world() -> World:
    return World()


# --- the way of a case ---------------------------------------------------------------------------


def test_a_seller_is_arrested_charged_convicted_and_the_fine_is_in_the_fund(world: World) -> None:
    arrest = world.arrest()
    charge = world.charge(arrest, counts=2)
    assert charge.nibrs == "64A"
    world.convict(charge)
    sentence = world.sentence(arrest, {Item.MINNESOTA: 750_00, Item.FINE: 12_34})
    with act(world.clerk.actor, "sentence.take_in", "test"):
        order = take_in(sentence, "O-1", world.clerk)
    kept = dict(Obligation.objects.filter(order=order).values_list("kind", "cents"))
    assert kept == {"minnesota_assessment": 750_00, "fine": 12_34}
    assert order.arresting == world.police.agency
    assert order.prosecuting == world.county.agency
    with act(world.clerk.actor, "sentence.take_in", "test"), pytest.raises(Refused):
        take_in(sentence, "O-2", world.clerk)
    assert Order.objects.count() == 1
    found = order_of(str(sentence.pk))
    assert found is not None
    assert found.pk == order.pk


def test_what_is_forfeited_is_no_debt(world: World) -> None:
    arrest = world.arrest()
    world.convict(world.charge(arrest))
    sentence = world.sentence(arrest, {Item.FORFEITURE: 5_000_00})
    with act(world.clerk.actor, "sentence.take_in", "test"), pytest.raises(Refused):
        take_in(sentence, "O-1", world.clerk)


def test_another_clerk_cannot_take_it_in(world: World) -> None:
    arrest = world.arrest()
    world.convict(world.charge(arrest))
    sentence = world.sentence(arrest, {Item.FINE: 100})
    other = make_member(Role.CLERK, make_agency(AgencyKind.FINANCE))
    with act(other.actor, "sentence.take_in", "test"), pytest.raises(Refused):
        take_in(sentence, "O-1", other)


def test_a_reduced_charge_is_a_conviction_under_the_other_section(world: World) -> None:
    charge = world.charge(world.arrest())
    ended = world.convict(charge, Ending.REDUCED, "minnesota:609.33")
    assert ended.statute == "609.33"
    assert ended.convicted
    assert ended.involvement is not None
    assert ended.involvement.part == Part.CONVICTED


@pytest.mark.parametrize("ending", [Ending.ACQUITTED, Ending.DISMISSED])
def test_who_is_acquitted_is_a_defendant_no_more(world: World, ending: str) -> None:
    arrest = world.arrest()
    charge = world.charge(arrest)
    ended = world.convict(charge, ending)
    charge.involvement.refresh_from_db()
    assert ended.involvement is None
    assert charge.involvement.ended_at is not None
    with pytest.raises(Refused):
        world.sentence(arrest, {Item.FINE: 100})


@pytest.mark.parametrize(
    "break_it",
    [
        lambda w: w.charge(w.arrest(), SOLD),
        lambda w: w.charge(w.arrest(), "minnesota:609.324 other"),
        lambda w: w.charge(w.arrest(), "minnesota:no such"),
        lambda w: w.convict(w.charge(w.arrest()), Ending.REDUCED, "minnesota:609.324 other"),
        lambda w: w.convict(w.charge(w.arrest()), Ending.REDUCED, "federal:18 USC 1591"),
        lambda w: w.arrest(allegation=Allegation.NONE),
        lambda w: [w.convict(c) for c in [w.charge(w.arrest())] * 2],
        lambda w: w.sentence(w.arrest(), {Item.FINE: 100}),
    ],
    ids=["sold", "hiring", "none", "reduced", "elsewhere", "nothing", "twice", "unconvicted"],
)
def test_what_does_not_belong_together_is_refused(world: World, break_it: Any) -> None:
    with pytest.raises(Refused):
        break_it(world)


# --- what is mandatory ---------------------------------------------------------------------------


def findings(world: World, amounts: Any, born: date | None = ADULT, **more: Any) -> Any:
    person = world.somebody(born)
    arrest = world.arrest(person)
    code = "federal:18 USC 1591" if more.get("jurisdiction") == "federal" else SELLING
    world.convict(world.charge(arrest, code, counts=2, grade="felony"))
    sentence = world.sentence(arrest, amounts, **more)
    with act(world.county.actor, "sentence.open"):
        return {one.item: one for one in mandatory.findings(sentence, born)}


PLAIN: dict[str, Any] = {"indigent": False, "public_defender": False, "undue_hardship": False}


def test_minnesotas_assessment_is_held_against_the_laws_range(world: World) -> None:
    told = ask(
        "minnesota-assessment",
        timezone.localdate(),
        {"sentencing_date": timezone.localdate(), "offense": "609.322", "age": 36,
         "prostitute": False, "public_defender": False, "indigent": False,
         "undue_hardship": False},
    )  # fmt: skip
    assert isinstance(told.answer, dict)
    least, most = int(str(told.answer["minimum"])), int(str(told.answer["maximum"]))
    for ordered, found in [
        (0, Found.MISSING), (least - 1, Found.LOW), (least, Found.ENOUGH),
        (most, Found.ENOUGH), (most + 1, Found.HIGH),
    ]:  # fmt: skip
        amounts = {Item.MINNESOTA: ordered} if ordered else {}
        one = findings(world, amounts, **PLAIN)[Item.MINNESOTA]
        assert (one.found, one.least, one.most) == (found, least, most), ordered
        assert one.told["citations"]


def test_what_is_not_known_is_not_guessed(world: World) -> None:
    one = findings(world, {}, born=None)[Item.MINNESOTA]
    assert one.found == Found.UNKNOWN
    assert one.least is None
    assert one.told["unknown"]


def test_federal_items_are_each_asked(world: World) -> None:
    found = findings(
        world, {Item.TRAFFICKING: 10_000_00, Item.CONVICTION: 200_00, Item.RESTITUTION: 1},
        jurisdiction="federal", indigent=False, circuit="eighth", counting="per count",
        losses=100_00, gross=0,
    )  # fmt: skip
    assert found[Item.TRAFFICKING].found == Found.ENOUGH
    assert found[Item.CONVICTION].found == Found.ENOUGH
    assert found[Item.RESTITUTION].found == Found.LOW


# --- the wall ------------------------------------------------------------------------------------


def test_an_arrest_of_a_minor_for_having_been_sold_is_refused_with_citation(world: World) -> None:
    for born in (MINOR, None):
        with pytest.raises(Refused) as refused:
            world.arrest(world.somebody(born), Allegation.HIRED)
        assert refused.value.citation
    assert not Arrest.objects.exists()


def test_an_adults_arrest_stands_until_the_age_proves_wrong(world: World) -> None:
    person = world.somebody(ADULT, Allegation.HIRED)
    arrest = world.arrest(person, Allegation.HIRED)
    charge = world.charge(arrest, SOLD)
    with act(TESTER, "test.age"):
        deciding.set_age(Person.objects.get(pk=person.pk), MINOR, AgeBasis.DOCUMENT, world.worker)
    assert not charging.stands(arrest)
    charge = Charge.objects.get(pk=charge.pk)
    assert charge.involvement.ended_at is not None
    with pytest.raises(Refused):
        world.convict(charge)


def _columns(row: Any, **other: Any) -> tuple[str, list[Any]]:
    values = {
        f.column: f.get_db_prep_save(other.get(f.attname, getattr(row, f.attname)), connection)
        for f in row._meta.concrete_fields
        if not isinstance(f, AutoField)
    }
    names = ", ".join(values)
    marks = ", ".join("%s" for _ in values)
    return f"INSERT INTO {row._meta.db_table} ({names}) VALUES ({marks})", list(values.values())  # noqa: S608


@pytest.mark.parametrize("door", ["arrest", "charge", "section", "conviction", "update", "statute"])
def test_a_statement_does_not_get_round_the_wall(world: World, door: str) -> None:
    seller = world.arrest()
    charge = world.charge(seller)
    child = world.somebody(MINOR, Allegation.HIRED)
    statements: dict[str, tuple[str, list[Any]]] = {
        "arrest": _columns(
            seller, id=uuid.uuid4(), person_id=child.pk,
            allegation="hired", involvement_id=child.involvements.get().pk,
        ),
        "charge": _columns(charge, involvement_id=child.involvements.get().pk),
        "section": _columns(charge, statute=SOLD.partition(":")[2]),
        "conviction": (
            "INSERT INTO prosecution_disposition "
            "(charge_id, ending, day, statute, person_id, allegation, involvement_id, by_id) "
            "SELECT c.id, 'convicted', c.filed_on, c.statute, c.person_id, c.allegation, "
            "c.involvement_id, c.by_id FROM prosecution_charge c", [],
        ),
        "update": ("UPDATE prosecution_charge SET statute = %s", [SOLD.partition(":")[2]]),
        "statute": (
            "INSERT INTO prosecution_statute (code, allegation) VALUES (%s, 'other')", [SOLD],
        ),
    }  # fmt: skip
    statement, values = statements[door]
    with (
        pytest.raises(IntegrityError, match="Safe Harbor"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement, values)


def test_the_table_of_sections_says_what_the_law_says() -> None:
    rows = set(Statute.objects.values_list("code", "allegation"))
    assert rows == {(s.code, c) for s in sections(date.max) for c in s.conducts}
    about_being_sold = [s for s in sections(date.max) if "hired" in s.conducts]
    assert about_being_sold
    assert all(s.conducts == ("hired",) for s in about_being_sold)


class Acts(RuleBasedStateMachine):
    """Anybody does anything to one person, in any order, by function and by statement."""

    @initialize()
    def begin(self) -> None:
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.world = World()
        self.person = self.world.somebody(None, Allegation.HIRED)
        self.born: date | None = None

    def teardown(self) -> None:
        if hasattr(self, "atomic"):
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)

    def do(self, what: Any) -> None:
        try:
            with transaction.atomic():
                what()
        except (Refused, IntegrityError):
            pass

    @rule(born=st.sampled_from([MINOR, ADULT, None]), basis=st.sampled_from(AgeBasis.values))
    def age(self, born: date | None, basis: str) -> None:
        def it() -> None:
            with act(TESTER, "test.age"):
                person = Person.objects.get(pk=self.person.pk)
                deciding.set_age(person, born, basis, self.world.worker)

        self.do(it)

    @rule(allegation=st.sampled_from(["hired", "selling", "other"]))
    def arrest(self, allegation: str) -> None:
        self.do(lambda: self.world.arrest(self.person, allegation))

    @rule(code=st.sampled_from([SOLD, SELLING, "minnesota:609.33"]))
    def charge(self, code: str) -> None:
        for arrest in Arrest.objects.filter(person=self.person):
            self.do(lambda arrest=arrest: self.world.charge(arrest, code))

    @rule(ending=st.sampled_from(Ending.values), to=st.sampled_from([SOLD, "minnesota:609.33"]))
    def end(self, ending: str, to: str) -> None:
        for charge in Charge.objects.filter(person=self.person, disposition=None):
            self.do(lambda charge=charge: self.world.convict(charge, ending, to))

    @rule(
        table=st.sampled_from(["prosecution_arrest", "prosecution_charge", "cases_involvement"]),
        change=st.sampled_from(["allegation = 'hired'", "allegation = 'other'"]),
    )
    def statement(self, table: str, change: str) -> None:
        def it() -> None:
            with connection.cursor() as cursor:
                cursor.execute(f"UPDATE {table} SET {change}")  # noqa: S608

        self.do(it)

    @invariant()
    def nobody_protected_is_arrested_charged_or_convicted_for_having_been_sold(self) -> None:
        if not hasattr(self, "person"):
            return
        with act(TESTER, "test.look"):
            person = Person.objects.get(pk=self.person.pk)
            born = person.take("prs_Birthdate")["prs_Birthdate"]
        adult = born == ADULT.isoformat() and person.age_basis in ("document", "qualified")
        standing = Involvement.objects.filter(
            person=person, allegation="hired", part__in=RESTRICTED, ended_at=None
        )
        assert adult or not standing.exists()
        rows: list[Any] = [*Arrest.objects.all(), *Charge.objects.all()]
        for row in rows:
            assert row.involvement.allegation == row.allegation
        for charge in Charge.objects.all():
            assert (charge.code == SOLD) == (charge.allegation == "hired")


def test_no_sequence_of_acts_gets_round_the_wall() -> None:
    run_state_machine_as_test(
        Acts,
        settings=settings(
            max_examples=15,
            stateful_step_count=12,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


# --- pages ---------------------------------------------------------------------------------------


def test_the_pages_of_the_way(world: World) -> None:
    police, county, clerk = (client_of(m) for m in (world.police, world.county, world.clerk))
    moment = (timezone.localtime() - timedelta(days=5)).strftime("%Y-%m-%dT%H:%M")
    told = {
        "person": world.person.pk, "allegation": "selling", "offense_on": OFFENSE, "at": moment,
        "town": "Mankato", "basis": "made up", "prosecuting": world.county.agency.pk,
    }  # fmt: skip
    answer = police.post(f"/prosecution/case/{world.case.pk}/arrest/", told)
    assert answer.status_code == 302, answer.content
    arrest = Arrest.objects.get()
    days = [(timezone.localdate() - timedelta(days=n)).isoformat() for n in (4, 3, 2)]
    url = f"/prosecution/arrests/{arrest.pk}/"
    assert b"Made Up" in county.get(url).content
    county.post(url + "charge/", {"code": SELLING, "counts": 1, "filed_on": days[0]})
    charge = Charge.objects.get()
    county.post(
        f"/prosecution/charges/{charge.pk}/ending/", {"ending": "convicted", "day": days[1]}
    )
    wrong = {"jurisdiction": "minnesota", "day": days[2], "docket": "x", "months": 0,
             "amount_fine": "12.345"}  # fmt: skip
    assert county.post(url + "sentence/", wrong).status_code == 422
    county.post(url + "sentence/", {**wrong, "amount_fine": "12.34"})
    sentence = arrest.sentences.get()
    page = county.get(sentence.get_absolute_url()).content.decode()
    assert "$12.34" in page
    assert "Missing: the law makes it mandatory" not in page
    county.post(f"/prosecution/sentences/{sentence.pk}/send/", {"to": world.clerk.agency.pk})
    assert clerk.get(sentence.get_absolute_url()).status_code == 200
    clerk.post(f"/fund/orders/from/{sentence.pk}/", {"number": "O-9"})
    assert Obligation.objects.get().cents == 12_34
    stranger = client_of(make_member(Role.PROSECUTOR, make_agency(AgencyKind.PROSECUTOR)))
    assert stranger.get(url).status_code == 404
    assert stranger.get(sentence.get_absolute_url()).status_code == 404


def test_the_refusal_page_shows_the_way_to_child_protection(world: World) -> None:
    child = world.somebody(MINOR, Allegation.HIRED)
    moment = (timezone.localtime() - timedelta(days=5)).strftime("%Y-%m-%dT%H:%M")
    told = {"person": child.pk, "allegation": "hired", "offense_on": OFFENSE, "at": moment,
            "town": "Mankato", "basis": "made up"}  # fmt: skip
    answer = client_of(world.police).post(f"/prosecution/case/{world.case.pk}/arrest/", told)
    assert answer.status_code == 409
    assert b"child protection" in answer.content
    assert b"260B" in answer.content
    assert not Arrest.objects.exists()
