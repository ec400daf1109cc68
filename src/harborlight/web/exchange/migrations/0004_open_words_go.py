from django.db import migrations

from harborlight.web.audit.triggers import Refusal, frozen, refusing

_KEPT = Refusal(
    "exchange_sending_kept",
    "DELETE",
    "exchange_sending",
    "OLD.id IS NOT NULL",
    "that a case was given out is kept",
)


class Migration(migrations.Migration):
    """The table in which the purpose stood open is deleted; of the sealed one all else is kept."""

    dependencies = [("exchange", "0003_carried_over")]

    operations = [
        migrations.DeleteModel("Sending"),
        migrations.RenameModel("SealedSending", "Sending"),
        frozen("exchange_sending", "case_id", "recipient_id", "form", "by_id", "at", "digest",
               "people", "left_out", "texts"),
        refusing((_KEPT,)),
    ]  # fmt: skip
