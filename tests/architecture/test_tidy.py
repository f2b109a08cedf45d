"""Every house check is seen to fail on the smallest thing it forbids, and to pass on the same thing done right."""

import pytest

from tools import tidy

WRONG = {
    tidy.homeless_files: ("src/hpf/ledger/utils.py", ""),
    tidy.long_files: ("src/hpf/ledger/services.py", "x = 1\n" * 501),
    tidy.hosts: ("README.md", "see https://py" + "pi" + ".org/simple"),
    tidy.module_docstrings: ("src/hpf/ledger/services.py", "x = 1\n"),
    tidy.reasons: ("src/hpf/ledger/rules.py", 'Reason("NO_MONEY", "余额不足")'),
    tidy.floats: ("src/hpf/ledger/rules.py", "rate = 1.5"),
    tidy.foreign_keys: ("src/hpf/ledger/models.py", 'x = models.ForeignKey("a.B", on_delete=models.CASCADE)'),
}
RIGHT = {
    tidy.homeless_files: ("src/hpf/ledger/services.py", ""),
    tidy.long_files: ("src/hpf/ledger/services.py", "x = 1\n" * 500),
    tidy.hosts: ("README.md", "packages come from the usual registries"),
    tidy.module_docstrings: ("src/hpf/ledger/services.py", '"""记账."""\nx = 1\n'),
    tidy.reasons: ("src/hpf/ledger/rules.py", 'Reason("NO_MONEY", "余额12.00元不足，请减少金额后重新提交")'),
    tidy.floats: ("src/hpf/ledger/rules.py", "rate = 15"),
    tidy.foreign_keys: ("src/hpf/ledger/models.py", 'x = models.ForeignKey("a.B", on_delete=models.PROTECT, related_name="+")'),
}


@pytest.mark.parametrize("check", tidy.CHECKS, ids=lambda check: check.__name__)
def test_the_check_fails_on_what_it_forbids_and_passes_what_it_asks_for(check: tidy.Check) -> None:
    assert len(list(check(*WRONG[check]))) == 1
    assert list(check(*RIGHT[check])) == []


def test_a_reason_code_is_upper_snake() -> None:
    assert len(list(tidy.reasons("src/hpf/x/rules.py", 'Reason("noMoney", "余额不足，请减少金额")'))) == 1


def test_the_project_is_tidy() -> None:
    assert tidy.findings() == []
