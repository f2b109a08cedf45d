"""我能提取什么: every ground at once for one person, with what is already known; for each the amount, the reasons, or what to ask."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from hpf.kernel.decision import Outcome, Reason
from hpf.kernel.money import Money
from hpf.policy.rules import PolicyBook

from .catalogue import RULES
from .deciding import examine
from .entitlement import Finding
from .facts import Applicant, Fact, Facts, FactSheet, sheets
from .grounds import Ground

OF_THE_PERSON = frozenset({
    "fraud_banned_until", "marital_state", "spouse_ref", "homes_in_place", "spouse_homes_in_place", "tenant_group", "children",
    "minor_children", "household_wage_month_fen", "family_refs", "parents", "spouse_parents", "marriage_changes_year", "pension_drawing",
    "retired_on", "retirement_kind", "disability_total", "employment_ended_on", "insured_now", "emigrated_on", "elsewhere_account",
    "elsewhere_months", "minimum_income",
})  # fmt: skip
"""Facts that mean the same for every ground. A house, a loan, an invoice belongs to one application."""


class Answer(StrEnum):
    CAN = "CAN"
    ASK = "ASK"
    PERSON = "PERSON"
    CANNOT = "CANNOT"

    @property
    def text(self) -> str:
        return {"CAN": "可以提取", "ASK": "还需了解", "PERSON": "需人工核实", "CANNOT": "不能提取"}[self]


@dataclass(frozen=True, slots=True)
class Option:
    """One ground for this person today. `amount` with CAN; `reasons` else; `to_ask` the facts that would tell."""

    ground: Ground
    answer: Answer
    amount: Money | None
    reasons: tuple[Reason, ...]
    to_ask: tuple[FactSheet, ...]
    finding: Finding


def what_may_i_withdraw(
    applicant: Applicant,
    book: PolicyBook,
    on: date,
    known: Mapping[str, Fact[Any]],
    applications: Mapping[Ground, Facts] | None = None,
) -> tuple[Option, ...]:
    """Every ground the holder may ask for, in the order of `Ground`. Death is left out: it is asked for by heirs.

    `known` are facts of the person by name, as far as they are at hand; `applications` are the whole facts of a ground where
    the house, the loan or the invoice is known too. Nothing is asked of anybody here.
    """
    given = applications or {}
    return tuple(
        _option(ground, applicant, given.get(ground) or _facts(RULES[ground].facts, known), book, on)
        for ground in Ground
        if ground is not Ground.DEATH
    )


def _facts(kind: type[Facts], known: Mapping[str, Fact[Any]]) -> Facts:
    names = {sheet.name for sheet in sheets(kind)} & OF_THE_PERSON
    return kind(**{name: known[name] for name in names & set(known)})


def _option(ground: Ground, applicant: Applicant, facts: Facts, book: PolicyBook, on: date) -> Option:
    finding = examine(ground, applicant, facts, book, on)
    decision = finding.decision
    match decision.outcome:
        case Outcome.APPROVED:
            answer = Answer.CAN
        case Outcome.REFUSED:
            answer = Answer.CANNOT
        case _:
            answer = (
                Answer.ASK
                if finding.to_ask and {each.code for each in decision.reasons} <= {"FACT_UNKNOWN", "ANSWER_EXPIRED"}
                else Answer.PERSON
            )
    amount = decision.value.amount if decision.value else None
    asked = tuple(sheet for sheet in sheets(type(facts)) if sheet.name in finding.to_ask)
    return Option(ground, answer, amount, decision.reasons, asked, finding)
