"""结算接口客户端: our side of the settlement interface. A result that is not known is a value, never an exception.

Nothing here decides or books. An instruction carries a sequence number that the caller has committed before.
"""

from __future__ import annotations

import functools
import secrets
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import httpx

from hpf.kernel.money import Money
from hpf.treasury.gateways import wire
from hpf.treasury.rules.movements import Movement
from hpf.treasury.rules.payments import Result, Told

SEPARATOR = "@|$"
OPERATOR = "HPF"
NO_SUCH_INSTRUCTION = "BDC2001"
STATUS = {"0": Told.DONE, "1": Told.FAILED, "2": Told.PROCESSING}


class BankUnavailable(Exception):
    """A question (not an instruction) got no usable answer. Ask again later."""


class BankRefused(Exception):
    """The bank answered a question with no."""


@dataclass(frozen=True, slots=True)
class Order:
    """One payment as the bank needs it."""

    send_seq_no: str
    payer_account: str
    payer_name: str
    payee_account: str
    payee_name: str
    payee_bank: str
    payee_class: str
    amount: Money
    summary: str


@dataclass(frozen=True, slots=True)
class BatchLine:
    line_no: int
    account: str
    name: str
    amount: Money
    summary: str


@dataclass(frozen=True, slots=True)
class LineResult:
    line_no: int
    done: bool
    message: str


@dataclass(frozen=True, slots=True)
class BatchResult:
    result: Result
    lines: tuple[LineResult, ...] = ()


@dataclass(frozen=True, slots=True)
class Statement:
    """One account's movements of some days, with the balance at the end of the last."""

    movements: tuple[Movement, ...]
    closing: Money


@functools.cache
def _trusted() -> ssl.SSLContext:
    """The certificates we trust, read once for a process and not once for a talk."""
    return httpx.create_ssl_context()


class SettlementClient:
    """A centre's line to the settlement interface. `clock` gives the time that signatures carry."""

    def __init__(
        self, url: str, key: bytes, unit_no: str, *, clock: Callable[[], datetime], timeout_seconds: int = 20, connect_seconds: int = 3
    ) -> None:
        self.url, self.key, self.unit_no, self.clock = url, key, unit_no, clock
        # Certificates are loaded only where there is something to verify: it takes longer than the question.
        timeout = httpx.Timeout(timeout_seconds, connect=connect_seconds)
        self.http = httpx.Client(timeout=timeout, trust_env=False, verify=url.startswith("https:"))

    def close(self) -> None:
        self.http.close()

    # -- instructions: every outcome is a Result

    def pay(self, order: Order, on: date) -> Result:
        """BDC101 单笔付款."""
        return self._instruct("BDC101", order, on)

    def transfer(self, order: Order, on: date) -> Result:
        """BDC109 单笔转账, between accounts of our own."""
        return self._instruct("BDC109", order, on)

    def collect(self, order: Order, on: date) -> Result:
        """BDC102 单笔收款: the payer's account is debited in favour of ours."""
        return self._instruct("BDC102", order, on)

    def batch_pay(self, seq_no: str, account: str, lines: Sequence[BatchLine], summary: str, on: date) -> Result:
        """BDC103 批量付款."""
        return self._batch("BDC103", seq_no, account, lines, summary, on)

    def batch_collect(self, seq_no: str, account: str, lines: Sequence[BatchLine], summary: str, on: date) -> Result:
        """BDC104 批量收款."""
        return self._batch("BDC104", seq_no, account, lines, summary, on)

    # -- what became of an instruction

    def result(self, seq_no: str, on: date) -> Result:
        """BDC110 交易结果查询, by the instruction's own sequence number."""
        return self._state("BDC110", seq_no, on)[0]

    def batch_result(self, seq_no: str, on: date) -> BatchResult:
        """BDC107 批量结果查询, then BDC108 the lines once it is done."""
        result, _ = self._state("BDC107", seq_no, on)
        if result.told is not Told.DONE:
            return BatchResult(result)
        again, body = self._state("BDC108", seq_no, on)
        if again.told is not Told.DONE:
            return BatchResult(Result(Told.PROCESSING, message="结果文件未生成"))
        rows = [row.split(SEPARATOR) for row in body.get("BatchFile", "").splitlines() if row]
        return BatchResult(result, tuple(LineResult(int(no), state == "0", message) for no, _, state, message in rows))

    # -- questions

    def statement(self, account_no: str, begin: date, end: date) -> Statement:
        """BDC113 账户明细 of days [begin, end], all pages. Raises BankUnavailable, BankRefused."""
        movements: list[Movement] = []
        page, pages = 1, 1
        closing = Money(0)
        while page <= pages:
            body = {"AcctNo": account_no, "BeginDate": f"{begin:%Y%m%d}", "EndDate": f"{end:%Y%m%d}", "PageNo": str(page)}
            answer = self._question("BDC113", body, end)
            movements += [movement(record) for record in answer.lists.get("Detail", [])]
            pages, closing = int(answer.body.get("PageCount", "1")), Money.yuan(answer.body["CloseBalance"])
            page += 1
        return Statement(tuple(movements), closing)

    def balance(self, account_no: str, on: date) -> Money:
        """BDC123 活期余额. Raises BankUnavailable, BankRefused."""
        return Money.yuan(self._question("BDC123", {"AcctNo": account_no}, on).body["Balance"])

    def bank_codes(self, name: str, on: date) -> dict[str, str]:
        """BDC112 行号查询: {code: name}."""
        return {record["BankCode"]: record["BankName"] for record in self._question("BDC112", {"BankName": name}, on).lists.get("Bank", [])}

    def probe(self, on: date) -> bool:
        """SYS600 链路检测."""
        try:
            return self._question("SYS600", {}, on).head.get("TxStatus") == "0"
        except (BankUnavailable, BankRefused):
            return False

    # -- how a message travels

    def _instruct(self, code: str, order: Order, on: date) -> Result:
        body = {
            "DeAcctNo": order.payer_account,
            "DeAcctName": order.payer_name,
            "CrAcctNo": order.payee_account,
            "CrAcctName": order.payee_name,
            "CrAcctClass": order.payee_class,
            "CrBankNo": order.payee_bank,
            "SettleType": "1" if not order.payee_bank else "2",
            "CurrNo": "156",
            "Amt": str(order.amount),
            "Summary": order.summary,
        }
        return self._send_instruction(code, order.send_seq_no, body, on)

    def _batch(self, code: str, seq_no: str, account: str, lines: Sequence[BatchLine], summary: str, on: date) -> Result:
        rows = [SEPARATOR.join((str(n.line_no), n.account, _plain(n.name), str(n.amount), _plain(n.summary))) for n in lines]
        body = {
            "AcctNo": account,
            "TotalNum": str(len(lines)),
            "TotalAmt": str(Money.total(line.amount for line in lines)),
            "FileType": "3",
            "CurrNo": "156",
            "Summary": summary,
            "BatchFile": "\n".join(rows),
        }
        return self._send_instruction(code, seq_no, body, on)

    def _send_instruction(self, code: str, seq_no: str, body: dict[str, str], on: date) -> Result:
        try:
            answer = self._exchange(code, seq_no, body, on)
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            return Result(Told.NOT_SENT, message=f"未能连接银行：{type(error).__name__}")
        except (httpx.HTTPError, wire.BadSignature, wire.NotAMessage) as error:
            return Result(Told.UNKNOWN, message=f"银行未给出可用答复：{error or type(error).__name__}"[:200])
        told = STATUS.get(answer.head.get("TxStatus", ""), Told.UNKNOWN)
        return _result(told, answer.body, answer.head.get("RtnCode", ""), answer.head.get("RtnMessage", ""))

    def _state(self, code: str, seq_no: str, on: date) -> tuple[Result, dict[str, str]]:
        try:
            answer = self._exchange(code, _question_no(), {"OrigSeqNo": seq_no}, on)
        except (httpx.HTTPError, wire.BadSignature, wire.NotAMessage) as error:
            return Result(Told.UNKNOWN, message=f"银行未给出可用答复：{error or type(error).__name__}"[:200]), {}
        rtn_code, text = answer.head.get("RtnCode", ""), answer.head.get("RtnMessage", "")
        if answer.head.get("TxStatus") != "0":
            told = Told.NO_SUCH_INSTRUCTION if rtn_code == NO_SUCH_INSTRUCTION else Told.UNKNOWN
            return Result(told, bank_on=_day(answer.head.get("BDCDate", "")), code=rtn_code, message=text), {}
        if answer.body.get("OrigSeqNo") != seq_no:
            return Result(Told.UNKNOWN, message="银行答复的原流水号与所问不符"), {}
        told = STATUS.get(answer.body.get("OrigTxStatus", ""), Told.UNKNOWN)
        return _result(told, answer.body, answer.body.get("OrigRtnCode", ""), answer.body.get("OrigRtnMessage", "")), answer.body

    def _question(self, code: str, body: dict[str, str], on: date) -> wire.Message:
        try:
            answer = self._exchange(code, _question_no(), body, on)
        except (httpx.HTTPError, wire.BadSignature, wire.NotAMessage) as error:
            raise BankUnavailable(f"银行没有给出可用答复（{error or type(error).__name__}），请稍后重试") from error
        if answer.head.get("TxStatus") != "0":
            raise BankRefused(f"银行答复{answer.head.get('RtnCode', '')}：{answer.head.get('RtnMessage', '')}")
        return answer

    def _exchange(self, code: str, seq_no: str, body: dict[str, str], on: date) -> wire.Message:
        now = self.clock()
        head = {
            "SendDate": f"{on:%Y%m%d}",
            "SendTime": f"{now:%H%M%S}",
            "SendSeqNo": seq_no,
            "TxUnitNo": self.unit_no,
            "SendNode": self.unit_no,
            "TxCode": code,
            "ReceiveNode": "BDC",
            "CustNo": self.unit_no,
            "OperNo": OPERATOR,
        }
        content, nonce = wire.encode(wire.Message(head, body)), secrets.token_hex(16)
        headers = wire.sign(self.key, content, unit=self.unit_no, epoch=int(now.timestamp()), nonce=nonce)
        reply = self.http.post(self.url, content=content, headers={**headers, "Content-Type": "application/xml; charset=utf-8"})
        wire.verify(self.key, reply.content, dict(reply.headers), epoch=int(self.clock().timestamp()), question=nonce)
        answer = wire.decode(reply.content)
        if answer.head.get("SendSeqNo") != seq_no:
            raise wire.NotAMessage("银行答复的流水号与所发不符")
        return answer


def movement(record: dict[str, str]) -> Movement:
    """One statement line or notice of the interface as a movement."""
    amount = Money.yuan(record["TxAmt"])
    on = _day(record["TxDate"])
    if on is None:
        raise wire.NotAMessage(f"明细日期{record['TxDate']}不合规")
    return Movement(
        bank_reference=record["HostSeqNo"],
        bank_on=on,
        amount=amount if record["CdFlag"] == "C" else -amount,
        counter_account=record.get("OppAcctNo", ""),
        counter_name=record.get("OppAcctName", ""),
        summary=record.get("Summary", ""),
        kind=record.get("BusType", ""),
        seq_no=record.get("OrigSeqNo", ""),
    )


def _result(told: Told, body: dict[str, str], code: str, message: str) -> Result:
    return Result(told, body.get("HostSeqNo", ""), _day(body.get("HostDate", "")), code, message[:200])


def _day(text: str) -> date | None:
    return date(int(text[:4]), int(text[4:6]), int(text[6:8])) if len(text) == 8 and text.isdigit() else None


def _question_no() -> str:
    return f"Q{secrets.token_hex(10)}"


def _plain(text: str) -> str:
    return " ".join(text.replace(SEPARATOR, " ").split())
