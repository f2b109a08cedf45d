from django.db import migrations, models

import hpf.db.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="MemberUnit",
            fields=[
                ("id", models.BigAutoField(db_comment="所在单位编号", primary_key=True, serialize=False, verbose_name="所在单位编号")),
                ("centre_id", models.SmallIntegerField(db_comment="所属中心", verbose_name="中心")),
                ("ledger_account_id", models.BigIntegerField(db_comment="个人账户的总账分户", verbose_name="分户账")),
                ("employer_account_id", models.BigIntegerField(db_comment="核对时所在单位账户", verbose_name="单位账户")),
            ],
            options={
                "verbose_name": "个人账户所在单位",
                "db_table_comment": "个人账户所在单位（逐日核对）",
                "constraints": [models.UniqueConstraint(fields=("centre_id", "ledger_account_id"), name="closing_memberunit_once")],
            },
        ),
        migrations.CreateModel(
            name="Settlement",
            fields=[
                ("id", models.BigAutoField(db_comment="结息批次编号", primary_key=True, serialize=False, verbose_name="结息批次编号")),
                ("centre_id", models.SmallIntegerField(db_comment="所属中心", verbose_name="中心")),
                ("year", models.SmallIntegerField(db_comment="结息年度（7月1日所在年）", verbose_name="结息年度")),
                (
                    "state",
                    models.TextField(
                        choices=[("CALCULATED", "已计算"), ("POSTED", "已入账")],
                        db_comment="CALCULATED 已计算待入账，POSTED 已入账并冻结年度",
                        verbose_name="结息状态",
                    ),
                ),
                ("method", models.TextField(db_comment="DAY_PRODUCT_360 按日积数，MONTH_WEIGHTS 按整月权数", verbose_name="计息方法")),
                (
                    "rate_carried",
                    models.DecimalField(db_comment="上年结转年利率，百分数", decimal_places=7, max_digits=11, verbose_name="上年结转利率"),
                ),
                (
                    "rate_current",
                    models.DecimalField(db_comment="当年归集年利率，百分数", decimal_places=7, max_digits=11, verbose_name="当年归集利率"),
                ),
                ("accounts", models.IntegerField(db_comment="结息户数，含封存", verbose_name="户数")),
                ("accounts_digest", models.TextField(db_comment="结息分户清单的SHA-256", verbose_name="户名单摘要")),
                ("interest_fen", hpf.db.fields.MoneyField(db_comment="各户利息之和（分）", verbose_name="结息额")),
                ("accrued_fen", hpf.db.fields.MoneyField(db_comment="结息前应付利息余额（分）", verbose_name="已计提利息")),
                ("lines_digest", models.TextField(db_comment="结息明细的SHA-256", verbose_name="明细摘要")),
                ("policy_digest", models.TextField(db_comment="所用政策参数的摘要", verbose_name="参数摘要")),
                ("journals", models.IntegerField(db_comment="入账的分录张数，一单位一张", default=0, verbose_name="分录数")),
                ("calculated_by", models.TextField(db_comment="计算人", verbose_name="经办人")),
                ("calculated_at", models.DateTimeField(db_comment="计算时刻", verbose_name="计算时刻")),
                ("posted_by", models.TextField(db_comment="入账人", default="", verbose_name="记账人")),
                ("posted_at", models.DateTimeField(db_comment="入账时刻", null=True, verbose_name="记账时刻")),
            ],
            options={
                "verbose_name": "年度结息",
                "db_table_comment": "年度结息批次",
                "constraints": [models.UniqueConstraint(fields=("centre_id", "year"), name="closing_settlement_once")],
            },
        ),
        migrations.CreateModel(
            name="SettlementLine",
            fields=[
                ("id", models.BigAutoField(db_comment="结息明细编号", primary_key=True, serialize=False, verbose_name="结息明细编号")),
                ("centre_id", models.SmallIntegerField(db_comment="所属中心", verbose_name="中心")),
                ("year", models.SmallIntegerField(db_comment="结息年度（7月1日所在年）", verbose_name="结息年度")),
                ("ledger_account_id", models.BigIntegerField(db_comment="个人账户的总账分户", verbose_name="分户账")),
                ("employer_account_id", models.BigIntegerField(db_comment="结息时所在单位账户；0 为无单位", verbose_name="单位账户")),
                ("balance_fen", hpf.db.fields.MoneyField(db_comment="结息前余额（分）", verbose_name="结息前余额")),
                ("carried_fen", hpf.db.fields.MoneyField(db_comment="结息前其中上年结转（分）", verbose_name="上年结转余额")),
                (
                    "products",
                    models.DecimalField(
                        db_comment="本年度积数（分·天或分·月），上年结转与当年归集合计",
                        decimal_places=0,
                        max_digits=30,
                        verbose_name="积数",
                    ),
                ),
                (
                    "carried_products",
                    models.DecimalField(db_comment="其中上年结转积数", decimal_places=0, max_digits=30, verbose_name="上年结转积数"),
                ),
                ("interest_fen", hpf.db.fields.MoneyField(db_comment="本年度利息（分），四舍五入一次", verbose_name="利息")),
            ],
            options={
                "verbose_name": "结息明细",
                "db_table_comment": "年度结息明细",
                "constraints": [models.UniqueConstraint(fields=("centre_id", "year", "ledger_account_id"), name="closing_line_once")],
            },
        ),
        migrations.CreateModel(
            name="Step",
            fields=[
                ("id", models.BigAutoField(db_comment="日终步骤编号", primary_key=True, serialize=False, verbose_name="日终步骤编号")),
                ("centre_id", models.SmallIntegerField(db_comment="所属中心", verbose_name="中心")),
                ("business_on", models.DateField(db_comment="会计日", verbose_name="会计日")),
                ("step", models.TextField(db_comment="步骤代码", verbose_name="步骤")),
                (
                    "state",
                    models.TextField(
                        choices=[("DONE", "已完成"), ("RED", "不相符")], db_comment="DONE 已完成，RED 不相符", verbose_name="步骤状态"
                    ),
                ),
                ("figures", models.JSONField(db_comment="步骤的数字与差异", default=dict, verbose_name="步骤结果")),
                ("attempts", models.IntegerField(db_comment="执行次数", default=1, verbose_name="次数")),
                ("done_by", models.TextField(db_comment="执行人", verbose_name="经办人")),
                ("done_at", models.DateTimeField(db_comment="最近一次执行时刻", verbose_name="登记时刻")),
            ],
            options={
                "verbose_name": "日终步骤",
                "db_table_comment": "日终步骤",
                "constraints": [models.UniqueConstraint(fields=("centre_id", "business_on", "step"), name="closing_step_once")],
            },
        ),
        migrations.CreateModel(
            name="UnitBalance",
            fields=[
                ("id", models.BigAutoField(db_comment="单位余额编号", primary_key=True, serialize=False, verbose_name="单位余额编号")),
                ("centre_id", models.SmallIntegerField(db_comment="所属中心", verbose_name="中心")),
                ("employer_account_id", models.BigIntegerField(db_comment="单位账户；0 为无单位", verbose_name="单位账户")),
                ("proved_on", models.DateField(db_comment="余额所属会计日", verbose_name="会计日")),
                ("balance_fen", hpf.db.fields.MoneyField(db_comment="单位名下个人账户余额合计（分）", verbose_name="单位账户余额")),
                ("carried_fen", hpf.db.fields.MoneyField(db_comment="其中上年结转（分）", verbose_name="上年结转余额")),
            ],
            options={
                "verbose_name": "单位余额",
                "db_table_comment": "单位账户余额（逐日核对）",
                "constraints": [models.UniqueConstraint(fields=("centre_id", "employer_account_id"), name="closing_unit_once")],
            },
        ),
        migrations.CreateModel(
            name="YearEnd",
            fields=[
                ("id", models.BigAutoField(db_comment="年结编号", primary_key=True, serialize=False, verbose_name="年结编号")),
                ("centre_id", models.SmallIntegerField(db_comment="所属中心", verbose_name="中心")),
                ("year", models.SmallIntegerField(db_comment="会计年度（公历年）", verbose_name="会计年度")),
                ("income_fen", hpf.db.fields.MoneyField(db_comment="全年业务收入（分）", verbose_name="业务收入")),
                ("expense_fen", hpf.db.fields.MoneyField(db_comment="全年业务支出（分）", verbose_name="业务支出")),
                ("surplus_fen", hpf.db.fields.MoneyField(db_comment="全年增值收益（分）", verbose_name="增值收益")),
                (
                    "sweep_fen",
                    hpf.db.fields.MoneyField(
                        db_comment="应从公积金存款户划至增值收益存款户的金额（分），负数为划回", verbose_name="应划转额"
                    ),
                ),
                ("reserve_fen", hpf.db.fields.MoneyField(db_comment="拟提取贷款风险准备（分）", null=True, verbose_name="提取风险准备")),
                ("fee_fen", hpf.db.fields.MoneyField(db_comment="拟提取管理费用（分）", null=True, verbose_name="提取管理费用")),
                (
                    "supplement_fen",
                    hpf.db.fields.MoneyField(
                        db_comment="拟提取廉租住房（公租房）建设补充资金（分）", null=True, verbose_name="提取公租房补充资金"
                    ),
                ),
                (
                    "state",
                    models.TextField(
                        choices=[("RESULT_POSTED", "已结转收支"), ("DISTRIBUTED", "已分配")],
                        db_comment="RESULT_POSTED 已结转收支，DISTRIBUTED 已分配",
                        verbose_name="年结状态",
                    ),
                ),
                ("done_by", models.TextField(db_comment="办理人", verbose_name="经办人")),
                ("done_at", models.DateTimeField(db_comment="登记时刻", verbose_name="登记时刻")),
            ],
            options={
                "verbose_name": "年结",
                "db_table_comment": "年结",
                "constraints": [models.UniqueConstraint(fields=("centre_id", "year"), name="closing_year_once")],
            },
        ),
    ]
