from django.db import migrations

from harborlight.web.prosecution.wall import wall


class Migration(migrations.Migration):
    dependencies = [("prosecution", "0001_initial"), ("protection", "0002_wall")]

    operations = [wall()]
