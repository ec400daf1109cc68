"""Leads in front of people: walls, decisions with reasons, who was told, what is purged."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from harborlight.web.accounts.models import Member
from harborlight.web.accounts.roles import AgencyKind, Role
from harborlight.web.audit.acts import Refused, act
from harborlight.web.audit.models import Entry
from harborlight.web.cases.models import Case
from harborlight.web.cases.opening import open_from_lead
from harborlight.web.frame import waiting
from harborlight.web.leads import deciding, purging, sharing
from harborlight.web.leads.importing import import_results
from harborlight.web.leads.models import (
    Decision,
    Dissemination,
    Lead,
    Purge,
    Sheet,
    State,
    Ties,
    Version,
    Words,
)
from harborlight.web.vault.models import Term
from objects_leads import SECRET_TEXT, found, make_lead, results
from people import client_of, make_agency, make_member

pytestmark = pytest.mark.django_db

WHY = "seen in three of the ads"


@pytest.fixture
def analyst() -> Member:
    return make_member(Role.ANALYST)


@pytest.fixture
def stranger() -> Member:
    return make_member(Role.CASEWORKER, make_agency(AgencyKind.CHILD_PROTECTION))


def show(member: Member, lead: Lead) -> Any:
    return client_of(member).get(lead.get_absolute_url())


def post(member: Member, action: str, lead: Lead, **given: Any) -> Any:
    return client_of(member).post(reverse(action, args=[lead.pk]), given)


def test_a_lead_shows_both_sides_and_its_texts_behind_a_click(analyst: Member) -> None:
    page = show(analyst, make_lead(analyst.agency)).content.decode()
    assert "This may be a business that is open about itself." in page
    assert "One wording, several contacts" in page
    assert "1 ad gives a street address." in page
    assert page.index("The innocent reading") < page.index("Evidence: looks organized")
    for text in (SECRET_TEXT, "+1 507-555-0142"):
        before = page[: page.index(text)]
        assert before.count("<details") > before.count("</details>"), text
    assert "tel:" not in page
    assert "mailto:" not in page
    assert "risk" not in page.lower()


def test_pages_are_light(analyst: Member) -> None:
    lead = make_lead(analyst.agency, *[f"light {n}" for n in range(120)])
    deciding.hold(lead, analyst, WHY, timezone.localdate() + timedelta(days=3))
    sharing.share(lead, analyst, make_agency(), "investigation", WHY)
    client = client_of(analyst)
    for url in (
        reverse("leads:queue"),
        lead.get_absolute_url(),
        reverse("leads:ads", args=[lead.pk, 1, 1]),
        reverse("leads:ad", args=[lead.pk, 1, 120]),
        reverse("leads:why", args=[lead.pk]) + "?a=1&b=2",
        reverse("leads:figure", args=[lead.pk, 1, "map"]),
        reverse("desk:home"),
        reverse("desk:search") + "?q=507-555-0142",
    ):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            answer = client.get(url)
        assert answer.status_code == 200, url
        assert len(answer.content) < 200_000, url
        queries = [each for each in asked.captured_queries if "SAVEPOINT" not in each["sql"]]
        assert len(queries) <= 20, (url, [each["sql"][:150] for each in queries])


@pytest.mark.parametrize("name", ["timeline", "map", "contacts"])
def test_drawings_keep_to_the_policy(analyst: Member, name: str) -> None:
    lead = make_lead(analyst.agency)
    answer = client_of(analyst).get(reverse("leads:figure", args=[lead.pk, 1, name]))
    assert answer["Content-Type"] == "image/svg+xml"
    drawn = answer.content.decode()
    assert drawn.startswith("<svg")
    for unfit in ("style=", "<style", "<script", "href", "onload"):
        assert unfit not in drawn


def test_why_two_ads_are_together_and_what_was_refused(analyst: Member) -> None:
    lead = make_lead(analyst.agency)
    page = client_of(analyst).get(reverse("leads:why", args=[lead.pk]), {"a": 1, "b": 3})
    text = page.content.decode()
    assert "Phone +1 507-555-0142" in text
    assert "generic: a site&#x27;s own" in text
    wrong = client_of(analyst).get(reverse("leads:why", args=[lead.pk]), {"a": 1, "b": 4})
    assert "from 1 to 3" in wrong.content.decode()


# -- walls ----------------------------------------------------------------------------------------


def test_nobody_else_sees_a_lead_until_it_is_shown_for_a_purpose(
    analyst: Member, stranger: Member
) -> None:
    lead = make_lead(analyst.agency)
    pages = [
        lead.get_absolute_url(),
        reverse("leads:ads", args=[lead.pk, 1, 1]),
        reverse("leads:ad", args=[lead.pk, 1, 1]),
        reverse("leads:figure", args=[lead.pk, 1, "map"]),
        reverse("leads:why", args=[lead.pk]),
    ]
    client = client_of(stranger)
    assert {client.get(url).status_code for url in pages} == {404}
    assert waiting.search(stranger, "507-555-0142") == []
    share = sharing.share(lead, analyst, stranger.agency, "child_protection", WHY)
    assert {client.get(url).status_code for url in pages} == {200}
    assert [each.url for each in waiting.search(stranger, "(507) 555 0142")] == [pages[0]]
    seen = show(stranger, lead).content.decode()
    assert "Protecting a child" in seen
    assert WHY not in seen, "the owner's own words stay with the owner"
    sharing.end(share, analyst, "they have finished")
    assert {client.get(url).status_code for url in pages} == {404}
    assert waiting.search(stranger, "507-555-0142") == []


def test_who_is_shown_a_lead_does_not_decide(analyst: Member) -> None:
    other = make_member(Role.SUPERVISOR)
    lead = make_lead(analyst.agency)
    sharing.share(lead, analyst, other.agency, "investigation", WHY)
    for action in ("dismiss", "hold", "merge", "share", "told"):
        assert post(other, f"leads:{action}", lead, reason="mine now").status_code == 409
    assert post(other, "cases:open_from_lead", lead, reason="x", title="y").status_code == 409
    lead.refresh_from_db()
    assert lead.state == State.REVIEW
    assert not Decision.objects.filter(lead=lead).exists()


@pytest.mark.parametrize("words", ["507-555-0142", "@hauling-crew", "crew@hauling.example"])
def test_a_lead_is_found_by_what_is_sealed(analyst: Member, words: str) -> None:
    lead = make_lead(analyst.agency)
    assert [each.url for each in waiting.search(analyst, words)] == [lead.get_absolute_url()]
    assert [each.url for each in waiting.search(analyst, f"Lead {lead.number}")] == [
        lead.get_absolute_url()
    ]
    assert waiting.search(analyst, "507-555-0143") == []


# -- decisions ------------------------------------------------------------------------------------


@pytest.mark.parametrize("reason", ["", "   ", None])
@pytest.mark.parametrize("action", ["hold", "dismiss", "merge", "promote"])
def test_no_decision_without_a_reason(analyst: Member, action: str, reason: str | None) -> None:
    lead, other = make_lead(analyst.agency), make_lead(analyst.agency)
    day = (timezone.localdate() + timedelta(days=9)).isoformat()
    given = {"until": day, "into": other.number, "title": "A title"}
    if reason is not None:
        given["reason"] = reason
    name = "cases:open_from_lead" if action == "promote" else f"leads:{action}"
    assert post(analyst, name, lead, **given).status_code == 422
    lead.refresh_from_db()
    assert lead.state == State.REVIEW
    with pytest.raises(Refused):
        deciding.dismiss(lead, analyst, reason or "")


def test_decisions_are_kept_and_reversed_by_others(analyst: Member) -> None:
    lead = make_lead(analyst.agency)
    day = timezone.localdate() + timedelta(days=9)
    answer = post(analyst, "leads:hold", lead, until=day.isoformat(), reason="wait for the run")
    assert answer.status_code == 302
    lead.refresh_from_db()
    assert (lead.state, lead.hold_until) == (State.HELD, day)
    assert post(analyst, "leads:dismiss", lead, reason="one family, one shop").status_code == 302
    assert post(analyst, "leads:reopen", lead, reason="new phone").status_code == 302
    lead.refresh_from_db()
    assert lead.state == State.REVIEW
    page = show(analyst, lead).content.decode()
    for words in ("wait for the run", "one family, one shop", "new phone", str(analyst.user)):
        assert words in page
    kinds = list(Decision.objects.filter(lead=lead).values_list("kind", flat=True))
    assert kinds == ["reopen", "dismiss", "hold"]
    assert set(Decision.objects.filter(lead=lead).values_list("member", flat=True)) == {analyst.pk}


@pytest.mark.parametrize("table", ["leads_decision", "leads_dissemination", "leads_purge"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET at = at", "DELETE FROM {}"])
def test_the_logs_cannot_be_changed(analyst: Member, table: str, statement: str) -> None:
    lead = make_lead(analyst.agency)
    deciding.dismiss(lead, analyst, WHY)
    sharing.told(lead, analyst, "A sheriff", "That it exists", "deconfliction", WHY)
    Lead.objects.filter(pk=lead.pk)
    with act(analyst.actor, "test.setup"):
        Purge.objects.create(agency=lead.agency, at=timezone.now(), leads=1, ads=1)
    with (
        pytest.raises(DatabaseError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(table))


@pytest.mark.parametrize("days", [-1, 0, 400])
def test_a_hold_ends_within_a_year(analyst: Member, days: int) -> None:
    lead = make_lead(analyst.agency)
    until = timezone.localdate() + timedelta(days=days)
    answer = post(analyst, "leads:hold", lead, until=until.isoformat(), reason=WHY)
    assert answer.status_code == 422
    with pytest.raises(Refused):
        deciding.hold(lead, analyst, WHY, until)


def test_merging_is_within_the_agency_and_never_a_circle(analyst: Member) -> None:
    one, other = make_lead(analyst.agency), make_lead(analyst.agency)
    foreign = make_lead(make_agency())
    assert post(analyst, "leads:merge", one, into=other.number, reason=WHY).status_code == 302
    one.refresh_from_db()
    assert (one.state, one.merged_into) == (State.MERGED, other)
    for lead, into in ((other, one), (other, other), (other, foreign)):
        lead.refresh_from_db()
        with pytest.raises(Refused):
            deciding.merge(lead, analyst, WHY, into)


def test_promoting_opens_a_case_in_one_act(analyst: Member) -> None:
    lead = make_lead(analyst.agency)
    worker = make_member(Role.INVESTIGATOR, analyst.agency)
    answer = post(
        analyst, "cases:open_from_lead", lead, title="Hauling", assigned=worker.pk, reason=WHY
    )
    case = Case.objects.get(agency=analyst.agency)
    assert answer["Location"] == case.get_absolute_url()
    lead.refresh_from_db()
    assert (lead.state, lead.purge_on) == (State.PROMOTED, None)
    assert (case.opened_from, case.opened_from_id, case.assigned) == ("leads.lead", lead.pk, worker)
    assert case.number == f"{timezone.localdate().year}-0001"
    assert client_of(worker).get(case.get_absolute_url()).status_code == 200
    colleague = make_member(Role.INVESTIGATOR, analyst.agency)
    assert client_of(colleague).get(case.get_absolute_url()).status_code == 404
    assert case.get_absolute_url() in show(analyst, lead).content.decode()
    with pytest.raises(Refused):
        open_from_lead(lead, analyst, WHY)
    assert Case.objects.filter(agency=analyst.agency).count() == 1, "the refused act left no case"


def test_a_case_is_not_assigned_to_another_agency(analyst: Member) -> None:
    lead = make_lead(analyst.agency)
    with pytest.raises(Refused):
        open_from_lead(lead, analyst, WHY, assigned=make_member(Role.INVESTIGATOR))
    assert not Case.objects.filter(agency=analyst.agency).exists()
    lead.refresh_from_db()
    assert lead.state == State.REVIEW


def test_who_was_told_what_and_why_is_kept(analyst: Member, stranger: Member) -> None:
    lead = make_lead(analyst.agency)
    given = {
        "recipient": "The office of a county",
        "what": "The towns and days",
        "purpose": "deconfliction",
        "reason": WHY,
    }
    for missing in given:
        assert (
            post(
                analyst, "leads:told", lead, **{k: v for k, v in given.items() if k != missing}
            ).status_code
            == 422
        )
    assert post(analyst, "leads:told", lead, **given).status_code == 302
    share = sharing.share(lead, analyst, stranger.agency, "services", "they asked")
    sharing.end(share, analyst, "no longer needed")
    kinds = list(Dissemination.objects.filter(lead=lead).values_list("kind", flat=True))
    assert kinds == ["ended", "shown", "told"]
    page = show(analyst, lead).content.decode()
    for words in ("The office of a county", "The towns and days", "they asked"):
        assert words in page


# -- the purge ------------------------------------------------------------------------------------


def travel(monkeypatch: pytest.MonkeyPatch, days: int) -> None:
    """Let it be so many days later."""
    real = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: real() + timedelta(days=days))


def test_what_is_not_promoted_is_purged_in_time_with_a_log(
    analyst: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    agency = analyst.agency
    ids = {name: make_lead(agency) for name in ("kept", "held", "dismissed", "promoted", "merged")}
    held_until = timezone.localdate() + timedelta(days=360)
    deciding.hold(ids["held"], analyst, WHY, held_until)
    deciding.dismiss(ids["dismissed"], analyst, "the words of a reason")
    sharing.told(ids["dismissed"], analyst, "A sheriff", "All of it", "investigation", WHY)
    case = open_from_lead(ids["promoted"], analyst, WHY)
    deciding.merge(ids["merged"], analyst, WHY, Lead.objects.get(pk=ids["promoted"].pk))

    def left() -> set[str]:
        there = set(Lead.objects.filter(agency=agency).values_list("pk", flat=True))
        return {name for name, lead in ids.items() if lead.pk in there}

    assert purging.purge_due() == 0
    travel(monkeypatch, 89)
    assert purging.purge_due() == 0
    travel(monkeypatch, 2)  # of 91
    assert purging.purge_due() == 1
    assert left() == {"kept", "held", "promoted", "merged"}
    travel(monkeypatch, 366 - 91)
    assert purging.purge_due() == 1
    assert left() == {"held", "promoted", "merged"}
    travel(monkeypatch, 30)  # 396: more than thirty days after the hold
    assert purging.purge_due() == 1
    assert left() == {"promoted", "merged"}
    travel(monkeypatch, 5_000)
    assert purging.purge_due() == 0
    assert Case.objects.filter(pk=case.pk).exists()

    logged = Purge.objects.filter(agency=agency).order_by("at")
    numbers = [ids[name].number for name in ("dismissed", "kept", "held")]
    assert [purge.numbers for purge in logged] == [[number] for number in numbers]
    assert [purge.ads for purge in logged] == [3, 3, 3]
    gone = ids["dismissed"].pk
    assert not Version.objects.filter(lead=gone).exists()
    assert not Term.objects.filter(record=gone).exists()
    assert not Sheet.objects.exclude(version__lead__isnull=False).exists()
    decision = Decision.objects.get(lead=gone)
    assert decision.member == analyst, "who decided stays"
    assert not Words.objects.filter(pk=decision.words).exists(), "what they wrote is gone"
    told = Words.objects.get(pk=Dissemination.objects.get(lead=gone).words)
    with act(analyst.actor, "test.look"):
        assert told.take() == {"reason": None, "recipient": "A sheriff", "what": None}
    assert Entry.objects.filter(act="lead.purge", record=str(gone), operation="delete").exists()


def test_a_purge_takes_what_was_merged_too_and_a_number_is_not_given_again(
    analyst: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = make_lead(analyst.agency, "m1", "m2"), make_lead(analyst.agency)
    deciding.merge(one, analyst, WHY, other)
    travel(monkeypatch, 366)
    assert purging.purge_due() == 2
    assert not Ties.objects.filter(version__lead__agency=analyst.agency).exists()
    done = import_results(results(found("m1", "m2")), analyst.agency, analyst.actor)
    assert done.known, "the same run does not bring back what was purged"
    done = import_results(results(found("m1", "m2", "m3")), analyst.agency, analyst.actor)
    assert done.new == 1
    assert Lead.objects.get(agency=analyst.agency).number == 3


def test_new_evidence_gives_more_time(analyst: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    lead = make_lead(analyst.agency, "t1", "t2")
    travel(monkeypatch, 300)
    import_results(results(found("t1", "t2", "t3")), analyst.agency, analyst.actor)
    travel(monkeypatch, 100)
    assert purging.purge_due() == 0
    assert Lead.objects.filter(pk=lead.pk).exists()


def test_the_log_of_purges_is_shown_to_auditors_without_content(
    analyst: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    lead = make_lead(analyst.agency)
    travel(monkeypatch, 400)
    purging.purge_due()
    monkeypatch.undo()
    page = client_of(make_member(Role.AUDITOR)).get(reverse("leads:purges")).content.decode()
    assert analyst.agency.name in page
    assert str(lead.pk) not in page
    assert SECRET_TEXT not in page


def test_what_waits_is_told(analyst: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    make_lead(analyst.agency)
    held = make_lead(analyst.agency)
    deciding.hold(held, analyst, WHY, timezone.localdate() + timedelta(days=2))
    told = {str(each.label): (each.count, each.late) for each in waiting.waits_for(analyst)}
    assert told["Leads to review"] == (1, 0)
    assert "Leads whose hold has ended" not in told
    travel(monkeypatch, 3)
    told = {str(each.label): (each.count, each.late) for each in waiting.waits_for(analyst)}
    assert told["Leads whose hold has ended"] == (1, 1)


def test_evidence_and_the_innocent_reading_are_told_in_spanish(analyst: Member) -> None:
    lead = make_lead(analyst.agency)
    page = client_of(analyst).get(lead.get_absolute_url(), HTTP_ACCEPT_LANGUAGE="es").content
    text = page.decode()
    assert "Un mismo texto da 2 teléfonos, correos electrónicos o cuentas distintos." in text
    assert "Puede ser un negocio que actúa a la vista de todos." in text
    assert "La lectura inocente" in text
    for english in ("One wording", "This may be", "counter-evidence", "Nothing here says"):
        assert english not in text
