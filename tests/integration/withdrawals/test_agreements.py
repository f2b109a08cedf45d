"""约定提取: signed once, decided anew every month, paid in bulk, and every way in which a month ends otherwise."""

from __future__ import annotations

from datetime import date

import pytest

from hpf.kernel.money import Money
from hpf.kernel.period import Month
from tests.support.agreements import Bank, consent, couple, instalments, months, paid_out, run, sign, signed, stop_all, talk


@pytest.fixture(autouse=True)
def nobody_else(database):
    """What earlier tests signed has ended."""
    stop_all()


EIGHT_HUNDRED = Money.yuan("800.00")


def codes(answer):
    return [reason.code for reason in answer.reasons]


def test_a_month_is_decided_booked_and_paid_and_leaves_what_an_application_leaves(lanzhou):
    account, _ = lanzhou.tenant("周按月")
    before = lanzhou.money(account).balance
    number = signed(lanzhou, account, "周按月", amount=EIGHT_HUNDRED)
    done = run(lanzhou)
    assert (done.due, done.paid, done.amount) == (1, 1, EIGHT_HUNDRED), months(lanzhou, number)
    assert paid_out(lanzhou, account, before) == EIGHT_HUNDRED
    talk(lanzhou, Bank())
    (instalment,) = instalments(lanzhou, number)
    case = lanzhou.case(instalment.application_no)
    assert (case.state, case.paid_on, case.channel, case.granted) == ("PAID", lanzhou.on, "SYSTEM", EIGHT_HUNDRED)
    assert [event.state for event in lanzhou.seen("events", case.application_no)] == ["APPROVED", "IN_SETTLEMENT", "PAID"]
    (decision,) = lanzhou.seen("decisions", case.application_no)
    assert decision.kind == "AUTOMATIC" and {fact.source for fact in decision.facts} >= {"不动产登记·当地住房套数", "约定提取"}
    replayed = lanzhou.seen("replay", decision.decision_id)
    assert (replayed.outcome, replayed.amount, replayed.differences) == ("APPROVED", EIGHT_HUNDRED, ())


def test_run_again_a_month_is_paid_once(lanzhou):
    account, _ = lanzhou.tenant("吴两遍")
    before = lanzhou.money(account).balance
    number = signed(lanzhou, account, "吴两遍", amount=EIGHT_HUNDRED)
    assert run(lanzhou).paid == 1
    assert run(lanzhou).paid == 0
    talk(lanzhou, Bank())
    assert run(lanzhou).paid == 0
    assert paid_out(lanzhou, account, before) == EIGHT_HUNDRED
    assert months(lanzhou, number) == [("2026-09", "PAID")]


def test_before_its_day_nothing_is_due(lanzhou):
    account, _ = lanzhou.tenant("郑未到")
    number = signed(lanzhou, account, "郑未到", day=28)
    assert run(lanzhou).due == 0 and months(lanzhou, number) == []


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"ground": "DECORATION"}, "AGREEMENT_GROUND"),
        ({"day": 31}, "AGREEMENT_DAY"),
        ({"first": Month(2026, 8)}, "AGREEMENT_BEGINS_BEFORE"),
        ({"months": 13}, "AGREEMENT_TERM"),
        ({"amount": Money(0)}, "AGREEMENT_AMOUNT"),
    ],
)
def test_what_may_not_be_agreed(lanzhou, given, code):
    account, _ = lanzhou.tenant("卫不成")
    assert codes(sign(lanzhou, account, "卫不成", **given)) == [code]
    assert lanzhou.seen("agreements_of_person", lanzhou.view(account).person_id) == []


def test_only_the_members_own_card_and_one_agreement_of_a_ground(lanzhou):
    account, _ = lanzhou.tenant("沈本人")
    assert codes(sign(lanzhou, account, "沈本人", payee=lanzhou.payee("沈本入"))) == ["PAYEE_NAME_DIFFERS"]
    signed(lanzhou, account, "沈本人")
    assert codes(sign(lanzhou, account, "沈本人")) == ["AGREEMENT_RUNNING"]


def test_who_owns_a_home_is_told_so_at_the_signing_with_the_article(lanzhou):
    account, _ = lanzhou.tenant("韩有房", homes_in_place=1)
    answer = sign(lanzhou, account, "韩有房")
    assert codes(answer) == ["RENT_OWN_HOME"] and "条例/24@2026" in answer.reasons[0].law
    (agreement,) = lanzhou.seen("agreements_of_person", lanzhou.view(account).person_id)
    assert agreement.state == "ENDED" and "1套" in agreement.ended_reason
    assert run(lanzhou).due == 0


def test_a_month_already_taken_by_an_application_is_refused_and_the_others_go_on(lanzhou):
    taken, _ = lanzhou.tenant("杨已提")
    free, _ = lanzhou.tenant("朱未提")
    first = lanzhou.withdrawn(taken, "杨已提", said=(("rental_kind", "MARKET"), ("asked_months", ["2026-09"])), asked=EIGHT_HUNDRED)
    assert first.state == "IN_SETTLEMENT", lanzhou.words(first.application_no)
    numbers = [signed(lanzhou, account, name, amount=EIGHT_HUNDRED) for account, name in ((taken, "杨已提"), (free, "朱未提"))]
    before = lanzhou.money(taken).balance
    assert (run(lanzhou).waiting, months(lanzhou, numbers[1])) == (1, [("2026-09", "IN_SETTLEMENT")])
    assert "尚未办结" in instalments(lanzhou, numbers[0])[0].reason
    from hpf.treasury.rules.payments import Told

    lanzhou.bank_says(first.application_no, Told.DONE)
    lanzhou.on = date(2026, 9, 24)
    done = run(lanzhou, at=lanzhou.at.replace(hour=3))
    assert done.refused == 1
    (instalment,) = instalments(lanzhou, numbers[0])
    assert instalment.application_state == "REFUSED" and lanzhou.reasons(instalment.application_no) == ["RENT_MONTH_USED"]
    assert "建金管〔2005〕5号/提取" in lanzhou.seen("decisions", instalment.application_no)[0].reasons[0].law
    assert lanzhou.money(taken).balance == before


def test_the_spouse_cannot_agree_for_the_same_rent_where_couples_count_together(tianshui):
    his, hers = couple(tianshui, "蒋丈夫", "蒋妻子")
    first = signed(tianshui, his[0], "蒋丈夫", spouse_consent_no=consent(tianshui, hers[1]), amount=EIGHT_HUNDRED)
    answer = sign(tianshui, hers[0], "蒋妻子", spouse_consent_no=consent(tianshui, his[1]))
    assert codes(answer) == ["SPOUSE_HAS_AGREEMENT"] and first in answer.reasons[0].message
    assert run(tianshui).paid == 1


def test_a_month_the_spouse_took_by_an_application_is_refused(tianshui):
    his, hers = couple(tianshui, "谢丈夫", "谢妻子")
    number = signed(tianshui, hers[0], "谢妻子", spouse_consent_no=consent(tianshui, his[1]), amount=EIGHT_HUNDRED)
    said = (("rental_kind", "MARKET"), ("asked_months", ["2026-09"]))
    first = tianshui.withdrawn(his[0], "谢丈夫", said=said, asked=EIGHT_HUNDRED, spouse_consent_no=consent(tianshui, hers[1]))
    assert first.state == "IN_SETTLEMENT", tianshui.words(first.application_no)
    before = tianshui.money(hers[0]).balance
    assert run(tianshui).refused == 1
    assert tianshui.reasons(instalments(tianshui, number)[0].application_no) == ["RENT_MONTH_USED_BY_SPOUSE"]
    assert tianshui.money(hers[0]).balance == before


def test_a_ban_and_frozen_money_refuse_their_own_month_only(lanzhou):
    people = {name: lanzhou.tenant(name)[0] for name in ("贺受限", "毕有令", "钟无事")}
    numbers = {name: signed(lanzhou, account, name, amount=EIGHT_HUNDRED) for name, account in people.items()}
    lanzhou.ban(people["贺受限"])
    freeze(lanzhou, people["毕有令"])
    done = run(lanzhou)
    assert (done.paid, done.refused) == (1, 2)
    reasons = {name: lanzhou.reasons(instalments(lanzhou, number)[0].application_no) for name, number in numbers.items()}
    assert reasons == {"贺受限": ["BANNED"], "毕有令": ["AVAILABLE_TOO_SMALL"], "钟无事": []}
    assert "冻结" not in lanzhou.words(instalments(lanzhou, numbers["毕有令"])[0].application_no)


def test_a_closed_account_ends_its_agreement(lanzhou):
    account, _ = lanzhou.tenant("黄销户")
    number = signed(lanzhou, account, "黄销户", amount=EIGHT_HUNDRED)
    close(lanzhou, account)
    assert run(lanzhou).refused == 1
    agreement = lanzhou.seen("agreement", number)
    assert agreement.state == "ENDED" and "没有可以提取的余额" in agreement.ended_reason


def test_ended_by_the_member_nothing_more_is_paid(lanzhou):
    account, _ = lanzhou.tenant("和终止")
    before = lanzhou.money(account).balance
    number = signed(lanzhou, account, "和终止", amount=EIGHT_HUNDRED)
    ended = lanzhou.give("end_agreement", lanzhou.maker, agreement_no=number, reason="退租", on=lanzhou.on)
    assert ended.value.state == "ENDED"
    assert run(lanzhou).due == 0 and lanzhou.money(account).balance == before
    again = lanzhou.give("end_agreement", lanzhou.maker, agreement_no=number, reason="退租", on=lanzhou.on)
    assert codes(again) == ["AGREEMENT_NOT_RUNNING"]


def test_a_death_ends_the_agreement(lanzhou):
    account, _ = lanzhou.tenant("穆身故")
    number = signed(lanzhou, account, "穆身故")
    lanzhou.give(
        "note_death", lanzhou.checker, person_id=lanzhou.view(account).person_id, died_on=date(2026, 9, 20), source="死亡证明62010019"
    )
    assert "死亡证明62010019" in lanzhou.seen("agreement", number).ended_reason and run(lanzhou).due == 0


def test_many_agreements_take_as_many_queries_as_few(lanzhou, queries):
    counted = []
    for size in (2, 5):
        for _ in range(size):
            account, _reference = lanzhou.tenant("萧多人")
            signed(lanzhou, account, "萧多人", amount=EIGHT_HUNDRED)
        queries.clear()
        done = run(lanzhou)
        assert done.paid == size
        counted.append(len(queries))
    assert counted[0] == counted[1]


# --- what the tests need of the centre ---


def freeze(centre, account):
    from django.db import transaction

    from hpf.ledger.services import place_freeze

    with centre.scope(), transaction.atomic():
        place_freeze(centre.view(account).ledger_account_id, None, "法院文书")


def close(centre, account):
    """The whole balance leaves by another way, and the account ends."""
    from django.db import transaction

    from hpf.accounts.rules.states import MemberState
    from hpf.accounts.services import end_account
    from hpf.ledger.rules import Draft, Leg
    from hpf.ledger.services import open_account, post
    from tests.support.people import fresh

    view = centre.view(account)
    with centre.scope(), transaction.atomic():
        to = open_account(centre.centre_id, 21904, "PAYMENT", -view.member_account_id, centre.on)
        fen = centre.money(account).balance.fen
        draft = Draft(centre.centre_id, "INTERNAL_TRANSFER", "J2", centre.on, centre.on, "TEST", fresh(), "转出", "转出经办")
        post(draft, [Leg(view.ledger_account_id, fen), Leg(to, -fen)], fresh())
        ended = end_account(
            by=centre.by, centre_id=centre.centre_id, account_no=account, final_state=MemberState.TRANSFERRED_OUT, reason="转出", on=centre.on,
            at=centre.at, key=fresh(),
        )  # fmt: skip
    assert ended.value is not None, ended.reasons
