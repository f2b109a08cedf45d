"""What a clerk proposes for an heir whose payment failed, until another person passes it."""

from django.db import migrations, models

import hpf.db.crypto


class Migration(migrations.Migration):
    dependencies = [
        ("withdrawals", "0007_agreement_security"),
    ]

    operations = [
        migrations.AddField(
            model_name="heir",
            name="correct_reason",
            field=models.CharField(db_comment="提出更正的理由", default="", max_length=200, verbose_name="更正理由"),
        ),
        migrations.AddField(
            model_name="heir",
            name="corrected_by",
            field=models.CharField(db_comment="提出更正的人", default="", max_length=60, verbose_name="更正经办"),
        ),
        migrations.AddField(
            model_name="heir",
            name="corrected_by_name",
            field=models.CharField(db_comment="提出更正的人的姓名", default="", max_length=60, verbose_name="更正经办姓名"),
        ),
        migrations.AddField(
            model_name="heir",
            name="new_account",
            field=hpf.db.crypto.EncryptedTextField(
                context="withdrawals.heir.payee_account",
                db_comment="经办提出、待复核的收款账号（加密）",
                null=True,
                verbose_name="更正后收款账号",
            ),
        ),
        migrations.AddField(
            model_name="heir",
            name="new_name",
            field=hpf.db.crypto.EncryptedTextField(
                context="withdrawals.heir.name", db_comment="经办提出、待复核的姓名（加密）", null=True, verbose_name="更正后姓名"
            ),
        ),
    ]
