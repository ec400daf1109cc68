import uuid
from typing import Any

import django.db.models.deletion
from django.db import migrations, models

_PROTECT = django.db.models.deletion.PROTECT


def _sealed() -> list[tuple[str, Any]]:
    return [
        (
            "id",
            models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
        ),
        ("key_id", models.CharField(editable=False, max_length=16)),
        ("wrapped_key", models.BinaryField()),
        ("sealed", models.BinaryField()),
    ]


def _to(model: str, name: str = "+", *, null: bool = False) -> Any:
    return models.ForeignKey(null=null, on_delete=_PROTECT, related_name=name, to=model)


class Migration(migrations.Migration):
    """Tables in which what was done about a clock, and the purpose of a consent, are sealed."""

    dependencies = [
        ("accounts", "0002_people"),
        ("cases", "0004_append_only"),
        ("protection", "0002_wall"),
    ]

    operations = [
        migrations.CreateModel(
            name="SealedConsent",
            fields=[
                *_sealed(),
                ("given_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("person", _to("cases.person", "consents")),
                ("recipient", _to("accounts.agency")),
                ("recorded_by", _to("accounts.member")),
            ],
            options={"ordering": ("given_at",)},
        ),
        migrations.CreateModel(
            name="SealedClock",
            fields=[
                *_sealed(),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("oral", "Oral report"),
                            ("written", "Written report"),
                            ("cross", "Police and child protection tell each other"),
                        ],
                        max_length=8,
                    ),
                ),
                ("started_at", models.DateTimeField()),
                ("due_at", models.DateTimeField(null=True)),
                ("explanation", models.JSONField()),
                ("warned_at", models.DateTimeField(null=True)),
                ("escalated_at", models.DateTimeField(null=True)),
                ("stopped_at", models.DateTimeField(null=True)),
                ("stopped_by", _to("accounts.member", null=True)),
                ("referral", _to("protection.protectionreferral", "clocks")),
            ],
            options={"ordering": ("due_at",)},
        ),
        migrations.CreateModel(
            name="Handover",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("running", models.PositiveIntegerField()),
                ("at", models.DateTimeField()),
                ("from_agency", _to("accounts.agency")),
                ("from_named", _to("accounts.member")),
                ("named", _to("accounts.member")),
                ("referral", _to("protection.protectionreferral", "handovers")),
                ("to_agency", _to("accounts.agency")),
                ("transfer", _to("cases.transfer")),
            ],
            options={
                "ordering": ("at", "pk"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("referral", "transfer"), name="protection_handover_once"
                    )
                ],
            },
        ),
    ]
