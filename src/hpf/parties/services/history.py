"""变更记录: every change of a party leaves who, when, from what, to what and why."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from hpf.db.command import step
from hpf.kernel.actor import Actor
from hpf.parties.models import Change


@step
def record_changes(
    centre_id: int,
    subject_kind: str,
    subject_id: int,
    changed: Mapping[str, tuple[str | None, str | None]],
    *,
    by: Actor,
    at: datetime,
    reason: str,
) -> None:
    """Write one line a field, {field: (before, after)}, in one statement."""
    Change.objects.bulk_create(
        Change(
            centre_id=centre_id, subject_kind=subject_kind, subject_id=subject_id, field=field, before=before or None,
            after=after or None, changed_at=at, changed_by=by.user_id, reason=reason,
        )
        for field, (before, after) in changed.items()
    )  # fmt: skip
