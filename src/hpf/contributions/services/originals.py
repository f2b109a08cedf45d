"""留存原件: a file is kept, whole and with its digest, before anything reads it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from hpf.contributions.models import Original
from hpf.contributions.rules.states import OriginalKind
from hpf.db.command import command
from hpf.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class OriginalKept:
    original_id: int
    sha256: str
    size_bytes: int


@command("contributions.keep_original")
def keep_original(*, by: Actor, centre_id: int, kind: OriginalKind, filename: str, content: bytes, key: str, at: datetime) -> OriginalKept:
    """收下原件: its own transaction, so that the bytes stay even when reading them fails or is killed.

    Writes   contributions_original
    Again    the same key and content give the same original
    """
    sha256 = hashlib.sha256(content).hexdigest()
    original = Original.objects.create(
        centre_id=centre_id,
        kind=kind,
        filename=filename[:255],
        content=content,
        sha256=sha256,
        size_bytes=len(content),
        received_by=by.user_id,
        received_at=at,
    )
    return OriginalKept(original.id, sha256, len(content))
