"""到账通知: pushed by the bank, signed, believed once; the statement brings the same money without effect."""

from __future__ import annotations

import threading
import time
from datetime import date
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from hpf.kernel.actor import Actor
from hpf.kernel.money import Money

from .conftest import FUND_NO, KEY, wall_clock
from .setting import Treasury, open_fund

CENTRE = 5
DAY = date(2026, 8, 3)


@pytest.fixture
def centre(own_database: str, bank: Any) -> Treasury:
    by = Actor("liu", "刘会计", frozenset({CENTRE}), frozenset({"*"}))
    bank.control.set_account("E1", "天水第一中学", 10**12)
    return Treasury(CENTRE, open_fund(CENTRE, DAY, by), by, DAY)


@pytest.fixture
def mailbox() -> Any:
    """Where the bank pushes to: keeps what came, answers as the platform would."""
    from hpf.treasury.services import receive_notice

    came: list[tuple[dict[str, str], bytes]] = []

    class Box(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            came.append((dict(self.headers), body))
            answer = receive_notice(dict(self.headers), body, key=KEY.encode(), at=wall_clock())
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, format: str, *args: Any) -> None:
            return

    server = HTTPServer(("127.0.0.1", 0), Box)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/", came
    server.shutdown()
    server.server_close()


def until(true: Any) -> None:
    for _ in range(100):
        if true():
            return
        time.sleep(0.05)
    raise AssertionError("等不到")


def pushed(centre: Treasury) -> int:
    from hpf.treasury import queries

    with centre.scope():
        return len(queries.receipts(CENTRE, since=DAY, until=date(2027, 1, 1)))


def test_a_notice_books_the_money_and_the_statement_adds_nothing(centre: Treasury, bank: Any, line: Any, mailbox: Any) -> None:
    from hpf.treasury.services import poll

    url, _ = mailbox
    bank.control.faults(duplicate_notice={"next": 1})
    bank.control.settings(notice_url=url)
    bank.control.pay("E1", FUND_NO, 232000, "HJ0500000001")
    until(lambda: len(mailbox[1]) >= 2 and pushed(centre) == 1)
    assert poll(by=centre.by, centre_id=CENTRE, bank=line, business_on=DAY).receipt_nos == ()
    assert centre.subjects()[10101] == Money.yuan("2320.00")


def test_a_late_notice_changes_nothing_after_the_statement(centre: Treasury, bank: Any, line: Any, mailbox: Any) -> None:
    from hpf.treasury.services import poll

    url, came = mailbox
    bank.control.faults(late_notice={"next": 1, "days": 1})
    bank.control.settings(notice_url=url)
    bank.control.pay("E1", FUND_NO, 232000, "HJ0500000001")
    assert len(poll(by=centre.by, centre_id=CENTRE, bank=line, business_on=DAY).receipt_nos) == 1
    assert came == []
    bank.control.advance_to(date(2026, 8, 4))
    until(lambda: len(came) == 1)
    assert pushed(centre) == 1 and centre.subjects()[10101] == Money.yuan("2320.00")


def test_a_forged_or_replayed_notice_moves_nothing(centre: Treasury, bank: Any, mailbox: Any) -> None:
    from hpf.treasury.services import receive_notice

    url, came = mailbox
    bank.control.settings(notice_url=url)
    bank.control.pay("E1", FUND_NO, 100, "")
    until(lambda: len(came) == 1 and pushed(centre) == 1)
    headers, body = came[0]
    forged = receive_notice(headers, body.replace(b"1.00", b"9.00"), key=KEY.encode(), at=wall_clock())
    replayed = receive_notice(headers, body, key=KEY.encode(), at=wall_clock())
    assert forged.status == 401 and "签名不符" in forged.body.decode()
    assert replayed.status == 409 and pushed(centre) == 1


def test_a_statement_fetched_again_has_nothing_new(centre: Treasury, bank: Any, line: Any) -> None:
    from hpf.treasury.services import poll

    bank.control.pay("E1", FUND_NO, 100, "")
    fetched = [len(poll(by=centre.by, centre_id=CENTRE, bank=line, business_on=DAY).receipt_nos) for _ in range(4)]
    bank.control.pay("E1", FUND_NO, 200, "")
    fetched += [len(poll(by=centre.by, centre_id=CENTRE, bank=line, business_on=DAY).receipt_nos) for _ in range(2)]
    assert fetched == [1, 0, 0, 0, 1, 0]


def test_two_notices_of_one_payment_at_once_book_it_once(centre: Treasury) -> None:
    from django.db import connections

    from hpf.treasury.rules.movements import Movement

    line = Movement("R1", DAY, Money.yuan("5.00"), "", "天水第一中学", "")
    barrier = threading.Barrier(4)

    def say() -> None:
        try:
            barrier.wait()
            centre.record(line, source="NOTICE")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=say) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert centre.subjects()[10101] == Money.yuan("5.00") and pushed(centre) == 1
