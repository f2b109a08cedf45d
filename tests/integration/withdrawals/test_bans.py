"""限制提取: two people, a numbered decision, three or five years; read when applying, when paying and by other centres."""

from __future__ import annotations

from datetime import date
from typing import Any

from hpf.kernel.money import Money
from tests.support.people import fresh

DECIDED = date(2026, 9, 22)
SAID = (("rental_kind", "MARKET"), ("asked_months", ["2026-09"]))


def ban(lanzhou: Any, account: str, **given: Any) -> Any:
    said = {
        "person_id": lanzhou.view(account).person_id, "kind": "FRAUD_WITHDRAWAL", "decision_no": "兰住金决〔2026〕3号", "decided_on": DECIDED,
        "maker": lanzhou.maker.user_id, "on": lanzhou.on,
    }  # fmt: skip
    return lanzhou.give("ban_person", lanzhou.checker, **said | given)


def lift(lanzhou: Any, account: str, flag_id: int, **given: Any) -> Any:
    said = {
        "person_id": lanzhou.view(account).person_id, "flag_id": flag_id, "ends_on": lanzhou.on, "reason": "复议决定撤销〔2026〕9号",
        "maker": lanzhou.maker.user_id, "on": lanzhou.on,
    }  # fmt: skip
    return lanzhou.give("lift_ban", lanzhou.checker, **said | given)


def codes(answer: Any) -> list[str]:
    return [reason.code for reason in answer.reasons]


def test_three_years_from_the_decision_and_the_member_reads_why(lanzhou):
    account, _ = lanzhou.tenant("范骗提")
    banned = ban(lanzhou, account).value
    assert banned.until == date(2029, 9, 22)
    moved = lanzhou.withdrawn(account, "范骗提", said=SAID)
    assert (moved.state, lanzhou.reasons(moved.application_no)) == ("REFUSED", ["BANNED"])
    words = lanzhou.words(moved.application_no)
    assert "兰住金决〔2026〕3号" in words and "2029-09-21" in words and "申请复议" in words
    assert codes(ban(lanzhou, account)) == ["BAN_RUNNING"]


def test_loans_five_years_and_what_cannot_be_a_ban_changes_nothing(lanzhou):
    account, _ = lanzhou.tenant("范骗贷")
    person = lanzhou.view(account).person_id
    assert codes(ban(lanzhou, account, maker=lanzhou.checker.user_id)) == ["SAME_PERSON"]
    assert codes(ban(lanzhou, account, kind="LATE")) == ["BAN_KIND_UNKNOWN"]
    assert codes(ban(lanzhou, account, decided_on=date(2026, 12, 1))) == ["BAN_NOT_YET"]
    assert codes(ban(lanzhou, account, decision_no=" ")) == ["BAN_WITHOUT_DECISION"]
    assert codes(ban(lanzhou, account, decided_on=date(2026, 9, 19))) == ["BAN_WITHOUT_TERM"]
    assert codes(ban(lanzhou, account, kind="FRAUD_ELSEWHERE")) == ["BAN_OF_ANOTHER_CENTRE"]
    with lanzhou.scope():
        from hpf.withdrawals.queries import bans

        assert bans(person, lanzhou.on) == ()
    assert ban(lanzhou, account, kind="FRAUD_LOAN").value.until == date(2031, 9, 22)


def test_a_ban_between_decision_and_payment_stops_the_payment(lanzhou):
    account, _ = lanzhou.tenant("范途中")
    number = lanzhou.applied(account, "范途中", said=SAID, asked=Money.yuan("500.00"))
    lanzhou.give("gather_facts", application_no=number, exchange=lanzhou.exchange)
    assert lanzhou.give("decide_application", application_no=number).value.state == "APPROVED"
    before = lanzhou.money(account).balance
    ban(lanzhou, account, decision_no="兰住金决〔2026〕4号")
    assert lanzhou.give("pay", application_no=number, business_on=lanzhou.on).value.state == "REFUSED"
    assert lanzhou.money(account).balance == before


def test_lifted_on_a_decision_by_two_people_and_the_money_may_go_again(lanzhou):
    account, _ = lanzhou.tenant("范解除")
    flag = ban(lanzhou, account, decision_no="兰住金决〔2026〕5号").value.flag_id
    assert codes(lift(lanzhou, account, flag, maker=lanzhou.checker.user_id, reason="")) == ["SAME_PERSON", "REASON_MISSING"]
    assert codes(lift(lanzhou, account, flag + 999, ends_on=date(2026, 9, 1))) == ["NO_SUCH_BAN", "BAN_ENDS_BEFORE"]
    assert lanzhou.withdrawn(account, "范解除", said=SAID).state == "REFUSED"
    assert lift(lanzhou, account, flag).value.until == lanzhou.on
    moved = lanzhou.withdrawn(account, "范解除", said=SAID, asked=Money.yuan("500.00"))
    assert moved.state == "IN_SETTLEMENT", lanzhou.words(moved.application_no)


def test_a_mark_that_came_with_an_account_from_another_city_stops_until_its_end_is_known(lanzhou):
    from hpf.parties.services import flag

    account, _ = lanzhou.tenant("范转入")
    person = lanzhou.view(account).person_id
    marked = flag(
        by=lanzhou.by, centre_id=1, subject_kind="PERSON", subject_id=person, kind="FRAUD_ELSEWHERE", source_no="ZY202609240001",
        since=lanzhou.on, until=None, note="西宁中心随账户转来的失信记录", key=fresh(),
    ).value  # fmt: skip
    moved = lanzhou.withdrawn(account, "范转入", said=SAID)
    assert (moved.state, lanzhou.reasons(moved.application_no)) == ("REFUSED", ["BANNED"])
    words = lanzhou.words(moved.application_no)
    assert "ZY202609240001" in words and "期限尚未查明" in words and "9999" not in words
    lift(lanzhou, account, marked.flag_id, ends_on=date(2027, 3, 1), reason="西宁中心复函〔2026〕8号")
    moved = lanzhou.withdrawn(account, "范转入", said=SAID)
    assert "2027-02-28不得提取" in lanzhou.words(moved.application_no)
    lift(lanzhou, account, marked.flag_id, reason="西宁中心撤销证明")
    assert lanzhou.withdrawn(account, "范转入", said=SAID, asked=Money.yuan("500.00")).state == "IN_SETTLEMENT"


def test_a_closing_withdrawal_during_a_ban_is_read_by_a_person(lanzhou):
    account, _ = lanzhou.tenant("范退休", born="19620105", pension_drawing=True, retired_on="2026-08-05", retirement_kind="NORMAL")
    ban(lanzhou, account, decision_no="兰住金决〔2026〕6号")
    moved = lanzhou.withdrawn(account, "范退休", "RETIREMENT")
    assert (moved.state, lanzhou.reasons(moved.application_no)) == ("REFERRED", ["BAN_ON_CLOSING"])
