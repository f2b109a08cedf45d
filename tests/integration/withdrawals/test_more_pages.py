"""The counter's pages beyond the ordinary case: an estate, a claim for a down payment, a ban, a payment ordered again."""

from __future__ import annotations

import re
from typing import Any

import pytest

from hpf.kernel.money import Money
from tests.integration.withdrawals.test_claims import subscribed
from tests.integration.withdrawals.test_estates import FAMILY, dead
from tests.integration.withdrawals.test_pages import APPLY, Desk, text_of
from tests.support.people import resident_id


@pytest.fixture(scope="module")
def desk(lanzhou: Any) -> Any:
    from django.conf import settings

    from hpf.access.services import load_roles

    settings.HPF_DEPARTMENTS_URL = lanzhou.departments.url
    load_roles()
    return Desk(lanzhou)


@pytest.fixture
def told():
    from hpf.treasury.rules.payments import Told

    return Told


def estate(rows: int = 3, **more: Any) -> dict[str, Any]:
    said = {"died_on": "2026-08-20", "proof": "NOTARY", "applicant": "1", "consent": "on", "rows": str(rows), "key": f"e{rows}"}
    for place, (name, sequence) in enumerate(FAMILY[:rows], 1):
        said |= {
            f"h{place}-name": name, f"h{place}-id_kind": "RESIDENT_ID", f"h{place}-id_number": resident_id(sequence, "19700101"),
            f"h{place}-numerator": "1", f"h{place}-denominator": str(rows), f"h{place}-card": f"622202100111222{sequence:04d}",
        }  # fmt: skip
    return said | more


def test_heirs_apply_at_the_counter_and_one_who_cannot_be_paid_is_corrected_by_two(desk, lanzhou, told):
    account = dead(lanzhou, "柏去世")
    clerk, checker = desk.login("赵柜员", "COUNTER_CLERK"), desk.login("钱复核", "CHECKER")
    assert "受理继承人、受遗赠人提取" in text_of(clerk.get(f"/counter/withdrawals/for/{account}/"))
    address = f"/counter/withdrawals/for/{account}/estate/"
    grown = clerk.post(address, estate(2) | {"more": "1"})
    assert "第 3 名继承人" in text_of(grown) and "李妻" in grown.content.decode(), "what was typed is still there"
    wrong = text_of(clerk.post(address, estate(3, **{"h2-id_number": "123", "h3-card": "12"})))
    assert "第 2 名" in wrong and "银行卡号应为12至19位数字" in wrong
    short = text_of(clerk.post(address, estate(2, **{"h1-id_number": "123"})))
    assert "第1名继承人" in short
    shown = text_of(clerk.post(address, estate(3), follow=True))
    assert "付款中" in shown and shown.count("17,904.86") == 3 and "1/3" in shown
    assert resident_id(301, "19700101") not in shown, "documents are masked"
    assert "李妻1/3、李子1/3、李女1/3" in shown and not re.search("P[0-9a-f]{32}", shown), "people by name, not by reference"
    number = re.search(r"TQ\d+", shown)[0]
    lanzhou.bank_says(number, told.FAILED, payment_no=lanzhou.seen("heirs", number)[1].payment_no)
    assert "1名继承人付款未成" in text_of(clerk.get(f"/counter/withdrawals/{number}/"))
    correct = {"name": "李子", "account": "6222029999888877771", "reason": "换卡", "key": "c1"}
    waiting = text_of(clerk.post(f"/counter/withdrawals/{number}/heirs/2/correct/", correct, follow=True))
    assert "更正待复核" in waiting and "由有复核权限的另一人办理" in waiting
    passed = text_of(checker.post(f"/counter/withdrawals/{number}/heirs/2/pass/", {"key": "c2"}, follow=True))
    assert "更正待复核" not in passed and "尾号 7771" in passed
    assert lanzhou.seen("heirs", number)[1].state == "ORDERED"
    assert clerk.post(f"/counter/withdrawals/{number}/heirs/2/pass/", {"key": "c3"}).status_code == 403


def test_a_member_cannot_apply_for_an_estate(desk, lanzhou):
    account, _ = lanzhou.tenant("柏本人")
    member = desk.login("柏本人", "MEMBER", account)
    assert member.get(f"/counter/withdrawals/for/{account}/estate/").status_code == 403
    assert member.get("/me/withdrawals/new/DEATH/").status_code == 404


def test_a_member_may_apply_for_herself_and_opens_no_page_of_the_counter(desk, lanzhou):
    account, _ = lanzhou.tenant("柏自己")
    other, _ = lanzhou.tenant("柏他人")
    member = desk.login("柏自己", "MEMBER", account)
    for address in (f"for/{other}/", f"for/{other}/RENT/", "deals/"):
        assert member.get(f"/counter/withdrawals/{address}").status_code == 403, address
    assert member.post(f"/counter/withdrawals/for/{other}/RENT/", APPLY | {"key": "h1"}).status_code == 403
    assert lanzhou.seen("applications_of_person", lanzhou.view(other).person_id) == []


def test_who_signs_in_as_the_dead_neither_sees_nor_takes_back_what_the_heirs_applied_for(desk, lanzhou):
    account = dead(lanzhou, "柏冒名")
    member, clerk = desk.login("柏冒名", "MEMBER", account), desk.login("王柜员", "COUNTER_CLERK")
    shown = text_of(
        clerk.post(f"/counter/withdrawals/for/{account}/estate/", estate(2, **{"h1-denominator": "3", "key": "e9"}), follow=True)
    )
    number = re.search(r"TQ\d+", shown)[0]
    assert lanzhou.case(number).state == "REFUSED", "a half is missing"
    assert number not in member.get("/me/withdrawals/").content.decode()
    assert member.get(f"/me/withdrawals/{number}/").status_code == 404
    assert member.post(f"/me/withdrawals/{number}/take_back/", {"key": "x"}).status_code == 404


def test_a_down_payment_is_asked_about_demanded_back_and_its_letter_printed(desk, lanzhou, told):
    _, reference, number = subscribed(lanzhou, "柏首付", told)
    clerk = desk.login("孙柜员", "COUNTER_CLERK")
    listed = text_of(clerk.get("/counter/withdrawals/deals/"))
    assert "柏首付" in listed and "余60天" in listed and "未核查" in listed
    lanzhou.departments.facts(reference, deal_state="FAILED")
    assert "追回须以当日核查" in text_of(clerk.post(f"/counter/withdrawals/{number}/deal/demand/", {"key": "d0"}, follow=True))
    assert "交易未成" in text_of(clerk.post(f"/counter/withdrawals/{number}/deal/check/", {"key": "d1"}, follow=True))
    letter = text_of(clerk.post(f"/counter/withdrawals/{number}/deal/demand/", {"key": "d2"}, follow=True))
    assert "首付款退回通知书" in letter and "3,000.00 元" in letter and re.search(r"ZH\d+", letter)
    assert "甘建金〔2024〕26号" in letter and "行政复议" in letter
    refused = text_of(clerk.post(f"/counter/withdrawals/{number}/deal/refuse/", {"key": "d3", "words": "企业注销"}, follow=True))
    assert "拒不退回" in refused and "限制提取" in refused
    assert clerk.post(f"/counter/withdrawals/{number}/deal/forgive/", {"key": "d4"}).status_code == 404
    assert clerk.get("/counter/withdrawals/claims/ZH0/").status_code == 404


def test_a_ban_is_prepared_by_one_and_passed_by_another_and_the_member_reads_why(desk, lanzhou):
    account, _ = lanzhou.tenant("柏受限")
    clerk, checker = desk.login("周柜员", "COUNTER_CLERK"), desk.login("吴复核", "CHECKER")
    assert "限制提取" in text_of(clerk.get(f"/counter/person/{account}/"))
    address = f"/counter/person/{account}/bans/"
    assert "请填写决定书文号" in text_of(clerk.post(address, {"what": "ban", "ban-kind": "FRAUD_WITHDRAWAL", "key": "b0"}))
    said = {
        "what": "ban",
        "ban-kind": "FRAUD_WITHDRAWAL",
        "ban-decision_no": "兰住金决〔2026〕8号",
        "ban-decided_on": "2026-09-22",
        "key": "b1",
    }
    sent = text_of(clerk.post(address, said, follow=True))
    submission = re.search(r"FH\d+", sent)[0]
    assert "没有限制提取" in sent, "nothing is in force on one person's word"
    checker.post(f"/counter/queue/{submission}/approve/", {"key": "b2"})
    banned = text_of(checker.get(address))
    assert "因骗提（决定书兰住金决〔2026〕8号），2026-09-22至2029-09-21不得提取" in banned
    member = desk.login("柏受限", "MEMBER", account)
    menu = text_of(member.get("/me/withdrawals/"))
    assert "兰住金决〔2026〕8号" in menu and "行政复议" in menu
    flag = re.search(r'<option value="(\d+)">', clerk.get(address).content.decode().partition("lift-flag_id")[2])[1]
    lifted = {"what": "lift", "lift-flag_id": flag, "lift-ends_on": "2026-09-24", "lift-reason": "复议撤销〔2026〕2号", "key": "b3"}
    submission = re.search(r"FH\d+", text_of(clerk.post(address, lifted, follow=True)))[0]
    checker.post(f"/counter/queue/{submission}/approve/", {"key": "b4"})
    assert "没有限制提取" in text_of(checker.get(address))


def test_a_card_that_the_bank_does_not_know_is_changed_at_the_counter(desk, lanzhou, told):
    account, _ = lanzhou.tenant("柏换卡")
    clerk = desk.login("郑柜员", "COUNTER_CLERK")
    shown = text_of(clerk.post(f"/counter/withdrawals/for/{account}/RENT/", APPLY | {"key": "w1"}, follow=True))
    number = re.search(r"TQ\d+", shown)[0]
    lanzhou.bank_says(number, told.FAILED)
    assert "换一张卡重新付款" in text_of(clerk.get(f"/counter/withdrawals/{number}/"))
    wrong = text_of(clerk.post(f"/counter/withdrawals/{number}/payee/", {"card": "12", "key": "w2"}, follow=True))
    assert "收款账号应为8至32位数字" in wrong
    clerk.post(f"/counter/withdrawals/{number}/payee/", {"card": "6222029999888877771", "key": "w3"})
    assert (lanzhou.case(number).state, lanzhou.case(number).payee_tail) == ("IN_SETTLEMENT", "7771")


def test_the_list_of_deals_costs_the_same_however_many_there_are(desk, lanzhou, told, queries):
    clerk = desk.login("冯柜员", "COUNTER_CLERK")
    clerk.get("/counter/withdrawals/deals/")
    queries.clear()
    clerk.get("/counter/withdrawals/deals/")
    before = len(queries)
    for name in ("柏一套", "柏二套"):
        subscribed(lanzhou, name, told)
    queries.clear()
    assert "柏二套" in text_of(clerk.get("/counter/withdrawals/deals/"))
    assert len(queries) == before, queries
    assert Money.yuan("3000.00").text in text_of(clerk.get("/counter/withdrawals/deals/"))
