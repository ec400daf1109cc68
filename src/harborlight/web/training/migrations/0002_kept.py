from django.db import migrations

from harborlight.web.audit.triggers import refusing
from harborlight.web.training.triggers import REFUSALS


class Migration(migrations.Migration):
    dependencies = [("training", "0001_initial")]

    operations = [refusing(REFUSALS)]
