"""`hpf` without a database: what it prints, what it exits with, and how it says wrong use."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from hpf.jobs.cli import main

I2 = [
    "2023-07-01,10000.00",
    *(f"2023-{m:02d}-10,2000" for m in range(7, 13)),
    *(f"2024-{m:02d}-10,2000.00" for m in range(1, 7)),
    "2024-03-15,-15000.00",
]


@pytest.fixture
def hpf(capsys):
    """Run a command; gives (exit code, JSON or None, stderr)."""

    def run(*arguments):
        code = main([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        return code, json.loads(out) if out else None, err

    return run


@pytest.fixture
def events(tmp_path):
    def write(*rows, name="events.csv"):
        path = tmp_path / name
        path.write_text("\n".join(["value_on,amount", *rows]), encoding="utf-8")
        return path

    return write


def wrong_use(answer):
    """Exit 2, nothing on stdout, one line on stderr."""
    code, out, err = answer
    assert (code, out, err.count("\n")) == (2, None, 1)
    assert err.startswith("hpf：")
    return err


def test_a_contribution_is_printed_exactly(capsys):
    assert main(["calc", "contribution", "--base", "2310", "--employer-rate", "5", "--member-rate", "5"]) == 0
    assert capsys.readouterr().out == '{"employer":"116.00","member":"116.00","total":"232.00"}\n'


def test_within_the_limits_of_a_centre_the_answer_is_the_same(hpf):
    code, out, _ = hpf(
        *[
            "calc",
            "contribution",
            "--base",
            "2310",
            "--employer-rate",
            "5",
            "--member-rate",
            "5",
            "--centre",
            "lanzhou",
            "--month",
            "2026-08",
        ]
    )
    assert (code, out) == (0, {"employer": "116.00", "member": "116.00", "total": "232.00"})


def test_outside_the_limits_every_breach_is_a_reason(hpf):
    code, out, _ = hpf(
        *[
            "calc",
            "contribution",
            "--base",
            "40000",
            "--employer-rate",
            "4.99",
            "--member-rate",
            "13",
            "--centre",
            "lanzhou",
            "--month",
            "2026-08",
        ]
    )
    assert (code, out["outcome"]) == (1, "REFUSED")
    assert [reason["code"] for reason in out["reasons"]] == ["BASE_ABOVE_CAP", "RATE_BELOW_MINIMUM", "RATE_ABOVE_MAXIMUM"]
    assert out["reasons"][0]["law"] == ["兰州基数通知/2026"]


def test_a_district_has_its_own_floor(hpf):
    asked = [
        "calc",
        "contribution",
        "--base",
        "2150",
        "--employer-rate",
        "5",
        "--member-rate",
        "5",
        "--centre",
        "兰州",
        "--month",
        "2026-08",
        "--district",
    ]
    assert hpf(*asked, "永登县")[0] == 0
    assert hpf(*asked, "城关")[1]["reasons"][0]["code"] == "BASE_BELOW_FLOOR"
    assert "兰州没有区县“朝阳”" in wrong_use(hpf(*asked, "朝阳"))


def test_a_limit_that_is_not_known_is_not_guessed(hpf):
    code, out, _ = hpf(
        *[
            "calc",
            "contribution",
            "--base",
            "2310",
            "--employer-rate",
            "5",
            "--member-rate",
            "5",
            "--centre",
            "dingxi",
            "--month",
            "2026-08",
        ]
    )
    assert (code, out["outcome"], out["reasons"][0]["code"]) == (1, "REFERRED", "MISSING_PARAMETER")


def test_interest_of_a_year(hpf, events):
    code, out, _ = hpf("calc", "interest", "--method", "DAY_PRODUCT_360", "--year", 2023, "--events", events(*I2))
    assert (code, out) == (0, {"balance_days": 6568000, "interest": "273.67", "closing": "19273.67"})


def test_closing_interest_with_its_explanation(hpf, events):
    file = events("2024-07-01,19273.67", "2024-07-10,2000", "2024-08-10,2000", "2024-09-10,2000")
    code, out, _ = hpf(
        "calc", "interest", "--method", "DAY_PRODUCT_360", "--year", 2024, "--events", file, "--close-on", "2024-10-20", "--explain"
    )
    assert (code, out["balance_days"], out["interest"], out["closing"]) == (0, 2565377.37, "106.89", "25380.56")
    assert [row["days"] for row in out["rows"]] == [9, 31, 31, 40]


def test_the_dual_rates_before_2016_come_from_the_law(hpf, events):
    rows = ["2015-07-01,20000", *(f"2015-{m:02d}-10,1000" for m in range(7, 13)), *(f"2016-{m:02d}-10,1000" for m in range(1, 7))]
    assert hpf("calc", "interest", "--method", "DAY_PRODUCT_360", "--year", 2015, "--events", events(*rows))[1]["interest"] == "316.83"


def test_interest_by_months_at_a_given_rate(hpf, events):
    file = events("2023-07-01,10000", "2023-07-10,2000")
    code, out, _ = hpf("calc", "interest", "--method", "MONTH_WEIGHTS", "--year", 2023, "--events", file, "--rate", "1.5")
    assert (code, out["balance_months"], out["interest"]) == (0, 142000, "177.50")


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("2024-07-01,1", "第3行：2024-07-01不在2023-07-01至2024-06-30之间"),
        ("2023-08-01,1.005", "第3行：“1.005”不是金额"),
        ("2023-13-01,1", "第3行：“2023-13-01”不是日期"),
        ("2023-08-01,-2", "余额变为-1.00元"),
    ],
)
def test_a_wrong_line_of_events_is_named(hpf, events, row, says):
    assert says in wrong_use(
        hpf("calc", "interest", "--method", "DAY_PRODUCT_360", "--year", 2023, "--events", events("2023-07-01,1", row))
    )


def test_a_schedule(hpf):
    code, out, _ = hpf(*["calc", "schedule", "--principal", "600000", "--rate", "2.85", "--months", "360", "--method", "LEVEL_INSTALMENT"])
    first = {"no": 1, "principal": "1056.34", "interest": "1425.00", "payment": "2481.34", "balance": "598943.66"}
    assert (code, out["instalments"][0], len(out["instalments"]), out["total_interest"]) == (0, first, 360, "293284.90")


def test_a_schedule_with_due_days(hpf):
    out = hpf(
        *[
            "calc",
            "schedule",
            "--principal",
            "600000",
            "--rate",
            "2.85",
            "--months",
            "3",
            "--method",
            "LEVEL_PRINCIPAL",
            "--first-due",
            "2024-01-31",
        ]
    )[1]
    assert [row["due_on"] for row in out["instalments"]] == ["2024-01-31", "2024-02-29", "2024-03-31"]


def test_retirement_and_workdays(hpf):
    assert hpf(*["calc", "retirement", "--sex", "M", "--born", "1976-09"])[:2] == (
        0,
        {"age_years": 63, "age_months": 0, "month": "2039-09", "text": "63周岁，2039年9月"},
    )
    assert hpf(*["calc", "workdays", "--from", "2026-09-18", "--add", "-10"])[1]["date"] == "2026-09-04"
    assert hpf(*["calc", "workdays", "--from", "2031-09-18", "--add", "1"])[1]["reasons"][0]["code"] == "CALENDAR_NOT_KNOWN"


@pytest.mark.parametrize(
    ("what", "value", "code", "kind"),
    [
        ("id", "96284019850101001X", 0, "FOREIGN_PR_CARD"),
        ("id", "620102199003070018", 0, "RESIDENT_ID"),
        ("id", "911124198108030028", 1, "FOREIGN_PR_CARD"),
        ("uscc", "91350100M000100Y43", 0, "USCC"),
        ("uscc", "91350100M000100Y44", 1, "USCC"),
    ],
)
def test_numbers_are_checked(hpf, what, value, code, kind):
    exit_code, out, _ = hpf("check", what, value)
    assert (exit_code, out["kind"], out["valid"], out["reason"] == "") == (code, kind, code == 0, code == 0)


def test_a_policy_value_with_its_document(hpf):
    code, out, _ = hpf(*["policy", "show", "contribution.base_cap", "--centre", "lanzhou", "--on", "2026-08-06"])
    assert code == 0
    assert {name: out[name] for name in ("value", "unit", "since", "citation", "confidence")} == {
        "value": "30090.75",
        "unit": "YUAN",
        "since": "2026-07-01",
        "citation": "兰州基数通知/2026",
        "confidence": "SECONDARY",
    }


def test_a_policy_value_nobody_has_entered(hpf):
    code, out, _ = hpf(*["policy", "show", "contribution.base_cap", "--centre", "dingxi", "--on", "2026-02-06"])
    assert (code, out["outcome"]) == (1, "REFERRED")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ("", "缺少参数：命令"),
        ("nonsense", "不接受nonsense"),
        ("calc", "缺少参数：试算"),
        ("calc contribution --base 2310", "缺少参数：--employer-rate, --member-rate"),
        ("calc contribution --base abc --employer-rate 5 --member-rate 5", "参数--base：“abc”不是金额"),
        ("calc contribution --base -1 --employer-rate 5 --member-rate 5", "--base"),
        ("calc contribution --base 1.005 --employer-rate 5 --member-rate 5", "“1.005”不是金额"),
        ("calc contribution --base 2310 --employer-rate x --member-rate 5", "“x”不是百分数"),
        ("calc contribution --base 2310 --employer-rate 5 --member-rate 5 --centre beijing --month 2026-08", "没有中心“beijing”"),
        ("calc contribution --base 2310 --employer-rate 5 --member-rate 5 --month 2026-13", "“2026-13”不是年月"),
        ("calc contribution --base 2310 --employer-rate 5 --member-rate 5 --more", "不认识的参数：--more"),
        ("calc interest --method SIMPLE --year 2023 --events x.csv", "参数--method不接受SIMPLE"),
        ("calc interest --method MONTH_WEIGHTS --year 23 --events x.csv", "“23”不是年度"),
        ("calc interest --method MONTH_WEIGHTS --year 2023 --events /nowhere.csv", "不能读取文件/nowhere.csv"),
        ("calc schedule --principal 0 --rate 2.85 --months 360 --method LEVEL_PRINCIPAL", "“0”不是正的金额"),
        ("calc schedule --principal 1 --rate 2.85 --months 0 --method LEVEL_PRINCIPAL", "期限0个月"),
        ("calc retirement --sex X --born 1976-09", "参数--sex不接受X"),
        ("calc workdays --from 2026-09-18 --add ten", "“ten”不是整数"),
        ("policy show no.such.key --centre lanzhou", "没有名为“no.such.key”的政策参数"),
        ("settle-interest", "缺少参数：--year"),
        ("balance-check --on tomorrow", "“tomorrow”不是日期"),
        ("remit", "缺少参数：文件, --employer, --month"),
    ],
)
def test_wrong_use_is_one_clear_line(hpf, arguments, says):
    assert says in wrong_use(hpf(*arguments.split()))


def test_help_is_chinese(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["calc", "--help"])
    assert ended.value.code == 0
    out = capsys.readouterr().out
    assert out.startswith("用法：hpf calc")
    assert not {"usage", "options", "positional", "show this"} & set(out.split())


def test_the_law_may_lie_elsewhere(hpf, monkeypatch, tmp_path):
    from hpf.jobs.cli.law import law

    law.cache_clear()
    monkeypatch.setenv("HPF_LAW", str(tmp_path))
    assert "HPF_LAW" in wrong_use(hpf("policy", "show", "x", "--centre", "lanzhou"))
    law.cache_clear()


def test_calculations_start_neither_django_nor_a_database():
    code = "import sys; from hpf.jobs.cli import main; main('calc contribution --base 2310 --employer-rate 5 --member-rate 5'.split()); sys.exit('django' in sys.modules)"
    source = str(Path(__file__).parents[3] / "src")
    assert (
        subprocess.run([sys.executable, "-c", code], env={"PYTHONPATH": source, "PATH": ""}, capture_output=True, check=False).returncode
        == 0
    )
