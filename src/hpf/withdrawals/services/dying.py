"""死亡在付款之后才知道: nothing is taken back silently; every payment after the day is marked for a person to look at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from hpf.db.command import command
from hpf.kernel.actor import Actor
from hpf.kernel.decision import Decision, Reason
from hpf.withdrawals import models
from hpf.withdrawals.rules.instalments import AgreementState
from hpf.withdrawals.rules.states import COUNTS, State
from hpf.withdrawals.services.recording import note, release_evidence
from hpf.withdrawals.services.signing import end


@dataclass(frozen=True, slots=True)
class DeathNoted:
    """Applications stopped, and those paid after the death that a person must look at."""

    stopped: tuple[str, ...]
    flagged: tuple[str, ...]


@command("withdrawals.review")
def note_death(*, by: Actor, centre_id: int, person_id: int, died_on: date, source: str, at: datetime, key: str) -> Decision[DeathNoted]:
    """登记死亡 of an account's holder as a document or a register tells it (`source`).

    Stops    a running monthly agreement; what has not gone to the bank yet: WITHDRAWN, its evidence free
    Marks    what was accepted on or after the day and is paid or under way: 须核查; the money stays where it is
    Refuses  FINDING_WITHOUT_SOURCE
    """
    if not source.strip():
        return Decision.refused([Reason("FINDING_WITHOUT_SOURCE", "登记死亡须写明依据的材料，请填写材料名称和编号")])
    rows = models.Application.objects.select_for_update().filter(
        centre_id=centre_id,
        person_id=person_id,
        accepted_on__gte=died_on,
        state__in=[*COUNTS, State.ACCEPTED, State.REFERRED, State.REVIEWED],
    )
    for agreed in models.Agreement.objects.select_for_update().filter(
        centre_id=centre_id, person_id=person_id, state=AgreementState.SIGNED
    ):
        end(agreed, f"账户所有人{died_on}死亡（{source}），约定提取终止", timezone.localdate(at), by)
    stopped, flagged = [], []
    for row in rows.exclude(ground="DEATH").order_by("id"):
        if State(row.state).before_settlement:
            release_evidence(row)
            row.state = State.WITHDRAWN
            stopped.append(row.application_no)
        else:
            flagged.append(row.application_no)
        row.flagged = f"账户所有人{died_on}死亡（{source}），本件于{row.accepted_on}受理，请核查申请人和款项去向"[:200]
        row.save(update_fields=["state", "evidence", "flagged"])
        note(row, at, by, "登记死亡，申请停止" if row.state == State.WITHDRAWN else "登记死亡，已付款项须核查")
    return Decision.approved(DeathNoted(tuple(stopped), tuple(flagged)))
