from django.db import migrations

from harborlight.web.vault.carry import carry


class Migration(migrations.Migration):
    """The rows go over, each with its purpose sealed."""

    dependencies = [("exchange", "0002_sealed"), ("vault", "0002_storedfile")]

    operations = [carry("exchange", "Sending", "SealedSending", ("purpose",))]
