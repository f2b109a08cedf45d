"""共享交换: many questions to many departments at once, each with its deadline and one retry. Every outcome is a value.

Nothing here reads or writes the database: the caller has committed the questions before and keeps the answers after.
"""

from __future__ import annotations

import functools
import secrets
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta

import httpx

from hpf.sharing.gateways import wire
from hpf.sharing.rules import Answer, NotAnAnswer, Question, Status, one_record, service, taken

TALKS_AT_ONCE = 16
FIRST_TRY_SHARE = 60
"""Per cent of the time left that the first try may take; the rest is the second's."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What came of one question. `reached`: the department said something, whatever it was."""

    answer: Answer
    attempts: int
    took_ms: int
    reached: bool


class Unreachable(Exception):
    """No usable word came in time; `retry` when asking again may help."""

    def __init__(self, message: str, *, retry: bool) -> None:
        super().__init__(message)
        self.retry = retry


class Exchange:
    """A centre's line to the departments. `url` is completed by the department's code.

    `epoch` gives the seconds since 1970 that signatures carry: the transport's time, never a fact of any business.
    """

    def __init__(self, url: str, secret: bytes, sender: str, *, epoch: Callable[[], float] = time.time) -> None:
        self.url, self.secret, self.sender, self.epoch = url.rstrip("/"), secret, sender, epoch

    def ask(self, questions: Sequence[Question], at: datetime) -> tuple[Heard, ...]:
        """All at once, in the order given. Takes as long as the slowest, never longer than the latest deadline."""
        if not questions:
            return ()
        if len(questions) == 1:
            return (self.ask_one(questions[0], at),)
        with ThreadPoolExecutor(max_workers=min(len(questions), TALKS_AT_ONCE)) as pool:
            return tuple(pool.map(lambda question: self.ask_one(question, at), questions))

    def ask_one(self, question: Question, at: datetime) -> Heard:
        """One question: asked, once more when nothing came (every question may be asked twice), then given up."""
        talk = _Talk(question, at, time.monotonic())
        seconds = (question.deadline_at - at).total_seconds()
        failure = ""
        for share in (FIRST_TRY_SHARE, 100):
            left = seconds - talk.elapsed_ms / 1000
            if left <= 0:
                break
            talk.attempts += 1
            try:
                return Heard(self._talk(talk, left * share / 100), talk.attempts, talk.elapsed_ms, True)
            except Unreachable as nothing:
                failure = str(nothing)
                if not nothing.retry:
                    break
            except NotAnAnswer as wrong:
                return talk.ended(Status.INVALID, wrong.code, str(wrong), reached=True)
            except (wire.BadSignature, wire.NotAMessage) as wrong:
                code = "SIGNATURE_WRONG" if isinstance(wrong, wire.BadSignature) else "NOT_A_MESSAGE"
                return talk.ended(Status.INVALID, code, f"{talk.source}：{wrong}，已弃用，请核实后重新查询", reached=True)
        reason = f"{talk.source}没有在时限内答复（{failure or '超过时限'}），不能据此认定，可稍后重新查询"
        return talk.ended(Status.SILENT, "NO_ANSWER_IN_TIME", reason, reached=False)

    def _talk(self, talk: _Talk, seconds: float) -> Answer:
        question = talk.question
        content, nonce = wire.encode(_message(question)), secrets.token_hex(16)
        key = wire.signing_key(self.secret, question.department)
        headers = wire.sign(key, content, sender=self.sender, to=question.department, epoch=int(self.epoch()), nonce=nonce)
        try:
            body, answered = _posted(f"{self.url}/{question.department}", content, headers, seconds)
        except httpx.HTTPError as error:
            raise Unreachable("超过时限" if isinstance(error, httpx.TimeoutException) else "线路中断", retry=True) from error
        wire.verify(key, body, answered, to=self.sender, epoch=int(self.epoch()), question=nonce)
        records = wire.decode(body).get("records")
        record = one_record(question.question_no, records if isinstance(records, list) else [])
        return taken(question, record, talk.now)


@dataclass
class _Talk:
    """One question under way: when it began, on both clocks, and how often it was sent."""

    question: Question
    at: datetime
    begun: float
    attempts: int = 0

    @property
    def elapsed_ms(self) -> int:
        return int((time.monotonic() - self.begun) * 1000)

    @property
    def now(self) -> datetime:
        return self.at + timedelta(milliseconds=self.elapsed_ms)

    @property
    def source(self) -> str:
        return source_of(self.question)

    def ended(self, status: Status, code: str, reason: str, *, reached: bool) -> Heard:
        answer = Answer(self.question.question_no, status, self.source, self.now, code=code, reason=reason[:300])
        return Heard(answer, self.attempts, self.elapsed_ms, reached)


def _posted(url: str, content: bytes, headers: dict[str, str], seconds: float) -> tuple[bytes, httpx.Headers]:
    """Send and read all, within the time and the size; an answer that drips in byte by byte ends with the time."""
    until, body = time.monotonic() + seconds, b""
    sent = {**headers, "Content-Type": "application/json"}
    with _http(url.startswith("https:")).stream("POST", url, content=content, headers=sent, timeout=seconds) as response:
        for part in response.iter_raw():
            body += part
            if time.monotonic() > until:
                raise Unreachable("超过时限", retry=True)
            if len(body) > wire.LARGEST_MESSAGE_BYTES:
                raise wire.NotAMessage("答复过长")
        if response.status_code != 200:
            raise Unreachable(f"对方返回{response.status_code}", retry=response.status_code >= 500)
        return body, response.headers


def source_of(question: Question) -> str:
    offered = service(question.department, question.service)
    return offered.source if offered else question.department.value


@functools.cache
def _http(verify: bool) -> httpx.Client:
    """One client for a process: connections are kept, certificates are read once."""
    limits = httpx.Limits(max_connections=128, max_keepalive_connections=32, keepalive_expiry=20)
    return httpx.Client(trust_env=False, verify=verify, limits=limits, follow_redirects=False)


def _message(question: Question) -> dict[str, object]:
    return {
        "question_no": question.question_no,
        "service": question.service,
        "subject": question.subject,
        "case_kind": question.case_kind,
        "case_no": question.case_no,
        "purpose": question.purpose,
        "ground": question.ground.value,
        "ground_no": question.ground_no,
        "fields": list(question.fields),
        "terms": dict(question.terms),
        "as_of": question.state_on.isoformat(),
    }
