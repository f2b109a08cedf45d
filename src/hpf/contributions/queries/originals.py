"""原件查询: what is known of kept files without reading their bytes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from hpf.contributions.models import Original


@dataclass(frozen=True, slots=True)
class OriginalNote:
    """A kept file by its name, size and digest."""

    original_id: int
    kind: str
    filename: str
    sha256: str
    size_bytes: int
    received_by: str
    received_at: datetime


def original_notes(centre_id: int, ids: Sequence[int]) -> dict[int, OriginalNote]:
    """Many by id in one query, without their content."""
    rows = Original.objects.filter(centre_id=centre_id, id__in=list(ids)).values_list(
        "id", "kind", "filename", "sha256", "size_bytes", "received_by", "received_at"
    )
    return {row[0]: OriginalNote(*row) for row in rows}
