"""测量值 提醒: figures of measured tasks, and who was told what on which day."""

from __future__ import annotations

from django.db import models

from hpf.db.fields import MonthField
from hpf.workplan.models.plan import coded
from hpf.workplan.models.progress import Assignment, Evidence, Occurrence
from hpf.workplan.rules.states import NoticeKind, ReadingSource


class Reading(models.Model):
    """One month's figure. A computed one is written by the platform; an entered one counts once another person has signed it."""

    id = models.BigAutoField(primary_key=True, verbose_name="测量值编号", db_comment="测量值编号")
    centre_id = models.SmallIntegerField("中心", db_comment="责任中心")
    assignment = models.ForeignKey(
        Assignment, models.PROTECT, related_name="+", db_index=False, verbose_name="责任事项", db_comment="责任事项"
    )
    month = MonthField("测量年月", db_comment="测量年月（自公元0年起的月数）")
    value = models.DecimalField("测量值", max_digits=20, decimal_places=6, db_comment="数值")
    source = models.TextField("测量来源", choices=coded(ReadingSource), db_comment="平台计算或人工填报")
    taken_on = models.DateField("测量日", db_comment="数值所属之日")
    note = models.TextField("测量说明", default="", db_comment="说明")
    evidence = models.ForeignKey(Evidence, models.PROTECT, null=True, related_name="+", verbose_name="佐证", db_comment="填报依据")
    entered_by = models.TextField("填报人编号", db_comment="填报人编号")
    entered_by_name = models.TextField("填报人", db_comment="填报人")
    entered_at = models.DateTimeField("登记时刻", db_comment="填报时刻")
    signed_by = models.TextField("签认人编号", default="", db_comment="签认人编号")
    signed_by_name = models.TextField("签认人", default="", db_comment="签认人")
    signed_at = models.DateTimeField("签认时刻", null=True, db_comment="签认时刻")
    refused_reason = models.TextField("退回填报原因", default="", db_comment="签认人退回重填的原因")
    is_superseded = models.BooleanField("已被取代", default=False, db_comment="同月已有更正或平台计算的数值")

    class Meta:
        db_table_comment = "测量值"
        verbose_name = "测量值记录"
        constraints = [
            models.UniqueConstraint(
                fields=["assignment", "month", "source"], condition=models.Q(is_superseded=False), name="workplan_reading_once"
            ),
            models.CheckConstraint(
                condition=models.Q(signed_by="") | ~models.Q(signed_by=models.F("entered_by")), name="workplan_reading_two"
            ),
        ]


class Notice(models.Model):
    id = models.BigAutoField(primary_key=True, verbose_name="提醒编号", db_comment="提醒编号")
    centre_id = models.SmallIntegerField("中心", db_comment="责任中心")
    occurrence = models.ForeignKey(Occurrence, models.PROTECT, related_name="+", db_index=False, verbose_name="责任期次", db_comment="期次")
    kind = models.TextField("提醒种类", choices=coded(NoticeKind), db_comment="提醒种类")
    due_on = models.DateField("到期日", db_comment="提醒所指的到期日")
    noticed_on = models.DateField("提醒日", db_comment="提醒之日")
    to_role = models.TextField("提醒岗位", default="", db_comment="提醒对象岗位")
    to_section = models.TextField("责任科室", default="", db_comment="提醒对象科室")
    to_person_id = models.TextField("责任人编号", default="", db_comment="提醒对象用户编号")
    text = models.TextField("提醒内容", db_comment="提醒内容")
    seen_by = models.TextField("查看人", default="", db_comment="查看人")
    seen_at = models.DateTimeField("查看时刻", null=True, db_comment="查看时刻")

    class Meta:
        db_table_comment = "提醒与督办"
        verbose_name = "提醒"
        constraints = [models.UniqueConstraint(fields=["occurrence", "kind", "due_on"], name="workplan_notice_once")]
        indexes = [models.Index(fields=["centre_id", "-id"], name="workplan_notice_centre")]
