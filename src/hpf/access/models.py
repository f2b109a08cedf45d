"""用户 岗位 权限 任用 审计 复核 机器客户."""

from __future__ import annotations

from django.db import models

from hpf.access.rules import AUDIENCE_LABELS, AUDIT_LABELS, SUBMISSION_LABELS
from hpf.db.crypto import EncryptedTextField


class User(models.Model):
    """Somebody who signs in. Members are found by the blind index of their ID number, never by the number."""

    id = models.BigAutoField("用户编号", primary_key=True)
    login = models.CharField("登录名", max_length=96, unique=True, db_comment="登录名；缴存人为证件号码的盲索引")
    name = models.CharField("姓名", max_length=60, db_comment="姓名")
    password = models.CharField("密码", max_length=160, db_comment="密码摘要（argon2）")
    audience = models.CharField(
        "用户类别", max_length=10, choices=[(k.value, v) for k, v in AUDIENCE_LABELS.items()], db_comment="用户类别"
    )
    active = models.BooleanField("启用", default=True, db_comment="是否启用")
    second_factor_secret = EncryptedTextField(
        "动态口令密钥", null=True, context="access.user.second_factor_secret", db_comment="动态口令密钥（加密）"
    )
    second_factor_step = models.BigIntegerField("最近动态口令时段", default=0, db_comment="最近一次使用的动态口令所在半分钟，防重用")
    failures = models.SmallIntegerField("连续失败次数", default=0, db_comment="连续登录失败次数")
    locked_until = models.DateTimeField("锁定至", null=True, db_comment="锁定至")
    password_changed_at = models.DateTimeField("密码修改时刻", null=True, db_comment="密码修改时刻")
    last_login = models.DateTimeField("上次登录时刻", null=True, db_comment="上次登录时刻")

    class Meta:
        db_table = "access_user"
        db_table_comment = "用户"
        verbose_name = "用户"


class Role(models.Model):
    code = models.CharField("岗位代码", max_length=30, primary_key=True, db_comment="岗位代码")
    label = models.CharField("岗位", max_length=30, db_comment="岗位名称")
    audience = models.CharField("用户类别", max_length=10, db_comment="用户类别")
    exclusive_group = models.CharField("互斥组", max_length=20, null=True, db_comment="互斥组：同组岗位不得兼任")
    duty = models.CharField("职责", max_length=200, db_comment="职责")

    class Meta:
        db_table = "access_role"
        db_table_comment = "岗位"
        verbose_name = "岗位"


class Permission(models.Model):
    code = models.CharField("权限代码", max_length=60, primary_key=True, db_comment="权限代码")
    label = models.CharField("权限", max_length=60, db_comment="权限名称")
    business = models.CharField("业务", max_length=20, db_comment="所属业务")

    class Meta:
        db_table = "access_permission"
        db_table_comment = "权限"
        verbose_name = "权限"


class Grant(models.Model):
    id = models.BigAutoField("编号", primary_key=True)
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="+", verbose_name="岗位", db_comment="岗位代码")
    permission = models.ForeignKey(Permission, on_delete=models.PROTECT, related_name="+", verbose_name="权限", db_comment="权限代码")

    class Meta:
        db_table = "access_grant"
        db_table_comment = "岗位权限"
        verbose_name = "岗位权限"
        constraints = [models.UniqueConstraint(fields=["role", "permission"], name="access_grant_once")]


class Appointment(models.Model):
    """A user in a role: in one centre, for one employer or as one person where the role is theirs."""

    id = models.BigAutoField("编号", primary_key=True)
    centre_id = models.SmallIntegerField("中心", db_comment="中心；监管人员为0")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="用户", db_comment="用户编号")
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="+", verbose_name="岗位", db_comment="岗位代码")
    employer_id = models.BigIntegerField("缴存单位", null=True, db_comment="缴存单位编号（单位经办）")
    person_id = models.BigIntegerField("缴存人", null=True, db_comment="缴存人编号（缴存人）")
    appointed_by = models.CharField("任用人", max_length=60, db_comment="任用人")
    appointed_at = models.DateTimeField("任用时刻", db_comment="任用时刻")
    ended_at = models.DateTimeField("免去时刻", null=True, db_comment="免去时刻")

    class Meta:
        db_table = "access_appointment"
        db_table_comment = "任用"
        verbose_name = "任用"
        constraints = [
            models.UniqueConstraint(
                fields=["centre_id", "user", "role", "employer_id", "person_id"],
                condition=models.Q(ended_at=None),
                nulls_distinct=False,
                name="access_appointment_once",
            )
        ]
        indexes = [models.Index(fields=["user"], condition=models.Q(ended_at=None), name="access_appointment_user")]


class Activation(models.Model):
    """A code handed over at the counter, by which its user sets a first or a new password. The code itself is not kept."""

    id = models.BigAutoField("编号", primary_key=True)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="用户", db_comment="用户编号")
    code = models.CharField("开通码", max_length=160, db_comment="开通码摘要（argon2）")
    valid_until = models.DateTimeField("有效期至", db_comment="有效期至")
    failures = models.SmallIntegerField("连续失败次数", default=0, db_comment="输错次数")
    issued_by = models.CharField("发放人", max_length=60, db_comment="发放开通码的柜员")
    issued_at = models.DateTimeField("发放时刻", db_comment="发放时刻")
    ended_at = models.DateTimeField("失效时刻", null=True, db_comment="已使用或者被新的开通码取代的时刻")

    class Meta:
        db_table = "access_activation"
        db_table_comment = "开通码"
        verbose_name = "开通码"
        constraints = [models.UniqueConstraint(fields=["user"], condition=models.Q(ended_at=None), name="access_activation_one")]


class Audit(models.Model):
    """One act worth remembering. The database refuses change and removal."""

    id = models.BigAutoField("序号", primary_key=True)
    centre_id = models.SmallIntegerField("中心", db_comment="中心；监管人员为0")
    at = models.DateTimeField("时刻", db_comment="时刻")
    user_id = models.CharField("用户编号", max_length=60, db_comment="用户编号")
    user_name = models.CharField("用户", max_length=60, db_comment="用户姓名")
    kind = models.CharField("行为", max_length=20, choices=[(k.value, v) for k, v in AUDIT_LABELS.items()], db_comment="行为")
    person_id = models.BigIntegerField("缴存人", null=True, db_comment="被查看的缴存人编号")
    employer_id = models.BigIntegerField("缴存单位", null=True, db_comment="被查看的缴存单位编号")
    subject = models.CharField("对象", max_length=200, db_comment="对象")
    purpose = models.CharField("用途", max_length=200, db_comment="用途")
    address = models.CharField("来源地址", max_length=64, db_comment="来源地址")

    class Meta:
        db_table = "access_audit"
        db_table_comment = "审计日志"
        verbose_name = "审计日志"
        indexes = [
            models.Index(fields=["centre_id", "at"], name="access_audit_day"),
            models.Index(fields=["centre_id", "person_id", "id"], condition=models.Q(person_id__isnull=False), name="access_audit_person"),
        ]


class Seal(models.Model):
    """A day's rows of the audit log and of the command log in one digest, chained to the day before."""

    id = models.BigAutoField("序号", primary_key=True)
    centre_id = models.SmallIntegerField("中心", db_comment="中心")
    sealed_on = models.DateField("封存日", db_comment="封存日")
    audit_after = models.BigIntegerField("审计起号", db_comment="本批审计日志自此序号之后")
    audit_through = models.BigIntegerField("审计止号", db_comment="本批审计日志至此序号")
    command_after = models.BigIntegerField("命令起号", db_comment="本批命令记录自此序号之后")
    command_through = models.BigIntegerField("命令止号", db_comment="本批命令记录至此序号")
    rows = models.BigIntegerField("行数", db_comment="行数")
    previous_digest = models.CharField("前一摘要", max_length=64, db_comment="前一摘要")
    digest = models.CharField("封存摘要", max_length=64, db_comment="封存摘要")
    sealed_at = models.DateTimeField("封存时刻", db_comment="封存时刻")

    class Meta:
        db_table = "access_seal"
        db_table_comment = "审计封存"
        verbose_name = "审计封存"
        constraints = [models.UniqueConstraint(fields=["centre_id", "sealed_on"], name="access_seal_day")]


class Submission(models.Model):
    """经办复核: a piece of business a maker has prepared and a checker approves or returns."""

    id = models.BigAutoField("编号", primary_key=True)
    centre_id = models.SmallIntegerField("中心", db_comment="中心")
    submission_no = models.CharField("业务编号", max_length=40, db_comment="业务编号")
    action = models.CharField("业务种类", max_length=60, db_comment="业务种类代码")
    title = models.CharField("业务名称", max_length=60, db_comment="业务名称")
    subject = models.CharField("业务对象", max_length=120, db_comment="业务对象")
    person_id = models.BigIntegerField("缴存人", null=True, db_comment="缴存人编号")
    employer_id = models.BigIntegerField("缴存单位", null=True, db_comment="缴存单位编号")
    content = models.JSONField("内容", db_comment="执行参数")
    shown = models.JSONField("要素", db_comment="供复核人阅读的要素")
    state = models.CharField("状态", max_length=10, choices=[(k.value, v) for k, v in SUBMISSION_LABELS.items()], db_comment="状态")
    maker_id = models.CharField("经办人编号", max_length=60, db_comment="经办人编号")
    maker_name = models.CharField("经办人", max_length=60, db_comment="经办人")
    made_at = models.DateTimeField("经办时刻", db_comment="经办时刻")
    checker_id = models.CharField("复核人编号", max_length=60, null=True, db_comment="复核人编号")
    checker_name = models.CharField("复核人", max_length=60, null=True, db_comment="复核人")
    checked_at = models.DateTimeField("复核时刻", null=True, db_comment="复核时刻")
    note = models.CharField("意见", max_length=400, default="", db_comment="复核意见或未获通过的原因")

    class Meta:
        db_table = "access_submission"
        db_table_comment = "经办复核"
        verbose_name = "经办复核"
        constraints = [
            models.UniqueConstraint(fields=["centre_id", "submission_no"], name="access_submission_no"),
            models.CheckConstraint(
                condition=models.Q(checker_id=None) | ~models.Q(checker_id=models.F("maker_id")), name="access_submission_two_people"
            ),
        ]
        indexes = [models.Index(fields=["centre_id", "state", "id"], name="access_submission_queue")]


class Client(models.Model):
    """A machine that calls in: a bank, a department, an employer's system. It signs each call."""

    id = models.BigAutoField("编号", primary_key=True)
    client_no = models.CharField("客户编号", max_length=40, unique=True, db_comment="客户编号")
    name = models.CharField("客户名称", max_length=80, db_comment="客户名称")
    centre_id = models.SmallIntegerField("中心", db_comment="中心")
    employer_id = models.BigIntegerField("缴存单位", null=True, db_comment="缴存单位编号（单位系统直连）")
    secret = EncryptedTextField("签名密钥", context="access.client.secret", db_comment="签名密钥（加密）")
    permissions = models.JSONField("允许的服务", db_comment="允许的权限代码")
    calls_per_minute = models.IntegerField("每分钟次数", db_comment="每分钟调用上限")
    active = models.BooleanField("启用", default=True, db_comment="是否启用")

    class Meta:
        db_table = "access_client"
        db_table_comment = "机器客户"
        verbose_name = "机器客户"


class Call(models.Model):
    """A signed call's number, kept so that the same call is not taken twice."""

    id = models.BigAutoField("编号", primary_key=True)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+", verbose_name="机器客户", db_comment="机器客户")
    nonce = models.CharField("一次性编号", max_length=64, db_comment="一次性编号")
    called_at = models.DateTimeField("调用时刻", db_comment="调用时刻")

    class Meta:
        db_table = "access_call"
        db_table_comment = "机器调用"
        verbose_name = "机器调用"
        constraints = [models.UniqueConstraint(fields=["client", "nonce"], name="access_call_once")]
        indexes = [models.Index(fields=["client", "called_at"], name="access_call_quota")]
