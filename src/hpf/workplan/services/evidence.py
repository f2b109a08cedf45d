"""佐证: files are kept whole with their digest. One may be withdrawn with a reason before acceptance; none is ever exchanged."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from hpf.db.command import command
from hpf.kernel.actor import Actor
from hpf.kernel.decision import Decision, Reason
from hpf.workplan.models import Evidence, Measure, Occurrence
from hpf.workplan.rules.evidence import check_file, mime_of
from hpf.workplan.rules.states import FINAL, EventKind, OccurrenceState
from hpf.workplan.services.record import ended, locked_occurrence, may_work_on, not_of_centre, said, tell_of


@dataclass(frozen=True, slots=True)
class EvidenceKept:
    evidence_id: int
    occurrence_id: int
    sha256: str
    size_bytes: int


@command("workplan.evidence")
def add_evidence(
    *, by: Actor, centre_id: int, occurrence_id: int, filename: str, content: bytes, at: datetime, key: str, measure_id: int | None = None
) -> Decision[EvidenceKept]:
    """上传佐证. While a report waits for the province it may be added to, and everybody sees when that was.

    Refuses  NOT_OF_CENTRE, PLAN_ENDED, EVIDENCE_SEALED (accepted), EVIDENCE_* (empty, too large, not a document), EVIDENCE_TWICE, NOT_YOUR_TASK
    """
    occurrence = locked_occurrence(centre_id, occurrence_id)
    if occurrence is None:
        return not_of_centre(centre_id, by, at, f"期次{occurrence_id}")
    sha256 = hashlib.sha256(content).hexdigest()
    reasons = ended(occurrence.plan) + _sealed(occurrence) + list(check_file(filename, content)) + may_work_on(by, occurrence.assignment)
    twice = Evidence.objects.filter(occurrence=occurrence, sha256=sha256, withdrawn_at=None).values_list("filename", flat=True).first()
    if twice is not None:
        reasons.append(Reason("EVIDENCE_TWICE", f"“{filename}”与已上传的“{twice}”内容完全相同，未重复保存，请选择其他文件。"))
    if measure_id is not None and not Measure.objects.filter(id=measure_id, assignment_id=occurrence.assignment_id).exists():
        reasons.append(Reason("MEASURE_OF_OTHERS", f"措施{measure_id}不属于这项任务，请刷新页面后重新选择措施。"))
    if reasons:
        return Decision.refused(reasons)
    evidence = Evidence.objects.create(
        centre_id=centre_id, occurrence=occurrence, measure_id=measure_id, filename=filename[:255], mime=mime_of(filename), content=content,
        sha256=sha256, size_bytes=len(content), uploaded_by=by.user_id, uploaded_by_name=by.name, uploaded_at=at,
    )  # fmt: skip
    tell_of(occurrence, EventKind.EVIDENCE_ADDED, by, at, evidence.filename, sha256=("", sha256))
    return Decision.approved(EvidenceKept(evidence.id, occurrence.id, sha256, len(content)))


@command("workplan.evidence")
def withdraw_evidence(*, by: Actor, centre_id: int, evidence_id: int, reason: str, at: datetime, key: str) -> Decision[EvidenceKept]:
    """撤回佐证: it stays readable and shows who withdrew it and why. Refused once the report is up, or accepted."""
    evidence = Evidence.objects.filter(centre_id=centre_id, id=evidence_id).defer("content").first()
    occurrence = locked_occurrence(centre_id, evidence.occurrence_id) if evidence else None
    if evidence is None or occurrence is None:
        return not_of_centre(centre_id, by, at, f"佐证{evidence_id}")
    reasons = (
        ended(occurrence.plan) + said(reason, "REASON_MISSING", "撤回原因") + _sealed(occurrence) + may_work_on(by, occurrence.assignment)
    )
    if occurrence.state == OccurrenceState.REPORTED:
        message = f"“{occurrence.task.title}”已上报省厅，佐证不能撤回；需要更正的请联系省厅退回后办理。"
        reasons.append(Reason("EVIDENCE_REPORTED", message))
    if evidence.withdrawn_at is not None:
        reasons.append(Reason("EVIDENCE_WITHDRAWN", f"“{evidence.filename}”已由{evidence.withdrawn_by}撤回，无须再次撤回。"))
    if reasons:
        return Decision.refused(reasons)
    evidence.withdrawn_by, evidence.withdrawn_at, evidence.withdrawn_reason = by.name, at, reason.strip()
    evidence.save(update_fields=["withdrawn_by", "withdrawn_at", "withdrawn_reason"])
    tell_of(occurrence, EventKind.EVIDENCE_WITHDRAWN, by, at, f"{evidence.filename}：{reason.strip()}", sha256=(evidence.sha256, ""))
    return Decision.approved(EvidenceKept(evidence.id, occurrence.id, evidence.sha256, evidence.size_bytes))


def _sealed(occurrence: Occurrence) -> list[Reason]:
    if OccurrenceState(occurrence.state) not in FINAL:
        return []
    message = (
        f"“{occurrence.task.title}”{OccurrenceState(occurrence.state).label}，佐证已封存，不能增加、更换或撤回；有新情况请在批注中说明。"
    )
    return [Reason("EVIDENCE_SEALED", message)]
