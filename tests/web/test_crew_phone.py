"""The page on a crew's phone, in a real Chromium with a real site: none is lost, none is doubled.

Network cut before, during and after, site killed, browser killed, clock wrong, storage full,
receipts forged, airplane mode.
"""

from __future__ import annotations

import json
import os
import random
import re
import signal
from contextlib import suppress
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import Browser, BrowserContext, BrowserType, Error, Page, expect

from accessible import is_accessible
from browser import ARGUMENTS, chromium
from browsing import follow
from cutting import Cutting
from real_site import Site

KINDS = ("pass", "refuse", "request", "answer", "half")


def set_up(site: Site, airline: str) -> str:
    """The session cookie of a crew member of an airline, made in the site itself."""
    told = site.run(
        f"""
        import itertools, people
        from people import make_member, make_agency, client_of
        from harborlight.web.accounts.models import User
        from harborlight.web.accounts.roles import AgencyKind, Role
        people._number = itertools.count(User.objects.count() + 1)
        airline = make_agency(AgencyKind.AIRLINE, name="{airline}")
        make_agency(AgencyKind.LAW_ENFORCEMENT, name="{airline} Police", takes_reports=True)
        member = make_member(Role.CREW, airline)
        print(client_of(member).cookies["harborlight"].value)
        """
    )
    return told.split()[-1]


def stored(site: Site, airline: str) -> dict[str, int]:
    """Each report that the site has of an airline, and how many versions."""
    told = site.run(
        f"""
        import json
        from collections import Counter
        from harborlight.web.crew.models import Version, Quarantine
        assert not Quarantine.objects.exists()
        rows = Version.objects.filter(report__agency__name="{airline}")
        print(json.dumps(Counter(str(each) for each in rows.values_list("report", flat=True))))
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


def prepare(phone: Phone, site: Site, airline: str) -> Page:
    """Set the phone up, over a network that works."""
    page = phone.open()
    session = set_up(site, airline)
    assert phone.context is not None
    phone.context.add_cookies([{"name": "harborlight", "value": session, "url": phone.url}])
    page.goto(f"{phone.url}/crew/phone/")
    follow(page.locator("#crew-set-up button"))
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
    page = prepare(phone, site, "Storm Air")
    mood["how"] = "storm"
    killed = {"site": 0, "browser": 0, "clock": 0, "full": 0}
    for number in range(count):
        fate = chance.random()
        if fate < 0.06:
            page, full = write_without_room(phone, number)
            killed["full"] += full
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
    counts = stored(site, "Storm Air")
    doubled = sum(1 for each in counts.values() if each != 1)
    lost = count - len(counts)
    print(
        f"written {count}, stored {len(counts)}, lost {lost}, doubled {doubled}, receipts verified "
        f"{len(set(sent))}, left on the phone {len(left)}; network {network.counts}; {killed}"
    )
    assert count < 100 or all(killed.values())
    assert left == []
    assert (lost, doubled) == (0, 0)
    assert set(sent) == set(counts)


def write_without_room(phone: Phone, number: int) -> tuple[Page, bool]:
    """A long report while the phone has hardly any room; whether the phone said that it has none.

    When it has room again, pressing again keeps the same report once. Chromium asks for the room
    rarely, and certainly when it has just been opened.
    """
    phone.close()
    page = phone.open()
    assert phone.context is not None
    devtools = phone.context.new_cdp_session(page)
    devtools.send("Storage.overrideQuotaForOrigin", {"origin": phone.url, "quotaSize": 1})
    go(page, f"{phone.url}/crew/")
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
    return page, full


def test_no_report_is_lost_in_a_storm(site: Site, browser: Browser, tmp_path: Path) -> None:
    storm(site, browser.browser_type, tmp_path, 14, seed=5)


class Forger:
    """Somebody between phone and site, who changes receipts."""

    def __init__(self) -> None:
        self.way = ""
        self.true: list[dict[str, str]] = []

    def change(self, answer: bytes) -> bytes:
        head, _, body = answer.partition(b"\r\n\r\n")
        if b'"signature"' not in body:
            return answer
        receipt = json.loads(body)
        self.true.append(dict(receipt))
        if self.way == "signature":
            first = receipt["signature"][0]
            receipt["signature"] = ("A" if first != "A" else "B") + receipt["signature"][1:]
        elif self.way == "text":
            receipt["text"] = receipt["text"].replace('"readable": true', '"readable": 1')
        elif self.way == "another":
            receipt = self.true[0]
        body = json.dumps(receipt).encode()
        head = re.sub(rb"(?i)(content-length: *)\d+", rb"\g<1>%d" % len(body), head)
        return head + b"\r\n\r\n" + body


def test_a_receipt_that_was_changed_deletes_nothing(
    site: Site, browser: Browser, tmp_path: Path
) -> None:
    """Changed in its signature or its words, or the true one of another report."""
    forger = Forger()
    network = Cutting(site.port, lambda: "change", forger.change)
    phone = Phone(browser.browser_type, tmp_path / "profile", f"http://localhost:{network.port}")
    page = prepare(phone, site, "Forged Air")
    write(page, 0)
    page.evaluate("Harborlight.send('hand')")
    expect(page.locator("#crew-count")).to_contain_text("Nothing waits")
    ways = ("signature", "text", "another")
    for number, forger.way in enumerate(ways, 1):
        write(page, number)
        page.evaluate("Harborlight.send('hand')")
        refused = page.locator("#crew-list li", has_text="not signed by the site")
        expect(refused).to_have_count(number)
    assert len(stored(site, "Forged Air")) == 1 + len(ways)
    forger.way = ""
    page.evaluate("Harborlight.send('hand')")
    expect(page.locator("#crew-count")).to_contain_text("Nothing waits")
    phone.close()
    network.close()
    assert set(stored(site, "Forged Air").values()) == {1}


def drafted(page: Page) -> None:
    """Wait until the page has kept a draft, and remember it."""
    draft = "Harborlight.all('drafts').then(d => { globalThis.was = d[0]; return Boolean(d[0]); })"
    for _ in range(100):
        if page.evaluate(draft):
            return
        page.wait_for_timeout(100)
    raise AssertionError("no draft was kept")


def test_a_report_that_was_kept_does_not_come_back_as_a_draft(site: Site, browser: Browser) -> None:
    """The battery ends between keeping a report and dropping its draft: one number, one report."""
    context = browser.new_context()
    session = set_up(site, "Draft Air")
    context.add_cookies([{"name": "harborlight", "value": session, "url": site.url}])
    page = context.new_page()
    page.goto(f"{site.url}/crew/phone/")
    follow(page.locator("#crew-set-up button"))
    page.wait_for_selector("body[data-ready]")
    for number, seen in enumerate(("as it was kept", "changed since"), 1):
        page.fill("#crew-observed", "as it was kept")
        drafted(page)
        if seen != "as it was kept":
            page.evaluate("Harborlight.drop('drafts', globalThis.was.user)")
            page.fill("#crew-observed", seen)
            drafted(page)
            page.fill("#crew-observed", "as it was kept")
        page.click("#crew-keep")
        expect(page.locator("#crew-observed")).to_have_value("")
        expect(page.locator("#crew-count")).to_contain_text("Nothing waits")
        page.evaluate("Harborlight.put('drafts', globalThis.was)")
        page.reload()
        page.wait_for_selector("body[data-ready]")
        left = "" if seen == "as it was kept" else seen
        assert page.input_value("#crew-observed") == left
        write(page, number)
        expect(page.locator("#crew-count")).to_contain_text("Nothing waits")
    context.close()
    assert list(stored(site, "Draft Air").values()) == [1] * 4


def test_the_page_is_installed_and_works_in_airplane_mode(
    site: Site, browser: Browser, tmp_path: Path
) -> None:
    """Chromium would install it; then written without any network, sealed, and sent with one."""
    mood = {"how": "pass"}
    network = Cutting(site.port, lambda: mood["how"])
    phone = Phone(browser.browser_type, tmp_path / "profile", f"http://localhost:{network.port}")
    page = prepare(phone, site, "Airplane Air")
    assert phone.context is not None
    devtools = phone.context.new_cdp_session(page)
    told = devtools.send("Page.getAppManifest")
    assert told["errors"] == []
    assert told["url"].endswith("/crew/app.webmanifest")
    assert {each["sizes"] for each in json.loads(told["data"])["icons"]} == {"192x192", "512x512"}
    assert devtools.send("Page.getInstallabilityErrors")["installabilityErrors"] == []
    page.reload()
    assert page.evaluate("Boolean(navigator.serviceWorker.controller)")

    mood["how"] = "refuse"
    phone.context.set_offline(True)
    page.close()
    page = phone.context.new_page()
    page.goto(f"{phone.url}/crew/")
    page.wait_for_selector("body[data-ready]")
    page.fill("#crew-heard", "Made-up words that were heard")
    page.fill("#crew-heard-at", "10:20")
    write(page, 1)
    page.reload()
    expect(page.locator("#crew-count")).to_contain_text("1 report waits")
    is_accessible(page)
    assert stored(site, "Airplane Air") == {}
    mood["how"] = "pass"
    phone.context.set_offline(False)
    expect(page.locator("#crew-count")).to_contain_text("Nothing waits", timeout=60_000)
    number = page.evaluate("Harborlight.all('sent').then(s => s[0].id)")
    phone.close()
    network.close()
    assert stored(site, "Airplane Air") == {number: 1}
    # Whoever takes the phone apart finds that there was a report, and nothing of what it says.
    kept = [each.read_bytes() for each in phone.profile.rglob("*") if each.is_file()]
    for text, there in ((number, True), ("Made-up observation", False), ("words that", False)):
        found = any(text.encode(code) in each for each in kept for code in ("utf-8", "utf-16-le"))
        assert found is there, text


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
