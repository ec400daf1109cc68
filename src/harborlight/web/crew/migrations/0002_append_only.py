from django.db import migrations

from harborlight.web.audit.triggers import append_only, frozen


class Migration(migrations.Migration):
    dependencies = [("crew", "0001_initial")]

    operations = [
        append_only("crew_told"),
        frozen(
            "crew_version",
            "report_id",
            "number",
            "schema",
            "digest",
            "received_at",
            "channel",
            "sealed",
        ),
        frozen("crew_review", "report_id", "outcome", "by_id", "at", "sealed"),
    ]
