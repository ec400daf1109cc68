from django.db import migrations

from harborlight.web.records.wall import by_court, held


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0001_initial"),
        ("cases", "0004_append_only"),
        ("vault", "0002_storedfile"),
        ("protection", "0002_wall"),
        ("prosecution", "0002_wall"),
    ]

    operations = [held(), by_court()]
