import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """A table in which the purpose for which a case was given out is sealed."""

    dependencies = [("exchange", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="SealedSending",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("key_id", models.CharField(editable=False, max_length=16)),
                ("wrapped_key", models.BinaryField()),
                ("sealed", models.BinaryField()),
                (
                    "form",
                    models.CharField(
                        choices=[("json", "JSON, one document"), ("csv", "CSV, a zip of tables")],
                        max_length=4,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("digest", models.CharField(max_length=64)),
                ("people", models.PositiveIntegerField()),
                ("left_out", models.PositiveIntegerField()),
                ("texts", models.BooleanField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.member",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sendings",
                        to="cases.case",
                    ),
                ),
                (
                    "recipient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.agency",
                        verbose_name="to which agency",
                    ),
                ),
            ],
            options={"ordering": ("-at",)},
        ),
    ]
