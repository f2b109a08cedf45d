"""政策参数: tables of the loaded law. Without centres' secrets, so without row-level security: everybody may read."""

from __future__ import annotations

from django.db import models

from .rules import Confidence, NoteKind, Unit

_CONFIDENCES = [(each.value, each.text) for each in Confidence]
_NOTE_TEXT = {"FILE": "按法规数据办理", "STRUCTURE": "由系统结构实现", "LATER": "后续实现", "NOT_MODELLED": "不实现"}
_NOTE_KINDS = [(each.value, _NOTE_TEXT[each.value]) for each in NoteKind]
_UNITS = [(each.value, each.text or each.value) for each in Unit]


class Load(models.Model):
    """One loading of law. The newest row's digest names what is in the tables, and every cache goes by it."""

    digest = models.CharField("内容摘要", max_length=64, db_comment="内容摘要：全部法规文件的SHA-256")
    loaded_at = models.DateTimeField("登记时刻", db_comment="登记时刻")
    packs = models.JSONField("参数包", db_comment="参数包：除law以外一并装载的参数文件夹")

    class Meta:
        verbose_name = "法规装载记录"
        db_table_comment = "法规装载记录"


class Source(models.Model):
    name = models.CharField("文件简称", max_length=60, unique=True, db_comment="文件简称，引用条文时使用")
    number = models.CharField("文号", max_length=120, db_comment="文号")
    title = models.CharField("文件名称", max_length=200, db_comment="文件名称")
    issuer = models.CharField("发文机关", max_length=120, db_comment="发文机关")
    signed_on = models.DateField("签发日期", null=True, db_comment="签发日期")
    in_force_on = models.DateField("施行日期", null=True, db_comment="施行日期")
    superseded_on = models.DateField("废止日期", null=True, db_comment="废止日期")
    confidence = models.CharField("可信程度", max_length=10, choices=_CONFIDENCES, db_comment="可信程度")
    note = models.TextField("备注", blank=True, db_comment="备注")

    class Meta:
        verbose_name = "法规文件"
        db_table_comment = "法规文件"


class Article(models.Model):
    source = models.ForeignKey(Source, models.PROTECT, related_name="+", verbose_name="法规文件", db_comment="法规文件")
    article = models.CharField("条文", max_length=40, db_comment="条文：编号，编号未核对的用事项名称")
    edition = models.CharField("文本版本", max_length=20, blank=True, db_comment="文本版本，只有一个版本的为空")
    since = models.DateField("施行日期", null=True, db_comment="施行日期")
    until = models.DateField("废止日期", null=True, db_comment="废止日期")
    restated = models.TextField("条文转述", db_comment="条文转述，不是原文")
    confidence = models.CharField("可信程度", max_length=10, choices=_CONFIDENCES, db_comment="可信程度")
    position = models.IntegerField("次序", db_comment="次序：在文件中的先后")

    class Meta:
        verbose_name = "条文"
        db_table_comment = "条文"
        constraints = [models.UniqueConstraint(fields=["source", "article", "edition"], name="policy_article_once")]


class Note(models.Model):
    """How an article is dealt with when no function carries it out."""

    citation = models.CharField("条文", max_length=120, db_comment="条文引用")
    kind = models.CharField("办理方式", max_length=14, choices=_NOTE_KINDS, db_comment="办理方式")
    text = models.TextField("说明", db_comment="说明：文件位置、实现方式或未实现的原因")

    class Meta:
        verbose_name = "条文办理说明"
        db_table_comment = "条文办理说明"
        constraints = [models.UniqueConstraint(fields=["citation", "kind", "text"], name="policy_note_once")]


class Key(models.Model):
    """A parameter's name, once per district: the number by which the database refuses two values for one day."""

    key = models.CharField("参数代码", max_length=80, db_comment="参数代码")
    district = models.CharField("区县", max_length=12, blank=True, db_comment="区县代码，不分区县的为空")
    label = models.CharField("参数名称", max_length=120, db_comment="参数名称")
    unit = models.CharField("计量单位", max_length=10, choices=_UNITS, db_comment="计量单位")

    class Meta:
        verbose_name = "政策参数名称"
        db_table_comment = "政策参数名称"
        constraints = [models.UniqueConstraint(fields=["key", "district"], name="policy_key_once")]


class Parameter(models.Model):
    """One dated value. `scope` is a centre's id, 0 for the nation, -1 for the province."""

    scope = models.SmallIntegerField("适用范围", db_comment="适用范围：0全国，-1全省，其余为中心编号")
    key = models.ForeignKey(Key, models.PROTECT, related_name="+", verbose_name="政策参数名称", db_comment="政策参数名称")
    value = models.CharField("参数值", max_length=400, db_comment="参数值，按文件原文保存")
    since = models.DateField("生效日期", db_comment="生效日期")
    until = models.DateField("失效日期", null=True, db_comment="失效日期，当日起不再适用")
    citation = models.CharField("依据", max_length=120, db_comment="依据的条文，必填")
    confidence = models.CharField("可信程度", max_length=10, choices=_CONFIDENCES, db_comment="可信程度")
    note = models.TextField("备注", blank=True, db_comment="备注")
    pack = models.CharField("参数包", max_length=20, db_comment="参数包：law为法规文件，其余为附加包")

    class Meta:
        verbose_name = "政策参数"
        db_table_comment = "政策参数"
        indexes = [models.Index(fields=["scope", "key"], name="policy_parameter_by_scope")]
        constraints = [
            models.CheckConstraint(condition=~models.Q(citation=""), name="policy_parameter_is_cited"),
            models.CheckConstraint(condition=~models.Q(value=""), name="policy_parameter_has_value"),
            models.CheckConstraint(condition=models.Q(until=None) | models.Q(until__gt=models.F("since")), name="policy_parameter_period"),
            models.CheckConstraint(
                condition=models.Q(confidence__in=[each.value for each in Confidence]), name="policy_parameter_confidence"
            ),
            models.CheckConstraint(
                condition=models.Q(confidence=Confidence.DEMO.value, citation="演示值")
                | (~models.Q(confidence=Confidence.DEMO.value) & ~models.Q(citation="演示值")),
                name="policy_parameter_demo_is_labelled",
            ),
        ]


class ExceptionalDay(models.Model):
    day = models.DateField("日期", unique=True, db_comment="日期")
    is_workday = models.BooleanField("是否上班", db_comment="是否上班：调休上班为真，放假为假")
    festival = models.CharField("节日", max_length=40, db_comment="节日")
    citation = models.CharField("依据", max_length=120, db_comment="依据的通知")

    class Meta:
        verbose_name = "节假日和调休日"
        db_table_comment = "节假日和调休日"


class CalendarYear(models.Model):
    year = models.SmallIntegerField("年份", unique=True, db_comment="已录入节假日安排通知的年份")

    class Meta:
        verbose_name = "已录入日历的年份"
        db_table_comment = "已录入日历的年份"
