"""Mails say that something waits, and nothing of what it is; none is lost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone

from harborlight.web.accounts.roles import Role
from harborlight.web.audit.acts import act
from harborlight.web.notices import telling
from harborlight.web.notices.models import Notice
from people import TESTER, make_member

pytestmark = pytest.mark.django_db

WHOLE = {
    "en": "Something waits in Harborlight\nA report waits for you.\n\n"
    "Log in to Harborlight to see it. For everybody's safety this mail says no more.",
    "es": "Algo espera en Harborlight\nUn reporte espera por usted.\n\n"
    "Inicie sesión en Harborlight para verlo. Por la seguridad de todos, este correo no dice más.",
}


@pytest.mark.parametrize("language", WHOLE)
def test_a_mail_is_these_words_and_no_others(language: str) -> None:
    member = make_member(Role.TRIAGE)
    member.user.language = language
    member.user.save()
    telling.tell(member, "report")
    assert telling.send_due() == 1
    (sent,) = mail.outbox
    assert f"{sent.subject}\n{sent.body}" == WHOLE[language]
    assert sent.to == [member.user.email]
    assert not sent.attachments
    assert telling.send_due() == 0


def test_ten_of_a_kind_are_one_mail() -> None:
    member = make_member(Role.TRIAGE)
    for _ in range(10):
        telling.tell(member, "report")
    telling.tell(member, "late_report")
    assert telling.send_due() == 2


def test_a_mail_server_that_is_down_loses_none(settings: pytest.FixtureRequest) -> None:
    member = make_member(Role.TRIAGE)
    telling.tell(member, "report")
    settings.EMAIL_BACKEND = "test_notices.Down"  # type: ignore[attr-defined]
    assert telling.send_due() == 0
    notice = Notice.objects.get()
    assert notice.sent_at is None
    assert notice.next_try > timezone.now()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"  # type: ignore[attr-defined]
    assert telling.send_due() == 0  # not yet
    Notice.objects.update(next_try=timezone.now() - timedelta(seconds=1))
    assert telling.send_due() == 1


class Down(EmailBackend):
    """A mail server that cannot be reached."""

    def send_messages(self, messages: object) -> int:
        raise ConnectionRefusedError("somebody@agency.example")


def test_an_unknown_kind_is_an_error_and_who_left_gets_none() -> None:
    member = make_member(Role.TRIAGE)
    with pytest.raises(KeyError):
        telling.tell(member, "content of a report")
    with act(TESTER, "test.end"):
        member.until = timezone.now()
        member.save()
    telling.tell(member, "report")
    assert not Notice.objects.exists()
    assert telling.tell_role(member.agency, Role.TRIAGE, "report") == 0
