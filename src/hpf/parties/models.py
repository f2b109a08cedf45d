"""Tables of parties. Personal data is ciphertext with a blind index beside it; names stay readable for search."""

from django.db import models
from django.db.models import Q

from hpf.db.crypto import EncryptedTextField
from hpf.parties.rules import ID_KINDS

ID_NUMBER = "parties.person.id_number"
ID_ORIGINAL = "parties.person.id_original"
PHONE = "parties.person.phone"
BANK_CARD = "parties.person.bank_card"
OPERATOR_ID = "parties.operator.id_number"
OPERATOR_PHONE = "parties.operator.phone"
LEGAL_ID = "parties.employer.legal_id"
CHANGE = "parties.change.value"


class Centre(models.Model):
    """A housing provident fund centre. The id never changes; the two outside codes may be unknown."""

    id = models.SmallIntegerField(primary_key=True, verbose_name="中心编号")
    code = models.TextField(unique=True, verbose_name="中心代码")
    name = models.TextField(verbose_name="中心名称")
    short_name = models.TextField(verbose_name="中心简称")
    kind = models.TextField(verbose_name="中心类别")
    gb2260 = models.TextField(null=True, verbose_name="行政区划代码")
    mohurd_org_code = models.TextField(null=True, verbose_name="机构代码", db_comment="住房城乡建设部分配，未取得为空")

    class Meta:
        db_table_comment = "住房公积金管理中心"


class Branch(models.Model):
    """管理部: one for each district of a centre; the floor of the base follows the district."""

    centre = models.ForeignKey(Centre, models.PROTECT, related_name="+", verbose_name="中心")
    district = models.TextField(verbose_name="区县代码")
    district_name = models.TextField(verbose_name="区县名称")
    name = models.TextField(verbose_name="管理部名称")

    class Meta:
        db_table_comment = "管理部"
        constraints = [models.UniqueConstraint(fields=["centre", "district"], name="parties_branch_of_district")]


class Employer(models.Model):
    """缴存单位. Registered once in a centre; whether it pays is a matter of its account."""

    centre_id = models.SmallIntegerField(verbose_name="中心编号")
    employer_no = models.TextField(unique=True, verbose_name="单位编号")
    name = models.TextField(verbose_name="单位名称")
    name_initials = models.TextField(verbose_name="单位名称拼音首字母")
    uscc = models.TextField(null=True, verbose_name="统一社会信用代码", db_comment="18位；旧9位组织机构代码另有标识；中心自设的专户为空")
    uscc_outdated = models.BooleanField(default=False, verbose_name="代码待更新")
    economic_type = models.TextField(default="", verbose_name="经济类型")
    nature = models.TextField(default="", verbose_name="单位性质")
    industry = models.TextField(default="", verbose_name="所属行业")
    affiliation = models.TextField(default="", verbose_name="隶属关系")
    district = models.TextField(verbose_name="区县代码")
    address = models.TextField(default="", verbose_name="单位地址")
    legal_name = models.TextField(default="", verbose_name="法定代表人")
    legal_id = EncryptedTextField(null=True, context=LEGAL_ID, verbose_name="法定代表人证件号码")
    established_on = models.DateField(verbose_name="设立日期")
    registered_on = models.DateField(verbose_name="登记日期")
    payday = models.SmallIntegerField(verbose_name="发薪日")
    state = models.TextField(default="REGISTERED", verbose_name="单位状态")
    deregistered_on = models.DateField(null=True, verbose_name="注销日期")

    class Meta:
        db_table_comment = "缴存单位"
        indexes = [
            models.Index(fields=["centre_id", "uscc"], name="parties_employer_uscc"),
            models.Index(fields=["centre_id", "district", "employer_no"], name="parties_employer_district"),
            models.Index(fields=["centre_id", "name"], opclasses=["int2_ops", "text_pattern_ops"], name="parties_employer_name"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(payday__range=(1, 31)), name="parties_employer_payday"),
            models.CheckConstraint(condition=Q(state__in=["PREREGISTERED", "REGISTERED", "DEREGISTERED"]), name="parties_employer_state"),
            models.UniqueConstraint(
                fields=["centre_id", "uscc"],
                condition=~Q(state="DEREGISTERED"),
                name="parties_employer_once",
            ),
        ]


class FormerNature(models.Model):
    """单位性质沿革: what a unit was counted as before a day. What it is counted as now stands on the unit itself."""

    centre_id = models.SmallIntegerField(verbose_name="中心编号")
    employer = models.ForeignKey(Employer, models.PROTECT, related_name="+", verbose_name="单位")
    nature = models.TextField(verbose_name="单位性质")
    economic_type = models.TextField(verbose_name="经济类型")
    until = models.DateField(verbose_name="终止日期")

    class Meta:
        db_table_comment = "单位性质沿革"
        indexes = [models.Index(fields=["centre_id", "employer", "until"], name="parties_formernature_of")]


class EmployerOperator(models.Model):
    """经办人: who acts for the unit towards the centre."""

    centre_id = models.SmallIntegerField(verbose_name="中心编号")
    employer = models.ForeignKey(Employer, models.PROTECT, related_name="+", verbose_name="单位")
    name = models.TextField(verbose_name="经办人姓名")
    id_number = EncryptedTextField(null=True, context=OPERATOR_ID, verbose_name="经办人证件号码")
    phone = EncryptedTextField(null=True, context=OPERATOR_PHONE, verbose_name="经办人手机号码")
    since = models.DateField(verbose_name="起始日期")
    until = models.DateField(null=True, verbose_name="终止日期")

    class Meta:
        db_table_comment = "单位经办人"
        constraints = [models.UniqueConstraint(fields=["centre_id", "employer"], condition=Q(until=None), name="parties_operator_now")]


class Person(models.Model):
    """A person as one centre knows them, told apart by identity document."""

    centre_id = models.SmallIntegerField(verbose_name="中心编号")
    name = models.TextField(verbose_name="姓名")
    name_pinyin = models.TextField(verbose_name="姓名拼音")
    name_initials = models.TextField(verbose_name="姓名拼音首字母")
    id_kind = models.TextField(verbose_name="证件类型")
    id_number = EncryptedTextField(context=ID_NUMBER, verbose_name="证件号码")
    id_blind = models.BinaryField(verbose_name="证件号码盲索引")
    id_original = EncryptedTextField(null=True, context=ID_ORIGINAL, verbose_name="证件原号码", db_comment="15位旧号码")
    sex = models.TextField(null=True, verbose_name="性别")
    born_on = models.DateField(null=True, verbose_name="出生日期")
    nationality = models.TextField(default="CHN", verbose_name="国籍")
    phone = EncryptedTextField(null=True, context=PHONE, verbose_name="手机号码")
    phone_blind = models.BinaryField(null=True, verbose_name="手机号码盲索引")
    bank_card = EncryptedTextField(null=True, context=BANK_CARD, verbose_name="银行卡号")
    bank_name = models.TextField(default="", verbose_name="开户银行")
    registered_on = models.DateField(verbose_name="登记日期")

    class Meta:
        db_table_comment = "个人信息"
        indexes = [
            models.Index(fields=["centre_id", "name"], opclasses=["int2_ops", "text_pattern_ops"], name="parties_person_name"),
            models.Index(fields=["centre_id", "name_pinyin"], opclasses=["int2_ops", "text_pattern_ops"], name="parties_person_pinyin"),
            models.Index(fields=["centre_id", "name_initials"], opclasses=["int2_ops", "text_pattern_ops"], name="parties_person_initials"),
            models.Index(fields=["centre_id", "phone_blind"], name="parties_person_phone"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["centre_id", "id_kind", "id_blind"], name="parties_person_once"),
            models.CheckConstraint(condition=Q(id_kind__in=[str(kind) for kind in ID_KINDS]), name="parties_person_id_kind"),
            models.CheckConstraint(condition=Q(sex__in=["M", "F"]) | Q(sex=None), name="parties_person_sex"),
        ]


class RegistryEntry(models.Model):
    """Which centre has an open account for this blind index. No name, no number: only "somewhere else there is one"."""

    centre_id = models.SmallIntegerField(verbose_name="中心编号")
    id_kind = models.TextField(verbose_name="证件类型")
    id_blind = models.BinaryField(verbose_name="证件号码盲索引")
    since = models.DateField(verbose_name="起始日期")

    class Meta:
        db_table = "parties_registry"
        db_table_comment = "全省开户登记（仅盲索引，无个人信息）"
        constraints = [models.UniqueConstraint(fields=["id_blind", "id_kind", "centre_id"], name="parties_registry_once")]


class Flag(models.Model):
    """A mark that others may read, put by whoever found out: "this person may not withdraw until"."""

    centre_id = models.SmallIntegerField(verbose_name="中心编号")
    subject_kind = models.TextField(verbose_name="对象类别")
    subject_id = models.BigIntegerField(verbose_name="对象编号")
    kind = models.TextField(verbose_name="标记类别")
    source_no = models.TextField(verbose_name="依据文号")
    note = models.TextField(default="", verbose_name="说明")
    since = models.DateField(verbose_name="起始日期")
    until = models.DateField(null=True, verbose_name="终止日期")
    raised_by = models.TextField(verbose_name="登记人")

    class Meta:
        db_table_comment = "标记"
        indexes = [models.Index(fields=["centre_id", "subject_kind", "subject_id"], name="parties_flag_subject")]
        constraints = [models.CheckConstraint(condition=Q(subject_kind__in=["PERSON", "EMPLOYER"]), name="parties_flag_kind")]


class Change(models.Model):
    """变更记录: who changed which field when, from what to what. Values are sealed: they may be personal."""

    centre_id = models.SmallIntegerField(verbose_name="中心编号")
    subject_kind = models.TextField(verbose_name="对象类别")
    subject_id = models.BigIntegerField(verbose_name="对象编号")
    field = models.TextField(verbose_name="变更项目")
    before = EncryptedTextField(null=True, context=CHANGE, verbose_name="变更前")
    after = EncryptedTextField(null=True, context=CHANGE, verbose_name="变更后")
    changed_at = models.DateTimeField(verbose_name="变更时刻")
    changed_by = models.TextField(verbose_name="变更人")
    reason = models.TextField(default="", verbose_name="变更原因")

    class Meta:
        db_table_comment = "变更记录"
        indexes = [models.Index(fields=["centre_id", "subject_kind", "subject_id"], name="parties_change_subject")]
