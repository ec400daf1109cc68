from django.db import migrations

from harborlight.web.audit.triggers import append_only
from harborlight.web.fund.triggers import APPEND_ONLY, ledger


class Migration(migrations.Migration):
    dependencies = [("fund", "0001_initial")]

    operations = [ledger(), *(append_only(table) for table in APPEND_ONLY)]
