"""询问: put down what is asked, ask everybody at once outside any transaction, put down what came back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection

from hpf.db.command import command
from hpf.db.scope import centre_scope
from hpf.kernel.actor import Actor
from hpf.kernel.codec import digest
from hpf.kernel.decision import Reason
from hpf.sharing import models, queries
from hpf.sharing.gateways.exchange import Exchange, Heard, source_of
from hpf.sharing.queries import AnswerView
from hpf.sharing.rules import (
    DEADLINE_SECONDS,
    HERE,
    Answer,
    Ask,
    GroundKind,
    Line,
    Question,
    Status,
    after,
    check_ask,
    is_open,
    service,
    still_consented,
)
from hpf.sharing.services.numbers import number_of


class AskedInsideTransaction(Exception):
    """ask_all talks to others and must not run inside a transaction."""


def exchange_of(centre_id: int) -> Exchange:
    """The centre's line to the departments, as the installation is set up."""
    return Exchange(settings.HPF_DEPARTMENTS_URL, queries.exchange_secret(), f"HPF{centre_id:02d}")


def ask_all(
    *, by: Actor, centre_id: int, questions: Sequence[Ask], at: datetime, key: str, exchange: Exchange | None = None,
    deadline_seconds: int = DEADLINE_SECONDS,
) -> tuple[AnswerView, ...]:  # fmt: skip
    """一并询问: all questions at once over the wire, the answers in the order of the questions. A story, safe to run again.

    Every question gets an answer of some kind: ANSWERED; SILENT (nothing in time, the line rests); REFUSED (by the
    department, or by ourselves for want of a ground, or because the consent was withdrawn meanwhile); INVALID (forged,
    contradictory in itself, not what was asked). The same key again asks only what has no answer and is still in time.
    Raises AskedInsideTransaction.
    """
    if connection.in_atomic_block:
        raise AskedInsideTransaction("询问外部门须在事务之外进行")
    put = put_questions(by=by, centre_id=centre_id, asks=tuple(questions), at=at, deadline_seconds=deadline_seconds, key=key)
    with centre_scope(centre_id):
        waiting = queries.unanswered(centre_id, put.question_nos)
        resting = _resting(centre_id, waiting, at)
    line = exchange or exchange_of(centre_id)
    heard = line.ask([question for question in waiting if question.department not in resting], at)
    heard += tuple(_left_alone(question, at) for question in waiting if question.department in resting)
    if heard:
        keep_answers(by=by, centre_id=centre_id, heard=heard, at=at, key=f"{key}:{digest(heard).hex()[:24]}")
    with centre_scope(centre_id):
        return queries.answers_of(centre_id, put.question_nos)


@dataclass(frozen=True, slots=True)
class QuestionsPut:
    question_nos: tuple[str, ...]


@command("sharing.ask")
def put_questions(*, by: Actor, centre_id: int, asks: tuple[Ask, ...], at: datetime, deadline_seconds: int, key: str) -> QuestionsPut:
    """登记询问. One row for each; what may not be asked is answered REFUSED here and never leaves the house.

    Reads    the named consents in one query
    Again    the same numbers
    """
    named = {ask.consent_no for ask in asks if ask.consent_no}
    consents = {row.consent_no: row for row in models.Consent.objects.filter(centre_id=centre_id, consent_no__in=named)} if named else {}
    references: dict[int, str] = {}
    rows: list[models.Question] = []
    refused: list[tuple[models.Question, Reason, str]] = []
    for number, ask in enumerate(asks):
        if ask.person_id is not None and ask.person_id not in references:
            references[ask.person_id] = queries.reference_of(ask.person_id)
        subject = references[ask.person_id] if ask.person_id is not None else ask.subject
        row = _question_row(centre_id, ask, subject, number, by, at, deadline_seconds, key)
        rows.append(row)
        consent = consents.get(ask.consent_no)
        reasons = check_ask(ask, subject, queries.consent_of(consent) if consent else None, at)
        if reasons:
            offered = service(ask.department, ask.service)
            refused.append((row, reasons[0], offered.source if offered else ask.department[:20]))
    models.Question.objects.bulk_create(rows)
    models.Answer.objects.bulk_create(
        models.Answer(
            centre_id=centre_id, question_id=row.id, status=Status.REFUSED, code=reason.code, reason=reason.message[:300], source=source, fields=None,
            answered_at=at, good_until=None, attempts=0, took_ms=0,
        )
        for row, reason, source in refused
    )  # fmt: skip
    return QuestionsPut(tuple(row.question_no for row in rows))


def _question_row(
    centre_id: int, ask: Ask, subject: str, number: int, by: Actor, at: datetime, deadline_seconds: int, key: str
) -> models.Question:
    offered, today = service(ask.department, ask.service), at.astimezone(HERE).date()
    return models.Question(
        centre_id=centre_id, question_no=number_of("CX", centre_id, at, key, number), batch=key, line_no=number, department=ask.department[:10],
        service=ask.service[:40], person_id=ask.person_id, subject_ref=subject[:40], case_kind=ask.case_kind, case_no=ask.case_no, purpose=ask.purpose[:100],
        ground=GroundKind.CONSENT if ask.consent_no else GroundKind.LAW, ground_no=(ask.consent_no or ask.article)[:60],
        fields=list(ask.fields or (offered.fields if offered else ())), terms=json.dumps(ask.terms, ensure_ascii=False),
        as_of=max(today, ask.on or today), asked_by=by.user_id, asked_by_name=by.name, asked_at=at, deadline_at=at + timedelta(seconds=deadline_seconds),
    )  # fmt: skip


def _resting(centre_id: int, waiting: Sequence[Question], at: datetime) -> frozenset[str]:
    """Departments among these that are not to be asked now."""
    rows = models.Line.objects.filter(centre_id=centre_id, department__in={q.department for q in waiting}, rests_until__isnull=False)
    return frozenset(row.department for row in rows if not is_open(Line(row.department, row.failures, row.rests_until), at))


def _left_alone(question: Question, at: datetime) -> Heard:
    reason = f"{source_of(question)}连续没有答复，暂停向其查询，不能据此认定，请稍后重新查询"
    return Heard(Answer(question.question_no, Status.SILENT, source_of(question), at, code="LINE_RESTS", reason=reason), 0, 0, False)


@dataclass(frozen=True, slots=True)
class AnswersKept:
    kept: int


@command("sharing.ask")
def keep_answers(*, by: Actor, centre_id: int, heard: tuple[Heard, ...], at: datetime, key: str) -> AnswersKept:
    """登记答复. The first answer of a question stays; another changes nothing. An answer that came after its consent
    was withdrawn is put down as refused, without its content.

    Locks    the consents concerned (shared with a withdrawal under way), then the lines that changed, by department
    """
    questions = {
        row.question_no: row
        for row in models.Question.objects.filter(centre_id=centre_id, question_no__in=[each.answer.question_no for each in heard])
    }
    named = sorted({row.ground_no for row in questions.values() if row.ground == GroundKind.CONSENT})
    consents = {
        row.consent_no: queries.consent_of(row)
        for row in models.Consent.objects.select_for_update().filter(centre_id=centre_id, consent_no__in=named).order_by("id")
    }
    rows = []
    for each in heard:
        question = questions[each.answer.question_no]
        answer, consent = each.answer, consents.get(question.ground_no) if question.ground == GroundKind.CONSENT else None
        if consent is not None and not still_consented(consent, answer.answered_at):
            reason = f"授权{consent.consent_no}在答复前已撤回，答复未采用，请重新取得授权"
            answer = Answer(answer.question_no, Status.REFUSED, answer.source, answer.answered_at, code="CONSENT_WITHDRAWN", reason=reason)
        rows.append(_answer_row(centre_id, question, answer, each))
    models.Answer.objects.bulk_create(rows, ignore_conflicts=True)
    _note_lines(centre_id, heard, {number: row.department for number, row in questions.items()}, at)
    return AnswersKept(len(rows))


def _answer_row(centre_id: int, question: models.Question, answer: Answer, heard: Heard) -> models.Answer:
    answered = answer.status is Status.ANSWERED
    return models.Answer(
        centre_id=centre_id, question_id=question.id, status=answer.status, code=answer.code, reason=answer.reason[:300], source=answer.source,
        fields=json.dumps(dict(answer.fields), ensure_ascii=False) if answered else None, answered_at=answer.answered_at,
        good_until=answer.good_until if answered else None, attempts=heard.attempts, took_ms=heard.took_ms,
    )  # fmt: skip


def _note_lines(centre_id: int, heard: Sequence[Heard], departments: dict[str, str], at: datetime) -> None:
    """Healthy departments without a bad past need no row and no lock."""
    talks: dict[str, list[bool]] = {}
    for each in heard:
        if each.attempts:
            talks.setdefault(departments[each.answer.question_no], []).append(each.reached)
    silent = {department for department, reached in talks.items() if not all(reached)}
    models.Line.objects.bulk_create([models.Line(centre_id=centre_id, department=name) for name in sorted(silent)], ignore_conflicts=True)
    marked = models.Line.objects.filter(centre_id=centre_id, department__in=talks.keys())
    if not silent and not marked.filter(failures__gt=0).exists():
        return
    for row in marked.select_for_update().order_by("department"):
        line = Line(row.department, row.failures, row.rests_until)
        for reached in talks[row.department]:
            line = after(line, reached=reached, at=at)
        if (line.failures, line.rests_until) != (row.failures, row.rests_until):
            models.Line.objects.filter(id=row.id).update(failures=line.failures, rests_until=line.rests_until)
