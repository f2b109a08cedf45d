"""缓缴结清: a deferral whose every deferred month has been paid back is settled."""

from __future__ import annotations

from hpf.contributions.models import Deferral
from hpf.contributions.queries.deferrals import deferred_owed
from hpf.contributions.rules.states import DeferralKind, DeferralState
from hpf.db.command import step


@step
def note_repaid(centre_id: int, employer_account_id: int) -> None:
    """After a full back payment of this unit: ended deferrals that owe nothing any more become REPAID."""
    ended = Deferral.objects.filter(
        centre_id=centre_id, employer_account_id=employer_account_id, kind=DeferralKind.DEFERRAL, state=DeferralState.ENDED
    )
    for deferral in ended:
        if not any(owed.left for owed in deferred_owed(centre_id, deferral.deferral_no)):
            deferral.state = DeferralState.REPAID
            deferral.save(update_fields=["state"])
