from django.db import migrations

from harborlight.web.records.wall import held_consent


class Migration(migrations.Migration):
    """The table of consents is a new one: what is held is kept in it, too."""

    dependencies = [
        ("records", "0002_wall"),
        ("protection", "0005_open_words_go"),
    ]

    operations = [held_consent()]
