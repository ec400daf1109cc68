from django.db import migrations

from harborlight.web.audit.triggers import append_only


class Migration(migrations.Migration):
    dependencies = [("intake", "0001_initial")]

    operations = [
        append_only("intake_telling"),
        append_only("intake_erasure"),
        append_only("intake_contactchange"),
    ]
