"""供数: grants to machine clients, and each look of theirs, permitted or not, written down where the member can read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import Count

from hpf.access import queries as access
from hpf.access.services import record
from hpf.db.command import command
from hpf.kernel.actor import Actor
from hpf.kernel.decision import Decision, Reason
from hpf.parties import queries as parties
from hpf.parties.rules import check_identity
from hpf.sharing import models, queries
from hpf.sharing.gateways.wire import person_reference
from hpf.sharing.rules import OFFERS, Look, check_look, new_grant
from hpf.sharing.services.numbers import number_of


@dataclass(frozen=True, slots=True)
class GrantMade:
    grant_no: str


@command("sharing.grant")
def make_grant(
    *, by: Actor, centre_id: int, client_no: str, fields: tuple[str, ...], purposes: tuple[str, ...], case_kinds: tuple[str, ...], since: date,
    until: date, calls_per_day: int, at: datetime, key: str, by_law: str = "",
) -> Decision[GrantMade]:  # fmt: skip
    """供数许可. Refuses an unknown client, fields we do not offer, a grant without purpose, end or quota."""
    client = access.client(client_no)
    if client is None or client.centre_id != centre_id:
        message = f"没有编号为{client_no[:40]}的机器客户，请先登记客户再许可。"
        return Decision.refused([Reason("CLIENT_UNKNOWN", message)])
    reasons = new_grant(fields=fields, purposes=purposes, case_kinds=case_kinds, since=since, until=until, calls_per_day=calls_per_day)
    if reasons:
        return Decision.refused(reasons)
    grant_no = number_of("XK", centre_id, at, key)
    models.Grant.objects.create(
        centre_id=centre_id, grant_no=grant_no, client_no=client_no, fields=list(fields), purposes=list(purposes), case_kinds=list(case_kinds), since=since,
        until=until, calls_per_day=calls_per_day, by_law=by_law, granted_by=by.name,
    )  # fmt: skip
    return Decision.approved(GrantMade(grant_no))


@dataclass(frozen=True, slots=True)
class GrantEnded:
    grant_no: str
    ended_on: date


@command("sharing.grant")
def end_grant(*, by: Actor, centre_id: int, grant_no: str, on: date, key: str) -> Decision[GrantEnded]:
    """终止许可: no look from this day on. Refuses an unknown grant; one ended before stays as it was."""
    row = models.Grant.objects.select_for_update().filter(centre_id=centre_id, grant_no=grant_no).first()
    if row is None:
        return Decision.refused([Reason("GRANT_UNKNOWN", f"没有编号为{grant_no[:30]}的供数许可，请核对编号。")])
    if row.ended_on is None:
        row.ended_on = on
        row.save(update_fields=["ended_on"])
    return Decision.approved(GrantEnded(grant_no, row.ended_on))


@dataclass(frozen=True, slots=True)
class LookPermitted:
    """Who may be told about; nobody when this centre does not know the person."""

    grant_no: str
    person_id: int | None
    fields: tuple[str, ...]


@command("api.sharing")
def permit_look(
    *, by: Actor, centre_id: int, client_no: str, client_name: str, id_kind: str, id_number: str, case_kind: str, case_no: str, purpose: str,
    fields: tuple[str, ...], consent_no: str, on: date, at: datetime, key: str,
) -> Decision[LookPermitted]:  # fmt: skip
    """供数准许. Every look is written down, the refused ones too, before anything is told: in the looks, which the member
    reads, and in the audit log, which is sealed.

    Locks    the client's looks of the day against each other, so that a quota is not overrun
    Refuses  what no grant covers; a look without the member's consent where the grant does not rest on an article
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 20261123))", [f"look:{centre_id}:{client_no}"])
    person = parties.find_person(centre_id, id_kind, id_number)
    subject = person_reference(queries.exchange_secret(), id_kind, check_identity(id_kind, id_number).normalised)
    look = Look(client_no, subject, case_kind, case_no, purpose, fields, consent_no)
    held = queries.grants(centre_id, client_no)
    row = models.Consent.objects.select_for_update().filter(centre_id=centre_id, consent_no=consent_no).first() if consent_no else None
    grant, reasons = check_look(
        look,
        held,
        queries.consent_of(row) if row else None,
        looked_today=_looked_today(centre_id, [g.grant_no for g in held], on),
        at=at,
        on=on,
    )
    models.Look.objects.create(
        centre_id=centre_id, client_no=client_no, client_name=client_name, grant_no=grant.grant_no if grant else "",
        person_id=person.person_id if person else None, consent_no=consent_no[:30] if grant and not grant.by_law else "", case_kind=case_kind[:20],
        case_no=case_no[:40], purpose=purpose[:100], fields=[name[:40] for name in fields[:40]], refusal=reasons[0].code if reasons else "",
        looked_on=on, looked_at=at,
    )  # fmt: skip
    told = "、".join(OFFERS.get(name, name[:20]) for name in fields[:20])
    record(
        centre_id, kind="REFUSED" if reasons else "VIEW", at=at, by=by, person_id=person.person_id if person else None,
        subject=f"接口查询共享数据：{told}", purpose=f"{purpose} {case_no}",
    )  # fmt: skip
    if grant is None:
        return Decision.refused(reasons)
    return Decision.approved(LookPermitted(grant.grant_no, person.person_id if person else None, fields))


def _looked_today(centre_id: int, grant_nos: list[str], on: date) -> dict[str, int]:
    rows: Any = models.Look.objects.filter(centre_id=centre_id, grant_no__in=grant_nos, looked_on=on).values_list("grant_no")
    return dict(rows.annotate(times=Count("id")))
