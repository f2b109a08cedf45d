"""授权 询问 答复 线路 供数许可 供数记录. Terms and answers are ciphertext; persons stand as references."""

from __future__ import annotations

from django.db import models

from hpf.db.crypto import EncryptedTextField

TERMS = "sharing.question.terms"
FIELDS = "sharing.answer.fields"


class Consent(models.Model):
    """授权: what a person allows whom to learn, for what, until when. Withdrawn, never deleted."""

    id = models.BigAutoField("授权流水", primary_key=True)
    centre_id = models.SmallIntegerField("中心", db_comment="所属中心")
    consent_no = models.CharField("授权编号", max_length=30, db_comment="授权编号")
    person_id = models.BigIntegerField("缴存人", null=True, db_comment="授权人是本中心缴存人的，其编号；家庭成员为空")
    person_ref = models.CharField("个人标识", max_length=40, db_comment="授权人的共享标识，由证件以密钥摘要而成")
    recipient = models.CharField("接收方", max_length=40, db_comment="机器客户编号；空为本中心自用")
    recipient_name = models.CharField("接收方名称", max_length=80, db_comment="接收方名称")
    scope = models.JSONField("授权范围", db_comment="自用为共享服务，对外为供数项目")
    purpose = models.CharField("用途", max_length=100, db_comment="用途")
    case_no = models.CharField("所办业务编号", max_length=40, default="", db_comment="限于一笔业务；空为同一用途的各笔业务")
    given_at = models.DateTimeField("授权时刻", db_comment="授权时刻")
    ends_at = models.DateTimeField("授权截止时刻", db_comment="到此时刻失效")
    given_by = models.CharField("授权办理人", max_length=60, db_comment="本人或者代为登记的柜员")
    channel = models.CharField("办理渠道", max_length=20, db_comment="COUNTER MEMBER_WEB")
    withdrawn_at = models.DateTimeField("授权撤回时刻", null=True, db_comment="撤回时刻")

    class Meta:
        db_table = "sharing_consent"
        db_table_comment = "个人信息共享授权"
        verbose_name = "授权"
        constraints = [models.UniqueConstraint(fields=["centre_id", "consent_no"], name="sharing_consent_no")]
        indexes = [
            models.Index(fields=["centre_id", "person_id", "id"], name="sharing_consent_person"),
            models.Index(fields=["centre_id", "person_ref"], name="sharing_consent_ref"),
        ]


class Question(models.Model):
    """询问: what was asked of a department, or refused to be asked. Never changed."""

    id = models.BigAutoField("询问流水", primary_key=True)
    centre_id = models.SmallIntegerField("中心", db_comment="所属中心")
    question_no = models.CharField("询问编号", max_length=30, db_comment="询问编号，重发时不变")
    batch = models.CharField("询问批次", max_length=120, db_comment="一次询问的幂等键")
    line_no = models.SmallIntegerField("批内序号", db_comment="在一次询问中的次序")
    department = models.CharField("共享部门", max_length=10, db_comment="被询问的部门代码")
    service = models.CharField("共享服务", max_length=40, db_comment="共享服务代码")
    person_id = models.BigIntegerField("缴存人", null=True, db_comment="被询问的缴存人编号；家庭成员和单位为空")
    subject_ref = models.CharField("询问对象", max_length=40, db_comment="个人的共享标识，或者单位的统一社会信用代码")
    case_kind = models.CharField("所办业务种类", max_length=20, db_comment="为办理何种业务而询问")
    case_no = models.CharField("所办业务编号", max_length=40, db_comment="为办理哪笔业务而询问")
    purpose = models.CharField("用途", max_length=100, db_comment="用途")
    ground = models.CharField("询问依据", max_length=10, db_comment="CONSENT LAW")
    ground_no = models.CharField("依据编号", max_length=60, db_comment="授权编号或者法规条文")
    fields = models.JSONField("询问项目", db_comment="询问的字段")
    terms = EncryptedTextField("询问条件", context=TERMS, db_comment="查询条件（加密）")
    as_of = models.DateField("询问截止日", db_comment="按哪一日的情况答复")
    asked_by = models.CharField("询问人", max_length=60, db_comment="询问人编号")
    asked_by_name = models.CharField("询问人姓名", max_length=60, db_comment="询问人姓名")
    asked_at = models.DateTimeField("询问时刻", db_comment="询问时刻")
    deadline_at = models.DateTimeField("答复时限", db_comment="迟于此时刻的答复不采用")

    class Meta:
        db_table = "sharing_question"
        db_table_comment = "对外部门的询问"
        verbose_name = "部门询问"
        constraints = [
            models.UniqueConstraint(fields=["centre_id", "question_no"], name="sharing_question_no"),
            models.UniqueConstraint(fields=["centre_id", "batch", "line_no"], name="sharing_question_once"),
        ]
        indexes = [
            models.Index(fields=["centre_id", "case_kind", "case_no"], name="sharing_question_case"),
            models.Index(fields=["centre_id", "person_id", "id"], name="sharing_question_person"),
            models.Index(fields=["centre_id", "subject_ref", "id"], name="sharing_question_subject"),
        ]


class Answer(models.Model):
    """答复: one for a question, the first that came; later ones are not kept. Silence, refusal and forgery are answers too."""

    id = models.BigAutoField("答复流水", primary_key=True)
    centre_id = models.SmallIntegerField("中心", db_comment="所属中心")
    question = models.ForeignKey(Question, models.PROTECT, related_name="+", verbose_name="部门询问", db_comment="所答复的询问")
    status = models.CharField("答复结果", max_length=10, db_comment="ANSWERED SILENT REFUSED INVALID")
    code = models.CharField("未答复代码", max_length=40, default="", db_comment="没有可用答复的原因代码")
    reason = models.CharField("未答复原因", max_length=300, default="", db_comment="没有可用答复的原因")
    source = models.CharField("答复来源", max_length=60, db_comment="部门和服务")
    fields = EncryptedTextField("答复内容", context=FIELDS, null=True, db_comment="答复的字段（加密）")
    answered_at = models.DateTimeField("答复时刻", db_comment="收到答复或者放弃等待的时刻")
    good_until = models.DateField("答复有效期", null=True, db_comment="可以使用的最后一日")
    attempts = models.SmallIntegerField("发送次数", db_comment="实际发送的次数，未发送为0")
    took_ms = models.IntegerField("答复毫秒数", db_comment="从发送到答复的毫秒数")

    class Meta:
        db_table = "sharing_answer"
        db_table_comment = "外部门的答复"
        verbose_name = "部门答复"
        constraints = [
            models.UniqueConstraint(fields=["centre_id", "question"], name="sharing_answer_once"),
            models.CheckConstraint(
                condition=models.Q(status="ANSWERED", fields__isnull=False, good_until__isnull=False)
                | (~models.Q(status="ANSWERED") & models.Q(fields__isnull=True)),
                name="sharing_answer_fields",
            ),
        ]


class Line(models.Model):
    """线路: how a department has been answering; kept here so that every process of the centre knows."""

    id = models.BigAutoField("线路编号", primary_key=True)
    centre_id = models.SmallIntegerField("中心", db_comment="所属中心")
    department = models.CharField("共享部门", max_length=10, db_comment="部门代码")
    failures = models.IntegerField("连续未答复次数", default=0, db_comment="连续没有答复的次数")
    rests_until = models.DateTimeField("暂停询问至", null=True, db_comment="早于此时刻不再询问；空为正常")

    class Meta:
        db_table = "sharing_line"
        db_table_comment = "与外部门的线路"
        verbose_name = "线路"
        constraints = [models.UniqueConstraint(fields=["centre_id", "department"], name="sharing_line_once")]


class Grant(models.Model):
    """供数许可: what a machine client may learn. Ended, never deleted."""

    id = models.BigAutoField("许可流水", primary_key=True)
    centre_id = models.SmallIntegerField("中心", db_comment="所属中心")
    grant_no = models.CharField("许可编号", max_length=30, db_comment="许可编号")
    client_no = models.CharField("客户编号", max_length=40, db_comment="机器客户编号")
    fields = models.JSONField("供数项目", db_comment="可以提供的项目")
    purposes = models.JSONField("许可用途", db_comment="允许的用途")
    case_kinds = models.JSONField("许可业务种类", db_comment="允许的业务种类")
    since = models.DateField("起始日期", db_comment="起始日期")
    until = models.DateField("终止日期", db_comment="终止日期，不含当日")
    calls_per_day = models.IntegerField("每日查询次数", db_comment="每日查询次数上限")
    by_law = models.CharField("法律依据", max_length=60, default="", db_comment="不需要授权的依据条文；空为每次须有授权")
    granted_by = models.CharField("许可人", max_length=60, db_comment="许可人")
    ended_on = models.DateField("许可终止日", null=True, db_comment="提前终止的日期")

    class Meta:
        db_table = "sharing_grant"
        db_table_comment = "供数许可"
        verbose_name = "供数许可"
        constraints = [models.UniqueConstraint(fields=["centre_id", "grant_no"], name="sharing_grant_no")]
        indexes = [models.Index(fields=["centre_id", "client_no"], name="sharing_grant_client")]


class Look(models.Model):
    """供数记录: each time an outsider asked, answered or refused. Never changed; the member can read it."""

    id = models.BigAutoField("供数流水", primary_key=True)
    centre_id = models.SmallIntegerField("中心", db_comment="所属中心")
    client_no = models.CharField("客户编号", max_length=40, db_comment="机器客户编号")
    client_name = models.CharField("客户名称", max_length=80, db_comment="机器客户名称")
    grant_no = models.CharField("许可编号", max_length=30, default="", db_comment="所用的供数许可")
    person_id = models.BigIntegerField("缴存人", null=True, db_comment="被查询的缴存人；本中心没有此人时为空")
    consent_no = models.CharField("授权编号", max_length=30, default="", db_comment="所凭的授权")
    case_kind = models.CharField("所办业务种类", max_length=20, db_comment="查询方所办业务的种类")
    case_no = models.CharField("所办业务编号", max_length=40, db_comment="查询方所办业务的编号")
    purpose = models.CharField("用途", max_length=100, db_comment="用途")
    fields = models.JSONField("供数项目", db_comment="查询的项目")
    refusal = models.CharField("拒绝代码", max_length=40, default="", db_comment="拒绝的原因代码；空为已答复")
    looked_on = models.DateField("供数日期", db_comment="查询的日期，用于计次")
    looked_at = models.DateTimeField("供数时刻", db_comment="查询时刻")

    class Meta:
        db_table = "sharing_look"
        db_table_comment = "供数记录"
        verbose_name = "供数记录"
        indexes = [
            models.Index(fields=["centre_id", "grant_no", "looked_on"], name="sharing_look_quota"),
            models.Index(fields=["centre_id", "person_id", "id"], name="sharing_look_person"),
        ]
