"""Tables of accounts. No balance is kept here: `ledger_account_id` points to where the money is."""

from django.db import models
from django.db.models import Q

from hpf.db.fields import MoneyField, MonthField


def rate(**options: object) -> models.DecimalField:
    """A rate in per cent with two decimals, as the standard has it (n4.2)."""
    return models.DecimalField(max_digits=4, decimal_places=2, **options)  # type: ignore[arg-type]


class EmployerAccount(models.Model):
    """单位账户: a unit's account at a centre, the two rates it pays at, and through which month it has paid."""

    centre_id = models.SmallIntegerField(verbose_name="中心编号")
    account_no = models.TextField(unique=True, verbose_name="单位账号")
    employer = models.ForeignKey("parties.Employer", models.PROTECT, related_name="+", verbose_name="单位")
    kind = models.TextField(verbose_name="单位账户类别", db_comment="REGULAR 单位，FLEXIBLE 灵活就业专户，CUSTODY 集中封存专户")
    state = models.TextField(verbose_name="单位账户状态")
    district = models.TextField(verbose_name="区县代码")
    employer_rate = rate(verbose_name="单位缴存比例")
    member_rate = rate(verbose_name="个人缴存比例")
    first_month = MonthField(verbose_name="起缴年月")
    paid_through = MonthField(null=True, verbose_name="缴至年月")
    prepaid_ledger_id = models.BigIntegerField(null=True, verbose_name="单位预缴分户账")
    opened_on = models.DateField(verbose_name="开户日期")
    sealed_on = models.DateField(null=True, verbose_name="封存日期")
    closed_on = models.DateField(null=True, verbose_name="销户日期")
    close_reason = models.TextField(default="", verbose_name="销户原因")

    class Meta:
        db_table_comment = "单位账户"
        indexes = [
            models.Index(fields=["centre_id", "employer"], name="accounts_of_employer"),
            models.Index(fields=["centre_id", "state", "paid_through"], name="accounts_employer_paid"),
            models.Index(fields=["centre_id", "kind", "account_no"], name="accounts_employer_of_kind"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["centre_id", "employer"], condition=~Q(state="CLOSED"), name="accounts_one_of_an_employer"),
            models.CheckConstraint(
                condition=Q(state__in=["OPENED", "NORMAL", "DEFERRED", "SEALED", "CLOSED"]), name="accounts_employer_state"
            ),
            models.CheckConstraint(condition=Q(kind__in=["REGULAR", "FLEXIBLE", "CUSTODY"]), name="accounts_employer_kind"),
            models.CheckConstraint(
                condition=Q(state="CLOSED", closed_on__isnull=False) | (~Q(state="CLOSED") & Q(closed_on=None)),
                name="accounts_employer_closed_on",
            ),
        ]


class MemberAccount(models.Model):
    """个人账户. One open account a person; a duplicate that came from outside is marked and waits for its merger."""

    centre_id = models.SmallIntegerField(verbose_name="中心编号")
    account_no = models.TextField(unique=True, verbose_name="个人账号")
    person = models.ForeignKey("parties.Person", models.PROTECT, related_name="+", db_index=False, verbose_name="个人")
    employer_account = models.ForeignKey(EmployerAccount, models.PROTECT, related_name="+", db_index=False, verbose_name="单位账户")
    kind = models.TextField(verbose_name="个人账户类别", db_comment="REGULAR 在职，FLEXIBLE 灵活就业，CUSTODY 集中封存")
    state = models.TextField(verbose_name="个人账户状态")
    declared_base_fen = MoneyField(verbose_name="申报缴存基数")
    base_fen = MoneyField(verbose_name="缴存基数")
    employer_rate = rate(verbose_name="单位缴存比例")
    member_rate = rate(verbose_name="个人缴存比例")
    employer_month_fen = MoneyField(verbose_name="单位月缴存额")
    member_month_fen = MoneyField(verbose_name="个人月缴存额")
    first_month = MonthField(verbose_name="起缴年月")
    ledger_account_id = models.BigIntegerField(null=True, verbose_name="住房公积金分户账")
    opened_on = models.DateField(verbose_name="开户日期")
    sealed_on = models.DateField(null=True, verbose_name="封存日期")
    seal_reason = models.TextField(default="", verbose_name="封存原因")
    closed_on = models.DateField(null=True, verbose_name="销户日期")
    close_reason = models.TextField(default="", verbose_name="销户原因")
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", verbose_name="并入账户")
    duplicate = models.BooleanField(default=False, verbose_name="待合户", db_comment="外来的重复账户，等待合户")

    class Meta:
        db_table_comment = "个人账户"
        indexes = [
            models.Index(fields=["employer_account", "state", "account_no"], include=["centre_id"], name="accounts_roster"),
            models.Index(fields=["person"], name="accounts_of_person"),
            models.Index(fields=["ledger_account_id"], name="accounts_of_ledger"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["centre_id", "person"],
                condition=Q(state__in=["NORMAL", "SEALED"], duplicate=False),
                name="accounts_one_of_a_person",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["NORMAL", "SEALED", "MERGED", "TRANSFERRED_OUT", "WITHDRAWN_OUT"]),
                name="accounts_member_state",
            ),
            models.CheckConstraint(condition=Q(kind__in=["REGULAR", "FLEXIBLE", "CUSTODY"]), name="accounts_member_kind"),
            models.CheckConstraint(
                condition=Q(state__in=["NORMAL", "SEALED"], closed_on=None)
                | Q(state__in=["MERGED", "TRANSFERRED_OUT", "WITHDRAWN_OUT"], closed_on__isnull=False),
                name="accounts_member_closed_on",
            ),
            models.CheckConstraint(
                condition=Q(state="MERGED", merged_into__isnull=False) | (~Q(state="MERGED") & Q(merged_into=None)),
                name="accounts_member_merged_into",
            ),
        ]


class Base(models.Model):
    """缴存基数 from a month on, with the rates and the month's amounts; the latest line of a month holds."""

    centre_id = models.SmallIntegerField(verbose_name="中心编号")
    member_account = models.ForeignKey(MemberAccount, models.PROTECT, related_name="+", verbose_name="个人账户")
    from_month = MonthField(verbose_name="起始年月")
    declared_base_fen = MoneyField(verbose_name="申报缴存基数")
    base_fen = MoneyField(verbose_name="缴存基数")
    employer_rate = rate(verbose_name="单位缴存比例")
    member_rate = rate(verbose_name="个人缴存比例")
    employer_month_fen = MoneyField(verbose_name="单位月缴存额")
    member_month_fen = MoneyField(verbose_name="个人月缴存额")
    reason = models.TextField(verbose_name="调整原因")

    class Meta:
        db_table_comment = "缴存基数变更"
        indexes = [models.Index(fields=["member_account", "-from_month", "-id"], name="accounts_base_of_month")]


class Event(models.Model):
    """账户事件: what happened to an account other than money, in order, never changed."""

    centre_id = models.SmallIntegerField(verbose_name="中心编号")
    kind = models.TextField(verbose_name="业务类型")
    employer_account_id = models.BigIntegerField(verbose_name="单位账户")
    member_account_id = models.BigIntegerField(null=True, verbose_name="个人账户")
    business_on = models.DateField(verbose_name="业务日期")
    recorded_at = models.DateTimeField(verbose_name="登记时刻")
    recorded_by = models.TextField(verbose_name="经办人")
    key = models.TextField(verbose_name="幂等键")
    facts = models.JSONField(default=dict, verbose_name="要素")

    class Meta:
        db_table_comment = "账户事件"
        indexes = [
            models.Index(fields=["member_account_id", "id"], name="accounts_event_member"),
            models.Index(fields=["employer_account_id", "id"], name="accounts_event_employer"),
        ]
