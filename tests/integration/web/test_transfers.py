"""异地转移 on its pages: a member applies from her phone and takes it back; two people let somebody go; a hold is never told."""

from __future__ import annotations

from tests.integration.web.conftest import LANZHOU
from tests.support.people import AT, fresh
from tests.support.transfers import XIAN, XIAN_ACCOUNT, XIAN_NAME


def letters(world, **given):
    from hpf.transfers import queries

    with world.centre.scope():
        return queries.letters(LANZHOU, **given)[0]


def test_a_member_applies_from_her_phone_and_sees_how_far_it_is(world):
    phone = world.browser(world.zhang_login)
    assert "异地转入" in phone.get("/me/").content.decode()
    empty = phone.post("/me/transfers/", {"key": fresh()}).content.decode()
    assert "请选择转出地中心。" in empty
    sent = phone.post("/me/transfers/", {"org_code": XIAN, "other_account": "0298812345", "key": fresh()}, follow=True).content.decode()
    assert "申请已提交，中心复核后向转出地中心发出联系函。" in sent and f"从{XIAN_NAME}转入" in sent and "待复核" in sent
    again = phone.post("/me/transfers/", {"org_code": XIAN, "key": fresh()}).content.decode()
    assert "正在办理（待复核），请勿重复申请" in again
    (letter,) = letters(world)
    listed = world.browser("clerk").get("/counter/transfers/").content.decode()
    assert letter.transfer_no in listed and "尚未与平台核对" in listed
    assert "通过并发联系函" not in world.browser("clerk").get(f"/counter/transfers/{letter.transfer_no}/").content.decode()
    passed = world.browser("checker").post(f"/counter/transfers/{letter.transfer_no}/pass/", {"key": fresh()}, follow=True).content.decode()
    assert "已通过，联系函即将发出。" in passed and "6290012608030001" in passed
    shown = phone.get("/me/transfers/").content.decode()
    assert "联系函已发出" in shown and "6290012608030001" in shown
    asked = phone.post(f"/me/transfers/{letter.transfer_no}/cancel/", {"key": fresh()}, follow=True).content.decode()
    assert "已请求撤销，等待平台答复。" in asked and "撤销申请" not in asked


def test_nobody_cancels_the_letter_of_another(world):
    from hpf.transfers.services import apply_in

    other = apply_in(
        by=world.centre.by, centre_id=LANZHOU, account_no=world.teachers[1], other_org_code=XIAN, other_org_name=XIAN_NAME, other_account="",
        business_on=world.centre.on, at=AT, key=fresh(),
    ).value.transfer_no  # fmt: skip
    phone = world.browser(world.zhang_login)
    said = phone.post(f"/me/transfers/{other}/cancel/", {"key": fresh()}, follow=True).content.decode()
    assert "本中心没有转移业务" in said
    assert next(each for each in letters(world) if each.transfer_no == other).state == "APPLIED"


def asked_for(world, account_no, sequence):
    """A letter of 西安 that asks for this account, sealed before."""
    from hpf.accounts.services import seal
    from hpf.parties import queries as parties
    from hpf.transfers.gateways.messages import Item, Telling
    from hpf.transfers.rules.states import State
    from hpf.transfers.services import take_item

    centre = world.centre
    sealed = seal(
        by=centre.by, centre_id=LANZHOU, account_no=account_no, reason="LEFT", left_on=centre.on, on=centre.on, at=AT, key=fresh()
    )  # fmt: skip
    assert sealed.is_approved, sealed.reasons
    with centre.scope():
        who = parties.full_identity(centre.view(account_no).person_id)
    number = f"610100260803{sequence:04d}"
    told = Telling(
        "", number, State.APPROVED, who.name, who.id_kind, who.id_number, XIAN, XIAN_NAME, "629001", "", "029000001", account_no, XIAN_NAME,
        XIAN_ACCOUNT, "",
    )  # fmt: skip
    taken = take_item(by=centre.by, centre_id=LANZHOU, item=Item(f"M{sequence}", told), business_on=centre.on, at=AT, key=fresh())
    assert taken.outcome == "TAKEN", taken
    return next(each.transfer_no for each in letters(world) if each.letter_no == number)


def test_two_people_let_somebody_go(world):
    transfer_no = asked_for(world, world.teachers[2], 11)
    address = f"/counter/transfers/{transfer_no}/"
    shown = world.browser("clerk").get(address).content.decode()
    assert "没有发现不能转出的情形" in shown and "同意转出" in shown
    proposed = world.browser("clerk").post(f"{address}let_go/", {"key": fresh()}, follow=True).content.decode()
    assert "已提出“账户信息复核通过”，待复核。" in proposed and "由有复核权限的另一人办理。" in proposed
    done = world.browser("checker").post(f"{address}agree/", {"key": fresh()}, follow=True).content.decode()
    assert "已复核。" in done and "付款指令FK01" in done and "付款中" in done
    (letter,) = [each for each in letters(world) if each.transfer_no == transfer_no]
    assert (letter.state.code, str(letter.paid_through), letter.payment_state) == ("08", "2026-07", "ORDERED")
    assert world.centre.money(world.teachers[2]).balance.text == "0.00"


def test_a_hold_is_told_to_the_clerk_in_words_that_say_nothing(world):
    from django.db import transaction

    from hpf.ledger.services import place_hold

    transfer_no = asked_for(world, world.teachers[3], 12)
    with world.centre.scope(), transaction.atomic():
        place_hold(world.centre.view(world.teachers[3]).ledger_account_id, 1, "FREEZE", fresh("hold"))
    address = f"/counter/transfers/{transfer_no}/"
    shown = world.browser("clerk").get(address).content.decode()
    assert "账户尚有未了事项，暂不能转出，了结后再办理" in shown and "同意转出" not in shown
    forced = world.browser("clerk").post(f"{address}let_go/", {"key": fresh()}, follow=True).content.decode()
    assert "账户尚有未了事项" in forced and "冻结" not in forced and "法院" not in forced
    refused = world.browser("clerk").post(f"{address}refuse/", {"key": fresh()}, follow=True).content.decode()
    assert "已提出“转出审核不通过”，待复核。" in refused


def test_who_may_not_does_not(world):
    transfer_no = letters(world)[0].transfer_no
    assert world.browser(world.zhang_login).get("/counter/transfers/").status_code == 403
    assert world.browser("clerk").get("/counter/transfers/ZY019999999999/").status_code == 404
    assert world.browser("clerk").get("/counter/transfers/?state=NONSENSE").status_code == 404
    said = world.browser("clerk").post(f"/counter/transfers/{transfer_no}/agree/", {"key": fresh()})
    assert said.status_code == 403
