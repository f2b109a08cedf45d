"""Heirs with a payment of their own; claims for down payments; where money lies that cannot go back to an account that has ended."""

import django.db.models.deletion
from django.db import migrations, models

import hpf.db.crypto
import hpf.db.fields
from hpf.db.migrations_rls import EnableCentreSecurity


class Migration(migrations.Migration):
    dependencies = [
        ("withdrawals", "0004_published"),
    ]

    operations = [
        migrations.AddField(
            model_name="application",
            name="deal_checked_on",
            field=models.DateField(db_comment="付款后最近一次核查交易的会计日", null=True, verbose_name="交易核查日"),
        ),
        migrations.AddField(
            model_name="application",
            name="deal_state",
            field=models.CharField(db_comment="付款后最近一次核查到的交易状态", default="", max_length=12, verbose_name="购房交易状态"),
        ),
        migrations.AddField(
            model_name="application",
            name="payable_id",
            field=models.BigIntegerField(
                db_comment="款项不能退回个人账户时所在的（21904）分户账", null=True, verbose_name="应付款项分户账"
            ),
        ),
        migrations.CreateModel(
            name="Claim",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False, verbose_name="追回流水")),
                ("centre_id", models.SmallIntegerField(db_comment="所属中心", verbose_name="中心")),
                (
                    "claim_no",
                    models.CharField(db_comment="追回通知书的编号，退款时在附言写明", max_length=24, unique=True, verbose_name="追回编号"),
                ),
                ("amount_fen", hpf.db.fields.MoneyField(db_comment="应当退回的金额（分）", verbose_name="追回金额")),
                (
                    "state",
                    models.CharField(
                        choices=[("DEMANDED", "已通知退回"), ("REFUSED", "拒不退回"), ("RETURNED", "已退回"), ("STOPPED", "停止追回")],
                        db_comment="DEMANDED RETURNED STOPPED REFUSED",
                        max_length=10,
                        verbose_name="追回状态",
                    ),
                ),
                ("reason_code", models.CharField(db_comment="规则给出的原因", max_length=40, verbose_name="原因代码")),
                ("reason", models.CharField(db_comment="规则给出的理由，不含个人信息", max_length=300, verbose_name="追回理由")),
                ("law", models.CharField(db_comment="依据的条文", max_length=200, verbose_name="追回依据")),
                ("demanded_on", models.DateField(db_comment="发出追回通知的会计日", verbose_name="追回通知日")),
                ("due_on", models.DateField(db_comment="应当退回的日期", verbose_name="退回期限")),
                ("demanded_by", models.CharField(db_comment="发出通知的人", max_length=60, verbose_name="追回经办")),
                ("demanded_by_name", models.CharField(db_comment="发出通知的人的姓名", max_length=60, verbose_name="追回经办姓名")),
                ("returned_on", models.DateField(db_comment="退回款项记入个人账户的会计日", null=True, verbose_name="退回入账日")),
                ("journal_id", models.BigIntegerField(db_comment="退回款项的总账凭证", null=True, verbose_name="退回凭证")),
                (
                    "ended_note",
                    models.CharField(db_comment="停止追回或者拒不退回的说明", default="", max_length=300, verbose_name="追回了结说明"),
                ),
                (
                    "application",
                    models.ForeignKey(
                        db_comment="提取申请",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="withdrawals.application",
                        verbose_name="提取申请",
                    ),
                ),
            ],
            options={
                "verbose_name": "首付款追回",
                "db_table": "withdrawals_claim",
                "db_table_comment": "首付款追回",
                "indexes": [models.Index(fields=["centre_id", "state", "due_on"], name="withdrawals_claim_state")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["DEMANDED", "REFUSED"])),
                        fields=("centre_id", "application"),
                        name="withdrawals_claim_one_open",
                    ),
                    models.CheckConstraint(condition=models.Q(("amount_fen__gt", 0)), name="withdrawals_claim_positive"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Heir",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False, verbose_name="继承人流水")),
                ("centre_id", models.SmallIntegerField(db_comment="所属中心", verbose_name="中心")),
                ("place", models.SmallIntegerField(db_comment="申请中的次序，从1起；分不尽的分按此次序", verbose_name="继承人次序")),
                ("person_ref", models.CharField(db_comment="继承人的共享标识", max_length=40, verbose_name="个人标识")),
                (
                    "name",
                    hpf.db.crypto.EncryptedTextField(
                        context="withdrawals.heir.name", db_comment="姓名，也是收款户名（加密）", verbose_name="继承人姓名"
                    ),
                ),
                ("id_kind", models.CharField(db_comment="证件类型代码", max_length=20, verbose_name="继承人证件类型")),
                (
                    "id_number",
                    hpf.db.crypto.EncryptedTextField(
                        context="withdrawals.heir.id_number", db_comment="证件号码（加密）", verbose_name="继承人证件号码"
                    ),
                ),
                (
                    "payee_account",
                    hpf.db.crypto.EncryptedTextField(
                        context="withdrawals.heir.payee_account", db_comment="本人收款账号（加密）", verbose_name="继承人收款账号"
                    ),
                ),
                ("numerator", models.IntegerField(db_comment="份额的分子", verbose_name="继承份额分子")),
                ("denominator", models.IntegerField(db_comment="份额的分母", verbose_name="继承份额分母")),
                ("applies", models.BooleanField(db_comment="到场申请的人", default=False, verbose_name="继承人申请")),
                (
                    "amount_fen",
                    hpf.db.fields.MoneyField(db_comment="按份额应得的金额（分），付款时确定", null=True, verbose_name="继承人应得金额"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("WAITING", "待付款"), ("ORDERED", "付款中"), ("PAID", "已到账"), ("FAILED", "付款未成")],
                        db_comment="WAITING ORDERED PAID FAILED",
                        default="WAITING",
                        max_length=10,
                        verbose_name="继承人付款状态",
                    ),
                ),
                ("payment_no", models.CharField(db_comment="最近一次付款指令", default="", max_length=20, verbose_name="付款编号")),
                ("paid_on", models.DateField(db_comment="银行答复成功的会计日", null=True, verbose_name="到账日")),
                ("outcome", models.CharField(db_comment="付款未成的原因", default="", max_length=300, verbose_name="付款结果")),
                (
                    "application",
                    models.ForeignKey(
                        db_comment="提取申请",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="withdrawals.application",
                        verbose_name="提取申请",
                    ),
                ),
            ],
            options={
                "verbose_name": "继承人",
                "db_table": "withdrawals_heir",
                "db_table_comment": "继承人、受遗赠人",
                "constraints": [models.UniqueConstraint(fields=("centre_id", "application", "place"), name="withdrawals_heir_place")],
            },
        ),
        EnableCentreSecurity("withdrawals_heir", grants="SELECT, INSERT, UPDATE"),
        EnableCentreSecurity("withdrawals_claim", grants="SELECT, INSERT, UPDATE"),
    ]
