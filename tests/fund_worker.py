"""A process that imports a clerk's file, to be killed; run by test_fund_kill."""

from __future__ import annotations

import sys
from pathlib import Path

import django

django.setup()

from harborlight.web.accounts.models import Agency  # noqa: E402
from harborlight.web.fund import importing  # noqa: E402
from people import TESTER  # noqa: E402

agency = Agency.objects.get(name="Clerk")
print("ready", flush=True)
done = importing.bring_in(agency, "payments.csv", Path(sys.argv[1]).read_bytes(), TESTER)
print(done.done, done.taken, flush=True)
