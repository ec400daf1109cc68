"""One dollar in a real browser against a real site: from an operation to the free bed."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from django.utils import timezone
from playwright.sync_api import Browser, Page

from accessible import is_accessible
from browsing import follow
from real_site import Site

KEY = "6a1c1b3e-0000-4000-8000-000000000001"
SET_UP = f"""
from datetime import date
from people import client_of, make_agency, make_member, TESTER
from harborlight.web.accounts.roles import Role
from harborlight.web.audit.acts import act
from harborlight.web.cases.models import Case
from harborlight.web.cases.persons import Involvement, Part, Person
from harborlight.web.directory.models import Record
house = make_agency("provider", name="Example House")
key = "{KEY}"
with act(TESTER, "test.setup"):
    Record.objects.create(table="service", key=key, agency=house, name="Example House",
        data={{"id": key, "name": "Example House", "status": "active"}})
agencies = {{
    Role.SUPERVISOR: make_agency("law_enforcement", name="Example Police"),
    Role.NAVIGATOR: make_agency("navigator", name="Example Navigator"),
    Role.PROSECUTOR: make_agency("prosecutor", name="Example County"),
    Role.CLERK: make_agency("finance", name="Example Court"),
    Role.GRANTS: None,
    Role.PROVIDER: house,
}}
people = {{role: make_member(role, agency) for role, agency in agencies.items()}}
police = people[Role.SUPERVISOR]
with act(TESTER, "test.setup"):
    case = Case(agency=police.agency, number="t-1", opened_by=police, assigned=police)
    case.put(title="made up")
    case.save()
    person = Person(agency=police.agency, state="MN")
    person.put(prs_FirstName="Sample", prs_SecondName="Person")
    person.save()
    Involvement(case=case, person=person, part=Part.SUSPECT, allegation="hiring",
        offense_on=date(2026, 3, 1)).save()
print(case.pk)
for member in people.values():
    print(client_of(member).cookies["harborlight"].value)
"""


def send(page: Page, **values: str) -> None:
    """Fill the form of the page in, and send it."""
    for name, value in values.items():
        field = page.locator(f"main [name={name}]")
        if field.evaluate("each => each.tagName") == "SELECT":
            if value.startswith("="):
                field.select_option(label=value[1:])
            else:
                field.select_option(value)
        else:
            field.fill(value)
    press(page, "main form.usa-form button[type=submit]")


def press(page: Page, button: str) -> None:
    follow(page.locator(button))


def go(page: Page, text: str) -> None:
    follow(page.locator("main").get_by_text(text, exact=True).first)


def told(page: Page, *texts: str) -> None:
    """The page says each of these."""
    shown = page.locator("main").inner_text()
    for text in texts:
        assert text in shown, (text, shown)


def opened(browser: Browser, site: Site, session: str) -> Page:
    context = browser.new_context(base_url=site.url, locale="en-US")
    context.add_cookies([{"name": "harborlight", "value": session, "url": site.url}])
    page = context.new_page()

    def told(line: object) -> None:
        kind, text = line.type, line.text  # type: ignore[attr-defined]
        # What is turned away (422) or refused (409) is said to the console too.
        assert kind != "error" or "422" in text or "409" in text, text

    page.on("console", told)
    return page


def test_one_dollar_from_an_operation_to_a_free_bed(
    site: Site, browser: Browser, tmp_path: Path
) -> None:
    case, *sessions = site.run(SET_UP).split()
    police, navigator, county, clerk, manager, provider = (
        opened(browser, site, session) for session in sessions
    )
    now = timezone.localtime()
    today, minute = now.date().isoformat(), "%Y-%m-%dT%H:%M"

    # An operation, and those who take part.
    police.goto("/operations/new/")
    send(police, label="Cottonwood", starts=now.strftime(minute), objective="Buyers in New Ulm",
         ends=(now + timedelta(days=1)).strftime(minute),
         safety="People who are found are helped first")  # fmt: skip
    go(police, "Cottonwood")
    operation = police.url
    for agency, part in (("Example Navigator", "specialist"), ("Example County", "prosecutor")):
        go(police, "Ask an agency")
        send(police, agency=f"={agency}", part=part)
    go(police, "Add a town")
    send(police, town="New Ulm, MN")
    for page in (navigator, county):
        page.goto("/operations/")
        go(page, "Cottonwood")
        press(page, "main form button[type=submit]")
    go(police, "Start")
    send(police)
    told(police, "Running")

    # A buyer is arrested in it, charged, convicted, and sentenced.
    police.goto(f"/cases/{case}/")
    go(police, "Keep an arrest")
    send(police, person=_first(police, "person"), allegation="hiring",
         offense_on="2026-03-01", at=timezone.localtime().strftime(minute), town="New Ulm",
         basis="Made up", prosecuting="=Example County", operation="=Cottonwood")  # fmt: skip
    police.goto(operation)
    told(police, "Arrests that stand")
    county.goto("/prosecution/")
    go(county, county.locator("main tbody th a").inner_text())
    is_accessible(county)
    go(county, "Charge")
    send(county, code="minnesota:609.324 other", counts="1", filed_on=today)
    go(county, "How it ended")
    send(county, ending="convicted", day=today)
    go(county, "Keep a sentence")
    amounts = {
        "amount_minnesota_assessment": "750.005", "amount_restitution": "100",
        "amount_forfeiture": "200.01",
    }  # fmt: skip
    send(county, jurisdiction="minnesota", day=today, docket="07-CR-1", **amounts)
    told(county, "nothing else is taken")  # a wrong cent cannot be entered
    is_accessible(county)
    send(county, amount_minnesota_assessment="750.00")
    go(county, county.locator("main ul a[href*=sentences]").inner_text())
    is_accessible(county)
    go(county, "Send to a clerk")
    send(county, to="=Example Court")

    # The clerk takes it in: no amount is typed again. Money comes in by file, and by page.
    clerk.goto("/fund/orders/")
    is_accessible(clerk)
    go(clerk, clerk.locator("main ul a[href*=sentences]").inner_text())
    sentence = clerk.url
    go(clerk, "Take in as an order")
    told(clerk, "Assessment: $750.00", "Restitution: $100.00")
    assert clerk.locator("main [name^=amount]").count() == 0
    send(clerk, number="F-1")
    clerk.goto("/fund/payments/import/")
    is_accessible(clerk)
    file = tmp_path / "payments.csv"
    file.write_text(
        "order,receipt,date,amount\n"
        f"F-1,R-0,{today},849.995\nF-1,R-1,{today},849.99\nF-1,R-1,{today},849.99\n"
    )
    clerk.locator("main [type=file]").set_input_files(file)
    send(clerk)
    told(clerk, "3 rows; 1 taken, 2 not.", "two places for cents",
         "A payment of this receipt is there already.")  # fmt: skip
    is_accessible(clerk)
    clerk.goto("/fund/orders/")
    go(clerk, "F-1")
    order = clerk.url
    go(clerk, "Take in a payment")
    send(clerk, receipt="R-2", day=today, cents="0.001")
    told(clerk, "nothing else is taken")
    send(clerk, cents="0.01")
    told(clerk, "$849.99", "$0.01", "Due to the safe-harbor account", "minnesota-assessment-split")

    # What was forfeited: a cent more than the court ordered is refused, then it is shared out.
    clerk.goto(sentence)
    go(clerk, "Take in what it brought")
    send(clerk, receipt="V-1", kind="money", day=today, cents="200.02")
    told(clerk, "more money than the court ordered forfeited")
    clerk.goto(sentence)
    go(clerk, "Take in what it brought")
    send(clerk, receipt="V-1", kind="money", day=today, cents="200.01")
    go(clerk, "V-1")
    told(clerk, "$80.01", "$40.00", "$80.00", "minnesota-forfeiture-split: Minn. Stat.")
    is_accessible(clerk)
    clerk.goto("/fund/hand-on/")
    send(clerk, day=today)
    told(clerk, "1050.01 dollars are handed on.")

    # The account has 299.99 of the assessment, each payment split, and 80.00 of the forfeited.
    manager.goto("/fund/grants/call/")
    send(manager, title="Beds for youth", closes="2099-01-01", cents="1,000")
    provider.goto("/fund/grants/")
    is_accessible(provider)
    go(provider, "Apply: Beds for youth")
    send(provider, unit="bed", units="2", asked="380.00", plan="Two beds in Mankato")
    manager.goto("/fund/grants/")
    go(manager, "G-1")
    grant = manager.url
    go(manager, "Award")
    send(manager, cents="380.00", conditions="Report each month")
    told(manager, "The account has less than that.")
    manager.goto(grant)
    go(manager, "Award")
    send(manager, cents="379.99", conditions="Report each month")
    told(manager, "$299.99: Assessment", "$80.00: Forfeited property")
    provider.goto(grant)
    go(provider, "Put into the directory")
    send(provider, service="=Example House")
    told(provider, "Yes, as places of a service")
    months = {"since": "2026-03-01", "until": "2026-03-31", "units": "60"}
    go(provider, "Report")
    send(provider, **months, cents="380.00")
    told(provider, "No more can be drawn than is left of the grant.")
    provider.goto(grant)
    go(provider, "Report")
    send(provider, **months, cents="120.00")
    manager.reload()
    follow(manager.get_by_role("button", name="Pay $120.00"))
    press(manager, "main a[href*='/back/']")
    send(manager, day=today, cents="120.01")
    told(manager, "No more comes back than was paid")
    manager.goto(grant)
    press(manager, "main a[href*='/back/']")
    send(manager, day=today, cents="20.00")
    told(manager, "$20.00 paid back to the grant", "$279.99")
    is_accessible(manager)
    for where in ("/fund/", "/fund/statement/", "/fund/flow/"):
        manager.goto(where)
        is_accessible(manager)
    assert manager.locator("main svg[role=img]").count() == 1
    assert "$100.00" in manager.locator("main table").inner_text()

    # The page of the order shows the whole way, and the directory the free beds.
    county.goto(order)
    told(county, "Cottonwood", "R-1", "R-2", "Due as restitution", "$299.99: grant G-1, 2 · Beds",
         "in the directory", "$120.00 drawn", "$20.00 paid back to the grant", "V-1")  # fmt: skip
    is_accessible(county)
    navigator.goto(f"/directory/look/{KEY}/")
    told(navigator, "2 free (Bed)")
    manager.context.add_cookies([{"name": "django_language", "value": "es", "url": site.url}])
    manager.goto("/fund/")
    told(manager, "Cuenta Safe Harbor, gastado")
    is_accessible(manager)


def _first(page: Page, name: str) -> str:
    """The first choice of a list that is not empty."""
    values: list[str] = page.locator(f"main [name={name}] option").evaluate_all(
        "all => all.map(each => each.value).filter(each => each)"
    )
    return values[0]
