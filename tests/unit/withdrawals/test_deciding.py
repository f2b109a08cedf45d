"""The rules of withdrawal as a whole: every centre, both texts, the order of reasons, silence about what is held, the versions."""

from __future__ import annotations

import dataclasses
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from hpf.kernel.codec import from_plain, to_plain
from hpf.kernel.decision import Decision, Outcome
from hpf.kernel.money import Money
from hpf.kernel.period import Month
from hpf.sharing.rules import CATALOGUE, FIELDS
from hpf.withdrawals.rules import (
    GROUNDS,
    Agreement,
    Answer,
    Applicant,
    By,
    Entitlement,
    EvidenceKind,
    Finding,
    Ground,
    Known,
    LimitKind,
    Prior,
    Said,
    Unknown,
    decide,
    examine,
    explain,
    instalment,
    reading,
    rule_version,
    sheets,
    what_may_i_withdraw,
)
from hpf.withdrawals.rules.catalogue import RULES
from hpf.withdrawals.rules.estates import share_out
from hpf.withdrawals.rules.facts_of_housing import LoanFacts, OtherHousingFacts, RentFacts
from hpf.withdrawals.rules.facts_of_life import Heir
from hpf.withdrawals.rules.loans import OffsetPart, offset
from tests.golden.withdrawals_named import LAW_AND_DEMO, cases, examined

NEW_TEXT, OLD_TEXT = date(2026, 10, 8), date(2026, 9, 18)
OLD_RENT = {
    "租赁已备案": True, "备案月租金": "9000.00", "家庭月工资收入": "9000.00", "租期起": date(2024, 1, 1), "租期止": None,
}  # fmt: skip
OTHER_THAN_HERE = frozenset({"PURCHASE_WINDOW_OVER", "SEAL_TOO_SHORT"})
"""What a centre with a shorter window, or an earlier day, may answer to a case that another approves."""

SINCE_2026 = frozenset({Ground.DECORATION, Ground.PROPERTY_FEE})


def approved_cases() -> dict[Ground, dict[str, Any]]:
    """For each ground the first golden case that approves."""
    found: dict[Ground, dict[str, Any]] = {}
    for rule, facts, case in cases():
        if rule == "提取" and not case.get("理由") and facts["日期"] == NEW_TEXT:
            found.setdefault(Ground(facts["情形"]), facts)
    return found


APPROVED = approved_cases()


def known(value: Any, on: date = NEW_TEXT) -> Known[Any]:
    return Known(value, "登记", on)


def tenant(**more: Any) -> RentFacts:
    said: dict[str, Any] = {
        "fraud_banned_until": known(None), "marital_state": known("SINGLE"), "homes_in_place": known(0), "rental_kind": known("MARKET"),
    }  # fmt: skip
    return RentFacts(**(said | more))


def applicant(**more: Any) -> Applicant:
    own: dict[str, Any] = {
        "person": "甲", "centre": 1, "balance": Money.yuan("24600.00"), "available": Money.yuan("24600.00"), "months_continuous": 14,
        "month_amount": Money.yuan("1980.00"), "born_on": date(1999, 5, 20),
    }  # fmt: skip
    return Applicant(**(own | more))


def rent(facts: RentFacts | None = None, asked: str | None = None, **own: Any) -> Finding:
    book = LAW_AND_DEMO.book(1, NEW_TEXT)
    return examine(Ground.RENT, applicant(**own), facts or tenant(), book, NEW_TEXT, Money.yuan(asked) if asked else None)


@pytest.mark.parametrize("centre", [centre.code for centre in LAW_AND_DEMO.centres])
@pytest.mark.parametrize("ground", Ground)
def test_every_ground_can_be_decided_in_every_centre_of_the_demonstration(ground: Ground, centre: str) -> None:
    for day in (NEW_TEXT,) if ground in SINCE_2026 else (NEW_TEXT, OLD_TEXT):
        facts = APPROVED[ground] | {"中心": centre}
        if ground is Ground.RENT:
            facts |= {"子女数": 0, "未满十八周岁子女数": 0, "缴存人类别": "LOCAL"}
        if day is OLD_TEXT:
            facts |= {"日期": day, "单位已出具证明": True}
            facts |= OLD_RENT if ground is Ground.RENT else {}
            facts = {name: _as_of(value, day) for name, value in facts.items()}
        finding = examined(facts)
        codes = {reason.code for reason in finding.decision.reasons}
        assert codes <= OTHER_THAN_HERE, finding.decision.reasons


def _as_of(value: Any, day: date) -> Any:
    return {**value, "取得": day, "有效至": None} if isinstance(value, dict) and "取得" in value else value


def test_every_ground_has_its_rule_its_sheet_and_a_written_order_of_checks() -> None:
    assert set(RULES) == set(GROUNDS) == set(Ground)
    for ground, rule in RULES.items():
        names = [check.__name__ for check in rule.order]
        assert names[0] == "account_is_open", ground
        assert names[-1] == "interval_is_over", ground
        assert len(names) == len(set(names)), ground


def test_the_handbook_has_a_section_for_every_ground() -> None:
    text = (Path(__file__).resolve().parents[3] / "docs" / "handbook" / "提取.md").read_text(encoding="utf-8")
    assert [ground.text for ground in Ground if f"\n### {ground.text}\n" not in text] == []


def test_the_exchange_codes_are_those_of_the_standard() -> None:
    table = LAW_AND_DEMO.codes["公共"]["tables"]["A.7"]
    by_name = {name: code for code, (name, _) in table["codes"].items()} | table["local"]
    assert {ground.value: sheet.exchange_code for ground, sheet in GROUNDS.items()} == {
        ground.value: by_name[ground.value] for ground in Ground
    }


def test_labels_and_names_of_facts_are_told_apart() -> None:
    for ground, rule in RULES.items():
        labels = [sheet.label for sheet in sheets(rule.facts)] + [label for label, _ in reading.APPLICANT.values()]
        assert len(labels) == len(set(labels)), ground
    kinds = {(sheet.name, sheet.kind) for rule in RULES.values() for sheet in sheets(rule.facts)}
    assert len({name for name, _ in kinds}) == len(kinds)


def test_every_fact_is_asked_of_a_service_that_can_answer_it() -> None:
    of_others = {"spouse_homes_in_place": "homes_in_place", "spouse_parents": "parents", "household_wage_month_fen": "wage_month_fen"}
    asked = {
        (sheet.asked_of, of_others.get(sheet.name, sheet.name)) for rule in RULES.values() for sheet in sheets(rule.facts) if sheet.asked_of
    }
    assert len(asked) > 60
    assert {(service, name) for service, name in asked if service not in CATALOGUE or name not in CATALOGUE[service].fields} == set()


def test_the_codes_of_a_fact_are_those_of_the_answer() -> None:
    told = {sheet.name: dict(sheet.values) for rule in RULES.values() for sheet in sheets(rule.facts) if sheet.values and sheet.asked_of}
    assert {name: set(values) for name, values in told.items()} == {name: set(dict(FIELDS[name].codes)) for name in told}


def test_the_words_are_the_same_whether_money_is_held_or_was_never_there() -> None:
    held = rent(asked="1980.00", available=Money.yuan("1979.99"))
    poor = rent(asked="1980.00", balance=Money.yuan("1979.99"), available=Money.yuan("1979.99"))
    assert held.decision == poor.decision
    assert explain(held) == explain(poor)
    (reason,) = held.decision.reasons
    assert "1,979.99" not in reason.message
    assert "24,600.00" not in reason.message


def test_an_explanation_never_gives_the_available_balance_as_a_figure() -> None:
    finding = rent(asked="1.00", available=Money.yuan("7777.77"))
    assert finding.decision.is_approved
    assert "7,777.77" not in "".join(explain(finding))
    assert next(limit for limit in finding.decision.value.limits if limit.kind is LimitKind.AVAILABLE).amount == Money.yuan("7777.77")  # type: ignore[union-attr]


def test_a_held_part_is_not_closed_away_with_a_retirement() -> None:
    facts = APPROVED[Ground.RETIREMENT]
    whole, part = examined(facts).decision.value, examined(facts | {"可用余额": "0.01"}).decision.value
    assert whole and part
    assert (whole.closes_account, whole.interest_to) == (True, NEW_TEXT)
    assert (part.amount, part.closes_account, part.interest_to) == (Money(1), False, None)


def test_a_contradiction_names_both_sides_in_words() -> None:
    facts = tenant(marital_state=Known("MARRIED", "民政", NEW_TEXT, None, (Said("SINGLE", "本人陈述"),)))
    (reason,) = rent(facts).decision.reasons
    assert reason.code == "FACTS_CONTRADICT"
    assert "民政为已婚，本人陈述为未婚" in reason.message


def test_a_doubt_goes_to_a_person_with_the_amount_that_follows_when_it_is_cleared() -> None:
    facts = APPROVED[Ground.PURCHASE] | {"十二个月内婚姻变更次数": 2}
    finding = examined(facts)
    assert finding.decision.outcome is Outcome.REFERRED
    assert finding.provisional is not None
    assert finding.provisional.amount == Money.yuan("90000.00")
    unknown = examined(facts | {"房屋总价": {"不明": "部门在时限内没有答复"}})
    assert unknown.provisional is None
    assert unknown.to_ask == ("price_fen",)


def test_a_refusal_stands_whatever_else_is_unknown_and_asks_for_nothing() -> None:
    finding = rent(tenant(marital_state=Unknown("民政", "部门在时限内没有答复")), months_continuous=2)
    assert [reason.code for reason in finding.decision.reasons] == ["RENT_MONTHS_SHORT"]
    assert finding.to_ask == ()


def test_an_amount_above_the_limit_is_refused_though_a_pattern_of_risk_was_met_too() -> None:
    finding = examined(APPROVED[Ground.PURCHASE] | {"十二个月内婚姻变更次数": 2, "申请金额": "480000.01"})
    assert [reason.code for reason in finding.decision.reasons] == ["ASKED_OVER_LIMIT"]


def test_facts_of_another_ground_are_a_mistake_of_the_program() -> None:
    with pytest.raises(TypeError, match="RentFacts"):
        examine(Ground.RENT, applicant(), OtherHousingFacts(), LAW_AND_DEMO.book(1, NEW_TEXT), NEW_TEXT)
    with pytest.raises(TypeError, match="homes_in_place"):
        rent(tenant(homes_in_place=known("0")))


def test_a_decision_says_by_which_parameters_facts_and_versions_it_was_made() -> None:
    finding = rent(asked="1980.00")
    assert {"withdrawal.rent_months_min", "withdrawal.rent_limit_year", "regulation.edition"} <= {each.key for each in finding.parameters}
    assert {each.name for each in finding.facts} == {"fraud_banned_until", "marital_state", "homes_in_place", "rental_kind"}
    assert finding.policy_digest == LAW_AND_DEMO.book(1, NEW_TEXT).digest
    assert finding.rule_version == rule_version(Ground.RENT)


def test_grounds_of_one_file_share_its_text_and_others_do_not() -> None:
    digest = {ground: rule_version(ground).partition("-")[2] for ground in Ground}
    assert digest[Ground.BUILD] == digest[Ground.PURCHASE]
    assert digest[Ground.RENT] != digest[Ground.PURCHASE]
    assert all(len(each) == 16 for each in digest.values())


def test_a_stored_application_is_decided_again_alike() -> None:
    for facts in APPROVED.values():
        data = dict(facts)
        ground, centre, on = Ground(data.pop("情形")), LAW_AND_DEMO.centre(data.pop("中心")), data.pop("日期")
        first = reading.read(ground, data, on, centre.id)
        again = reading.read(ground, reading.write(first), on, centre.id)
        assert again == first
        book = LAW_AND_DEMO.book(centre.id, on)
        assert examine(ground, again.applicant, again.facts, book, on, again.asked) == examined(facts)


def test_a_decision_can_be_kept_as_data_and_read_back() -> None:
    for facts in APPROVED.values():
        decision = examined(facts).decision
        assert from_plain(Decision[Entitlement], to_plain(decision)) == decision


def test_evidence_names_its_kind_and_the_person_who_used_it() -> None:
    for ground, facts in APPROVED.items():
        value = examined(facts).decision.value
        assert value is not None
        for key in value.evidence:
            assert EvidenceKind(key.partition(":")[0]) is GROUNDS[ground].evidence
            assert facts.get("申请人编号", "本人") in key
        if GROUNDS[ground].evidence in (EvidenceKind.PERSON, EvidenceKind.YEAR):
            assert value.evidence == ()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("没有这一项", {"balance": "1.00", "no_such": 1}),
        ("金额是数字", {"balance": 1}),
        ("三位小数", {"balance": "1.001"}),
        ("没有余额", {"available": "1.00"}),
        ("日期不对", {"balance": "1.00", "born_on": "1999-02-30"}),
        ("布尔写成文字", {"balance": "1.00", "rental_filed": "true"}),
        ("整数写成布尔", {"balance": "1.00", "homes_in_place": True}),
        ("事实没有值", {"balance": "1.00", "homes_in_place": {"source": "甲"}}),
        ("事实里不认识的项目", {"balance": "1.00", "homes_in_place": {"value": 0, "until": "2026-01-01"}}),
        ("列表写成文字", {"balance": "1.00", "asked_months": "2026-10"}),
        ("以前的提取缺项", {"balance": "1.00", "priors": [{"ground": "RENT"}]}),
        ("以前的提取不是项目", {"balance": "1.00", "priors": ["RENT"]}),
        ("事实一栏不是项目", {"facts": 3}),
    ],
)
def test_what_is_not_an_application_is_named_in_chinese(name: str, data: dict[str, Any]) -> None:
    with pytest.raises(reading.NotAnApplication, match=r"[\u4e00-\u9fff]"):
        reading.read(Ground.RENT, data, NEW_TEXT, 1)


def test_what_may_i_withdraw_answers_for_every_ground_but_death() -> None:
    person = {
        "fraud_banned_until": known(None),
        "pension_drawing": known(False),
        "retired_on": known(None),
        "marital_state": known("SINGLE"),
    }
    options = {option.ground: option for option in what_may_i_withdraw(
        applicant(), LAW_AND_DEMO.book(1, NEW_TEXT), NEW_TEXT, person, {Ground.RENT: tenant()}
    )}  # fmt: skip
    assert set(options) == set(Ground) - {Ground.DEATH}
    assert (options[Ground.RENT].answer, options[Ground.RENT].amount) == (Answer.CAN, Money.yuan("24600.00"))
    assert options[Ground.LEAVING].answer is Answer.CANNOT
    assert [reason.code for reason in options[Ground.LEAVING].reasons] == ["LEAVING_NOT_SEALED"]
    assert options[Ground.RETIREMENT].answer is Answer.CANNOT
    assert options[Ground.OTHER_HOUSING].answer is Answer.ASK
    assert [sheet.label for sheet in options[Ground.OTHER_HOUSING].to_ask] == ["未结清的公积金借款合同编号"]


def test_a_parameter_without_a_document_is_a_matter_for_a_person() -> None:
    bare = dataclasses.replace(
        LAW_AND_DEMO, parameters=tuple(each for each in LAW_AND_DEMO.parameters if each.key != "withdrawal.rent_limit_year")
    )
    decision = decide(Ground.RENT, applicant(), tenant(), bare.book(1, NEW_TEXT), NEW_TEXT)
    assert [reason.code for reason in decision.reasons] == ["PARAMETER_MISSING"]
    assert "没有政策参数“租住市场房每人每年提取限额”" in decision.reasons[0].message


def test_an_instalment_takes_the_agreed_amount_or_what_the_limit_leaves() -> None:
    book, month = LAW_AND_DEMO.book(1, NEW_TEXT), Month(2026, 10)
    agreement = Agreement(Ground.RENT, month, Month(2027, 9), 8, Money.yuan("1500.00"))
    found = instalment(agreement, month, applicant(), tenant(), book, NEW_TEXT).decision.value
    assert found
    assert (found.amount, found.evidence) == (Money.yuan("1500.00"), ("RENT_MONTH:甲:2026-10",))
    used = (Prior(Ground.RENT, ("RENT_MONTH:甲:2026-05",), date(2026, 5, 8), Money.yuan("29000.00"), By.SELF, 1, True),)
    left = instalment(
        agreement, month, applicant(born_on=date(1980, 1, 1), priors=used), tenant(tenant_group=known("LOCAL")), book, NEW_TEXT
    )
    assert left.decision.value
    assert left.decision.value.amount == Money.yuan("1000.00")


def test_the_instalments_of_an_agreement_do_not_wait_for_one_another() -> None:
    book = LAW_AND_DEMO.book(5, NEW_TEXT)
    loan = LoanFacts(
        fraud_banned_until=known(None), loan_kind=known("FUND"), loan_no=known("公贷1"), borrowers=known(("甲",)), is_housing_loan=known(True),
        paid_off_on=known(None), next_due_fen=known(Money.yuan("2600.00")),
    )  # fmt: skip
    agreement = Agreement(Ground.LOAN_REPAYMENT, Month(2026, 9), Month(2027, 8), 8)
    last = Prior(Ground.LOAN_REPAYMENT, ("LOAN_PERIOD:公贷1:DUE-2026-09:甲",), date(2026, 9, 8), Money.yuan("2600.00"), By.SELF, 5, True)
    found = instalment(agreement, Month(2026, 10), applicant(centre=5, priors=(last,)), loan, book, NEW_TEXT)
    assert found.decision.value
    assert found.decision.value.evidence == ("LOAN_PERIOD:公贷1:DUE-2026-10:甲",)
    single = dataclasses.replace(last, is_agreed=False)
    refused = instalment(agreement, Month(2026, 10), applicant(centre=5, priors=(single,)), loan, book, NEW_TEXT)
    assert [reason.code for reason in refused.decision.reasons] == ["INTERVAL_NOT_OVER"]


def test_an_offset_takes_the_borrower_first_and_says_what_is_short() -> None:
    accounts = [("甲", Money.yuan("1800.00")), ("乙", Money.yuan("1000.00"))]
    parts, short = offset(Money.yuan("3000.00"), accounts)
    assert parts == (OffsetPart("甲", Money.yuan("1800.00")), OffsetPart("乙", Money.yuan("1000.00")))
    assert short == Money.yuan("200.00")
    assert offset(Money.yuan("0.00"), accounts) == ((), Money(0))
    assert offset(Money.yuan("5.00"), [("丙", Money(-3)), ("甲", Money(500))]) == ((OffsetPart("甲", Money(500)),), Money(0))


@pytest.mark.parametrize("fen", [0, 1, 2, 99, 100, 10_000, 4_000_001])
def test_an_estate_is_shared_to_the_fen(fen: int) -> None:
    heirs = (Heir("妻", 1, 2), Heir("子", 1, 6), Heir("女", 1, 6), Heir("母", 1, 6))
    shares = share_out(Money(fen), heirs)
    assert sum(share.amount.fen for share in shares) == fen
    for heir, share in zip(heirs, shares, strict=True):
        assert 0 <= share.amount.fen - fen * heir.numerator // heir.denominator <= 1


def test_what_another_centre_reports_of_a_thing_is_recognised_by_its_first_two_parts() -> None:
    answers = {}
    for ground, facts in APPROVED.items():
        value = examined(facts).decision.value
        assert value is not None
        if GROUNDS[ground].evidence in (EvidenceKind.HOUSE, EvidenceKind.INVOICE, EvidenceKind.LIFT, EvidenceKind.CASE):
            thing = ":".join(value.evidence[0].split(":")[:2])
            stranger = {
                "情形": ground.value,
                "凭证": [f"{thing}:戊"],
                "办结日": date(2026, 10, 1),
                "金额": "1.00",
                "提取人": "OTHER",
                "中心编号": 9,
            }
            answers[ground] = {reason.code for reason in examined(facts | {"以前的提取": [stranger]}).decision.reasons}
    risky = {Ground.PURCHASE, Ground.DOWN_PAYMENT}
    assert answers == {ground: {"RISK_SAME_HOUSE" if ground in risky else "EVIDENCE_USED"} for ground in answers}
    assert len(answers) == 9
