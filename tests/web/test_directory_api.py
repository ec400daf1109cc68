"""The HSDS API under generated requests (schemathesis), and what it says of wrong ones."""

from __future__ import annotations

import contextlib
import json
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from harborlight.web.accounts.roles import AgencyKind
from harborlight.web.audit.acts import act
from harborlight.web.directory.keeping import bring_in
from harborlight.web.directory.unpack import unpack
from people import TESTER, make_agency

pytestmark = pytest.mark.django_db
BASE = "/directory/hsds"


@pytest.fixture
def api() -> Iterator[Any]:
    """The description that the site itself serves, and a few services behind it."""
    services = [
        {
            "id": str(uuid.uuid5(uuid.NAMESPACE_DNS, f"service {n}")),
            "name": f"Service {n}",
            "status": "active",
            "last_modified": f"2026-01-0{n + 1}T00:00:00Z",
            "organization": {
                "id": str(uuid.uuid5(uuid.NAMESPACE_DNS, "organization")),
                "name": "House",
                "description": "Helps",
            },
        }
        for n in range(5)
    ]
    with act(TESTER, "test.setup"):
        bring_in(unpack("a.json", json.dumps(services).encode()), make_agency(AgencyKind.PROVIDER))
    # As Django's own client does: what is asked here is asked within the test's transaction.
    signals = (request_started, request_finished)
    for each in signals:
        each.disconnect(close_old_connections)
    yield schemathesis.openapi.from_wsgi(f"{BASE}/openapi.json", get_wsgi_application())
    for each in signals:
        each.connect(close_old_connections)


def test_no_generated_request_breaks_it(api: Any) -> None:
    asked = 0

    def check(case: Any) -> None:
        nonlocal asked
        asked += 1
        answer = case.call()
        assert answer.status_code in (200, 400, 404, 405), case.as_curl_command()
        # That of a path outside of the API is a page; every answer of the API is as described.
        if answer.headers["content-type"][0].startswith("application/json"):
            # A date that HSDS allows as text and no calendar has is 400, and that is right.
            case.validate_response(answer, excluded_checks=[positive_data_acceptance])

    for operation in api.get_all_operations():
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            strategy = operation.ok().as_strategy(generation_mode=mode)
            patient = settings(
                max_examples=15,
                deadline=None,
                derandomize=True,
                database=None,
                suppress_health_check=list(HealthCheck),
            )
            with contextlib.suppress(Unsatisfiable):
                patient(given(case=strategy)(check))()
    assert asked > 200


def found(query: str) -> list[str]:
    page = Client().get(f"{BASE}/services?{query}").json()
    return [each["name"] for each in page["contents"]]


def test_filters_combine(api: Any) -> None:
    organization = uuid.uuid5(uuid.NAMESPACE_DNS, "organization")
    assert found("search=service") == [f"Service {n}" for n in range(5)]
    assert found("search=service+3") == ["Service 3"]
    assert found("search=house+3") == ["Service 3"]
    assert found("modified_after=2026-01-04T00:00:00Z") == ["Service 3", "Service 4"]
    assert found(f"organization_id={organization}&modified_after=2026-01-05") == ["Service 4"]
    assert found(f"organization_id={uuid.uuid4()}") == []
    assert found("per_page=2&page=3") == ["Service 4"]


@pytest.mark.parametrize(
    "query",
    ["page=0", "page=x", "per_page=-1", "format=xml", "full=maybe", "modified_after=yesterday",
     "search=%00"],
)  # fmt: skip
def test_what_cannot_be_answered_is_said(api: Any, query: str) -> None:
    answer = Client().get(f"{BASE}/services?{query}")
    assert answer.status_code == 400
    assert answer.json()["detail"]
