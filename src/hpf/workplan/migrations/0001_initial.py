import django.db.models.deletion
from django.db import migrations, models

import hpf.db.fields
import hpf.workplan.rules.states


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Assignment",
            fields=[
                ("id", models.BigAutoField(db_comment="责任事项编号", primary_key=True, serialize=False, verbose_name="责任事项编号")),
                ("centre_id", models.SmallIntegerField(db_comment="责任中心", verbose_name="中心")),
                ("measure_text", models.TextField(db_comment="中心的具体措施", default="", verbose_name="具体措施")),
                ("section", models.TextField(db_comment="责任科室", default="", verbose_name="责任科室")),
                ("person_id", models.TextField(db_comment="责任人的用户编号", default="", verbose_name="责任人编号")),
                ("person_name", models.TextField(db_comment="责任人姓名", default="", verbose_name="责任人")),
                ("starts_on", models.DateField(db_comment="起始日期", verbose_name="起始日期")),
                (
                    "target",
                    models.DecimalField(
                        db_comment="本中心的目标值，空为全省统一目标值",
                        decimal_places=6,
                        max_digits=20,
                        null=True,
                        verbose_name="中心目标值",
                    ),
                ),
                (
                    "state",
                    models.TextField(
                        choices=[("NEW", "待分解"), ("BROKEN_DOWN", "已分解待确认"), ("CONFIRMED", "已确认")],
                        db_comment="分解状态",
                        default=hpf.workplan.rules.states.BreakdownState["NEW"],
                        verbose_name="分解状态",
                    ),
                ),
                ("confirmed_by", models.TextField(db_comment="确认分解的主任", default="", verbose_name="确认人")),
                ("confirmed_at", models.DateTimeField(db_comment="确认分解的时刻", null=True, verbose_name="确认时刻")),
                ("version", models.IntegerField(db_comment="修改次数", default=1, verbose_name="修改次数")),
            ],
            options={
                "verbose_name": "责任事项",
                "db_table_comment": "责任事项：一项任务在一个中心",
            },
        ),
        migrations.CreateModel(
            name="Edition",
            fields=[
                ("id", models.BigAutoField(db_comment="要点版本编号", primary_key=True, serialize=False, verbose_name="要点版本编号")),
                ("edition_no", models.SmallIntegerField(db_comment="第几版，从1起", verbose_name="版本序号")),
                ("filename", models.TextField(db_comment="上传时的文件名", verbose_name="文件名")),
                ("content", models.BinaryField(db_comment="原件全部字节", verbose_name="原件内容")),
                ("sha256", models.CharField(db_comment="原件内容的SHA-256", max_length=64, unique=True, verbose_name="原件摘要")),
                ("size_bytes", models.BigIntegerField(db_comment="原件字节数", verbose_name="原件大小")),
                ("differences", models.JSONField(db_comment="与前一版逐句比较的差异，第一版为空", default=list, verbose_name="版本差异")),
                ("loaded_by", models.TextField(db_comment="载入人", verbose_name="经办人")),
                ("loaded_at", models.DateTimeField(db_comment="载入时刻", verbose_name="登记时刻")),
            ],
            options={
                "verbose_name": "要点版本",
                "db_table_comment": "要点版本：要点文件的原件",
            },
        ),
        migrations.CreateModel(
            name="Clause",
            fields=[
                ("id", models.BigAutoField(db_comment="条款编号", primary_key=True, serialize=False, verbose_name="条款编号")),
                ("anchor", models.TextField(db_comment="条号，如 五(二)", verbose_name="条号")),
                ("level", models.SmallIntegerField(db_comment="标题层级", verbose_name="条款层级")),
                ("heading", models.TextField(db_comment="条款标题", default="", verbose_name="条款标题")),
                ("place", models.IntegerField(db_comment="在文件中的次序，从1起", verbose_name="次序")),
                (
                    "edition",
                    models.ForeignKey(
                        db_comment="所属版本",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="workplan.edition",
                        verbose_name="要点版本",
                    ),
                ),
            ],
            options={
                "verbose_name": "条款",
                "db_table_comment": "要点条款",
            },
        ),
        migrations.CreateModel(
            name="Event",
            fields=[
                ("id", models.BigAutoField(db_comment="历史编号", primary_key=True, serialize=False, verbose_name="历史编号")),
                ("centre_id", models.SmallIntegerField(db_comment="责任中心，0为省厅", verbose_name="中心")),
                ("plan_id", models.BigIntegerField(db_comment="要点", verbose_name="要点")),
                ("task_id", models.BigIntegerField(db_comment="任务", null=True, verbose_name="任务")),
                ("assignment_id", models.BigIntegerField(db_comment="责任事项", null=True, verbose_name="责任事项")),
                ("occurrence_id", models.BigIntegerField(db_comment="期次", null=True, verbose_name="责任期次")),
                (
                    "kind",
                    models.TextField(
                        choices=[
                            ("PLAN_LOADED", "要点载入"),
                            ("EDITION_LOADED", "新版本载入"),
                            ("PLAN_MADE", "由上年要点生成"),
                            ("PLAN_SET", "提醒天数调整"),
                            ("TASK_CREATED", "建立任务"),
                            ("TASK_CHANGED", "修改任务"),
                            ("TASK_WITHDRAWN", "撤销任务"),
                            ("NO_TASK", "标注不设任务"),
                            ("MEASURED_BY", "改由平台测量"),
                            ("BROKEN_DOWN", "分解"),
                            ("ASSIGNED", "分派"),
                            ("CONFIRMED", "主任确认分解"),
                            ("MEASURE_ADDED", "增加措施"),
                            ("MEASURE_CHANGED", "修改措施"),
                            ("EVIDENCE_ADDED", "上传佐证"),
                            ("EVIDENCE_WITHDRAWN", "撤回佐证"),
                            ("FINISHED", "科室办结"),
                            ("REOPENED", "退回科室"),
                            ("REPORTED", "上报省厅"),
                            ("ACCEPTED", "省厅认可"),
                            ("RETURNED", "省厅退回"),
                            ("ASKED", "省厅询问"),
                            ("ANSWERED", "中心答复"),
                            ("COMMENTED", "批注"),
                            ("DEADLINE_MOVED", "调整期限"),
                            ("TRIGGERED", "登记触发事项"),
                            ("READING_ENTERED", "填报数值"),
                            ("READING_SIGNED", "签认数值"),
                            ("READING_REFUSED", "数值退回重填"),
                            ("MEASURED", "平台测量"),
                            ("ESCALATED", "逾期上报"),
                            ("SECTION_SEATED", "科室人员调整"),
                            ("IMPORTED", "导入台账"),
                        ],
                        db_comment="历史种类",
                        verbose_name="历史种类",
                    ),
                ),
                ("at", models.DateTimeField(db_comment="发生时刻", verbose_name="登记时刻")),
                ("by_id", models.TextField(db_comment="办理人编号", verbose_name="经办人编号")),
                ("by_name", models.TextField(db_comment="办理人", verbose_name="经办人")),
                ("text", models.TextField(db_comment="说明", default="", verbose_name="历史内容")),
                ("before", models.JSONField(db_comment="修改前的值", default=dict, verbose_name="修改前")),
                ("after", models.JSONField(db_comment="修改后的值", default=dict, verbose_name="修改后")),
            ],
            options={
                "verbose_name": "任务历史",
                "db_table_comment": "任务历史，只增不改",
                "indexes": [
                    models.Index(fields=["centre_id", "plan_id", "-id"], name="workplan_event_plan"),
                    models.Index(fields=["task_id", "-id"], name="workplan_event_task"),
                    models.Index(fields=["occurrence_id", "-id"], name="workplan_event_occurrence"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Measure",
            fields=[
                ("id", models.BigAutoField(db_comment="措施编号", primary_key=True, serialize=False, verbose_name="措施编号")),
                ("centre_id", models.SmallIntegerField(db_comment="责任中心", verbose_name="中心")),
                ("title", models.TextField(db_comment="措施", verbose_name="措施名称")),
                ("section", models.TextField(db_comment="责任科室", default="", verbose_name="责任科室")),
                ("person_id", models.TextField(db_comment="责任人的用户编号", default="", verbose_name="责任人编号")),
                ("person_name", models.TextField(db_comment="责任人姓名", default="", verbose_name="责任人")),
                ("starts_on", models.DateField(db_comment="起始日期", null=True, verbose_name="起始日期")),
                ("due_on", models.DateField(db_comment="完成时限", null=True, verbose_name="到期日")),
                (
                    "state",
                    models.TextField(
                        choices=[("OPEN", "进行中"), ("DONE", "已完成"), ("DROPPED", "已取消")],
                        db_comment="措施状态",
                        default=hpf.workplan.rules.states.MeasureState["OPEN"],
                        verbose_name="措施状态",
                    ),
                ),
                ("version", models.IntegerField(db_comment="修改次数", default=1, verbose_name="修改次数")),
                ("created_by", models.TextField(db_comment="登记人", verbose_name="经办人")),
                ("created_at", models.DateTimeField(db_comment="登记时刻", verbose_name="登记时刻")),
                (
                    "assignment",
                    models.ForeignKey(
                        db_comment="所属责任事项",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="workplan.assignment",
                        verbose_name="责任事项",
                    ),
                ),
            ],
            options={
                "verbose_name": "措施",
                "db_table_comment": "中心措施",
            },
        ),
        migrations.CreateModel(
            name="Occurrence",
            fields=[
                ("id", models.BigAutoField(db_comment="期次编号", primary_key=True, serialize=False, verbose_name="期次编号")),
                ("centre_id", models.SmallIntegerField(db_comment="责任中心", verbose_name="中心")),
                ("period", models.TextField(db_comment="期次，如 2024-03、2024-Q1、2024、2024-03-31", verbose_name="期次")),
                ("starts_on", models.DateField(db_comment="本期开始之日，此前亮灰灯", verbose_name="起始日期")),
                ("due_on", models.DateField(db_comment="到期日", verbose_name="到期日")),
                ("first_due_on", models.DateField(db_comment="最初的到期日，调整期限后仍在", verbose_name="原到期日")),
                ("last_workday_on", models.DateField(db_comment="到期日或其前最后一个工作日", verbose_name="最后工作日")),
                ("note", models.TextField(db_comment="节假日、推定等须知", default="", verbose_name="期限说明")),
                (
                    "state",
                    models.TextField(
                        choices=[
                            ("OPEN", "推进中"),
                            ("DONE_BY_SECTION", "科室办结"),
                            ("REPORTED", "已上报"),
                            ("RETURNED", "已退回"),
                            ("ACCEPTED", "已认可"),
                            ("WITHDRAWN", "已撤销"),
                        ],
                        db_comment="期次状态",
                        default=hpf.workplan.rules.states.OccurrenceState["OPEN"],
                        verbose_name="期次状态",
                    ),
                ),
                ("is_asked", models.BooleanField(db_comment="省厅询问而中心尚未答复", default=False, verbose_name="待补充")),
                ("question", models.TextField(db_comment="省厅最近的询问", default="", verbose_name="询问")),
                ("is_measured", models.BooleanField(db_comment="由平台测量，是否达标不由人填", default=False, verbose_name="平台测量")),
                (
                    "is_met",
                    models.BooleanField(db_comment="平台测量任务：是否达标，由平台计算，空为无数据", null=True, verbose_name="已达标"),
                ),
                (
                    "value",
                    models.DecimalField(
                        db_comment="平台测量任务：最近一次数值", decimal_places=6, max_digits=20, null=True, verbose_name="测量值"
                    ),
                ),
                ("measured_on", models.DateField(db_comment="最近一次测量之日", null=True, verbose_name="测量日")),
                ("words", models.TextField(db_comment="科室或主任对完成情况的说明", default="", verbose_name="完成情况")),
                ("finished_by", models.TextField(db_comment="科室办结人", default="", verbose_name="办结人")),
                ("finished_at", models.DateTimeField(db_comment="科室办结时刻", null=True, verbose_name="办结时刻")),
                ("reported_by", models.TextField(db_comment="上报的主任", default="", verbose_name="上报人")),
                ("reported_at", models.DateTimeField(db_comment="最近一次上报时刻", null=True, verbose_name="上报时刻")),
                ("reported_on", models.DateField(db_comment="最近一次上报之日", null=True, verbose_name="上报日")),
                ("returns", models.SmallIntegerField(db_comment="被退回次数", default=0, verbose_name="退回次数")),
                ("decided_by", models.TextField(db_comment="认可或退回的省厅人员", default="", verbose_name="认可人")),
                ("decided_at", models.DateTimeField(db_comment="认可或退回的时刻", null=True, verbose_name="认可时刻")),
                ("decided_on", models.DateField(db_comment="认可或退回之日", null=True, verbose_name="认可日")),
                ("opinion", models.TextField(db_comment="认可意见或退回原因", default="", verbose_name="认可意见")),
                ("version", models.IntegerField(db_comment="修改次数", default=1, verbose_name="修改次数")),
                (
                    "assignment",
                    models.ForeignKey(
                        db_comment="所属责任事项",
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="workplan.assignment",
                        verbose_name="责任事项",
                    ),
                ),
            ],
            options={
                "verbose_name": "责任期次",
                "db_table_comment": "期次：责任事项的一个到期日",
            },
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.BigAutoField(db_comment="提醒编号", primary_key=True, serialize=False, verbose_name="提醒编号")),
                ("centre_id", models.SmallIntegerField(db_comment="责任中心", verbose_name="中心")),
                (
                    "kind",
                    models.TextField(
                        choices=[
                            ("BEFORE", "临期提醒"),
                            ("DUE", "到期提醒"),
                            ("LATE", "逾期提醒"),
                            ("DIRECTOR", "逾期报主任"),
                            ("PROVINCE", "逾期报省厅"),
                        ],
                        db_comment="提醒种类",
                        verbose_name="提醒种类",
                    ),
                ),
                ("due_on", models.DateField(db_comment="提醒所指的到期日", verbose_name="到期日")),
                ("noticed_on", models.DateField(db_comment="提醒之日", verbose_name="提醒日")),
                ("to_role", models.TextField(db_comment="提醒对象岗位", default="", verbose_name="提醒岗位")),
                ("to_section", models.TextField(db_comment="提醒对象科室", default="", verbose_name="责任科室")),
                ("to_person_id", models.TextField(db_comment="提醒对象用户编号", default="", verbose_name="责任人编号")),
                ("text", models.TextField(db_comment="提醒内容", verbose_name="提醒内容")),
                ("seen_by", models.TextField(db_comment="查看人", default="", verbose_name="查看人")),
                ("seen_at", models.DateTimeField(db_comment="查看时刻", null=True, verbose_name="查看时刻")),
                (
                    "occurrence",
                    models.ForeignKey(
                        db_comment="期次",
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="workplan.occurrence",
                        verbose_name="责任期次",
                    ),
                ),
            ],
            options={
                "verbose_name": "提醒",
                "db_table_comment": "提醒与督办",
            },
        ),
        migrations.CreateModel(
            name="Evidence",
            fields=[
                ("id", models.BigAutoField(db_comment="佐证编号", primary_key=True, serialize=False, verbose_name="佐证编号")),
                ("centre_id", models.SmallIntegerField(db_comment="责任中心", verbose_name="中心")),
                ("filename", models.TextField(db_comment="上传时的文件名", verbose_name="文件名")),
                ("mime", models.TextField(db_comment="文件类型", verbose_name="文件类型")),
                ("content", models.BinaryField(db_comment="原件全部字节", verbose_name="原件内容")),
                ("sha256", models.CharField(db_comment="原件内容的SHA-256", max_length=64, verbose_name="原件摘要")),
                ("size_bytes", models.BigIntegerField(db_comment="原件字节数", verbose_name="原件大小")),
                ("uploaded_by", models.TextField(db_comment="上传人编号", verbose_name="经办人编号")),
                ("uploaded_by_name", models.TextField(db_comment="上传人", verbose_name="经办人")),
                ("uploaded_at", models.DateTimeField(db_comment="上传时刻", verbose_name="登记时刻")),
                ("withdrawn_by", models.TextField(db_comment="撤回人", default="", verbose_name="撤回人")),
                ("withdrawn_at", models.DateTimeField(db_comment="撤回时刻", null=True, verbose_name="撤回时刻")),
                ("withdrawn_reason", models.TextField(db_comment="撤回原因", default="", verbose_name="撤回原因")),
                (
                    "measure",
                    models.ForeignKey(
                        db_comment="所佐证的措施",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="workplan.measure",
                        verbose_name="措施",
                    ),
                ),
                (
                    "occurrence",
                    models.ForeignKey(
                        db_comment="所佐证的期次",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="workplan.occurrence",
                        verbose_name="责任期次",
                    ),
                ),
            ],
            options={
                "verbose_name": "佐证",
                "db_table_comment": "佐证材料",
            },
        ),
        migrations.CreateModel(
            name="DeadlineMove",
            fields=[
                ("id", models.BigAutoField(db_comment="调整期限编号", primary_key=True, serialize=False, verbose_name="调整期限编号")),
                ("centre_id", models.SmallIntegerField(db_comment="责任中心", verbose_name="中心")),
                ("from_on", models.DateField(db_comment="调整前到期日", verbose_name="调整前到期日")),
                ("to_on", models.DateField(db_comment="调整后到期日", verbose_name="调整后到期日")),
                ("reason", models.TextField(db_comment="调整原因", verbose_name="调整原因")),
                ("moved_by", models.TextField(db_comment="调整人", verbose_name="经办人")),
                ("moved_at", models.DateTimeField(db_comment="调整时刻", verbose_name="登记时刻")),
                (
                    "occurrence",
                    models.ForeignKey(
                        db_comment="期次",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="workplan.occurrence",
                        verbose_name="责任期次",
                    ),
                ),
            ],
            options={
                "verbose_name": "调整期限",
                "db_table_comment": "调整期限，只增不改",
            },
        ),
        migrations.CreateModel(
            name="Plan",
            fields=[
                ("id", models.BigAutoField(db_comment="要点编号", primary_key=True, serialize=False, verbose_name="要点编号")),
                ("year", models.SmallIntegerField(db_comment="要点所属年度", verbose_name="要点年度")),
                ("title", models.TextField(db_comment="要点名称", verbose_name="要点名称")),
                ("number", models.TextField(db_comment="发文字号，没有的留空", default="", verbose_name="要点文号")),
                ("issuer", models.TextField(db_comment="印发机关", default="", verbose_name="印发机关")),
                ("issued_on", models.DateField(db_comment="印发日期", null=True, verbose_name="印发日期")),
                (
                    "state",
                    models.TextField(
                        choices=[("ACTIVE", "执行中"), ("CLOSED", "已结束")],
                        db_comment="要点状态",
                        default=hpf.workplan.rules.states.PlanState["ACTIVE"],
                        verbose_name="要点状态",
                    ),
                ),
                ("warn_days", models.SmallIntegerField(db_comment="到期前多少天开始提醒并亮黄灯", default=10, verbose_name="临期提醒天数")),
                ("director_days", models.SmallIntegerField(db_comment="逾期多少天报中心主任", default=3, verbose_name="报主任天数")),
                ("province_days", models.SmallIntegerField(db_comment="逾期多少天报省厅", default=10, verbose_name="报省厅天数")),
                (
                    "version",
                    models.IntegerField(db_comment="修改次数，两人同时修改时后者须先看到前者的修改", default=1, verbose_name="修改次数"),
                ),
                ("loaded_by", models.TextField(db_comment="载入人", verbose_name="经办人")),
                ("loaded_at", models.DateTimeField(db_comment="载入时刻", verbose_name="登记时刻")),
                (
                    "from_plan",
                    models.ForeignKey(
                        db_comment="由其未完任务生成本要点的上年要点",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="workplan.plan",
                        verbose_name="上年要点",
                    ),
                ),
            ],
            options={
                "verbose_name": "要点",
                "db_table_comment": "工作要点",
            },
        ),
        migrations.AddField(
            model_name="occurrence",
            name="plan",
            field=models.ForeignKey(
                db_comment="所属要点",
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="workplan.plan",
                verbose_name="要点",
            ),
        ),
        migrations.AddField(
            model_name="edition",
            name="plan",
            field=models.ForeignKey(
                db_comment="所属要点",
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="workplan.plan",
                verbose_name="要点",
            ),
        ),
        migrations.AddField(
            model_name="assignment",
            name="plan",
            field=models.ForeignKey(
                db_comment="所属要点",
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="workplan.plan",
                verbose_name="要点",
            ),
        ),
        migrations.CreateModel(
            name="Reading",
            fields=[
                ("id", models.BigAutoField(db_comment="测量值编号", primary_key=True, serialize=False, verbose_name="测量值编号")),
                ("centre_id", models.SmallIntegerField(db_comment="责任中心", verbose_name="中心")),
                ("month", hpf.db.fields.MonthField(db_comment="测量年月（自公元0年起的月数）", verbose_name="测量年月")),
                ("value", models.DecimalField(db_comment="数值", decimal_places=6, max_digits=20, verbose_name="测量值")),
                (
                    "source",
                    models.TextField(
                        choices=[("COMPUTED", "平台计算"), ("ENTERED", "人工填报")],
                        db_comment="平台计算或人工填报",
                        verbose_name="测量来源",
                    ),
                ),
                ("taken_on", models.DateField(db_comment="数值所属之日", verbose_name="测量日")),
                ("note", models.TextField(db_comment="说明", default="", verbose_name="测量说明")),
                ("entered_by", models.TextField(db_comment="填报人编号", verbose_name="填报人编号")),
                ("entered_by_name", models.TextField(db_comment="填报人", verbose_name="填报人")),
                ("entered_at", models.DateTimeField(db_comment="填报时刻", verbose_name="登记时刻")),
                ("signed_by", models.TextField(db_comment="签认人编号", default="", verbose_name="签认人编号")),
                ("signed_by_name", models.TextField(db_comment="签认人", default="", verbose_name="签认人")),
                ("signed_at", models.DateTimeField(db_comment="签认时刻", null=True, verbose_name="签认时刻")),
                ("refused_reason", models.TextField(db_comment="签认人退回重填的原因", default="", verbose_name="退回填报原因")),
                ("is_superseded", models.BooleanField(db_comment="同月已有更正或平台计算的数值", default=False, verbose_name="已被取代")),
                (
                    "assignment",
                    models.ForeignKey(
                        db_comment="责任事项",
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="workplan.assignment",
                        verbose_name="责任事项",
                    ),
                ),
                (
                    "evidence",
                    models.ForeignKey(
                        db_comment="填报依据",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="workplan.evidence",
                        verbose_name="佐证",
                    ),
                ),
            ],
            options={
                "verbose_name": "测量值记录",
                "db_table_comment": "测量值",
            },
        ),
        migrations.CreateModel(
            name="SectionMember",
            fields=[
                ("id", models.BigAutoField(db_comment="科室人员编号", primary_key=True, serialize=False, verbose_name="科室人员编号")),
                ("centre_id", models.SmallIntegerField(db_comment="所属中心", verbose_name="中心")),
                ("section", models.TextField(db_comment="科室名称", verbose_name="责任科室")),
                ("person_id", models.TextField(db_comment="用户编号", verbose_name="责任人编号")),
                ("person_name", models.TextField(db_comment="姓名", verbose_name="责任人")),
                ("is_head", models.BooleanField(db_comment="是否科室负责人", default=False, verbose_name="科室负责人")),
            ],
            options={
                "verbose_name": "科室人员",
                "db_table_comment": "科室人员",
                "constraints": [models.UniqueConstraint(fields=("centre_id", "section", "person_id"), name="workplan_member_once")],
            },
        ),
        migrations.CreateModel(
            name="Sentence",
            fields=[
                ("id", models.BigAutoField(db_comment="句编号", primary_key=True, serialize=False, verbose_name="句编号")),
                ("place", models.IntegerField(db_comment="在条款中的次序，从1起", verbose_name="次序")),
                ("text", models.TextField(db_comment="原文", verbose_name="原文")),
                ("digest", models.CharField(db_comment="去空白后原文的SHA-256，用于跨版本对应", max_length=64, verbose_name="原文摘要")),
                (
                    "verdict",
                    models.TextField(
                        choices=[("DEMAND", "有任务"), ("NO_TASK", "不设任务"), ("UNCOVERED", "未覆盖")],
                        db_comment="有任务、不设任务或未覆盖",
                        default=hpf.workplan.rules.states.Verdict["UNCOVERED"],
                        verbose_name="覆盖结论",
                    ),
                ),
                ("no_task_reason", models.TextField(db_comment="不设任务的原因", default="", verbose_name="不设任务原因")),
                ("version", models.IntegerField(db_comment="修改次数", default=1, verbose_name="修改次数")),
                ("decided_by", models.TextField(db_comment="作出结论的人", default="", verbose_name="经办人")),
                ("decided_at", models.DateTimeField(db_comment="作出结论的时刻", null=True, verbose_name="登记时刻")),
                (
                    "clause",
                    models.ForeignKey(
                        db_comment="所属条款",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="workplan.clause",
                        verbose_name="条款",
                    ),
                ),
            ],
            options={
                "verbose_name": "句",
                "db_table_comment": "要点原文，逐句",
            },
        ),
        migrations.CreateModel(
            name="Task",
            fields=[
                ("id", models.BigAutoField(db_comment="任务内部编号", primary_key=True, serialize=False, verbose_name="任务编号")),
                ("task_no", models.IntegerField(db_comment="在要点中的任务号，从1起，永不改变", verbose_name="任务号")),
                ("title", models.TextField(db_comment="任务名称", verbose_name="任务名称")),
                ("demand", models.TextField(db_comment="任务要求，原文或人工表述", verbose_name="任务要求")),
                ("anchor", models.TextField(db_comment="所依据的首个条款的条号", default="", verbose_name="条号")),
                ("part", models.TextField(db_comment="所属部分，如 五", default="", verbose_name="所属部分")),
                ("part_heading", models.TextField(db_comment="所属部分的标题", default="", verbose_name="部分标题")),
                (
                    "scope",
                    models.TextField(
                        choices=[("ALL", "全省各中心"), ("NAMED", "点名中心")], db_comment="全省各中心或点名中心", verbose_name="责任范围"
                    ),
                ),
                (
                    "origin",
                    models.TextField(
                        choices=[("DOCUMENT", "文件拆解"), ("MANUAL", "人工建立"), ("CARRIED", "上年结转")],
                        db_comment="文件拆解、人工建立或上年结转",
                        verbose_name="任务来源",
                    ),
                ),
                (
                    "state",
                    models.TextField(
                        choices=[("ACTIVE", "执行中"), ("WITHDRAWN", "已撤销")],
                        db_comment="任务状态",
                        default=hpf.workplan.rules.states.TaskState["ACTIVE"],
                        verbose_name="任务状态",
                    ),
                ),
                ("starts_on", models.DateField(db_comment="任务起始日期", verbose_name="起始日期")),
                ("deadlines", models.JSONField(db_comment="期限规则：固定、周期、随事件", default=list, verbose_name="期限规则")),
                ("deadline_text", models.TextField(db_comment="期限，供阅读", default="", verbose_name="期限")),
                ("quota", models.TextField(db_comment="数量要求，如 不少于1篇", default="", verbose_name="数量要求")),
                ("cites", models.JSONField(db_comment="任务引用的文件，每项为标题、文号", default=list, verbose_name="引用文件")),
                ("bodies", models.JSONField(db_comment="任务涉及的部门", default=list, verbose_name="涉及部门")),
                (
                    "measure_kind",
                    models.TextField(
                        choices=[("EVIDENCE", "佐证材料"), ("INDICATOR", "平台指标"), ("COUNT", "平台计数"), ("CHECK", "平台核对")],
                        db_comment="佐证材料或平台测量",
                        default=hpf.workplan.rules.states.MeasureKind["EVIDENCE"],
                        verbose_name="佐证方式",
                    ),
                ),
                ("measure_code", models.TextField(db_comment="平台测量口径代码", default="", verbose_name="测量口径")),
                ("operator", models.TextField(db_comment="目标方向：<= 不高于，>= 不低于，= 等于", default="", verbose_name="目标方向")),
                (
                    "target",
                    models.DecimalField(db_comment="全省统一目标值", decimal_places=6, max_digits=20, null=True, verbose_name="目标值"),
                ),
                ("version", models.IntegerField(db_comment="修改次数", default=1, verbose_name="修改次数")),
                ("created_by", models.TextField(db_comment="建立人", verbose_name="经办人")),
                ("created_at", models.DateTimeField(db_comment="建立时刻", verbose_name="登记时刻")),
                (
                    "carried_from",
                    models.ForeignKey(
                        db_comment="由上年要点结转的任务",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="workplan.task",
                        verbose_name="上年任务",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        db_comment="所属要点",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="workplan.plan",
                        verbose_name="要点",
                    ),
                ),
            ],
            options={
                "verbose_name": "任务",
                "db_table_comment": "要点任务",
            },
        ),
        migrations.AddField(
            model_name="occurrence",
            name="task",
            field=models.ForeignKey(
                db_comment="任务",
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="workplan.task",
                verbose_name="任务",
            ),
        ),
        migrations.AddField(
            model_name="assignment",
            name="task",
            field=models.ForeignKey(
                db_comment="任务",
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="workplan.task",
                verbose_name="任务",
            ),
        ),
        migrations.CreateModel(
            name="TaskSource",
            fields=[
                ("id", models.BigAutoField(db_comment="任务依据编号", primary_key=True, serialize=False, verbose_name="任务依据编号")),
                (
                    "sentence",
                    models.ForeignKey(
                        db_comment="任务所依据的原文",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="workplan.sentence",
                        verbose_name="句",
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        db_comment="任务",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="workplan.task",
                        verbose_name="任务",
                    ),
                ),
            ],
            options={
                "verbose_name": "任务依据",
                "db_table_comment": "任务所依据的原文",
            },
        ),
        migrations.AddConstraint(
            model_name="clause",
            constraint=models.UniqueConstraint(fields=("edition", "place"), name="workplan_clause_once"),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(fields=["centre_id", "-id"], name="workplan_notice_centre"),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.UniqueConstraint(fields=("occurrence", "kind", "due_on"), name="workplan_notice_once"),
        ),
        migrations.AddConstraint(
            model_name="plan",
            constraint=models.UniqueConstraint(
                condition=models.Q(("number", ""), _negated=True), fields=("number",), name="workplan_plan_number"
            ),
        ),
        migrations.AddConstraint(
            model_name="plan",
            constraint=models.UniqueConstraint(fields=("year", "title"), name="workplan_plan_title"),
        ),
        migrations.AddConstraint(
            model_name="edition",
            constraint=models.UniqueConstraint(fields=("plan", "edition_no"), name="workplan_edition_once"),
        ),
        migrations.AddConstraint(
            model_name="reading",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_superseded", False)), fields=("assignment", "month", "source"), name="workplan_reading_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="reading",
            constraint=models.CheckConstraint(
                condition=models.Q(("signed_by", ""), models.Q(("signed_by", models.F("entered_by")), _negated=True), _connector="OR"),
                name="workplan_reading_two",
            ),
        ),
        migrations.AddIndex(
            model_name="sentence",
            index=models.Index(fields=["digest"], name="workplan_sentence_digest"),
        ),
        migrations.AddConstraint(
            model_name="sentence",
            constraint=models.UniqueConstraint(fields=("clause", "place"), name="workplan_sentence_once"),
        ),
        migrations.AddConstraint(
            model_name="task",
            constraint=models.UniqueConstraint(fields=("plan", "task_no"), name="workplan_task_once"),
        ),
        migrations.AddIndex(
            model_name="occurrence",
            index=models.Index(fields=["plan", "centre_id", "due_on"], name="workplan_occurrence_due"),
        ),
        migrations.AddIndex(
            model_name="occurrence",
            index=models.Index(fields=["task", "centre_id"], name="workplan_occurrence_task"),
        ),
        migrations.AddConstraint(
            model_name="occurrence",
            constraint=models.UniqueConstraint(fields=("assignment", "period"), name="workplan_occurrence_once"),
        ),
        migrations.AddIndex(
            model_name="assignment",
            index=models.Index(fields=["centre_id", "plan", "section"], name="workplan_assignment_section"),
        ),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.UniqueConstraint(fields=("task", "centre_id"), name="workplan_assignment_once"),
        ),
        migrations.AddConstraint(
            model_name="tasksource",
            constraint=models.UniqueConstraint(fields=("task", "sentence"), name="workplan_tasksource_once"),
        ),
    ]
