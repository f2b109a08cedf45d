"""查看明文: a document in full, for a purpose, leaving a trace."""

from __future__ import annotations

from dataclasses import dataclass

from hpf.db.command import command
from hpf.db.scope import centre_scope
from hpf.kernel.actor import Actor
from hpf.kernel.decision import Decision, Reason
from hpf.parties import queries
from hpf.parties.models import Person

PURPOSES = {
    "IDENTITY_CHECK": "核对本人身份",
    "CONTACT": "联系本人",
    "BANK_RETURN": "处理银行退票",
    "RECHECK": "答复复核申请",
    "JUDICIAL": "协助司法查询",
    "DATA_QUALITY": "数据质量整改",
}


@dataclass(frozen=True, slots=True)
class UnmaskGrant:
    """What the command log keeps: whom, what for. Never the data itself."""

    person_id: int
    purpose: str
    note: str


def unmask(*, by: Actor, centre_id: int, person_id: int, purpose: str, key: str, note: str = "") -> Decision[queries.FullIdentity]:
    """Show a person's data in full. First the grant is committed to the command log, then the data is read."""
    granted = grant_unmask(by=by, centre_id=centre_id, person_id=person_id, purpose=purpose, note=note, key=key)
    if not granted.is_approved:
        return Decision.refused(granted.reasons)
    with centre_scope(centre_id):
        return Decision.approved(queries.full_identity(person_id))


@command("data.unmask")
def grant_unmask(*, by: Actor, centre_id: int, person_id: int, purpose: str, note: str, key: str) -> Decision[UnmaskGrant]:
    """登记查看明文: the row in the command log is the audit. Refuses without one of the named purposes."""
    if purpose not in PURPOSES:
        return Decision.refused([Reason(
            "PURPOSE_MISSING", f"查看明文须选择用途（{'、'.join(PURPOSES.values())}），请选择后重试"
        )])  # fmt: skip
    if not Person.objects.filter(centre_id=centre_id, id=person_id).exists():
        return Decision.refused([Reason("NO_SUCH_PERSON", "本中心没有这个人，不能查看")])
    return Decision.approved(UnmaskGrant(person_id, purpose, note))
