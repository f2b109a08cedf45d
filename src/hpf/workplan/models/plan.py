"""要点 条款 句 任务: the province's plan, its document in every edition, and what it asks for. These rows belong to no centre."""

from __future__ import annotations

from django.db import models

from hpf.workplan.rules.states import MeasureKind, PlanState, TaskOrigin, TaskScope, TaskState, Verdict


def coded(enum: type) -> list[tuple[str, str]]:
    return [(item.value, item.label) for item in enum]  # type: ignore[attr-defined]


class Plan(models.Model):
    id = models.BigAutoField(primary_key=True, verbose_name="要点编号", db_comment="要点编号")
    year = models.SmallIntegerField("要点年度", db_comment="要点所属年度")
    title = models.TextField("要点名称", db_comment="要点名称")
    number = models.TextField("要点文号", default="", db_comment="发文字号，没有的留空")
    issuer = models.TextField("印发机关", default="", db_comment="印发机关")
    issued_on = models.DateField("印发日期", null=True, db_comment="印发日期")
    state = models.TextField("要点状态", choices=coded(PlanState), default=PlanState.ACTIVE, db_comment="要点状态")
    from_plan = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="+", verbose_name="上年要点", db_comment="由其未完任务生成本要点的上年要点"
    )
    warn_days = models.SmallIntegerField("临期提醒天数", default=10, db_comment="到期前多少天开始提醒并亮黄灯")
    director_days = models.SmallIntegerField("报主任天数", default=3, db_comment="逾期多少天报中心主任")
    province_days = models.SmallIntegerField("报省厅天数", default=10, db_comment="逾期多少天报省厅")
    version = models.IntegerField("修改次数", default=1, db_comment="修改次数，两人同时修改时后者须先看到前者的修改")
    loaded_by = models.TextField("经办人", db_comment="载入人")
    loaded_at = models.DateTimeField("登记时刻", db_comment="载入时刻")

    class Meta:
        db_table_comment = "工作要点"
        verbose_name = "要点"
        constraints = [
            models.UniqueConstraint(fields=["number"], condition=~models.Q(number=""), name="workplan_plan_number"),
            models.UniqueConstraint(fields=["year", "title"], name="workplan_plan_title"),
        ]


class Edition(models.Model):
    """The document as it came, whole. A plan's later editions stand beside the first; none is ever changed."""

    id = models.BigAutoField(primary_key=True, verbose_name="要点版本编号", db_comment="要点版本编号")
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="+", verbose_name="要点", db_comment="所属要点")
    edition_no = models.SmallIntegerField("版本序号", db_comment="第几版，从1起")
    filename = models.TextField("文件名", db_comment="上传时的文件名")
    content = models.BinaryField("原件内容", db_comment="原件全部字节")
    sha256 = models.CharField("原件摘要", max_length=64, unique=True, db_comment="原件内容的SHA-256")
    size_bytes = models.BigIntegerField("原件大小", db_comment="原件字节数")
    differences = models.JSONField("版本差异", default=list, db_comment="与前一版逐句比较的差异，第一版为空")
    loaded_by = models.TextField("经办人", db_comment="载入人")
    loaded_at = models.DateTimeField("登记时刻", db_comment="载入时刻")

    class Meta:
        db_table_comment = "要点版本：要点文件的原件"
        verbose_name = "要点版本"
        constraints = [models.UniqueConstraint(fields=["plan", "edition_no"], name="workplan_edition_once")]


class Clause(models.Model):
    id = models.BigAutoField(primary_key=True, verbose_name="条款编号", db_comment="条款编号")
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="+", verbose_name="要点版本", db_comment="所属版本")
    anchor = models.TextField("条号", db_comment="条号，如 五(二)")
    level = models.SmallIntegerField("条款层级", db_comment="标题层级")
    heading = models.TextField("条款标题", default="", db_comment="条款标题")
    place = models.IntegerField("次序", db_comment="在文件中的次序，从1起")

    class Meta:
        db_table_comment = "要点条款"
        verbose_name = "条款"
        constraints = [models.UniqueConstraint(fields=["edition", "place"], name="workplan_clause_once")]


class Sentence(models.Model):
    """One sentence: it has a task, or is marked as asking nothing with the reason, or is not covered yet."""

    id = models.BigAutoField(primary_key=True, verbose_name="句编号", db_comment="句编号")
    clause = models.ForeignKey(Clause, models.PROTECT, related_name="+", verbose_name="条款", db_comment="所属条款")
    place = models.IntegerField("次序", db_comment="在条款中的次序，从1起")
    text = models.TextField("原文", db_comment="原文")
    digest = models.CharField("原文摘要", max_length=64, db_comment="去空白后原文的SHA-256，用于跨版本对应")
    verdict = models.TextField("覆盖结论", choices=coded(Verdict), default=Verdict.UNCOVERED, db_comment="有任务、不设任务或未覆盖")
    no_task_reason = models.TextField("不设任务原因", default="", db_comment="不设任务的原因")
    version = models.IntegerField("修改次数", default=1, db_comment="修改次数")
    decided_by = models.TextField("经办人", default="", db_comment="作出结论的人")
    decided_at = models.DateTimeField("登记时刻", null=True, db_comment="作出结论的时刻")

    class Meta:
        db_table_comment = "要点原文，逐句"
        verbose_name = "句"
        constraints = [models.UniqueConstraint(fields=["clause", "place"], name="workplan_sentence_once")]
        indexes = [models.Index(fields=["digest"], name="workplan_sentence_digest")]


class Task(models.Model):
    """What the province asks for. `deadlines` are the rules as `DeadlineRule.as_json` writes them."""

    id = models.BigAutoField(primary_key=True, verbose_name="任务编号", db_comment="任务内部编号")
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="+", verbose_name="要点", db_comment="所属要点")
    task_no = models.IntegerField("任务号", db_comment="在要点中的任务号，从1起，永不改变")
    title = models.TextField("任务名称", db_comment="任务名称")
    demand = models.TextField("任务要求", db_comment="任务要求，原文或人工表述")
    anchor = models.TextField("条号", default="", db_comment="所依据的首个条款的条号")
    part = models.TextField("所属部分", default="", db_comment="所属部分，如 五")
    part_heading = models.TextField("部分标题", default="", db_comment="所属部分的标题")
    scope = models.TextField("责任范围", choices=coded(TaskScope), db_comment="全省各中心或点名中心")
    origin = models.TextField("任务来源", choices=coded(TaskOrigin), db_comment="文件拆解、人工建立或上年结转")
    state = models.TextField("任务状态", choices=coded(TaskState), default=TaskState.ACTIVE, db_comment="任务状态")
    starts_on = models.DateField("起始日期", db_comment="任务起始日期")
    deadlines = models.JSONField("期限规则", default=list, db_comment="期限规则：固定、周期、随事件")
    deadline_text = models.TextField("期限", default="", db_comment="期限，供阅读")
    quota = models.TextField("数量要求", default="", db_comment="数量要求，如 不少于1篇")
    cites = models.JSONField("引用文件", default=list, db_comment="任务引用的文件，每项为标题、文号")
    bodies = models.JSONField("涉及部门", default=list, db_comment="任务涉及的部门")
    measure_kind = models.TextField("佐证方式", choices=coded(MeasureKind), default=MeasureKind.EVIDENCE, db_comment="佐证材料或平台测量")
    measure_code = models.TextField("测量口径", default="", db_comment="平台测量口径代码")
    operator = models.TextField("目标方向", default="", db_comment="目标方向：<= 不高于，>= 不低于，= 等于")
    target = models.DecimalField("目标值", max_digits=20, decimal_places=6, null=True, db_comment="全省统一目标值")
    carried_from = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="+", verbose_name="上年任务", db_comment="由上年要点结转的任务"
    )
    version = models.IntegerField("修改次数", default=1, db_comment="修改次数")
    created_by = models.TextField("经办人", db_comment="建立人")
    created_at = models.DateTimeField("登记时刻", db_comment="建立时刻")

    class Meta:
        db_table_comment = "要点任务"
        verbose_name = "任务"
        constraints = [models.UniqueConstraint(fields=["plan", "task_no"], name="workplan_task_once")]


class TaskSource(models.Model):
    id = models.BigAutoField(primary_key=True, verbose_name="任务依据编号", db_comment="任务依据编号")
    task = models.ForeignKey(Task, models.PROTECT, related_name="+", verbose_name="任务", db_comment="任务")
    sentence = models.ForeignKey(Sentence, models.PROTECT, related_name="+", verbose_name="句", db_comment="任务所依据的原文")

    class Meta:
        db_table_comment = "任务所依据的原文"
        verbose_name = "任务依据"
        constraints = [models.UniqueConstraint(fields=["task", "sentence"], name="workplan_tasksource_once")]
