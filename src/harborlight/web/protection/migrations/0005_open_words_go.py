from django.db import migrations, models

from harborlight.web.audit.triggers import frozen

_HANDOVER = ("referral_id", "transfer_id", "from_agency_id", "to_agency_id", "from_named_id",
             "named_id", "running", "at")  # fmt: skip


class Migration(migrations.Migration):
    """The tables in which the words stood open are deleted; the sealed ones have their names."""

    dependencies = [("protection", "0004_carried_over")]

    operations = [
        migrations.DeleteModel("Consent"),
        migrations.DeleteModel("Clock"),
        migrations.RenameModel("SealedConsent", "Consent"),
        migrations.RenameModel("SealedClock", "Clock"),
        migrations.AddConstraint(
            model_name="clock",
            constraint=models.UniqueConstraint(
                fields=("referral", "kind"), name="protection_clock_once"
            ),
        ),
        frozen("protection_handover", *_HANDOVER),
    ]
