"""申请表: each ground asks for the thing the registers must be asked about, on the phone and at the counter alike, and for no more."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest

from hpf.kernel.money import Money
from tests.integration.withdrawals.test_pages import Desk, text_of

ON = date(2026, 9, 24)
ASKED = {
    "RENT": ["租房月份", "租住的房屋", "租赁合同备案号"],
    "PURCHASE": ["购房合同编号", "不动产权证号"],
    "DOWN_PAYMENT": ["购房合同编号"],
    "BUILD": ["房屋唯一编号", "规划许可、用地批准或者房屋鉴定文号", "工程费用（元）"],
    "OVERHAUL": ["房屋唯一编号", "规划许可、用地批准或者房屋鉴定文号", "工程费用（元）"],
    "LOAN_REPAYMENT": ["借款合同编号", "还贷提取方式"],
    "DECORATION": ["房屋唯一编号", "不动产权证号", "发票号码"],
    "PROPERTY_FEE": ["房屋唯一编号", "不动产权证号", "发票号码"],
    "LIFT": ["房屋唯一编号"],
    "OTHER_HOUSING": [],
    "RETIREMENT": [],
    "DISABILITY": [],
    "EMIGRATION": [],
    "LEAVING": [],
    "ILLNESS": ["住院结算编号"],
    "HARDSHIP": ["低保、特困证编号"],
}
OF_EVERY_FORM = {"提取金额（元）", "收款银行卡号", "配偶的授权编号", "同意就本次提取查询上述信息"}
HOUSE, LOAN = "620102009000123456", "SD2021000888"


def form(ground: str, **given: str) -> Any:
    from hpf.web.withdrawal_forms import ApplyForm
    from hpf.withdrawals.rules import Ground

    return ApplyForm(given or None, ground=Ground(ground), on=ON)


@pytest.mark.parametrize("ground", ASKED)
def test_a_form_asks_for_what_its_ground_needs_and_no_more(ground, database):
    labels = [str(field.label) for field in form(ground).fields.values()]
    assert [label for label in labels if label not in OF_EVERY_FORM] == ASKED[ground]


def errors(ground: str, **given: str) -> dict[str, list[str]]:
    sent = form(ground, card="6222021001112223334", **given)
    sent.is_valid()
    return {name: list(found) for name, found in sent.errors.items()}


def test_what_is_needed_is_asked_for_by_its_name(database):
    assert errors("LOAN_REPAYMENT") == {"loan_no": ["请填写借款合同编号。"], "repayment_use": ["请选择还贷提取方式。"]}
    assert errors("PURCHASE") == {"contract_no": ["购房合同编号、不动产权证号至少填写一项。"]}
    assert errors("PURCHASE", title_no="甘（2026）兰州市不动产权第0001234号") == {}
    assert errors("DOWN_PAYMENT") == {"contract_no": ["请填写购房合同编号。"]}
    assert errors("DECORATION", house_no=HOUSE) == {"invoice_no": ["请填写发票号码。"]}
    assert errors("RETIREMENT") == {}


def test_numbers_are_read_as_people_type_them_and_refused_when_they_are_none(database):
    sent = form("LOAN_REPAYMENT", card="6222021001112223334", loan_no=" ｓｄ2021 000888 ", repayment_use="REPAID")
    assert sent.is_valid(), sent.errors
    assert dict(sent.said) == {"loan_no": LOAN, "repayment_use": "REPAID"}
    wrong = errors("LOAN_REPAYMENT", loan_no="不记得了", repayment_use="REPAID")
    assert wrong == {"loan_no": ["借款合同编号应为4至40位字母、数字或者短横，请核对后重新填写。"]}
    assert list(errors("PURCHASE", title_no="<b>甘</b>")) == ["title_no"]


@pytest.fixture(scope="module")
def desk(lanzhou: Any) -> Any:
    from django.conf import settings

    from hpf.access.services import load_roles

    settings.HPF_DEPARTMENTS_URL = lanzhou.departments.url
    load_roles()
    return Desk(lanzhou)


def repaying(lanzhou: Any, name: str) -> str:
    account, reference = lanzhou.tenant(
        name, born="19880101", loan_no=LOAN, loan_kind="COMMERCIAL", is_housing_loan=True, loan_balance_fen=50_000_000, paid_off_on=None,
        next_due_fen=300_000, repaid_since_fen=3_600_000, repaid_from="2025-09-01", repaid_to="2026-08-31",
    )  # fmt: skip
    lanzhou.departments.facts(reference, borrowers=reference)
    return account


SENT = {"repayment_use": "REPAID", "amount": "1000", "card": "6222021001112223334", "consent": "on"}


def test_what_was_typed_reaches_the_departments_and_pays(desk, lanzhou):
    account = repaying(lanzhou, "谷还贷")
    member = desk.login("谷还贷", "MEMBER", account)
    page = text_of(member.get("/me/withdrawals/new/LOAN_REPAYMENT/"))
    assert "借款合同编号" in page and "借款合同首页的编号。" in page
    shown = text_of(member.post("/me/withdrawals/new/LOAN_REPAYMENT/", SENT | {"loan_no": LOAN.lower(), "key": "f1"}, follow=True))
    assert "付款中" in shown, shown
    asked = [question for question in lanzhou.departments.seen() if question.get("service") == "loan"]
    assert asked[-1]["terms"]["loan_no"] == LOAN


def test_another_number_than_the_registers_is_read_by_a_person_with_both_named(desk, lanzhou):
    account = repaying(lanzhou, "谷不符")
    clerk = desk.login("谷柜员", "COUNTER_CLERK")
    address = f"/counter/withdrawals/for/{account}/LOAN_REPAYMENT/"
    shown = text_of(clerk.post(address, SENT | {"loan_no": "SD2021000999", "key": "f2"}, follow=True))
    number = re.search(r"TQ\d+", shown)[0]
    assert (lanzhou.case(number).state, lanzhou.reasons(number)) == ("REFERRED", ["FACTS_CONTRADICT"])
    words = lanzhou.words(number)
    assert "SD2021000888" in words and "SD2021000999" in words
    assert lanzhou.money(account).balance == Money.yuan("3600.00")


def test_a_number_that_is_none_is_refused_by_the_command_too(lanzhou):
    account = repaying(lanzhou, "谷乱写")
    answer = lanzhou.apply(account, "谷乱写", "LOAN_REPAYMENT", said=(("loan_no", "不记得了"), ("repayment_use", "REPAID")))
    assert [reason.code for reason in answer.reasons] == ["STATEMENT_NUMBER_WRONG"]
