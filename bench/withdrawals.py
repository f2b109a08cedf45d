"""提取审批: the pure decision of one application with its explanation, over every golden case. No database."""

from __future__ import annotations

import statistics
import time
from collections import Counter

from bench.report import Result
from hpf.withdrawals.rules import examine, explain
from tests.golden.withdrawals_named import application_of, cases

ROUNDS = 20


def measure_decide() -> list[Result]:
    """Each case ROUNDS times after one round that warms up; the 99 % time, so that the slow grounds count.

    Processor time: a decision waits for nothing, and what else the machine does is not its cost.
    """
    applications = [application_of(facts) for rule, facts, _ in cases() if rule == "提取"]
    milliseconds: list[float] = []
    outcomes: Counter[str] = Counter()
    for number in range(ROUNDS + 1):
        for ground, application, book, on in applications:
            begun = time.thread_time()
            finding = examine(ground, application.applicant, application.facts, book, on, application.asked)
            sentences = explain(finding)
            spent = (time.thread_time() - begun) * 1e3
            assert sentences
            if number:
                milliseconds.append(spent)
                outcomes[finding.decision.outcome.value] += 1
    p99 = statistics.quantiles(milliseconds, n=100)[98]
    counts = "、".join(f"{name} {count // ROUNDS}" for name, count in sorted(outcomes.items()))
    note = f"{len(applications)}个样例各{ROUNDS}次（{counts}），处理器时间中位{statistics.median(milliseconds):.2f}毫秒"
    return [Result("withdrawal.decide", p99, note=note)]
