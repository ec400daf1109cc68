"""Reports, for the tests of the walls."""

from __future__ import annotations

from django.utils import timezone

from harborlight.web.accounts.models import Member
from harborlight.web.audit.acts import act
from harborlight.web.intake import receipts
from harborlight.web.intake.models import Holding, Report
from harborlight.web.intake.receiving import Incoming, receive
from objects import arguments, makes
from people import TESTER

CODES = {"danger": "no", "age": "unknown", "category": "other", "language": "en", "state": "MN"}


@makes(Report)
def report(owner: Member) -> Report:
    """A report that the owner's agency must read, assigned to the owner."""
    incoming = Incoming(content={"observed": "made-up-words"}, codes={**CODES, "county": ""})
    made = receive(receipts.mint(), incoming).report
    with act(TESTER, "test.setup"):
        made.owner = owner.agency
        made.save()
        made.holdings.all().delete()
        Holding.objects.create(
            report=made, agency=owner.agency, since=timezone.now(), assigned=owner
        )
    return made


arguments("intake:change_contact", lambda _record: {"key": "hotline"})
