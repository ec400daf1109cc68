"""Forms of our own pages are taken under our own referrer policy; forged ones are not."""

from __future__ import annotations

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("headers", "token", "code"),
    [
        ({"Origin": "null", "Sec-Fetch-Site": "same-origin"}, True, 400),
        ({"Origin": "null"}, True, 400),
        ({"Origin": "http://testserver"}, True, 400),
        ({"Origin": "null", "Sec-Fetch-Site": "same-origin"}, False, 403),
        ({"Origin": "null"}, False, 403),
        ({"Origin": "null", "Sec-Fetch-Site": "cross-site"}, True, 403),
        ({"Origin": "null", "Sec-Fetch-Site": "same-site"}, True, 403),
        ({"Origin": "https://elsewhere.example"}, True, 403),
    ],
)
def test_a_form_is_taken_from_our_own_pages_alone(
    headers: dict[str, str], token: bool, code: int
) -> None:
    """400 is the form's own answer to an empty form: the check was passed."""
    client = Client(enforce_csrf_checks=True)
    page = client.get("/reports/").content.decode()
    given = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    sent = {"csrfmiddlewaretoken": given} if token else {}
    assert client.post("/reports/", sent, headers=headers).status_code == code
