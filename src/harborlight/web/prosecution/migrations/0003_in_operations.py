import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("operations", "0001_initial"),
        ("prosecution", "0002_wall"),
    ]

    operations = [
        migrations.AddField(
            model_name="arrest",
            name="operation",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="arrests",
                to="operations.operation",
            ),
        ),
    ]
