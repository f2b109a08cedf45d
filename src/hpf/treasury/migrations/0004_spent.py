"""Receipts that are spent leave the list of 暂收款 without being looked at again."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("treasury", "0003_agenda"),
    ]

    operations = [
        migrations.AddField(
            model_name="receipt",
            name="spent",
            field=models.BooleanField(db_comment="日终时分户余额为零；未用完的款项按此查找", db_default=False, verbose_name="已用完"),
        ),
        migrations.AddIndex(
            model_name="receipt",
            index=models.Index(
                condition=models.Q(("spent", False)), fields=["centre_id", "bank_on", "id"], name="treasury_receipt_unspent"
            ),
        ),
    ]
