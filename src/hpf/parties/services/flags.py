"""标记: marks on a person or a unit that other businesses read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from hpf.db.command import command
from hpf.kernel.actor import Actor
from hpf.kernel.decision import Decision, Reason
from hpf.parties.models import Flag


@dataclass(frozen=True, slots=True)
class Flagged:
    flag_id: int


@command("parties.flag")
def flag(
    *,
    by: Actor,
    centre_id: int,
    subject_kind: str,
    subject_id: int,
    kind: str,
    source_no: str,
    since: date,
    until: date | None,
    note: str = "",
    key: str,
) -> Decision[Flagged]:
    """登记标记 from `since` to before `until`. Refuses without the paper that orders it."""
    if not source_no.strip():
        return Decision.refused([Reason("SOURCE_MISSING", "登记标记须有依据文号，请补充")])
    if until is not None and until <= since:
        return Decision.refused([Reason("EMPTY_PERIOD", f"终止日期{until}不晚于起始日期{since}，请更正")])
    row = Flag.objects.create(
        centre_id=centre_id, subject_kind=subject_kind, subject_id=subject_id, kind=kind, source_no=source_no,
        note=note, since=since, until=until, raised_by=by.user_id,
    )  # fmt: skip
    return Decision.approved(Flagged(row.id))


@command("parties.flag")
def lower_flag(*, by: Actor, centre_id: int, flag_id: int, on: date, reason: str, key: str) -> Decision[Flagged]:
    """解除标记: the mark ends on the day; what it was stays readable."""
    row = Flag.objects.select_for_update().filter(centre_id=centre_id, id=flag_id).first()
    if row is None or (row.until is not None and row.until <= on):
        return Decision.refused([Reason("NOT_IN_FORCE", "该标记不存在或已解除，无需再次解除")])
    row.until, row.note = on, f"{row.note}；解除：{reason}" if row.note else f"解除：{reason}"
    row.save(update_fields=["until", "note"])
    return Decision.approved(Flagged(flag_id))
