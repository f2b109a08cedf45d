"""登记决定与经过: what every change of an application leaves behind."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from hpf.db.command import step
from hpf.kernel.actor import Actor
from hpf.kernel.codec import to_plain
from hpf.kernel.decision import Decision
from hpf.kernel.money import Money
from hpf.withdrawals import models
from hpf.withdrawals.queries.books import digest_of, subject_of
from hpf.withdrawals.rules import Entitlement, Finding
from hpf.withdrawals.rules.reading import Application as Filed
from hpf.withdrawals.rules.reading import write
from hpf.withdrawals.rules.states import DecisionKind, State


@dataclass(frozen=True, slots=True)
class Moved:
    """Where an application stands now. Reasons are read with `queries.decisions`: they hold personal facts, this does not."""

    application_no: str
    state: State
    amount: Money | None = None
    codes: tuple[str, ...] = ()


@step
def locked(centre_id: int, application_no: str) -> models.Application | None:
    return models.Application.objects.select_for_update().filter(centre_id=centre_id, application_no=application_no).first()


def moved(row: models.Application, codes: tuple[str, ...] = ()) -> Moved:
    return Moved(row.application_no, State(row.state), row.granted_fen, codes)


@step
def note(row: models.Application, at: datetime, by: Actor, words: str) -> None:
    models.Event.objects.create(
        centre_id=row.centre_id, application=row, state=row.state, happened_at=at, by_name=by.name[:60], note=words[:300]
    )


@step
def write_decision(
    row: models.Application,
    kind: DecisionKind,
    filed: Filed,
    finding: Finding,
    *,
    at: datetime,
    by: Actor,
    decided: Decision[Entitlement] | None = None,
    reviewer_name: str = "",
) -> models.Decision:
    """One decision with everything needed to make it again. `decided` is what people made of it, where they did."""
    made = decision_row(row, kind, filed, finding, at=at, by=by, decided=decided, reviewer_name=reviewer_name)
    made.save()
    return made


def decision_row(
    row: models.Application,
    kind: DecisionKind,
    filed: Filed,
    finding: Finding,
    *,
    at: datetime,
    by: Actor,
    decided: Decision[Entitlement] | None = None,
    reviewer_name: str = "",
) -> models.Decision:
    """The same, not written yet."""
    rule = finding.decision
    final = decided or rule
    words = {"decision": to_plain(final), "rule": to_plain(rule) if decided is not None else None, "facts": to_plain(finding.facts)}
    return models.Decision(
        centre_id=row.centre_id,
        application=row,
        kind=kind,
        outcome=final.outcome,
        amount_fen=final.value.amount if final.value is not None else None,
        rule_outcome=rule.outcome,
        rule_amount_fen=rule.value.amount if rule.value is not None else None,
        codes=[{"code": reason.code, "law": list(reason.law)} for reason in final.reasons],
        words=json.dumps(words, ensure_ascii=False),
        input=json.dumps(write(filed), ensure_ascii=False),
        parameters=to_plain(finding.parameters),
        decided_on=finding.on,
        policy_digest=finding.policy_digest,
        rule_version=finding.rule_version,
        decided_at=at,
        decided_by=by.user_id,
        decided_by_name=by.name,
        reviewer_name=reviewer_name,
    )


@step
def use_evidence(row: models.Application, keys: tuple[str, ...], amount: Money) -> bool:
    """Put the evidence into the nationwide index, all of it or none. False when somebody anywhere has used one of them.

    Locks    the digests: of two who come at once, in whatever centres, the second waits and is told
    """
    with connection.cursor() as cursor:
        cursor.execute("SAVEPOINT withdrawals_evidence")
        cursor.execute(
            """INSERT INTO withdrawals_evidenceuse (centre_id, digest, subject, kind, application_no, person_ref, amount_fen, used_on)
               SELECT %s, d, s, k, %s, %s, %s, %s FROM unnest(%s::bytea[], %s::bytea[], %s::text[]) AS u(d, s, k) ORDER BY d
               ON CONFLICT (digest) WHERE released_on IS NULL DO NOTHING""",
            [
                row.centre_id, row.application_no, row.person_ref, amount.fen, row.accepted_on, [digest_of(key) for key in keys],
                [digest_of(subject_of(key)) for key in keys], [key.partition(":")[0] for key in keys],
            ],
        )  # fmt: skip
        if cursor.rowcount == len(keys):
            return True
        cursor.execute("ROLLBACK TO SAVEPOINT withdrawals_evidence")
    return False


@step
def release_evidence(row: models.Application) -> None:
    models.EvidenceUse.objects.filter(centre_id=row.centre_id, application_no=row.application_no, released_on=None).update(
        released_on=row.accepted_on
    )
    row.evidence = None
