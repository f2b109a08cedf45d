"""标记、变更记录: reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection

from hpf.parties.models import Change
from hpf.parties.rules import mask_card, mask_id, mask_phone


@dataclass(frozen=True, slots=True)
class FlagView:
    flag_id: int
    subject_kind: str
    subject_id: int
    kind: str
    source_no: str
    note: str
    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class ChangeView:
    field: str
    before: str
    after: str
    changed_at: datetime
    changed_by: str
    reason: str


def flags(subject_kind: str, subject_ids: Sequence[int], on: date) -> dict[int, list[FlagView]]:
    """Marks in force on the day, by subject."""
    found: dict[int, list[FlagView]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT id, subject_kind, subject_id, kind, source_no, note, since, until FROM parties_flag
               WHERE subject_kind = %s AND subject_id = ANY(%s) AND since <= %s AND (until IS NULL OR until > %s) ORDER BY id""",
            [subject_kind, list(subject_ids), on, on],
        )
        for row in cursor.fetchall():
            found.setdefault(row[2], []).append(FlagView(*row))
    return found


_MASKS = {"id_number": mask_id, "legal_id": mask_id, "phone": mask_phone, "operator_phone": mask_phone, "bank_card": mask_card}


def changes(centre_id: int, subject_kind: str, subject_id: int, *, masked: bool = True) -> list[ChangeView]:
    """What was changed, newest first. Personal values are masked unless asked for within an unmask."""
    rows = Change.objects.filter(centre_id=centre_id, subject_kind=subject_kind, subject_id=subject_id).order_by("-id")
    return [
        ChangeView(field, _shown(field, before, masked), _shown(field, after, masked), at, by, reason)
        for field, before, after, at, by, reason in rows.values_list("field", "before", "after", "changed_at", "changed_by", "reason")
    ]


def _shown(field: str, value: str | None, masked: bool) -> str:
    return _MASKS[field](value or "") if masked and field in _MASKS else value or ""
