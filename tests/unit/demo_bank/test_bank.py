"""模拟银行: a process of its own that speaks the interface, keeps its book through a kill, and errs as told."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from demo.bank.control import ControlRefused, RunningBank, start
from hpf.kernel.money import Money
from hpf.treasury.gateways import wire
from hpf.treasury.gateways.settlement import BankRefused, BatchLine, Order, SettlementClient
from hpf.treasury.rules.numbers import unit_no
from hpf.treasury.rules.payments import Told

DAY = date(2026, 8, 3)
KEY = b"k"


@pytest.fixture
def bank(tmp_path: Path) -> Iterator[RunningBank]:
    running = start(str(tmp_path / "bank.sqlite"), first_day=DAY, key="k")
    running.control.open_fund_account("F1", "中心", unit_no(1), 1_000_000)
    running.control.set_card("C1", "张三", 0)
    running.control.set_account("E1", "单位", 1_000_000)
    yield running
    running.kill()


@pytest.fixture
def line(bank: RunningBank) -> Iterator[SettlementClient]:
    client = SettlementClient(bank.url, KEY, unit_no(1), clock=lambda: datetime.now(UTC), timeout_seconds=5)
    yield client
    client.close()


def order(seq: str, yuan: str = "100.00", name: str = "张三") -> Order:
    return Order(seq, "F1", "中心", "C1", name, "", "1", Money.yuan(yuan), "提取")


def test_it_answers_a_probe_and_knows_banks(line: SettlementClient) -> None:
    assert line.probe(DAY) and line.bank_codes("甘肃银行", DAY) == {"313821001016": "甘肃银行"}


def test_the_same_number_twice_pays_once(bank: RunningBank, line: SettlementClient) -> None:
    first, second = line.pay(order("S1"), DAY), line.pay(order("S1"), DAY)
    assert first == second and first.told is Told.DONE
    assert bank.control.balance_fen("C1") == 10000


def test_the_same_number_for_other_content_is_refused(bank: RunningBank, line: SettlementClient) -> None:
    line.pay(order("S1"), DAY)
    assert line.pay(order("S1", "200.00"), DAY).code == "BDC2004"
    assert bank.control.balance_fen("C1") == 10000


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"payee_name": "张山"}, "BDC3004"),
        ({"amount": Money(10**9)}, "BDC3003"),
        ({"payer_account": "E1"}, "BDC3001"),
        ({"amount": Money(0)}, "BDC3008"),
    ],
)
def test_what_cannot_be_paid_fails_and_moves_nothing(bank: RunningBank, line: SettlementClient, change: dict, code: str) -> None:
    from dataclasses import replace

    answer = line.pay(replace(order("S1"), **change), DAY)
    assert (answer.told, answer.code) == (Told.FAILED, code)
    assert bank.control.balance_fen("F1") == 1_000_000


def test_an_instruction_of_yesterday_is_not_taken(bank: RunningBank, line: SettlementClient) -> None:
    bank.control.advance_to(DAY + timedelta(days=1))
    assert line.pay(order("S1"), DAY).code == "BDC2003"
    assert line.result("S1", DAY).told is Told.NO_SUCH_INSTRUCTION


@pytest.mark.parametrize("fault", ["cut_after", "cut_middle", "bad_signature"])
def test_a_broken_answer_is_unknown_and_the_book_was_written(bank: RunningBank, line: SettlementClient, fault: str) -> None:
    bank.control.faults(**{fault: {"next": 1, "codes": ["BDC101"]}})
    assert line.pay(order("S1"), DAY).told is Told.UNKNOWN
    assert line.result("S1", DAY).told is Told.DONE and bank.control.balance_fen("C1") == 10000


def test_cut_before_the_book_leaves_nothing(bank: RunningBank, line: SettlementClient) -> None:
    bank.control.faults(cut_before={"next": 1, "codes": ["BDC101"]})
    assert line.pay(order("S1"), DAY).told is Told.UNKNOWN
    assert line.result("S1", DAY).told is Told.NO_SUCH_INSTRUCTION and bank.control.balance_fen("C1") == 0


def test_processing_ends_on_a_business_day(bank: RunningBank, line: SettlementClient) -> None:
    friday = DAY + timedelta(days=4)
    bank.control.advance_to(friday)
    bank.control.faults(processing={"next": 1, "days": 1})
    assert line.pay(order("S1"), friday).told is Told.PROCESSING
    bank.control.advance_to(friday + timedelta(days=2))
    assert line.result("S1", friday).told is Told.PROCESSING
    bank.control.advance_to(friday + timedelta(days=3))
    assert line.result("S1", friday).told is Told.DONE


def test_an_accepted_instruction_survives_the_kill(bank: RunningBank, line: SettlementClient, tmp_path: Path) -> None:
    bank.control.faults(processing={"next": 1, "days": 1})
    line.pay(order("S1"), DAY)
    bank.kill()
    again = start(str(tmp_path / "bank.sqlite"), key="k")
    try:
        line.url = again.url
        assert again.control.business_on == DAY and line.result("S1", DAY).told is Told.PROCESSING
        again.control.advance_to(DAY + timedelta(days=1))
        assert line.result("S1", DAY).told is Told.DONE and again.control.balance_fen("C1") == 10000
    finally:
        again.kill()


def test_a_statement_has_every_line_and_the_balance_of_its_last_day(bank: RunningBank, line: SettlementClient) -> None:
    bank.control.pay("E1", "F1", 12345, "HJ0100000001")
    bank.control.advance_to(DAY + timedelta(days=1))
    bank.control.pay("E1", "F1", 1, "次日")
    statement = line.statement("F1", DAY, DAY)
    (only,) = statement.movements
    assert (only.amount, only.counter_name, only.summary, only.bank_on) == (Money(12345), "单位", "HJ0100000001", DAY)
    assert statement.closing == Money(1_012_345) and line.balance("F1", DAY) == Money(1_012_346)


def test_a_statement_of_many_lines_comes_in_pages(bank: RunningBank, line: SettlementClient) -> None:
    bank.control.pay_many([{"from_account": "E1", "to_account": "F1", "amount_fen": 1, "summary": str(n)} for n in range(1005)])
    movements = line.statement("F1", DAY, DAY).movements
    assert len(movements) == 1005 and len({m.bank_reference for m in movements}) == 1005


def test_duplicate_lines_repeat_a_line_word_by_word(bank: RunningBank, line: SettlementClient) -> None:
    bank.control.faults(duplicate_lines={"probability": 1})
    bank.control.pay("E1", "F1", 5, "")
    first, second = line.statement("F1", DAY, DAY).movements
    assert first == second


def test_short_long_and_double_money(bank: RunningBank) -> None:
    bank.control.faults(short_money={"next": 1, "fen": 7})
    bank.control.pay("E1", "F1", 100, "")
    bank.control.faults(long_money={"next": 1, "fen": 7})
    bank.control.pay("E1", "F1", 100, "")
    bank.control.faults(double_money={"next": 1})
    assert len(bank.control.pay("E1", "F1", 100, "")) == 2
    assert [e["fen"] for e in bank.control.entries("F1")] == [93, 107, 100, 100]


def test_a_stranger_pays_without_a_word(bank: RunningBank, line: SettlementClient) -> None:
    bank.control.stranger("F1", 88)
    (only,) = line.statement("F1", DAY, DAY).movements
    assert only.summary == "" and only.amount == Money(88)


def test_deposits_earn_interest_at_the_end_of_the_quarter(bank: RunningBank, line: SettlementClient) -> None:
    bank.control.settings(deposit_rate_millionths=3600)
    bank.control.advance_to(date(2026, 9, 21))
    (only,) = line.statement("F1", DAY, date(2026, 9, 21)).movements
    assert (only.kind, only.amount) == ("INTEREST", Money(490))


def test_a_batch_collects_line_by_line(bank: RunningBank, line: SettlementClient) -> None:
    bank.control.set_card("C2", "李四", 100)
    lines = [
        BatchLine(1, "C2", "李四", Money(60), "缴存"),
        BatchLine(2, "C2", "李四", Money(60), "缴存"),
        BatchLine(3, "C9", "无", Money(1), "缴存"),
    ]
    line.batch_collect("S2", "F1", lines, "缴存", DAY)
    result = line.batch_result("S2", DAY)
    assert [(n.done, n.message) for n in result.lines] == [(True, "成功"), (False, "余额不足"), (False, "账号不存在")]
    assert bank.control.balance_fen("F1") == 1_000_060


def test_another_units_account_is_not_told(bank: RunningBank, line: SettlementClient) -> None:
    with pytest.raises(BankRefused, match="不是本单位"):
        line.balance("E1", DAY)


def test_a_replayed_or_forged_message_is_turned_away(bank: RunningBank) -> None:
    content = wire.encode(wire.Message({"TxCode": "SYS600", "TxUnitNo": "U", "SendSeqNo": "1"}))
    headers = wire.sign(KEY, content, unit="U", epoch=int(datetime.now(UTC).timestamp()), nonce="a" * 32)

    def send(body: bytes) -> int:
        try:
            with urllib.request.urlopen(urllib.request.Request(bank.url, data=body, headers=headers), timeout=5) as answer:
                return answer.status
        except urllib.error.HTTPError as refused:
            return refused.code

    assert send(content.replace(b"SYS600", b"SYS601")) == 401
    assert send(content) == 200
    assert send(content) == 401


def test_faults_strike_by_seed_not_by_order(tmp_path: Path) -> None:
    from demo.bank.book import Book
    from demo.bank.faults import Faults

    def struck(path: str, names: list[str]) -> set[str]:
        faults = Faults(Book(str(tmp_path / path), first_day=DAY), seed=7)
        faults.set({"wrong_name": {"probability": 0.3}})
        return {name for name in names if faults.strikes("wrong_name", name)}

    names = [f"S{n}" for n in range(200)]
    assert struck("a", names) == struck("b", names[::-1]) and 30 < len(struck("a", names)) < 90


def test_an_unknown_fault_is_refused(bank: RunningBank) -> None:
    with pytest.raises(ControlRefused, match="没有这种故障"):
        bank.control.faults(bad_weather={"next": 1})
