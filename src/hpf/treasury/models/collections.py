"""批量代收."""

from __future__ import annotations

from django.db import models

from hpf.db.crypto import EncryptedTextField
from hpf.db.fields import MoneyField
from hpf.treasury.models.bank import BankAccount
from hpf.treasury.models.receipts import Receipt

COLLECTION_ACCOUNT = "treasury.collection.payer_account"
COLLECTION_NAME = "treasury.collection.payer_name"


class Collection(models.Model):
    id = models.BigAutoField("代收编号", primary_key=True)
    centre_id = models.SmallIntegerField("中心", db_comment="所属中心")
    bank_account = models.ForeignKey(BankAccount, models.PROTECT, related_name="+", verbose_name="专户", db_comment="收款专户")
    source_kind = models.CharField("来源种类", max_length=20, db_comment="来源业务种类")
    source_no = models.CharField("来源编号", max_length=40, db_comment="来源业务编号")
    summary = models.CharField("摘要", max_length=120, db_comment="摘要")
    line_count = models.IntegerField("笔数", db_comment="笔数")
    amount_fen = MoneyField("代收总额", db_comment="代收总额（分）")
    state = models.CharField("状态", max_length=10, default="READY", db_comment="READY SENT PROCESSING DONE FAILED")
    send_seq_no = models.CharField("结算流水号", max_length=30, default="", db_comment="发送时所用流水号")
    sent_on = models.DateField("发送日", null=True, db_comment="发送的会计日")
    settled_on = models.DateField("完成日", null=True, db_comment="完成的会计日")
    receipt = models.ForeignKey(Receipt, models.PROTECT, null=True, related_name="+", verbose_name="到账", db_comment="到账款项")
    ordered_on = models.DateField("指令日", db_comment="指令的会计日")

    class Meta:
        db_table = "treasury_collection"
        db_table_comment = "批量代收"
        verbose_name = "代收"
        constraints = [
            models.UniqueConstraint(fields=["centre_id", "source_kind", "source_no"], name="treasury_collection_source"),
            models.UniqueConstraint(
                fields=["centre_id", "send_seq_no"], condition=~models.Q(send_seq_no=""), name="treasury_collection_seq"
            ),
        ]


class CollectionLine(models.Model):
    id = models.BigAutoField("代收明细编号", primary_key=True)
    centre_id = models.SmallIntegerField("中心", db_comment="所属中心")
    collection = models.ForeignKey(Collection, models.PROTECT, related_name="+", verbose_name="代收", db_comment="代收批次")
    line_no = models.IntegerField("行号", db_comment="行号")
    source_no = models.CharField("来源编号", max_length=40, db_comment="个人账号或协议编号")
    payer_account = EncryptedTextField("付款账号", context=COLLECTION_ACCOUNT, db_comment="付款账号（加密）")
    payer_name = EncryptedTextField("付款户名", context=COLLECTION_NAME, db_comment="付款户名（加密）")
    amount_fen = MoneyField("代收金额", db_comment="代收金额（分）")
    state = models.CharField("状态", max_length=10, default="WAITING", db_comment="WAITING DONE FAILED")
    explanation = models.CharField("结果说明", max_length=200, default="", db_comment="扣款失败原因")

    class Meta:
        db_table = "treasury_collectionline"
        db_table_comment = "批量代收明细"
        verbose_name = "代收明细"
        constraints = [
            models.UniqueConstraint(fields=["centre_id", "collection", "line_no"], name="treasury_collectionline_no"),
        ]
