"""约定提取 on the phone and at the counter: sign, see every month with its reason, end; nobody else's can be named."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils.timezone import now

from hpf.kernel.money import Money
from tests.integration.withdrawals.test_pages import desk, text_of
from tests.support.agreements import Bank, run, signed, stop_all, talk

__all__ = ["desk"]
SIGN = {
    "first": "2026-09",
    "term": "3",
    "day": "15",
    "amount": "800",
    "rental_kind": "MARKET",
    "card": "6222021001112223334",
    "consent": "on",
}


@pytest.fixture(autouse=True)
def nobody_else(database):
    stop_all()


def only(centre, account):
    (view, *_) = centre.seen("agreements_of_person", centre.view(account).person_id)
    return view


def test_a_member_signs_on_the_phone_sees_her_month_paid_and_ends(lanzhou, desk):
    account, _ = lanzhou.tenant("柳手机")
    browser = desk.login("柳手机", "MEMBER", account)
    assert "约定提取" in text_of(browser.get("/me/withdrawals/"))
    assert "按月租房" in text_of(browser.get("/me/monthly/"))
    assert "每月付款日" in text_of(browser.get("/me/monthly/new/RENT/"))
    told = text_of(browser.post("/me/monthly/new/RENT/", SIGN | {"key": "m1"}, follow=True))
    view = only(lanzhou, account)
    assert view.agreement_no in told and "约定中" in told and "800.00" in told and view.channel == "MEMBER_WEB"
    assert "还没有到付款日" in told
    assert run(lanzhou, at=now()).paid == 1, "as late as she signed, by the clock on the wall"
    talk(lanzhou, Bank())
    told = text_of(browser.get(f"/me/monthly/{view.agreement_no}/"))
    assert "2026年9月" in told and "已到账" in told
    assert "下一期" in text_of(browser.get("/me/monthly/"))
    told = text_of(browser.post(f"/me/monthly/{view.agreement_no}/end/", {"key": "m2"}, follow=True))
    assert "已终止" in told and "本人终止" in told
    assert only(lanzhou, account).state == "ENDED"


def test_a_home_owner_reads_the_article_on_the_form_and_nothing_runs(lanzhou, desk):
    account, _ = lanzhou.tenant("温有房", homes_in_place=1)
    browser = desk.login("温有房", "MEMBER", account)
    told = text_of(browser.post("/me/monthly/new/RENT/", SIGN | {"key": "m3"}))
    assert "自有住房1套" in told
    assert only(lanzhou, account).state == "ENDED" and run(lanzhou).due == 0


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("term", "13", "应为1至12个月"),
        ("term", "", "请填写月数"),
        ("term", "三", "月数须为整数"),
        ("amount", "0", "金额须大于零"),
        ("day", "31", ""),
    ],
)
def test_what_is_filled_in_wrongly_is_said_at_its_field(lanzhou, desk, field, value, words):
    account, _ = lanzhou.tenant("白填错")
    browser = desk.login("白填错", "MEMBER", account)
    told = text_of(browser.post("/me/monthly/new/RENT/", SIGN | {field: value, "key": f"m4{field}{value}"}))
    assert words in told and "签订一次" in told
    assert lanzhou.seen("agreements_of_person", lanzhou.view(account).person_id) == []


def test_a_refused_month_is_shown_with_its_reason_to_member_and_counter(lanzhou, desk):
    account, _ = lanzhou.tenant("景受限")
    number = signed(lanzhou, account, "景受限", amount=Money.yuan("800.00"))
    lanzhou.ban(account)
    assert run(lanzhou).refused == 1
    member, clerk = desk.login("景受限", "MEMBER", account), desk.login("柜员甲", "COUNTER_CLERK")
    assert "不予提取" in text_of(member.get(f"/me/monthly/{number}/"))
    (instalment,) = lanzhou.seen("instalments", number)
    reasons = text_of(member.get(f"/me/withdrawals/{instalment.application_no}/"))
    assert "骗提" in reasons and "第41条" in reasons
    told = text_of(clerk.get(f"/counter/monthly/{number}/"))
    assert instalment.application_no in told and "不予提取" in told


def test_the_counter_signs_lists_and_ends_for_a_member_who_came(lanzhou, desk):
    account, _ = lanzhou.tenant("欧柜面")
    clerk = desk.login("柜员乙", "COUNTER_CLERK")
    assert "按月租房" in text_of(clerk.get(f"/counter/withdrawals/for/{account}/"))
    told = text_of(clerk.post(f"/counter/monthly/for/{account}/RENT/", SIGN | {"key": "c1"}, follow=True))
    view = only(lanzhou, account)
    assert view.agreement_no in told and view.channel == "COUNTER"
    assert view.agreement_no in text_of(clerk.get("/counter/monthly/"))
    assert view.agreement_no not in text_of(clerk.get("/counter/monthly/?ground=LOAN_REPAYMENT"))
    told = text_of(clerk.post(f"/counter/monthly/{view.agreement_no}/end/", {"key": "c2", "reason": "退租"}, follow=True))
    assert "退租" in told and "已终止" in told
    assert view.agreement_no in text_of(clerk.get("/counter/monthly/?state=ENDED"))


def test_nobody_elses_agreement_and_no_strange_address(lanzhou, desk):
    mine, _ = lanzhou.tenant("单本人")
    hers, _ = lanzhou.tenant("单他人")
    number = signed(lanzhou, hers, "单他人")
    browser, accountant = desk.login("单本人", "MEMBER", mine), desk.login("会计", "ACCOUNTANT")
    assert browser.get(f"/me/monthly/{number}/").status_code == 404
    assert browser.post(f"/me/monthly/{number}/end/", {"key": "x1"}).status_code == 404
    assert browser.get("/me/monthly/new/DECORATION/").status_code == 404
    assert browser.get("/counter/monthly/").status_code == 403
    assert accountant.post(f"/counter/monthly/{number}/end/", {"key": "x2"}).status_code == 403
    clerk = desk.login("柜员丙", "COUNTER_CLERK")
    for address in (
        "/counter/monthly/YD000/",
        f"/counter/monthly/for/{mine}/DECORATION/",
        "/counter/monthly/for/000/RENT/",
        "/counter/monthly/?state=X",
    ):
        assert clerk.get(address).status_code == 404, address
    assert lanzhou.seen("agreement", number).is_running


def test_as_many_queries_for_many_agreements_and_months_as_for_few(lanzhou, desk, queries):
    clerk = desk.login("柜员丁", "COUNTER_CLERK")
    counted = []
    for size in (1, 4):
        for _ in range(size):
            account, _reference = lanzhou.tenant("计数人")
            signed(lanzhou, account, "计数人")
        clerk.get("/counter/monthly/")
        queries.clear()
        assert clerk.get("/counter/monthly/").status_code == 200
        counted.append(len(queries))
    assert counted[0] == counted[1]
    assert lanzhou.on == date(2026, 9, 24)
