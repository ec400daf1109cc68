"""People, agencies and the log-in: invited once, gone when they leave, nobody half-way in."""

from __future__ import annotations

import json
import re
import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from harborlight.web.accounts import adapters, assigned, people
from harborlight.web.accounts.assigned import Assigned
from harborlight.web.accounts.models import Agency, Invitation, Member, User
from harborlight.web.accounts.roles import AgencyKind, Role
from harborlight.web.audit.acts import Refused, act
from harborlight.web.audit.models import Entry
from people import (
    PASSWORD,
    SECRET,
    TESTER,
    client_of,
    make_agency,
    make_member,
    second_factor_of,
)

pytestmark = pytest.mark.django_db
LOGIN = reverse("account_login")


@pytest.fixture(autouse=True)
def nothing_counted() -> None:
    """Rates and used codes are counted in the memory of the process, by keys that tests share."""
    cache.clear()


def code(secret: str = SECRET) -> str:
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))


@pytest.fixture
def chief() -> Member:
    return make_member(Role.ADMINISTRATOR, make_agency(AgencyKind.LAW_ENFORCEMENT))


def invited(
    chief: Member, callbacks: Any, email: str = "new@agency.example", role: str = Role.TRIAGE
) -> str:
    """Invite by the page; the path of the mailed link."""
    with callbacks(execute=True):
        answer = client_of(chief).post(
            reverse("accounts:invite", args=[chief.agency_id]),
            {"email": email, "role": role, "language": "en"},
        )
    assert answer.status_code == 302
    found = re.search(r"http://testserver(\S+)", str(mail.outbox[-1].body))
    assert found
    return found[1]


# -- invitations -----------------------------------------------------------------------------------


def test_an_invitation_is_mailed_without_content_works_once_and_is_kept_as_a_digest(
    chief: Member, django_capture_on_commit_callbacks: Any
) -> None:
    path = invited(chief, django_capture_on_commit_callbacks)
    told = str(mail.outbox[-1].subject) + str(mail.outbox[-1].body)
    assert chief.agency.name not in told
    assert str(Role.TRIAGE.label) not in told
    token = path.rstrip("/").rpartition("/")[2]
    assert token not in json.dumps(list(Invitation.objects.values()), default=str)
    given = {"name": "Ana", "password": PASSWORD, "again": PASSWORD}
    client = Client()
    assert client.post(path, {**given, "again": "other"}).status_code == 200
    answer = client.post(path, given)
    assert answer.status_code == 302
    member = Member.objects.get(user__email="new@agency.example")
    assert (member.role, member.agency) == (Role.TRIAGE, chief.agency)
    # Joined, and still no page before the second factor.
    assert client.get(reverse("desk:home"))["Location"] == reverse("mfa_index")
    assert Client().get(path).status_code == 404
    assert Client().post(path, {**given, "name": "Eve"}).status_code == 404
    assert User.objects.filter(email="new@agency.example").count() == 1


def test_an_invitation_ends(chief: Member, django_capture_on_commit_callbacks: Any) -> None:
    path = invited(chief, django_capture_on_commit_callbacks)
    with act(TESTER, "test.time"):
        Invitation.objects.update(expires=timezone.now())
    assert Client().get(path).status_code == 404


def test_an_invitation_that_is_withdrawn_or_replaced_is_used_up(
    chief: Member, django_capture_on_commit_callbacks: Any
) -> None:
    first = invited(chief, django_capture_on_commit_callbacks)
    second = invited(chief, django_capture_on_commit_callbacks)
    assert Client().get(first).status_code == 404
    standing = Invitation.objects.get(withdrawn__isnull=True)
    client_of(chief).post(reverse("accounts:withdraw", args=[standing.pk]))
    assert Client().get(second).status_code == 404


def test_a_short_password_is_refused(
    chief: Member, django_capture_on_commit_callbacks: Any
) -> None:
    path = invited(chief, django_capture_on_commit_callbacks)
    answer = Client().post(path, {"name": "Ana", "password": "short", "again": "short"})
    assert answer.status_code == 200
    assert not User.objects.filter(email="new@agency.example").exists()


def test_somebody_known_joins_as_themselves_alone(
    chief: Member, django_capture_on_commit_callbacks: Any
) -> None:
    known = make_member(Role.NAVIGATOR)
    before = known.user.password
    path = invited(chief, django_capture_on_commit_callbacks, known.user.email)
    given = {
        "name": "Eve",
        "password": "another long passphrase",
        "again": "another long passphrase",
    }
    for somebody in (Client(), client_of(make_member(Role.TRIAGE))):
        assert somebody.post(path, given).status_code == 200
    assert client_of(known, second_factor=False).post(path).status_code == 200
    known.user.refresh_from_db()
    assert known.user.password == before
    assert known.user.members.count() == 1
    client = client_of(known)
    assert client.post(path).status_code == 302
    assert known.user.members.count() == 2
    assert chief.agency.name in client.get(reverse("desk:home")).content.decode()


def test_an_agency_gives_the_roles_of_its_kind_alone(chief: Member) -> None:
    url = reverse("accounts:invite", args=[chief.agency_id])
    given = {"email": "new@agency.example", "role": Role.CASEWORKER, "language": "en"}
    assert client_of(chief).post(url, given).status_code == 200
    assert not Invitation.objects.exists()
    with pytest.raises(Refused), act(TESTER, "test"):
        people.invite(chief, chief.agency, "new@agency.example", Role.CASEWORKER)


# -- agencies --------------------------------------------------------------------------------------


def test_who_runs_the_site_sees_every_agency_and_an_administrator_their_own(chief: Member) -> None:
    other = make_agency(AgencyKind.PROVIDER)
    runner = make_member(Role.ADMINISTRATOR, make_agency(AgencyKind.SITE))
    for member, status in ((chief, 404), (runner, 200)):
        answer = client_of(member).get(reverse("accounts:agency", args=[other.pk]))
        assert answer.status_code == status
    listed = client_of(chief).get(reverse("accounts:agencies")).content.decode()
    assert other.name not in listed
    new = {"name": "Rice County Human Services", "kind": "child_protection", "state": "mn",
           "counties": "Rice\n\nRice", "active": "on"}  # fmt: skip
    assert client_of(chief).post(reverse("accounts:add"), new).status_code == 403
    assert client_of(runner).post(reverse("accounts:add"), new).status_code == 302
    made = Agency.objects.get(name=new["name"])
    assert (made.state, made.counties, made.takes_reports) == ("MN", ["Rice"], False)


# -- leaving ---------------------------------------------------------------------------------------


@pytest.fixture
def desk_of_things() -> Any:
    """Something that is assigned: a table of whose each thing is."""
    held: dict[str, int | None] = {}

    def reassign(old: Member, new: Member | None) -> int:
        mine = [name for name, who in held.items() if who == old.pk]
        held.update(dict.fromkeys(mine, new.pk if new else None))
        return len(mine)

    before = dict(assigned._kinds)
    assigned.add(
        Assigned(
            "things", "made-up things",
            lambda member: sum(who == member.pk for who in held.values()), reassign,
        )
    )  # fmt: skip
    yield held
    assigned._kinds.clear()
    assigned._kinds.update(before)


def test_who_leaves_is_out_at_once_and_what_was_theirs_goes_to_another(
    chief: Member, desk_of_things: Any
) -> None:
    leaving = make_member(Role.TRIAGE, chief.agency)
    heir = make_member(Role.TRIAGE, chief.agency)
    stranger = make_member(Role.TRIAGE)
    desk_of_things.update({"a": leaving.pk, "b": leaving.pk, "c": heir.pk})
    theirs = client_of(leaving)
    key = theirs.session.session_key
    assert theirs.get(reverse("desk:home")).status_code == 200
    url = reverse("accounts:end", args=[leaving.pk])
    assert "made-up things: 2" in client_of(chief).get(url).content.decode()
    assert client_of(chief).post(url, {"successor": stranger.pk}).status_code == 200
    assert client_of(chief).post(url, {"successor": heir.pk}).status_code == 302
    assert desk_of_things == {"a": heir.pk, "b": heir.pk, "c": heir.pk}
    assert LOGIN in theirs.get(reverse("desk:home"))["Location"]
    leaving.user.refresh_from_db()
    assert not leaving.user.is_active
    assert Client().post(LOGIN, {"login": leaving.user.email, "password": PASSWORD}).get(
        "Location", ""
    ) in ("", reverse("account_inactive"))
    assert not Session.objects.filter(session_key=key).exists()
    told = Entry.objects.filter(kind="accounts.member", record=str(leaving.pk)).last()
    assert told
    assert (told.act, told.actor) == ("member.end", chief.actor.name)


def test_what_was_theirs_can_go_back_to_the_queue(chief: Member, desk_of_things: Any) -> None:
    leaving = make_member(Role.TRIAGE, chief.agency)
    desk_of_things["a"] = leaving.pk
    client_of(chief).post(reverse("accounts:end", args=[leaving.pk]), {"successor": ""})
    assert desk_of_things == {"a": None}


def test_an_agency_keeps_an_administrator(chief: Member) -> None:
    url = reverse("accounts:end", args=[chief.pk])
    assert client_of(chief).post(url, {}).status_code == 409
    make_member(Role.ADMINISTRATOR, chief.agency)
    assert client_of(chief).post(url, {}).status_code == 302


def test_who_has_two_memberships_keeps_the_other_and_chooses(chief: Member) -> None:
    user = make_member(Role.TRIAGE, chief.agency).user
    with act(TESTER, "test.setup"):
        second = Member.objects.create(user=user, agency=make_agency(), role=Role.ANALYST)
    first = user.members.exclude(pk=second.pk).get()
    client = client_of(second)
    client.post(reverse("accounts:act_as", args=[second.pk]))
    assert second.agency.name in client.get(reverse("accounts:profile")).content.decode()
    client_of(chief).post(reverse("accounts:end", args=[first.pk]), {})
    user.refresh_from_db()
    assert user.is_active
    client = client_of(second)
    assert client.post(reverse("accounts:act_as", args=[first.pk])).status_code == 409


# -- the second factor -----------------------------------------------------------------------------


def test_secrets_are_sealed_and_open_again() -> None:
    member = make_member(Role.TRIAGE)
    kept = second_factor_of(member)
    codes = RecoveryCodes.activate(member.user)
    stored = json.dumps([kept.data, codes.instance.data])
    assert SECRET not in stored
    assert adapters.open_secret(kept.data["secret"]) == SECRET
    assert adapters.open_secret(codes.instance.data["seed"]) not in stored
    assert adapters.open_secret(adapters.rewrap_secret(kept.data["secret"])) == SECRET
    name, wrapped, sealed = kept.data["secret"].split(":")
    with pytest.raises(Exception, match="cannot open"):
        adapters.open_secret(":".join((name, sealed, wrapped)))


def test_password_then_code_and_nothing_in_between() -> None:
    member = make_member(Role.TRIAGE)
    second_factor_of(member)
    client = Client()
    answer = client.post(LOGIN, {"login": member.user.email, "password": PASSWORD})
    assert answer["Location"] == reverse("mfa_authenticate")
    assert LOGIN in client.get(reverse("desk:home"))["Location"]
    client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert LOGIN in client.get(reverse("desk:home"))["Location"]
    client.post(reverse("mfa_authenticate"), {"code": code()})
    assert client.get(reverse("desk:home")).status_code == 200


def test_a_session_without_its_second_factor_is_asked_for_it_and_may_not_set_up_another() -> None:
    member = make_member(Role.TRIAGE)
    second_factor_of(member)
    client = client_of(member, second_factor=False)
    for name in ("desk:home", "mfa_index", "mfa_activate_totp", "mfa_add_webauthn",
                 "mfa_view_recovery_codes", "account_change_password"):  # fmt: skip
        where = client.get(reverse(name))["Location"]
        assert where.startswith(reverse("mfa_reauthenticate")), name
    answer = client.post(
        reverse("mfa_reauthenticate") + f"?next={reverse('desk:home')}", {"code": code()}
    )
    assert answer.status_code == 302
    assert client.get(reverse("desk:home")).status_code == 200


def test_who_gives_up_the_last_one_sets_up_another_first() -> None:
    member = make_member(Role.TRIAGE)
    client, other = client_of(member), client_of(member)
    client.post(reverse("mfa_deactivate_totp"))
    assert not Authenticator.objects.filter(user=member.user).exists()
    assert client.get(reverse("desk:home"))["Location"] == reverse("mfa_index")
    assert LOGIN in other.get(reverse("desk:home"))["Location"]


def test_a_lost_second_factor_is_forgotten_by_the_administrator(chief: Member) -> None:
    member = make_member(Role.TRIAGE, chief.agency)
    theirs = client_of(member)
    client_of(chief).post(reverse("accounts:reset", args=[member.pk]))
    assert not Authenticator.objects.filter(user=member.user).exists()
    assert LOGIN in theirs.get(reverse("desk:home"))["Location"]


# -- lock-out and sessions -------------------------------------------------------------------------


def wrong(email: str, address: str, times: int) -> Any:
    client = Client(REMOTE_ADDR=address)
    for _ in range(times):
        answer = client.post(LOGIN, {"login": email, "password": "not this one at all"})
    return answer


def test_many_wrong_passwords_lock_that_address_and_name_and_nobody_else() -> None:
    member, other = make_member(Role.TRIAGE), make_member(Role.TRIAGE)
    assert wrong(member.user.email, "192.0.2.7", 9).status_code == 429
    right = {"login": member.user.email, "password": PASSWORD}
    assert Client(REMOTE_ADDR="192.0.2.7").post(LOGIN, right).status_code == 429
    # The person themselves, from elsewhere, and others from the same place, come in.
    assert Client(REMOTE_ADDR="192.0.2.8").post(LOGIN, right).status_code == 302
    theirs = {"login": other.user.email, "password": PASSWORD}
    assert Client(REMOTE_ADDR="192.0.2.7").post(LOGIN, theirs).status_code == 302


def test_a_session_ends_after_twelve_hours_whatever_was_done_meanwhile(settings: Any) -> None:
    client = client_of(make_member(Role.TRIAGE))
    assert client.get(reverse("desk:home")).status_code == 200
    session = client.session
    session["began"] = time.time() - settings.HARBORLIGHT_SESSION_AT_MOST - 1
    session.save()
    assert LOGIN in client.get(reverse("desk:home"))["Location"]
    assert not Session.objects.filter(session_key=session.session_key).exists()


def test_a_session_ends_an_hour_after_the_last_page() -> None:
    client = client_of(make_member(Role.TRIAGE))
    client.get(reverse("desk:home"))
    row = Session.objects.get(session_key=client.session.session_key)
    assert 3500 < (row.expire_date - timezone.now()).total_seconds() <= 3600
    row.expire_date = timezone.now()
    row.save()
    assert LOGIN in client.get(reverse("desk:home"))["Location"]


def test_logging_out_kills_the_session_on_the_server() -> None:
    client = client_of(make_member(Role.TRIAGE))
    client.get(reverse("desk:home"))
    stolen = client.cookies["harborlight"].value
    client.post(reverse("account_logout"))
    thief = Client()
    thief.cookies["harborlight"] = stolen
    assert LOGIN in thief.get(reverse("desk:home"))["Location"]


def test_nobody_signs_up() -> None:
    assert Client().get("/account/signup/").status_code == 404
    before = User.objects.count()
    Client().post(reverse("socialaccount_signup"), {"email": "eve@agency.example"})
    assert User.objects.count() == before


def test_a_new_password_by_mail_does_not_pass_the_second_factor() -> None:
    member = make_member(Role.TRIAGE)
    second_factor_of(member)
    client = Client()
    client.post(reverse("account_reset_password"), {"email": member.user.email})
    found = re.search(r"http://testserver(\S+)", str(mail.outbox[-1].body))
    assert found
    form = client.get(found[1], follow=True)
    new = "another long made-up passphrase"
    client.post(form.request["PATH_INFO"], {"password1": new, "password2": new})
    assert client.get(reverse("desk:home")).status_code == 302
    answer = client.post(LOGIN, {"login": member.user.email, "password": new})
    assert answer["Location"] == reverse("mfa_authenticate")
    sent = len(mail.outbox)
    answer = Client().post(reverse("account_reset_password"), {"email": "nobody@agency.example"})
    assert answer["Location"] == reverse("account_reset_password_done")  # as for somebody known
    assert len(mail.outbox) == sent
    assert member.agency.name not in "".join(str(each.body) for each in mail.outbox)
