"""Reports, for the tests of the walls."""

from __future__ import annotations

import base64
import uuid

from django.utils import timezone

from harborlight.web.accounts.models import Member
from harborlight.web.audit.acts import act
from harborlight.web.intake import receipts
from harborlight.web.intake.models import Holding, Report
from harborlight.web.intake.receiving import Incoming, receive
from harborlight.web.vault.files import Upload, files_of, keep
from objects import WORDS, arguments, makes
from people import TESTER

#: A picture of one point.
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg=="
)

CODES = {"danger": "no", "age": "unknown", "category": "other", "language": "en", "state": "MN"}


@makes(Report)
def report(owner: Member) -> Report:
    """A report that the owner's agency must read, assigned to the owner."""
    incoming = Incoming(content={"observed": "made-up-words"}, codes={**CODES, "county": ""})
    made = receive(receipts.mint(), incoming).report
    with act(TESTER, "test.setup"):
        made.owner = owner.agency
        made.save()
        keep(Upload("made-up.png", PICTURE), made)
        made.holdings.all().delete()
        Holding.objects.create(
            report=made, agency=owner.agency, since=timezone.now(), assigned=owner
        )
    return made


def file_of(record: Report | None) -> dict[str, object]:
    """A file of the report, or a key that no file has."""
    stored = files_of(record).first() if record is not None else None
    return {"file": stored.pk if stored else uuid.UUID(int=0)}


arguments("intake:copy", file_of)
arguments("intake:original", file_of)
arguments("intake:change_contact", lambda _record: {"key": "hotline"})
WORDS.append(r"Day\ One\ \(Minnesota\)")  # the name of a hotline
