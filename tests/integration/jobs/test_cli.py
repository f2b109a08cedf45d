"""`hpf` on a running platform: a list from file to expected money, the day, the proofs; and what a wrong file gets."""

import json

import pytest

from tests.support.contributions import Centre


@pytest.fixture(scope="module")
def lanzhou(database):
    centre = Centre()
    centre.begin()
    return centre


@pytest.fixture
def hpf(capsys):
    from hpf.jobs.cli import main

    def run(*arguments):
        code = main([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        return code, json.loads(out) if out else None, err

    return run


@pytest.fixture
def written(tmp_path):
    def write(content, name="清册.csv"):
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return write


def test_a_clean_list_is_received_and_confirmed_once(lanzhou, hpf, written):
    unit, people = lanzhou.unit_with_people("甘肃命令行有限公司")
    file = written(lanzhou.file(people))
    before = lanzhou.totals()
    code, out, _ = hpf("remit", file, "--employer", unit, "--month", "2026-07")
    assert (code, out["outcome"], out["state"], out["lines"], out["total"]) == (0, "APPROVED", "CONFIRMED", 3, "4320.00")
    assert hpf("remit", file, "--employer", unit, "--month", "2026-07")[1] == out
    assert lanzhou.totals() == before


def test_a_list_with_a_defect_is_told_row_and_remedy_and_nothing_moves(lanzhou, hpf, written):
    unit, people = lanzhou.unit_with_people("甘肃差错有限公司")
    file = written(lanzhou.file(people, spoil={2: {"单位月缴存额": "720.01"}}))
    before = lanzhou.totals()
    code, out, _ = hpf("remit", file, "--employer", unit, "--month", "2026-07")
    assert (code, out["outcome"], out["state"]) == (1, "REFUSED", "RECEIVED")
    assert out["reasons"][0]["code"] == "LIST_HAS_DEFECTS"
    assert [(defect["row"], defect["column"], defect["code"]) for defect in out["defects"]] == [(3, "单位月缴存额", "AMOUNT_WRONG")]
    assert lanzhou.totals() == before


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("remit", "/nowhere.xlsx", "--employer", "012000000012", "--month", "2026-07"), "不能读取文件/nowhere.xlsx"),
        (("remit", __file__, "--employer", "12", "--month", "2026-07"), "不是单位编号或单位账号"),
        (("close-day", "--centre", "beijing"), "没有中心“beijing”"),
        (("settle-interest", "--year", "25"), "不是年度"),
    ],
)
def test_wrong_use_is_one_line(lanzhou, hpf, arguments, says):
    code, out, err = hpf(*arguments)
    assert (code, out, err.count("\n")) == (2, None, 1)
    assert says in err


def test_a_unit_that_does_not_exist(lanzhou, hpf, written):
    from hpf.parties.rules import Series, number_of

    code, out, err = hpf("remit", written(b"x"), "--employer", number_of(1, Series.EMPLOYER, 99_999_999), "--month", "2026-07")
    assert (code, out) == (2, None)
    assert "本中心没有单位编号" in err


def test_the_books_balance(lanzhou, hpf):
    code, out, _ = hpf("balance-check", "--on", lanzhou.on, "--centre", "lanzhou", "--full")
    assert (code, out["ok"], [each["centre"] for each in out["centres"]]) == (0, True, ["lanzhou"])
    assert {check["difference"] for check in out["centres"][0]["checks"]} == {"0.00"}


def test_everything_verifies(lanzhou, hpf):
    code, out, _ = hpf("verify")
    assert (code, out["ok"], out["differences"], out["centres"]) == (0, True, 0, 16)


def test_a_settlement_before_its_day_is_a_checked_no(lanzhou, hpf):
    code, out, _ = hpf("settle-interest", "--year", "2026", "--centre", "lanzhou")
    assert (code, out["centres"][0]["outcome"]) == (1, "REFUSED")
    assert out["centres"][0]["reasons"][0]["message"]


def test_a_centre_without_an_open_day(lanzhou, hpf):
    code, out, _ = hpf("close-day", "--centre", "dingxi")
    assert (code, out["reasons"][0]["code"]) == (1, "NO_OPEN_DAY")


def test_the_day_closes_even_when_the_bank_is_silent_or_says_why_not(lanzhou, hpf):
    code, out, _ = hpf("close-day", "--centre", "lanzhou")
    (day,) = out["days"]
    assert day["closed"] is (code == 0)
    assert day["message"]
    assert day["bank"]
