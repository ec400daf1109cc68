"""Joining, the second factor and the log-out, in a real browser against a real site."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Browser, BrowserContext, Page, expect

from accessible import is_accessible
from browsing import follow
from real_site import Site

PASSPHRASE = "a long made-up passphrase"  # noqa: S105

INVITE = """
from harborlight.web.accounts import people
from harborlight.web.accounts.models import Agency, Member, User
from harborlight.web.audit.acts import SHELL, act
with act(SHELL, "test.setup"):
    agency, _ = Agency.objects.get_or_create(name="Blue Earth Sheriff", kind="law_enforcement")
    user, _ = User.objects.get_or_create(email="chief@agency.example", name="Chief")
    by, _ = Member.objects.get_or_create(user=user, agency=agency, role="administrator")
    print(people.invite(by, agency, "{email}", "{role}"))
"""


def code(secret: str, later: int = 0) -> str:
    """What an authenticator app shows."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30 + later)))


def join(site: Site, page: Page, email: str, role: str) -> None:
    """Follow an invitation as far as the second factor."""
    token = site.run(INVITE.format(email=email, role=role)).strip()
    page.goto(f"{site.url}/people/invitation/{token}/")
    is_accessible(page)
    page.get_by_label("Your name").fill("Ana Made-up")
    page.get_by_label("Password", exact=True).fill(PASSPHRASE)
    page.get_by_label("Password again").fill(PASSPHRASE)
    follow(page.get_by_role("button", name="Join"))
    expect(page).to_have_url(re.compile(r"/account/2fa/$"))


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    it = browser.new_context(locale="en-US")
    errors: list[str] = []
    it.on("console", lambda told: errors.append(told.text) if told.type == "error" else None)
    it.on("weberror", lambda error: errors.append(str(error.error)))
    yield it
    it.close()
    blocked = [each for each in errors if "Content Security Policy" in each or "Error" in each]
    assert blocked == []


def test_set_up_an_authenticator_app_log_out_and_in_again(
    site: Site, context: BrowserContext
) -> None:
    page = context.new_page()
    join(site, page, "ana@agency.example", "triage")
    is_accessible(page)
    page.goto(f"{site.url}/today/")  # not before the second factor
    expect(page).to_have_url(re.compile(r"/account/2fa/$"))
    follow(page.get_by_role("link", name="Set up an authenticator app"))
    is_accessible(page)
    secret = page.locator("#secret").inner_text()
    page.get_by_label("Authenticator code").fill("000000" if code(secret) != "000000" else "1")
    follow(page.get_by_role("button", name="Set it up"))
    expect(page.locator(".usa-error-message")).to_be_visible()
    is_accessible(page)
    page.get_by_label("Authenticator code").fill(code(secret))
    follow(page.get_by_role("button", name="Set it up"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")
    is_accessible(page)
    recovery = page.locator("main li code").first.inner_text()
    follow(page.get_by_role("link", name="To your work"))
    expect(page.get_by_role("heading", level=1)).to_have_text("What waits for you today")
    is_accessible(page)

    cookies = context.cookies()
    page.locator("summary").click()
    follow(page.get_by_role("button", name="Log out"))
    expect(page).to_have_url(re.compile(r"/account/login/"))
    context.clear_cookies()
    context.add_cookies([{**each} for each in cookies])  # type: ignore[typeddict-item]
    page.goto(f"{site.url}/today/")  # the session that was ended is dead on the server
    expect(page).to_have_url(re.compile(r"/account/login/\?next="))
    is_accessible(page)

    page.get_by_label("Email").fill("ana@agency.example")
    page.get_by_label("Password").fill(PASSPHRASE)
    follow(page.get_by_role("button", name="Log in", exact=True))
    expect(page).to_have_url(re.compile(r"/account/2fa/authenticate/"))
    is_accessible(page)
    page.goto(f"{site.url}/today/")  # the password alone opens nothing
    expect(page).to_have_url(re.compile(r"/account/2fa/authenticate/"))
    page.get_by_label("Code").fill(recovery)
    follow(page.get_by_role("button", name="Log in"))
    expect(page.get_by_role("heading", level=1)).to_have_text("What waits for you today")
    page.goto(f"{site.url}/account/sessions/")
    is_accessible(page)
    page.goto(f"{site.url}/people/me/")
    is_accessible(page)


def test_set_up_a_passkey_and_log_in_with_it_alone(site: Site, context: BrowserContext) -> None:
    page = context.new_page()
    wire = context.new_cdp_session(page)
    wire.send("WebAuthn.enable")
    wire.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    join(site, page, "ben@agency.example", "analyst")
    follow(page.get_by_role("link", name="Add a passkey"))
    is_accessible(page)
    page.locator("label", has_text="Log in with it alone").click()
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")
    page.goto(f"{site.url}/account/2fa/webauthn/")
    is_accessible(page)
    page.locator("summary").click()
    follow(page.get_by_role("button", name="Log out"))
    expect(page).to_have_url(re.compile(r"/account/login/"))
    page.get_by_role("button", name="Log in with a passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What waits for you today")


def test_a_code_is_taken_once_in_whatever_process_and_for_as_long_as_it_is_valid(
    site: Site,
) -> None:
    ask = """
    import time_machine
    from allauth.mfa.models import Authenticator
    from allauth.mfa.totp.internal.auth import TOTP
    factor = Authenticator.objects.get(pk={factor})
    for seconds in ({seconds}):
        with time_machine.travel({began} + seconds, tick=False):
            print(TOTP(factor).validate_code("{code}"))
    """
    factor = site.run("""
    from people import make_member, second_factor_of
    from harborlight.web.accounts.roles import Role
    print(second_factor_of(make_member(Role.TRIAGE)).pk)
    """).strip()
    # A clock of the test's own: processes may start as slowly as they like.
    began = int(time.time()) // 30 * 30
    shown = str(format_hotp_value(hotp_value("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", began // 30 + 1)))
    ask = ask.replace("{code}", shown).replace("{began}", str(began)).replace("{factor}", factor)
    early, late = "-1, 0, 1, 31", "0, 29, 31, 61, 89, 90"
    assert site.run(ask.replace("{seconds}", early)).split() == ["False", "True", "False", "False"]
    assert site.run(ask.replace("{seconds}", late)).split() == ["False"] * 6
