"""Accounts of units and of people, bases by month, events."""

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

import hpf.db.fields
from hpf.db.migrations_rls import EnableCentreSecurity, RunSqlFile

FOLDER = Path(__file__).resolve().parent.parent


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("parties", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="EmployerAccount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("centre_id", models.SmallIntegerField(verbose_name="中心编号")),
                ("account_no", models.TextField(unique=True, verbose_name="单位账号")),
                (
                    "kind",
                    models.TextField(db_comment="REGULAR 单位，FLEXIBLE 灵活就业专户，CUSTODY 集中封存专户", verbose_name="单位账户类别"),
                ),
                ("state", models.TextField(verbose_name="单位账户状态")),
                ("district", models.TextField(verbose_name="区县代码")),
                ("employer_rate", models.DecimalField(decimal_places=2, max_digits=4, verbose_name="单位缴存比例")),
                ("member_rate", models.DecimalField(decimal_places=2, max_digits=4, verbose_name="个人缴存比例")),
                ("first_month", hpf.db.fields.MonthField(verbose_name="起缴年月")),
                ("paid_through", hpf.db.fields.MonthField(null=True, verbose_name="缴至年月")),
                ("prepaid_ledger_id", models.BigIntegerField(null=True, verbose_name="单位预缴分户账")),
                ("opened_on", models.DateField(verbose_name="开户日期")),
                ("sealed_on", models.DateField(null=True, verbose_name="封存日期")),
                ("closed_on", models.DateField(null=True, verbose_name="销户日期")),
                ("close_reason", models.TextField(default="", verbose_name="销户原因")),
                (
                    "employer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parties.employer", verbose_name="单位"
                    ),
                ),
            ],
            options={
                "db_table_comment": "单位账户",
            },
        ),
        migrations.CreateModel(
            name="Event",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("centre_id", models.SmallIntegerField(verbose_name="中心编号")),
                ("kind", models.TextField(verbose_name="业务类型")),
                ("employer_account_id", models.BigIntegerField(verbose_name="单位账户")),
                ("member_account_id", models.BigIntegerField(null=True, verbose_name="个人账户")),
                ("business_on", models.DateField(verbose_name="业务日期")),
                ("recorded_at", models.DateTimeField(verbose_name="登记时刻")),
                ("recorded_by", models.TextField(verbose_name="经办人")),
                ("key", models.TextField(verbose_name="幂等键")),
                ("facts", models.JSONField(default=dict, verbose_name="要素")),
            ],
            options={
                "db_table_comment": "账户事件",
                "indexes": [
                    models.Index(fields=["member_account_id", "id"], name="accounts_event_member"),
                    models.Index(fields=["employer_account_id", "id"], name="accounts_event_employer"),
                ],
            },
        ),
        migrations.CreateModel(
            name="MemberAccount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("centre_id", models.SmallIntegerField(verbose_name="中心编号")),
                ("account_no", models.TextField(unique=True, verbose_name="个人账号")),
                ("kind", models.TextField(db_comment="REGULAR 在职，FLEXIBLE 灵活就业，CUSTODY 集中封存", verbose_name="个人账户类别")),
                ("state", models.TextField(verbose_name="个人账户状态")),
                ("declared_base_fen", hpf.db.fields.MoneyField(verbose_name="申报缴存基数")),
                ("base_fen", hpf.db.fields.MoneyField(verbose_name="缴存基数")),
                ("employer_rate", models.DecimalField(decimal_places=2, max_digits=4, verbose_name="单位缴存比例")),
                ("member_rate", models.DecimalField(decimal_places=2, max_digits=4, verbose_name="个人缴存比例")),
                ("employer_month_fen", hpf.db.fields.MoneyField(verbose_name="单位月缴存额")),
                ("member_month_fen", hpf.db.fields.MoneyField(verbose_name="个人月缴存额")),
                ("first_month", hpf.db.fields.MonthField(verbose_name="起缴年月")),
                ("ledger_account_id", models.BigIntegerField(null=True, verbose_name="住房公积金分户账")),
                ("opened_on", models.DateField(verbose_name="开户日期")),
                ("sealed_on", models.DateField(null=True, verbose_name="封存日期")),
                ("seal_reason", models.TextField(default="", verbose_name="封存原因")),
                ("closed_on", models.DateField(null=True, verbose_name="销户日期")),
                ("close_reason", models.TextField(default="", verbose_name="销户原因")),
                ("duplicate", models.BooleanField(db_comment="外来的重复账户，等待合户", default=False, verbose_name="待合户")),
                (
                    "employer_account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.employeraccount",
                        verbose_name="单位账户",
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.memberaccount",
                        verbose_name="并入账户",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parties.person", verbose_name="个人"
                    ),
                ),
            ],
            options={
                "db_table_comment": "个人账户",
            },
        ),
        migrations.CreateModel(
            name="Base",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("centre_id", models.SmallIntegerField(verbose_name="中心编号")),
                ("from_month", hpf.db.fields.MonthField(verbose_name="起始年月")),
                ("declared_base_fen", hpf.db.fields.MoneyField(verbose_name="申报缴存基数")),
                ("base_fen", hpf.db.fields.MoneyField(verbose_name="缴存基数")),
                ("employer_rate", models.DecimalField(decimal_places=2, max_digits=4, verbose_name="单位缴存比例")),
                ("member_rate", models.DecimalField(decimal_places=2, max_digits=4, verbose_name="个人缴存比例")),
                ("employer_month_fen", hpf.db.fields.MoneyField(verbose_name="单位月缴存额")),
                ("member_month_fen", hpf.db.fields.MoneyField(verbose_name="个人月缴存额")),
                ("reason", models.TextField(verbose_name="调整原因")),
                (
                    "member_account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.memberaccount", verbose_name="个人账户"
                    ),
                ),
            ],
            options={
                "db_table_comment": "缴存基数变更",
            },
        ),
        migrations.AddIndex(
            model_name="employeraccount",
            index=models.Index(fields=["centre_id", "employer"], name="accounts_of_employer"),
        ),
        migrations.AddIndex(
            model_name="employeraccount",
            index=models.Index(fields=["centre_id", "state", "paid_through"], name="accounts_employer_paid"),
        ),
        migrations.AddConstraint(
            model_name="employeraccount",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "CLOSED"), _negated=True), fields=("centre_id", "employer"), name="accounts_one_of_an_employer"
            ),
        ),
        migrations.AddConstraint(
            model_name="employeraccount",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["OPENED", "NORMAL", "DEFERRED", "SEALED", "CLOSED"])), name="accounts_employer_state"
            ),
        ),
        migrations.AddConstraint(
            model_name="employeraccount",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["REGULAR", "FLEXIBLE", "CUSTODY"])), name="accounts_employer_kind"
            ),
        ),
        migrations.AddConstraint(
            model_name="employeraccount",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_on__isnull", False), ("state", "CLOSED")),
                    models.Q(models.Q(("state", "CLOSED"), _negated=True), ("closed_on", None)),
                    _connector="OR",
                ),
                name="accounts_employer_closed_on",
            ),
        ),
        migrations.AddIndex(
            model_name="memberaccount",
            index=models.Index(fields=["employer_account", "state", "account_no"], name="accounts_roster"),
        ),
        migrations.AddIndex(
            model_name="memberaccount",
            index=models.Index(fields=["person"], name="accounts_of_person"),
        ),
        migrations.AddIndex(
            model_name="memberaccount",
            index=models.Index(fields=["ledger_account_id"], name="accounts_of_ledger"),
        ),
        migrations.AddConstraint(
            model_name="memberaccount",
            constraint=models.UniqueConstraint(
                condition=models.Q(("duplicate", False), ("state__in", ["NORMAL", "SEALED"])),
                fields=("centre_id", "person"),
                name="accounts_one_of_a_person",
            ),
        ),
        migrations.AddConstraint(
            model_name="memberaccount",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["NORMAL", "SEALED", "MERGED", "TRANSFERRED_OUT", "WITHDRAWN_OUT"])),
                name="accounts_member_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="memberaccount",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["REGULAR", "FLEXIBLE", "CUSTODY"])), name="accounts_member_kind"
            ),
        ),
        migrations.AddConstraint(
            model_name="memberaccount",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_on", None), ("state__in", ["NORMAL", "SEALED"])),
                    models.Q(("closed_on__isnull", False), ("state__in", ["MERGED", "TRANSFERRED_OUT", "WITHDRAWN_OUT"])),
                    _connector="OR",
                ),
                name="accounts_member_closed_on",
            ),
        ),
        migrations.AddConstraint(
            model_name="memberaccount",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("merged_into__isnull", False), ("state", "MERGED")),
                    models.Q(models.Q(("state", "MERGED"), _negated=True), ("merged_into", None)),
                    _connector="OR",
                ),
                name="accounts_member_merged_into",
            ),
        ),
        migrations.AddIndex(
            model_name="base",
            index=models.Index(fields=["member_account", "-from_month", "-id"], name="accounts_base_of_month"),
        ),
        EnableCentreSecurity("accounts_employeraccount", grants="SELECT, INSERT, UPDATE"),
        EnableCentreSecurity("accounts_memberaccount", grants="SELECT, INSERT, UPDATE"),
        EnableCentreSecurity("accounts_base", grants="SELECT, INSERT"),
        EnableCentreSecurity("accounts_event", grants="SELECT, INSERT"),
        RunSqlFile(FOLDER / "security.sql"),
        RunSqlFile(FOLDER / "published.sql"),
    ]
