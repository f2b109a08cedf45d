"""The centre's own ledger accounts by subject, opened when first needed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from hpf.db.command import step
from hpf.ledger import services as ledger


@step
def centre_accounts(centre_id: int, subjects: Iterable[int], on: date) -> dict[int, int]:
    """{subject: ledger account} of the centre itself for subjects of the general ledger."""
    return {subject: ledger.open_account(centre_id, subject, "CENTRE", 0, on) for subject in subjects}
