"""缓缴 降低缴存比例: the application, who reviewed and who approved it, its term, and what is owed month by month."""

from __future__ import annotations

from django.db import models

from hpf.contributions.models.remittance import Original, coded
from hpf.contributions.rules.states import DeferralKind, DeferralState
from hpf.db.fields import MoneyField, MonthField


class Deferral(models.Model):
    """One application of one unit for one term, 条例 第二十条."""

    id = models.BigAutoField(primary_key=True, verbose_name="缓缴编号", db_comment="缓缴内部编号")
    centre_id = models.SmallIntegerField("中心", db_comment="所属中心")
    deferral_no = models.TextField("缓缴申请号", unique=True, db_comment="缓缴或降比申请号")
    employer_id = models.BigIntegerField("缴存单位", db_comment="缴存单位")
    employer_account_id = models.BigIntegerField("单位账户", db_comment="单位账户")
    employer_account_no = models.TextField("单位账号", db_comment="单位账号")
    kind = models.TextField("缓缴种类", choices=coded(DeferralKind), db_comment="缓缴或降低缴存比例")
    state = models.TextField("缓缴状态", choices=coded(DeferralState), db_comment="缓缴状态")
    since_month = MonthField("起始年月", db_comment="起始月（自公元0年起的月数）")
    until_month = MonthField("届满年月", db_comment="恢复正常缴存的第一个月，期限不含此月")
    restored_month = MonthField("恢复年月", null=True, db_comment="实际恢复正常缴存的第一个月")
    employer_rate = models.DecimalField("单位缴存比例", max_digits=6, decimal_places=4, null=True, db_comment="降比后的单位比例，百分数")
    member_rate = models.DecimalField("个人缴存比例", max_digits=6, decimal_places=4, null=True, db_comment="降比后的个人比例，百分数")
    former_employer_rate = models.DecimalField("原单位缴存比例", max_digits=6, decimal_places=4, null=True, db_comment="降比前的单位比例")
    former_member_rate = models.DecimalField("原个人缴存比例", max_digits=6, decimal_places=4, null=True, db_comment="降比前的个人比例")
    reason = models.TextField("申请原因", db_comment="困难情况")
    resolution_no = models.TextField("决议文号", db_comment="职工代表大会或工会决议文号")
    resolution = models.ForeignKey(Original, models.PROTECT, related_name="+", verbose_name="决议原件", db_comment="决议原件")
    applied_by = models.TextField("经办人", db_comment="申请经办人")
    applied_at = models.DateTimeField("申请时刻", db_comment="申请时刻")
    due_on = models.DateField("办结期限", db_comment="应作出决定的最后工作日")
    reviewed_by = models.TextField("审核人", default="", db_comment="中心审核人")
    reviewed_at = models.DateTimeField("审核时刻", null=True, db_comment="中心审核时刻")
    review_opinion = models.TextField("审核意见", default="", db_comment="中心审核意见")
    decided_by = models.TextField("批准人", default="", db_comment="管委会或其授权批准人")
    decided_at = models.DateTimeField("批准时刻", null=True, db_comment="批准时刻")
    decision_no = models.TextField("批准文号", default="", db_comment="批准文号")
    decision_opinion = models.TextField("批准意见", default="", db_comment="批准或不批准的意见")
    ended_on = models.DateField("恢复日期", null=True, db_comment="恢复正常缴存的日期")
    ended_by = models.TextField("恢复经办人", default="", db_comment="恢复经办人")

    class Meta:
        db_table_comment = "缓缴与降低缴存比例"
        indexes = [models.Index(fields=["centre_id", "employer_account_id", "since_month"], name="contributions_def_employer")]
        constraints = [
            models.CheckConstraint(condition=models.Q(until_month__gt=models.F("since_month")), name="contributions_def_term"),
            models.CheckConstraint(
                condition=~models.Q(state__in=["APPROVED", "ENDED", "REPAID"]) | ~models.Q(decided_by=models.F("reviewed_by")),
                name="contributions_def_two_people",
            ),
        ]


class DeferredLine(models.Model):
    """缓缴欠款: what one person is owed for one deferred month. Paid when a full back payment of that month is booked."""

    id = models.BigAutoField(primary_key=True, verbose_name="缓缴明细编号", db_comment="缓缴明细编号")
    centre_id = models.SmallIntegerField("中心", db_comment="所属中心")
    deferral = models.ForeignKey(Deferral, models.PROTECT, related_name="+", db_index=False, verbose_name="缓缴", db_comment="所属缓缴")
    member_account_id = models.BigIntegerField("个人账户", db_comment="个人账户")
    account_no = models.TextField("个人账号", db_comment="个人账号")
    month = MonthField("汇补缴年月", db_comment="缓缴月（自公元0年起的月数）")
    base_fen = MoneyField("缴存基数", db_comment="当月缴存基数，分")
    employer_fen = MoneyField("单位缴存额", db_comment="应补单位部分，分")
    member_fen = MoneyField("个人缴存额", db_comment="应补个人部分，分")

    class Meta:
        db_table_comment = "缓缴期间应缴明细"
        constraints = [
            models.UniqueConstraint(fields=["deferral", "month", "member_account_id"], name="contributions_deferred_once"),
        ]
        indexes = [models.Index(fields=["centre_id", "member_account_id", "month"], name="contributions_deferred_member")]
