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


def test_references_do_not_say_in_which_order_customers_were_served(tmp_path: Path) -> None:
    def served(path: str, order: list[str]) -> dict[str, list[str]]:
        running = start(str(tmp_path / path), first_day=DAY, key="k")
        try:
            for fund, unit in (("F1", 1), ("F2", 2), ("F9", 1)):
                running.control.open_fund_account(fund, "中心", unit_no(unit), 1_000_000)
            running.control.set_account("E1", "单位", 1_000_000)
            for fund in order:
                running.control.pay("E1", fund, 5, "")
            return {no: [entry["reference"] for entry in running.control.entries(no)] for no in ("F1", "F2", "F9", "E1")}
        finally:
            running.kill()

    first = served("a.sqlite", ["F1", "F9", "F2", "F2", "F1"])
    again = served("b.sqlite", ["F2", "F1", "F2", "F9", "F1"])
    assert first["F1"] == again["F1"] == ["202608030100000001", "202608030100000003"]
    assert first["F2"] == again["F2"] == ["202608030200000001", "202608030200000002"]
    every = [reference for references in first.values() for reference in references]
    assert len(every) == len(set(every)) == 10


def test_a_book_from_before_keeps_the_references_it_gave(tmp_path: Path) -> None:
    import sqlite3

    from demo.bank.book import Book

    def paid(path: str) -> tuple[Book, str]:
        book = Book(path, first_day=DAY)
        with book.transaction():
            book.set_account("F1", "中心", "FUND", unit=unit_no(1))
            return book, book.enter("F1", 5, counter_no="", counter_name="", summary="", kind="PAY")

    path = str(tmp_path / "old.sqlite")
    paid(path)
    with sqlite3.connect(path) as file:
        file.executescript("ALTER TABLE entry DROP COLUMN reference; DROP TABLE running;")
    book, new = paid(path)
    assert [row["reference"] for row in book.rows("SELECT * FROM entry ORDER BY id")] == ["202608030000000001", new]
    assert new == "202608030100000001"


def test_the_notice_of_a_second_payment_on_one_day_is_of_that_payment(tmp_path: Path) -> None:
    from demo.bank.book import Book
    from demo.bank.faults import Faults
    from demo.bank.payers import Payers

    book = Book(str(tmp_path / "book.sqlite"), first_day=DAY)
    book.set_account("F1", "中心", "FUND", unit=unit_no(1))
    book.set_account("F2", "中心", "FUND", unit=unit_no(2))
    payers = Payers(book, Faults(book, seed=7))
    given = [payers.pay("E1", fund, fen)[0] for fund, fen in (("F1", 1), ("F2", 2), ("F1", 3))]
    told = book.rows("SELECT e.reference, e.fen FROM notice n JOIN entry e ON e.id = n.entry_id ORDER BY n.id")
    assert [(row["reference"], row["fen"]) for row in told] == [(given[0], 1), (given[1], 2), (given[2], 3)]


def test_an_unknown_fault_is_refused(bank: RunningBank) -> None:
    with pytest.raises(ControlRefused, match="没有这种故障"):
        bank.control.faults(bad_weather={"next": 1})
