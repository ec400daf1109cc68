"""Single sign-on, in a real browser, through a real issuer of OpenID Connect: it says who somebody
is, and no more. Who is not known here stays outside, and the second factor is given here."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from typing import NamedTuple

import pytest
from oidc_provider_mock import run_server_in_thread  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page, expect
from test_accounts_browser import code

from accessible import is_accessible
from browsing import follow
from real_site import Site, free_port

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:authlib")
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # noqa: S105 - of `people`

SET_UP = """
from harborlight.web.accounts import people
from harborlight.web.accounts.models import Member, User
from harborlight.web.accounts.roles import Role
from people import TESTER, make_agency, make_member, second_factor_of
from harborlight.web.audit.acts import act
agency = make_agency(name="Agency with a log-in of its own")
for name in ("ready", "new", "unverified", "worded", "left"):
    member = make_member(Role.ANALYST, agency)
    User.objects.filter(pk=member.user_id).update(email=f"{name}@agency.example")
    if name != "new":
        second_factor_of(member)
with act(TESTER, "test.setup"):
    people.end(Member.objects.get(pk=member.pk), None)
    people.invite(Member.objects.first(), agency, "invited@agency.example", Role.ANALYST)
"""
KNOWN = """
import json
from allauth.socialaccount.models import SocialAccount
from harborlight.web.accounts.models import User
print(json.dumps({
    "users": sorted(User.objects.values_list("email", flat=True)),
    "linked": [
        [each.user.email, each.uid, each.extra_data] for each in SocialAccount.objects.all()
    ],
}))
"""


class Issued(NamedTuple):
    """A site, and the issuer that it trusts."""

    site: Site
    issuer: str


@pytest.fixture(scope="module")
def issued(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Issued]:
    port = free_port()
    with run_server_in_thread(require_client_registration=True) as server:
        issuer = f"http://localhost:{server.server_port}"
        back = f"http://localhost:{port}/account/sso/agency/login/callback/"
        client = tell(issuer, "/oauth2/clients", {"redirect_uris": [back]})
        site = Site(
            tmp_path_factory.mktemp("sso") / "home",
            port=port,
            more={
                "HARBORLIGHT_OIDC_URL": issuer,
                "HARBORLIGHT_OIDC_CLIENT": client["client_id"],
                "HARBORLIGHT_OIDC_SECRET": client["client_secret"],
                "HARBORLIGHT_OIDC_NAME": "Blue Earth County",
                # This issuer takes it so, and does not say it.
                "HARBORLIGHT_OIDC_AUTH": "client_secret_basic",
            },
        )
        site.start()
        try:
            site.run(SET_UP)
            yield Issued(site, issuer)
        finally:
            site.stop()


def tell(
    issuer: str, path: str, content: dict[str, object], method: str = "POST"
) -> dict[str, str]:
    """Tell the issuer something, in JSON."""
    request = urllib.request.Request(  # noqa: S310
        issuer + path,
        json.dumps(content).encode(),
        {"Content-Type": "application/json"},
        method=method,
    )
    with urllib.request.urlopen(request) as answer:  # noqa: S310
        return dict(json.loads(answer.read() or b"{}"))


def known_to(issuer: str, name: str, verified: object, email: str = "") -> None:
    """Somebody whom the issuer knows, with what it says of the address."""
    claims = {"email": email or f"{name}@agency.example", "email_verified": verified}
    tell(issuer, f"/users/{name}", {**claims, "name": "Made Up", "birthdate": "1990-01-01"}, "PUT")


def log_in(issued: Issued, page: Page, name: str) -> None:
    """From the site's log-in to the issuer, and back."""
    page.context.clear_cookies()
    page.goto(f"{issued.site.url}/account/login/")
    follow(page.get_by_role("button", name="Blue Earth County"))
    page.wait_for_url(f"{issued.issuer}/**")
    page.locator('input[name="sub"]').fill(name)
    follow(page.get_by_role("button", name="Authorize"))


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(locale="en-US")
    yield context.new_page()
    context.close()


def test_who_is_known_gives_the_second_factor_all_the_same(issued: Issued, page: Page) -> None:
    site, issuer = issued
    known_to(issuer, "ready", True)
    log_in(issued, page, "ready")
    expect(page.get_by_label("Code")).to_be_visible()
    is_accessible(page)
    page.goto(f"{site.url}/today/")
    assert "/account/2fa/authenticate/" in page.url
    page.get_by_label("Code").fill(code(SECRET))
    follow(page.get_by_role("button", name="Log in"))
    expect(page.get_by_role("heading", level=1)).to_have_text("What waits for you today")
    (linked,) = json.loads(site.run(KNOWN))["linked"]
    assert linked == ["ready@agency.example", "ready", {}], "no more is kept than who it is"


def test_who_has_no_second_factor_sets_one_up_before_any_page(issued: Issued, page: Page) -> None:
    known_to(issued.issuer, "new", True)
    log_in(issued, page, "new")
    page.wait_for_url("**/account/2fa/")
    page.goto(f"{issued.site.url}/today/")
    assert page.url.endswith("/account/2fa/")


def test_who_is_not_known_here_stays_outside(issued: Issued, page: Page) -> None:
    site, issuer = issued
    before = json.loads(site.run(KNOWN))
    known_to(issuer, "stranger", True)
    known_to(issuer, "invited", True)  # and has not joined: the link alone opens the door
    known_to(issuer, "unverified", False)
    known_to(issuer, "worded", "false")
    known_to(issuer, "left", True)
    for name in ("stranger", "invited", "unverified", "worded", "left"):
        log_in(issued, page, name)
        page.wait_for_url(f"{site.url}/**")
        told = page.get_by_role("heading", level=1).inner_text()
        assert told == "People are invited here", name
        is_accessible(page)
        page.goto(f"{site.url}/today/")
        assert "/account/login/" in page.url, name
    after = json.loads(site.run(KNOWN))
    assert after == before


def test_a_log_in_that_fails_is_told_and_no_error(issued: Issued, page: Page) -> None:
    site = issued.site
    page.goto(f"{site.url}/account/login/")
    follow(page.get_by_role("button", name="Blue Earth County"))
    follow(page.get_by_role("button", name="Deny"))
    page.wait_for_url(f"{site.url}/**")
    assert "log-in" in page.get_by_role("heading", level=1).inner_text()
    forged = page.goto(f"{site.url}/account/sso/agency/login/callback/?code=made-up&state=made-up")
    assert forged is not None
    assert forged.status < 500
    page.goto(f"{site.url}/today/")
    assert "/account/login/" in page.url
