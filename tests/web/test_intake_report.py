"""A report: sent with no log-in, stored exactly once and sealed, come back to by its receipt."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core import signing
from django.db import connection
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from harborlight.web.accounts.roles import Role
from harborlight.web.audit.acts import act
from harborlight.web.intake import receipts, returning
from harborlight.web.intake.labels import Kind, Status
from harborlight.web.intake.limits import SENDING, TRYING
from harborlight.web.intake.models import Report
from harborlight.web.intake.receiving import Incoming, receive
from people import TESTER, make_agency, make_member

pytestmark = pytest.mark.django_db

CANARY = "zyzzyva-quokka"
CODES = {"danger": "no", "age": "unknown", "category": "other", "language": "en"}


@pytest.fixture(autouse=True)
def no_limits_yet() -> None:
    SENDING.forget()
    TRYING.forget()


def carried(client: Client) -> str:
    """The signed receipt of a fresh form."""
    page = client.get("/reports/").content.decode()
    found = re.search(r'name="form" value="([^"]+)"', page)
    assert found
    return found.group(1)


def send(client: Client, form: str, **fields: Any) -> Any:
    told = {"danger": "no", "observed": f"A {CANARY} at the counter.", **fields}
    return client.post("/reports/", {"form": form, **told})


def receipt_on(response: Any) -> str:
    found = re.search(r"data-receipt>([^<]+)<", response.content.decode())
    assert found, response.content.decode()
    return found.group(1)


def opened(report: Report) -> dict[str, Any]:
    with act(TESTER, "test.read"):
        return report.take()


def test_sent_twice_is_one_report_under_one_receipt() -> None:
    client = Client()
    form = carried(client)
    first, second = send(client, form), send(client, form)
    assert receipt_on(first) == receipt_on(second)
    report = Report.objects.get()
    assert opened(report)["observed"] == f"A {CANARY} at the counter."
    assert report.messages.count() == 0


def test_sent_again_with_changes_loses_nothing() -> None:
    client = Client()
    form = carried(client)
    for _ in range(2):
        send(client, form, observed="first")
        send(client, form, observed="second, 507-555-0142")
    report = Report.objects.get()
    assert opened(report)["observed"] == "first"
    message = report.messages.get()
    assert message.kind == Kind.VERSION
    with act(TESTER, "test.read"):
        assert message.take("version")["version"]["observed"] == "second, 507-555-0142"
    assert list(Report.having("phone", "(507) 555 0142")) == [report]


def test_observed_and_inferred_are_kept_apart() -> None:
    client = Client()
    send(client, carried(client), observed="a van", inferred="I think it is theirs")
    content = opened(Report.objects.get())
    assert (content["observed"], content["inferred"]) == ("a van", "I think it is theirs")


@pytest.mark.parametrize("form", ["", "made-up", signing.dumps("A" * 20, salt="another")])
def test_a_form_that_is_not_ours_is_shown_again_with_what_was_written(form: str) -> None:
    answer = send(Client(), form, observed=CANARY)
    assert answer.status_code == 400
    assert CANARY in answer.content.decode()
    assert Report.objects.count() == 0
    again = re.search(r'name="form" value="([^"]+)"', answer.content.decode())
    assert again
    assert send(Client(), again.group(1)).status_code == 200


def test_what_is_missing_is_said_and_what_was_written_stays() -> None:
    client = Client()
    answer = client.post("/reports/", {"form": carried(client), "observed": CANARY})
    assert answer.status_code == 400
    assert CANARY in answer.content.decode()
    assert Report.objects.count() == 0


def test_the_receipt_is_stored_as_argon2id_alone() -> None:
    client = Client()
    shown = receipt_on(send(client, carried(client)))
    plain = receipts.read(shown)
    report = Report.objects.get()
    assert report.receipt == receipts.kept(plain)
    assert len(report.receipt) == 64
    assert receipts.MEMORY_KIB * receipts.PASSES >= 19 * 1024 * 2  # OWASP's least
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608
            rows = str(cursor.fetchall())
            assert plain not in rows, table
            assert shown not in rows, table


def test_back_with_the_receipt_to_answer_and_withdraw() -> None:
    agency = make_agency(takes_reports=True)
    make_member(Role.TRIAGE, agency)
    client = Client()
    shown = receipt_on(send(client, carried(client), name="Zaphod Xylo", reach="507-555-0143"))
    answer = client.post("/reports/back/", {"receipt": f" {shown.lower().replace('-', ' ')} "})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Nobody has read it yet" in page
    assert CANARY not in page, "the report itself is not shown again"
    ticket = re.search(r'name="form" value="([^"]+)"', page)
    assert ticket
    more = {"receipt": shown, "form": ticket.group(1), "text": "It was a blue car, ABC 123."}
    for _ in range(2):
        assert client.post("/reports/back/more/", more).status_code == 200
    report = Report.objects.get()
    assert report.messages.filter(kind=Kind.ANSWERED).count() == 1
    assert list(Report.having("plate", "abc-123")) == [report]
    assert client.post("/reports/back/withdraw/", {"receipt": shown}).status_code == 400
    assert Report.objects.get().status == Status.NEW
    client.post("/reports/back/withdraw/", {"receipt": shown, "sure": "yes"})
    report = Report.objects.get()
    assert report.status == Status.WITHDRAWN
    content = opened(report)
    assert (content["name"], content["reach"]) == (None, None)
    assert CANARY in content["observed"], "kept until its time, in case somebody is in danger"
    assert report.holdings.get().read is None, "and still has to be read"


def test_receipt_and_content_stand_in_no_url_and_no_cookie() -> None:
    client = Client()
    form = carried(client)
    shown = receipt_on(send(client, form))
    answer = client.post("/reports/back/", {"receipt": shown})
    assert answer.status_code == 200
    kept = str(client.cookies) + str(answer.headers)
    assert shown not in kept
    assert receipts.read(shown) not in kept
    assert set(client.cookies) <= {"csrftoken"}


def test_receipts_cannot_be_tried_without_end() -> None:
    client = Client()
    real = receipt_on(send(client, carried(client)))
    codes = [
        client.post("/reports/back/", {"receipt": receipts.mint()}).status_code for _ in range(15)
    ]
    assert codes == [400] * TRYING.most + [429] * (15 - TRYING.most)
    assert client.post("/reports/back/", {"receipt": real}).status_code == 429
    # Another address is not held up by it.
    other = Client(REMOTE_ADDR="192.0.2.7")
    assert other.post("/reports/back/", {"receipt": real}).status_code == 200


def test_too_many_reports_from_one_address_wait_and_lose_nothing() -> None:
    client = Client()
    for _ in range(SENDING.most):
        SENDING.count(client.get("/reports/").wsgi_request)
    form = carried(client)
    answer = send(client, form)
    assert answer.status_code == 429
    assert CANARY in answer.content.decode()
    assert Report.objects.count() == 0
    SENDING.forget()
    assert send(client, form).status_code == 200


receipts_text = st.text(alphabet=receipts.ALPHABET, min_size=20, max_size=20)


@given(receipts_text, st.data())
def test_any_way_to_type_a_receipt_reads_the_same(receipt: str, data: st.DataObject) -> None:
    typed = receipts.shown(receipt)
    typed = "".join(
        data.draw(st.sampled_from([each, each.lower(), f"{each} ", *more(each)])) for each in typed
    )
    assert receipts.read(typed) == receipt


def more(each: str) -> list[str]:
    return {"0": ["o", "O"], "1": ["l", "I"], "-": ["", " ", "--"]}.get(each, [])


@given(receipts_text)
@settings(max_examples=50)
def test_what_the_form_carries_is_read_back_and_cannot_be_changed(receipt: str) -> None:
    form = receipts.signed(receipt)
    assert receipts.unsigned(form) == receipt
    for changed in (form[:-1], "A" + form, form.replace(":", ".", 1)):
        with pytest.raises(receipts.NoReceipt):
            receipts.unsigned(changed)


def test_receipts_have_a_hundred_bits_and_do_not_repeat() -> None:
    many = {receipts.mint() for _ in range(2000)}
    assert len(many) == 2000
    used = set("".join(many))
    assert used == set(receipts.ALPHABET)
    assert len(receipts.ALPHABET) ** receipts.LENGTH == 2**100


contents = st.fixed_dictionaries(
    {"observed": st.text(min_size=1, max_size=50)},
    optional={"inferred": st.text(max_size=20), "where": st.text(max_size=20)},
)


class ExactlyOnce(TestCase):
    """Whatever is sent how often under which receipts: each receipt is one report, each content
    that was sent under it is there once."""

    @given(
        st.lists(st.tuples(st.integers(0, 2), st.sampled_from([0, 1, 2])), min_size=1, max_size=8),
        st.lists(contents, min_size=3, max_size=3, unique_by=str),
    )
    @settings(max_examples=12, deadline=None)
    def test_any_order_of_sending(self, sent: Any, texts: Any) -> None:
        minted = [receipts.mint() for _ in range(3)]
        before = Report.objects.count()
        for which, what in sent:
            receive(minted[which], Incoming(content=texts[what], codes=dict(CODES)))
        assert Report.objects.count() - before == len({which for which, _ in sent})
        for which in {which for which, _ in sent}:
            report = returning.find(minted[which])
            assert report is not None
            wanted = {str(sorted(texts[what].items())) for w, what in sent if w == which}
            assert 1 + report.messages.count() == len(wanted)
            with act(TESTER, "test.read"):
                held = [report.take()] + [
                    each.take("version")["version"] for each in report.messages.all()
                ]
            names = ("observed", "inferred", "where")
            told = {
                str(sorted((n, each[n]) for n in names if each.get(n) is not None)) for each in held
            }
            assert told == wanted
