"""The counter: one search box, unmasking with a purpose, maker and checker, money without an owner."""

from __future__ import annotations

from tests.integration.web.conftest import LANZHOU


def test_one_box_finds_by_document_account_name_initials_and_unit(world):
    browser = world.browser("clerk")
    person, unit = f"/counter/person/{world.teachers[0]}/", f"/counter/unit/{world.school}/"
    assert browser.get("/counter/search/", {"q": world.zhang_number})["Location"] == person
    assert browser.get("/counter/search/", {"q": world.teachers[0]})["Location"] == person
    assert browser.get("/counter/search/", {"q": world.school})["Location"] == unit
    assert browser.get("/counter/search/", {"q": "兰州市第一"})["Location"] == unit
    by_initials = browser.get("/counter/search/", {"q": "zs"}).content.decode()
    assert person in by_initials
    assert world.zhang_number not in by_initials


def test_looking_at_a_person_is_something_the_person_can_see(world):
    world.browser("clerk").get(f"/counter/person/{world.teachers[0]}/")
    seen = world.browser(world.zhang_login).get("/me/looks/").content.decode()
    assert "某clerk" in seen
    assert f"查看个人账户{world.teachers[0]}" in seen


def test_unmasking_needs_a_purpose_and_is_marked(world):
    browser, address = world.browser("clerk"), f"/counter/person/{world.teachers[0]}/unmask/"
    for purpose in ("CURIOSITY", ""):
        refused = browser.post(address, {"unmask-purpose": purpose, "unmask-note": "换卡", "key": "u1"}).content.decode()
        assert "查看明文须选择用途" in refused and 'id="id_unmask-purpose_error"' in refused and 'value="换卡"' in refused
    assert world.zhang_number not in refused
    shown = browser.post(address, {"unmask-purpose": "IDENTITY_CHECK", "unmask-note": "换卡", "key": "u2"}).content.decode()
    assert world.zhang_number in shown
    seen = world.browser(world.zhang_login).get("/me/looks/?kind=UNMASK").content.decode()
    assert "核对本人身份 换卡" in seen


def test_a_transfer_is_made_by_one_and_done_by_another(world):
    account = world.workers[3]
    form = {"transfer-to_employer_account_no": world.school, "transfer-base": "9000.00", "transfer-from_month": "2026-12", "key": "t1"}
    made = world.browser("clerk").post(f"/counter/person/{account}/transfer/", form, follow=True).content.decode()
    assert "已提交复核" in made
    assert world.centre.view(account).employer_account_id == world.centre_account(world.works).employer_account_id
    number = waiting_number()
    assert world.browser("clerk").post(f"/counter/queue/{number}/approve/").status_code == 403
    done = world.browser("checker").post(f"/counter/queue/{number}/approve/", follow=True).content.decode()
    assert "内部转移已办理。" in done
    assert world.centre.view(account).employer_account_id == world.centre_account(world.school).employer_account_id
    again = world.browser("checker").post(f"/counter/queue/{number}/approve/", follow=True).content.decode()
    assert "无需再次复核" in again


def test_a_returned_piece_of_business_moves_nothing(world):
    account = world.workers[0]
    form = {"transfer-to_employer_account_no": world.school, "transfer-base": "9000.00", "transfer-from_month": "2026-12", "key": "t2"}
    world.browser("clerk").post(f"/counter/person/{account}/transfer/", form)
    number = waiting_number()
    world.browser("checker").post(f"/counter/queue/{number}/return/", {"note": "证件不符", "key": "r1"})
    assert world.centre.view(account).employer_account_id == world.centre_account(world.works).employer_account_id
    assert "证件不符" in world.browser("clerk").get("/counter/queue/?state=RETURNED").content.decode()


def test_what_the_rules_refuse_says_why_in_the_queue(world):
    form = {"close-final_state": "WITHDRAWN_OUT", "close-reason": "误操作", "key": "c1"}
    world.browser("clerk").post(f"/counter/person/{world.teachers[1]}/close/", form)
    number = waiting_number()
    said = world.browser("checker").post(f"/counter/queue/{number}/approve/", follow=True).content.decode()
    assert "未获通过" in said or "未通过" in said
    assert world.centre.view(world.teachers[1]).state == "NORMAL"


def test_unclear_money_is_made_a_units_prepaid_money(world):
    from hpf.ledger import queries as ledger

    address = f"/counter/suspense/{world.unclear}/"
    assert "附言不清" in world.browser("accountant").get(address).content.decode()
    done = world.browser("accountant").post(address + "prepay/", {"prepay-employer_account_no": world.works, "key": "p1"}, follow=True)
    assert "已转为单位预缴" in done.content.decode()
    with world.centre.scope():
        assert ledger.balance(world.centre_account(world.works).prepaid_ledger_id).balance.text == "8,888.88"


def test_a_clerk_may_not_close_the_day(world):
    assert world.browser("clerk").post("/counter/day/close/", {"on": "2026-08-03"}).status_code == 403


def test_administrators_appoint_but_not_themselves_and_not_across_the_three(world):
    from hpf.access import queries

    clerk, auditor = queries.user_id_of("clerk"), queries.user_id_of("auditor")
    browser = world.browser("security")
    said = browser.post(f"/users/{auditor}/appoint/", {"role": "SECURITY_ADMIN", "key": "a1"}, follow=True).content.decode()
    assert "三员互斥" in said
    browser.post(f"/users/{clerk}/appoint/", {"role": "CHECKER", "key": "a2"})
    assert {a.role for a in queries.user(clerk).appointments} == {"COUNTER_CLERK", "CHECKER"}
    browser.post(f"/users/{clerk}/dismiss/", {"role": "CHECKER", "key": "a3"})
    assert {a.role for a in queries.user(clerk).appointments} == {"COUNTER_CLERK"}


def test_a_stopped_users_session_ends_at_once(world):
    from hpf.access import queries

    browser = world.browser("clerk2")
    world.browser("system").post(f"/users/{queries.user_id_of('clerk2')}/stop/", {"key": "stop"})
    assert browser.get("/counter/").status_code == 302


def waiting_number():
    from hpf.access import queries
    from hpf.db.scope import centre_scope

    with centre_scope(LANZHOU):
        rows, _ = queries.submissions(LANZHOU)
    return rows[-1].submission_no
