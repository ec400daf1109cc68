from django.db import migrations

from harborlight.web.protection.wall import wall


class Migration(migrations.Migration):
    dependencies = [("protection", "0001_initial")]

    operations = [wall()]
