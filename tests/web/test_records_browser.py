"""A case goes to another agency as a package; what the law offers; a hold; a record is removed.

In a real browser, every page asked of axe at the widths of a phone and of a desk.
"""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, Page

from accessible import is_accessible
from browsing import follow
from real_site import Site

SET_UP = """
import htcds
from people import client_of, make_agency, make_member
from harborlight.web.accounts.roles import AgencyKind, Role
from harborlight.web.audit.acts import act
from harborlight.web.protection import consenting
from harborlight.web.records import retaining
from harborlight.web.records.models import Outcome
valley = make_agency(AgencyKind.LAW_ENFORCEMENT, name="Example Valley")
county = make_agency(AgencyKind.CHILD_PROTECTION, name="Example County")
boss, worker = make_member(Role.SUPERVISOR, valley), make_member(Role.INVESTIGATOR, valley)
taker = make_member(Role.SUPERVISOR, county)
case = htcds.a_case(boss, "The house by the river")
person = htcds.a_person(case, worker, prs_FirstName="Sample", prs_SecondName="Person")
old = htcds.a_case(boss, "Nothing came of it")
with act(boss.actor, "test.setup"):
    case.assigned = worker
    case.save()
    consenting.give(person, county, "help with school", worker)
    closing = retaining.close(old, Outcome.NOTHING, "Nobody was found.", boss)
    closing.proposed_at = closing.case.opened_at
    closing.save()
print(case.pk, person.pk, old.number)
for member in (boss, worker, taker):
    print(client_of(member).cookies["harborlight"].value)
"""


def page_of(browser: Browser, site: Site, session: str) -> Page:
    context = browser.new_context(base_url=site.url, locale="en-US")
    context.add_cookies([{"name": "harborlight", "value": session, "url": site.url}])
    page: Page = context.new_page()
    return page


def shown(page: Page, path: str) -> None:
    page.goto(path)
    is_accessible(page)


def press(page: Page, name: str) -> None:
    follow(page.locator("main").get_by_role("button", name=name).first)


def test_a_case_is_given_out_held_and_a_record_removed(
    browser: Browser, site: Site, tmp_path: Path
) -> None:
    case, person, old, boss, worker, taker = site.run(SET_UP).split()

    # Given out by who works on it, to whom the person consents.
    page = page_of(browser, site, worker)
    page.goto(f"/cases/{case}/")
    follow(page.get_by_role("link", name="Give out as HTCDS"))
    assert "help with school" in page.locator("main table").inner_text()
    is_accessible(page)
    page.get_by_label("To which agency").select_option("Example County")
    page.get_by_label("Purpose").fill("Help with school")
    page.get_by_label("Form", exact=True).select_option("csv")
    with page.expect_download() as coming:
        page.get_by_role("button", name="Give out and save").click()
    package = tmp_path / "package.zip"
    coming.value.save_as(package)
    shown(page, page.url)
    assert "Example County" in page.locator("main table").last.inner_text()

    # Brought in at the other agency.
    there = page_of(browser, site, taker)
    shown(there, "/exchange/")
    follow(there.get_by_role("link", name="Bring in a package"))
    is_accessible(there)
    there.locator("input[type=file]").set_input_files(package)
    press(there, "Save")
    is_accessible(there)
    assert "package.zip" in there.locator("main").inner_text()
    assert there.get_by_role("heading", name="Not taken, or not read").count() == 0
    follow(there.locator("main li a").first)
    assert "The house by the river" in there.locator("main").inner_text()
    follow(there.locator("main a[href*='/protection/person/']").first)
    assert "Sample Person" in there.locator("h1").inner_text()
    shown(there, "/exchange/")

    # What the law offers; a task for counsel; somebody asks to remove the record.
    shown(page, f"/records/person/{person}/relief/")
    assert page.locator("main h2").all_inner_texts()[:2] == ["Federal law", "Law of MN"]
    page.get_by_label("Relief from what").select_option("conviction")
    press(page, "Ask the law")
    is_accessible(page)
    page.locator("form[action$='/task/'] [name=case]").select_option(index=1)
    press(page, "Add the task to the case")
    assert "ask counsel about vacatur" in page.locator("main").inner_text()
    page.goto(f"/records/person/{person}/relief/")
    follow(page.get_by_role("link", name="Ask to remove the record"))
    is_accessible(page)
    page.locator("main [name=what]").select_option("person")
    page.locator("main [name=basis]").select_option("asked")
    page.get_by_label("Why").fill("They ask for it.")
    press(page, "Save")
    assert "Asked. A supervisor" in page.content()

    # A hold stands against it until it is released.
    chief = page_of(browser, site, boss)
    shown(chief, f"/records/person/{person}/hold/")
    chief.get_by_label("Why it is held").fill("A court asks.")
    press(chief, "Save")
    shown(chief, "/records/")
    follow(chief.locator("main tbody a").first)
    is_accessible(chief)
    request = chief.url
    assert "A legal hold stands" in chief.locator("main .usa-alert").inner_text()
    chief.get_by_text("I have read what is removed").click()
    press(chief, "Remove it for good")
    assert "A legal hold stands" in chief.locator("main").inner_text()
    is_accessible(chief)
    shown(chief, "/records/holds/")
    follow(chief.get_by_role("link", name="Release"))
    is_accessible(chief)
    chief.get_by_label("Why").fill("The court has it.")
    press(chief, "Save")

    # Carried out by somebody else than who asked; a count stays.
    chief.goto(request)
    chief.get_by_text("I have read what is removed").click()
    press(chief, "Remove it for good")
    assert "Removed. A count stays" in chief.content()
    assert "1" in chief.locator("main table").last.inner_text()
    is_accessible(chief)
    answer = chief.goto(f"/protection/person/{person}/")
    assert answer is not None
    assert answer.status == 404
    chief.goto(f"/cases/{case}/")
    assert "The house by the river" not in chief.content(), "nobody else was in it"

    # What the site proposes to delete is kept, with a reason.
    shown(chief, "/records/retention/")
    follow(chief.get_by_role("link", name="Keep"))
    is_accessible(chief)
    chief.get_by_label("Keep it until").fill("2099-01-01")
    chief.get_by_label("Why it is kept").fill("It may be asked for.")
    press(chief, "Save")
    assert old in chief.locator("main table").inner_text()
    is_accessible(chief)
    for each in (page, there, chief):
        each.context.close()
