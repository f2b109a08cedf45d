"""Whatever is said, unknown, out of date or contradicted: an answer with reasons, never a crash, never more than a bound."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from hpf.accounts.rules.states import MemberState
from hpf.kernel.codec import from_plain, to_plain
from hpf.kernel.decision import Outcome
from hpf.kernel.money import Money
from hpf.policy.rules import PolicyBook
from hpf.withdrawals.rules import (
    AccountKind,
    Applicant,
    Ban,
    BanKind,
    By,
    Facts,
    FactSheet,
    Finding,
    Ground,
    Known,
    Prior,
    Said,
    Unknown,
    examine,
    explain,
    reading,
    sheets,
)
from hpf.withdrawals.rules.catalogue import RULES
from hpf.withdrawals.rules.facts_of_life import Heir
from tests.golden.withdrawals_named import LAW_AND_DEMO, application_of, cases, examined
from tools import messages

DAYS = (date(2024, 12, 31), date(2025, 6, 1), date(2026, 4, 7), date(2026, 9, 19), date(2026, 9, 20), date(2026, 10, 8), date(2027, 4, 7))
PEOPLE = ("甲", "乙", "丙", "父", "岳母")
THINGS = ("H1", "公贷1", "26620000001", "2026-09", "2026-13", "")
BOOKS = {(centre.id, day): LAW_AND_DEMO.book(centre.id, day) for centre in LAW_AND_DEMO.centres for day in DAYS}
ROUNDS = 60
CASES: dict[Ground, list[Any]] = {ground: [] for ground in Ground}
for rule, case_facts, _ in cases():
    if rule == "提取":
        CASES[Ground(case_facts["情形"])].append(application_of(case_facts))


def some_day(dice: random.Random, on: date) -> date:
    return on - timedelta(days=dice.choice((-40, -1, 0, 0, 1, 29, 183, 366, 367, 731, 1826, 12000)))


def some_money(dice: random.Random) -> Money:
    return Money(dice.choice((0, 1, 99, 198_000, 1_980_00, 3_000_000, 9_999_999)))


def some_value(dice: random.Random, sheet: FactSheet, on: date) -> Any:
    if sheet.values and dice.random() < 0.9:
        return dice.choice(list(sheet.values))
    if sheet.kind is tuple:
        if sheet.items is Heir:
            return tuple(Heir(person, dice.randint(0, 2), dice.randint(0, 3)) for person in PEOPLE[: dice.randint(0, 3)])
        return tuple(dice.choice((*PEOPLE, *THINGS)) for _ in range(dice.randint(0, 3)))
    return {
        bool: lambda: dice.random() < 0.7,
        int: lambda: dice.randint(0, 3),
        Money: lambda: some_money(dice),
        date: lambda: some_day(dice, on),
        str: lambda: dice.choice((*PEOPLE, *THINGS)),
    }[sheet.kind]()


def some_fact(dice: random.Random, sheet: FactSheet, on: date) -> Any:
    chance = dice.random()
    if chance < 0.05:
        return Unknown("登记", "部门在时限内没有答复")
    value = None if chance < 0.12 else some_value(dice, sheet, on)
    until = on - timedelta(days=1) if chance > 0.98 else None
    others = (Said(some_value(dice, sheet, on), "本人陈述"),) if chance > 0.97 else ()
    return Known(value, "登记", on, until, others)


def some_applicant(dice: random.Random, given: Applicant, on: date) -> Applicant:
    """The applicant of a case with a few things otherwise."""
    balance = dice.choice((given.balance, some_money(dice)))
    prior = Prior(
        dice.choice(list(Ground)), (f"HOUSE:H1:{dice.choice(PEOPLE)}", f"RENT_MONTH:甲:{on.year}-0{dice.randint(1, 9)}"), some_day(dice, on),
        some_money(dice), dice.choice(list(By)), dice.randint(1, 16), dice.random() < 0.3,
    )  # fmt: skip
    otherwise: dict[str, Any] = {
        "balance": balance, "available": dice.choice((balance, balance, Money(dice.randint(0, balance.fen)))),
        "account_state": dice.choice(tuple(MemberState)), "account_kind": dice.choice(list(AccountKind)),
        "months_continuous": dice.randint(1, 60), "month_amount": some_money(dice), "sealed_on": dice.choice((None, some_day(dice, on))),
        "born_on": dice.choice((None, date(1964, 12, 20), date(1999, 5, 20))), "sex_kind": dice.choice(("", "M", "F", "F50", "F55", "男")),
        "employer_proof": dice.random() < 0.8, "own_loan_unpaid": some_money(dice), "died_on": dice.choice((None, on)),
        "bans": (Ban(dice.choice(list(BanKind)), "决1", some_day(dice, on), date(2029, 1, 1)),), "priors": (*given.priors, prior),
    }  # fmt: skip
    changed = {name for name in otherwise if dice.random() < 0.06}
    changed |= {"balance", "available"} if dice.random() < 0.3 else set()
    return replace(given, **{name: otherwise[name] for name in changed | ({"balance", "available"} if "balance" in changed else set())})


def some_finding(dice: random.Random, ground: Ground) -> tuple[Finding, Applicant, Facts, Money | None, PolicyBook]:
    """A case of the ground, decided with some of its facts otherwise, sometimes on another day or in another centre."""
    _, application, book, on = dice.choice(CASES[ground])
    if dice.random() < 0.3:
        centre, on = dice.randint(1, 16), dice.choice(DAYS)
        book = BOOKS[centre, on]
        application = replace(application, applicant=replace(application.applicant, centre=centre))
    few = dice.choice((0.0, 0.05, 0.2))
    otherwise = {sheet.name: some_fact(dice, sheet, on) for sheet in sheets(RULES[ground].facts) if dice.random() < few}
    facts, applicant = replace(application.facts, **otherwise), some_applicant(dice, application.applicant, on)
    asked = dice.choice((application.asked, None, some_money(dice)))
    return examine(ground, applicant, facts, book, on, asked), applicant, facts, asked, book


@pytest.mark.parametrize("ground", Ground)
def test_any_application_gets_an_answer_within_every_bound(ground: Ground) -> None:
    dice = random.Random(f"{ground}-20260920")
    seen: set[Outcome] = set()
    for _ in range(ROUNDS):
        finding, applicant, facts, asked, _ = some_finding(dice, ground)
        decision = finding.decision
        seen.add(decision.outcome)
        if decision.outcome is Outcome.APPROVED:
            value = decision.value
            assert value is not None
            assert 0 < value.amount.fen <= min(limit.amount.fen for limit in value.limits) <= applicant.available.fen
            assert asked is None or value.amount == asked
            assert not value.closes_account or value.amount == applicant.balance
            assert not value.shares or sum(share.amount.fen for share in value.shares) == value.amount.fen
        else:
            assert decision.reasons
            assert decision.value is None
        for sentence in explain(finding):
            assert sentence[-1] in "。："
            assert not re.search(r"None|\{|\}|Known\(|Money\(", sentence), sentence
        application = reading.Application(applicant, facts, asked)
        assert reading.read(ground, reading.write(application), finding.on, applicant.centre) == application
        assert from_plain(Finding, to_plain(finding)) == finding
    assert seen == set(Outcome)


@pytest.mark.parametrize("ground", Ground)
def test_a_fact_that_is_taken_away_never_turns_a_no_or_a_doubt_into_a_yes(ground: Ground) -> None:
    dice = random.Random(f"{ground}-taken")
    for _ in range(ROUNDS // 3):
        finding, applicant, facts, asked, book = some_finding(dice, ground)
        if finding.decision.outcome is Outcome.APPROVED:
            continue
        for used in finding.facts:
            known = {sheet.name: getattr(facts, sheet.name) for sheet in sheets(type(facts))} | {used.name: Unknown()}
            without = examine(ground, applicant, type(facts)(**known), book, finding.on, asked)
            assert without.decision.outcome is not Outcome.APPROVED or _may_be_left_out(ground, used.name), used


def _may_be_left_out(ground: Ground, name: str) -> bool:
    """What a rule reads only when it is there: the lease of a market rent, the months and the month applied for; and the pension
    where, before 2025, age was proof enough."""
    return (ground, name) in {
        (Ground.RENT, "rental_filed"), (Ground.RENT, "asked_months"), (Ground.LOAN_REPAYMENT, "due_month"), (Ground.RETIREMENT, "pension_drawing"),
    }  # fmt: skip


def test_every_reason_says_what_to_do_now() -> None:
    said = [message for message in messages.everything() if message.where.startswith("src/hpf/withdrawals/rules/")]
    assert len(said) > 90
    assert [message.code for message in said if not re.search("(?<!申)请|可以依法", message.text)] == []


def test_no_reason_speaks_of_courts_or_of_what_is_held() -> None:
    said = [message.text for message in messages.everything() if message.where.startswith("src/hpf/withdrawals/rules/")]
    said += [sentence for rule, facts, _ in cases() if rule == "提取" for sentence in _explained(facts)]
    assert [text for text in said if re.search("冻结|法院|司法|查封|扣划|止付", text)] == []


def _explained(facts: dict[str, Any]) -> list[str]:
    return explain(examined(facts))
