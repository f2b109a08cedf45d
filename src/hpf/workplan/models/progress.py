"""责任事项 期次 措施 佐证 历史: what each centre makes of a task, by when, with what proof, and everything that happened."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from hpf.workplan.models.plan import Plan, Task, coded
from hpf.workplan.rules.states import BreakdownState, EventKind, MeasureState, OccurrenceState


class Assignment(models.Model):
    """A task in one centre."""

    id = models.BigAutoField(primary_key=True, verbose_name="责任事项编号", db_comment="责任事项编号")
    centre_id = models.SmallIntegerField("中心", db_comment="责任中心")
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="+", db_index=False, verbose_name="要点", db_comment="所属要点")
    task = models.ForeignKey(Task, models.PROTECT, related_name="+", db_index=False, verbose_name="任务", db_comment="任务")
    measure_text = models.TextField("具体措施", default="", db_comment="中心的具体措施")
    section = models.TextField("责任科室", default="", db_comment="责任科室")
    person_id = models.TextField("责任人编号", default="", db_comment="责任人的用户编号")
    person_name = models.TextField("责任人", default="", db_comment="责任人姓名")
    starts_on = models.DateField("起始日期", db_comment="起始日期")
    target = models.DecimalField("中心目标值", max_digits=20, decimal_places=6, null=True, db_comment="本中心的目标值，空为全省统一目标值")
    state = models.TextField("分解状态", choices=coded(BreakdownState), default=BreakdownState.NEW, db_comment="分解状态")
    confirmed_by = models.TextField("确认人", default="", db_comment="确认分解的主任")
    confirmed_at = models.DateTimeField("确认时刻", null=True, db_comment="确认分解的时刻")
    version = models.IntegerField("修改次数", default=1, db_comment="修改次数")

    class Meta:
        db_table_comment = "责任事项：一项任务在一个中心"
        verbose_name = "责任事项"
        constraints = [models.UniqueConstraint(fields=["task", "centre_id"], name="workplan_assignment_once")]
        indexes = [models.Index(fields=["centre_id", "plan", "section"], name="workplan_assignment_section")]


class Occurrence(models.Model):
    """One date by which the task is due in one centre. An accepted row is never changed again: the database refuses it."""

    id = models.BigAutoField(primary_key=True, verbose_name="期次编号", db_comment="期次编号")
    centre_id = models.SmallIntegerField("中心", db_comment="责任中心")
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="+", db_index=False, verbose_name="要点", db_comment="所属要点")
    task = models.ForeignKey(Task, models.PROTECT, related_name="+", db_index=False, verbose_name="任务", db_comment="任务")
    assignment = models.ForeignKey(
        Assignment, models.PROTECT, related_name="+", db_index=False, verbose_name="责任事项", db_comment="所属责任事项"
    )
    period = models.TextField("期次", db_comment="期次，如 2024-03、2024-Q1、2024、2024-03-31")
    starts_on = models.DateField("起始日期", db_comment="本期开始之日，此前亮灰灯")
    due_on = models.DateField("到期日", db_comment="到期日")
    first_due_on = models.DateField("原到期日", db_comment="最初的到期日，调整期限后仍在")
    last_workday_on = models.DateField("最后工作日", db_comment="到期日或其前最后一个工作日")
    note = models.TextField("期限说明", default="", db_comment="节假日、推定等须知")
    state = models.TextField("期次状态", choices=coded(OccurrenceState), default=OccurrenceState.OPEN, db_comment="期次状态")
    is_asked = models.BooleanField("待补充", default=False, db_comment="省厅询问而中心尚未答复")
    question = models.TextField("询问", default="", db_comment="省厅最近的询问")
    is_measured = models.BooleanField("平台测量", default=False, db_comment="由平台测量，是否达标不由人填")
    is_met = models.BooleanField("已达标", null=True, db_comment="平台测量任务：是否达标，由平台计算，空为无数据")
    value = models.DecimalField("测量值", max_digits=20, decimal_places=6, null=True, db_comment="平台测量任务：最近一次数值")
    measured_on = models.DateField("测量日", null=True, db_comment="最近一次测量之日")
    words = models.TextField("完成情况", default="", db_comment="科室或主任对完成情况的说明")
    finished_by = models.TextField("办结人", default="", db_comment="科室办结人")
    finished_at = models.DateTimeField("办结时刻", null=True, db_comment="科室办结时刻")
    reported_by = models.TextField("上报人", default="", db_comment="上报的主任")
    reported_at = models.DateTimeField("上报时刻", null=True, db_comment="最近一次上报时刻")
    reported_on = models.DateField("上报日", null=True, db_comment="最近一次上报之日")
    returns = models.SmallIntegerField("退回次数", default=0, db_comment="被退回次数")
    decided_by = models.TextField("认可人", default="", db_comment="认可或退回的省厅人员")
    decided_at = models.DateTimeField("认可时刻", null=True, db_comment="认可或退回的时刻")
    decided_on = models.DateField("认可日", null=True, db_comment="认可或退回之日")
    opinion = models.TextField("认可意见", default="", db_comment="认可意见或退回原因")
    version = models.IntegerField("修改次数", default=1, db_comment="修改次数")

    class Meta:
        db_table_comment = "期次：责任事项的一个到期日"
        verbose_name = "责任期次"
        constraints = [models.UniqueConstraint(fields=["assignment", "period"], name="workplan_occurrence_once")]
        indexes = [
            models.Index(fields=["plan", "centre_id", "due_on"], name="workplan_occurrence_due"),
            models.Index(fields=["task", "centre_id"], name="workplan_occurrence_task"),
            models.Index(
                fields=["plan", "task"],
                name="workplan_occurrence_wall",
                include=["centre_id", "state", "starts_on", "due_on", "is_measured", "is_met"],
            ),
            models.Index(
                fields=["due_on", "id"], name="workplan_occurrence_working", condition=Q(state__in=["OPEN", "DONE_BY_SECTION", "RETURNED"])
            ),
            models.Index(fields=["due_on", "id"], name="workplan_occurrence_told", condition=Q(state="REPORTED")),
        ]


class Measure(models.Model):
    """The centre's own further break-down."""

    id = models.BigAutoField(primary_key=True, verbose_name="措施编号", db_comment="措施编号")
    centre_id = models.SmallIntegerField("中心", db_comment="责任中心")
    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="+", verbose_name="责任事项", db_comment="所属责任事项")
    title = models.TextField("措施名称", db_comment="措施")
    section = models.TextField("责任科室", default="", db_comment="责任科室")
    person_id = models.TextField("责任人编号", default="", db_comment="责任人的用户编号")
    person_name = models.TextField("责任人", default="", db_comment="责任人姓名")
    starts_on = models.DateField("起始日期", null=True, db_comment="起始日期")
    due_on = models.DateField("到期日", null=True, db_comment="完成时限")
    state = models.TextField("措施状态", choices=coded(MeasureState), default=MeasureState.OPEN, db_comment="措施状态")
    version = models.IntegerField("修改次数", default=1, db_comment="修改次数")
    created_by = models.TextField("经办人", db_comment="登记人")
    created_at = models.DateTimeField("登记时刻", db_comment="登记时刻")

    class Meta:
        db_table_comment = "中心措施"
        verbose_name = "措施"


class Evidence(models.Model):
    """A file, whole and with its digest. It may be withdrawn with a reason and stays readable; nothing else ever changes."""

    id = models.BigAutoField(primary_key=True, verbose_name="佐证编号", db_comment="佐证编号")
    centre_id = models.SmallIntegerField("中心", db_comment="责任中心")
    occurrence = models.ForeignKey(Occurrence, models.PROTECT, related_name="+", verbose_name="责任期次", db_comment="所佐证的期次")
    measure = models.ForeignKey(Measure, models.PROTECT, null=True, related_name="+", verbose_name="措施", db_comment="所佐证的措施")
    filename = models.TextField("文件名", db_comment="上传时的文件名")
    mime = models.TextField("文件类型", db_comment="文件类型")
    content = models.BinaryField("原件内容", db_comment="原件全部字节")
    sha256 = models.CharField("原件摘要", max_length=64, db_comment="原件内容的SHA-256")
    size_bytes = models.BigIntegerField("原件大小", db_comment="原件字节数")
    uploaded_by = models.TextField("经办人编号", db_comment="上传人编号")
    uploaded_by_name = models.TextField("经办人", db_comment="上传人")
    uploaded_at = models.DateTimeField("登记时刻", db_comment="上传时刻")
    withdrawn_by = models.TextField("撤回人", default="", db_comment="撤回人")
    withdrawn_at = models.DateTimeField("撤回时刻", null=True, db_comment="撤回时刻")
    withdrawn_reason = models.TextField("撤回原因", default="", db_comment="撤回原因")

    class Meta:
        db_table_comment = "佐证材料"
        verbose_name = "佐证"


class Event(models.Model):
    """历史. Centre 0 is the province's own. Rows are added and never changed."""

    id = models.BigAutoField(primary_key=True, verbose_name="历史编号", db_comment="历史编号")
    centre_id = models.SmallIntegerField("中心", db_comment="责任中心，0为省厅")
    plan_id = models.BigIntegerField("要点", db_comment="要点")
    task_id = models.BigIntegerField("任务", null=True, db_comment="任务")
    assignment_id = models.BigIntegerField("责任事项", null=True, db_comment="责任事项")
    occurrence_id = models.BigIntegerField("责任期次", null=True, db_comment="期次")
    kind = models.TextField("历史种类", choices=coded(EventKind), db_comment="历史种类")
    at = models.DateTimeField("登记时刻", db_comment="发生时刻")
    by_id = models.TextField("经办人编号", db_comment="办理人编号")
    by_name = models.TextField("经办人", db_comment="办理人")
    text = models.TextField("历史内容", default="", db_comment="说明")
    before = models.JSONField("修改前", default=dict, db_comment="修改前的值")
    after = models.JSONField("修改后", default=dict, db_comment="修改后的值")

    class Meta:
        db_table_comment = "任务历史，只增不改"
        verbose_name = "任务历史"
        indexes = [
            models.Index(fields=["centre_id", "plan_id", "-id"], name="workplan_event_plan"),
            models.Index(fields=["task_id", "-id"], name="workplan_event_task"),
            models.Index(fields=["occurrence_id", "-id"], name="workplan_event_occurrence"),
        ]


class DeadlineMove(models.Model):
    id = models.BigAutoField(primary_key=True, verbose_name="调整期限编号", db_comment="调整期限编号")
    centre_id = models.SmallIntegerField("中心", db_comment="责任中心")
    occurrence = models.ForeignKey(Occurrence, models.PROTECT, related_name="+", verbose_name="责任期次", db_comment="期次")
    from_on = models.DateField("调整前到期日", db_comment="调整前到期日")
    to_on = models.DateField("调整后到期日", db_comment="调整后到期日")
    reason = models.TextField("调整原因", db_comment="调整原因")
    moved_by = models.TextField("经办人", db_comment="调整人")
    moved_at = models.DateTimeField("登记时刻", db_comment="调整时刻")

    class Meta:
        db_table_comment = "调整期限，只增不改"
        verbose_name = "调整期限"


class SectionMember(models.Model):
    """科室: who works in which section of a centre, and who heads it."""

    id = models.BigAutoField(primary_key=True, verbose_name="科室人员编号", db_comment="科室人员编号")
    centre_id = models.SmallIntegerField("中心", db_comment="所属中心")
    section = models.TextField("责任科室", db_comment="科室名称")
    person_id = models.TextField("责任人编号", db_comment="用户编号")
    person_name = models.TextField("责任人", db_comment="姓名")
    is_head = models.BooleanField("科室负责人", default=False, db_comment="是否科室负责人")

    class Meta:
        db_table_comment = "科室人员"
        verbose_name = "科室人员"
        constraints = [models.UniqueConstraint(fields=["centre_id", "section", "person_id"], name="workplan_member_once")]
