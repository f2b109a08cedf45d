"""Centres, branches, employers, people, the province's registry of blind indexes, flags, changes."""

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

import hpf.db.crypto
from hpf.db.migrations_rls import EnableCentreSecurity, GrantToApp, RunSqlFile

FOLDER = Path(__file__).resolve().parent.parent


class Migration(migrations.Migration):
    initial = True

    dependencies = [("db", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Centre",
            fields=[
                ("id", models.SmallIntegerField(primary_key=True, serialize=False, verbose_name="中心编号")),
                ("code", models.TextField(unique=True, verbose_name="中心代码")),
                ("name", models.TextField(verbose_name="中心名称")),
                ("short_name", models.TextField(verbose_name="中心简称")),
                ("kind", models.TextField(verbose_name="中心类别")),
                ("gb2260", models.TextField(null=True, verbose_name="行政区划代码")),
                ("mohurd_org_code", models.TextField(db_comment="住房城乡建设部分配，未取得为空", null=True, verbose_name="机构代码")),
            ],
            options={
                "db_table_comment": "住房公积金管理中心",
            },
        ),
        migrations.CreateModel(
            name="Change",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("centre_id", models.SmallIntegerField(verbose_name="中心编号")),
                ("subject_kind", models.TextField(verbose_name="对象类别")),
                ("subject_id", models.BigIntegerField(verbose_name="对象编号")),
                ("field", models.TextField(verbose_name="变更项目")),
                ("before", hpf.db.crypto.EncryptedTextField(context="parties.change.value", null=True, verbose_name="变更前")),
                ("after", hpf.db.crypto.EncryptedTextField(context="parties.change.value", null=True, verbose_name="变更后")),
                ("changed_at", models.DateTimeField(verbose_name="变更时刻")),
                ("changed_by", models.TextField(verbose_name="变更人")),
                ("reason", models.TextField(default="", verbose_name="变更原因")),
            ],
            options={
                "db_table_comment": "变更记录",
                "indexes": [models.Index(fields=["centre_id", "subject_kind", "subject_id"], name="parties_change_subject")],
            },
        ),
        migrations.CreateModel(
            name="Employer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("centre_id", models.SmallIntegerField(verbose_name="中心编号")),
                ("employer_no", models.TextField(unique=True, verbose_name="单位编号")),
                ("name", models.TextField(verbose_name="单位名称")),
                ("name_initials", models.TextField(verbose_name="单位名称拼音首字母")),
                (
                    "uscc",
                    models.TextField(
                        db_comment="18位；旧9位组织机构代码另有标识；中心自设的专户为空", null=True, verbose_name="统一社会信用代码"
                    ),
                ),
                ("uscc_outdated", models.BooleanField(default=False, verbose_name="代码待更新")),
                ("economic_type", models.TextField(default="", verbose_name="经济类型")),
                ("nature", models.TextField(default="", verbose_name="单位性质")),
                ("industry", models.TextField(default="", verbose_name="所属行业")),
                ("affiliation", models.TextField(default="", verbose_name="隶属关系")),
                ("district", models.TextField(verbose_name="区县代码")),
                ("address", models.TextField(default="", verbose_name="单位地址")),
                ("legal_name", models.TextField(default="", verbose_name="法定代表人")),
                (
                    "legal_id",
                    hpf.db.crypto.EncryptedTextField(context="parties.employer.legal_id", null=True, verbose_name="法定代表人证件号码"),
                ),
                ("established_on", models.DateField(verbose_name="设立日期")),
                ("registered_on", models.DateField(verbose_name="登记日期")),
                ("payday", models.SmallIntegerField(verbose_name="发薪日")),
                ("state", models.TextField(default="REGISTERED", verbose_name="单位状态")),
                ("deregistered_on", models.DateField(null=True, verbose_name="注销日期")),
            ],
            options={
                "db_table_comment": "缴存单位",
                "indexes": [
                    models.Index(fields=["centre_id", "uscc"], name="parties_employer_uscc"),
                    models.Index(fields=["centre_id", "district", "employer_no"], name="parties_employer_district"),
                    models.Index(fields=["centre_id", "name"], name="parties_employer_name", opclasses=["int2_ops", "text_pattern_ops"]),
                ],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("payday__range", (1, 31))), name="parties_employer_payday"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["PREREGISTERED", "REGISTERED", "DEREGISTERED"])), name="parties_employer_state"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "DEREGISTERED"), _negated=True),
                        fields=("centre_id", "uscc"),
                        name="parties_employer_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Flag",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("centre_id", models.SmallIntegerField(verbose_name="中心编号")),
                ("subject_kind", models.TextField(verbose_name="对象类别")),
                ("subject_id", models.BigIntegerField(verbose_name="对象编号")),
                ("kind", models.TextField(verbose_name="标记类别")),
                ("source_no", models.TextField(verbose_name="依据文号")),
                ("note", models.TextField(default="", verbose_name="说明")),
                ("since", models.DateField(verbose_name="起始日期")),
                ("until", models.DateField(null=True, verbose_name="终止日期")),
                ("raised_by", models.TextField(verbose_name="登记人")),
            ],
            options={
                "db_table_comment": "标记",
                "indexes": [models.Index(fields=["centre_id", "subject_kind", "subject_id"], name="parties_flag_subject")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("subject_kind__in", ["PERSON", "EMPLOYER"])), name="parties_flag_kind")
                ],
            },
        ),
        migrations.CreateModel(
            name="Person",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("centre_id", models.SmallIntegerField(verbose_name="中心编号")),
                ("name", models.TextField(verbose_name="姓名")),
                ("name_pinyin", models.TextField(verbose_name="姓名拼音")),
                ("name_initials", models.TextField(verbose_name="姓名拼音首字母")),
                ("id_kind", models.TextField(verbose_name="证件类型")),
                ("id_number", hpf.db.crypto.EncryptedTextField(context="parties.person.id_number", verbose_name="证件号码")),
                ("id_blind", models.BinaryField(verbose_name="证件号码盲索引")),
                (
                    "id_original",
                    hpf.db.crypto.EncryptedTextField(
                        context="parties.person.id_original", db_comment="15位旧号码", null=True, verbose_name="证件原号码"
                    ),
                ),
                ("sex", models.TextField(null=True, verbose_name="性别")),
                ("born_on", models.DateField(null=True, verbose_name="出生日期")),
                ("nationality", models.TextField(default="CHN", verbose_name="国籍")),
                ("phone", hpf.db.crypto.EncryptedTextField(context="parties.person.phone", null=True, verbose_name="手机号码")),
                ("phone_blind", models.BinaryField(null=True, verbose_name="手机号码盲索引")),
                ("bank_card", hpf.db.crypto.EncryptedTextField(context="parties.person.bank_card", null=True, verbose_name="银行卡号")),
                ("bank_name", models.TextField(default="", verbose_name="开户银行")),
                ("registered_on", models.DateField(verbose_name="登记日期")),
            ],
            options={
                "db_table_comment": "个人信息",
                "indexes": [
                    models.Index(fields=["centre_id", "name"], name="parties_person_name", opclasses=["int2_ops", "text_pattern_ops"]),
                    models.Index(
                        fields=["centre_id", "name_pinyin"], name="parties_person_pinyin", opclasses=["int2_ops", "text_pattern_ops"]
                    ),
                    models.Index(
                        fields=["centre_id", "name_initials"], name="parties_person_initials", opclasses=["int2_ops", "text_pattern_ops"]
                    ),
                    models.Index(fields=["centre_id", "phone_blind"], name="parties_person_phone"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("centre_id", "id_kind", "id_blind"), name="parties_person_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("id_kind__in", ["RESIDENT_ID", "HMT_PERMIT", "FOREIGN_PR_CARD", "FOREIGN_PR_CARD_OLD", "PASSPORT"])
                        ),
                        name="parties_person_id_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("sex__in", ["M", "F"]), ("sex", None), _connector="OR"), name="parties_person_sex"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RegistryEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("centre_id", models.SmallIntegerField(verbose_name="中心编号")),
                ("id_kind", models.TextField(verbose_name="证件类型")),
                ("id_blind", models.BinaryField(verbose_name="证件号码盲索引")),
                ("since", models.DateField(verbose_name="起始日期")),
            ],
            options={
                "db_table": "parties_registry",
                "db_table_comment": "全省开户登记（仅盲索引，无个人信息）",
                "constraints": [models.UniqueConstraint(fields=("id_blind", "id_kind", "centre_id"), name="parties_registry_once")],
            },
        ),
        migrations.CreateModel(
            name="Branch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("district", models.TextField(verbose_name="区县代码")),
                ("district_name", models.TextField(verbose_name="区县名称")),
                ("name", models.TextField(verbose_name="管理部名称")),
                (
                    "centre",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parties.centre", verbose_name="中心"
                    ),
                ),
            ],
            options={
                "db_table_comment": "管理部",
                "constraints": [models.UniqueConstraint(fields=("centre", "district"), name="parties_branch_of_district")],
            },
        ),
        migrations.CreateModel(
            name="EmployerOperator",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("centre_id", models.SmallIntegerField(verbose_name="中心编号")),
                ("name", models.TextField(verbose_name="经办人姓名")),
                (
                    "id_number",
                    hpf.db.crypto.EncryptedTextField(context="parties.operator.id_number", null=True, verbose_name="经办人证件号码"),
                ),
                ("phone", hpf.db.crypto.EncryptedTextField(context="parties.operator.phone", null=True, verbose_name="经办人手机号码")),
                ("since", models.DateField(verbose_name="起始日期")),
                ("until", models.DateField(null=True, verbose_name="终止日期")),
                (
                    "employer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parties.employer", verbose_name="单位"
                    ),
                ),
            ],
            options={
                "db_table_comment": "单位经办人",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("until", None)), fields=("centre_id", "employer"), name="parties_operator_now"
                    )
                ],
            },
        ),
        GrantToApp("parties_centre"),
        GrantToApp("parties_branch"),
        EnableCentreSecurity("parties_employer", grants="SELECT, INSERT, UPDATE"),
        EnableCentreSecurity("parties_employeroperator", grants="SELECT, INSERT, UPDATE"),
        EnableCentreSecurity("parties_person", grants="SELECT, INSERT, UPDATE"),
        EnableCentreSecurity("parties_flag", grants="SELECT, INSERT, UPDATE"),
        EnableCentreSecurity("parties_change", grants="SELECT, INSERT"),
        RunSqlFile(FOLDER / "security.sql"),
        RunSqlFile(FOLDER / "published.sql"),
    ]
