"""期满: on opening a day, what has ended without renewal is ended, in the order of time, each on its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from hpf.db.command import command
from hpf.db.scope import centre_scope
from hpf.freezes import queries
from hpf.freezes.models import Freeze
from hpf.freezes.rules.orders import FreezeState
from hpf.freezes.services.freezing import Occasion, locked_on
from hpf.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class Expired:
    """Whether this freeze has come to its end now."""

    freeze_no: str
    ended: bool


@command("freezes.expire")
def expire_freeze(*, by: Actor, centre_id: int, freeze_no: str, on: date, at: datetime, key: str) -> Expired:
    """期满自动解除, with every other freeze of the account that has ended, in order. Renewed in the meantime, it stays.

    Locks    the freezes of the account, then the centre's day, shared, then the ledger account
    """
    freeze = Freeze.objects.get(centre_id=centre_id, freeze_no=freeze_no)
    locked_on(centre_id, freeze.ledger_account_id, Occasion(None, on, at, by.user_id))
    freeze.refresh_from_db()
    return Expired(freeze_no, freeze.state == FreezeState.EXPIRED)


def expire_due(*, by: Actor, centre_id: int, on: date, at: datetime) -> tuple[Expired, ...]:
    """Every freeze whose last day lies before `on`. Stopped anywhere, it goes on at the next call; a paper that comes first does it itself."""
    with centre_scope(centre_id):
        terms = queries.terms_ended(centre_id, on)
    return tuple(
        expire_freeze(by=by, centre_id=centre_id, freeze_no=freeze_no, on=on, at=at, key=f"expire:{freeze_no}:{on}") for freeze_no in terms
    )
