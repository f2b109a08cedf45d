"""缓缴 降比 欠缴 催缴: relief by three people and a resolution, money owed later, and the centre's duty to urge."""

from __future__ import annotations

from datetime import date

import pytest

from hpf.kernel.actor import Actor
from hpf.kernel.money import ZERO, Money
from hpf.kernel.period import Month
from hpf.kernel.rate import Rate
from tests.support.contributions import Centre, codes
from tests.support.people import AT, fresh

AUGUST, SEPTEMBER, OCTOBER, NOVEMBER = (Month(2026, n) for n in (8, 9, 10, 11))


@pytest.fixture
def own_lanzhou(own_database):
    centre = Centre(1)
    centre.begin()
    return centre


def resolution(lanzhou):
    return lanzhou.call("keep_original", kind="RESOLUTION", filename="职代会决议.pdf", content=b"%PDF-1.7").original_id


def ask(lanzhou, unit, **more):
    given = {
        "employer_account_no": unit, "kind": "DEFERRAL", "since_month": AUGUST, "until_month": OCTOBER, "reason": "连续亏损",
        "resolution_no": "职代会〔2026〕3号", "resolution_id": resolution(lanzhou), "business_on": lanzhou.on,
    }  # fmt: skip
    return lanzhou.call("apply_deferral", lanzhou.employer, **{**given, **more})


def test_a_reduction_needs_three_people_and_lowers_everybodys_amount(own_lanzhou):
    lanzhou = own_lanzhou
    unit, people = lanzhou.unit_with_people("兰州困难企业有限公司")
    lanzhou.booked_month(unit)
    assert codes(ask(lanzhou, unit, resolution_no=""))[:1] == ["RESOLUTION_MISSING"]
    applied = ask(lanzhou, unit, kind="REDUCTION", employer_rate=Rate.of("5"), member_rate=Rate.of("5")).value
    assert (applied.state, applied.due_on) == ("APPLIED", date(2026, 8, 17))
    no = applied.deferral_no
    given = {"deferral_no": no, "decision_no": "管委会〔2026〕1号", "opinion": "同意", "business_on": lanzhou.on}
    assert codes(lanzhou.call("approve_deferral", lanzhou.director, **given)) == ["WRONG_STATE"]
    assert codes(lanzhou.call("review_deferral", lanzhou.employer, deferral_no=no, opinion="同意")) == ["MAKER_IS_CHECKER"]
    assert lanzhou.call("review_deferral", lanzhou.maker, deferral_no=no, opinion="情况属实").value.state == "REVIEWED"
    assert codes(lanzhou.call("approve_deferral", lanzhou.maker, **given)) == ["MAKER_IS_CHECKER"]
    assert lanzhou.call("approve_deferral", lanzhou.director, **given).value.state == "APPROVED"
    assert [str(lanzhou.view(each).month_total) for each in people] == ["500.00", "600.00", "700.00"]
    assert lanzhou.confirmed(unit, AUGUST).total == Money.yuan("1800.00")


def test_a_deferral_excuses_its_months_and_is_owed_until_paid_back_to_zero(own_lanzhou):
    from hpf.contributions.services import record_deferred_months

    lanzhou = own_lanzhou
    unit, people = lanzhou.unit_with_people("兰州缓缴有限公司", rate="5")
    lanzhou.booked_month(unit)
    no = ask(lanzhou, unit).value.deferral_no
    lanzhou.call("review_deferral", lanzhou.maker, deferral_no=no, opinion="属实")
    lanzhou.call(
        "approve_deferral", lanzhou.director, deferral_no=no, decision_no="管委会〔2026〕2号", opinion="同意", business_on=lanzhou.on
    )
    assert lanzhou.unit_view(unit).state == "DEFERRED"
    (august,) = record_deferred_months(by=lanzhou.by, centre_id=1, business_on=lanzhou.on, at=AT)
    assert (august.month, august.members, august.due) == (AUGUST, 3, Money.yuan("1800.00"))
    assert record_deferred_months(by=lanzhou.by, centre_id=1, business_on=lanzhou.on, at=AT) == []
    lanzhou.next_day(date(2026, 9, 30))
    record_deferred_months(by=lanzhou.by, centre_id=1, business_on=lanzhou.on, at=AT)
    assert lanzhou.ask_for("arrears", lanzhou.on) == []
    (alarm,) = lanzhou.ask_for("deferral_alarms", lanzhou.on)
    assert alarm.code == "TERM_ENDS_SOON" and "将于2026年9月届满" in alarm.message
    lanzhou.next_day(date(2026, 10, 9))
    ended = lanzhou.call("end_deferral", deferral_no=no, business_on=lanzhou.on).value
    assert (ended.state, ended.restored_month, lanzhou.unit_view(unit).state) == ("ENDED", OCTOBER, "NORMAL")
    assert [(owed.month, owed.left) for owed in lanzhou.ask_for("deferred_owed", no)] == [
        (AUGUST, Money.yuan("1800.00")), (SEPTEMBER, Money.yuan("1800.00")),
    ]  # fmt: skip
    assert lanzhou.booked_month(unit, OCTOBER).total == Money.yuan("1800.00")
    assert lanzhou.unit_view(unit).paid_through == OCTOBER
    for month, left, state in ((AUGUST, ["0.00", "1800.00"], "ENDED"), (SEPTEMBER, ["0.00", "0.00"], "REPAID")):
        made_up = lanzhou.call("prepare_list", employer_account_no=unit, month=month, kind="BACK_FULL", reason="缓缴期满补缴").value
        assert made_up.state == "CHECKED", lanzhou.ask_for("defects", made_up.remittance_no)
        confirmed = lanzhou.call("confirm", remittance_no=made_up.remittance_no).value
        lanzhou.pay_in(str(confirmed.expected), confirmed.reference)
        assert confirmed.remittance_no in lanzhou.apply().booked
        assert [str(owed.left) for owed in lanzhou.ask_for("deferred_owed", no)] == left
        assert lanzhou.ask_for("deferral", no).state == state
    assert len(lanzhou.ask_for("months_paid", lanzhou.view(people[0]).member_account_id, lanzhou.on)) == 4


def test_a_deferred_month_cannot_be_remitted_as_a_regular_one(own_lanzhou):
    lanzhou = own_lanzhou
    unit, _ = lanzhou.unit_with_people("兰州缓缴期内有限公司", rate="5")
    lanzhou.booked_month(unit)
    no = ask(lanzhou, unit).value.deferral_no
    lanzhou.call("review_deferral", lanzhou.maker, deferral_no=no, opinion="属实")
    lanzhou.call(
        "approve_deferral", lanzhou.director, deferral_no=no, decision_no="管委会〔2026〕2号", opinion="同意", business_on=lanzhou.on
    )
    prepared = lanzhou.call("prepare_list", employer_account_no=unit, month=AUGUST).value
    assert (prepared.state, [d.code for d in lanzhou.ask_for("defects", prepared.remittance_no)]) == ("RECEIVED", ["MONTH_NOT_DUE"])


def test_a_unit_in_arrears_is_urged_step_by_step_and_let_go_when_it_has_paid(own_lanzhou):
    lanzhou = own_lanzhou
    unit, _ = lanzhou.unit_with_people("兰州欠缴有限公司")
    assert [each.months for each in lanzhou.ask_for("arrears", date(2026, 7, 15))] == []
    (owing,) = lanzhou.ask_for("arrears", date(2026, 7, 16))
    assert (owing.employer_account_no, owing.months, owing.days, owing.owed) == (unit, (Month(2026, 7),), 1, Money.yuan("4320.00"))
    facts = lanzhou.ask_for("employer_closing_facts", lanzhou.unit_view(unit).employer_account_id, lanzhou.on)
    assert (facts.months_owed, facts.owed, facts.prepaid) == ((Month(2026, 7),), Money.yuan("4320.00"), ZERO)
    case = lanzhou.call("open_urging", employer_account_no=unit, business_on=lanzhou.on).value
    assert codes(lanzhou.call("open_urging", employer_account_no=unit, business_on=lanzhou.on)) == ["URGING_OPEN"]
    notice = {"urging_no": case.urging_no, "kind": "NOTICE", "taken_on": lanzhou.on, "note": "邮寄送达", "document_no": "催字〔2026〕1号"}
    assert codes(lanzhou.call("take_urging_step", **notice)) == ["URGING_STEP_SKIPPED", "EVIDENCE_MISSING"]
    call = lanzhou.call("take_urging_step", urging_no=case.urging_no, kind="CALL", taken_on=lanzhou.on, note="经办人答复月底缴").value
    evidence = lanzhou.call("keep_original", kind="EVIDENCE", filename="送达回证.jpg", content=b"\xff\xd8\xff").original_id
    sent = lanzhou.call("take_urging_step", **notice, evidence_id=evidence, delivered_on=lanzhou.on, delivered_to="门卫").value
    assert (call.step_no, sent.step_no) == (1, 2)
    assert codes(lanzhou.call("close_urging", urging_no=case.urging_no, business_on=lanzhou.on, outcome="已缴")) == ["STILL_IN_ARREARS"]
    lanzhou.booked_month(unit)
    assert lanzhou.call("close_urging", urging_no=case.urging_no, business_on=lanzhou.on, outcome="已缴清").value.state == "CLOSED"
    view = lanzhou.ask_for("urging", case.urging_no)
    assert [(step.kind, step.evidence_id) for step in view.steps] == [("CALL", None), ("NOTICE", evidence)]
    assert codes(lanzhou.call("open_urging", employer_account_no=unit, business_on=lanzhou.on)) == ["NOT_IN_ARREARS"]


def test_a_unit_leaves_only_when_nothing_is_owed_or_it_is_decided_in_writing(own_lanzhou):
    from hpf.accounts.services import into_custody
    from hpf.contributions.services import close_unit

    lanzhou = own_lanzhou
    unit, people = lanzhou.unit_with_people("兰州破产有限公司")
    custody = lanzhou.unit("兰州中心集中封存专户", kind="CUSTODY")

    def close(**more):
        given = {"employer_account_no": unit, "reason": "BANKRUPT", "business_on": lanzhou.on, "at": AT, "key": fresh()}
        return close_unit(by=lanzhou.checker, centre_id=1, **{**given, **more})

    waiting = lanzhou.confirmed(unit)
    refused = close()
    assert codes(refused) == ["LISTS_WAITING"] and waiting.remittance_no in refused.reasons[0].message
    lanzhou.call("cancel", remittance_no=waiting.remittance_no, reason="破产")
    lanzhou.booked_month(unit)
    lanzhou.next_day(date(2026, 9, 16))
    assert codes(close()) == ["MEMBERS_LEFT", "ARREARS_LEFT"]
    taken = into_custody(
        by=lanzhou.checker, centre_id=1, custody_account_no=custody, account_nos=tuple(people), on=lanzhou.on, at=AT, key=fresh()
    )
    assert [line.outcome.name for line in taken.lines] == ["APPROVED"] * 3
    owed = close()
    assert codes(owed) == ["ARREARS_LEFT"] and lanzhou.unit_view(unit).state == "NORMAL"
    assert close(arrears_decision_no="（2026）甘01破3号").value.state == "CLOSED"


def test_people_not_paid_for_three_months_are_watched(own_lanzhou):
    lanzhou = own_lanzhou
    unit, people = lanzhou.unit_with_people("兰州断缴有限公司")
    lanzhou.booked_month(unit)
    assert watched(lanzhou, date(2026, 10, 31)) == (0, [])
    assert watched(lanzhou, date(2026, 11, 1)) == (3, [(no, 3) for no in people])


def watched(centre, on):
    """How many the turn of the month finds, and the list that a page then shows."""
    found = centre.call("find_lapses", by=Actor.system(centre.centre_id), business_on=on).found
    return found, [(each.account_no, each.months) for each in centre.ask_for("lapsed", on)]


def test_who_is_paid_for_or_sealed_leaves_the_list_without_a_new_count(own_lanzhou):
    from hpf.accounts.services import seal

    lanzhou = own_lanzhou
    unit, people = lanzhou.unit_with_people("兰州补缴有限公司")
    lanzhou.booked_month(unit)
    assert watched(lanzhou, date(2026, 11, 1)) == (3, [(no, 3) for no in people])
    seal(by=lanzhou.maker, centre_id=1, account_no=people[0], reason="LEFT", left_on=lanzhou.on, on=lanzhou.on, at=AT, key=fresh("seal"))
    assert [each.account_no for each in lanzhou.ask_for("lapsed", date(2026, 11, 2))] == people[1:]
    lanzhou.booked_month(unit, AUGUST)
    assert lanzhou.ask_for("lapsed", date(2026, 11, 2)) == []


def test_a_month_is_watched_once(own_lanzhou):
    from hpf.contributions.services import watch_lapses

    def watch(on):
        return watch_lapses(by=Actor.system(1), centre_id=1, business_on=on, at=AT)

    assert watch(date(2026, 10, 9)).month == Month(2026, 10)
    assert watch(date(2026, 10, 30)) is None
    assert watch(date(2026, 11, 2)).month == Month(2026, 11)


def test_a_file_of_new_bases_changes_the_right_rows_and_names_the_wrong_ones(own_lanzhou):
    from tests.support.lists import delimited

    lanzhou = own_lanzhou
    unit, people = lanzhou.unit_with_people("兰州基数调整有限公司")
    rows = [[people[0], "张三", "5500.00"], [people[1], "李四", "六千"], ["010000000000", "某人", "5000"], [people[2], "王五", "99999"]]
    given = {"employer_account_no": unit, "from_month": Month(2026, 7), "filename": "基数.csv", "business_on": lanzhou.on}
    answer = lanzhou.call("adjust_bases_by_file", content=delimited(rows, ["个人账号", "姓名", "缴存基数"]), **given).value
    assert (answer.changed, [(defect.row, defect.code) for defect in answer.defects]) == (2, [(3, "NOT_AN_AMOUNT"), (4, "PERSON_STRANGER")])
    assert [str(lanzhou.view(no).base) for no in people] == ["5500.00", "6000.00", "30090.75"]
