"""`hpf decide withdrawal`: facts from a file, an answer as JSON, no database."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from hpf.jobs.cli import main

TENANT = {
    "balance": "24600.00",
    "months_continuous": 14,
    "month_amount": "1980.00",
    "born_on": "1999-05-20",
    "fraud_banned_until": {"value": None, "source": "全国平台", "at": "2026-10-08"},
    "marital_state": {"value": "SINGLE", "source": "民政", "at": "2026-10-08"},
    "homes_in_place": {"value": 0, "source": "不动产登记", "at": "2026-10-08"},
    "rental_kind": "MARKET",
    "asked": "1980.00",
}


@pytest.fixture
def decide(capsys, tmp_path):
    """Decide on facts; gives (exit code, JSON or None, stderr)."""

    def run(facts, *more, ground="RENT", centre="lanzhou", on="2026-10-08"):
        path = tmp_path / "facts.json"
        path.write_text(facts if isinstance(facts, str) else json.dumps(facts, ensure_ascii=False), encoding="utf-8")
        code = main(["decide", "withdrawal", "--ground", ground, "--centre", centre, "--on", on, "--facts", str(path), *more])
        out, err = capsys.readouterr()
        return code, json.loads(out) if out else None, err

    return run


def wrong_use(answer):
    code, out, err = answer
    assert (code, out, err.count("\n")) == (2, None, 1)
    assert err.startswith("hpf：")
    return err


def test_a_tenant_gets_her_month_and_the_articles_behind_it(decide):
    code, out, _ = decide(TENANT)
    assert code == 0
    assert (out["outcome"], out["amount"], out["payee"]) == ("APPROVED", "1980.00", "APPLICANT")
    assert {"key": "withdrawal.rent_limit_year", "value": "30000.00", "citation": "兰州提取政策/租房"}.items() <= next(
        each for each in out["parameters"] if each["key"] == "withdrawal.rent_limit_year"
    ).items()
    assert len(out["policy_digest"]) == 64
    assert out["rule_version"].startswith("RENT-")
    assert "explain" not in out


def test_an_owner_is_refused_with_the_fact_and_the_article(decide):
    code, out, _ = decide(TENANT | {"homes_in_place": {"value": 1, "source": "不动产登记", "at": "2026-10-08"}})
    assert (code, out["outcome"]) == (1, "REFUSED")
    (reason,) = out["reasons"]
    assert (reason["code"], reason["law"]) == ("RENT_OWN_HOME", ["建金〔2015〕19号/租房条件", "条例/24@2026"])
    assert "自有住房1套" in reason["message"]
    assert {"label": "本人在缴存城市的住房套数", "text": "1", "source": "不动产登记"}.items() <= out["facts"][1].items()


def test_an_unknown_fact_goes_to_a_person(decide):
    code, out, _ = decide(TENANT | {"homes_in_place": {"unknown": "部门在时限内没有答复", "source": "不动产登记"}})
    assert (code, out["outcome"], out["to_ask"]) == (1, "REFERRED", ["homes_in_place"])


def test_names_may_be_chinese_and_so_may_the_ground(decide):
    facts = {
        "账户余额": "24600.00", "连续缴存月数": 14, "其他中心骗提骗贷限制截止日": None, "婚姻状况": "SINGLE", "本人在缴存城市的住房套数": 0,
        "租住房屋类别": "MARKET", "申请金额": "100.00",
    }  # fmt: skip
    code, out, _ = decide(facts, ground="租房", centre="兰州")
    assert (code, out["amount"]) == (0, "100.00")


def test_the_explanation_is_sentences(decide):
    _, out, _ = decide(TENANT, "--explain")
    assert out["explain"][:2] == [
        "2026-10-08受理的“租房”提取申请，适用《住房公积金管理条例》2026年修订文本第二十四条第（一）项。",
        "准予提取1,980.00元。",
    ]
    assert "事实：婚姻状况：未婚（民政，2026-10-08）。" in out["explain"]
    assert all(sentence.endswith("。") for sentence in out["explain"])


def test_a_refusal_explains_how_to_object(decide):
    _, out, _ = decide(TENANT | {"months_continuous": 2}, "--explain")
    assert out["explain"][1] == "不予提取，理由1条："
    assert "已连续缴存2个月，还差1个月" in out["explain"][2]
    assert "建金〔2015〕19号（租房条件）" in out["explain"][2]
    assert "行政复议" in out["explain"][3]


def test_values_of_the_demonstration_are_used_only_when_asked_for(decide):
    facts = TENANT | {"asked": "100.00"}
    code, out, _ = decide(facts, centre="baiyin")
    assert (code, out["outcome"], {reason["code"] for reason in out["reasons"]}) == (1, "REFERRED", {"PARAMETER_MISSING"})
    code, out, _ = decide(facts, "--demo", centre="baiyin")
    assert (code, out["amount"]) == (0, "100.00")
    assert "DEMO" in {each["confidence"] for each in out["parameters"]}


def test_the_schema_lists_every_entry_with_who_can_answer(capsys):
    assert main(["decide", "withdrawal", "--ground", "LIFT", "--schema"]) == 0
    out = json.loads(capsys.readouterr().out)
    entries = {each["name"]: each for each in out["entries"]}
    assert entries["spouse_parents"] == {
        "name": "spouse_parents",
        "label": "配偶父母",
        "kind": "列表",
        "asked_of": "CIVIL.children",
        "needed": "",
    }
    assert entries["balance"]["needed"] == "是"
    assert "MARRIED（已婚）" in entries["marital_state"]["kind"]


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ("{", "不是正确的JSON"),
        ("[]", "须为一组项目"),
        ('{"balance": 1.5}', "须写成带引号的文字"),
        ('{"balance": "1.00", "nonsense": 1}', "不认识的项目“nonsense”"),
        ('{"balance": "1.00", "homes_in_place": "two"}', "“本人在缴存城市的住房套数”的值'two'不是整数"),
        ("{}", "缺少“账户余额”"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_line(decide, facts, said):
    assert said in wrong_use(decide(facts))


def test_a_ground_or_a_centre_that_does_not_exist_is_one_line(decide):
    assert "没有提取情形“HOLIDAY”" in wrong_use(decide(TENANT, ground="HOLIDAY"))
    assert "没有中心“beijing”" in wrong_use(decide(TENANT, centre="beijing"))


def test_without_facts_the_command_says_what_it_needs(capsys):
    assert main(["decide", "withdrawal", "--ground", "RENT"]) == 2
    assert "--schema" in capsys.readouterr().err


def test_nothing_of_the_database_is_loaded(tmp_path):
    path = tmp_path / "facts.json"
    path.write_text(json.dumps(TENANT), encoding="utf-8")
    script = (
        "import sys\nfrom hpf.jobs.cli import main\n"
        f"code = main(['decide', 'withdrawal', '--ground', 'RENT', '--centre', 'lanzhou', '--on', '2026-10-08', '--facts', {str(path)!r}])\n"
        "assert code == 0\nassert not {'django.db', 'psycopg'} & set(sys.modules), 'the database was loaded'\n"
    )
    root = Path(__file__).resolve().parents[3]
    done = subprocess.run([sys.executable, "-c", script], cwd=root, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
