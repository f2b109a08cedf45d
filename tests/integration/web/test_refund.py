"""错缴退款 on its page: what the bank could not pay says why, and is paid again or kept by two people."""

from __future__ import annotations

from tests.integration.web.conftest import LANZHOU
from tests.support.people import AT, fresh


def a_failed_refund(world):
    """One teacher's July is asked back and passed on the page; the bank does not know the account."""
    from hpf.contributions import queries, services
    from hpf.treasury.rules.payments import Result, Told
    from hpf.treasury.services import begin_sending, record_payment_result

    centre = world.centre
    with centre.scope():
        unit = queries.remittances(LANZHOU, employer_account_id=world.centre_account(world.school).employer_account_id, kind="REGULAR")
    form = {
        "account_no": world.teachers[1], "month": "2026-07", "employer": "10.00", "member": "10.00", "payee_name": "兰州市第一中学",
        "payee_account": "27010000000088", "payee_bank": "105100000017", "reason": "基数有误", "key": fresh("ask"),
    }  # fmt: skip
    address = world.browser("clerk").post(f"/counter/lists/{unit[0].remittance_no}/refund/", form)["Location"]
    world.browser("checker").post(f"{address}approve/", {"key": fresh("pass")})
    with centre.scope():
        payment_no = queries.refunds(LANZHOU)[0].payment_no
    begun = begin_sending(by=centre.by, centre_id=LANZHOU, payment_no=payment_no, business_on=centre.on, key=fresh())
    record_payment_result(
        by=centre.by, centre_id=LANZHOU, payment_no=payment_no, send_seq_no=begun.send_seq_no, business_on=centre.on, key=fresh(),
        result=Result(Told.FAILED, code="1", message="账号不存在"),
    )  # fmt: skip
    services.settle_refunds(by=centre.by, centre_id=LANZHOU, at=AT)
    return address


def test_a_failed_refund_is_given_its_right_account_and_passed_again(world):
    address = a_failed_refund(world)
    shown = world.browser("clerk").get(address).content.decode()
    assert "付款未成：账号不存在，20.00元在待退款，请更正收款账户后重新提交，或转入单位预缴" in shown
    assert "重新提交" in shown and "通过并付款" not in shown
    empty = world.browser("clerk").post(f"{address}again/", {"key": fresh()}, follow=True).content.decode()
    assert "请填写收款户名、收款账号和收款银行代码" in empty
    right = {"payee-name": "兰州市第一中学", "payee-account": "27010000000099", "payee-bank": "105100000017", "key": fresh()}
    assert "已重新提交复核。" in world.browser("clerk").post(f"{address}again/", right, follow=True).content.decode()
    again = world.browser("checker").post(f"{address}approve/", {"key": fresh()}, follow=True).content.decode()
    assert "已复核，付款指令已生成。" in again
    assert "27010000000099" in again


def test_a_failed_refund_is_kept_as_prepaid_money(world):
    from hpf.ledger import queries as ledger

    address = a_failed_refund(world)
    assert "转入单位预缴" in world.browser("checker").get(address).content.decode()
    assert "已转入单位预缴。" in world.browser("checker").post(f"{address}keep/", {"key": fresh()}, follow=True).content.decode()
    with world.centre.scope():
        assert ledger.balance(world.centre_account(world.school).prepaid_ledger_id).balance.text == "20.00"
