"""灵活就业 at the counter and on one's own phone: sign, change, debit, failure, pause, resume, exit; and who may not."""

from __future__ import annotations

import re

import pytest

from hpf.kernel.money import Money
from hpf.kernel.period import Month
from tests.integration.web.flexible_world import BANK, CARD, Flexible
from tests.support.people import fresh, resident_id

AUGUST = "2026-08"


@pytest.fixture(scope="module")
def flexible(world):
    return Flexible(world)


def text_of(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def person(**more):
    given = {
        "name": "钱灵活", "id_kind": "RESIDENT_ID", "id_number": resident_id(850), "base": "5708", "rate": "10", "frequency": "QUARTERLY", "first_month": AUGUST,
        "card": "6217 0018 2000 7654 321", "bank": BANK, "key": fresh("sign"),
    }  # fmt: skip
    return {**given, **more}


def beside(response, field: str) -> str:
    found = re.search(rf'id="id_(?:\w+-)?{field}_error">([^<]*)<', response.content.decode())
    return found[1] if found else ""


def test_a_person_is_opened_and_signed_at_once_and_sent_twice_is_one_agreement(world, flexible):
    browser = world.browser("clerk")
    form = person(pool=flexible.pool)
    done = browser.post("/counter/agreements/new/", form, follow=True)
    assert "钱灵活已开户。" in done.content.decode()
    assert "缴存协议已签订，每次扣款1,713.00元，2026年8月起。" in done.content.decode()
    address = done.redirect_chain[-1][0]
    assert browser.post("/counter/agreements/new/", form, follow=True).redirect_chain[-1][0] == address
    view = flexible.view(address.split("/")[-2])
    assert (view.card_masked, view.payer_name, view.debit) == ("6217***********4321", "钱灵活", Money.yuan("1713.00"))
    assert CARD not in done.content.decode()


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("base", "2199.99", "缴存基数2,199.99元低于当月下限2,200.00元，请按不低于下限的基数办理基数调整后重新提交"),
        ("rate", "9.99", "灵活就业缴存比例9.99%低于下限10.00%，请更正后重新提交"),
        ("card", "6217 0018", "银行卡号应为12至19位数字，现为8位，请核对卡面后重新填写。"),
        ("first_month", "2026-07", "首次扣款年月不能早于本月，请填2026年8月或以后的月份。"),
        ("first_month", "八月", "请填写年月，例如 2026-08。"),
        ("id_number", "620102199003070011", "校验"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nobody_is_opened(world, flexible, field, value, words):
    browser, form = world.browser("clerk"), person(pool=flexible.pool, id_number=resident_id(861))
    before = world.centre.ask_for("agreements_page")[1]
    said = browser.post("/counter/agreements/new/", {**form, field: value})
    assert said.status_code == 200
    assert words in beside(said, field)
    assert world.centre.ask_for("agreements_page")[1] == before
    assert not browser.get("/counter/search/", {"q": resident_id(861)}).has_header("Location")


def test_somebody_who_has_an_account_is_not_opened_again(world, flexible):
    browser = world.browser("clerk")
    other = browser.post("/counter/agreements/new/", person(pool=flexible.pool, id_number=resident_id(800)))
    assert "不一致，请核对证件" in beside(other, "name")
    employed = browser.post("/counter/agreements/new/", person(pool=flexible.pool, name="张三", id_number=world.zhang_number))
    assert "一人一户，请办理内部转移" in beside(employed, "id_number")


def test_everything_that_is_wrong_is_said_at_once(world, flexible):
    said = world.browser("clerk").post(
        "/counter/agreements/new/", person(pool=flexible.pool, base="1000", card="6217", bank="", id_number="")
    )
    assert "低于当月下限" in beside(said, "base") and "现为4位" in beside(said, "card")
    assert (beside(said, "bank"), beside(said, "id_number")) == ("请选择开户银行。", "请填写证件号码。")


def test_another_bank_needs_its_number(world, flexible):
    said = world.browser("clerk").post("/counter/agreements/new/", person(pool=flexible.pool, bank="OTHER", id_number=resident_id(862)))
    assert "联行号应为12位数字" in beside(said, "other_bank_code")


def test_the_amounts_are_shown_before_anything_is_signed(world, flexible):
    browser = world.browser("clerk")
    opened = text_of(browser.get("/counter/agreements/new/"))
    assert "缴存基数范围（2026年8月） 2,200.00 至" in opened
    assert "缴存比例范围 10.00%" in opened
    asked = {"base": "5708", "rate": "10", "frequency": "YEARLY", "first_month": AUGUST, "pool": flexible.pool}
    shown = text_of(browser.get("/counter/agreements/preview/", asked))
    assert "月缴存额 571.00 元" in shown
    assert "每次扣款（按年） 6,852.00 元" in shown
    assert "2026年8月至2027年7月，12 个月" in shown
    assert "低于当月下限2,200.00元" in text_of(browser.get("/counter/agreements/preview/", asked | {"base": "2199.99"}))
    assert "填写基数和比例后" in text_of(browser.get("/counter/agreements/preview/", asked | {"base": "五千"}))


def test_an_open_account_signs_from_the_persons_page_and_only_once(world, flexible):
    browser, account = world.browser("clerk"), flexible.accounts[-1]
    assert f"/counter/agreements/sign/{account}/" in browser.get(f"/counter/person/{account}/").content.decode()
    form = {"frequency": "MONTHLY", "first_month": AUGUST, "card": CARD, "bank": BANK, "key": fresh("sign")}
    early = browser.post(f"/counter/agreements/sign/{account}/", form | {"first_month": "2026-06", "key": fresh()})
    assert "首次扣款年月不能早于本月" in beside(early, "first_month")
    done = browser.post(f"/counter/agreements/sign/{account}/", form, follow=True)
    assert "每次扣款500.00元，2026年8月起" in done.content.decode()
    again = browser.get(f"/counter/agreements/sign/{account}/", follow=True)
    assert "一人只签一份" in again.content.decode()
    twice = browser.post(f"/counter/agreements/sign/{account}/", form | {"key": fresh("sign")})
    assert "已有未退出的缴存协议" in twice.content.decode()


def test_an_employee_of_a_unit_is_told_why_not(world, flexible):
    form = {"frequency": "MONTHLY", "first_month": AUGUST, "card": CARD, "bank": BANK, "key": fresh("sign")}
    said = world.browser("clerk").post(f"/counter/agreements/sign/{world.teachers[1]}/", form).content.decode()
    assert "是单位职工账户，不能签订自愿缴存协议，请先办理灵活就业开户" in said
    assert "灵活就业缴存协议" not in text_of(world.browser("clerk").get(f"/counter/person/{world.teachers[1]}/")).replace(
        "灵活就业协议", ""
    )


def test_terms_frequency_and_card_are_changed_and_the_history_says_so(world, flexible):
    browser, no = world.browser("clerk"), flexible.signed[2]
    address = f"/counter/agreements/{no}/"
    wrong = browser.post(address + "terms/", {"terms-base": "6000", "terms-rate": "25", "terms-from_month": AUGUST, "key": fresh()})
    assert "高于上限" in beside(wrong, "rate")
    assert world.centre.view(flexible.accounts[2]).base == Money.yuan("5000.00")
    browser.post(address + "terms/", {"terms-base": "6000", "terms-rate": "10", "terms-from_month": AUGUST, "key": fresh()})
    browser.post(address + "frequency/", {"frequency-frequency": "QUARTERLY", "key": fresh()})
    bad = browser.post(address + "card/", {"card-card": "12ab", "card-bank": BANK, "key": fresh()})
    assert "银行卡号应为12至19位数字" in beside(bad, "card")
    browser.post(address + "card/", {"card-card": "6228480030001112223", "card-bank": BANK, "key": fresh()})
    shown = text_of(browser.get(address))
    assert "每次扣款 1,800.00" in shown
    assert "6228***********2223" in shown and "6228480030001112223" not in shown
    for event in ("签订缴存协议", "变更缴存协议", "缴存比例变更"):
        assert event in shown
    assert "原缴存频次：按月" in shown
    browser.post(address + "frequency/", {"frequency-frequency": "MONTHLY", "key": fresh()})


def test_a_batch_is_ordered_answered_and_booked_and_the_member_reads_why_it_failed(world, flexible):
    clerk, accountant = world.browser("clerk"), world.browser("accountant")
    assert "发起扣款" not in text_of(clerk.get("/counter/debits/")).replace("还没有扣款批次", "")
    assert clerk.post("/counter/debits/order/", {"order-month": AUGUST, "key": fresh()}).status_code == 403
    soon = accountant.post("/counter/debits/order/", {"order-month": "2026-09", "key": fresh()})
    assert "2026年9月尚未开始，不能提前扣款" in beside(soon, "month")
    none = accountant.post("/counter/debits/order/", {"order-month": "2026-07", "key": fresh()})
    assert "没有到期应扣款的缴存协议" in beside(none, "month")
    ordered = accountant.post("/counter/debits/order/", {"order-month": AUGUST, "key": fresh()}, follow=True)
    address = ordered.redirect_chain[-1][0]
    number = address.split("/")[-2]
    assert "已发起扣款" in ordered.content.decode()
    assert "银行尚未收到" in ordered.content.decode()
    busy = clerk.post(f"/counter/agreements/{flexible.signed[0]}/pause/", {"pause-reason": "换卡", "key": fresh()})
    assert "有一笔扣款正在银行处理，请待结果返回后再办理" in busy.content.decode()
    early = accountant.post(address + "settle/", {"key": fresh()}, follow=True).content.decode()
    assert "银行尚未返回最终结果" in early
    lines = world.centre.ask_for("collection_lines", number)
    mine = next(line.line_no for line in lines if line.account_no == flexible.accounts[0])
    flexible.bank_answers(number, {mine: "余额不足"})
    assert "银行已返回最终结果" in accountant.get(address).content.decode()
    booked = accountant.post(address + "settle/", {"key": fresh()}, follow=True).content.decode()
    assert "扣款结果已入账。" in booked and f"成功{len(lines) - 1}笔" in booked and "失败1笔" in booked
    assert "余额不足" in text_of(clerk.get(address, {"state": "FAILED"}))
    assert "余额不足" in text_of(clerk.get(f"/counter/agreements/{flexible.signed[0]}/"))
    own = text_of(world.browser(flexible.login).get("/me/agreement/"))
    assert "最近 1 次扣款没有成功" in own and "余额不足" in own
    assert world.centre.money(flexible.accounts[1]).balance == Money.yuan("500.00")
    assert world.centre.money(flexible.accounts[0]).balance == Money.yuan("0.00")


def test_a_debit_is_no_employers_list(world, flexible):
    """What flexible workers paid has no unit to give it back to; the page does not offer it, the command refuses."""
    from hpf.contributions.services import CorrectLine, Payee, RefundedLine

    number = world.centre.ask_for("collections")[0].remittance_no
    assert "错缴退款" not in text_of(world.browser("clerk").get(f"/counter/lists/{number}/")).partition("清册号")[2]
    before, half = world.centre.totals(), Money.yuan("500.00")
    common = {"remittance_no": number, "reason": "错", "business_on": world.centre.on}
    refund = world.centre.call(
        "refund_mispayment", lines=(RefundedLine(flexible.accounts[1], Month(2026, 8), Money.yuan("0.00"), half),), payee=Payee("李灵活", CARD, BANK), **common
    )  # fmt: skip
    line = CorrectLine(flexible.accounts[1], Month(2026, 8), Money.yuan("0.00"), half)
    corrected = world.centre.call("correct_booking", world.centre.checker, lines=(line,), maker=world.centre.maker.user_id, **common)
    assert [reason.code for reason in (*refund.reasons, *corrected.reasons)] == ["NOT_AN_EMPLOYERS_LIST"] * 2
    assert world.centre.totals() == before


def test_a_member_pauses_resumes_and_leaves_the_own_agreement_and_nobody_elses(world, flexible):
    browser, no = world.browser(flexible.login), flexible.signed[0]
    shown = text_of(browser.get("/me/agreement/"))
    assert "2026-08-14" in shown and "500.00 元" in shown
    assert beside(browser.post("/me/agreement/pause/", {"pause-reason": "", "key": fresh()}), "reason") == "请填写暂停原因。"
    assert flexible.view(no).state == "ACTIVE"
    assert (
        "已暂停，不再扣款"
        in browser.post("/me/agreement/pause/", {"pause-reason": "暂时没有收入", "key": fresh()}, follow=True).content.decode()
    )
    assert (flexible.view(no).state, flexible.view(no).state_reason) == ("PAUSED", "暂时没有收入")
    past = browser.post("/me/agreement/resume/", {"resume-from_month": "2026-07", "key": fresh()})
    assert "暂停期间的月份不补扣，请填2026年8月或以后的月份" in beside(past, "from_month")
    browser.post("/me/agreement/resume/", {"resume-from_month": "2026-10", "key": fresh()})
    assert (flexible.view(no).state, flexible.view(no).next_month) == ("ACTIVE", Month(2026, 10))
    stranger = world.browser(world.zhang_login)
    assert stranger.post("/me/agreement/pause/", {"pause-reason": "x", "account": flexible.accounts[0]}).status_code == 404
    assert stranger.get("/me/agreement/", {"account": flexible.accounts[0]}).status_code == 404
    assert world.browser(world.zhang_login).post("/me/agreement/pause/", {"pause-reason": "x", "key": fresh()}).status_code == 404
    done = browser.post("/me/agreement/exit/", {"exit-reason": "已到单位就业", "key": fresh()}, follow=True).content.decode()
    assert "账户和余额保留" in done and "重新签约" in done
    assert flexible.view(no).state == "EXITED"
    assert browser.post("/me/agreement/exit/", {"exit-reason": "再退", "key": fresh()}).status_code == 200
    assert "退出缴存协议" in text_of(world.browser("clerk").get(f"/counter/person/{flexible.accounts[0]}/past/"))


def test_a_member_without_an_agreement_is_told_what_to_do(world):
    shown = text_of(world.browser(world.zhang_login).get("/me/agreement/"))
    assert "没有灵活就业缴存协议" in shown and "到缴存地中心签约" in shown


@pytest.mark.parametrize("login", ["checker", "accountant", "director"])
def test_only_clerks_sign_and_change(world, flexible, login):
    browser, no = world.browser(login), flexible.signed[1]
    assert browser.get("/counter/agreements/new/").status_code == 403
    assert browser.post(f"/counter/agreements/{no}/pause/", {"pause-reason": "x", "key": fresh()}).status_code == 403
    assert flexible.view(no).state == "ACTIVE"
    assert "暂停" not in re.findall(r"<summary>([^<]*)", browser.get(f"/counter/agreements/{no}/").content.decode())


def test_another_centre_sees_nothing(world, flexible):
    from hpf.contributions import queries
    from hpf.db.scope import centre_scope

    with centre_scope(2):
        assert queries.agreement(1, flexible.signed[1]) is None
        assert queries.agreements_page(1) == ([], 0)
        assert queries.collections_page(1) == ([], 0)
        assert queries.agreement_debits(1, flexible.signed[1]) == ([], 0)
    assert world.browser("operator").get("/counter/agreements/").status_code == 403
    assert world.browser(flexible.login).get(f"/counter/agreements/{flexible.signed[1]}/").status_code == 403


def test_lists_filter_and_ask_the_same_number_of_queries_whatever_the_rows(world, flexible, queries):
    browser = world.browser("clerk")
    names = re.findall(r'class="[^"]*lead-cell"[^>]*><a [^>]*>([^<]+)', browser.get("/counter/agreements/?state=EXITED").content.decode())
    assert names == ["王灵活"]
    assert "李灵活" in browser.get("/counter/agreements/?text=李灵").content.decode()
    assert "没有符合条件的协议" in browser.get("/counter/agreements/?text=999999").content.decode()
    assert browser.get("/counter/agreements/?state=NONSENSE").status_code == 404
    counted = {}
    for address in ("/counter/agreements/?state=EXITED", "/counter/agreements/", "/counter/agreements/?due=later"):
        queries.clear()
        browser.get(address)
        counted[address] = len(queries)
    assert len(set(counted.values())) == 1, counted
    number = world.centre.ask_for("collections")[0].collection_no
    counted = {}
    for address in (f"/counter/debits/{number}/", f"/counter/debits/{number}/?state=FAILED"):
        queries.clear()
        browser.get(address)
        counted[address] = len(queries)
    assert len(set(counted.values())) == 1, counted
