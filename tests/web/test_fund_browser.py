"""One dollar in a real browser against a real site: from the order to the free bed."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, Page

from accessible import is_accessible
from real_site import Site

SET_UP = """
from people import client_of, make_agency, make_member, TESTER
from harborlight.web.accounts.roles import Role
from harborlight.web.audit.acts import act
from harborlight.web.directory.models import Record
house = make_agency("provider", name="Example House")
key = "6a1c1b3e-0000-4000-8000-000000000001"
with act(TESTER, "test.setup"):
    Record.objects.create(table="service", key=key, agency=house, name="Example House",
        data={"id": key, "name": "Example House", "status": "active"})
for role, agency in ((Role.CLERK, None), (Role.GRANTS, None), (Role.PROVIDER, house)):
    print(client_of(make_member(role, agency)).cookies["harborlight"].value)
"""


def send(page: Page, **values: str) -> None:
    """Fill the form of the page in, and send it."""
    for name, value in values.items():
        field = page.locator(f"main [name={name}]")
        if field.evaluate("each => each.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    with page.expect_navigation():
        page.locator("main form.usa-form button[type=submit]").click()


def go(page: Page, text: str) -> None:
    with page.expect_navigation():
        page.locator("main").get_by_text(text, exact=True).first.click()


def test_from_an_order_to_a_free_bed(site: Site, browser: Browser, tmp_path: Path) -> None:
    sessions = site.run(SET_UP).split()
    pages = []
    for session in sessions:
        context = browser.new_context(base_url=site.url, locale="en-US")
        context.add_cookies([{"name": "harborlight", "value": session, "url": site.url}])
        pages.append(context.new_page())
    clerk, manager, provider = pages
    for page in pages:
        page.on("console", lambda told: (_ for _ in ()).throw(AssertionError(told.text))
                if told.type == "error" and "422" not in told.text else None)  # fmt: skip

    clerk.goto("/fund/orders/new/")
    is_accessible(clerk)
    send(clerk, number="F-1", jurisdiction="minnesota", sentenced="2025-03-03",
         person="Sample Person", docket="07-CR-1",
         amount_minnesota_assessment="750.005")  # fmt: skip
    assert "nothing else is taken" in clerk.content()  # a wrong cent cannot be entered
    is_accessible(clerk)
    send(clerk, amount_minnesota_assessment="750.00", amount_restitution="100")
    go(clerk, "F-1")
    is_accessible(clerk)
    order = clerk.url
    go(clerk, "Take in a payment")
    send(clerk, receipt="R-1", day="2026-03-02", cents="850.00")
    assert "$850.00" in clerk.content()
    clerk.goto("/fund/payments/import/")
    is_accessible(clerk)
    file = tmp_path / "payments.csv"
    file.write_text("order,receipt,date,amount\nF-1,R-1,2026-03-02,850.00\n")
    clerk.locator("main [type=file]").set_input_files(file)
    send(clerk)
    assert "A payment of this receipt is there already." in clerk.content()
    is_accessible(clerk)
    clerk.goto("/fund/hand-on/")
    send(clerk, day="2026-03-03")
    assert "850.00 dollars are handed on." in clerk.content()
    is_accessible(clerk)

    manager.goto("/fund/grants/call/")
    is_accessible(manager)
    send(manager, title="Beds for youth", closes="2099-01-01", cents="1,000")
    provider.goto("/fund/grants/")
    is_accessible(provider)
    go(provider, "Apply: Beds for youth")
    is_accessible(provider)
    send(provider, unit="bed", units="2", asked="300.00", plan="Two beds in Mankato")
    manager.goto("/fund/grants/")
    go(manager, "G-1")
    go(manager, "Award")
    send(manager, cents="300.00", conditions="Report each month")
    is_accessible(manager)
    assert "Where the money came from" in manager.content()
    provider.goto("/fund/grants/")
    go(provider, "G-1")
    go(provider, "Put into the directory")
    is_accessible(provider)
    provider.locator("main [name=service]").select_option(label="Example House")
    send(provider)
    assert "Yes, as places of a service" in provider.content()
    go(provider, "Report")
    send(provider, since="2026-03-01", until="2026-03-31", units="60", cents="120.00")
    manager.reload()
    with manager.expect_navigation():
        manager.get_by_role("button", name="Pay $120.00").click()
    is_accessible(manager)
    for where in ("/fund/", "/fund/flow/", "/fund/statement/"):
        manager.goto(where)
        is_accessible(manager)
    manager.goto("/fund/flow/")
    assert manager.locator("main svg[role=img]").count() == 1
    assert "$120.00" in manager.locator("main table").inner_text()
    clerk.goto(order)
    assert "grant G-1" in clerk.content()
    free = "from harborlight.web.directory.models import Beds\nprint(Beds.objects.get().available)"
    assert site.run(free).strip() == "2"
    manager.context.add_cookies([{"name": "django_language", "value": "es", "url": site.url}])
    manager.goto("/fund/")
    assert "Cuenta Safe Harbor, gastado" in manager.content()
    is_accessible(manager)
