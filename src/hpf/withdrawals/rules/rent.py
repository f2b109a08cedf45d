"""租房提取. 条例 第二十四条（2019年文本第六项，2026年文本第一项）、建金〔2015〕19号、甘建金〔2024〕26号三（一）.

Order of checks: months paid, no home of the applicant, none of the spouse, the share of income (until 2026-09-19), the
filing of a rent that is paid in full, the months applied for; then the limits.
"""

from __future__ import annotations

from datetime import date

from hpf.kernel.decision import Reason, cites
from hpf.kernel.money import Money
from hpf.kernel.period import Month

from .case import Case, Doubt, months_later
from .entitlement import LimitKind
from .every_ground import HOUSEHOLD, cited, is_married, key_of, spouse, taken, year_of
from .facts import AccountKind, By
from .facts_of_housing import RENTAL_KINDS, TENANT_GROUPS
from .grounds import EvidenceKind, Ground

_ACTUAL_RENT = frozenset({"PUBLIC", "AFFORDABLE"})
_YEAR_LIMIT = "withdrawal.rent_limit_year"
_VOLUNTARY_LIMIT = "withdrawal.rent_limit_year_voluntary"
_FAMILY_LIMIT = "withdrawal.rent_limit_year_multi_child"


@cites("建金〔2015〕19号/租房条件")
def months_are_paid(case: Case) -> None:
    least, paid = case.whole("withdrawal.rent_months_min"), case.applicant.months_continuous
    if paid < least:
        message = f"租房提取须连续足额缴存满{least}个月，已连续缴存{paid}个月，还差{least - paid}个月，请缴满后申请"
        law = cited(case, "withdrawal.rent_months_min")
        case.refuse(Reason("RENT_MONTHS_SHORT", message, law))


@cites("建金〔2015〕19号/租房条件", "条例/24@2026")
def has_no_home(case: Case) -> None:
    homes = case.must("homes_in_place", int)
    if homes > 0:
        message = f"本人在缴存城市有自有住房{homes}套，不符合无自有住房的条件，登记有误的请先到不动产登记机构更正，已售出的请过户后申请"
        case.refuse(Reason("RENT_OWN_HOME", message, ("建金〔2015〕19号/租房条件", case.art24)))


@cites("建金〔2015〕19号/租房条件")
def spouse_has_no_home(case: Case) -> None:
    if not is_married(case):
        return
    homes = case.must("spouse_homes_in_place", int)
    if homes > 0:
        message = f"配偶在缴存城市有自有住房{homes}套，不符合本人及配偶无自有住房的条件，登记有误的请先到不动产登记机构更正"
        case.refuse(Reason("RENT_SPOUSE_HOME", message, ("建金〔2015〕19号/租房条件", case.art24)))


@cites("条例/24@2019", "条例/24@2026")
def rent_exceeds_share_of_income(case: Case) -> None:
    """房租超出家庭工资收入的规定比例: only under the 2019 text; the share is the centre's."""
    if not case.is_set("withdrawal.rent_income_test"):
        return
    share = case.percent("withdrawal.rent_income_share")
    rent, wage = case.must("rent_month_fen", Money), case.must("household_wage_month_fen", Money)
    top, bottom = share.ratio
    threshold = wage.share(top, bottom)
    if rent <= threshold:
        message = (
            f"月租金{rent.text}元没有超出家庭月工资收入{wage.text}元的{share.text}（{threshold.text}元），"
            "2026年9月20日起受理的申请不再核对收入，请届时申请"
        )
        case.refuse(Reason("RENT_WITHIN_INCOME_SHARE", message, "条例/24@2019"))


def kind_is_known(case: Case) -> None:
    """公租房、保障性租赁住房 are paid by the rent itself, so the lease must be on file."""
    if _kind(case) in _ACTUAL_RENT and not case.flag("rental_filed"):
        message = f"租住{RENTAL_KINDS[_kind(case)]}按实际租金提取，没有查到租赁备案，请先由出租单位备案后申请"
        case.refuse(Reason("RENT_NOT_FILED", message, ("建金〔2015〕19号/租房条件",)))


def months_are_due_and_unused(case: Case) -> None:
    """Each rent month is paid once: not ahead, not older than the centre looks back, within the lease, not used before."""
    this, months = Month.of(case.on), _months(case)
    back = case.whole("withdrawal.rent_lookback_months")
    oldest = this + (1 - back)
    for month in months:
        if month > this:
            message = f"{month.text}尚未到，租金须发生后提取，请申请{this.text}及以前的月份，或者签订按月约定提取"
            case.refuse(Reason("RENT_MONTH_AHEAD", message, case.art24))
        elif month < oldest:
            message = f"{month.text}早于可以申请的最早月份{oldest.text}（{back}个月内），请申请{oldest.text}及以后的月份"
            law = cited(case, "withdrawal.rent_lookback_months")
            case.refuse(Reason("RENT_MONTH_TOO_OLD", message, law))
    _within_lease(case, months)
    _unused(case, months)


def _within_lease(case: Case, months: tuple[Month, ...]) -> None:
    if not case.is_known("rental_filed") or not case.flag("rental_filed"):
        return
    since, until = case.know("rent_since", date), case.know("rent_until", date)
    for month in months:
        if (since and month < Month.of(since)) or (until and month > Month.of(until)):
            message = f"{month.text}不在备案租期{since or ''}至{until or ''}内，请按租期内的月份申请，已续租的先办理备案"
            case.refuse(Reason("RENT_MONTH_OUTSIDE_LEASE", message, case.art24))


@cites("建金管〔2005〕5号/提取")
def _unused(case: Case, months: tuple[Month, ...]) -> None:
    by_household = case.text("withdrawal.rent_counts") == "HOUSEHOLD"
    for prior in case.priors(Ground.RENT, by=HOUSEHOLD):
        for month in months:
            if not any(key.endswith(f":{month}") for key in prior.evidence):
                continue
            where = "" if prior.centre == case.applicant.centre else "在其他中心"
            if prior.by is By.SELF:
                message = f"{month.text}的房租本人已于{prior.on}{where}提取，同一月份只能提取一次，请申请其他月份"
                case.refuse(Reason("RENT_MONTH_USED", message, "建金管〔2005〕5号/提取"))
            elif by_household:
                message = f"{month.text}的房租配偶已于{prior.on}{where}提取，本中心夫妻合并计算，同一月份只能提取一次，请申请其他月份"
                law = ("建金管〔2005〕5号/提取", *cited(case, "withdrawal.rent_counts"))
                case.refuse(Reason("RENT_MONTH_USED_BY_SPOUSE", message, law))


# --- limits ---


def rent_is_limit(case: Case) -> None:
    """实际租金: what both spouses draw for the same months stays within the rent on file, for 新市民、青年人、农民工 within the
    whole monthly contribution when that is more. 公租房、保租房 have no other limit."""
    kind, months = _kind(case), _months(case)
    case.outcome["evidence"] = tuple(key_of(EvidenceKind.RENT_MONTH, _tenant(case), str(month)) for month in months)
    filed = case.is_known("rental_filed") and case.flag("rental_filed")
    if kind not in _ACTUAL_RENT and not filed:
        return
    rent, whole = case.must("rent_month_fen", Money), case.applicant.month_amount
    by_whole = kind not in _ACTUAL_RENT and whole > rent and _is_full_payer(case)
    spent = (whole if by_whole else rent) * len(months)
    used = Money.total(_for_month(case, month) for month in months)
    what = "全部月缴存额" if by_whole else "实际租金"
    label = f"{_span(months)}{what}{spent.text}元" + (f"减去家庭已提取{used.text}元后" if used else "")
    law = "甘建金〔2024〕26号/三（一）" if by_whole else "建金〔2015〕19号/租房条件"
    case.limit(LimitKind.EXPENSE, label, spent - used, "建金管〔2005〕5号/提取", law)


def _tenant(case: Case) -> str:
    """Who uses up a rent month: the person, or the couple where the centre counts spouses together."""
    other = spouse(case) if case.text("withdrawal.rent_counts") == "HOUSEHOLD" else None
    return "+".join(sorted((case.applicant.person, other))) if other else case.applicant.person


def _for_month(case: Case, month: Month) -> Money:
    """What the household drew for a month; an earlier payment for several months counts by equal parts."""
    total = Money(0)
    for prior in case.priors(Ground.RENT, by=HOUSEHOLD):
        if any(key.endswith(f":{month}") for key in prior.evidence):
            total += prior.amount.share(1, len(prior.evidence))
    return total


@cites("甘建金〔2024〕26号/三（一）", "兰州提取政策/租房", "省中心提取政策/租房", "天水提取规程/租房")
def year_is_limit(case: Case) -> None:
    """市场租房: so much a person or a household a year; families with several children have their own figure where the centre
    gives one; 新市民、青年人、农民工 may draw the whole monthly contribution when that is more."""
    if _kind(case) in _ACTUAL_RENT:
        return
    key = _limit_key(case)
    allowed = case.money(key)
    since, called = year_of(case, key)
    by_household = case.text("withdrawal.rent_counts") == "HOUSEHOLD"
    used = taken(case.priors(Ground.RENT, by=HOUSEHOLD if by_household else (By.SELF,), since=since))
    who = "夫妻" if by_household else "本人"
    family = "多子女家庭" if key == _FAMILY_LIMIT else ""
    left = max(allowed - used, Money(0))
    label = f"{called}{family}租房提取限额{allowed.text}元" + (f"减去{who}已提取{used.text}元后" if used else "")
    law = cited(case, key)
    whole = case.applicant.month_amount * len(_months(case))
    if whole > left and _is_full_payer(case):
        label, left, law = f"{_span(_months(case))}全部月缴存额", whole, ("甘建金〔2024〕26号/三（一）",)
    case.limit(LimitKind.POLICY, label, left, *law)


def _limit_key(case: Case) -> str:
    """Which of the centre's yearly figures counts for this person."""
    if case.knows(_FAMILY_LIMIT) and _has_several_children(case):
        return _FAMILY_LIMIT
    is_voluntary = case.applicant.account_kind is AccountKind.FLEXIBLE
    return _VOLUNTARY_LIMIT if is_voluntary and case.knows(_VOLUNTARY_LIMIT) else _YEAR_LIMIT


def _is_full_payer(case: Case) -> bool:
    """新市民、青年人、农民工, where the centre lets them draw the whole monthly contribution. Young is by age, the rest by residence."""
    if not case.is_set("withdrawal.rent_full_contribution"):
        return False
    born = case.applicant.born_on
    if born is not None and case.on < months_later(born, 12 * (case.whole("withdrawal.young_age_max") + 1)):
        return True
    return case.must("tenant_group", str) in TENANT_GROUPS and case.must("tenant_group", str) != "LOCAL"


def _has_several_children(case: Case) -> bool:
    """多子女: at least so many children, one of them a minor."""
    least = case.whole("withdrawal.multi_child_children_min")
    return case.must("children", int) >= least and case.must("minor_children", int) >= 1


def _kind(case: Case) -> str:
    kind = case.must("rental_kind", str)
    if kind not in RENTAL_KINDS:
        message = f"租住房屋类别“{kind}”不在{'、'.join(RENTAL_KINDS.values())}之内，已转人工核实，请补充租赁材料"
        raise Doubt(Reason("RENTAL_KIND_UNKNOWN", message, case.art24))
    return kind


def _months(case: Case) -> tuple[Month, ...]:
    """The months applied for; without any, the month of the application."""
    asked = case.know("asked_months", tuple) if case.is_known("asked_months") else None
    if not asked:
        return (Month.of(case.on),)
    try:
        return tuple(sorted({Month.parse(text) for text in asked}))
    except ValueError:
        message = f"申请的租房月份“{'、'.join(asked)}”不是年月，请写成2026-10的样式后重新申请"
        raise Doubt(Reason("RENT_MONTH_UNREADABLE", message, case.art24)) from None


def _span(months: tuple[Month, ...]) -> str:
    return months[0].text if len(months) == 1 else f"{months[0].text}至{months[-1].text}{len(months)}个月"


CHECKS = (
    months_are_paid, has_no_home, spouse_has_no_home, rent_exceeds_share_of_income, kind_is_known, months_are_due_and_unused,
)  # fmt: skip
LIMITS = (rent_is_limit, year_is_limit)
