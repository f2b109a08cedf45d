"""断缴监测: whom the turn of a month found unpaid for, kept so that a page need not look through every line ever booked."""

from __future__ import annotations

from django.db import models

from hpf.db.fields import MonthField


class LapseWatch(models.Model):
    """How far a centre's watch has come: one row for each centre."""

    centre_id = models.SmallIntegerField("中心", primary_key=True, db_comment="所属中心")
    month = MonthField("监测年月", db_comment="名单按此月初计算")
    before = MonthField("断缴界限", db_comment="此月以后没有入账的缴存即为断缴")
    found = models.IntegerField("人数", db_comment="月初断缴人数")
    watched_on = models.DateField("监测日期", db_comment="计算名单的会计日")

    class Meta:
        db_table_comment = "断缴监测进度"
        verbose_name = "断缴监测"


class Lapse(models.Model):
    """An account of the list. Who has been paid for since, sealed or closed is left out when the list is read."""

    id = models.BigAutoField(primary_key=True, verbose_name="断缴编号", db_comment="断缴内部编号")
    centre_id = models.SmallIntegerField("中心", db_comment="所属中心")
    member_account_id = models.BigIntegerField("个人账户", db_comment="个人账户")
    last_month = MonthField("最后缴存年月", db_comment="监测时最后入账的缴存年月")

    class Meta:
        db_table_comment = "断缴职工名单"
        verbose_name = "断缴职工"
        constraints = [models.UniqueConstraint(fields=["centre_id", "member_account_id"], name="contributions_lapse_once")]
