"""待发消息 流水号."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now


class Message(models.Model):
    id = models.BigAutoField("消息编号", primary_key=True)
    centre_id = models.SmallIntegerField("中心", db_comment="所属中心")
    kind = models.CharField("消息种类", max_length=60, db_comment="消息种类，决定由谁投递")
    key = models.CharField("消息键", max_length=120, db_comment="同一事实只产生一条消息")
    payload = models.JSONField("消息内容", default=dict, db_comment="投递所需的编号，不含个人信息")
    created_at = models.DateTimeField("产生时刻", db_default=Now(), db_comment="产生时刻")
    attempts = models.IntegerField("投递次数", default=0, db_comment="已领取投递的次数")
    next_try_at = models.DateTimeField("下次投递时刻", null=True, db_comment="早于此时刻不再领取；空为随时")
    delivered_at = models.DateTimeField("投递完成时刻", null=True, db_comment="投递完成时刻")
    last_error = models.CharField("最近失败原因", max_length=300, default="", db_comment="最近一次投递失败的原因")

    class Meta:
        db_table = "outbox_message"
        db_table_comment = "待发消息"
        verbose_name = "待发消息"
        constraints = [models.UniqueConstraint(fields=["centre_id", "key"], name="outbox_message_key")]
        indexes = [
            models.Index(
                fields=["centre_id", "kind", "next_try_at", "id"], name="outbox_message_waiting", condition=models.Q(delivered_at=None)
            )
        ]


class Sequence(models.Model):
    id = models.BigAutoField("编号", primary_key=True)
    centre_id = models.SmallIntegerField("中心", db_comment="所属中心")
    kind = models.CharField("流水种类", max_length=40, db_comment="流水种类")
    business_on = models.DateField("会计日", db_comment="流水所属会计日")
    last = models.BigIntegerField("已用最大号", db_comment="已用最大号")

    class Meta:
        db_table = "outbox_sequence"
        db_table_comment = "对外流水号"
        verbose_name = "对外流水号"
        constraints = [models.UniqueConstraint(fields=["centre_id", "kind", "business_on"], name="outbox_sequence_of_day")]
