"""Certificates: a paper that can be read, a code that anybody can ask about, and no name."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

import courses_world as world
from harborlight.web.accounts.models import Member
from harborlight.web.accounts.roles import Role
from harborlight.web.audit.acts import act
from harborlight.web.audit.models import Entry
from harborlight.web.training import certificates, taking, views
from harborlight.web.training.models import Certificate
from people import TESTER, client_of, make_member

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _courses() -> Iterator[None]:
    views.ASKING.forget()
    with world.small_courses():
        yield


@pytest.fixture
def certificate() -> Certificate:
    crew = make_member(Role.CREW)
    person = world.make_person(crew.agency, "1", "Ångström Nuñez")
    return world.finished(person).certificate


def ask(code: str, name: str = "") -> tuple[int, str]:
    answer = Client().post("/training/certificate/", {"code": code, "name": name})
    return answer.status_code, answer.content.decode()


def test_a_code_says_course_airline_and_days_and_no_name(certificate: Certificate) -> None:
    status, shown = ask(str(certificate).lower())
    assert status == 200
    assert "It holds." in shown
    for told in ("Small cabin course", certificate.agency.name, str(certificate.expires_on)):
        assert told in shown
    assert "Nuñez" not in shown
    assert not Entry.objects.filter(act="training.verify").exists()  # nothing was opened


def test_a_name_that_is_typed_is_compared_and_that_is_in_the_audit(
    certificate: Certificate,
) -> None:
    assert "The name is the one" in ask(certificate.code, " angstrom  NUNEZ ")[1]
    shown = ask(certificate.code, "Angstrom")[1]
    assert "The name is not the one" in shown
    assert "Nuñez" not in shown
    entries = Entry.objects.filter(act="training.verify", operation="read")
    assert [each.actor for each in entries] == ["reporter", "reporter"]


def test_an_expired_one_and_one_that_is_not_there(certificate: Certificate) -> None:
    long_ago = timezone.localdate() - timedelta(days=400)
    trainer = make_member(Role.TRAINER, certificate.agency)
    with act(TESTER, "test.setup"):
        old = taking.record(certificate.person, world.course(), long_ago, Decimal(100), trainer)
    assert "It has expired." in ask(old.certificate.code)[1]
    for code in ("0" * 20, "x", "💥" * 20, certificate.code[:-1]):
        assert "There is no certificate with this code." in ask(code)[1], code


def test_a_certificate_holds_through_its_last_day(certificate: Certificate) -> None:
    trainer = make_member(Role.TRAINER, certificate.agency)
    for days, state in ((365, "valid"), (366, "expired")):
        with act(TESTER, "test.setup"):
            day = timezone.localdate() - timedelta(days=days)
            old = taking.record(certificate.person, world.course(), day, Decimal(100), trainer)
        assert certificates.verify(old.certificate.code).state == state


def test_codes_cannot_be_tried_through(certificate: Certificate) -> None:
    told = {ask("0" * 20)[0] for _try in range(20)}
    assert told == {200}
    status, shown = ask(certificate.code)
    assert status == 429
    assert "It holds." not in shown


@given(st.text(alphabet=certificates.ALPHABET, min_size=20, max_size=20), st.integers(1, 6))
def test_a_code_is_read_however_it_is_grouped(code: str, size: int) -> None:
    grouped = " - ".join(code[at : at + size] for at in range(0, 20, size))
    assert certificates.read(grouped.lower()) == code
    assert certificates.read(code.replace("1", "l").replace("0", "o")) == code
    assert certificates.read(code[1:]) == ""


def text_of(pdf: bytes) -> str:
    pages = PdfReader(io.BytesIO(pdf)).pages
    assert len(pages) == 1
    return " ".join(pages[0].extract_text().split())


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_paper_says_who_what_and_when(certificate: Certificate, language: str) -> None:
    with translation.override(language), act(TESTER, "test.read"):
        paper = certificates.paper(certificate, "https://site.example/training/certificate/")
        again = certificates.paper(certificate, "https://site.example/training/certificate/")
    assert paper == again
    told = text_of(paper)
    for part in (
        "Ångström Nuñez", certificate.agency.name, str(certificate),
        certificate.expires_on.isoformat(), "https://site.example/training/certificate/",
        {"en": "Small cabin course", "es": "Curso cabin"}[language],
        {"en": "Certificate of training", "es": "Certificado de capacitación"}[language],
    ):  # fmt: skip
        assert part in told


def test_letters_that_the_typeface_has_not_lose_their_marks(certificate: Certificate) -> None:
    with act(TESTER, "test.setup"):
        certificate.person.put(name="Nguyễn 李 Łukasz " + "x" * 150)
        certificate.person.save()
        told = text_of(certificates.paper(certificate, "here"))
    assert re.search(r"Nguy.n \? Łukasz", told)
    assert "\ufffd" not in told


def test_by_the_page_a_trainer_gets_those_of_the_airline(certificate: Certificate) -> None:
    def status(member: Member) -> int:
        return client_of(member).get(f"/training/certificate/{certificate.pk}/").status_code

    assert status(make_member(Role.TRAINER, certificate.agency)) == 200
    assert status(make_member(Role.TRAINER)) == 404
    assert status(make_member(Role.CREW, certificate.agency)) == 404
