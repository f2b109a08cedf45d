"""Over real HTTP: a court platform that is a process of its own, and everything that can go wrong on the line."""

from __future__ import annotations

import base64
import threading
from datetime import date, timedelta
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest

from tests.support.courts import CASE, CITY, Desk
from tests.support.people import fresh, resident_id

pytestmark = pytest.mark.usefixtures("database")
COURT, SECRET = "court-lz", "法院密钥"


class Silent(WSGIRequestHandler):
    def log_message(self, *args):
        return


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


@pytest.fixture(scope="module")
def desk(database):
    from django.utils import timezone

    from hpf.access.services import register_client

    desk = Desk()
    desk.begin()
    for client_no, permissions in ((COURT, ("api.court",)), ("bank-x", ("api.members",))):
        register_client(
            by=desk.by, centre_id=1, client_no=client_no, name="城关法院平台", secret=SECRET, permissions=permissions, at=timezone.now(),
            key=fresh(), calls_per_minute=600,
        )  # fmt: skip
    return desk


@pytest.fixture(scope="module")
def court(desk):
    """The fund's door on a free port, and the platform that calls it."""
    from django.core.wsgi import get_wsgi_application

    from demo.court.control import start

    server = make_server("127.0.0.1", 0, get_wsgi_application(), Server, Silent)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    running = start(f"http://127.0.0.1:{server.server_port}/api/court/orders")
    for client_no in (COURT, "bank-x"):
        running.control.court(client_no, SECRET)
    running.control.court("nobody", SECRET)
    yield running.control
    running.stop()
    server.shutdown()


@pytest.fixture
def deliver(desk, court, settings_url):
    """Let the worker tell the court what waits; gives what could not be told."""
    from django.utils import timezone

    from hpf.jobs.courts import tell_court
    from hpf.outbox import services as outbox

    def run(later=timedelta()):
        failed = []
        for message in outbox.claim(1, "freezes.answer", at=timezone.now() + later, limit=200):
            try:
                tell_court(message, timezone.now())
            except Exception as error:
                failed.append(str(error))
                outbox.failed(message, type(error).__name__, at=timezone.now())
            else:
                outbox.delivered(message, at=timezone.now())
        return failed

    return run


@pytest.fixture
def settings_url(court):
    from django.test import override_settings

    with override_settings(HPF_COURT_URL=court.url):
        yield


def member(desk, yuan):
    serial = int(fresh("l").split("-")[1])
    return desk.person("线上人", resident_id(serial % 1000, born="19880808"), yuan)


def message(desk, account_no, code="01", request_no="", **other):
    name, number = desk.people[account_no]
    paper = {
        "request_no": request_no or fresh("R"), "action": code, "court_name": CITY, "case_no": CASE, "ruling_no": "裁1", "notice_no": "协1",
        "person": {"name": name, "id_kind": "RESIDENT_ID", "id_number": number},
        "officers": [{"name": "甲", "work_id": "W1", "enforcement_id": "E1"}, {"name": "乙", "work_id": "W2", "enforcement_id": "E2"}],
        "documents": [{"kind": kind, "filename": "x.pdf", "content": base64.b64encode(b"%PDF").decode()} for kind in ("RULING", "NOTICE", "QUERY_NOTICE")],
        "payee": {"name": f"{CITY}执行款专户", "account": "2700990", "bank": "105100000017"},
    }  # fmt: skip
    return paper | other


def test_freeze_and_deduct_in_one_walk(desk, court, deliver):
    from django.utils import timezone

    from hpf.freezes.services import settle_deductions
    from hpf.treasury.rules.payments import Result, Told
    from hpf.treasury.services import begin_sending, record_payment_result

    account_no = member(desk, "100.00")
    order = message(desk, account_no, "08", amount_fen=6000, situation="RETIREMENT")
    (reply,) = court.order(COURT, order)
    assert (reply["status"], reply["body"]["result"], reply["body"]["deduction"]["amount_fen"]) == (200, "1", 6000)
    assert desk.money(account_no).balance.text == "40.00"
    assert deliver() == []
    assert [answer["deduction"]["state"] for answer in court.answers(order["request_no"])] == ["ORDERED"]
    with desk.scope():
        from hpf.freezes import queries

        payment_no = queries.order_of_request(1, COURT, order["request_no"]).deduction.payment_no
    begun = begin_sending(by=desk.by, centre_id=1, payment_no=payment_no, business_on=desk.on, key=fresh())
    record_payment_result(
        by=desk.by, centre_id=1, payment_no=payment_no, send_seq_no=begun.send_seq_no, result=Result(Told.DONE, bank_reference=fresh("BK"), bank_on=desk.on),
        business_on=desk.on, key=fresh(),
    )  # fmt: skip
    settle_deductions(by=desk.by, centre_id=1, at=timezone.now())
    assert deliver() == []
    assert [answer["deduction"]["state"] for answer in court.answers(order["request_no"])] == ["ORDERED", "DONE"]
    assert court.ask(COURT, order["request_no"])["body"]["deduction"]["state"] == "DONE"


def test_a_query_answers_with_accounts(desk, court):
    account_no = member(desk, "12.34")
    (reply,) = court.order(COURT, message(desk, account_no, "00"))
    assert reply["body"]["accounts"][0]["balance"] == 1234


@pytest.mark.parametrize(("fault", "statuses"), [
    ("forged", [401]), ("stale", [401]), ("replayed", [200, 401]), ("duplicated", [200, 200]), ("cut", [200]),
])  # fmt: skip
def test_a_bad_line_freezes_once_or_not_at_all(desk, court, fault, statuses):
    account_no = member(desk, "100.00")
    court.faults(**{fault: {"next": 1}})
    replies = court.order(COURT, message(desk, account_no, amount_fen=6000))
    assert [reply["status"] for reply in replies] == statuses
    served = 200 in statuses
    said = [reply["body"]["detail"] for reply in replies if reply["status"] == 401]
    assert all("请" in words and not words.isascii() for words in said), said
    assert desk.queue(account_no) == ([("兰州", "60.00", "生效")] if served else [])
    if fault == "duplicated":
        assert replies[0]["body"] == replies[1]["body"]


def test_a_request_number_is_not_used_for_two_papers(desk, court):
    account_no = member(desk, "100.00")
    order = message(desk, account_no, amount_fen=6000)
    court.order(COURT, order)
    (reply,) = court.order(COURT, order | {"amount_fen": 7000})
    assert (reply["status"], reply["body"]["code"]) == (409, "COURT_REQUEST_REUSED")
    assert desk.queue(account_no) == [("兰州", "60.00", "生效")]


def test_who_is_no_court_is_refused(desk, court):
    account_no = member(desk, "100.00")
    for client_no, status, code in (("bank-x", 403, "NOT_A_COURT"), ("nobody", 401, "SIGNATURE_MISSING")):
        (reply,) = court.order(client_no, message(desk, account_no, amount_fen=6000))
        assert (reply["status"], reply["body"]["code"]) == (status, code)
    assert desk.queue(account_no) == []
    assert court.ask(COURT, "never-sent")["status"] == 404


@pytest.mark.parametrize("spoil", [
    {"request_no": ""}, {"action": "99"}, {"amount_fen": "60.00"}, {"amount_fen": 60.5}, {"person": {"name": "甲"}}, {"person": "甲"},
    {"officers": "甲"}, {"ends_on": "明年"}, {"documents": [{"kind": "RULING", "content": "不是附件"}]}, {"case_no": ["x"]}, {"court_name": "长" * 300},
])  # fmt: skip
def test_a_message_that_cannot_be_read_is_refused_with_its_field(desk, court, spoil):
    account_no = member(desk, "1.00")
    (reply,) = court.order(COURT, message(desk, account_no, amount_fen=100) | spoil)
    assert (reply["status"], reply["body"]["code"]) == (422, "COURT_MESSAGE_UNREADABLE")
    assert "未受理" in reply["body"]["detail"] and desk.queue(account_no) == []


@pytest.mark.parametrize(("fault", "again"), [("answer_lost", "repeated"), ("answer_refused", "answers")])
def test_an_answer_that_was_not_confirmed_is_told_again_and_kept_once(desk, court, deliver, fault, again):
    deliver(timedelta(days=1))
    account_no = member(desk, "100.00")
    order = message(desk, account_no, amount_fen=6000)
    court.order(COURT, order)
    court.faults(**{fault: {"next": 1}})
    before = court.counts
    (error,) = deliver()
    assert "没有确认答复" in error and desk.people[account_no][1] not in error
    assert deliver(timedelta(days=1)) == []
    assert len(court.answers(order["request_no"])) == 1
    assert court.counts[again] == before[again] + 1


def test_a_slow_platform_holds_up_nobody(desk, court, deliver):
    deliver(timedelta(days=1))
    account_no = member(desk, "100.00")
    order = message(desk, account_no, amount_fen=6000)
    court.order(COURT, order)
    court.faults(slow={"next": 1, "seconds": 1})
    waiting = threading.Thread(target=deliver)
    waiting.start()
    (reply,) = court.order(COURT, message(desk, account_no, "04", freeze_no=""))
    assert reply["body"]["result"] == "1", "the door serves while an answer waits"
    waiting.join()
    assert desk.queue(account_no) == [("兰州", "0.00", "已解除")]


def test_the_answer_of_a_term_counts_from_the_business_day(desk, court):
    account_no = member(desk, "100.00")
    (reply,) = court.order(COURT, message(desk, account_no, whole=True))
    freeze = reply["body"]["freeze"]
    assert (freeze["starts_on"], freeze["ends_on"], freeze["whole"], freeze["waiting_fen"]) == (
        str(desk.on),
        str(date(2027, 8, 2)),
        True,
        None,
    )
