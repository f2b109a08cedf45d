"""每种情形都要核对的事项, and the amount at the end. In this order, before and after what a ground checks itself."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from hpf.kernel.decision import Reason, cites
from hpf.kernel.money import ZERO, Money

from .case import Case, months_later
from .entitlement import Limit, LimitKind
from .facts import AccountKind, Ban, By, Prior
from .facts_of_housing import MARRIED
from .grounds import EvidenceKind, Ground

HOUSEHOLD = (By.SELF, By.SPOUSE)
FAMILY = (By.SELF, By.SPOUSE, By.FAMILY)


def account_is_open(case: Case) -> None:
    state = case.applicant.account_state
    if not state.is_open:
        message = f"个人账户已{state.text}，没有可以提取的余额，请核对账号，或者到现账户所在中心办理"
        case.refuse(Reason("ACCOUNT_GONE", message, "条例/13"))


def holder_is_alive(case: Case) -> None:
    died_on = case.applicant.died_on
    if died_on is not None and died_on <= case.on and case.ground is not Ground.DEATH:
        message = f"账户所有人已于{died_on}死亡，不能以“{case.sheet.label}”提取，请继承人、受遗赠人申请死亡提取"
        case.refuse(Reason("HOLDER_DIED", message, case.art24))


@cites("条例/24@2019", "条例/24@2026")
def ground_is_open(case: Case) -> None:
    """The grounds of Article 24 by edition; the others by the flag of the document that opened them."""
    edition = case.edition
    if case.sheet.opened_by:
        if not case.is_set(case.sheet.opened_by):
            message = f"本中心在{case.on}没有开办“{case.sheet.label}”提取，请按本中心已开办的情形申请"
            case.refuse(Reason("GROUND_NOT_OPEN", message, case.art24))
        return
    named = {Ground.DOWN_PAYMENT: "PURCHASE", Ground.BUILD: "PURCHASE", Ground.OVERHAUL: "PURCHASE"}.get(case.ground, case.ground.value)
    if named not in case.text("withdrawal.grounds").split(","):
        message = f"{case.on}适用的条例（{edition}年修订）没有“{case.sheet.label}”提取情形，2026年9月20日起受理的申请可以办理，请届时申请"
        case.refuse(Reason("GROUND_NOT_IN_EDITION", message, case.art24))


@cites("条例/41@2026", "建金〔2018〕46号/失信记录")
def not_banned(case: Case) -> None:
    """骗提三年 骗贷五年: the ban stops what keeps the account; a closing withdrawal during a ban is read by a person."""
    running = [ban for ban in case.applicant.bans if ban.since <= case.on < ban.until]
    if running:
        _banned(case, max(running, key=lambda ban: ban.until))


def not_banned_elsewhere(case: Case) -> None:
    """A ban that another centre reports through the national platform counts here too; its last day is still banned."""
    until = case.know("fraud_banned_until", date)
    if until is not None and until >= case.on:
        message = f"其他中心认定骗提骗贷，{until}以前不得提取，请于{until + timedelta(days=1)}起申请，有异议的向作出决定的中心提出"
        _ban(case, Reason("BANNED_ELSEWHERE", message, ("条例/41@2026", "建金〔2018〕46号/失信记录")))


def _banned(case: Case, ban: Ban) -> None:
    if ban.is_open:
        message = f"{ban.text}，请向作出认定的中心取得期限证明后到本中心登记，有异议的向该中心提出"
    else:
        message = f"{ban.text}，请于{ban.until}起申请，有异议的可以依法申请复议"
    _ban(case, Reason("BANNED", message, "条例/41@2026"))


def _ban(case: Case, reason: Reason) -> None:
    if case.sheet.closes and case.text("withdrawal.ban_on_closing") == "REFER":
        message = f"限制提取期内申请{case.sheet.label}提取，条例没有写明是否适用，已转人工审定，请等待书面答复"
        case.refer(Reason("BAN_ON_CLOSING", message, "条例/41@2026"))
    else:
        case.refuse(reason)


@cites("条例/25@2019", "条例/25@2026")
def employer_has_proved(case: Case) -> None:
    """Until 2026-09-19 the employer verified and proved; whoever has no employer on the account needs none."""
    applicant = case.applicant
    has_employer = applicant.account_state.value == "NORMAL" and applicant.account_kind is AccountKind.REGULAR
    if case.ground is Ground.DEATH or not has_employer or applicant.employer_proof:
        return
    if case.is_set("withdrawal.employer_proof_required"):
        message = f"{case.on}适用的条例要求单位核实并出具提取证明，尚未收到单位证明，请单位经办人在网上核实后重新申请"
        case.refuse(Reason("EMPLOYER_PROOF_MISSING", message, "条例/25@2019"))


@cites("天水提取规程/还清贷款")
def own_loan_is_settled(case: Case) -> None:
    """销户提取: whoever still owes the fund, or stands surety for somebody who does, settles that first."""
    applicant = case.applicant
    if not (applicant.own_loan_unpaid or applicant.guarantees_unpaid) or not case.is_set("withdrawal.closing_needs_loan_settled"):
        return
    law = cited(case, "withdrawal.closing_needs_loan_settled")
    if applicant.own_loan_unpaid:
        message = f"本人住房公积金贷款尚欠本金{applicant.own_loan_unpaid.text}元，销户提取前须先结清，请先办理还款或者还贷提取"
        case.refuse(Reason("OWN_LOAN_UNPAID", message, law))
    if applicant.guarantees_unpaid:
        message = f"本人为他人住房公积金贷款担保，尚有{applicant.guarantees_unpaid.text}元未还，销户提取前须先解除担保，请联系借款人"
        case.refuse(Reason("GUARANTEE_UNPAID", message, law))


@cites("条例/24@2019", "条例/24@2026")
def closing_takes_all(case: Case) -> None:
    """Until 2026-09-19 the account ends with the withdrawal, so all of it is taken; since then part may stay."""
    if case.asked is not None and case.asked < case.applicant.available and case.is_set("withdrawal.terminal_closes_account"):
        message = f"{case.on}适用的条例规定{case.sheet.label}提取须同时注销账户，不能只提取{case.asked.text}元，请申请全部提取"
        case.refuse(Reason("CLOSING_TAKES_ALL", message, case.art24))


@cites("天水提取规程/提取频次")
def interval_is_over(case: Case) -> None:
    """频次: so many months after the last withdrawal was completed, for this ground by its own value, or for all by the centre's."""
    own = f"withdrawal.{case.ground.value.lower()}_interval_months"
    mine = [prior for prior in case.priors() if not (case.is_agreed and prior.is_agreed and prior.ground is case.ground)]
    if case.knows(own):
        _interval(case, own, [prior for prior in mine if prior.ground is case.ground])
    if case.knows("withdrawal.interval_months") and not case.sheet.closes:
        _interval(case, "withdrawal.interval_months", mine)


def _interval(case: Case, key: str, priors: Iterable[Prior]) -> None:
    months = case.whole(key)
    last = max((prior for prior in priors), key=lambda prior: prior.on, default=None)
    if last is None or case.on >= (free_on := months_later(last.on, months)):
        return
    message = f"上次{last.ground.text}提取于{last.on}办结，{months}个月内不能再次提取，请于{free_on}起申请"
    law = cited(case, key)
    case.refuse(Reason("INTERVAL_NOT_OVER", message, law))


def cited(case: Case, *keys: str) -> tuple[str, ...]:
    """The documents behind the values, without 演示值, and Article 24 where no other is left."""
    found = tuple(dict.fromkeys(law for law in (case.law(key) for key in keys) if law != "演示值"))
    return found or (case.art24,)


def is_married(case: Case) -> bool:
    return case.must("marital_state", str) == MARRIED


def spouse(case: Case) -> str | None:
    """Who the spouse is; None for who has none. A marriage without a known spouse is a doubt."""
    return case.must("spouse_ref", str) if is_married(case) else None


def key_of(kind: EvidenceKind, *parts: str) -> str:
    """The key of the nationwide index: its kind, then the thing that is used up, such as HOUSE:62010200123; rules add what part
    of it (a period, a time) and who. The first two parts name the thing: by them it is looked up in every centre."""
    return ":".join((kind.value, *(part.strip().upper() for part in parts)))


def same_thing(evidence: str, thing: str) -> bool:
    """Whether a key uses up the thing: HOUSE:62010200123:乙 uses up HOUSE:62010200123."""
    return evidence == thing or evidence.startswith(thing + ":")


def priors_on(case: Case, thing: str, by: Iterable[By]) -> list[Prior]:
    """Earlier withdrawals on the same house, loan, invoice or project."""
    return [prior for prior in case.priors(by=by) if any(same_thing(key, thing) for key in prior.evidence)]


@cites("建金管〔2005〕5号/提取", "建金〔2018〕46号/异常提取")
def evidence_is_unused(case: Case, thing: str, by: Iterable[By] = (By.SELF, By.OTHER)) -> None:
    """一证一用: the same paper serves a person once; whoever does not belong to the family cannot come with it at all.

    Spouse and family may use what is left of it: that is a limit, see `left_of`.
    """
    used = priors_on(case, thing, by)
    if used:
        first = min(used, key=lambda prior: prior.on)
        where = "" if first.centre == case.applicant.centre else "在其他中心"
        what = EvidenceKind(thing.partition(":")[0]).text
        message = (
            f"该{what}已由{first.by.text}于{first.on}{where}提取{first.amount.text}元，不能重复提取，请改用其他凭证，有误的请到中心核对"
        )
        case.refuse(Reason("EVIDENCE_USED", message, ("建金管〔2005〕5号/提取", "建金〔2018〕46号/异常提取")))


@cites("建金管〔2005〕5号/提取")
def left_of(case: Case, what: str, spent: Money, thing: str, since: date | None = None) -> None:
    """实际支出: what the whole family draws for one thing stays within what was spent on it."""
    used = taken(prior for prior in priors_on(case, thing, FAMILY) if since is None or prior.on >= since)
    label = f"{what}{spent.text}元" + (f"减去家庭已提取{used.text}元后" if used else "")
    case.limit(LimitKind.EXPENSE, label, spent - used, "建金管〔2005〕5号/提取")


def belongs(case: Case, people: Iterable[str], *, also: Iterable[str] = ()) -> bool:
    """Whether the applicant, the spouse or one of `also` is among the people. The spouse is asked for only when it matters."""
    named = set(people)
    if case.applicant.person in named or named & set(also):
        return True
    return spouse(case) in named


def within(case: Case, key: str, since: date) -> date | None:
    """The last day of a window that began on `since`, when today is later; None while it is open. 民法典 第二百零一条: the first day
    does not count, so the window ends on the same day of its last month."""
    last = months_later(since, case.whole(key))
    return last if case.on > last else None


def year_of(case: Case, key: str) -> tuple[date, str]:
    """From which day a yearly limit counts: 1 January, or the day the present limit began when the policy runs by its own year."""
    if case.text("withdrawal.year_counts") == "POLICY" or case.period(key)[1] is not None:
        since = case.period(key)[0]
        while (following := months_later(since, 12)) <= case.on:
            since = following
        return since, f"{since}起的一年内"
    return date(case.on.year, 1, 1), f"{case.on.year}年"


def taken(priors: Iterable[Prior]) -> Money:
    return Money.total(prior.amount for prior in priors)


# --- the amount ---


@cites("天水提取规程/贷款保证")
def reserve_for_own_loan(case: Case) -> Money:
    """止付: so many instalments stay on the account of who owes the fund a loan; nothing where the centre keeps none back."""
    applicant = case.applicant
    if not applicant.own_loan_unpaid or not case.knows("withdrawal.own_loan_reserve_months"):
        return ZERO
    months = case.whole("withdrawal.own_loan_reserve_months")
    return applicant.own_loan_instalment * months


def available_is_limit(case: Case) -> None:
    """What may leave the account, less what stays for the own loan. The cause of the rest is not known here."""
    free = case.applicant.available
    if case.ground is not Ground.LOAN_REPAYMENT and not case.sheet.closes and (kept := reserve_for_own_loan(case)):
        months = case.whole("withdrawal.own_loan_reserve_months")
        label = f"账户可用余额减去留存的{months}期贷款还款额{kept.text}元"
        case.limit(LimitKind.RESERVE, label, free - kept, *cited(case, "withdrawal.own_loan_reserve_months"))
    case.limit(LimitKind.AVAILABLE, "账户可用余额", free, "条例/3")


def lowest(case: Case) -> Limit:
    """The bound that holds; of equal ones the first computed, so that 可用余额 is named last."""
    return min(case.limits, key=lambda limit: limit.amount)


def amount_of(case: Case) -> Money:
    """The amount to pay: what was asked, or the most. Refuses when nothing is left or more was asked; the free balance is never named."""
    bound, asked = lowest(case), case.asked
    policy = min((limit for limit in case.limits if limit.kind is not LimitKind.AVAILABLE), key=lambda limit: limit.amount, default=bound)
    if asked is not None and asked.fen <= 0:
        case.refuse(Reason("ASKED_NOTHING", f"申请金额{asked.text}元不是正的金额，请填写申请金额", case.art24))
        return ZERO
    if policy.amount.fen == 0 and policy.kind is not LimitKind.AVAILABLE:
        message = f"{policy.label}已没有余下的额度（0.00元），不能再提取，请在额度更新后申请"
        case.refuse(Reason("LIMIT_USED_UP", message, policy.law or case.art24))
    elif asked is not None and policy.kind is not LimitKind.AVAILABLE and asked > policy.amount:
        message = f"申请{asked.text}元，超过{policy.label}{policy.amount.text}元，超出{(asked - policy.amount).text}元，请按不超过{policy.amount.text}元重新申请"
        case.refuse(Reason("ASKED_OVER_LIMIT", message, policy.law or case.art24))
    elif bound.amount.fen == 0 or (asked is not None and asked > bound.amount):
        what = f"申请{asked.text}元，" if asked is not None else ""
        case.refuse(Reason("AVAILABLE_TOO_SMALL", f"{what}账户可用余额不足，请减少申请金额或者以后申请", case.art24))
    return asked if asked is not None else bound.amount


@cites("条例/25@2019", "条例/25@2026", "天水提取规程/支付方式")
def steps(case: Case, closes: bool) -> tuple[str, ...]:
    """What happens next, for the member. Money is only ever transferred to an account, never paid in cash."""
    payee = case.outcome.get("payee", case.sheet.payee)
    found = [f"受理之日起{case.whole('timer.withdrawal_decision_days')}日内作出决定", f"款项转入{payee.text}，不付现金"]
    if case.outcome.get("claw_back_by"):
        found.append(f"请于{case.outcome['claw_back_by']}以前完成网签，交易未成或者逾期未网签的，款项须退回本人住房公积金账户")
    if closes:
        found.append("利息算到付款前一日，与本金一并支付，账户同时注销")
    elif case.sheet.closes:
        found.append("账户暂不注销，余额继续计息，以后可以再申请")
    return tuple(found)
