"""每条理由都有样例: a reason that the rules of withdrawal can give stands in at least one golden case of 提取/."""

from __future__ import annotations

from collections.abc import Iterable

from hpf.withdrawals.rules.catalogue import RULES
from hpf.withdrawals.rules.grounds import Ground
from tests.golden.withdrawals_named import cases
from tools import messages

RULE_FILES = frozenset(
    {"agreements", "bans", "case", *(rule.module.__name__.rpartition(".")[2] for rule in RULES.values()), "every_ground"}
)
EDITION_DAYS = ("2026-09-19", "2026-09-20")


def codes_of_rules() -> set[str]:
    places = tuple(f"src/hpf/withdrawals/rules/{name}.py:" for name in RULE_FILES)
    return {message.code for message in messages.everything() if message.where.startswith(places)}


def without_a_case(codes: Iterable[str]) -> set[str]:
    return set(codes) - {code for _, _, case in cases() for code in case.get("理由", ())}


def test_every_reason_of_the_rules_has_a_case() -> None:
    assert len(codes_of_rules()) > 60
    assert without_a_case(codes_of_rules()) == set()


def test_the_check_can_fail() -> None:
    assert without_a_case({"RENT_OWN_HOME", "NEVER_GIVEN"}) == {"NEVER_GIVEN"}


def test_every_ground_is_approved_and_refused_in_a_case() -> None:
    answers: dict[str, set[str]] = {ground.value: set() for ground in Ground}
    for rule, facts, case in cases():
        if rule == "提取":
            answers[str(facts["情形"])].add("理由" if case.get("理由") else "金额")
    assert {ground for ground, found in answers.items() if found != {"理由", "金额"}} == set()


def test_every_ground_has_a_case_under_both_texts_of_the_regulation() -> None:
    editions: dict[str, set[bool]] = {ground.value: set() for ground in Ground}
    for rule, facts, _ in cases():
        if rule == "提取":
            editions[str(facts["情形"])].add(str(facts["日期"]) >= EDITION_DAYS[1])
    assert {ground for ground, found in editions.items() if len(found) < 2} == set()
