"""The page on a crew's phone, in a real Chromium with a real site: none is lost, none is doubled.

Network cut before, during and after, site killed, browser killed, clock wrong, storage full.
"""

from __future__ import annotations

import json
import os
import random
import signal
from contextlib import suppress
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import Browser, BrowserContext, BrowserType, Error, Page, expect

from browser import ARGUMENTS, chromium
from cutting import Cutting
from real_site import Site

KINDS = ("pass", "refuse", "request", "answer", "half")


def set_up(site: Site) -> dict[str, str]:
    """A crew member with a session cookie, made in the site itself."""
    told = site.run(
        """
        import json
        from people import make_member, make_agency, client_of
        from harborlight.web.accounts.roles import AgencyKind, Role
        airline = make_agency(AgencyKind.AIRLINE, name="Made-up Air")
        make_agency(AgencyKind.LAW_ENFORCEMENT, name="Made-up Police", takes_reports=True)
        client = client_of(make_member(Role.CREW, airline))
        print(json.dumps({"session": client.cookies["harborlight"].value}))
        """
    )
    cookies: dict[str, str] = json.loads(told.strip().splitlines()[-1])
    return cookies


def stored(site: Site) -> dict[str, int]:
    """Each report that the site has, and how many versions."""
    told = site.run(
        """
        import json
        from collections import Counter
        from harborlight.web.crew.models import Version, Quarantine
        assert not Quarantine.objects.exists()
        reports = Version.objects.values_list("report", flat=True)
        print(json.dumps(Counter(str(each) for each in reports)))
        """
    )
    counts: dict[str, int] = json.loads(told.strip().splitlines()[-1])
    return counts


class Phone:
    """A browser with a profile that stays, as a phone has it. It can be killed and opened again."""

    def __init__(self, engine: BrowserType, profile: Path, url: str) -> None:
        self.engine, self.profile, self.url = engine, profile, url
        self.context: BrowserContext | None = None

    def open(self) -> Page:
        self.context = self.engine.launch_persistent_context(
            str(self.profile), executable_path=chromium(), args=ARGUMENTS, headless=True
        )
        self.context.set_default_timeout(20_000)
        return self.context.pages[0]

    def kill(self) -> None:
        """SIGKILL, as when a battery ends."""
        assert self.context is not None
        for process in psutil.process_iter(["cmdline"]):
            if f"--user-data-dir={self.profile}" in (process.info["cmdline"] or []):
                process.send_signal(signal.SIGKILL)
        with suppress(Error):
            self.context.close()
        for name in ("SingletonLock", "SingletonSocket", "SingletonCookie"):
            (self.profile / name).unlink(missing_ok=True)

    def close(self) -> None:
        if self.context is not None:
            self.context.close()


def go(page: Page, url: str) -> None:
    """Open the page, from the network or from what the phone keeps."""
    for _ in range(20):
        try:
            page.goto(url)
            page.wait_for_selector("body[data-ready]", timeout=10_000)
            return
        except Error:
            page.wait_for_timeout(100)
    raise AssertionError("the page did not open")


def write(page: Page, number: int) -> None:
    """Fill in a report and keep it."""
    page.fill("#crew-flight", f"HL {number}")
    page.fill("#crew-observed", f"Made-up observation {number}: somebody answered for all")
    page.click("#crew-keep")
    expect(page.locator("#crew-observed")).to_have_value("", timeout=20_000)


def waiting(page: Page) -> list[str]:
    """The numbers of the reports that wait on the phone."""
    return [str(each) for each in page.evaluate("Harborlight.items().then(i => i.map(x => x.id))")]


def prepare(phone: Phone, site: Site) -> Page:
    """Set the phone up, over a network that works."""
    page = phone.open()
    session = set_up(site)["session"]
    assert phone.context is not None
    phone.context.add_cookies([{"name": "harborlight", "value": session, "url": phone.url}])
    page.goto(f"{phone.url}/crew/phone/")
    page.click("#crew-set-up button")
    page.wait_for_selector("body[data-ready]")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    return page


def storm(site: Site, engine: BrowserType, folder: Path, count: int, seed: int) -> None:
    """Write `count` reports while everything fails; in the end all are stored once."""
    chance = random.Random(seed)
    mood = {"how": "pass"}

    def how() -> str:
        return mood["how"] if mood["how"] != "storm" else chance.choice(KINDS)

    network = Cutting(site.port, how)
    phone = Phone(engine, folder / "profile", f"http://localhost:{network.port}")
    page = prepare(phone, site)
    mood["how"] = "storm"
    killed = {"site": 0, "browser": 0, "clock": 0, "full": 0}
    for number in range(count):
        fate = chance.random()
        if fate < 0.06:
            killed["full"] += write_without_room(phone, page, number)
            continue
        write(page, number)
        if fate < 0.12:
            site.kill()
            page.evaluate("Harborlight.send('hand')")
            killed["site"] += 1
            site.start()
        elif fate < 0.22:
            phone.kill()
            killed["browser"] += 1
            page = phone.open()
            go(page, f"{phone.url}/crew/")
        elif fate < 0.28:
            skew = chance.choice((-86_400_000 * 900, 86_400_000 * 900))
            page.evaluate(f"Date.now = ((now) => () => now() + {skew})(Date.now.bind(Date))")
            killed["clock"] += 1
        elif fate < 0.6:
            page.evaluate("Harborlight.send('hand')")
    mood["how"] = "pass"
    go(page, f"{phone.url}/crew/")
    for _ in range(200):
        page.evaluate("Harborlight.send('hand')")
        if not waiting(page):
            break
        page.wait_for_timeout(50)
    left = waiting(page)
    sent = page.evaluate("Harborlight.all('sent').then(s => s.map(x => x.id))")
    phone.close()
    network.close()
    counts = stored(site)
    doubled = sum(1 for each in counts.values() if each != 1)
    lost = count - len(counts)
    print(
        f"written {count}, stored {len(counts)}, lost {lost}, doubled {doubled}, receipts verified "
        f"{len(set(sent))}, left on the phone {len(left)}; network {network.counts}; {killed}"
    )
    assert left == []
    assert (lost, doubled) == (0, 0)
    assert set(sent) == set(counts)


def write_without_room(phone: Phone, page: Page, number: int) -> bool:
    """A long report while the phone has hardly any room. Whether the phone said that it has none.

    When it has room again, pressing again keeps the same report once.
    """
    assert phone.context is not None
    devtools = phone.context.new_cdp_session(page)
    devtools.send("Storage.overrideQuotaForOrigin", {"origin": phone.url, "quotaSize": 1})
    page.fill("#crew-flight", f"HL {number}")
    page.fill("#crew-observed", f"Made-up observation {number} " + "of many words " * 20_000)
    page.click("#crew-keep")
    expect(page.locator("#crew-keep")).to_be_enabled(timeout=20_000)
    full = "no room left" in page.locator("#crew-said").inner_text()
    devtools.send("Storage.overrideQuotaForOrigin", {"origin": phone.url})
    devtools.detach()
    if full:
        page.click("#crew-keep")
    expect(page.locator("#crew-observed")).to_have_value("", timeout=20_000)
    return full


def test_no_report_is_lost_in_a_storm(site: Site, browser: Browser, tmp_path: Path) -> None:
    storm(site, browser.browser_type, tmp_path, 14, seed=5)


@pytest.mark.proof
def test_no_report_of_two_hundred_is_lost_in_a_storm(
    browser: Browser, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    site = Site(tmp_path / "home")
    site.start()
    try:
        with capsys.disabled():
            storm(site, browser.browser_type, tmp_path, 200, seed=int(os.environ.get("SEED", "1")))
    finally:
        site.stop()
