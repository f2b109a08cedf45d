"""Answers of a case, who asked about a person, consents, grants. Read inside the centre's scope."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Count

from hpf.access import queries as access
from hpf.db.crypto import decrypt
from hpf.kernel.decision import cites
from hpf.parties import queries as parties
from hpf.sharing import models
from hpf.sharing.gateways.wire import person_reference
from hpf.sharing.rules import (
    CATALOGUE,
    DEPARTMENTS,
    FIELDS,
    OFFERS,
    Consent,
    Department,
    Fact,
    Grant,
    GroundKind,
    Question,
    Status,
    field_text,
    service,
)

Value = str | int | bool | None


def exchange_secret() -> bytes:
    """The secret shared with the exchange: references and signing keys are derived from it."""
    return str(settings.HPF_DEPARTMENTS_KEY).encode()


def reference_of(person_id: int) -> str:
    """The reference under which departments know a person of this centre. The number itself goes nowhere."""
    identity = parties.full_identity(person_id)
    return reference_for(identity.id_kind, identity.id_number)


def reference_for(id_kind: str, id_number: str) -> str:
    """The same for somebody who has no account here; `id_number` as `check_identity` normalises it."""
    return person_reference(exchange_secret(), id_kind, id_number)


@dataclass(frozen=True, slots=True)
class AnswerView:
    """One question and what came of it. `fields` is empty unless ANSWERED; None in a field: there is no such thing.

    `source` such as "民政·婚姻登记"; `subject` the person's reference; `reason` says in Chinese why there are no fields.
    """

    question_no: str
    case_kind: str
    case_no: str
    department: str
    service: str
    source: str
    person_id: int | None
    subject: str
    purpose: str
    ground: str
    ground_no: str
    terms: Mapping[str, str]
    asked_by_name: str
    asked_at: datetime
    status: str
    fields: Mapping[str, Value] = field(default_factory=dict)
    answered_at: datetime | None = None
    good_until: date | None = None
    code: str = ""
    reason: str = ""
    attempts: int = 0
    took_ms: int = 0
    consent_withdrawn_at: datetime | None = None

    def usable(self, at: datetime, on: date) -> bool:
        """Whether a decision at this moment may rest on it: answered, not out of date, its consent not taken back."""
        withdrawn = self.consent_withdrawn_at is not None and self.consent_withdrawn_at <= at
        return self.status == Status.ANSWERED and self.good_until is not None and on <= self.good_until and not withdrawn

    def shown(self) -> list[tuple[str, str]]:
        """Label and words of every field, for people: (婚姻状况, 已婚)."""
        return [(FIELDS[name].label, field_text(name, value)) for name, value in self.fields.items()]


def answers(centre_id: int, case_kind: str, case_no: str) -> list[AnswerView]:
    """Every question of a case with its answer, oldest first; one query."""
    return _views("q.centre_id = %s AND q.case_kind = %s AND q.case_no = %s", [centre_id, case_kind, case_no])


def answers_of_cases(centre_id: int, case_kind: str, case_nos: Sequence[str]) -> dict[str, list[AnswerView]]:
    """The same for many cases: {case: its questions with their answers, oldest first}; one query."""
    found: dict[str, list[AnswerView]] = {}
    for view in _views("q.centre_id = %s AND q.case_kind = %s AND q.case_no = ANY(%s)", [centre_id, case_kind, list(case_nos)]):
        found.setdefault(view.case_no, []).append(view)
    return found


def answers_of(centre_id: int, question_nos: Sequence[str]) -> tuple[AnswerView, ...]:
    """The named questions with their answers, in the order given."""
    found = {view.question_no: view for view in _views("q.centre_id = %s AND q.question_no = ANY(%s)", [centre_id, list(question_nos)])}
    return tuple(found[number] for number in question_nos)


def facts(views: Iterable[AnswerView], *, at: datetime, on: date) -> tuple[Fact, ...]:
    """The usable answers as single facts, for `contradictions` and `unlike_stated`."""
    return tuple(
        Fact(view.question_no, view.source, view.subject, name, value, tuple(sorted(view.terms.items())))
        for view in views
        if view.usable(at, on)
        for name, value in view.fields.items()
    )


def unanswered(centre_id: int, question_nos: Sequence[str]) -> tuple[Question, ...]:
    """The named questions that have no answer of any kind yet, ready to be sent."""
    rows = models.Question.objects.filter(centre_id=centre_id, question_no__in=list(question_nos)).exclude(
        id__in=models.Answer.objects.filter(centre_id=centre_id).values("question_id")
    )
    return tuple(
        Question(
            row.question_no, Department(row.department), row.service, row.subject_ref, row.case_kind, row.case_no, row.purpose, GroundKind(row.ground),
            row.ground_no, tuple(row.fields), row.as_of, row.asked_at, row.deadline_at, _terms(row.terms),
        )
        for row in rows.order_by("line_no")
    )  # fmt: skip


_QUESTIONS = """
SELECT q.question_no, q.case_kind, q.case_no, q.department, q.service, q.person_id, q.subject_ref, q.purpose, q.ground, q.ground_no, q.terms,
       q.asked_by_name, q.asked_at, a.status, a.fields, a.answered_at, a.good_until, a.code, a.reason, a.attempts, a.took_ms, c.withdrawn_at
FROM sharing_question q
LEFT JOIN sharing_answer a ON a.centre_id = q.centre_id AND a.question_id = q.id
LEFT JOIN sharing_consent c ON c.centre_id = q.centre_id AND c.consent_no = q.ground_no AND q.ground = 'CONSENT'
WHERE """


def _views(where: str, values: Sequence[Any], limit: int | None = None) -> list[AnswerView]:
    """Questions with their answers, oldest first; of more than `limit` the newest."""
    with connection.cursor() as cursor:
        cursor.execute(f"{_QUESTIONS}{where} ORDER BY q.id DESC LIMIT %s", [*values, limit])
        rows = cursor.fetchall()
    return [_view(row) for row in reversed(rows)]


def _view(row: Sequence[Any]) -> AnswerView:
    offered, terms = service(row[3], row[4]), dict(_terms(decrypt(row[10], models.TERMS)))
    asked = (*row[:5], offered.source if offered else row[3], *row[5:10], terms, row[11], row[12])
    if row[13] is None:
        return AnswerView(*asked, status=Status.SILENT, code="WAITING", reason="尚未取得答复，可稍后重新查询", consent_withdrawn_at=row[21])
    fields = json.loads(decrypt(row[14], models.FIELDS)) if row[14] is not None else {}
    return AnswerView(*asked, row[13], fields, *row[15:])


def _terms(text: str) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in json.loads(text or "[]"))


@dataclass(frozen=True, slots=True)
class AskedLine:
    """One line of what the member reads: who wanted to know what, why, on which ground, and what came of it."""

    at: datetime
    who: str
    of_whom: str
    about: str
    purpose: str
    case_no: str
    ground: str
    outcome: str
    outward: bool


_OUTCOMES = {Status.ANSWERED: "已答复", Status.SILENT: "没有答复", Status.REFUSED: "未提供", Status.INVALID: "答复无效，未采用"}


@cites("个人信息保护法/44", "甘建金〔2024〕26号/五（三）")
def who_asked(centre_id: int, person_id: int, limit: int = 200) -> list[AskedLine]:
    """Everybody who asked about this person, newest first: the centre at other departments, and outsiders at our door."""
    reference = reference_of(person_id)
    asked = _views("q.centre_id = %s AND (q.person_id = %s OR q.subject_ref = %s)", [centre_id, person_id, reference], limit)
    lines = [_asked_line(view) for view in asked]
    looks = models.Look.objects.filter(centre_id=centre_id, person_id=person_id).order_by("-id")[:limit]
    lines += [_looked_line(row) for row in looks]
    return sorted(lines, key=lambda line: line.at, reverse=True)[:limit]


def _asked_line(view: AnswerView) -> AskedLine:
    named = "、".join(label for label, _ in view.shown())
    ground = f"您的授权{view.ground_no}" if view.ground == GroundKind.CONSENT else view.ground_no
    return AskedLine(
        view.asked_at, view.asked_by_name, view.source, named or view.source.rpartition("·")[2], view.purpose, view.case_no, ground,
        _OUTCOMES[Status(view.status)], outward=True,
    )  # fmt: skip


def _looked_line(row: models.Look) -> AskedLine:
    ground = f"您的授权{row.consent_no}" if row.consent_no else "法律规定"
    about = "、".join(OFFERS.get(name, name[:20]) for name in row.fields)
    outcome = "已拒绝" if row.refusal else "已提供"
    return AskedLine(row.looked_at, row.client_name, "本中心", about, row.purpose, row.case_no, ground, outcome, outward=False)


@dataclass(frozen=True, slots=True)
class ConsentView:
    """One consent as the member and the counter see it. `state`: IN_FORCE, WITHDRAWN, ENDED."""

    consent_no: str
    person_id: int | None
    person_ref: str
    recipient: str
    recipient_name: str
    scope: tuple[str, ...]
    purpose: str
    case_no: str
    given_at: datetime
    ends_at: datetime
    given_by: str
    channel: str
    withdrawn_at: datetime | None

    def state(self, at: datetime) -> str:
        if self.withdrawn_at is not None:
            return "WITHDRAWN"
        return "IN_FORCE" if at < self.ends_at else "ENDED"

    def scope_text(self) -> list[str]:
        """What was allowed, in words: 民政·婚姻登记, or 连续缴存月数."""
        return [CATALOGUE[name].source if name in CATALOGUE else OFFERS.get(name, name) for name in self.scope]


def consents(centre_id: int, person_id: int) -> list[ConsentView]:
    """Every consent a person of this centre has given, newest first."""
    return [_consent_view(row) for row in models.Consent.objects.filter(centre_id=centre_id, person_id=person_id).order_by("-id")]


def consent(centre_id: int, consent_no: str) -> ConsentView | None:
    row = models.Consent.objects.filter(centre_id=centre_id, consent_no=consent_no).first()
    return _consent_view(row) if row else None


def _consent_view(row: models.Consent) -> ConsentView:
    return ConsentView(
        row.consent_no, row.person_id, row.person_ref, row.recipient, row.recipient_name, tuple(row.scope), row.purpose, row.case_no, row.given_at,
        row.ends_at, row.given_by, row.channel, row.withdrawn_at,
    )  # fmt: skip


def consent_of(row: models.Consent) -> Consent:
    """The row as the rules read it."""
    return Consent(
        row.consent_no,
        row.person_ref,
        row.recipient,
        tuple(row.scope),
        row.purpose,
        row.case_no,
        row.given_at,
        row.ends_at,
        row.withdrawn_at,
    )


def consents_named(centre_id: int, numbers: Iterable[str]) -> dict[str, Consent]:
    """{number: the consent as the rules read it}; one query, none for no number. Who is not known is not in the answer."""
    named = sorted({number for number in numbers if number})
    rows = models.Consent.objects.filter(centre_id=centre_id, consent_no__in=named) if named else ()
    return {row.consent_no: consent_of(row) for row in rows}


def grants(centre_id: int, client_no: str = "") -> list[Grant]:
    """The grants of a client, or of all clients of the centre, oldest first."""
    rows = models.Grant.objects.filter(centre_id=centre_id, **({"client_no": client_no} if client_no else {})).order_by("id")
    return [
        Grant(
            row.grant_no, row.client_no, tuple(row.fields), tuple(row.purposes), tuple(row.case_kinds), row.since, row.until, row.calls_per_day,
            row.by_law, row.ended_on,
        )
        for row in rows
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class OfferView:
    """A client to whom a member may open the fields of its grant, for one of its purposes."""

    grant_no: str
    client_no: str
    client_name: str
    purpose: str
    fields: tuple[str, ...]
    code: str

    def fields_text(self) -> list[str]:
        return [OFFERS[name] for name in self.fields]


def offers(centre_id: int, on: date) -> list[OfferView]:
    """What a member may consent to today: grants in force that need a consent, one line for each purpose."""
    found = []
    for grant in grants(centre_id):
        client = access.client(grant.client_no)
        if client is not None and not grant.by_law and grant.since <= on < min(grant.until, grant.ended_on or grant.until):
            found += [
                OfferView(grant.grant_no, grant.client_no, client.name, purpose, grant.fields, f"{grant.grant_no}-{number}")
                for number, purpose in enumerate(grant.purposes)
            ]
    return found


@dataclass(frozen=True, slots=True)
class GrantLine:
    """A grant with its client's name and what was looked at under it today. `refused_today` are the client's refused looks."""

    grant: Grant
    client_name: str
    in_force: bool
    looked_today: int
    refused_today: int

    def fields_text(self) -> list[str]:
        return [OFFERS[name] for name in self.grant.fields]


def grant_lines(centre_id: int, on: date) -> list[GrantLine]:
    """Every grant of the centre, newest first; three queries."""
    names = access.clients(centre_id)
    today = models.Look.objects.filter(centre_id=centre_id, looked_on=on)
    looked = dict(today.exclude(grant_no="").values_list("grant_no").annotate(Count("id")))
    refused = dict(today.exclude(refusal="").values_list("client_no").annotate(Count("id")))
    return [
        GrantLine(
            grant, names.get(grant.client_no, grant.client_no), grant.since <= on < min(grant.until, grant.ended_on or grant.until),
            looked.get(grant.grant_no, 0), refused.get(grant.client_no, 0),
        )
        for grant in reversed(grants(centre_id))
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class DepartmentHealth:
    """How one department has been answering, and the state of the line to it."""

    department: str
    name: str
    asked: int
    answered: int
    silent: int
    refused: int
    invalid: int
    median_ms: int | None
    failures: int
    rests_until: datetime | None


def health(centre_id: int, since: datetime) -> list[DepartmentHealth]:
    """Departments asked since then, in the catalogue's order; one query. Refusals of our own are not the department's."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT q.department, count(*), count(*) FILTER (WHERE a.status = 'ANSWERED'), count(*) FILTER (WHERE a.status = 'SILENT'),
                   count(*) FILTER (WHERE a.status = 'REFUSED'), count(*) FILTER (WHERE a.status = 'INVALID'),
                   (percentile_disc(0.5) WITHIN GROUP (ORDER BY a.took_ms) FILTER (WHERE a.status = 'ANSWERED'))::int,
                   coalesce(max(l.failures), 0), max(l.rests_until)
            FROM sharing_question q JOIN sharing_answer a ON a.question_id = q.id
            LEFT JOIN sharing_line l ON l.centre_id = q.centre_id AND l.department = q.department
            WHERE q.centre_id = %s AND q.asked_at >= %s AND (a.attempts > 0 OR a.status = 'SILENT') GROUP BY q.department
            """,
            [centre_id, since],
        )
        found = {row[0]: row for row in cursor.fetchall()}
    return [DepartmentHealth(code, name, *found[code][1:]) for code, name in DEPARTMENTS.items() if code in found]
