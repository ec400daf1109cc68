"""What is confidential leaves in no answer: generated requests, raw bytes searched for canaries."""

from __future__ import annotations

import ast
import base64
import gzip
import json
import logging
import random
import re
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.test import Client

from canaries import found_in
from harborlight.web import directory
from harborlight.web.accounts.models import Agency, Member
from harborlight.web.accounts.roles import AgencyKind, Role
from harborlight.web.audit.acts import act
from harborlight.web.audit.models import Entry
from harborlight.web.directory.api import KINDS
from harborlight.web.directory.keeping import bring_in
from harborlight.web.directory.models import Hidden, Offer, Record, Reject, View
from harborlight.web.directory.unpack import unpack
from people import TESTER, client_of, make_agency, make_member

pytestmark = pytest.mark.django_db
WALLS = [(View.PARTNER, View.STAFF), (View.CALLER, View.PARTNER), (View.STAFF, View.STAFF)]


@dataclass
class Town:
    """A directory of made-up providers, the secrets in it, and who may have which."""

    agencies: list[Agency] = field(default_factory=list)
    secrets: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Canary: (the first view that may have it, the agency whose own it is)."""
    keys: list[str] = field(default_factory=list)
    clients: list[tuple[View, int | None, Client]] = field(default_factory=list)


def key(seed: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_DNS, seed))


def confidential(n: int, walls: tuple[View, View], salt: str) -> tuple[Any, dict[str, View]]:
    """A service at a confidential location whose every field holds a canary of its own."""
    secret: dict[str, View] = {}
    phone_to, address_to = walls

    def hidden(name: str, to: View = address_to) -> str:
        canary = f"Ñandú{salt}{name}{n}"
        secret[canary] = to
        return canary

    number = f"507555{1000 + n * 37 + (4000 if salt else 0):04d}"
    secret[number] = phone_to
    street = f"{n + 1}7 {salt}Ölbaum{n} Street"
    secret[street.rsplit(" ", 1)[0]] = address_to
    lat = round(44.0 + n * 0.01 + (0.0071234 if salt else 0.0051239), 7)
    lon = round(-93.9 - n * 0.01 - (0.0031239 if salt else 0.0061234), 7)
    secret[str(lat)] = address_to
    secret[str(lon)] = address_to
    location = {
        "id": key(f"location {n}"),
        "location_type": "physical",
        "name": hidden("name"),
        "description": hidden("description"),
        "transportation": hidden("bus"),
        "url": f"https://{quote(hidden('url').lower())}.example/",
        "latitude": lat,
        "longitude": lon,
        "x_harborlight": {"confidential": True, "phone_to": phone_to.name.lower(),
                          "address_to": address_to.name.lower()},
        "addresses": [{
            "id": key(f"address {n}"), "attention": hidden("attention"), "address_1": street,
            "address_2": hidden("second"), "city": hidden("city"), "state_province": "MN",
            "postal_code": hidden("postal"), "country": "US", "address_type": "physical",
            "attributes": [{"id": key(f"attribute {n}"), "value": hidden("attribute"),
                            "taxonomy_term": {"id": key("term"), "name": "A term",
                                              "description": "A term", "taxonomy": "T"}}],
            "metadata": [{
                "id": key(f"metadata {n}"), "last_action_date": "2026-01-01",
                "last_action_type": "update", "field_name": "address_1",
                "previous_value": hidden("previous"), "replacement_value": street,
                "updated_by": hidden("updater")}],
        }],
        "phones": [{"id": key(f"phone {n}"), "number": number,
                    "description": hidden("phone", phone_to)}],
        "contacts": [{"id": key(f"contact {n}"), "name": hidden("contact", phone_to),
                      "email": f"{quote(hidden('mail', phone_to).lower())}@agency.example",
                      "phones": [{"id": key(f"contact phone {n}"), "number": number}]}],
        "schedules": [{"id": key(f"schedule {n}"), "description": hidden("schedule")}],
        "accessibility": [{"id": key(f"access {n}"), "description": hidden("access")}],
    }  # fmt: skip
    service = {
        "id": key(f"service {n}"),
        "name": f"Safe place {n}",
        "description": "A place to stay. Call first.",
        "status": "active",
        "email": "help@agency.example",
        "x_harborlight": {"categories": ["Housing Services"], "town": "Mankato, MN",
                          "counties": ["Blue Earth"], "pets": True},
        "phones": [{"id": key(f"open phone {n}"), "number": f"612-555-01{n:02d}"}],
        "capacities": [{"id": key(f"capacity {n}"), "available": 3, "maximum": 9,
                        "updated": "2026-11-20T10:00:00Z",
                        "unit": {"id": key("unit"), "name": "Bed"}}],
        "organization": {"id": key(f"organization {n}"), "name": f"House {n}",
                         "description": "Helps."},
        "service_at_locations": [{
            "id": key(f"joined {n}"), "description": hidden("joined"), "location": location,
            "phones": [{"id": key(f"joined phone {n}"), "number": number}]}],
    }  # fmt: skip
    return service, secret


def open_service(n: int) -> Any:
    return {
        "id": key(f"open {n}"), "name": f"Open door {n}", "status": "active",
        "description": "Food and clothes.",
        "x_harborlight": {"categories": ["Basic Necessities"], "counties": ["Nicollet"]},
        "phones": [{"id": key(f"open door phone {n}"), "number": f"507-555-01{n + 50}"}],
        "service_at_locations": [{"id": key(f"open joined {n}"), "location": {
            "id": key(f"open location {n}"), "location_type": "physical", "name": "Hall",
            "latitude": 44.32, "longitude": -93.95,
            "x_harborlight": {"confidential": False},
            "addresses": [{"id": key(f"open address {n}"), "address_1": f"{n} Main Street",
                           "city": "Saint Peter", "state_province": "MN", "postal_code": "56082",
                           "country": "US", "address_type": "physical"}]}}],
    }  # fmt: skip


def fill(town: Town, salt: str) -> None:
    """(Re)write the confidential entries, each with the secrets of this salt."""
    town.secrets.clear()
    for n, agency in enumerate(town.agencies):
        service, secret = confidential(n, WALLS[n % len(WALLS)], salt)
        content = json.dumps([service, open_service(n)]).encode()
        with act(TESTER, "test.setup"):
            done = bring_in(unpack("a.json", content), agency)
        assert (done.rejected, done.sealed) == (0, 0), list(
            Reject.objects.values("place", "reason")
        )
        town.secrets.update({canary: (to, agency.pk) for canary, to in secret.items()})


def build() -> Town:
    town = Town([make_agency(AgencyKind.PROVIDER) for _ in range(3)])
    fill(town, "")
    town.keys = list(Record.objects.values_list("key", flat=True))
    members: list[tuple[View, Member | None]] = [
        (View.PUBLIC, None),
        (View.PUBLIC, make_member(Role.CREW)),
        (View.CALLER, make_member(Role.INVESTIGATOR)),
        (View.PARTNER, make_member(Role.NAVIGATOR)),
        (View.STAFF, make_member(Role.PROVIDER, town.agencies[0])),
    ]
    for view, member in members:
        home = member.agency_id if member and view is View.STAFF else None
        client = client_of(member)
        client.raise_request_exception = False
        town.clients.append((view, home, client))
    return town


def may_have(view: View, home: int | None, to: int, agency: int) -> bool:
    if home == agency:
        return True
    # A provider is a partner of the others.
    return to <= min(view, View.PARTNER)


def generated(draw: random.Random, town: Town) -> tuple[str, dict[str, str], str, dict[str, str]]:
    """One request: its path, its parameters, its method and its headers."""
    secrets = list(town.secrets)

    def word() -> str:
        secret = draw.choice(secrets)
        forms = [secret, secret.lower(), secret.split(" ")[0], secret[:6], quote(secret), "safe",
                 "mankato", "open", base64.b64encode(secret.encode()).decode(), "%", "_", "'",
                 ]  # fmt: skip
        return draw.choice(forms)

    base = draw.choice(["/directory/hsds", "/directory/member/hsds"])
    kind = draw.choice(list(KINDS))
    path = draw.choice(
        [
            f"{base}/{kind}",
            f"{base}/{kind}/{draw.choice(town.keys)}",
            f"{base}/",
            *PAGES(draw, town),
        ]
    )
    asked: dict[str, str] = {}
    for name, values in {
        "search": [word()], "q": [word()], "page": ["1", "2", "0", "x"],
        "per_page": ["1", "50", "-1"], "format": ["json", "ndjson", "csv", word()],
        "full": ["true", "false", word()], "full_service": ["true"], "minimal": ["true"],
        "modified_after": ["2020-01-01T00:00:00Z", word()], "postcode": [word(), "56082"],
        "proximity": ["500", word()], "organization_id": [draw.choice(town.keys), word()],
        "taxonomy_term_id": [key("term"), word()], "taxonomy_id": [word()],
        "parent_id": [word()], "top_only": ["true"], "county": ["Blue Earth", word()],
        "need": ["Housing Services", word()], "language": ["es", word()], "near": [word(), "56001"],
        word(): [word()],
    }.items():  # fmt: skip
        if draw.random() < 0.25:
            asked[name] = draw.choice(values)
    headers = {}
    if draw.random() < 0.3:
        headers["Accept-Encoding"] = "gzip, deflate, br"
    if draw.random() < 0.2:
        headers["If-None-Match"] = f'"{word().encode("ascii", "ignore").decode()}"'
    if draw.random() < 0.2:
        headers["Accept-Language"] = "es"
    return path, asked, draw.choice(["get", "get", "get", "post", "head"]), headers


def PAGES(draw: random.Random, town: Town) -> list[str]:  # noqa: N802
    """The pages of the directory that one looks at."""
    one = draw.choice(town.keys)
    number = draw.choice(list(Record.objects.values_list("pk", flat=True)[:80]))
    base = "/directory"
    return [f"{base}/", f"{base}/services/{one}/", f"{base}/towns.svg", f"{base}/look/",
            f"{base}/look/{one}/", f"{base}/look/towns.svg", f"{base}/package/",
            f"{base}/own/", f"{base}/own/{number}/", f"{base}/own/{number}/walls/",
            "/desk/search/", "/search/", f"{base}/services/{key('service 0')}/",
            f"{base}/look/{key('service 0')}/", f"{base}/look/{key('service 1')}/"]  # fmt: skip


def ask(client: Client, path: str, asked: dict[str, str], method: str, headers: Any) -> Any:
    url = f"{path}?{urlencode(asked)}" if asked else path
    return getattr(client, method)(url, headers=headers)


def whole(answer: Any) -> bytes:
    """Every byte that leaves: the status line's reason, headers, and the body."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    head = "\n".join(f"{name}: {value}" for name, value in answer.items())
    if answer.headers.get("Content-Encoding") == "gzip":
        body = gzip.decompress(body)
    return body if body[:2] == b"PK" else head.encode() + b"\n\n" + body


def never_leaves(town: Town, count: int, seed: int, caplog: pytest.LogCaptureFixture) -> None:
    draw = random.Random(seed)
    statuses: dict[int, int] = {}
    had = 0
    for _ in range(count):
        view, home, client = draw.choice(town.clients)
        path, asked, method, headers = generated(draw, town)
        caplog.clear()
        answer = ask(client, path, asked, method, headers)
        statuses[answer.status_code] = statuses.get(answer.status_code, 0) + 1
        assert answer.status_code < 500, (path, asked)
        given = urlencode(asked)
        content = whole(answer)
        logged = caplog.text
        for canary in found_in(content, town.secrets):
            to, agency = town.secrets[canary]
            if may_have(view, home, to, agency):
                had += 1
                continue
            # On a page, what the asker wrote may be written back to them.
            told = f"{canary} reached {view.name} by {method} {path}?{given}"
            assert found_in(given.encode(), [canary]), told
            assert answer.status_code != 200 or "/hsds" not in path, told
        written = f"{path}?{given}".encode()
        leaked = [c for c in found_in(logged.encode(), town.secrets) if c not in
                  found_in(written, [c])]  # fmt: skip
        assert not leaked, "in the log"
    assert statuses.get(200, 0) > count / 4, statuses
    assert had > count / 200, "those who may, never saw any: the search for canaries is blind"


def test_no_secret_leaves(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    never_leaves(build(), 400, 1, caplog)


@pytest.mark.proof
def test_no_secret_leaves_in_ten_thousand_requests(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    never_leaves(build(), 10_000, 2, caplog)


def test_answers_do_not_depend_on_secrets() -> None:
    """Not in order, count, length or any header: with other secrets, the same bytes."""
    town = build()
    draw = random.Random(3)
    asked = [(generated(draw, town), draw.choice(town.clients[:3])) for _ in range(150)]

    def answers() -> list[bytes]:
        return [
            b"%d " % (answer := ask(client, *request)).status_code + _steady(whole(answer))
            for request, (view, _, client) in asked
            if view is View.PUBLIC
        ]

    before = answers()
    fill(town, "Other")
    after = answers()
    assert len(before) > 50
    assert before == after


def _steady(content: bytes) -> bytes:
    """Without what differs from answer to answer anyhow: cookies and tokens of forms."""
    content = re.sub(rb"(?i)set-cookie: [^\n]*\n", b"", content)
    return re.sub(rb'name="csrfmiddlewaretoken" value="[^"]*"', b"", content)


def test_nothing_confidential_is_in_the_database_unsealed(tmp_path: Path) -> None:
    town = build()
    for model in (Record, Hidden, Offer, Reject, Entry):
        for row in model.objects.all():
            text = "\n".join(str(getattr(row, f.attname)) for f in row._meta.concrete_fields)
            assert found_in(text.encode(), town.secrets) == [], (model, row.pk)


def test_text_that_gives_an_address_away_is_sealed() -> None:
    town = build()
    agency = town.agencies[0]
    street = next(s for s in town.secrets if "Ölbaum" in s)
    service = {**open_service(9), "description": f"Come to {street.upper()} St., second floor"}
    with act(TESTER, "test.setup"):
        done = bring_in(unpack("a.json", json.dumps(service).encode()), agency)
    assert done.sealed == 1
    assert not Offer.objects.filter(name="Open door 9").exists()
    answer = Client().get("/directory/hsds/services", {"search": "second floor"})
    assert answer.json()["total_items"] == 0
    service["description"] = "Come in"
    with act(TESTER, "test.setup"):
        done = bring_in(unpack("a.json", json.dumps(service).encode()), agency)
    assert done.sealed == 0
    assert Offer.objects.filter(name="Open door 9").exists()


def test_only_the_projection_opens_what_is_sealed() -> None:
    """`Hidden` is named in three modules alone: where it is, where it is written, and the door."""
    folder = Path(directory.__file__).parent
    may = {"models.py", "keeping.py", "projection.py"}
    looked = 0
    for file in [*folder.rglob("*.py"), *(folder.parent / "referral").rglob("*.py")]:
        if file.name in may or file.parent.name == "migrations":
            continue
        looked += 1
        names = {node.id for node in ast.walk(ast.parse(file.read_text("utf-8")))
                 if isinstance(node, ast.Name)}  # fmt: skip
        names |= {node.attr for node in ast.walk(ast.parse(file.read_text("utf-8")))
                  if isinstance(node, ast.Attribute)}  # fmt: skip
        assert not names & {"Hidden", "hidden", "_content", "unseal"}, file
    assert looked > 8
