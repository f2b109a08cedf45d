"""Yearly adjustments of bases are proposed first; the lines of a proposal, apart by centre."""

import django.db.models.deletion
from django.db import migrations, models

import hpf.db.fields
from hpf.db.migrations_rls import EnableCentreSecurity, GrantToApp


class Migration(migrations.Migration):
    dependencies = [
        ("contributions", "0003_refunds_come_back"),
    ]

    operations = [
        migrations.CreateModel(
            name="BaseChangeLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(db_comment="基数调整明细编号", primary_key=True, serialize=False, verbose_name="基数调整明细编号"),
                ),
                ("centre_id", models.SmallIntegerField(db_comment="所属中心", verbose_name="中心")),
                ("row_no", models.IntegerField(db_comment="原件中的行号", verbose_name="行号")),
                ("member_account_id", models.BigIntegerField(db_comment="个人账户", verbose_name="个人账户")),
                ("account_no", models.TextField(db_comment="个人账号", verbose_name="个人账号")),
                ("former_base_fen", hpf.db.fields.MoneyField(db_comment="调整前的缴存基数，分", verbose_name="原缴存基数")),
                ("former_employer_month_fen", hpf.db.fields.MoneyField(db_comment="调整前单位月缴存额，分", verbose_name="原单位月缴存额")),
                ("former_member_month_fen", hpf.db.fields.MoneyField(db_comment="调整前个人月缴存额，分", verbose_name="原个人月缴存额")),
                ("declared_base_fen", hpf.db.fields.MoneyField(db_comment="单位申报的基数，分", verbose_name="申报缴存基数")),
                ("base_fen", hpf.db.fields.MoneyField(db_comment="按上下限核定的基数，分", verbose_name="缴存基数")),
                ("employer_month_fen", hpf.db.fields.MoneyField(db_comment="调整后单位月缴存额，分", verbose_name="单位月缴存额")),
                ("member_month_fen", hpf.db.fields.MoneyField(db_comment="调整后个人月缴存额，分", verbose_name="个人月缴存额")),
                ("limit_note", models.TextField(db_comment="按上限或下限核定的说明", default="", verbose_name="核定说明")),
            ],
            options={
                "db_table_comment": "单位年度基数调整明细",
            },
        ),
        migrations.AddField(
            model_name="basechange",
            name="confirmed_at",
            field=models.DateTimeField(db_comment="确认执行的时刻", null=True, verbose_name="确认时刻"),
        ),
        migrations.AddField(
            model_name="basechange",
            name="confirmed_by",
            field=models.TextField(db_comment="确认执行的人", default="", verbose_name="确认人"),
        ),
        migrations.AddField(
            model_name="basechange",
            name="replaces",
            field=models.ForeignKey(
                db_comment="本次上传所更正的前一次",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="contributions.basechange",
                verbose_name="更正前基数调整",
            ),
        ),
        migrations.AddField(
            model_name="basechange",
            name="state",
            field=models.TextField(
                choices=[("PROPOSED", "待确认"), ("CONFIRMED", "已执行"), ("REPLACED", "已被更正取代"), ("CANCELLED", "已撤销")],
                db_comment="待确认、已执行、已被更正取代或已撤销",
                default="CONFIRMED",
                verbose_name="基数调整状态",
            ),
        ),
        migrations.AddIndex(
            model_name="basechange",
            index=models.Index(fields=["centre_id", "employer_account_id", "-id"], name="contributions_base_employer"),
        ),
        migrations.AddField(
            model_name="basechangeline",
            name="base_change",
            field=models.ForeignKey(
                db_comment="所属基数调整",
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="contributions.basechange",
                verbose_name="基数调整",
            ),
        ),
        migrations.AddIndex(
            model_name="basechangeline",
            index=models.Index(fields=["base_change", "row_no"], name="contributions_base_line_row"),
        ),
        EnableCentreSecurity("contributions_basechangeline", grants="SELECT, INSERT"),
        GrantToApp("contributions_basechange", grants="UPDATE (state, is_applied, confirmed_by, confirmed_at)"),
    ]
