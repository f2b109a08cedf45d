"""缴存补贴 as its own money: set up by one, funded by another, granted and recovered through maker and checker, seen by its owner."""

from __future__ import annotations

import re

import pytest

from hpf.kernel.money import ZERO, Money
from tests.integration.web.conftest import LANZHOU
from tests.integration.web.flexible_world import Flexible
from tests.integration.web.test_flexible import beside, text_of
from tests.support.people import fresh

JULY, AUGUST = "2026-07", "2026-08"


@pytest.fixture(scope="module")
def flexible(world):
    return Flexible(world)


@pytest.fixture(scope="module")
def program(flexible):
    return flexible.funded("1000.00")


def waiting_number() -> str:
    from hpf.access import queries
    from hpf.db.scope import centre_scope

    with centre_scope(LANZHOU):
        return queries.submissions(LANZHOU)[0][-1].submission_no


def ask(world, program, **more):
    form = {"account_no": "", "month": JULY, "amount": "50", "key": fresh("grant"), **more}
    return world.browser("clerk").post(f"/counter/subsidies/{program}/grant/", form, follow=True)


def approve(world, login: str = "checker"):
    return world.browser(login).post(f"/counter/queue/{waiting_number()}/approve/", follow=True).content.decode()


def balance(world, program) -> Money:
    return world.centre.ask_for("subsidy_program", program).balance


def granted(world, flexible, program, account: int, month: str, amount: str = "50") -> str:
    """Granted through the queue; gives the grant's number."""
    ask(world, program, account_no=flexible.accounts[account], month=month, amount=amount)
    assert "补贴发放已办理。" in approve(world)
    return world.centre.ask_for("grants", program)[0][0].remittance_no


def test_the_director_sets_up_and_the_accountant_funds(world, flexible):
    director, accountant = world.browser("director"), world.browser("accountant")
    assert accountant.get("/counter/subsidies/new/").status_code == 403
    missing = director.post("/counter/subsidies/new/", {"name": "稳就业补贴", "document_no": "", "key": fresh()})
    assert beside(missing, "document_no") == "请填写依据文号。"
    made = director.post("/counter/subsidies/new/", {"name": "稳就业补贴", "document_no": "兰财社〔2026〕9号", "key": fresh()}, follow=True)
    address = made.redirect_chain[-1][0]
    assert "项目没有结余，不能发放" in made.content.decode()
    assert "发放给个人" not in made.content.decode()
    receipt = world.centre.pay_in("300.00", "财政拨款", payer="兰州市财政局", match=False)
    assert "兰州市财政局" in accountant.get(address).content.decode()
    assert world.browser("clerk").post(address + "fund/", {"fund-receipt_no": receipt, "key": fresh()}).status_code == 403
    wrong = accountant.post(address + "fund/", {"fund-receipt_no": "SK019999999999", "key": fresh()})
    assert "请核对" in beside(wrong, "receipt_no")
    key = fresh()
    for _ in (1, 2):
        done = accountant.post(address + "fund/", {"fund-receipt_no": receipt, "key": key}, follow=True).content.decode()
        assert "已划入300.00元，项目结余300.00元。" in done
    again = accountant.post(address + "fund/", {"fund-receipt_no": receipt, "key": fresh()})
    assert beside(again, "receipt_no")
    assert balance(world, address.split("/")[-2]) == Money.yuan("300.00")


def test_a_grant_is_made_by_one_and_paid_by_another(world, flexible, program):
    account = flexible.accounts[0]
    look = text_of(world.browser("clerk").get(f"/counter/subsidies/{program}/grant/", {"account_no": account}))
    assert "王灵活" in look and "按公布比例 5.00% 25.00 元" in look
    assert "已提交复核" in ask(world, program, account_no=account).content.decode()
    assert (balance(world, program), world.centre.money(account).balance) == (Money.yuan("1000.00"), ZERO)
    number = waiting_number()
    assert world.browser("clerk").post(f"/counter/queue/{number}/approve/").status_code == 403
    assert "补贴金额" in world.browser("checker").get(f"/counter/queue/{number}/").content.decode()
    assert "补贴发放已办理。" in approve(world)
    assert (balance(world, program), world.centre.money(account).balance) == (Money.yuan("950.00"), Money.yuan("50.00"))
    page = world.browser("clerk").get(f"/counter/person/{account}/")
    shown = text_of(page)
    assert "缴存补贴 净额 50.00 元，1 个月" in shown and "补贴 50.00" in shown
    assert f"/counter/subsidies/?account_no={account}" in page.content.decode()
    choose = world.browser("clerk").get("/counter/subsidies/", {"account_no": account}).content.decode()
    assert f"/counter/subsidies/{program}/grant/?account_no={account}" in choose
    grant = world.centre.ask_for("grants", program)[0][0]
    detail = text_of(world.browser("clerk").get(f"/counter/subsidies/{program}/{grant.remittance_no}/"))
    assert "某clerk" in detail and "某checker" in detail and "王灵活" in detail


def test_its_owner_sees_it_as_its_own_money(world, flexible, program):
    browser = world.browser(flexible.login)
    assert "缴存补贴，1 个月" in text_of(browser.get("/me/"))
    shown = text_of(browser.get("/me/subsidies/"))
    assert "累计领取 50.00 元" in shown and "+50.00" in shown and "不属于您的缴存额，不计缴存月数" in shown
    assert "尚无入账记录" in text_of(browser.get("/me/"))
    assert "还没有领取过缴存补贴" in text_of(world.browser(world.zhang_login).get("/me/subsidies/"))


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("account_no", "100000000000", "本中心没有个人账户100000000000，请核对个人账号后重新提交"),
        ("amount", "0", "补贴每一行的金额都应大于0.00元"),
        ("amount", "12.345", "请填写以元为单位的金额，最多两位小数"),
        ("amount", "100000", "短缺"),
        ("month", JULY, "已有本项目补贴，同人同月不得重复发放"),
        ("month", "七月", "请填写年月"),
    ],
)
def test_what_cannot_be_granted_is_said_beside_the_field_before_it_is_sent(world, flexible, program, field, value, words):
    from hpf.access import queries
    from hpf.db.scope import centre_scope

    form = {"account_no": flexible.accounts[0], "month": AUGUST, field: value}
    said = ask(world, program, **form)
    assert said.status_code == 200
    assert words in beside(said, field)
    with centre_scope(LANZHOU):
        assert queries.submissions(LANZHOU)[1] == 0


def test_what_was_right_when_it_was_sent_may_be_refused_when_it_is_checked(world, flexible, program):
    before = balance(world, program)
    ask(world, program, account_no=flexible.accounts[1], month=AUGUST)
    first = waiting_number()
    ask(world, program, account_no=flexible.accounts[1], month=AUGUST)
    checker = world.browser("checker")
    said = [checker.post(f"/counter/queue/{no}/approve/", follow=True).content.decode() for no in (first, waiting_number())]
    both = "".join(said)
    assert "补贴发放已办理。" in both and "同人同月不得重复发放" in both
    assert balance(world, program) == before - Money.yuan("50.00")


def test_a_recovery_goes_back_to_the_programme_and_frees_the_month(world, flexible, program):
    account = flexible.accounts[2]
    number = granted(world, flexible, program, 2, JULY, "60")
    before, clerk = balance(world, program), world.browser("clerk")
    address = f"/counter/subsidies/{program}/{number}/recover/{account}/{JULY}/"
    assert address in clerk.get(f"/counter/subsidies/{program}/{number}/").content.decode()
    assert world.browser("checker").get(address).status_code == 403
    more = clerk.post(address, {"amount": "60.01", "reason": "重复享受", "key": fresh()})
    assert "尚未收回的有60.00元" in beside(more, "amount")
    assert beside(clerk.post(address, {"amount": "60", "reason": "", "key": fresh()}), "reason")
    clerk.post(address, {"amount": "60", "reason": "重复享受", "key": fresh()})
    assert world.centre.money(account).balance == Money.yuan("60.00")
    assert "补贴收回已办理。" in approve(world)
    assert (world.centre.money(account).balance, balance(world, program)) == (ZERO, before + Money.yuan("60.00"))
    assert address not in clerk.get(f"/counter/subsidies/{program}/{number}/").content.decode()
    shown = text_of(clerk.get(f"/counter/person/{account}/"))
    assert "净额 0.00 元，0 个月" in shown and "收回" in shown and "重复享受" in shown
    granted(world, flexible, program, 2, JULY, "40")
    assert world.centre.money(account).balance == Money.yuan("40.00")


def test_money_that_is_held_is_not_recovered_and_no_figure_tells_why(world, flexible, program):
    from django.db import transaction

    from hpf.ledger.services import place_hold

    number = granted(world, flexible, program, 3, AUGUST)
    with world.centre.scope(), transaction.atomic():
        place_hold(world.centre.view(flexible.accounts[3]).ledger_account_id, 4_000, "COURT_FREEZE", "(2026)甘01执2号")
    address = f"/counter/subsidies/{program}/{number}/recover/{flexible.accounts[3]}/{AUGUST}/"
    said = beside(world.browser("clerk").post(address, {"amount": "50", "reason": "不符合条件", "key": fresh()}), "amount")
    assert "可用余额不足，不能收回50.00元" in said and "10.00" not in said and "40.00" not in said
    assert world.centre.money(flexible.accounts[3]).balance == Money.yuan("50.00")


def test_a_grant_is_not_reversed_as_if_it_were_an_employers_list(world, flexible, program):
    number = world.centre.ask_for("grants", program)[0][0].remittance_no
    before = world.centre.totals()
    said = world.centre.call(
        "reverse_booking",
        world.centre.checker,
        remittance_no=number,
        reason="错",
        maker=world.centre.maker.user_id,
        business_on=world.centre.on,
    )
    assert [reason.code for reason in said.reasons] == ["SUBSIDY_HAS_ITS_OWN_WAY"]
    assert world.centre.totals() == before


def test_the_books_agree_after_grants_and_recoveries(world, flexible, program):
    from hpf.closing.queries import balance as queries

    with world.centre.scope():
        checks = queries.balance_check(LANZHOU, world.centre.on)
    assert [check.check_id for check in checks if not check.ok] == []


def test_another_centre_and_other_posts_see_nothing(world, flexible, program):
    from hpf.contributions import queries
    from hpf.db.scope import centre_scope

    with centre_scope(2):
        assert queries.subsidy_programs(1) == []
        assert queries.grants(1, program) == ([], 0)
        assert queries.subsidies_received(1, world.centre.view(flexible.accounts[0]).member_account_id) == []
    for login in ("operator", flexible.login, "system"):
        assert world.browser(login).get(f"/counter/subsidies/{program}/").status_code == 403


def test_lists_ask_the_same_number_of_queries_whatever_the_rows(world, flexible, program, queries):
    browser, few = world.browser("clerk"), flexible.program("空项目")
    counted = []
    for address in (f"/counter/subsidies/{few}/", f"/counter/subsidies/{program}/", "/counter/subsidies/"):
        browser.get(address)
        queries.clear()
        assert browser.get(address).status_code == 200
        counted.append(len(queries))
    assert counted[0] == counted[1], counted
    assert counted[2] <= 10, counted
    assert re.search(r"空项目", browser.get("/counter/subsidies/?text=空").content.decode())
