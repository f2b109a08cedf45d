"""约定提取的授权: the member's and the spouse's consents last as long as the agreement; taken back, nothing more is paid."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils.timezone import now

from hpf.kernel.money import Money
from hpf.kernel.period import Month
from tests.integration.withdrawals.test_pages import desk, text_of
from tests.support.agreements import Bank, consent, couple, instalments, months, paid_out, run, sign, signed, stop_all, take_back, talk

__all__ = ["desk"]
EIGHT_HUNDRED = Money.yuan("800.00")


@pytest.fixture(autouse=True)
def nobody_else(database):
    """What earlier tests signed has ended."""
    stop_all()


def codes(answer):
    return [reason.code for reason in answer.reasons]


def signing(centre):
    """The form of a rent agreement for three months, as a phone or the counter sends it."""
    return {
        "first": str(Month.of(centre.on)), "term": "3", "day": "15", "rental_kind": "MARKET", "card": "6222021001112223334", "consent": "on",
    }  # fmt: skip


def test_the_spouse_consents_for_a_year_on_the_phone_and_the_number_serves_to_sign(lanzhou, desk):
    from hpf.sharing import queries

    his, hers = couple(lanzhou, "乐丈夫", "乐妻子")
    wife = desk.login("乐妻子", "MEMBER", hers[0])
    told = text_of(wife.post("/me/monthly/spouse/", {"key": "sp1"}, follow=True))
    with lanzhou.scope():
        (given,) = queries.consents(1, lanzhou.view(hers[0]).person_id)
    assert given.consent_no in told and (given.ends_at - given.given_at).days == 366
    husband = desk.login("乐丈夫", "MEMBER", his[0])
    form = signing(lanzhou)
    refused = text_of(husband.post("/me/monthly/new/RENT/", form | {"key": "sp2"}))
    assert "没有配偶的授权" in refused
    told = text_of(husband.post("/me/monthly/new/RENT/", form | {"key": "sp3", "spouse_consent": given.consent_no}, follow=True))
    assert "约定中" in told and "配偶授权" in told


def test_a_spouse_without_an_account_consents_at_the_counter_with_her_document(lanzhou, desk):
    from hpf.sharing import queries
    from tests.support.people import resident_id

    account, reference = lanzhou.tenant("任丈夫", born="19920105", marital_state="MARRIED")
    number = resident_id(871, "19930509", "620102")
    hers = lanzhou.departments.person("RESIDENT_ID", number, place="620102", homes_in_place=0)
    lanzhou.departments.marry(reference, hers)
    lanzhou.departments.facts(reference, marital_state="MARRIED", spouse_ref=hers)
    clerk, member = desk.login("柜员授权", "COUNTER_CLERK"), desk.login("任丈夫", "MEMBER", account)
    address = f"/counter/monthly/for/{account}/spouse/"
    assert "登记配偶授权" in text_of(clerk.get(f"/counter/withdrawals/for/{account}/"))
    assert member.get(address).status_code == 403
    said = {"id_kind": "RESIDENT_ID", "id_number": f" {number.lower()} ", "days": "366", "agrees": "on", "key": "sc1"}
    assert "请勾选" in text_of(clerk.post(address, said | {"agrees": ""}))
    wrong = clerk.post(address, said | {"id_number": number[:-1] + "?"})
    assert "invalid-feedback" in wrong.content.decode() and re.search(r"SQ\d+", text_of(wrong)) is None
    told = text_of(clerk.post(address, said, follow=True))
    consent_no = re.search(r"SQ\d+", told)[0]
    with lanzhou.scope():
        given = queries.consent(1, consent_no)
    assert (given.person_id, given.person_ref, given.given_by) == (None, hers, "柜员授权")
    assert number not in told
    signed_at = f"/counter/monthly/for/{account}/RENT/"
    told = text_of(clerk.post(signed_at, signing(lanzhou) | {"key": "sc2", "spouse_consent": consent_no}, follow=True))
    assert "约定中" in told and consent_no in told
    (agreement,) = lanzhou.seen("agreements_of_person", lanzhou.view(account).person_id)
    back = f"/counter/monthly/{agreement.agreement_no}/consent/"
    assert "配偶到场撤回授权" in told
    assert member.post(back, {"consent_no": consent_no, "key": "sc3"}).status_code == 403
    assert clerk.post(back, {"consent_no": "SQ0000", "key": "sc4"}).status_code == 404
    told = text_of(clerk.post(back, {"consent_no": consent_no, "key": "sc5"}, follow=True))
    assert f"授权{consent_no}已撤回" in told and "配偶到场撤回授权" not in told and "本人到场撤回授权" in told
    assert run(lanzhou, at=now()).refused == 1
    ended = lanzhou.seen("agreement", agreement.agreement_no)
    assert ended.state == "ENDED" and consent_no in ended.ended_reason


@pytest.mark.parametrize(
    ("names", "of_spouse", "first", "then"),
    [
        (("潘丈夫", "潘妻子"), True, date(2026, 9, 24), date(2026, 10, 15)),
        (("葛丈夫", "葛妻子"), False, date(2026, 10, 15), date(2026, 11, 16)),
    ],
)
def test_a_consent_taken_back_between_two_months_ends_the_agreement_before_the_second(lanzhou, desk, names, of_spouse, first, then):
    centre, bank = lanzhou, Bank()
    if centre.on < first:
        centre.next_day(first)
    his, hers = couple(centre, *names)
    of_hers = consent(centre, hers[1])
    before = centre.money(his[0]).balance
    number = signed(centre, his[0], names[0], spouse_consent_no=of_hers, amount=EIGHT_HUNDRED, months=3)
    assert run(centre).paid == 1, months(centre, number)
    talk(centre, bank)
    named = of_hers if of_spouse else centre.seen("agreement", number).consent_no
    take_back(centre, named)
    member = desk.login(names[0], "MEMBER", his[0])
    assert "下一期核查不了" in text_of(member.get(f"/me/monthly/{number}/"))
    centre.next_day(then)
    done = run(centre)
    assert (done.due, done.paid, done.refused) == (1, 0, 1)
    agreement = centre.seen("agreement", number)
    whose = "配偶" if of_spouse else "本人"
    assert agreement.state == "ENDED"
    assert f"{Month.of(then).text}一期未付：{whose}的授权{named}已于" in agreement.ended_reason and "撤回" in agreement.ended_reason
    assert months(centre, number) == [(str(Month.of(first)), "PAID"), (str(Month.of(then)), "REFUSED")]
    refused = instalments(centre, number)[1].application_no
    assert centre.reasons(refused) == ["CONSENT_WITHDRAWN"]
    assert "个人信息保护法/15" in centre.seen("decisions", refused)[0].reasons[0].law
    assert paid_out(centre, his[0], before) == EIGHT_HUNDRED
    assert run(centre).due == 0
    told = text_of(member.get(f"/me/monthly/{number}/"))
    assert "已终止" in told and named in told and "不予提取" in told
    assert "撤回" in text_of(member.get(f"/me/withdrawals/{refused}/"))
    assert "撤回" in text_of(desk.login("柜员授", "COUNTER_CLERK").get(f"/counter/monthly/{number}/"))
    replayed = [
        centre.seen("replay", decision.decision_id)
        for each in instalments(centre, number)
        for decision in centre.seen("decisions", each.application_no)
    ]
    assert [each.differences for each in replayed] == [(), ()]
    again = signed(centre, his[0], names[0], spouse_consent_no=consent(centre, hers[1]), first=Month.of(then) + 1, months=2)
    assert again != number


def test_without_the_spouses_consent_nothing_is_signed_where_her_homes_count(lanzhou):
    his, hers = couple(lanzhou, "莫丈夫", "莫妻子")
    stranger = lanzhou.tenant("莫旁人")[1]
    last = (Month.of(lanzhou.on) + 2).first_day.replace(day=15)
    wrong = {
        "AGREEMENT_CONSENT_MISSING": "",
        "AGREEMENT_CONSENT_SHORT": consent(lanzhou, hers[1], days=30),
        "CONSENT_OF_ANOTHER": consent(lanzhou, stranger),
        "CONSENT_TOO_NARROW": consent(lanzhou, hers[1], scope=("HR.employment",)),
        "CONSENT_FOR_OTHER_PURPOSE": consent(lanzhou, hers[1], purpose="办理贷款"),
    }
    before = lanzhou.totals()
    for code, number in wrong.items():
        answer = sign(lanzhou, his[0], "莫丈夫", spouse_consent_no=number, amount=EIGHT_HUNDRED)
        assert code in codes(answer), (code, answer.reasons)
        (newest, *_) = lanzhou.seen("agreements_of_person", lanzhou.view(his[0]).person_id)
        assert newest.state == "ENDED" and "配偶" in newest.ended_reason
    assert run(lanzhou).due == 0 and lanzhou.totals() == before
    unknown = sign(lanzhou, his[0], "莫丈夫", spouse_consent_no="SQ0120260924无此号")
    assert "没有编号为SQ0120260924无此号的授权" in unknown.reasons[0].message
    taken_back = consent(lanzhou, hers[1])
    take_back(lanzhou, taken_back)
    assert "CONSENT_WITHDRAWN" in codes(sign(lanzhou, his[0], "莫丈夫", spouse_consent_no=taken_back))
    short = sign(lanzhou, his[0], "莫丈夫", spouse_consent_no=wrong["AGREEMENT_CONSENT_SHORT"], amount=EIGHT_HUNDRED)
    assert str(last) in short.reasons[0].message
    signed(lanzhou, his[0], "莫丈夫", spouse_consent_no=consent(lanzhou, hers[1]), amount=EIGHT_HUNDRED)


def test_who_marries_half_way_needs_the_spouses_consent_from_then_on(lanzhou):
    from tests.integration.withdrawals.test_agreements_over_days import forget_answers

    centre = lanzhou
    account, reference = centre.tenant("宁新婚")
    first = Month.of(centre.on) + 1
    number = signed(centre, account, "宁新婚", first=first, amount=EIGHT_HUNDRED)
    _, hers = centre.tenant("宁新妇")
    centre.departments.marry(reference, hers)
    centre.departments.facts(reference, marital_state="MARRIED", spouse_ref=hers)
    forget_answers(centre)
    centre.next_day(date(2026, 12, 15))
    assert run(centre).refused == 1
    (instalment,) = instalments(centre, number)
    assert centre.reasons(instalment.application_no) == ["AGREEMENT_CONSENT_MISSING"]
    assert centre.seen("agreement", number).state == "ENDED"


def test_a_consent_taken_back_before_eight_in_the_morning_is_told_by_the_day_in_china(lanzhou, monkeypatch):
    from types import SimpleNamespace

    from hpf.web import monthly_consents

    night = datetime(2026, 9, 24, 23, 30, tzinfo=UTC)
    kept = {
        "SQ1": SimpleNamespace(withdrawn_at=night, ends_at=night),
        "SQ2": SimpleNamespace(withdrawn_at=None, ends_at=night),
    }
    monkeypatch.setattr(monthly_consents.sharing, "consents_named", lambda centre_id, numbers: kept)
    view = SimpleNamespace(consent_no="SQ1", spouse_consent_no="SQ2")
    lines = monthly_consents.consents_of(1, view, night - timedelta(days=1))
    assert [(line.text, line.in_force) for line in lines] == [("已于2026-09-25撤回", False), ("有效期至2026-09-25", True)]
