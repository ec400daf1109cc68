"""Tasks are told of by their day; a note reaches its audience and nobody else, by any page."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import objects
from canaries import found_in
from harborlight.web.accounts import assigned
from harborlight.web.accounts.models import Member
from harborlight.web.accounts.permissions import READERS_OF_CASES
from harborlight.web.accounts.roles import ROLES_OF, AgencyKind, Role
from harborlight.web.audit.acts import Refused, act
from harborlight.web.audit.models import Entry
from harborlight.web.cases import notes, tasks
from harborlight.web.cases.audiences import Audience, audiences_of
from harborlight.web.cases.models import Case
from harborlight.web.cases.work import Note, Task, TaskState
from harborlight.web.frame import waiting
from people import TESTER, client_of, make_agency, make_member
from site_urls import urls

pytestmark = pytest.mark.django_db

CANARY = "Zanzibar quokka"


def a_case(owner: Member) -> Case:
    case: Case = objects.make(Case, owner)
    return case


def test_a_task_waits_for_whoever_has_it_and_is_late_after_its_day() -> None:
    member = make_member(Role.CASEWORKER)
    case, today = a_case(member), timezone.localdate()
    with act(TESTER, "task.add"):
        for days in (-1, 0, 1):
            tasks.add(case, f"{CANARY} {days}", member, member, today + timedelta(days=days))
        tasks.add(case, "No day", member, member)
        tasks.add(case, "Nobody's", member, None, today)
    told = {str(each.label): (each.count, each.late) for each in tasks.waiting(member)}
    assert told == {"Your tasks that are due today": (2, 1), "Your tasks for later": (2, 0)}
    assert waiting.waits_for(member)[0].late == 1  # what is late comes first
    assert [tasks.is_late(each) for each in tasks.open_tasks(member)] == [True, *[False] * 4]
    page = client_of(member).get(reverse("cases:tasks")).content.decode()
    assert page.index(f"{CANARY} -1") < page.index(f"{CANARY} 0") < page.index("No day")
    assert "Nobody&#x27;s" not in page
    assert "Nobody&#x27;s" in client_of(member).get(case.get_absolute_url()).content.decode()
    assert CANARY not in str(list(Task.objects.values())) + str(list(Entry.objects.values()))


def test_a_task_ends_once_and_is_kept() -> None:
    member = make_member(Role.CASEWORKER)
    with act(TESTER, "task.add"):
        task = tasks.add(a_case(member), "Call the school", member, member)
    for state, how in ((TaskState.OPEN, ""), (TaskState.DROPPED, " ")):
        with pytest.raises(Refused), act(TESTER, "task.end"):
            tasks.end(task, member, state, how)
    client = client_of(member)
    path = reverse("cases:end_task", args=[task.pk])
    assert client.post(path, {"state": "done", "how": "They were called"}).status_code == 302
    task = Task.objects.get(pk=task.pk)
    assert (task.state, task.ended_by) == (TaskState.DONE, member)
    assert client.post(path, {"state": "dropped", "how": "Again"}).status_code == 409
    with act(TESTER, "task.see"):
        assert task.take() == {"what": "Call the school", "how": "They were called"}
    with pytest.raises(Refused), act(TESTER, "task.change"):
        tasks.change(task, None, None, member)


def test_tasks_stay_within_the_agency_and_pass_on_when_somebody_leaves() -> None:
    member = make_member(Role.CASEWORKER)
    colleague, stranger = make_member(Role.CASEWORKER, member.agency), make_member(Role.CASEWORKER)
    case = a_case(member)
    for who in (stranger, make_member(Role.TRIAGE, member.agency)):
        with pytest.raises(Refused), act(TESTER, "task.add"):
            tasks.add(case, "Call", member, who)
    with act(TESTER, "task.add"):
        task = tasks.add(case, "Call", member, colleague)
    # Who has a task without having the case sees the task alone.
    assert list(tasks.open_tasks(colleague)) == [task]
    assert client_of(colleague).get(case.get_absolute_url()).status_code == 404
    assert [kind.key for kind, _ in assigned.waiting_with(member)] == ["cases"]
    with act(TESTER, "member.end"):
        assert assigned.reassign_all(colleague, member) == 1
        assert assigned.reassign_all(member, None) == 2
    task.refresh_from_db()
    case.refresh_from_db()
    assert (task.assigned, case.assigned) == (None, None)


def test_audiences_are_those_of_the_role_and_of_a_supervisors_agency() -> None:
    both = {Audience.CASE, Audience.AGENCY}
    police, county = AgencyKind.LAW_ENFORCEMENT, AgencyKind.CHILD_PROTECTION
    for role, kind, more in (
        (Role.INVESTIGATOR, police, {Audience.INVESTIGATORS}),
        (Role.ANALYST, police, {Audience.INVESTIGATORS}),
        (Role.PROSECUTOR, AgencyKind.PROSECUTOR, {Audience.INVESTIGATORS}),
        (Role.CASEWORKER, county, {Audience.PROTECTION}),
        (Role.NAVIGATOR, AgencyKind.NAVIGATOR, {Audience.PROTECTION}),
        (Role.SUPERVISOR, police, {Audience.INVESTIGATORS}),
        (Role.SUPERVISOR, county, {Audience.PROTECTION}),
        (Role.TRIAGE, police, set()),
    ):
        assert audiences_of(make_member(role, make_agency(kind))) == both | more


KINDS = (AgencyKind.LAW_ENFORCEMENT, AgencyKind.CHILD_PROTECTION, AgencyKind.PROSECUTOR)
READERS = [(kind, role) for kind in KINDS for role in ROLES_OF[kind] if role in READERS_OF_CASES]


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(READERS),
    st.sampled_from(READERS),
    st.sampled_from(list(Audience)),
    st.booleans(),
)
def test_a_note_is_read_by_its_audience_alone(
    writer: tuple[AgencyKind, Role],
    reader: tuple[AgencyKind, Role],
    audience: Audience,
    moved: bool,
) -> None:
    """Whoever wrote it, wherever the case went: said again here from the words of the audience."""
    with transaction.atomic():
        author = make_member(writer[1], make_agency(writer[0]))
        home = author.agency if writer[0] == reader[0] and not moved else make_agency(reader[0])
        who = make_member(reader[1], home)
        case = a_case(author)
        with act(TESTER, "note.write"):
            if audience not in audiences_of(author):
                with pytest.raises(Refused):
                    notes.write(case, CANARY, audience, author)
                return
            notes.write(case, CANARY, audience, author)
            case.agency, case.assigned = home, who
            case.save()
        investigates = reader[0] != AgencyKind.CHILD_PROTECTION
        expected = {
            Audience.CASE: True,
            Audience.INVESTIGATORS: investigates,
            Audience.PROTECTION: not investigates,
            Audience.AGENCY: home == author.agency,
        }[audience]
        assert notes.readable(who, case).exists() == expected
        page = client_of(who).get(reverse("cases:notes", args=[case.pk]))
        assert page.status_code == 200
        assert bool(found_in(page.content, [CANARY])) == expected
        transaction.set_rollback(True)


def test_no_page_at_all_gives_a_note_to_who_is_not_of_its_audience() -> None:
    author = make_member(Role.SUPERVISOR, make_agency(AgencyKind.CHILD_PROTECTION))
    reader = make_member(Role.INVESTIGATOR)
    case = a_case(author)
    with act(TESTER, "note.write"):
        for audience in (Audience.PROTECTION, Audience.AGENCY):
            notes.write(case, CANARY, audience, author)
        case.agency, case.assigned = reader.agency, reader
        case.save()
        tasks.add(case, "Call", reader, reader)
    client, asked = client_of(reader), 0
    client.raise_request_exception = False
    objects.load()
    for url in urls():
        # Every page of the site with this case's key, and the pages without any key.
        if set(url.arguments) - {"pk"} or url.name == "accounts:end":
            continue
        if url.arguments and url.of is not Case:
            continue
        with transaction.atomic():
            answer = client.get(url.path(pk=case.pk), {"whose": "all"})
            transaction.set_rollback(True)
        asked += 1
        if not answer.streaming:
            assert found_in(answer.content, [CANARY]) == [], url.name
    assert waiting.search(reader, CANARY) == []
    assert waiting.search(author, CANARY) == []  # nor is it found by its words at all
    assert asked > 30
    assert Note.objects.count() == 2
    assert CANARY not in str(list(Note.objects.values())) + str(list(Entry.objects.values()))


def test_a_note_is_never_changed() -> None:
    note = objects.make(Note, make_member(Role.CASEWORKER))
    for column, value in (("audience", Audience.AGENCY), ("sealed", b"other")):
        with pytest.raises(IntegrityError), transaction.atomic(), act(TESTER, "note.change"):
            Note.objects.filter(pk=note.pk).update(**{column: value})
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE cases_note SET audience = 'agency'")
