"""Decisions, what was told to whom, and what was purged, are never changed."""

from django.db import migrations

from harborlight.web.audit.triggers import append_only


class Migration(migrations.Migration):
    dependencies = [("leads", "0001_initial")]

    operations = [
        append_only("leads_decision"),
        append_only("leads_dissemination"),
        append_only("leads_purge"),
    ]
