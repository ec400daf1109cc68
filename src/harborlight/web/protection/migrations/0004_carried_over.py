from django.db import migrations

from harborlight.web.vault.carry import carry


class Migration(migrations.Migration):
    """The rows go over, each with its words sealed."""

    dependencies = [("protection", "0003_sealed"), ("vault", "0002_storedfile")]

    operations = [
        carry("protection", "Consent", "SealedConsent", ("purpose",), {"purpose": "purpose"}),
        carry("protection", "Clock", "SealedClock", ("stopped_how",)),
    ]
