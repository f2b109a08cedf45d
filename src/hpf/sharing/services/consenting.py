"""授权与撤回: a person allows, and takes it back at any time, with effect from that moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from hpf.access import queries as access
from hpf.db.command import command
from hpf.kernel.actor import Actor
from hpf.kernel.decision import Decision, Reason
from hpf.sharing.models import Consent
from hpf.sharing.queries import reference_of
from hpf.sharing.rules import CATALOGUE, OFFERS, new_consent
from hpf.sharing.services.numbers import number_of


@dataclass(frozen=True, slots=True)
class ConsentGiven:
    consent_no: str


@command("sharing.consent")
def give_consent(
    *, by: Actor, centre_id: int, scope: tuple[str, ...], purpose: str, ends_at: datetime, at: datetime, key: str, person_id: int | None = None,
    person_ref: str = "", case_no: str = "", recipient: str = "",
) -> Decision[ConsentGiven]:  # fmt: skip
    """授权. By a person of this centre, or by a member of her household known from an answer (`person_ref`).

    Without `recipient` the centre may ask the services in `scope` ("TITLES.title"); with one, that machine client may
    learn these fields of our record. `case_no` empty: every case of this purpose.
    Refuses  a recipient that is not known here; a scope, a purpose or an end that do not hold (个人信息保护法第十四条)
    """
    client = access.client(recipient) if recipient else None
    if recipient and (client is None or client.centre_id != centre_id):
        message = f"没有编号为{recipient[:40]}的接收方，请核对接收方后重新授权。"
        return Decision.refused([Reason("RECIPIENT_UNKNOWN", message, "个人信息保护法/14")])
    reference = reference_of(person_id) if person_id is not None else person_ref
    offered = tuple(OFFERS) if recipient else tuple(CATALOGUE)
    reasons = new_consent(
        subject=reference, recipient=recipient, scope=scope, offered=offered, purpose=purpose, given_at=at, ends_at=ends_at
    )
    if reasons:
        return Decision.refused(reasons)
    consent_no = number_of("SQ", centre_id, at, key)
    Consent.objects.create(
        centre_id=centre_id, consent_no=consent_no, person_id=person_id, person_ref=reference, recipient=recipient,
        recipient_name=client.name if client else "", scope=list(scope), purpose=purpose.strip(), case_no=case_no, given_at=at, ends_at=ends_at,
        given_by=by.name, channel=by.channel,
    )  # fmt: skip
    return Decision.approved(ConsentGiven(consent_no))


@dataclass(frozen=True, slots=True)
class ConsentWithdrawn:
    consent_no: str
    withdrawn_at: datetime


@command("sharing.consent")
def withdraw_consent(
    *, by: Actor, centre_id: int, consent_no: str, at: datetime, key: str, person_id: int | None = None
) -> Decision[ConsentWithdrawn]:
    """撤回授权. From now on nothing is asked on it, and what is still on its way is thrown away unread.

    `person_id`, where given, must be the person who gave it. What was decided before stays (个人信息保护法第十五条).
    Locks    the consent
    Refuses  one that is somebody else's, unknown, or withdrawn already
    """
    row = Consent.objects.select_for_update().filter(centre_id=centre_id, consent_no=consent_no).first()
    if row is None or (person_id is not None and row.person_id != person_id):
        message = f"没有编号为{consent_no[:30]}的授权，请核对授权编号。"
        return Decision.refused([Reason("CONSENT_UNKNOWN", message, "个人信息保护法/15")])
    if row.withdrawn_at is not None:
        message = f"授权{consent_no}已于{row.withdrawn_at:%Y-%m-%d}撤回，不必再办。"
        return Decision.refused([Reason("CONSENT_WITHDRAWN", message, "个人信息保护法/15")])
    row.withdrawn_at = at
    row.save(update_fields=["withdrawn_at"])
    return Decision.approved(ConsentWithdrawn(consent_no, at))
