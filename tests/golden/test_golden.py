"""样例: every case in the YAML files of this folder, run through the rule that it names.

A case is the contract with the policy office: 事实 in, 结果 or 理由 out, and what must never come out (不得等于).
Cases of a file may start from facts that it names once (基准) and say only what differs.
A fault from the field becomes a case here before it is mended.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hpf.policy.rules.files import read_yaml
from tests.golden.rules_named import LAW, RULES
from tests.golden.withdrawals_named import facts_of

FOLDER = Path(__file__).parent
KEYS = {"名称", "基准", "事实", "结果", "理由", "不得等于", "依据"}


def _cases() -> list[Any]:
    cases = []
    for path in sorted(FOLDER.glob("*/*.yaml")):
        document = read_yaml(path)
        for number, case in enumerate(document["案例"], 1):
            where = f"{path.parent.name}/{path.stem}/{document['规则']}{number}-{case['名称']}"
            cases.append(pytest.param(document, _whole(document, case), id=where))
    return cases


def _whole(document: dict[str, Any], case: dict[str, Any]) -> dict[str, Any]:
    """The case with the facts it starts from written out."""
    return {**case, "事实": facts_of(document, case)}


@pytest.mark.parametrize(("document", "case"), _cases())
def test_the_rule_answers_as_the_case_says(document: dict[str, Any], case: dict[str, Any]) -> None:
    assert set(case) <= KEYS, f"不认识的项目：{set(case) - KEYS}"
    assert case.get("结果") or case.get("理由"), "案例须写明结果或理由"
    found = RULES[document["规则"]](case["事实"])
    assert found.reasons == tuple(case.get("理由", ()))
    for name, expected in case.get("结果", {}).items():
        assert found.values[name] == expected, name
    for name, wrong in case.get("不得等于", {}).items():
        assert found.values[name] not in (wrong if isinstance(wrong, list) else [wrong]), name
    if "依据" in case and found.reasons:
        assert case["依据"] in found.law


@pytest.mark.parametrize(("document", "case"), _cases())
def test_the_article_of_the_case_is_in_the_law(document: dict[str, Any], case: dict[str, Any]) -> None:
    assert case.get("依据", document["依据"]) in LAW.citations()
